# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that crosses a process: requests and results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.values.audio import Clip
from engine.values.loops import MusicFacts


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """What a generator is asked for. ``seed=None`` lets the generator choose; the recipe tells what it chose."""

    job_id: int
    prompt: str
    generator: str
    model: str
    duration_s: float
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes
    ----------
    fraction
        In [0, 1], or None when the job cannot tell.
    left_s
        Estimated seconds left, or None.
    stage
        Short English word for what is being done ("composing"), translated where it is shown.
    """

    job_id: int
    fraction: float | None
    stage: str
    left_s: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class ClipResult:
    """A generated clip with what its generator knows of it.

    Attributes
    ----------
    seed
        The seed that was used, or None for a generator that takes none.
    versions
        Names and versions of what made it, for the recipe.
    """

    job_id: int
    clip: Clip
    facts: MusicFacts
    seed: int | None
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job's end without a result. ``error`` may be ``Cancelled``."""

    job_id: int
    error: Exception
