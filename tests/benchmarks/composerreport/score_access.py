# SPDX-License-Identifier: GPL-3.0-or-later
"""The report reaches the composer's brief, plan and score through this file alone.

What the composer's own files are called and how they are put together may change; this file is then what changes here.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer import COMPOSER_SAMPLE_RATE, Composer
from engine.generators.composer.making import written as write
from engine.generators.composer.prompt import Brief, read_prompt
from engine.generators.composer.score import Score
from engine.values import ClipRequest, ClipResult
from tests.benchmarks.composerreport.notes import Line, Played, Stroke, Written

RATE = COMPOSER_SAMPLE_RATE
"""Sample rate in Hz of what is composed."""


@dataclass(frozen=True, slots=True)
class Read:
    """A reading is what the composer says it understood of a prompt."""

    style: str | None
    unknown: tuple[str, ...]
    nearest: tuple[str, ...]
    refused: tuple[str, ...]


def request_of(prompt: str, seed: int, duration_s: float) -> ClipRequest:
    """Return the request of a person who types a prompt and sets a duration."""
    return ClipRequest(1, prompt, "composer", "", duration_s, seed)


def compose(request: ClipRequest) -> ClipResult:
    """Return the clip that the composer makes."""
    return finished(Composer().generate(request, GeneratorSettings()))


def read(prompt: str) -> Read:
    """Return what the composer understands of a prompt."""
    brief: Brief = read_prompt(prompt)
    return Read(brief.style, brief.unknown, tuple(word for word, _ in brief.nearest), brief.refused)


def written(request: ClipRequest) -> Written:
    """Return the score of a request, without its sound."""
    return _as_notes(write(request, GeneratorSettings(), request.seed or 0)[1])


def first_clip_code(prompt: str, duration_s: float) -> str:
    """Return the program of a fresh process that composes one clip, as ``python -c`` takes it."""
    return (
        "from tests.benchmarks.composerreport.score_access import compose, request_of; "
        f"compose(request_of({prompt!r}, 1, {duration_s!r}))"
    )


def _as_notes(score: Score) -> Written:
    grid = score.plan.grid
    lines = tuple(
        Line(
            part.style.role,
            part.instrument,
            tuple(Played(note.start / RATE, note.gate_s, note.midi, note.force) for note in part.notes),
        )
        for part in score.parts
    )
    return Written(
        style=score.plan.style.name,
        tonic=score.plan.key.tonic,
        is_minor=score.plan.key.is_minor,
        bars=grid.bars,
        bar_s=grid.bar_samples / RATE,
        beats_per_bar=grid.metre[0],
        steps_per_bar=grid.steps_per_bar,
        lines=lines,
        strokes=tuple(Stroke(hit.start / RATE, hit.piece, hit.force) for hit in score.hits),
    )
