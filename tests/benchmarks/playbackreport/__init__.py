# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``make bench-playback`` tells every goal of playing as a figure with how it was measured, and plots."""
