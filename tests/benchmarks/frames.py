# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames are painted and timed in a process that has a screen of its own; what all such benchmarks share is here."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.rows import BenchRow
from tests.xvfb import screen

N_FRAMES = 60


def measured(module: str) -> list[BenchRow]:
    """Return the rows that a benchmark prints when it is run as a programme, on a screen of its own."""
    with screen() as environment:
        command = [sys.executable, "-m", module]
        done = subprocess.run(
            command, env=environment, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True
        )
    return [BenchRow(**row) for row in json.loads(done.stdout)]


def hand_over(rows: Iterable[BenchRow]) -> None:
    """Print rows as ``measured`` takes them."""
    sys.stdout.write(json.dumps([asdict(row) for row in rows]))


def median_ms(
    step: Callable[[int], None],
    n_frames: int = N_FRAMES,
    *,
    n_before: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the median time of ``step(i)``, ms, after a few to warm up."""
    times = []
    for i in range(n_before + n_frames):
        started = clock()
        step(i)
        times.append(clock() - started)
    return 1000.0 * statistics.median(times[n_before:])


def settle() -> None:
    """Let Qt show what was shown, and paint it."""
    from PySide6.QtWidgets import QApplication

    for _ in range(5):
        QApplication.processEvents()
        time.sleep(0.02)
