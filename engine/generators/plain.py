# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes plain what a generator tells: it may be anybody's, and what it says goes to windows and networks.

A word that makes no sense is left out, as if it had not been told; a result that is no clip is refused.
"""

from __future__ import annotations

import math
from collections.abc import Generator as Steps
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import SupportsFloat, SupportsInt

from engine.errors import GeneratorOutputBad
from engine.generators.base import Generation
from engine.values import Clip, ClipResult, Family, Licence, MusicFacts, Progress
from engine.values.played import PlayedScore

_MOST_CHARACTERS = 200
_MOST_WORDS = 64
_MOST_BPM, _MOST_BEATS, _MOST_BARS = 2000.0, 64, 1024
_MOST_SEED = 2**63 - 1


def with_plain_words(generation: Generation, generator: str) -> Steps[Progress, None, ClipResult]:
    """Yield and return what a generation does, in Python's own numbers and words that can be shown and sent.

    Parameters
    ----------
    generator
        The generator's title, for the error.

    Raises
    ------
    GeneratorOutputBad
        What it returns is no result with a clip.
    """
    try:
        while True:
            try:
                progress = next(generation)
            except StopIteration as end:
                return _result(end.value, generator)
            yield replace(
                progress,
                fraction=_share(progress.fraction),
                stage=plain_words(progress.stage) or "generating",
                left_s=_number(progress.left_s, 0.0, math.inf),
            )
    finally:
        generation.close()


def _result(told: object, generator: str) -> ClipResult:
    if not isinstance(told, ClipResult):
        raise GeneratorOutputBad(generator=generator, detail=f"instead of a clip it returned {type(told).__name__}")
    others = tuple(_result(one, generator) for one in _many(told.others))
    return replace(_one(told, generator), others=tuple(replace(one, others=()) for one in others))


def _one(made: ClipResult, generator: str) -> ClipResult:
    told = _table(made.stems)
    stems = {plain_words(name): one for name, one in told.items() if isinstance(one, Clip)}
    if not isinstance(made.clip, Clip) or len(stems) < len(told):
        raise GeneratorOutputBad(generator=generator, detail="it holds something that is no sound")
    return replace(
        made,
        facts=_facts(made.facts),
        seed=_whole(made.seed, 0, _MOST_SEED),
        versions={plain_words(name): plain_words(version) for name, version in _table(made.versions).items()},
        stems=stems,
        family=made.family if isinstance(made.family, Family) else None,
        score=made.score if isinstance(made.score, PlayedScore) else None,
        asked_bars=_whole(made.asked_bars, 1, _MOST_BARS),
        licence=made.licence if isinstance(made.licence, Licence) else None,
    )


def _facts(told: object) -> MusicFacts:
    if not isinstance(told, MusicFacts):
        return MusicFacts()
    return MusicFacts(
        tempo_bpm=_number(told.tempo_bpm, 1.0, _MOST_BPM),
        key=plain_words(told.key) if isinstance(told.key, str) else None,
        beats_per_bar=_whole(told.beats_per_bar, 1, _MOST_BEATS),
        bars=_whole(told.bars, 1, _MOST_BARS),
        tags=tuple(plain_words(one) for one in _many(told.tags)),
    )


def _many(told: object) -> tuple[object, ...]:
    return tuple(told)[:_MOST_WORDS] if isinstance(told, Iterable) and not isinstance(told, str | bytes) else ()


def _table(told: object) -> dict[object, object]:
    return dict(list(told.items())[:_MOST_WORDS]) if isinstance(told, Mapping) else {}


def plain_words(told: object) -> str:
    """Return words that can be written as UTF-8, not too many."""
    return "" if told is None else str(told)[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _share(told: object) -> float | None:
    number = _number(told, -math.inf, math.inf)
    return None if number is None else min(max(number, 0.0), 1.0)


def _number(told: object, low: float, high: float) -> float | None:
    """Return a finite number within its bounds as Python's own, whichever library's it is; None for anything else."""
    if not isinstance(told, SupportsFloat):
        return None
    try:
        number = float(told)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and low <= number <= high else None


def _whole(told: object, low: int, high: int) -> int | None:
    if not isinstance(told, SupportsInt):
        return None
    try:
        number = int(told)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if low <= number <= high else None
