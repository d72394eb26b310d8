# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``make bench-loops`` runs the loop finder beside PyMusicLooper on the same files, and reports."""
