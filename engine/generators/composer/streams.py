# SPDX-License-Identifier: GPL-3.0-or-later
"""Random streams: each decision of a piece draws from its own, so that one that changes leaves all others alone."""

from __future__ import annotations

import hashlib

import numpy as np


class Streams:
    """The random streams of a piece are named after what is decided with them.

    Parameters
    ----------
    seed
        Any whole number; the same seed and name give the same numbers.
    """

    def __init__(self, seed: int) -> None:
        self._seed = [abs(seed), int(seed < 0)]

    def __call__(self, *names: str | int) -> np.random.Generator:
        """Return the stream of that name, at its beginning."""
        digest = hashlib.sha256("\0".join(map(str, names)).encode()).digest()
        return np.random.default_rng([*self._seed, *np.frombuffer(digest[:16], "<u4").tolist()])
