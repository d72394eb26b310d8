# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells how soon a library of 20 000 takes is open and listed, with its index and without."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.library.audiofile import write_clip
from engine.library.indexed_folder import INDEX_NAME, TAKES_NAME
from engine.library.starters import load_starters
from engine.library.takes import TakeLibrary
from tests.benchmarks.rows import BenchRow

N_TAKES = 20_000
RUNS = 5
SHOWN = 200
"""Number of takes that the window reads at first."""
STARTERS = Path(__file__).parents[2] / "resources" / "starters"
BOUND = "<= 0.3 s"


def rows() -> list[BenchRow]:
    """Measure in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="infiniloop-bench-") as name:
        folder = Path(name)
        fill(folder, N_TAKES)
        names_s = _median(lambda: len(os.listdir(folder / TAKES_NAME)))  # noqa: PTH208 - what the library does
        anew_s = _timed(lambda: _list(folder))
        with TakeLibrary(folder) as library:
            began_s = time.perf_counter()
            library.settle()
            settled_s = time.perf_counter() - began_s
        _list(folder)
        open_s = _median(lambda: _list(folder))
        with TakeLibrary(folder) as library:
            last = library.ids()[-SHOWN:]
            page_s = _median(lambda: library.read(last))
    listing = "listing the folder's names alone"
    return [
        BenchRow("20 000 takes: opened and listed", open_s, "s", listing, names_s, BOUND),
        BenchRow("20 000 takes without an index: opened and listed", anew_s, "s", listing, names_s, BOUND),
        BenchRow("… the index filled, in slices", settled_s, "s", listing, names_s, "in idle time"),
        BenchRow("… its last 200 takes, once it is open", page_s, "s", listing, names_s, "<= 0.05 s"),
    ]


def fill(folder: Path, n_takes: int) -> None:
    """Make a library of so many takes without an index, as a studio leaves them; all share one sound on the disk."""
    takes = folder / TAKES_NAME
    takes.mkdir(parents=True)
    starter = load_starters(STARTERS)[0]
    sound = folder / "sound.flac"
    write_clip(sound, starter.clip)
    for number in range(n_takes):
        take_id = f"20260102T{number:012d}Z-{number:08x}"
        os.link(sound, takes / f"{take_id}.flac")
        recipe = replace(starter.recipe, title=f"Title {number}", seed=number)
        (takes / f"{take_id}.json").write_text(json.dumps(recipe.as_dict(), indent=2))
    (folder / INDEX_NAME).unlink(missing_ok=True)


def _list(folder: Path) -> None:
    with TakeLibrary(folder) as library:
        assert len(library.ids()) == N_TAKES
        assert len(library.takes(SHOWN)) == SHOWN


def _median(deed: Callable[[], object]) -> float:
    return statistics.median(_timed(deed) for _ in range(RUNS))


def _timed(deed: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    deed()
    return time.perf_counter() - began_s
