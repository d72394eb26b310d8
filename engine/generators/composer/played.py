# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives the score away: what is heard in the clip, for people and other programs."""

from __future__ import annotations

from engine.generators.composer.along import given_chords
from engine.generators.composer.chord_names import chord_name
from engine.generators.composer.general_midi import drum_note, kit_program, program_of
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
    if plan.guide is not None:
        return given_chords(plan)
    told: list[PlayedChord] = []
    for bar, changes in enumerate(plan.harmony):
        for change in changes:
            name = chord_name(change.chord, plan.key)
            if not told or told[-1].name != name:
                told.append(PlayedChord(plan.grid.at(bar, change.step) % plan.grid.n_samples, name))
    return tuple(told)
