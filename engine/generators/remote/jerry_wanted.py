# SPDX-License-Identifier: GPL-3.0-or-later
"""This module works out what a jerry4loops backend is asked for: prompt, tempo, bars, and by which of its ways.

Facts of that server it is built on: it makes one window of sound, 11.9 s with its usual model, of which it has whole
seconds filled, 11, and cuts the first bars of it, in 4/4; it reads the tempo as the first whole number before “bpm” in
the prompt, and refuses a loop without; left to itself it chooses the most bars, of 8, 4, 2 and 1, that end a second
before the window does; its loops take no negative prompt, as each kind of loop has one of its own; the seconds that it
tells are rounded to two decimals.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from engine.errors import BarsTooLong, OutOfRange, TempoMissing, UnknownChoice
from engine.generators.composer.reading.figures import Figure, read_figures
from engine.generators.composer.reading.text import PlainText
from engine.generators.standard import BPM
from engine.values import ClipRequest, Layer

TITLE = "jerry4loops"
METRE, BEATS_PER_BAR = "4/4", 4
BAR_COUNTS = (8, 4, 2, 1)
"""Numbers of bars that a loop can have, the most first."""
SPARE_S = 1.0
"""Seconds of the window that the server leaves at its end when it chooses the bars."""
LEAST_STRENGTH = 0.1
"""Least strength of a style transfer; at less it refuses."""

STANDARD_WINDOW_SAMPLES, STANDARD_RATE = 524_288, 44_100
"""Length and rate of what its usual model makes."""

_TEMPO_WORDS = re.compile(r"[-–]?\d+(?:[.,]\d+)?\s*-?bpm", re.IGNORECASE)
"""Pattern of all that the server might take for the tempo, with what belongs to it."""


_DRUMS = re.compile(r"drums?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LoopWords:
    """Loop words are what the server itself adds to a prompt for a kind of loop, and what it rules out.

    Attributes
    ----------
    kind
        The server's own name for it.
    added
        Words that it appends where “drum” is missing.
    without_drums
        Whether it takes the word out; of “drums” it leaves an “s”, so it is taken out before.
    negative
        What is not to be heard.
    """

    kind: str
    added: str = ""
    without_drums: bool = False
    negative: str = ""


AUTO = LoopWords("auto")
LOOP_WORDS = {
    Layer.EVERYTHING: AUTO,
    Layer.DRUMS: LoopWords(
        "drums", added="drum loop", negative="melody, harmony, pitched instruments, vocals, singing"
    ),
    Layer.INSTRUMENTS: LoopWords("instruments", without_drums=True, negative="drums, percussion, kick, snare, hi-hat"),
}
"""Words for each layer that it can make."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window is the length of sound that a model makes, whatever is asked."""

    n_samples: int = STANDARD_WINDOW_SAMPLES
    sample_rate: int = STANDARD_RATE

    @property
    def seconds(self) -> float:
        return self.n_samples / self.sample_rate

    @property
    def filled_s(self) -> int:
        """Return how many of its seconds the model is told to fill with music: whole ones, whatever is asked."""
        return self.n_samples // self.sample_rate


@dataclass(frozen=True, slots=True)
class WantedLoop:
    """A wanted loop says what the server is told.

    Attributes
    ----------
    prompt
        With the tempo at its end, and nowhere else.
    bpm
        Beats a minute: the server knows whole numbers only.
    bars
        How many bars are kept.
    auto_bars
        How many it cuts when it is not told a number.
    words
        What it adds for this kind of loop.
    """

    prompt: str
    bpm: int
    bars: int
    auto_bars: int
    words: LoopWords

    @property
    def plain_prompt(self) -> str:
        """Return the prompt for a way that adds no words of its own: with those that make a loop of this kind."""
        added = self.words.added
        return f"{self.prompt} {added}" if added and "drum" not in self.prompt.lower() else self.prompt


def bars_s(bars: int, bpm: float) -> float:
    """Return how long so many bars last, seconds."""
    return bars * BEATS_PER_BAR * 60.0 / bpm


def bars_samples(bars: int, bpm: float, sample_rate: int) -> int:
    """Return how many samples so many bars have as the server cuts them, which rounds down."""
    return math.floor(bars * BEATS_PER_BAR * 60 * sample_rate / bpm)


def automatic_bars(bpm: float, window: Window) -> int:
    """Return how many bars the server chooses at this tempo."""
    return next((one for one in BAR_COUNTS if bars_s(one, bpm) <= window.seconds - SPARE_S), BAR_COUNTS[-1])


def wanted_loop(request: ClipRequest, window: Window) -> WantedLoop:
    """Return what a request for whole bars asks of the server.

    Raises
    ------
    TempoMissing
        Neither the request nor its prompt says a tempo.
    UnknownChoice
        It asks for another number of bars than the server knows, or another metre.
    BarsTooLong
        The bars last longer than what the server fills with music.
    """
    if request.metre not in (None, METRE):
        raise UnknownChoice(name="metre", value=request.metre, choices=METRE)
    plain = PlainText(request.prompt)
    figures = read_figures(plain)
    tempo = request.bpm or next((one.number for one in figures if one.kind in ("tempo", "near")), None)
    if tempo is None:
        raise TempoMissing(generator=TITLE)
    bpm = min(max(round(tempo), int(BPM.low)), int(BPM.high))
    words = LOOP_WORDS[request.layer]
    return WantedLoop(
        prompt=f"{_without_tempo(request.prompt, plain, figures, words)} {bpm}bpm".strip(),
        bpm=bpm,
        bars=_bars(request, bpm, figures, window),
        auto_bars=automatic_bars(bpm, window),
        words=words,
    )


def _without_tempo(prompt: str, plain: PlainText, figures: list[Figure], words: LoopWords) -> str:
    """Return the prompt without its tempo, of which the server would read the first, and only its whole number."""
    kept, at = "", 0
    for figure in sorted((one for one in figures if one.kind in ("tempo", "near")), key=lambda one: one.start):
        start, end = plain.span(figure.start, figure.end)
        kept, at = kept + prompt[at:start], end
    kept += prompt[at:]
    if words.without_drums:
        kept = _DRUMS.sub(" ", kept)
    n_found = 1
    while n_found:
        # What stood around one may become another: “12 90bpm bpm”.
        kept, n_found = _TEMPO_WORDS.subn(" ", kept)
    return " ".join(kept.split()).strip(" ,;:-")


def strength_of(request: ClipRequest) -> float:
    """Return how strongly a clip is restyled; 1 where none is. Raises OutOfRange for what the server refuses."""
    strength = 1.0 if request.restyle is None else request.restyle.strength
    if strength < LEAST_STRENGTH:
        raise OutOfRange(name="strength", value=f"{strength:g}", low=f"{LEAST_STRENGTH:g}", high="1")
    return strength


def _bars(request: ClipRequest, bpm: int, figures: list[Figure], window: Window) -> int:
    """Return how many bars are kept: those that are asked for, else about as many as the duration asks for."""
    bars = request.bars
    if bars is None:
        said = next((int(one.number) for one in figures if one.kind == "bars"), None)
        bars = said if said in BAR_COUNTS and bars_s(said, bpm) <= window.filled_s else None
    if bars is None:
        fitting = [one for one in BAR_COUNTS if one <= automatic_bars(bpm, window)]
        return min(fitting, key=lambda one: abs(math.log(bars_s(one, bpm) / request.duration_s)))
    if bars not in BAR_COUNTS:
        choices = ", ".join(map(str, sorted(BAR_COUNTS)))
        raise UnknownChoice(name="number of bars", value=bars, choices=choices)
    if bars_s(bars, bpm) > window.filled_s:
        seconds = bars_s(bars, bpm)
        raise BarsTooLong(generator=TITLE, bars=bars, tempo_bpm=bpm, seconds=seconds, limit_s=window.filled_s)
    return bars
