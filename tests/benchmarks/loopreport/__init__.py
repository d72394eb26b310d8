# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-loops``: the loop finder beside PyMusicLooper on the same files, its calibration, its growth."""
