# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes melodies: a motif stated, repeated, varied and answered over the chords."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.generators.composer.plan import Plan
from engine.generators.composer.theory import MODES, nearest

_PENTATONIC = {True: (0, 3, 5, 7, 10), False: (0, 2, 4, 7, 9)}
_FORMS = ("AABA", "ABAC", "AABC", "ABAB", "ABCA")


@dataclass(frozen=True, slots=True)
class Tune:
    """A note of a melody: bar, first step, length in steps, pitch, force."""

    bar: int
    step: int
    steps: int
    midi: int
    force: float


@dataclass(frozen=True, slots=True)
class _Motif:
    onsets: tuple[int, ...]
    moves: tuple[int, ...]  # scale steps from each note to the next


def write_melody(plan: Plan, centre: int, rng: np.random.Generator) -> list[Tune]:
    """Write a melody around MIDI ``centre`` over the plan's chords.

    Bars follow a four-letter form; a letter's second appearance keeps its rhythm and contour, moved onto the new
    chord; the last bar of each phrase comes to rest.
    """
    lead, grid = plan.style.lead, plan.grid
    letters = _FORMS[int(rng.integers(len(_FORMS)))]
    # A slow bar has room for more notes than a fast one.
    bar_s = grid.step_s * grid.steps_per_bar
    wanted = max(2.0, lead.notes * plan.busy * min(1.3, max(0.55, bar_s / 2.3)))
    motifs = {letter: _motif(plan, wanted, rng) for letter in sorted(set(letters))}
    rests = {letter: float(rng.random()) < lead.rest for letter in motifs}
    rests[letters[0]] = False
    scale = _scale(plan)
    anchor = float(centre)
    out: list[Tune] = []
    for bar in range(grid.bars):
        place = bar % 4
        letter = letters[place]
        last = place == 3 or bar == grid.bars - 1
        again = bar >= 4
        if rests[letter] and not (again and float(rng.random()) < 0.4):
            continue
        motif = motifs[letter]
        if again and float(rng.random()) < 0.35:
            motif = _ornament(motif, rng)
        tunes = _bar_notes(plan, bar, motif, scale, anchor=anchor, last=last, rng=rng)
        if tunes:
            anchor = 0.5 * anchor + 0.2 * tunes[-1].midi + 0.3 * centre
        out.extend(tunes)
    return out


def _scale(plan: Plan) -> tuple[int, ...]:
    steps = MODES[plan.key.mode]
    if plan.style.lead.scale == "pentatonic":
        steps = _PENTATONIC[plan.key.is_minor]
    return tuple((plan.key.tonic + step) % 12 for step in steps)


def _motif(plan: Plan, wanted: float, rng: np.random.Generator) -> _Motif:
    """Return a rhythm of about ``wanted`` notes in a bar that leans on the beats, and a contour of small steps."""
    grid = plan.grid
    steps = np.arange(grid.steps_per_bar)
    weight = np.where(np.isin(steps, grid.beats), 3.0, np.where(steps % 2 == 0, 2.2, 0.35))
    weight[0] = 4.0
    weight[-2:] *= 0.3
    count = int(np.clip(round(wanted + rng.normal(0, 0.8)), 2, grid.steps_per_bar // 2))
    onsets = np.sort(rng.choice(steps, size=count, replace=False, p=weight / weight.sum()))
    if float(rng.random()) < 0.3:
        onsets = np.unique(np.minimum(onsets + 2, grid.steps_per_bar - 1))  # begins after the beat
    moves = rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 2, 4], size=onsets.size)
    # A leap is answered by a step the other way.
    for i in range(1, moves.size):
        if abs(moves[i - 1]) >= 3:
            moves[i] = -np.sign(moves[i - 1])
    return _Motif(tuple(int(o) for o in onsets), tuple(int(m) for m in moves))


def _ornament(motif: _Motif, rng: np.random.Generator) -> _Motif:
    moves = list(motif.moves)
    moves[int(rng.integers(len(moves)))] += int(rng.choice([-1, 1]))
    return _Motif(motif.onsets, tuple(moves))


def _bar_notes(
    plan: Plan, bar: int, motif: _Motif, scale: tuple[int, ...], *, anchor: float, last: bool, rng: np.random.Generator
) -> list[Tune]:
    """Lay the motif over a bar's chord from the chord tone nearest to ``anchor``; a ``last`` bar comes to rest."""
    chord = plan.chords[bar]
    grid = plan.grid
    onsets = motif.onsets
    if last and len(onsets) > 2:
        onsets = onsets[: max(2, len(onsets) * 2 // 3)]
    # Notes of the scale that do not grate on the chord: a semitone above a chord tone is avoided when held.
    tones = chord.pitch_classes
    ladder = [p for p in range(round(anchor) - 12, round(anchor) + 13) if p % 12 in scale or p % 12 in tones]
    ladder = [p for p in ladder if (p - 1) % 12 not in tones or p % 12 in tones]
    here = min(range(len(ladder)), key=lambda i: abs(ladder[i] - nearest(anchor, tones)))
    out: list[Tune] = []
    for i, onset in enumerate(onsets):
        following = onsets[i + 1] if i + 1 < len(onsets) else grid.steps_per_bar
        pitch = ladder[here]
        strong = onset in grid.beats[::2] or (last and i == len(onsets) - 1)
        if strong:
            pitch = nearest(pitch, tones[:4])
        length = min(following - onset, 8 if not last else 12)
        force = 0.62 + (0.16 if onset in grid.beats else 0.0) + float(rng.normal(0, 0.05))
        out.append(Tune(bar, onset, length, pitch, min(1.0, max(0.3, force))))
        here = int(np.clip(here + motif.moves[i], 2, len(ladder) - 3))
    return out
