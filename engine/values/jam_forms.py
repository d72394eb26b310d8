# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells people how each line of a jam's script reads: its errors and “infiniloop jam --help” say it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "tempo": "BPM",
        "metre": "4/4",
        "key": "A minor",
        "bars": "NUMBER",
        "swap": "bar|beat|loop-end [MILLISECONDS]",
        "make": "LAYER [PROMPT]",
        "make-together": "LAYER …",
        "words": "LAYER PROMPT",
        "generator": "LAYER usual|NAME [MODEL]",
        "endless": "LAYER [0…1|off]",
        "reseed": "LAYER",
        "style": "LAYER [0…1|off]",
        "set": "LAYER NAME=VALUE …",
        "bring": "LAYER FILE [slot NUMBER] [transposed]",
        "record": "LAYER",
        "overdub": "LAYER",
        "record-cancel": "",
        "half": "LAYER",
        "double": "LAYER",
        "slot": "LAYER NUMBER [bar|beat|loop-end]",
        "scene": "NUMBER [bar|beat|loop-end]",
        "assign": "LAYER NUMBER",
        "name": "LAYER NUMBER TITLE",
        "back": "LAYER",
        "forward": "LAYER",
        "call-off": "LAYER",
        "silence": "LAYER",
        "gain": "PLACE 0…1",
        "mute": "LAYER [on|off]",
        "solo": "LAYER [on|off]",
        "wah": "PLACE [DEPTH [BEATS [sine|triangle|saw|square|wah]]|off]",
        "arm": "[on|off]",
        "touch": "PLACE PARAMETER [on|off]",
        "automate": "PLACE PARAMETER BARS VALUE …|off",
        "gate": "PLACE x.x.x.x.x.x.x.x.",
        "hold": "PLACE stutter|repeat|tape-stop|brake [BEATS]|gate [STEPS]|off",
        "effects": "PLACE NAME=VALUE …|off",
    }
)
"""Each verb is followed by this; what stands in brackets may be left out."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "LAYER": "drums, instruments, bass, chords, lead or noise",
        "PLACE": "a layer, or mix: all of them",
        "PARAMETER": "gain, lowpass_hz, highpass_hz, resonance, reverb, room, delay or delay_feedback",
        "effects": "those of the parameters but gain, and delay_beats; what is not named stays; off ends all of them",
    }
)
"""The words of the forms stand for these."""


def form_of(verb: str) -> str:
    """Return how a verb's line reads without its bar: “gain PLACE 0…1”. Raises KeyError for a verb that is none."""
    return f"{verb} {FORMS[verb]}".rstrip()
