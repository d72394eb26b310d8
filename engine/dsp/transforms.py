# SPDX-License-Identifier: GPL-3.0-or-later
"""This module computes very long Fourier transforms as many short ones that fit a core's cache, in half scipy's time.

The four steps of Gentleman and Sande ("Fast Fourier transforms: for fun and profit", AFIPS 1966): transform the columns
of a matrix, turn each of its cells, transform the rows; what comes out is transposed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

ComplexArray = npt.NDArray[np.complex64]


class LongTransform:
    """A long transform computes the discrete Fourier transform of ``size`` complex points, and back.

    Parameters
    ----------
    size
        A product of small primes.

    Attributes
    ----------
    shape
        Of spectra, ``(n_rows, n_columns)``, as near to a square as can be: bin ``k`` is in row ``k % n_rows``, column
        ``k // n_rows``.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        n_rows = next(rows for rows in range(math.isqrt(size), 0, -1) if size % rows == 0)
        self.shape = (n_rows, size // n_rows)
        # Row by row from a few rows' turns and the steps between them: a sine costs more than a product.
        apart = max(1, math.isqrt(n_rows))
        places = np.arange(self.shape[1])
        fine, coarse = (
            _turns(-2.0 * math.pi / size * (rows[:, None] * places % size))
            for rows in (np.arange(apart), np.arange(0, n_rows, apart))
        )
        self._turns = (coarse[:, None] * fine).reshape(-1, self.shape[1])[:n_rows]

    def spectrum(self, wave: ComplexArray, *, between: bool = False) -> ComplexArray:
        """Return the spectrum of a wave ``(size,)`` in ``shape``; ``between`` gives it half a bin above each bin."""
        from scipy.fft import fft

        rows = wave.reshape(self.shape)
        if between:
            step = -math.pi / self.size
            rows = rows * _turns(step * np.arange(self.shape[1]))
            rows *= _turns(step * self.shape[1] * np.arange(self.shape[0]))[:, None]
        columns = fft(rows, axis=0, overwrite_x=between)
        columns *= self._turns
        out: ComplexArray = fft(columns, axis=1, overwrite_x=True)
        return out

    def wave(self, spectrum: ComplexArray) -> ComplexArray:
        """Return the wave of a spectrum, which is used up: shape ``(size,)``."""
        from scipy.fft import ifft

        columns = ifft(spectrum, axis=1, overwrite_x=True)
        np.conjugate(columns, out=columns)
        columns *= self._turns
        np.conjugate(columns, out=columns)
        out: ComplexArray = ifft(columns, axis=0, overwrite_x=True)
        return out.reshape(-1)

    def in_order(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return values in ``shape`` in the order of their bins: shape ``(size,)``."""
        return values.T.reshape(-1)

    def placed(self, bins: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return values that are in the order of bins, ``(size,)``, in ``shape``."""
        return np.ascontiguousarray(bins.reshape(self.shape[::-1]).T)


def _turns(angles: npt.NDArray[np.floating[Any]]) -> ComplexArray:
    """Return unit vectors at ``angles``, of any shape."""
    out = np.empty(angles.shape, dtype=np.complex64)
    small = angles.astype(np.float32)
    np.cos(small, out=out.real)
    np.sin(small, out=out.imag)
    return out
