# SPDX-License-Identifier: GPL-3.0-or-later
"""This module works out what a MagentaRT server is asked for: styles with weights, tempo, bars, and its knobs.

Facts of that server (magenta-rt of jerry4loops) it is built on: it goes on from a sound, in whole bars at a tempo that
it is told; styles are words with commas between them, from one to four, each with a weight beside the sound’s own; the
music that it makes is cut by a clock of its own in exact fractions, so that a part has its bars’ samples, rounded.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from engine.errors import TempoMissing, UnknownChoice
from engine.generators.prompt_words import is_key, tempo_in, without_tempo
from engine.generators.requests import beats_asked
from engine.generators.standard import BPM
from engine.values import Clip, ClipRequest, Kind, Parameter

TITLE = "MagentaRT"
CHUNK_BARS = (4, 8)
"""Numbers of bars that it makes at once."""
BAR_COUNTS = (1, 2, 4, 8)
"""Numbers of bars that can be asked for: fewer than it makes at once are cut from those."""
MOST_STYLES = 4
SOUND_RATE = 44_100
"""Sample rate of the sound that it is given where there is none, Hz; it answers in the rate of what it gets."""

LOOP_WEIGHT = Parameter(
    "loop_weight",
    Kind.NUMBER,
    1.0,
    "Sound",
    "How much the sound counts that it goes on from, beside the styles of the prompt, which count 1 each",
    low=0.0,
    high=1.0,
    step=0.05,
)
GUIDANCE = Parameter(
    "guidance_weight",
    Kind.NUMBER,
    1.5,
    "Guidance",
    "How closely the styles are followed: more is closer, and less varied",
    low=0.0,
    high=10.0,
    step=0.1,
)
TEMPERATURE = Parameter(
    "temperature",
    Kind.NUMBER,
    1.2,
    "Temperature",
    "How much is left to chance",
    low=0.0,
    high=4.0,
    step=0.1,
)
TOPK = Parameter(
    "topk",
    Kind.INTEGER,
    30,
    "Choices",
    "Among how many of the likeliest sounds each next one is chosen",
    low=0,
    high=1024,
)
PARAMETERS = (LOOP_WEIGHT, GUIDANCE, TEMPERATURE, TOPK)

_WEIGHT = re.compile(r"(?P<words>.*?)\s*:\s*(?P<weight>\d+(?:\.\d+)?)(?P<more>\s.*)?")
_TICK_S, _TICK_HZ, _TICK_LEVEL = 0.02, 1500.0, 0.3


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a jam there, which it keeps to its end: tempo, beats of a bar, and bars that are made at once."""

    bpm: float
    beats_per_bar: int
    chunk_bars: int

    def samples_of(self, bars: int, sample_rate: int) -> int:
        """Return how many samples so many bars have."""
        return round(bars * self.beats_per_bar * 60.0 * sample_rate / self.bpm)


@dataclass(frozen=True, slots=True)
class Knobs:
    """The knobs are all that may change while it plays.

    Attributes
    ----------
    styles, weights
        Words, and how much each counts.
    loop_weight
        How much the sound counts that it goes on from, in [0, 1].
    """

    styles: tuple[str, ...]
    weights: tuple[float, ...]
    loop_weight: float
    guidance_weight: float
    temperature: float
    topk: int

    def style_fields(self) -> dict[str, str]:
        """Return the fields of a form that say the styles."""
        return {
            "styles": ",".join(self.styles),
            "style_weights": ",".join(f"{one:g}" for one in self.weights),
            "loop_weight": f"{self.loop_weight:g}",
        }

    def chance_fields(self) -> dict[str, str]:
        """Return the fields of a form that say how it chooses."""
        return {
            "guidance_weight": f"{self.guidance_weight:g}",
            "temperature": f"{self.temperature:g}",
            "topk": str(self.topk),
        }


@dataclass(frozen=True, slots=True)
class WantedMusic:
    """Wanted music is so many bars on these terms, with these knobs."""

    bars: int
    terms: Terms
    knobs: Knobs


def wanted_music(request: ClipRequest) -> WantedMusic:
    """Return what a request asks of the server.

    Raises
    ------
    TempoMissing
        Neither the request nor its prompt says a tempo.
    UnknownChoice
        It asks for another number of bars than can be had.
    """
    bpm = request.bpm or tempo_in(request.prompt)
    if bpm is None:
        raise TempoMissing(generator=TITLE)
    bpm = min(max(bpm, BPM.low), BPM.high)
    beats = beats_asked(request)
    bars = _bars(request, beats * 60.0 / bpm)
    terms = Terms(bpm, beats, next(one for one in CHUNK_BARS if one >= bars))
    return WantedMusic(bars, terms, _knobs(request))


def styles_of(prompt: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the styles of a prompt and their weights: of “warm-up, techno: 0.4” techno counts 0.4, the other 1.

    Words after the fourth comma belong to the fourth style, and a key to the first one.
    """
    styles: list[str] = []
    weights: list[float] = []
    for part in without_tempo(prompt).split(","):
        match = _WEIGHT.fullmatch(part.strip())
        # What else is to be heard may have been added behind a weight.
        words = " ".join((f"{match['words']} {match['more'] or ''}" if match else part).split())
        if not words:
            continue
        if styles and (is_key(words) or len(styles) == MOST_STYLES):
            at = 0 if is_key(words) else -1
            styles[at] = f"{styles[at]} {words}"
            continue
        styles.append(words)
        weights.append(float(match["weight"]) if match else 1.0)
    # A prompt that is nothing but a tempo.
    return (tuple(styles), tuple(weights)) if styles else (("music",), (1.0,))


def sound_of(request: ClipRequest, terms: Terms) -> tuple[Clip, float]:
    """Return the sound that is gone on from, and how much of its style may be kept, in [0, 1].

    Where there is none a metronome tells the tempo, of whose style nothing is kept.
    """
    if request.continue_from is not None:
        return request.continue_from, 1.0 - (request.evolve or 0.0)
    if request.restyle is not None:
        return request.restyle.clip, 1.0 - request.restyle.strength
    return metronome(terms), 0.0


def metronome(terms: Terms) -> Clip:
    """Return the beats of the bars that are made at once, as quiet ticks."""
    n_samples = terms.samples_of(terms.chunk_bars, SOUND_RATE)
    samples = np.zeros((n_samples, 2), dtype=np.float32)
    at_s = np.arange(round(_TICK_S * SOUND_RATE)) / SOUND_RATE
    tick = _TICK_LEVEL * np.sin(2.0 * np.pi * _TICK_HZ * at_s) * (1.0 - at_s / _TICK_S)
    for beat in range(terms.chunk_bars * terms.beats_per_bar):
        start = round(beat * 60.0 * SOUND_RATE / terms.bpm)
        end = min(start + len(tick), n_samples)
        samples[start:end] += tick[: end - start, None]
    return Clip(samples, SOUND_RATE, wraps=True)


def _bars(request: ClipRequest, bar_s: float) -> int:
    """Return how many bars are wanted: those that are asked for, else about as many as the duration asks for."""
    bars = request.bars
    if bars is None:
        return min(BAR_COUNTS, key=lambda one: abs(math.log(one * bar_s / request.duration_s)))
    if bars not in BAR_COUNTS:
        raise UnknownChoice(name="number of bars", value=bars, choices=", ".join(map(str, BAR_COUNTS)))
    return bars


def _knobs(request: ClipRequest) -> Knobs:
    values = request.parameters

    def number(parameter: Parameter) -> float:
        return float(values.get(parameter.name, parameter.default))

    styles, weights = styles_of(request.prompt)
    return Knobs(styles, weights, number(LOOP_WEIGHT), number(GUIDANCE), number(TEMPERATURE), int(number(TOPK)))
