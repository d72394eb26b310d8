# SPDX-License-Identifier: GPL-3.0-or-later
"""Playing together with other programs and machines: MIDI's ports, its clock, and Ableton Link."""
