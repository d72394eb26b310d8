# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives the score away: what is heard in the clip, for people and other programs."""

from __future__ import annotations

from engine.generators.composer.chord_names import chord_name
from engine.generators.composer.general_midi import drum_note, kit_program, program_of
from engine.generators.composer.guided import placed
from engine.generators.composer.sampled import velocity
from engine.generators.composer.score import Score, part_names
from engine.values import PlayedChord, PlayedHit, PlayedNote, PlayedPart, PlayedScore


def played_score(score: Score) -> PlayedScore:
    """Return what is played in the clip, every start within it, as the clip wraps."""
    grid = score.plan.grid
    n, rate = grid.n_samples, grid.sample_rate
    parts = []
    for name, part in zip(part_names(score.parts), score.parts, strict=True):
        notes = [
            PlayedNote(one.start % n, max(1, round(one.gate_s * rate)), one.midi, velocity(one.force))
            for one in part.notes
        ]
        notes.sort(key=lambda one: (one.start, one.midi))
        parts.append(PlayedPart(name, program_of(part.instrument), tuple(notes)))
    hits = [PlayedHit(one.start % n, drum_note(one.piece), velocity(one.force)) for one in score.hits]
    return PlayedScore(
        n_samples=n,
        sample_rate=rate,
        bars=grid.bars,
        metre=grid.metre,
        key=score.plan.key.name,
        # Drums alone have no harmony.
        chords=_chords(score) if score.parts else (),
        parts=tuple(parts),
        hits=tuple(sorted(hits, key=lambda one: (one.start, one.midi))),
        drum_program=kit_program(score.kit),
    )


def _chords(score: Score) -> tuple[PlayedChord, ...]:
    """Return the changes; a chord that only goes on is not told again."""
    plan = score.plan
    if plan.guide is not None and plan.guide.chords:
        given = placed(plan.guide, plan.grid.bars, plan.grid.steps_per_bar, plan.grid.metre[0])
        named = [(bar, step, name) for bar, step, name, _chord in given]
    else:
        harmony = enumerate(plan.harmony)
        named = [(bar, one.step, chord_name(one.chord, plan.key)) for bar, changes in harmony for one in changes]
    told: list[PlayedChord] = []
    for bar, step, name in named:
        start = plan.grid.at(bar, step)
        # Of beats that a bar of a recording does not have, the last chord is the one that goes on.
        if told and start <= told[-1].start:
            told.pop()
        if start < plan.grid.n_samples and (not told or told[-1].name != name):
            told.append(PlayedChord(start, name))
    return tuple(told)
