# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of playing together by MIDI and Link; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter

JAM_MIDI = Parameter(
    "jam_midi",
    Kind.SWITCH,
    True,
    "MIDI",
    "Play the jam by notes and controls of every MIDI port; ports that are plugged in later are heard too",
)
JAM_FOLLOW = Parameter(
    "jam_follow",
    Kind.CHOICE,
    "",
    "Follow",
    "Whose tempo, bars, start and stop the jam follows; with Link the others follow the jam as well",
    choices=("", "midi", "link"),
    titles=("nobody", "MIDI clock", "Ableton Link"),
)
JAM_SHARES_START = Parameter(
    "jam_shares_start",
    Kind.SWITCH,
    True,
    "Start and stop with Link",
    "Start and stop together with all who share that by Link",
)
JAM_CLOCK_OUT = Parameter(
    "jam_clock_out",
    Kind.SWITCH,
    False,
    "Send MIDI clock",
    "Send tempo, start, stop and place to other programs and machines, in step with what is heard",
)
JAM_CLOCK_TO = Parameter(
    "jam_clock_to",
    Kind.TEXT,
    "",
    "Clock to",
    "Also send it to the ports whose names hold this text",
    unset="its own port alone",
    needs="jam_clock_out",
)
TOGETHER_OPTIONS = (JAM_MIDI, JAM_FOLLOW, JAM_SHARES_START, JAM_CLOCK_OUT, JAM_CLOCK_TO)
"""Options of MIDI and of what it is in step with, in their order."""
