# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed is seconds of music per second on one core, for each style; and the first clip of a fresh process is timed.

Time is the processor's own, of one thread on one core: on an idle machine it is the clock's, on a busy one it still is
the composer's. ``python -m tests.benchmarks.composerreport.speed WORD…`` prints what one process measures.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.composerreport import score_access

CLIP_S = 30.0
"""Length of the clips that are timed, in seconds."""

_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_FIRST_RUNS = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast it composes: each style's seconds of music per second, and the first clip's seconds."""

    by_word: dict[str, float]
    first_s: float

    @property
    def median(self) -> float:
        return float(np.median(list(self.by_word.values())))

    @property
    def slowest(self) -> tuple[str, float]:
        return min(self.by_word.items(), key=lambda one: one[1])


def speed(words: list[str]) -> Speed:
    """Measure these styles in a process of its own, and first clips in fresh ones."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.composerreport.speed", *words],
        env={**os.environ, **_ONE_CORE},
        capture_output=True,
        text=True,
        check=True,
    )
    by_word: dict[str, float] = json.loads(done.stdout)
    return Speed(by_word, min(_first_clip_s(words[0]) for _ in range(_FIRST_RUNS)))


def _first_clip_s(word: str) -> float:
    """Return the processor's seconds of a whole fresh process that composes one clip, Python's start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", score_access.first_clip_code(word, CLIP_S)]
    subprocess.run(command, env={**os.environ, **_ONE_CORE}, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    score_access.compose(score_access.request_of("lofi", 1, 5.0))  # imports SciPy
    speeds = {}
    for word in sys.argv[1:]:
        started_s = time.process_time()
        result = score_access.compose(score_access.request_of(word, 7, CLIP_S))
        speeds[word] = result.clip.duration_s / (time.process_time() - started_s)
    print(json.dumps(speeds))


if __name__ == "__main__":
    _main()
