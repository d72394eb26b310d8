# SPDX-License-Identifier: GPL-3.0-or-later
"""Variations of a written piece: a fill, a rest, a filter, another answer; all else stays as it is, note by note.

Each variation has the piece's length, and each of its bars a place in the piece, so that one can go on where another
was. To add a way to vary: a function in ``_WAYS``, which returns the score as it was where it has nothing to change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.generators.composer.arrange import play_line
from engine.generators.composer.casting import choose_drummer
from engine.generators.composer.drumming import CORE, LASTING, write_fill
from engine.generators.composer.feel import Feel
from engine.generators.composer.melody import write_melody
from engine.generators.composer.plan import Grid
from engine.generators.composer.score import Hit, Note, Part, Score
from engine.generators.composer.streams import Streams

_BOLD_FROM, _TWICE_FROM = 0.1, 0.5
"""How far a piece has to evolve for bold ways to be taken, and for two ways at once to be taken at times."""
_FEWEST_BARS = 4
_TRIES = 4  # of a way that may have nothing to change at its first draw
_HATS = frozenset({"hat", "pedal", "ride", "shaker", "cabasa", "tambourine", "brush_tap", "pandeiro"})
_FILTERED = frozenset({"bass", "chords", "arp", "pad"})
_VOICES = frozenset({"chords", "arp", "pad"})
_TUNES = frozenset({"lead", "counter"})
_GHOST = 0.65  # of the force of the stroke before
_LEAST_OPEN, _MOST_OPEN = 0.1, 0.45  # of a filter that is closed: boldly, and gently
_KICK_SHARE = 0.5  # of the bars without drums that only miss the kick and what is under the hats


@dataclass(frozen=True, slots=True)
class _Task:
    """A task has what a way to vary works with.

    Attributes
    ----------
    number
        Of the variation.
    evolve
        From 0, gentle, to 1, bold.
    """

    score: Score
    streams: Streams
    rng: np.random.Generator
    number: int
    evolve: float

    @property
    def grid(self) -> Grid:
        return self.score.plan.grid

    @property
    def is_calm(self) -> bool:
        return not self.score.hits

    def bar_of(self, one: Note | Hit) -> int:
        """Return the bar that a note belongs to."""
        return _bar_of(self.grid, one)

    def step_of(self, one: Note | Hit) -> float:
        """Return how many steps after its bar's start a note begins, down to half a step before."""
        steps = one.start * self.grid.steps_per_bar / self.grid.bar_samples
        return (steps + 0.5) % self.grid.steps_per_bar - 0.5

    def spans(self) -> list[range]:
        """Return the stretches in which a player may rest: half phrases, and where it is calm whole ones."""
        form = self.score.plan.form
        length = max(1, form.phrase_bars // 2)
        if self.is_calm and form.bars >= 2 * form.phrase_bars:
            length = form.phrase_bars
        return [range(first, min(form.bars, first + length)) for first in range(0, form.bars, length)]

    def pick(self, choices: Sequence[range]) -> range:
        return choices[int(self.rng.integers(len(choices)))]


def vary(score: Score, number: int, streams: Streams, evolve: float) -> Score:
    """Return a variation of a score, which differs from it wherever there is anything to vary.

    Parameters
    ----------
    number
        Any whole number from 1 on; neighbours vary in different ways.
    streams
        The piece's own: the same piece and number give the same variation.
    evolve
        How far the piece moves from clip to clip, in [0, 1]: the less, the gentler are its variations.
    """
    names = [name for name in _WAYS if name not in _BOLD or evolve >= _BOLD_FROM]
    order = [names[i] for i in streams("vary").permutation(len(names))]
    # Those that have something to vary come in turn.
    order = [name for name in order if _varies(score, name, _Task(score, streams, streams("vary", name), 0, evolve))]
    if not order:
        return score
    first = (number - 1) % len(order)
    rng = streams("vary", number)
    wanted = 2 if evolve >= _TWICE_FROM and rng.random() < evolve else 1
    out = score
    for name in (*order[first:], *order[:first]):
        # Its own way before another's: that one's is the neighbour's.
        for _ in range(_TRIES):
            varied = _WAYS[name](_Task(out, streams, rng, number, evolve))
            if varied != out and _goes_on(score, varied):
                out, wanted = varied, wanted - 1
                break
        if not wanted:
            break
    return out


def _varies(score: Score, name: str, task: _Task) -> bool:
    varied = _WAYS[name](task)
    return varied != score and _goes_on(score, varied)


def _goes_on(score: Score, varied: Score) -> bool:
    """Return whether something begins in each bar of the variation in which something begins in the score."""
    bars, before = (
        {_bar_of(one.plan.grid, note) for part in one.parts for note in part.notes}
        | {_bar_of(one.plan.grid, hit) for hit in one.hits}
        for one in (varied, score)
    )
    return bars == before


def _bar_of(grid: Grid, one: Note | Hit) -> int:
    """Return the bar that a note belongs to; people play a little early."""
    early = grid.bar_samples // (2 * grid.steps_per_bar)
    return (one.start + early) // grid.bar_samples % grid.bars


# --- drums ------------------------------------------------------------------------------------------------------------


def _fill(task: _Task) -> Score:
    """Play a fill at the end of a phrase, another one than is written."""
    score, plan, grid = task.score, task.score.plan, task.grid
    drums = choose_drummer(plan)
    if not score.hits or drums is None or drums.fill == "none" or grid.bars < 2:
        return score
    ends = [bar for bar in range(grid.bars) if plan.form.ends_phrase(bar)]
    # The last one leads back to the beginning, and is the one that is waited for.
    bar = ends[-1] if task.rng.random() < 0.5 else ends[int(task.rng.integers(len(ends)))]
    long = task.evolve >= _TWICE_FROM and len(grid.beats) > 2
    fill_from = 0 if long and task.rng.random() < 0.4 else grid.beats[-2 if len(grid.beats) > 2 else -1]
    kept = [
        hit
        for hit in score.hits
        if task.bar_of(hit) != bar or task.step_of(hit) < fill_from - 0.5 or hit.piece in LASTING
    ]
    feel = Feel(plan, task.streams("feel", "fill", task.number))
    filled = write_fill(plan, drums, bar=bar, fill_from=fill_from, feel=feel, rng=task.rng)
    hits = (*kept, *(hit for hit in filled if hit.piece not in plan.brief.excluded))
    # A fill that has no more in it than was there is none.
    n_before = sum(task.bar_of(hit) == bar and hit.piece not in _HATS for hit in score.hits)
    n_after = sum(task.bar_of(hit) == bar and hit.piece not in _HATS for hit in hits)
    return replace(score, hits=hits) if n_after >= n_before else score


def _drop(task: _Task) -> Score:
    """Have the drums, or the kick and all but hats, rest for the last bar of a phrase."""
    score, grid, form = task.score, task.grid, task.score.plan.form
    ends = [range(bar, bar + 1) for bar in range(grid.bars) if form.ends_phrase(bar)]
    if not score.hits or grid.bars < _FEWEST_BARS:
        return score
    bars = task.pick(ends)
    keeps = _HATS if task.rng.random() < _KICK_SHARE else frozenset()
    return replace(score, hits=tuple(hit for hit in score.hits if task.bar_of(hit) not in bars or hit.piece in keeps))


def _hats(task: _Task) -> Score:
    """Play the hats closer or wider in half of the piece."""
    score, grid = task.score, task.grid
    counts = {name: sum(hit.piece == name for hit in score.hits) for name in sorted(_HATS)}
    piece = max(counts, key=lambda name: counts[name])
    if counts[piece] < 2 * grid.bars or grid.bars < 2:
        return score
    half = int(task.rng.integers(2)) * (grid.bars // 2)
    bars = range(half, half + grid.bars // 2)
    inside = [hit for hit in score.hits if hit.piece == piece and task.bar_of(hit) in bars]
    if task.rng.random() < 0.5:
        beats = {*grid.beats}
        gone = {id(hit) for hit in inside if min(abs(task.step_of(hit) - beat) for beat in beats) > 0.5}
        return replace(score, hits=tuple(hit for hit in score.hits if id(hit) not in gone))
    taken = {round(task.step_of(hit)) + grid.steps_per_bar * task.bar_of(hit) for hit in score.hits}
    step = grid.bar_samples // grid.steps_per_bar
    ghosts = [
        Hit(hit.start + step, piece, _GHOST * hit.force)
        for hit in inside
        if round(task.step_of(hit)) + 1 + grid.steps_per_bar * task.bar_of(hit) not in taken
    ]
    return replace(score, hits=(*score.hits, *ghosts))


# --- players ----------------------------------------------------------------------------------------------------------


def _resting(task: _Task, indices: Collection[int], bars: range) -> Score:
    """Return the score with these parts at rest in these bars; what they began before rings on."""
    parts = [
        replace(part, notes=tuple(note for note in part.notes if task.bar_of(note) not in bars))
        if i in indices
        else part
        for i, part in enumerate(task.score.parts)
    ]
    return replace(task.score, parts=tuple(parts))


def _rest(task: _Task, roles: frozenset[str], *, together: bool = False) -> Score:
    """Have a part of one of these roles rest for a stretch, or all of them, where others go on."""
    parts = task.score.parts
    indices = [i for i, part in enumerate(parts) if part.style.role in roles]
    if not indices or task.grid.bars < _FEWEST_BARS:
        return task.score
    if not together:
        indices = [indices[int(task.rng.integers(len(indices)))]]
    pitched = [
        {task.bar_of(note) for i, part in enumerate(parts) if i not in indices for note in part.notes},
        {task.bar_of(note) for i in indices for note in parts[i].notes},
    ]
    # Drums alone are a break, and no rest of one player.
    spans = [span for span in task.spans() if set(span) <= pitched[0] and pitched[1] & set(span)]
    # The whole of a part is more than a rest.
    spans = [span for span in spans if not pitched[1] <= set(span)] or spans
    return _resting(task, indices, task.pick(spans)) if spans else task.score


def _bass_rests(task: _Task) -> Score:
    return _rest(task, frozenset({"bass"}))


def _tune_rests(task: _Task) -> Score:
    return _rest(task, _TUNES, together=True)


def _voice_rests(task: _Task) -> Score:
    return _rest(task, _VOICES)


def _thin(task: _Task) -> Score:
    """Have the first half be thinner: what carries the piece, and nothing beside it."""
    score, grid = task.score, task.grid
    if grid.bars < _FEWEST_BARS:
        return score
    voices = [i for i, part in enumerate(score.parts) if part.style.role in _VOICES]
    gone = {*voices[1:], *(i for i, part in enumerate(score.parts) if part.style.role == "counter")}
    bars = range(grid.bars // 2)
    thinner = _resting(task, gone, bars)
    core = CORE | {"hat", "ride"}
    return replace(thinner, hits=tuple(hit for hit in score.hits if task.bar_of(hit) not in bars or hit.piece in core))


def _answer(task: _Task) -> Score:
    """Give the melody another answer: its motif is varied in another way in the second half."""
    score, plan, grid = task.score, task.score.plan, task.grid
    bars = range(grid.bars // 2, grid.bars)
    streams = task.streams.with_seed("melody", int(task.rng.integers(2**32)))
    parts = list(score.parts)
    for i, part in enumerate(parts):
        if part.style.role == "lead" and grid.bars >= 2:
            played = play_line(plan, part.style, write_melody(plan, part.style.centre, streams), streams, i)
            kept = [note for note in part.notes if task.bar_of(note) not in bars]
            notes = (*kept, *(note for note in played if task.bar_of(note) in bars))
            if _tune(task, notes) != _tune(task, part.notes):
                parts[i] = replace(part, notes=notes)
    return replace(score, parts=tuple(parts))


def _tune(task: _Task, notes: Sequence[Note]) -> list[tuple[int, int, int]]:
    """Return what is played, however its player leans."""
    return sorted((task.bar_of(one), round(task.step_of(one)), one.midi) for one in notes)


# --- filters ----------------------------------------------------------------------------------------------------------


def _filter(task: _Task) -> Score:
    """Close a filter over some bars and open it again."""
    score, grid, form = task.score, task.grid, task.score.plan.form
    if grid.bars < 2 or not (score.parts or score.hits):
        return score
    closed = _MOST_OPEN - (_MOST_OPEN - _LEAST_OPEN) * min(1.0, task.evolve)
    if task.is_calm:
        # Over the whole clip, slowly, and open where the clip begins again.
        shape = [math.sin(math.pi * (bar + 0.5) / grid.bars) for bar in range(grid.bars)]
    else:
        phrase = task.pick(
            [range(i, min(grid.bars, i + form.phrase_bars)) for i in range(0, grid.bars, form.phrase_bars)]
        )
        rises = bool(task.rng.random() < 0.5)
        shape = [0.0] * grid.bars
        for place, bar in enumerate(phrase):
            done = (place + 1) / len(phrase)
            shape[bar] = 1.0 - (place / len(phrase)) if rises else done
    curve = tuple(1.0 - (1.0 - closed) * one for one in shape)
    # Where nothing but drums plays, the drums go through it.
    if not any(part.style.role in _FILTERED for part in score.parts):
        if score.hits:
            return replace(score, drum_openness=_through(score.drum_openness, curve))
        return replace(score, parts=tuple(_closing(part, curve) for part in score.parts))
    parts = tuple(_closing(part, curve) if part.style.role in _FILTERED else part for part in score.parts)
    return replace(score, parts=parts)


def _closing(part: Part, curve: tuple[float, ...]) -> Part:
    return replace(part, openness=_through(part.openness, curve))


def _through(openness: tuple[float, ...], curve: tuple[float, ...]) -> tuple[float, ...]:
    """Return how open two filters in a row are."""
    return tuple(a * b for a, b in zip(openness or (1.0,) * len(curve), curve, strict=True))


_WAYS: dict[str, Callable[[_Task], Score]] = {
    "fill": _fill,
    "drop": _drop,
    "hats": _hats,
    "bass": _bass_rests,
    "tune": _tune_rests,
    "voice": _voice_rests,
    "thin": _thin,
    "answer": _answer,
    "filter": _filter,
}
_BOLD = frozenset({"drop", "bass", "thin"})
WAYS = tuple(_WAYS)
"""Names of the ways in which a piece is varied."""
