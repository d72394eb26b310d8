# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the soaking scripts on a screen and a sound server of their own, and takes what they tell."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.screen import stage
from tests.dropouts import Dropout
from tests.soak.memory import Held
from tests.soak.window import Heard

ROOT = Path(__file__).parents[2]
_EXTRA_S = 300.0


@dataclass(frozen=True, eq=False, slots=True)
class StudioSoaked:
    """What every process of a studio held over hours of music, and how many loops led."""

    memory: list[list[Held]]
    n_loops: int


def soak_window(seconds: float) -> Heard:
    """``tests.soak.window.listen`` in a process of its own."""
    told = _script("window", seconds, seconds + _EXTRA_S)
    told["dropouts"] = tuple(Dropout(**one) for one in told["dropouts"])
    return Heard(**{**told, "held_s": tuple(told["held_s"]), "rounds_s": tuple(told["rounds_s"])})


def soak_studio(hours: float) -> StudioSoaked:
    """The whole studio at an accelerated clock."""
    told = _script("studio", hours, 3600.0 * hours + _EXTRA_S)
    return StudioSoaked([[Held(**one) for one in moment] for moment in told["memory"]], told["n_loops"])


def _script(what: str, amount: float, limit_s: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.soak.script", what, str(amount)]
    with stage() as (environment, _):
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=limit_s)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
