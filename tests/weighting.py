# SPDX-License-Identifier: GPL-3.0-or-later
"""The K-weighting of ITU-R BS.1770 by pyloudnorm's filters: the peer of the studio's own."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


def k_weighted(wave: npt.NDArray[np.float64], sample_rate: int) -> npt.NDArray[np.float64]:
    """Return one channel weighted as pyloudnorm's meter weights it, shape ``(n_samples,)``."""
    from pyloudnorm.iirfilter import IIRfilter

    # The two stages of its Meter, with their gain (dB), quality and corner (Hz).
    stages = (
        IIRfilter(4.0, 1.0 / math.sqrt(2.0), 1500.0, sample_rate, "high_shelf"),
        IIRfilter(0.0, 0.5, 38.0, sample_rate, "high_pass"),
    )
    for stage in stages:
        wave = np.asarray(stage.apply_filter(wave))
    return wave
