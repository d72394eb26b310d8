# SPDX-License-Identifier: GPL-3.0-or-later
"""This job reads the recipe that a sound carries, in the library's process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.worker.jobs import run

if TYPE_CHECKING:
    from engine.library.carried import AnyCarried


@dataclass(frozen=True, slots=True)
class RecipeJob:
    """Read the recipe of the sound at ``path``. Answered by ``RecipeRead``."""

    job_id: int
    path: str


@dataclass(frozen=True, slots=True)
class RecipeRead:
    """The recipe; None where the sound carries none."""

    job_id: int
    path: str
    carried: AnyCarried | None


@run.register
def _(job: RecipeJob) -> RecipeRead:
    from engine.library.carried import recipe_of

    return RecipeRead(job.job_id, job.path, recipe_of(job.path))
