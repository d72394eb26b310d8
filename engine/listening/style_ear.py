# SPDX-License-Identifier: GPL-3.0-or-later
"""The ear for styles tells which of the composer's styles a recording sounds most like.

It compares how loud each band is, how much that moves and how it rises with what pieces of each style are like, by the
distance of linear discriminant analysis (Fisher, "The use of multiple measurements in taxonomic problems", 1936).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from engine.dsp.features import rises
from engine.values import FloatArray

WEIGHTS_FILE = Path(__file__).resolve().parents[2] / "resources" / "listening" / "styles.npz"


@dataclass(frozen=True, eq=False, slots=True)
class StyleEar:
    """An ear for styles.

    Attributes
    ----------
    names
        Of the styles.
    whitening
        What brings features to where pieces of one style are spread evenly, ``(n_features, n_features)``.
    centres
        Where the pieces of each style are there, ``(n_styles, n_features)``.
    """

    names: tuple[str, ...]
    whitening: FloatArray
    centres: FloatArray

    def likest(self, mel_db: FloatArray) -> tuple[str, ...]:
        """Return the names of all styles, the one first that music sounds most like, by ``Frames.mel_db``."""
        away = np.linalg.norm(style_features(mel_db) @ self.whitening - self.centres, axis=1)
        return tuple(self.names[at] for at in away.argsort(kind="stable"))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return it by names in a file."""
        return {
            "names": np.array(self.names),
            "whitening": self.whitening.astype(np.float32),
            "centres": self.centres.astype(np.float32),
        }

    @classmethod
    def of(cls, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Return the inverse of ``arrays``. Raises KeyError where one is missing."""
        return cls(tuple(map(str, arrays["names"])), arrays["whitening"], arrays["centres"])

    @classmethod
    def learnt(cls, features: FloatArray, names: tuple[str, ...], ridge: float = 0.3) -> Self:
        """Return the ear that has heard pieces of styles: features ``(n_pieces, n_features)`` and their names."""
        styles = tuple(sorted(set(names)))
        number = np.array([styles.index(one) for one in names])
        centres = np.stack([features[number == one].mean(axis=0) for one in range(len(styles))])
        within = features - centres[number]
        spread = within.T @ within / len(features)
        spread += ridge * np.trace(spread) / len(spread) * np.eye(len(spread))
        values, vectors = np.linalg.eigh(spread)
        whitening = vectors / np.sqrt(values)
        return cls(styles, whitening, centres @ whitening)


def style_features(mel_db: FloatArray) -> FloatArray:
    """Return what tells styles apart, ``(3 * N_MELS + 1,)``: means and spreads of the bands, and how they rise."""
    rising = rises(mel_db) if len(mel_db) > 1 else np.zeros_like(mel_db)
    parts = [mel_db.mean(axis=0) / 10.0, mel_db.std(axis=0) / 5.0, rising.mean(axis=0) * 2.0]
    out: FloatArray = np.append(np.concatenate(parts), 2.0 * np.log2(rising.mean() + 0.1))
    return out


@lru_cache(maxsize=1)
def style_ear() -> StyleEar:
    """Return the ear that the studio is shipped with."""
    with np.load(WEIGHTS_FILE) as arrays:
        return StyleEar.of(dict(arrays))
