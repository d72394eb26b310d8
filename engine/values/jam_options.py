# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares how a person has jams recorded; the dialog of a jam's recordings sets it."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter

JAM_CLICKS = Parameter(
    "jam_clicks",
    Kind.SWITCH,
    True,
    "Click at the count-in",
    "Have each beat of the count-in click; it is not recorded",
)
JAM_STEMS = Parameter(
    "jam_stems",
    Kind.SWITCH,
    False,
    "Stems of the layers",
    "Record each layer by itself, too: all of them add up to the mix without its own effects",
)
JAM_OPUS = Parameter(
    "jam_opus",
    Kind.SWITCH,
    False,
    "As Opus",
    "Record as Opus, a tenth as large as FLAC, which loses nothing",
)

JAM_OPTIONS = (JAM_CLICKS, JAM_STEMS, JAM_OPUS)
"""Options of a jam's recordings."""
