# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-generators``, or ``python -m tests.benchmarks.generators``: seconds of compute for a second of music.

Models have their real shapes and random weights, which take as long as the real ones. Each generator is a module beside
this one with ``rows(asked)``; ``--only musicgen`` chooses.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import time
from pathlib import Path

from tests.benchmarks.generators.asked import Asked
from tests.benchmarks.rows import BenchRow

LAYOUT = "{:<66} {:>10} {:<12} {:<48} {:>10}  {}"
NAMES = tuple(sorted({path.stem for path in Path(__file__).parent.glob("[a-z]*.py")} - {"asked"}))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), help="only these generators")
    parser.add_argument("--quick", action="store_true", help="the smallest model, a second of each")
    parser.add_argument("--models", nargs="+", default=[], help="only these models")
    parser.add_argument("--batches", nargs="+", type=int, default=[1, 2, 4], help="clips beside one another (1 2 4)")
    told = parser.parse_args()
    asked = Asked(told.quick, tuple(told.models), tuple(told.batches))
    cores = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"{time.strftime('%Y-%m-%d')}, {cores}")
    print(LAYOUT.format("what", "figure", "", "reference, same run", "figure", "should be"))
    for name in told.only:
        for row in importlib.import_module(f"tests.benchmarks.generators.{name}").rows(asked):
            _show(row)
    return 0


def _show(row: BenchRow) -> None:
    figures = f"{row.figure:.4g}", f"{row.reference_figure:.4g}"
    print(LAYOUT.format(row.name, figures[0], row.unit, row.reference, figures[1], row.bound), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
