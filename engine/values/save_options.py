# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what SALVA remembers of how a loop is saved; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter
from engine.values.saving import SaveKind

SAVE_KIND = Parameter(
    "save_kind",
    Kind.CHOICE,
    str(SaveKind.LOOP),
    "What",
    "What is made of the loop: one turn that repeats, something with an end, or several files",
    choices=tuple(map(str, SaveKind)),
    titles=(
        "Loop that repeats",
        "Turns and an end",
        "Exact length",
        "Intro, loop and outro",
        "Pack for a game",
        "Pack for a DAW",
        "Pack for a video",
    ),
)
SAVE_FORMAT = Parameter(
    "save_format",
    Kind.CHOICE,
    ".wav",
    "Format",
    "The kind of file that SALVA offers first",
    choices=(".wav", ".flac", ".ogg"),
    titles=("WAV", "FLAC", "OGG Vorbis"),
)
SAVE_BITS = Parameter(
    "save_bits",
    Kind.CHOICE,
    "24",
    "Bits",
    "Bits of a sample: FLAC has no floats, and OGG knows no bits",
    choices=("16", "24", "32f"),
    titles=("16 bits", "24 bits", "32 bits, floats"),
)
SAVE_RATE = Parameter(
    "save_rate",
    Kind.CHOICE,
    "own",
    "Sample rate",
    "Of a loop alone, which is resampled so that it repeats as before",
    choices=("own", "22050", "32000", "44100", "48000", "96000"),
    titles=("The clip's own", "22.05 kHz", "32 kHz", "44.1 kHz", "48 kHz", "96 kHz"),
)
SAVE_TURNS = Parameter(
    "save_turns",
    Kind.INTEGER,
    4,
    "Turns",
    "How often the loop turns before the end",
    low=1,
    high=10_000,
)
SAVE_OWN_END = Parameter(
    "save_own_end",
    Kind.SWITCH,
    False,
    "The clip's own end",
    "Whether the clip's own end follows the last turn, and not a fade",
)
SAVE_FADE = Parameter(
    "save_fade_s",
    Kind.NUMBER,
    2.0,
    "Fade",
    "How long the music fades out at the end",
    low=0.0,
    high=600.0,
    step=0.5,
    unit="s",
)
SAVE_LENGTH = Parameter(
    "save_length_s",
    Kind.NUMBER,
    600.0,
    "Length",
    "How long the music lasts, to the sample, its fade included: minutes:seconds",
    low=1.0,
    high=86_400.0,
    step=60.0,
    unit="s",
)
SAVE_NOTES = Parameter(
    "save_notes",
    Kind.SWITCH,
    False,
    "Notes",
    "Whether SALVA also writes what is played in the loop, as a MIDI file",
)
SAVE_PARTS = Parameter(
    "save_parts",
    Kind.SWITCH,
    False,
    "Parts",
    "Whether SALVA also writes each part of the loop as a file of its own",
)

SAVE_OPTIONS = (
    SAVE_KIND,
    SAVE_FORMAT,
    SAVE_BITS,
    SAVE_RATE,
    SAVE_TURNS,
    SAVE_OWN_END,
    SAVE_FADE,
    SAVE_LENGTH,
    SAVE_NOTES,
    SAVE_PARTS,
)
"""Options of SALVA, as they are shown."""
