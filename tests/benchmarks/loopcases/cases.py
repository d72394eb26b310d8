# SPDX-License-Identifier: GPL-3.0-or-later
"""A case is a clip and what is known of its loop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import platformdirs

from engine.values import Clip

Kind = Literal["planted", "performed", "real", "none"]
Split = Literal["dev", "held_out"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SPLITS: tuple[Split, ...] = get_args(Split)

DoubleArray = npt.NDArray[np.float64]


class MaterialMissing(Exception):
    """Material for the cases is not on this machine; the sentence says how to get it."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The known answer.

    Attributes
    ----------
    period_samples
        Planted: the period, whole. Performed: the phrase, which may last a fraction of a sample more.
    first, last
        The repeats lie in ``[first, last)``.
    """

    period_samples: float
    first: int
    last: int


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """One clip to find a loop in.

    Attributes
    ----------
    truth
        None for "real" and "none".
    story
        How the case was made, for the person who reads of its failure.
    """

    name: str
    kind: Kind
    clip: Clip
    truth: Truth | None
    story: str = ""


def cache_folder() -> Path:
    """Return the folder where what was downloaded, rendered and made is kept between runs."""
    folder: Path = platformdirs.user_cache_path("infiniloop-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def case_rng(kind: Kind, split: Split, index: int, attempt: int = 0) -> np.random.Generator:
    """Return the random stream of one case, the same whatever else is made."""
    return np.random.default_rng([KINDS.index(kind), SPLITS.index(split), index, attempt])


def rms(samples: npt.NDArray[np.floating]) -> float:
    """Return the root mean square over everything, at least 1e-9."""
    return max(1e-9, float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))))


def at_peak(samples: npt.NDArray[np.floating], peak: float) -> npt.NDArray[np.float32]:
    """Return ``samples`` scaled so that the highest is ``peak``."""
    return (samples * (peak / max(1e-9, float(np.abs(samples).max())))).astype(np.float32)
