# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures how long it is silent when a part is killed, and when the sound server goes and comes back.

As a program (``python -m …playbackreport.recovery``) it runs on a sound server of its own and prints JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.soundserver import SoundServer

if TYPE_CHECKING:
    from app.commands.rehearsal import Rehearsal

ROOT = Path(__file__).parents[3]
AWAY_S = 4.0
LIMIT_S = 30.0
RUN_LIMIT_S = 300.0
LATENCY_MS = 60


@dataclass(frozen=True, slots=True)
class Recovered:
    """The recovery from one fault: how long it took, and how long it may take."""

    what: str
    took_s: float
    goal_s: float


def recoveries() -> list[Recovered]:
    """Return all recoveries, measured by a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.playbackreport.recovery"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=RUN_LIMIT_S)
    return [Recovered(**one) for one in json.loads(done.stdout)]


def _measure(server: SoundServer) -> list[Recovered]:
    from dataclasses import replace

    from app.commands.rehearsal import DEVICE_LOST_S, playing
    from app.settings import Settings

    with playing(replace(Settings(), latency_ms=LATENCY_MS)) as rehearsal:
        steps = [Recovered(one.step, one.silent_s, one.goal_s) for one in rehearsal.steps()]
        rehearsal.wants_device(wanted=False)
        rehearsal.watch.begin()
        began = time.monotonic()
        server.stop()
        _until(rehearsal, lambda: not rehearsal.device_now)
        told_s = time.monotonic() - began
        _until(rehearsal, lambda: time.monotonic() - began > AWAY_S)
        still_s = rehearsal.watch.silent_s
        steps.append(Recovered("the sound server dies: the music stands still for", still_s, DEVICE_LOST_S))
        steps.append(Recovered("the sound server dies: it is told after", told_s, DEVICE_LOST_S))
        server.start()
        began = time.monotonic()
        _until(rehearsal, lambda: bool(rehearsal.device_now))
        steps.append(Recovered("the sound server is back: heard there after", time.monotonic() - began, DEVICE_LOST_S))
    return steps


def _until(rehearsal: Rehearsal, condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < give_up
        rehearsal.live(0.005)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="recovery-") as home:
        server = SoundServer(Path(home))
        server.start()
        os.environ.update(server.environment)
        try:
            json.dump([asdict(one) for one in _measure(server)], sys.stdout)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
