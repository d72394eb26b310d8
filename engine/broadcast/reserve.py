# SPDX-License-Identifier: GPL-3.0-or-later
"""The reserve has loops that play for ever, for when nothing comes from the studio."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.errors import StudioError
from engine.library.starters import load_starters
from engine.units import seconds_to_samples
from engine.values import FloatArray

_log = logging.getLogger(__name__)

EACH_S = 60.0
"""Seconds for which a loop plays, at least, before the next one follows."""
BLEND_S = 3.0
"""Seconds in which one gives way to the next."""


class Reserve:
    """A reserve plays its loops one after the other, each to a line of its own.

    Parameters
    ----------
    loops
        float32 of shape ``(n_samples, 2)``, each without a seam; at least one.
    sample_rate
        Hz.
    """

    def __init__(self, loops: Sequence[FloatArray], sample_rate: int) -> None:
        self._loops, self._rate = list(loops), sample_rate
        self._current, self._at = 0, 0
        self._n_blend = seconds_to_samples(BLEND_S, sample_rate)

    def take(self, n_samples: int) -> FloatArray:
        """Return the next samples, float32 of shape ``(n_samples, 2)``."""
        out = np.empty((n_samples, 2), dtype=np.float32)
        done = 0
        while done < n_samples:
            until = self._plays_for(self._current)
            if self._at >= until:
                self._current, self._at = (self._current + 1) % len(self._loops), self._n_blend
                until = self._plays_for(self._current)
            n = min(n_samples - done, until - self._at)
            out[done : done + n] = self._piece(self._current, self._at, n)
            into = self._at + n - (until - self._n_blend)
            if into > 0 and len(self._loops) > 1:
                self._blend(out[done : done + n], into)
            self._at += n
            done += n
        return out

    def _plays_for(self, number: int) -> int:
        """Return for how many samples a loop plays: whole turns, and the blend into the next."""
        n = len(self._loops[number])
        return n * -(-seconds_to_samples(EACH_S, self._rate) // n) + self._n_blend

    def _piece(self, number: int, at: int, n_samples: int) -> FloatArray:
        loop = self._loops[number]
        return loop[np.arange(at, at + n_samples) % len(loop)]

    def _blend(self, out: FloatArray, into: int) -> None:
        """Mix the next loop into the end of these samples, at which ``into`` samples of the blend are over."""
        n = min(into, len(out))
        share = (np.arange(into - n, into, dtype=np.float32) / np.float32(self._n_blend))[:, None]
        coming = self._piece((self._current + 1) % len(self._loops), into - n, n)
        # Two loops have nothing in common: their powers add up.
        out[-n:] = out[-n:] * np.cos(0.5 * np.pi * share) + coming * np.sin(0.5 * np.pi * share)


def starters_reserve(folder: Path, sample_rate: int) -> Reserve | None:
    """Return a reserve of the loops that ship with the studio; None where they cannot be read."""
    try:
        loops = [
            one.clip.samples[one.recipe.loop.region.loop_start : one.recipe.loop.region.loop_end]
            for one in load_starters(folder)
            if one.clip.sample_rate == sample_rate
        ]
    except (StudioError, OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("there is no reserve: %s", error)
        return None
    return Reserve([_stereo(one) for one in loops], sample_rate) if loops else None


def _stereo(samples: FloatArray) -> FloatArray:
    return samples if samples.shape[1] == 2 else np.repeat(samples[:, :1], 2, axis=1)
