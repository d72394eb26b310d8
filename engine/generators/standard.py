# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the parameters that many generators share: those that a request has fields for.

A generator says in ``Takes`` which of them it takes; they are then set, kept and written like its own. Tempo, key,
metre and bars can be set of every generator: one that does not take them is told in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.dsp.keynames import FLATS, SHARPS, SYLLABLES, key_name, pitch_class
from engine.errors import OutOfRange, UnknownChoice
from engine.generators.capabilities import Capabilities
from engine.generators.guides import chords_read
from engine.values import LAYERS, Kind, Layer, Parameter, ParameterValue

KEYS = tuple(key_name(tonic, is_minor=is_minor) for is_minor in (False, True) for tonic in range(12))
"""Names of every key, the usual ones, the major keys first, each from C on."""
METRES = ("2/4", "3/4", "4/4", "5/4", "6/4", "5/8", "6/8", "7/8", "9/8", "12/8")
"""Metres that can be asked for."""
ANY = "any"

SEED = Parameter(
    "seed",
    Kind.INTEGER,
    -1,
    "Seed",
    "The same seed gives the same clip; the clips that follow have the seeds that follow",
    low=0,
    high=2**53 - 1,
    unset=ANY,
)
NEGATIVE_PROMPT = Parameter("negative_prompt", Kind.TEXT, "", "Negative prompt", "Words for what is not to be heard")
BARS = Parameter(
    "bars",
    Kind.INTEGER,
    0,
    "Bars",
    "How many bars each clip has; they then decide how long it lasts",
    low=1,
    high=64,
    unset=ANY,
)
BPM = Parameter(
    "bpm",
    Kind.NUMBER,
    0.0,
    "Tempo",
    "The tempo of each clip, whatever the prompt says",
    low=30.0,
    high=300.0,
    unit="bpm",
    unset=ANY,
)
KEY = Parameter(
    "key", Kind.CHOICE, "", "Key", "The key of each clip, whatever the prompt says", choices=("", *KEYS), unset=ANY
)
METRE = Parameter(
    "metre",
    Kind.CHOICE,
    "",
    "Metre",
    "The metre of each clip, whatever the prompt says; in 6/8 the tempo counts eighths",
    choices=("", *METRES),
    unset=ANY,
)
CHORDS = Parameter(
    "chords",
    Kind.TEXT,
    "",
    "Chords",
    "Chords to play along with, with bar lines between bars: Am | F C | G7; they come again until the clip ends",
    reads=chords_read,
)
LAYER = Parameter(
    "layer",
    Kind.SEVERAL,
    str(Layer.EVERYTHING),
    "Layer",
    "Which parts are heard, each exactly as in the whole of the same seed",
    choices=tuple(LAYERS),
)
EVOLVE = Parameter(
    "evolve",
    Kind.NUMBER,
    0.25,
    "Evolve",
    "How far each clip moves from the one before: 0 stays with its key, tempo and motif, 1 wanders off",
    low=0.0,
    high=1.0,
    step=0.05,
    ends=("stay", "wander"),
    eases=True,
)
VARY = Parameter(
    "vary",
    Kind.SWITCH,
    True,
    "Vary while it plays",
    "Now and then play a clip with a fill, a rest or a filter, and then again as it is written",
    eases=True,
)
IN_WORDS = {
    BARS.name: "How many bars each clip is to have: the model is told in words, and may not keep to them",
    BPM.name: "The tempo that each clip is to have: the model is told in words, and may not keep to them",
    KEY.name: "The key that each clip is to have: the model is told in words, and may not keep to them",
    METRE.name: "The metre that each clip is to have: the model is told in words, and may not keep to them",
}
"""Tooltips of the parameters that a generator which does not take them is told in words."""
STANDARD = (SEED, NEGATIVE_PROMPT, BARS, BPM, KEY, METRE, CHORDS, LAYER, EVOLVE, VARY)
NAMES = frozenset(one.name for one in STANDARD)

_MODES = ("major", "maj", "maggiore", "magg", "minore", "minor", "min", "m")
_KEY = re.compile(
    rf"({'|'.join(SYLLABLES)}|[a-g])[\s-]?({'|'.join((*SHARPS, *FLATS))})?[\s-]?({'|'.join(_MODES)})?", re.IGNORECASE
)


def in_words(parameter: Parameter) -> Parameter:
    """Return a parameter as it stands beside a generator that is told it in words."""
    return replace(parameter, tooltip=IN_WORDS[parameter.name])


def all_parameters(capabilities: Capabilities) -> tuple[Parameter, ...]:
    """Return everything that can be set of a generator: the shared parameters it takes, then its own."""
    takes = capabilities.takes
    shared = {
        SEED: takes.seed,
        NEGATIVE_PROMPT: takes.negative_prompt,
        BARS if takes.bars else in_words(BARS): True,
        BPM if takes.bpm else in_words(BPM): True,
        KEY if takes.key else in_words(KEY): True,
        METRE if takes.metre else in_words(METRE): True,
        CHORDS: takes.guided_s > 0.0,
    }
    out = [one for one, taken in shared.items() if taken]
    if takes.layers:
        out.append(replace(LAYER, choices=tuple(map(str, dict.fromkeys((Layer.EVERYTHING, *takes.layers))))))
    if takes.family:
        out.append(EVOLVE)
    if takes.variations:
        out.append(VARY)
    return (*out, *(one for one in capabilities.parameters if one.name not in NAMES))


def request_fields(values: Mapping[str, ParameterValue]) -> dict[str, Any]:
    """Return the fields of a ``ClipRequest`` for these values of shared parameters, without those that ask nothing.

    ``VARY`` has none: which variation is played when, the session decides. Raises WrongKind, OutOfRange, UnknownChoice.
    """
    out: dict[str, Any] = {}
    for one in STANDARD:
        if one is VARY or one.name not in values or (value := one.checked(values[one.name])) == one.default:
            continue
        if one is CHORDS:
            out["guide"] = chords_read(str(value))
        else:
            out[one.name] = Layer.named(str(value)) if one is LAYER else value
    return out


def key_named(text: str) -> str:
    """Return the usual name of the key that a person wrote: “a minor”, “F#m”, “Db”, “la minore”.

    Raises UnknownChoice.
    """
    match = _KEY.fullmatch(text.strip())
    if match is None:
        raise UnknownChoice(name="key", value=text, choices="the twelve, such as “A minor” or “F# major”")
    name, sign, mode = match.groups()
    is_minor = mode is not None and (mode == "m" or mode.lower().startswith("min"))
    return key_name(pitch_class(name, sign), is_minor=is_minor)


def refuse_nothing_asked(values: Mapping[str, ParameterValue], parameters: tuple[Parameter, ...]) -> None:
    """Refuse a number that was given and stands for nothing asked: 0 bars are no bars. Raises OutOfRange."""
    for one in parameters:
        if one.kind in (Kind.NUMBER, Kind.INTEGER) and one.unset and values.get(one.name) == one.default:
            raise OutOfRange(name=one.name, value=values[one.name], low=f"{one.low:.16g}", high=f"{one.high:.16g}")
