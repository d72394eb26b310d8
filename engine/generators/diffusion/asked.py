# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what one of the families is asked to paint, in its own rate and channels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.values import FloatArray, LoopRegion, Parameters

Tell = Callable[[float], None]
"""This function is told how far the work is, in [0, 1]; it raises ``Stopped`` where that was cancelled."""

PAINTED = 0.9
"""Share of the work that is done after the last step: what remains is to make sound of it."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A hole is the part of a source that is painted anew, seconds from its start."""

    start_s: float
    end_s: float


@dataclass(frozen=True, eq=False, slots=True)
class Ask:
    """One call of a pipeline, for one clip or several of the same words.

    Attributes
    ----------
    n_samples
        Length of what is painted, in samples of the model's rate.
    wanted
        Which of these samples are wanted.
    seeds
        The seed of each clip.
    device
        What computes.
    negative
        What is not to be heard, or "".
    source
        What is restyled, or has a hole, float32, shape ``(n_channels, n_samples)``; None where nothing is.
    strength
        How far the source is restyled, in (0, 1).
    hole
        What of the source is painted anew.
    bpm, key, beats
        Tempo, key and beats a bar, where they are told to the model.
    values
        The values of the family's parameters.
    """

    prompt: str
    n_samples: int
    wanted: LoopRegion
    seeds: tuple[int, ...]
    values: Parameters
    device: str = "cpu"
    negative: str = ""
    source: FloatArray | None = None
    strength: float | None = None
    hole: Hole | None = None
    bpm: float | None = None
    key: str | None = None
    beats: int | None = None

    def number(self, name: str, usual: float) -> float:
        """Return a number that was set, the usual one where it is left to the model."""
        return self.values.number(name) if self.values.get(name, 0) else usual

    def padded(self, n_samples: int) -> FloatArray:
        """Return the source with silence after it, or cut, so that it has so many samples."""
        if self.source is None:
            raise ValueError("there is no source")
        out = np.zeros((self.source.shape[0], n_samples), dtype=np.float32)
        n = min(n_samples, self.source.shape[1])
        out[:, :n] = self.source[:, :n]
        return out
