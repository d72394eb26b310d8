# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``make bench`` prints every benchmark as one table; ``python -m tests.benchmarks loops`` only some."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tests.benchmarks.rows import BenchRow

LAYOUT = "{:<58} {:>11} {:<9} {:<46} {:>11}  {}"


def main() -> int:
    """Run the benchmarks named on the command line, or all."""
    wanted = sys.argv[1:]
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    chosen = [name for name in names if not wanted or name.removeprefix("bench_") in wanted]
    print(LAYOUT.format("what", "figure", "", "reference, same run", "figure", "should be"))
    for name in chosen:
        rows: list[BenchRow] = importlib.import_module(f"tests.benchmarks.{name}").rows()
        for row in rows:
            figures = f"{row.figure:.4g}", f"{row.reference_figure:.4g}"
            print(LAYOUT.format(row.name, figures[0], row.unit, row.reference, figures[1], row.bound), flush=True)
    return 0 if chosen else 2


if __name__ == "__main__":
    raise SystemExit(main())
