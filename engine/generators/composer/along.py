# SPDX-License-Identifier: GPL-3.0-or-later
"""This module fits a written score to its guide: no note stands against a given chord, and all keep to given beats.

A piece is written in steady time; each of its beats is then moved to where the guide has it, and what lies between the
beats goes along, so that swing and the hand's own timing stay as they are.
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass, replace

from engine.generators.composer.guided import placed
from engine.generators.composer.plan import Grid, Plan
from engine.generators.composer.score import Hit, Note, Part, Score
from engine.values import GivenBeats, Guide

_EARLY_STEPS = 0.5  # by which a note may be early and still belong to the chord that begins
_EARLY_BEAT = 0.125  # by which one may be early and still belong to the beat that begins
_LEAST_GATE_S = 0.03


@dataclass(frozen=True, slots=True)
class FreeGrid(Grid):
    """A grid whose beats are those of a recording; its bars may differ in length, and be incomplete."""

    given: GivenBeats

    @property
    def n_samples(self) -> int:
        return round(self.given.duration_s * self.sample_rate)

    def at(self, bar: int, step: float) -> int:
        """Return the sample at which ``step`` of ``bar`` falls, within the beats that the bar has."""
        one = self.given.bars()[bar % self.bars]
        beat = step * self.metre[0] / self.steps_per_bar - one.missing
        return round(self.given.time_s(one.first + min(max(beat, 0.0), one.n_beats)) * self.sample_rate)


def along(score: Score) -> Score:
    """Return the score as it is played along with its guide; one without a guide stays as it is."""
    plan = score.plan
    if plan.guide is None:
        return score
    if plan.has_given_chords:
        chords = _Chords(plan, plan.guide)
        score = replace(score, parts=tuple(replace(part, notes=chords.fitting(part.notes)) for part in score.parts))
    if plan.guide.beats is not None:
        score = _Moved(plan.grid, plan.guide.beats).score(score)
    return replace(score, parts=tuple(part for part in score.parts if part.notes))


class _Chords:
    """The chords know, in steady time, which pitch classes are in place when."""

    def __init__(self, plan: Plan, guide: Guide) -> None:
        grid = plan.grid
        changes = placed(guide, grid.bars, grid.steps_per_bar, grid.metre[0])
        self._grid = grid
        self._steps = [float(bar * grid.steps_per_bar + step) for bar, step, _name, _chord in changes]
        self._classes = [frozenset(() if one is None else (*one.pitch_classes, one.bass_class)) for *_, one in changes]
        self._n_steps = grid.bars * grid.steps_per_bar
        self._step_samples = grid.bar_samples / grid.steps_per_bar

    def fitting(self, notes: tuple[Note, ...]) -> tuple[Note, ...]:
        """Return the notes, each ended by the first chord that it is foreign to; where there is no chord, none."""
        return tuple(one for note in notes if (one := self._fitted(note)) is not None)

    def _fitted(self, note: Note) -> Note | None:
        begin = note.start / self._step_samples
        turn, inside = divmod(begin + _EARLY_STEPS, self._n_steps)
        at = bisect.bisect_right(self._steps, inside) - 1
        if not self._classes[at]:
            return None
        end = begin + note.gate_s * self._grid.sample_rate / self._step_samples
        for number in range(at + 1, at + 1 + len(self._steps)):
            turns, i = divmod(number, len(self._steps))
            change = self._steps[i] + (turn + turns) * self._n_steps
            if change >= end:
                break
            if note.midi % 12 not in self._classes[i]:
                gate_s = (change - begin) * self._step_samples / self._grid.sample_rate
                return replace(note, gate_s=max(_LEAST_GATE_S, gate_s))
        return note


class _Moved:
    """This moves what is written in steady time to the beats of a recording."""

    def __init__(self, grid: Grid, given: GivenBeats) -> None:
        self._steady, self._given, self._bars = grid, given, given.bars()
        self._beat_samples = grid.bar_samples / grid.metre[0]
        self._grid = FreeGrid(
            grid.sample_rate, grid.tempo_bpm, grid.metre, grid.bars, grid.bar_samples, grid.beats, given
        )

    def score(self, score: Score) -> Score:
        """Return the whole score, moved; what falls on beats that a bar does not have is left out."""
        return replace(
            score,
            plan=replace(score.plan, grid=self._grid),
            parts=tuple(self._part(part) for part in score.parts),
            hits=tuple(self._hit(hit, at) for hit in score.hits if (at := self._beat(hit.start)) is not None),
            drum_level_db=self._timed(score.drum_level_db),
            drum_openness=self._timed(score.drum_openness),
        )

    def _part(self, part: Part) -> Part:
        notes = tuple(self._note(note, at) for note in part.notes if (at := self._beat(note.start)) is not None)
        return replace(part, notes=notes, level_db=self._timed(part.level_db), openness=self._timed(part.openness))

    def _note(self, note: Note, beat: float) -> Note:
        lasts = note.gate_s * self._steady.sample_rate / self._beat_samples
        begin_s = self._given.time_s(beat)
        gate_s = max(_LEAST_GATE_S, self._given.time_s(beat + lasts) - begin_s)
        return replace(note, start=round(begin_s * self._grid.sample_rate), gate_s=gate_s)

    def _hit(self, hit: Hit, beat: float) -> Hit:
        return replace(hit, start=round(self._given.time_s(beat) * self._grid.sample_rate))

    def _beat(self, start: int) -> float | None:
        """Return at which beat of the recording a steady sample falls; None where its bar has no such beat."""
        place = start / self._beat_samples
        number = math.floor(place + _EARLY_BEAT)
        bar, beat = divmod(number % (self._steady.bars * self._steady.metre[0]), self._steady.metre[0])
        one = self._bars[bar]
        if not one.missing <= beat < one.missing + one.n_beats:
            return None
        return one.first + beat - one.missing + place - number

    def _timed(self, values: tuple[float, ...]) -> tuple[float, ...]:
        """Return one value a bar as so many of equal lengths, as a mix moves through them."""
        if not values:
            return values
        starts_s = [self._given.time_s(bar.first) for bar in self._bars]
        length_s = self._given.duration_s / len(values)
        middles_s = ((i + 0.5) * length_s for i in range(len(values)))
        return tuple(values[max(0, bisect.bisect_right(starts_s, at) - 1)] for at in middles_s)
