# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion plays along with the judged pieces, by the built-in composer as it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.companion.play_along import play_along
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.values import Clip
from engine.values.play_along import AlongOrder, PlayedAlong
from tests.benchmarks.composerreport.table import figure
from tests.benchmarks.continuereport.tables import Outcome, groups

Judged = TypeVar("Judged")
DoubleArray = npt.NDArray[np.float64]


def played(recording: Clip, order: AlongOrder) -> PlayedAlong:
    """Return what is played along with a recording."""
    settings = GeneratorSettings()
    return play_along(recording, order, lambda request: finished(make_clip(request, settings)))


def off_grid_s(times_s: Sequence[float] | DoubleArray, grid_s: DoubleArray) -> DoubleArray:
    """Return how far each time is from the nearest one of a rising grid, seconds."""
    times = np.asarray(times_s, dtype=np.float64)
    after = np.clip(np.searchsorted(grid_s, times), 1, len(grid_s) - 1)
    nearest: DoubleArray = np.minimum(np.abs(times - grid_s[after - 1]), np.abs(grid_s[after] - times))
    return nearest


def by_group(
    outcomes: Sequence[Outcome],
    judge: Callable[[Outcome], Judged],
    head: Sequence[str],
    measure: Callable[[Sequence[Judged]], Sequence[float]],
    digits: Sequence[int],
) -> str:
    """Return a Markdown table with a row for each group: each piece is judged once, each group measured."""
    known = {id(one): judge(one) for one in outcomes}
    lines = [f"| pieces | n | {' | '.join(head)} |", f"|---|---|{'---|' * len(head)}"]
    for title, some in groups(outcomes):
        values = measure([known[id(one)] for one in some])
        cells = [figure(value, places) for value, places in zip(values, digits, strict=True)]
        lines.append(f"| {title} | {len(some)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def share(is_so: Sequence[bool] | npt.NDArray[np.bool_]) -> float:
    """Return the share of what is so, per cent; NaN of nothing."""
    return 100.0 * float(np.mean(is_so)) if len(is_so) else float("nan")
