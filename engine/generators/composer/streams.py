# SPDX-License-Identifier: GPL-3.0-or-later
"""Random streams: each decision of a piece draws from its own, so that one that changes leaves all others alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np


class Streams:
    """The random streams of a piece are named after what is decided with them.

    Parameters
    ----------
    seed
        Any whole number; the same seed and name give the same numbers.
    kept
        Other seeds for some concerns, by the first part of a stream's name: what a piece takes over from one before.
    """

    def __init__(self, seed: int, kept: Mapping[str, int] | None = None) -> None:
        self._seed, self._kept = seed, dict(kept or {})

    def with_seed(self, concern: str, seed: int) -> Streams:
        """Return the same streams with another seed for one concern."""
        return Streams(self._seed, {**self._kept, concern: seed})

    def __call__(self, *names: str | int) -> np.random.Generator:
        """Return the stream of that name, at its beginning."""
        seed = self._kept.get(str(names[0]), self._seed)
        digest = hashlib.sha256("\0".join(map(str, names)).encode()).digest()
        return np.random.default_rng([abs(seed), int(seed < 0), *np.frombuffer(digest[:16], "<u4").tolist()])
