# SPDX-License-Identifier: GPL-3.0-or-later
"""A takeover's crossfade has the gains of both its sides, as the mixer applies them and as a picture shows them."""

from __future__ import annotations

from bisect import bisect_right

from engine.dsp.seam import fade_gains
from engine.playback.mix.fades import CrossfadeSide, bass_swap
from engine.units import ms_to_samples
from engine.values import FadeCurve, FloatArray, TransitionPlan

BASS_SWAP_MS = 200.0
"""Milliseconds in which low bands are exchanged, unless a quarter of the crossfade is shorter."""


class Crossfade:
    """A crossfade is made ready from a plan, in the commanding thread; its sides take no time to make.

    Parameters
    ----------
    swaps_bass
        Whether the low bands can be exchanged in its middle.
    """

    def __init__(self, plan: TransitionPlan, sample_rate: int, *, swaps_bass: bool) -> None:
        self._curve = plan.curve
        self._entries = plan.entries
        self._correlations = plan.correlations
        # The law at ρ = 0, over which each side computes its own.
        shape = FadeCurve.SMOOTH if plan.curve is FadeCurve.SMOOTH else FadeCurve.EQUAL_POWER
        self._rising: FloatArray = fade_gains(shape, 0.0, plan.n_samples)[1][:, 0]
        self._bass: tuple[FloatArray, FloatArray] | None = None
        self.swap_samples = 0
        """Length in samples of the bass swap, which ends with the crossfade's middle; 0 where there is none."""
        if swaps_bass:
            self.swap_samples = max(1, min(plan.n_samples // 4, ms_to_samples(BASS_SWAP_MS, sample_rate)))
            rising = fade_gains(FadeCurve.EQUAL_POWER, 0.0, self.swap_samples)[1][:, 0]
            self._bass = bass_swap(plan.n_samples, rising)

    def side(self, *, rises: bool, correlation: float, bass: bool) -> CrossfadeSide:
        """Return the incoming side, or an outgoing one; ``bass`` has its low band exchanged, where that can be."""
        return CrossfadeSide(self._rising, rises=rises, correlation=correlation, bass=self._bass if bass else None)

    def correlation_at(self, place: int, *, at_once: float) -> float:
        """Return the correlation by which both sides are blended where the leading loop is at ``place``.

        ``at_once`` is what was measured for a takeover that may begin anywhere.
        """
        if self._curve is FadeCurve.EQUAL_GAIN:
            return 1.0
        if self._curve is not FadeCurve.MATCHED:
            return 0.0
        if not self._entries:
            return at_once
        entry = bisect_right(self._entries, place) - 1
        return self._correlations[entry] if entry < len(self._correlations) else 0.0
