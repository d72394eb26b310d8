# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-playback``: every goal of playing as a figure with how it was measured, and plots."""
