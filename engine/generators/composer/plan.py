# SPDX-License-Identifier: GPL-3.0-or-later
"""This module decides a piece's style, tempo, metre, bars, key and chords, on a grid of whole samples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.generators.composer.declared import MAX_DURATION_S
from engine.generators.composer.form import Form, make_form
from engine.generators.composer.guided import harmony_of
from engine.generators.composer.harmony import Harmony, write_harmony
from engine.generators.composer.prompt import Brief
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import Style, styles
from engine.generators.composer.theory import Chord, Key
from engine.generators.composer.vocabulary import MOODS
from engine.values import Guide

SAYS_MODE = frozenset({"sad", "happy"})
"""Moods that are heard by their plain mode."""
_SUITS = 0.7  # of what the style that suits best does, from which on a style is drawn where none is named
_PREFERRED_BARS = {4: 0.0, 8: 0.0, 16: 0.0, 2: 0.08, 12: 0.05, 24: 0.05, 32: 0.02, 1: 0.12}
_TRIES = 8  # tempos drawn from the style's range, of which the one that fits the duration best is kept
_MAX_OVERSHOOT = 1.15
_STIR = 0.8  # of what is calm or energetic that thins out or thickens the strokes
_NEAR_ENOUGH = 0.12  # of the duration asked for: below it, the tempo that was drawn first is kept


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid holds bars, beats and steps (sixteenths) in whole samples.

    Attributes
    ----------
    bar_samples
        Of one bar, a whole number: every bar starts exactly on the grid.
    beats
        First step of each felt beat in a bar; in x/8 metres a beat is two or three eighths.
    """

    sample_rate: int
    tempo_bpm: float
    metre: tuple[int, int]
    bars: int
    bar_samples: int
    beats: tuple[int, ...]

    @property
    def n_samples(self) -> int:
        return self.bars * self.bar_samples

    @property
    def steps_per_bar(self) -> int:
        return self.metre[0] * (4 if self.metre[1] == 4 else 2)

    @property
    def step_s(self) -> float:
        return self.bar_samples / self.steps_per_bar / self.sample_rate

    def at(self, bar: int, step: float) -> int:
        """Return the sample at which ``step`` of ``bar`` falls; it may lie outside the clip, which is cyclic."""
        return bar * self.bar_samples + round(step * self.bar_samples / self.steps_per_bar)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan is the frame of a piece: what is decided before a note is written.

    Attributes
    ----------
    harmony
        The changes of each bar.
    take
        Which of the progressions it is (``write_harmony``).
    form
        Phrases, and how much happens in each bar.
    swing
        How far off-beats are late, 0 (straight) to 1.
    bright, busy, room
        Factors on filters' cutoffs, on the number of notes, and on the share of reverb.
    density
        How many strokes are played of those that are written, in [-1, 1].
    guide
        The chords and beats that are accompanied, where any are given.
    """

    brief: Brief
    style: Style
    grid: Grid
    key: Key
    harmony: Harmony
    take: int
    form: Form
    swing: float
    bright: float
    busy: float
    room: float
    density: float
    guide: Guide | None = None

    @property
    def has_given_chords(self) -> bool:
        """Return whether the harmony was given, and not written."""
        return self.guide is not None and bool(self.guide.chords)

    @property
    def chords(self) -> tuple[Chord, ...]:
        """Return the first chord of each bar."""
        return tuple(bar[0].chord for bar in self.harmony)

    def chord_at(self, bar: int, step: float) -> Chord:
        """Return the chord that sounds there; the piece is cyclic."""
        steps = self.grid.steps_per_bar
        bar, step = (bar + int(step // steps)) % self.grid.bars, step % steps
        return [one.chord for one in self.harmony[bar] if one.step <= step][-1]


def make_plan(
    brief: Brief,
    duration_s: float,
    sample_rate: int,
    streams: Streams,
    *,
    bars: int | None = None,
    take: int = 0,
    every: Mapping[str, Style] | None = None,
    guide: Guide | None = None,
) -> Plan:
    """Return the frame of a piece of about ``duration_s`` seconds, or of so many bars at the tempo that fits best.

    The chords of a ``guide`` come in whole turns.

    ``take`` counts the tries at harmony: another one is another progression in the same frame. ``every`` style is a
    built-in one where none are given.
    """
    every = styles() if every is None else every
    style = _dressed(_choose_style(brief, every, streams("style")), brief, every)
    moods = [MOODS[mood] for mood in brief.moods]
    key = _choose_key(brief, style, streams)
    rng, turn = streams("tempo"), 1 if guide is None else guide.bars
    grid = _choose_grid(brief, style, duration_s, sample_rate, rng, asked_bars=bars or brief.bars, turn=turn)
    middle = grid.beats[(len(grid.beats) + 1) // 2] if len(grid.beats) > 1 else grid.steps_per_bar // 2
    stir = (0.35 if "energetic" in brief.moods else 0.0) - (0.35 if "calm" in brief.moods else 0.0)
    return Plan(
        brief=brief,
        style=style,
        grid=grid,
        key=key,
        harmony=write_harmony(style, key, grid.bars, middle, streams, take=take)
        if guide is None or not guide.chords
        else harmony_of(guide, grid.bars, grid.steps_per_bar, grid.metre[0]),
        take=take,
        form=make_form(style.arc, grid.bars, min(1.0, max(-1.0, brief.energy + max(0.0, stir))), streams("form")),
        swing=style.swing if brief.swing is None else brief.swing,
        bright=style.bright * math.prod(mood.bright for mood in moods) * 2.0**brief.brightness,
        busy=min(2.0, max(0.4, math.prod(mood.busy for mood in moods) * 1.8**brief.density)),
        density=min(1.0, max(-1.0, brief.density + _STIR * stir)),
        guide=guide,
        room=min(2.5, max(0.15, math.prod(mood.room for mood in moods) * 2.2**brief.space)),
    )


def _dressed(style: Style, brief: Brief, every: Mapping[str, Style]) -> Style:
    """Return the style with what the brief takes from a second one, and with the grit and rain that it asks for.

    Of two styles the first gives harmony, instruments and sound, the second drums, bass lines and tempo.
    """
    other = every[brief.fusion] if brief.fusion is not None else None
    if other is not None:
        basses = [part for part in other.parts if part.role == "bass"] or [p for p in style.parts if p.role == "bass"]
        parts = (*(part for part in style.parts if part.role != "bass"), *basses)
        style = replace(
            style,
            title=f"{style.title} {other.title}",
            parts=parts,
            drums=other.drums or style.drums,
            tempo=other.tempo,
            metre=other.metre,
            swing=other.swing,
            swing_unit=other.swing_unit,
            human_ms=other.human_ms,
            arc=other.arc,
        )
    if brief.grit > 0.0:
        mix = style.mix
        crackle, wobble = max(mix.crackle, brief.grit), max(mix.wobble, 0.8 * brief.grit)
        low_pass_hz = min(mix.low_pass_hz or 16_000.0, 16_000.0 - 6000.0 * brief.grit)
        style = replace(style, mix=replace(mix, crackle=crackle, wobble=wobble, low_pass_hz=low_pass_hz))
    if brief.rain > style.mix.rain:
        style = replace(style, mix=replace(style.mix, rain=brief.rain))
    return style


def _choose_style(brief: Brief, every: Mapping[str, Style], rng: np.random.Generator) -> Style:
    """Return the named style, or one drawn from those that suit the moods, instruments and tempo best."""
    drawn = float(rng.random())
    if brief.style is not None:
        return every[brief.style]
    weights: list[float] = []
    for style in every.values():
        players = {name for part in style.parts for name in part.instruments}
        weight = 1.0 + 6.0 * len(set(style.moods) & set(brief.moods)) + 5.0 * len(players & set(brief.instruments))
        low, high = style.tempo
        asked = brief.tempo_bpm or brief.near_bpm
        if asked and not low * 0.85 <= asked <= high * 1.15:
            weight *= 0.15
        if brief.metre is not None and brief.metre[1] == 8 and style.tempo[0] > 125:
            weight *= 0.2
        weights.append(0.0 if style.name in brief.not_styles else weight)
    # By chance alone "calm piano" would now and then be dance music.
    weights = [weight if weight >= _SUITS * max(weights) else 0.0 for weight in weights]
    edges = np.cumsum(weights) / np.sum(weights)
    return list(every.values())[min(int(np.searchsorted(edges, drawn)), len(every) - 1)]


def _choose_key(brief: Brief, style: Style, streams: Streams) -> Key:
    tonic, pick = int(streams("tonic").integers(12)), float(streams("mode").random())
    mode = brief.mode
    if mode is None:
        leading = next((mood for mood in brief.moods if MOODS[mood].mode), "")
        wanted = MOODS[leading].mode if leading else ""
        fitting = [m for m in style.modes if not wanted or Key(0, m).is_minor == (wanted == "minor")] or [wanted]
        mode = wanted if leading in SAYS_MODE else fitting[int(pick * len(fitting))]
    return Key(tonic if brief.tonic is None else brief.tonic, mode)


def _choose_grid(
    brief: Brief,
    style: Style,
    duration_s: float,
    sample_rate: int,
    rng: np.random.Generator,
    *,
    asked_bars: int | None,
    turn: int,
) -> Grid:
    metre = brief.metre or metre_of(style.metre)
    low, high = style.tempo
    draws = rng.random(_TRIES)
    if brief.tempo_bpm is not None:
        choices = [brief.tempo_bpm]
    elif brief.near_bpm is not None:
        choices = list(brief.near_bpm * (0.95 + 0.1 * draws))
    else:
        pace = sum(MOODS[mood].pace for mood in brief.moods) / max(1, len(brief.moods)) + 1.6 * brief.pace
        # The mood leans the draw to one end of the range; "slow" and "fast" go a little beyond it.
        place = np.clip(0.5 + 0.5 * pace + (draws - 0.5) * (1.0 - 0.5 * min(1.0, abs(pace))), -0.5, 1.5)
        if pace > -1 and pace < 1:
            place = np.clip(place, 0.0, 1.0)
        choices = list(low + (high - low) * place)
    if metre[1] == 8 and brief.tempo_bpm is None and brief.near_bpm is None:
        choices = [2.0 * tempo for tempo in choices]  # the beat is an eighth
    if asked_bars is None:
        fits = (_fit(tempo, metre, duration_s, turn, sample_rate) for tempo in choices)
        _cost, tempo_bpm, bars = min(fits, key=lambda fit: fit[0])
    elif turn > 1:
        tempo_bpm, bars = choices[0], asked_bars
    else:
        tempo_bpm, bars = _tempo_for(choices, asked_bars * metre[0], duration_s), asked_bars
    bar_samples = _bar_samples(tempo_bpm, metre, sample_rate)
    if brief.tempo_bpm is None:
        tempo_bpm = metre[0] * 60.0 * sample_rate / bar_samples  # what the grid really has
    return Grid(sample_rate, tempo_bpm, metre, bars, bar_samples, felt_beats(metre))


def metre_of(text: str) -> tuple[int, int]:
    """Return a metre that is written as "3/4"."""
    beats, _, unit = text.partition("/")
    return int(beats), int(unit)


def _bar_samples(tempo_bpm: float, metre: tuple[int, int], sample_rate: int) -> int:
    return round(metre[0] * 60.0 * sample_rate / tempo_bpm)


def _fit(
    tempo_bpm: float, metre: tuple[int, int], duration_s: float, turn: int, sample_rate: int
) -> tuple[float, float, int]:
    """Return how ill the best number of bars, whole turns, fits (0 is well), the tempo, and the bars."""
    # As long as it is in whole samples: sixteen times half a sample more would be too long a clip.
    bar_s = _bar_samples(tempo_bpm, metre, sample_rate) / sample_rate
    best = (math.inf, tempo_bpm, turn)
    longest_s = min(_MAX_OVERSHOOT * duration_s, MAX_DURATION_S)
    for bars in range(turn, max(turn, int(longest_s / bar_s)) + 1, turn):
        odd = _PREFERRED_BARS.get(bars, 0.1 if bars % 4 == 0 else 0.3 if bars % 2 == 0 else 0.45)
        cost = max(0.0, abs(math.log(bars * bar_s / duration_s)) - _NEAR_ENOUGH) + odd
        if cost < best[0] + 1e-9:  # of two as good, the longer
            best = (cost, tempo_bpm, bars)
    return best


def _tempo_for(tempos: list[float], beats: int, duration_s: float) -> float:
    """The tempo at which so many beats last about ``duration_s``, of those at which they are not too long a clip."""
    short_enough = [tempo for tempo in tempos if beats * 60.0 / tempo <= MAX_DURATION_S] or [max(tempos)]
    return min(short_enough, key=lambda tempo: abs(math.log(beats * 60.0 / tempo / duration_s)))


def felt_beats(metre: tuple[int, int]) -> tuple[int, ...]:
    """Return the first step of each felt beat: quarters, or groups of two and three eighths (7/8 is 2 + 2 + 3)."""
    if metre[1] == 4:
        return tuple(range(0, 4 * metre[0], 4))
    groups = {5: (3, 2), 7: (2, 2, 3)}.get(metre[0], (3,) * (metre[0] // 3))
    return tuple(2 * sum(groups[:i]) for i in range(len(groups)))
