# SPDX-License-Identifier: GPL-3.0-or-later
"""Feel: swing, and how people's timing and force wander.

Deviations of people who play in time are correlated from note to note, about as 1/f noise (Sogorski, Geisel and
Priesemann, PLOS ONE 13(1), 2018): what is played together is early or late together.
"""

from __future__ import annotations

import numpy as np

from engine.generators.composer.plan import Plan

_OWN_SHARE = 0.25  # of a deviation that each note has for itself


class Feel:
    """A feel tells when and how hard a player plays what is written.

    Parameters
    ----------
    rng
        The player's own stream.
    """

    def __init__(self, plan: Plan, rng: np.random.Generator) -> None:
        grid, style = plan.grid, plan.style
        self._grid = grid
        self._swing, self._swing_unit = plan.swing, style.swing_unit
        self._rng = rng
        self._spread_s = style.human_ms / 2000.0
        self._loose = 0.03 + 0.004 * style.human_ms
        self._late = _wander(grid.bars * grid.steps_per_bar, rng)
        self._hard = _wander(grid.bars * grid.steps_per_bar, rng)

    def start(self, bar: int, step: float, late_ms: float = 0.0) -> int:
        """Return the sample at which a note on ``step`` of ``bar`` begins."""
        grid = self._grid
        unit = 16 // self._swing_unit
        swung = self._swing * unit / 2 if grid.metre[1] == 4 and step % (2 * unit) == unit else 0.0
        # Swung eighths take the sixteenths around them along.
        if unit == 2 and grid.metre[1] == 4 and step % 4 in {1, 3}:
            swung = self._swing * 0.5
        own = _OWN_SHARE * float(self._rng.normal())
        away_s = self._spread_s * (self._at(self._late, bar, step) + own) + late_ms / 1000.0
        return grid.at(bar, step + swung) + round(away_s * grid.sample_rate)

    def force(self, force: float, bar: int, step: float) -> float:
        """Return how hard a note is played, in [0.12, 1], that is written with ``force``."""
        away = self._at(self._hard, bar, step) + 0.5 * float(self._rng.normal())
        return float(min(1.0, max(0.12, force * (1.0 + self._loose * away))))

    def _at(self, wander: np.ndarray[tuple[int], np.dtype[np.float64]], bar: int, step: float) -> float:
        return float(wander[(bar * self._grid.steps_per_bar + int(step)) % wander.size])


def _wander(n: int, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return ``n`` values of cyclic 1/f noise with standard deviation 1."""
    spectrum = np.fft.rfft(rng.standard_normal(max(8, n)))
    spectrum[0] = 0.0
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    out = np.fft.irfft(spectrum, max(8, n))
    return np.asarray(out / max(1e-9, float(out.std())))
