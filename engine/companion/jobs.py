# SPDX-License-Identifier: GPL-3.0-or-later
"""These messages cross between the companion's process and its owner."""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.base import GeneratorSettings
from engine.values import Clip
from engine.values.play_along import AlongOrder

TITLE = "The companion"
"""Name of what plays along, as people read it."""


@dataclass(frozen=True, eq=False, slots=True)
class PredictJob:
    """This job asks the process to play along with a recording; see ``engine.companion.predicting.predicted``."""

    job_id: int
    recording: Clip
    order: AlongOrder
    settings: GeneratorSettings
    needs_beat: bool


@dataclass(frozen=True, eq=False, slots=True)
class Predicted:
    """A prediction is what the process answers a job with; ``JobFailed`` where it cannot."""

    job_id: int
    clip: Clip
