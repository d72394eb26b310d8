# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what moods do to a piece, and which instruments are basses, leads and pads.

The words of prompts are data: see ``resources/words/README.txt``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood changes how a piece is written.

    Attributes
    ----------
    mode
        "minor", "major", or "" where it leaves that alone.
    pace
        Where in the style's tempo range, -1 slowest to 1 fastest.
    bright, busy, room
        Factors on the filters' cutoffs, the number of notes, the share of reverb.
    """

    mode: str
    pace: float
    bright: float
    busy: float
    room: float


MOODS: dict[str, Mood] = {
    "calm": Mood("", -0.7, 0.85, 0.7, 1.2),
    "sad": Mood("minor", -0.6, 0.85, 0.8, 1.2),
    "happy": Mood("major", 0.4, 1.15, 1.1, 0.9),
    "dark": Mood("minor", -0.2, 0.7, 0.9, 1.2),
    "energetic": Mood("", 0.9, 1.2, 1.25, 0.8),
    "dreamy": Mood("", -0.4, 0.9, 0.85, 1.6),
    "epic": Mood("minor", 0.1, 1.15, 1.1, 1.3),
    "romantic": Mood("", -0.4, 0.9, 0.95, 1.2),
    "tense": Mood("minor", 0.3, 1.0, 1.1, 1.0),
    "warm": Mood("", -0.2, 0.75, 0.95, 1.0),
}

BASS_INSTRUMENTS = frozenset(
    {
        "upright bass", "finger bass", "slap bass", "sub bass", "808 bass", "acid bass", "reese bass", "synth bass",
        "organ bass", "chip bass", "tuba",
    }
)  # fmt: skip
LEAD_INSTRUMENTS = frozenset(
    {
        "violin", "cello", "flute", "pan flute", "oboe", "sax", "clarinet", "trumpet", "trombone", "harmonica",
        "theremin", "synth lead", "soft lead", "chip lead", "glockenspiel", "vibraphone", "brass", "steel drum",
    }
)  # fmt: skip
PAD_INSTRUMENTS = frozenset({"warm pad", "air pad", "strings", "tremolo strings", "choir", "supersaw", "drone"})
