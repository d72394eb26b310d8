# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the band: how far off the beat it plays with players, and whether it knows the round the third time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.companion.band.band import BandOrder
from engine.companion.band.simulated import LATE_S, Accompanied, accompanied
from engine.generators.base import GeneratorSettings
from tests.benchmarks.composerreport.table import figure
from tests.benchmarks.continuereport.tables import Outcome
from tests.engine.companion.band.players import Performance, perform

TITLE = "The band"
GOAL = "≤ 40 ms off the beat in the median after eight beats of a steady player, ≤ 60 ms where the tempo drifts by 3 %"

_STEADY: tuple[dict[str, Any], ...] = (
    {"bpm": 100.0},
    {"bpm": 84.0, "pattern": "ballad"},
    {"bpm": 120.0, "pattern": "eighths"},
    {"bpm": 132.0, "instrument": "guitar"},
    {"bpm": 72.0},
    {"bpm": 108.0, "pattern": "waltz"},
    {"bpm": 96.0, "chords": "Dm G C Am F E Am E", "bars": 32},
)
_DRIFTING: tuple[dict[str, Any], ...] = tuple(one | {"drift": 0.03} for one in _STEADY)
_FIRST_BEATS, _ROUNDS = 8, 2


def text(_outcomes: Sequence[Outcome]) -> str:
    """Return the table as Markdown; players of its own are accompanied block by block, as if live."""
    lines = [
        "| player | tempo | off the beat, ms, median | 90 % within | chords right, third round on, % | begins, s "
        "| share of real time |",
        "|---|---|---|---|---|---|---|",
    ]
    for title, some in (("steady", _STEADY), ("drifts by 3 %", _DRIFTING)):
        rows = [_row(perform(**one)) for one in some]
        for one, row in zip(some, rows, strict=True):
            name = f"{title}, {one.get('instrument', 'piano')}, {one.get('pattern', 'pop')}"
            lines.append(f"| {name} | {one['bpm']:.0f} | {_cells(row)} |")
        lines.append(f"| **{title}, median** | | {_cells(tuple(np.nanmedian(np.array(rows), axis=0)))} |")
    note = f"What is played is known to the band {1000.0 * LATE_S:.0f} ms later, and a plan as late as that again."
    return "\n".join([*lines, "", note])


def _cells(row: Sequence[float]) -> str:
    return " | ".join(figure(value, digits) for value, digits in zip(row, (1, 1, 0, 1, 2), strict=True))


def _row(performance: Performance) -> tuple[float, ...]:
    started = time.perf_counter()
    *_, band = accompanied(performance.clip, BandOrder(seed=1), GeneratorSettings())
    share = (time.perf_counter() - started) / performance.clip.duration_s
    assert isinstance(band, Accompanied)
    true = performance.beats_s
    beats = [one for one in band.beats if true[_FIRST_BEATS] <= one.time_s < true[-1]]
    if not beats:
        return (float("nan"),) * 3 + (float("nan"), share)
    off_ms = 1000.0 * np.array([np.abs(true - one.time_s).min() for one in beats])
    round_beats = _round_of(performance.chords)
    late = [one for one in beats if one.time_s >= true[min(_ROUNDS * round_beats, len(true) - 1)]]
    right = [performance.chords[int(np.abs(true - one.time_s).argmin())] == one.chord for one in late]
    chords = 100.0 * float(np.mean(right)) if right else float("nan")
    begins_s = beats[0].time_s - true[0]
    return float(np.median(off_ms)), float(np.quantile(off_ms, 0.9)), chords, begins_s, share


def _round_of(chords: Sequence[str]) -> int:
    """Return after how many beats the chords come again."""
    n = len(chords)
    return next(lag for lag in range(1, n + 1) if all(chords[at] == chords[at - lag] for at in range(lag, n)))
