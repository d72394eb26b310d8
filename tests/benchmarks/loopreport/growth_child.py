# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the loops of one file in a process of its own and prints, as JSON, how long it took and how much memory.

``python -m tests.benchmarks.loopreport.growth_child FILE``
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from engine.library.soundfiles import open_sound
from engine.loops.finder import find_loops, warm_up
from engine.values import LoopSearch


def peak_mb() -> float:
    """The most memory this process ever held, MB.

    Linux' own count for this programme alone: ``ru_maxrss`` may be that of the process which started it.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024.0
    raise OSError("this system does not tell a process' peak memory in /proc/self/status")


def main() -> None:
    """Import and warm up, note the memory, find, note it again."""
    warm_up()
    before_mb = peak_mb()
    start = time.perf_counter()
    with open_sound(sys.argv[1]) as sound:
        find_loops(sound, LoopSearch())
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "before_mb": before_mb, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
