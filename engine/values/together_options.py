# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of playing together by MIDI; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter

JAM_MIDI = Parameter(
    "jam_midi",
    Kind.SWITCH,
    True,
    "MIDI",
    "Play the jam by notes and controls of every MIDI port; ports that are plugged in later are heard too",
)
TOGETHER_OPTIONS = (JAM_MIDI,)
"""Options of MIDI and of what it is in step with, in their order."""
