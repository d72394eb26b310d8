# SPDX-License-Identifier: GPL-3.0-or-later
"""A deck's insert: the effects that its sound goes through, exchanged without a click."""

from __future__ import annotations

from collections import deque

import numpy as np

from engine.playback.mix.effects import EffectChain
from engine.playback.mix.fades import MOST_SAMPLES, Workspace
from engine.values import FloatArray


class Insert:
    """An effect chain or none. Changes are crossfaded; one that comes during another waits, the last one winning.

    Parameters
    ----------
    rising
        Incoming gains of the crossfade, float32, shape ``(n_samples,)``; the outgoing ones are what they lack to 1.
    retired
        Takes what is let go of: it is freed in another thread.
    """

    def __init__(self, chain: EffectChain | None, rising: FloatArray, retired: deque[object]) -> None:
        self._chain = chain
        self._rising = rising
        self._retired = retired
        self._old: EffectChain | None = None
        self._done = len(rising)
        self._queued: list[EffectChain | None] = []

    @property
    def is_empty(self) -> bool:
        """Whether sound passes as it is."""
        return self._chain is None and self._done == len(self._rising)

    def change(self, chain: EffectChain | None, *, at_once: bool) -> None:
        """Go on through ``chain``; ``at_once`` where nothing was heard yet."""
        if at_once:
            self._retired.append(self._chain)
            self._chain = chain
        elif self._done < len(self._rising):
            self._retired.extend(self._queued)
            self._queued = [chain]
        else:
            self._old, self._chain, self._done = self._chain, chain, 0

    def straight_samples(self) -> int:
        """How many samples can be processed before a change is complete."""
        return len(self._rising) - self._done or MOST_SAMPLES

    def process(self, samples: FloatArray, work: Workspace) -> None:
        """Put ``samples``, shape ``(at most straight_samples(), n_channels)``, through the effects, in place."""
        n = len(samples)
        if self._done == len(self._rising):
            if self._chain is not None:
                np.copyto(samples, self._chain.process(samples))
            return
        old = work.third[:n]
        np.copyto(old, samples)
        if self._old is not None:
            np.copyto(old, self._old.process(old))
        if self._chain is not None:
            np.copyto(samples, self._chain.process(samples))
        # old + g (new - old): where neither does anything nothing is changed.
        np.subtract(samples, old, out=samples)
        np.multiply(samples, self._rising[self._done : self._done + n, None], out=samples)
        np.add(samples, old, out=samples)
        self._done += n
        if self._done == len(self._rising):
            self._retired.append(self._old)
            self._old = None
            if self._queued:
                self.change(self._queued.pop(), at_once=False)
