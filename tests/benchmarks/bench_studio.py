# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells how soon the window is usable and AVVIA is heard, and what playing costs: memory, work."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.rows import BenchRow
from tests.benchmarks.screen import stage

ROOT = Path(__file__).parents[2]
RUNS = 7
LATENCY_S = 0.2
MOST_WORK = 2.0
"""Percent of a core that the window's process may take while music plays and no panel is shown."""

PEER = "import time, PySide6.QtWidgets, pyqtgraph; print(time.time())"


def rows() -> list[BenchRow]:
    """Measure on a screen and a sound server of our own."""
    with stage() as (environment, _server):
        _cold_start(environment)
        starts, peers = [], []
        for _ in range(RUNS):
            starts.append(_cold_start(environment))
            peers.append(_peer(environment))
        heard = [_script("avvia", environment) for _ in range(5)]
        memory = _script("memory", environment)
        work = _script("work", environment)
    sound_ms = statistics.median(one["sound_ms"] for one in heard)
    return [
        BenchRow(
            "window usable after a start",
            statistics.median(starts),
            "s",
            "importing Qt and pyqtgraph alone",
            statistics.median(peers),
            "<= 1.0 s",
        ),
        BenchRow(
            "AVVIA to sound on the sink's monitor (steps of 50 ms)",
            sound_ms,
            "ms",
            "the device's latency",
            statistics.median(one["latency_ms"] for one in heard),
            "<= latency + 150 ms",
        ),
        BenchRow(
            "memory of the window's process, last 3/4 of 1 h played",
            memory["growth_mb"],
            "MB more",
            "its memory at the first quarter (MB)",
            memory["quarter_mb"],
            "flat",
        ),
        *(
            BenchRow(
                f"the window's process while music plays, {title}",
                work[name],
                "% of a core",
                "the same music with every panel shown",
                work["inspect"],
                f"<= {MOST_WORK:g} %",
            )
            for name, title in (("small", "small window"), ("mini", "Mini"))
        ),
    ]


def _cold_start(environment: dict[str, str]) -> float:
    """Return the seconds from starting the process to a painted window that answers."""
    return _timed([sys.executable, "-m", "tests.benchmarks.studio_script", "start"], environment)


def _peer(environment: dict[str, str]) -> float:
    return _timed([sys.executable, "-c", PEER], environment)


def _timed(command: list[str], environment: dict[str, str]) -> float:
    began = time.time()
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return float(done.stdout.split()[-1]) - began


def _script(what: str, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.studio_script", what]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=900)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
