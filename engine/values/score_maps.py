# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds the score maps: why a loop of every start and every length would hold, drawn in cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.values.arrays import FloatArray, IntArray, read_only
from engine.values.audio import LoopRegion
from engine.values.loops import LoopMetrics, MetricWeights

METRIC_NAMES = ("spectral", "waveform", "beat", "phase")
"""Names of the layers of score maps, in their order: those of the metrics."""


@dataclass(frozen=True, slots=True)
class MapWindow:
    """A map window says which loops a map shows: starts and lengths, half open, in samples of the clip."""

    first_start: int
    last_start: int
    shortest: int
    longest: int

    @classmethod
    def of_all(cls, n_samples: int, sample_rate: int) -> MapWindow:
        """Return the window with every loop of a clip, from ``SHORTEST_S`` on (all of a clip that is shorter)."""
        shortest = min(round(SHORTEST_S * sample_rate), n_samples // 2)
        return cls(0, max(1, n_samples - shortest), shortest, n_samples + 1)


SHORTEST_S = 0.25
"""Length in seconds of the shortest loop that a map of a whole clip shows."""


@dataclass(frozen=True, eq=False, slots=True)
class ScoreMaps:
    """Score maps say how well loops of every start and length would join, a layer a metric.

    A cell stands for one loop, the most promising of those that start in it and last so long; all layers tell of it.

    Attributes
    ----------
    layers
        Metrics of the cells' loops (``engine.loops.many``): float32, read-only, shape ``(4, n_lengths, n_starts)`` in
        the order of ``METRIC_NAMES``, in [0, 1]; NaN where no loop may be.
    starts, lengths
        Those loops, in samples: int64, read-only, shape ``(n_lengths, n_starts)``; 0 where no loop may be.
    window
        What the cells cover evenly: row ``i`` has lengths from ``i``, column ``j`` starts from ``j`` steps on.
    shares
        Usual shares of the four metrics in a total (``engine.loops.metrics.WEIGHTS``).
    n_samples, sample_rate
        Of the clip.
    """

    layers: FloatArray
    starts: IntArray
    lengths: IntArray
    window: MapWindow
    shares: LoopMetrics
    n_samples: int
    sample_rate: int

    def __post_init__(self) -> None:
        for name in ("layers", "starts", "lengths"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows (lengths) and columns (starts)."""
        return int(self.starts.shape[0]), int(self.starts.shape[1])

    @property
    def steps(self) -> tuple[float, float]:
        """Return the samples per row and per column, not whole."""
        n_rows, n_columns = self.shape
        window = self.window
        return (window.longest - window.shortest) / n_rows, (window.last_start - window.first_start) / n_columns

    def total(self, weights: MetricWeights) -> FloatArray:
        """Return the cells' weighted totals, shape ``(n_lengths, n_starts)``, in [0, 1]; NaN where no loop may be."""
        n_rows, n_columns = self.shape
        shares = weights.shares(self.shares)
        out: FloatArray = (shares @ self.layers.reshape(len(METRIC_NAMES), -1)).reshape(n_rows, n_columns)
        return out

    def cell(self, start: float, length: float) -> tuple[int, int] | None:
        """Return the row and column of loops of this start and length in samples; None outside of the window."""
        row_step, column_step = self.steps
        row = int((length - self.window.shortest) // row_step)
        column = int((start - self.window.first_start) // column_step)
        return (row, column) if 0 <= row < self.shape[0] and 0 <= column < self.shape[1] else None

    def region(self, row: int, column: int) -> LoopRegion | None:
        """Return the loop that a cell stands for; None where no loop may be."""
        length = int(self.lengths[row, column])
        start = int(self.starts[row, column])
        return LoopRegion(start, start + length) if length > 0 else None

    def metrics(self, row: int, column: int) -> LoopMetrics | None:
        """Return the metrics of the loop that a cell stands for; None where no loop may be."""
        values = self.layers[:, row, column]
        return None if np.isnan(values[0]) else LoopMetrics(*(float(value) for value in values))
