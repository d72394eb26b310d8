# SPDX-License-Identifier: GPL-3.0-or-later
"""This program finds the loops of one file and prints, as JSON, how long that took and how much memory.

``python -m tests.benchmarks.loopreport.growth_child FILE``
"""

from __future__ import annotations

import json
import sys
import time

from engine.library.soundfiles import open_sound
from engine.loops.finder import find_loops, warm_up
from engine.values import LoopSearch
from tests.memory import peak_mib


def main() -> None:
    """Import and warm up, note the memory, find, note it again."""
    warm_up()
    before_mb = peak_mib()
    start = time.perf_counter()
    with open_sound(sys.argv[1]) as sound:
        find_loops(sound, LoopSearch())
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "before_mb": before_mb, "peak_mb": peak_mib()}))


if __name__ == "__main__":
    main()
