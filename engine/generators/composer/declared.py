# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what the composer declares of itself, apart from all that composes: to list it must stay quick."""

from __future__ import annotations

from engine.values import Kind, Parameter

COMPOSER_SAMPLE_RATE = 44100
"""Sample rate in Hz of what the composer plays."""

MIN_DURATION_S, MAX_DURATION_S = 5.0, 30.0
"""Length of the shortest and of the longest clip, seconds."""

MAX_GUIDED_S = 300.0
"""Length of the longest guide, seconds."""


def _knob(name: str, title: str, tooltip: str) -> Parameter:
    return Parameter(name, Kind.NUMBER, 0.0, title, tooltip, low=-1.0, high=1.0, step=0.05, slides=True, eases=True)


KNOBS = (
    _knob("energy", "Energy", "From -1, with most players at rest, to 1, with everybody playing"),
    _knob("density", "Density", "From -1, with few notes and strokes, to 1, with many"),
    _knob("brightness", "Brightness", "From -1, dark, to 1, bright"),
    _knob("space", "Space", "From -1, dry and near, to 1, in a large room"),
)
"""All knobs; each is added to what the prompt says of it."""


STYLES = Parameter(
    "styles",
    Kind.FOLDER,
    "",
    "Own styles",
    "A folder of style files (.toml) that come over the built-in styles",
    setup=True,
)
"""The folder with a person's own styles."""

SOUNDS = Parameter(
    "sounds",
    Kind.CHOICE,
    "best",
    "Instruments",
    "Sampled instruments come from a SoundFont (.sf2, .sf3); “best” takes them where a good one is installed",
    choices=("best", "synthesised", "sampled"),
    titles=("Best", "Synthesised", "Sampled"),
    setup=True,
)
"""The set of instruments that the composer plays."""

SOUNDFONT = Parameter(
    "soundfont",
    Kind.FILE,
    "",
    "SoundFont",
    "The file with the sampled instruments; empty looks for one in the usual places",
    setup=True,
)
"""The SoundFont that a person chose."""

DRUMS = Parameter(
    "drums",
    Kind.FOLDER,
    "",
    "Own drums",
    "A folder of drum one-shots: kick.wav, or for one kit rock/snare-1.wav and, struck harder, rock/snare-2.wav; empty "
    "looks for Debian’s sonic-pi-samples",
    setup=True,
)
"""The folder with a person's own drums."""
