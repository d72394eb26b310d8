# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells how many seconds of music the composer writes and plays per second, on one core."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

import numpy as np

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer import COMPOSER_SAMPLE_RATE, Composer
from engine.generators.composer.styles import styles
from engine.values import ClipRequest, ClipResult
from tests.benchmarks.rows import BenchRow

DURATION_S = 20.0
_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_REFERENCE_VOICES = 8


def rows() -> list[BenchRow]:
    """Measure every style in a process that has one core, and in the same run the bare sine reference."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_composer"],
        env={**os.environ, **_ONE_CORE},
        capture_output=True,
        text=True,
        check=True,
    )
    median, slowest, reference = (float(word) for word in done.stdout.split())
    name = f"{_REFERENCE_VOICES} stereo float64 sines of the same length, nothing else"
    return [
        BenchRow("composer, median style", median, "x real time", name, reference, ">= 30"),
        BenchRow("composer, slowest style", slowest, "x real time", name, reference, ">= 30"),
    ]


def _compose(name: str) -> ClipResult:
    request = ClipRequest(0, name, "composer", "", DURATION_S, 1)
    return finished(Composer().generate(request, GeneratorSettings()))


def _speed(name: str) -> float:
    started_s = time.perf_counter()
    clip_s = _compose(name).clip.duration_s
    return clip_s / (time.perf_counter() - started_s)


def _reference_speed() -> float:
    started_s = time.perf_counter()
    t = np.arange(int(DURATION_S * COMPOSER_SAMPLE_RATE)) / COMPOSER_SAMPLE_RATE
    out = np.zeros((2, t.size))
    for voice in range(_REFERENCE_VOICES):
        for side in range(2):
            out[side] += np.sin(2 * np.pi * (220.0 + 55.0 * voice + side) * t)
    return DURATION_S / (time.perf_counter() - started_s)


def _main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    _compose("lofi")  # imports scipy
    speeds = [max(_speed(name) for _ in range(2)) for name in styles()]
    reference = statistics.median(_reference_speed() for _ in range(5))
    sys.stdout.write(f"{statistics.median(speeds)} {min(speeds)} {reference}\n")


if __name__ == "__main__":
    _main()
