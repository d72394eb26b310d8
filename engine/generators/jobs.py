# SPDX-License-Identifier: GPL-3.0-or-later
"""These jobs are what a generator's process is asked: to make a clip, or to leave it, or endless music."""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.base import GeneratorSettings
from engine.values import ClipRequest


@dataclass(frozen=True, slots=True)
class GenerateJob:
    """This job tells the generator process to make a clip, instead of any other it is making.

    Attributes
    ----------
    as_delivered
        Whether the clip is wanted as its generator delivers it, for another machine's gate to let in.
    """

    request: ClipRequest
    settings: GeneratorSettings
    as_delivered: bool = False


@dataclass(frozen=True, slots=True)
class CancelJob:
    """This job tells the generator process to stop making a clip, and is ignored when that is not being made."""

    job_id: int


@dataclass(frozen=True, slots=True)
class LeaveJob:
    """This job tells the generator process that endless music has ended, by its name; nothing answers it."""

    music: str
