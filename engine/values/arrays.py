# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes arrays read-only, as values hold them."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
ByteArray = npt.NDArray[np.uint8]
IntArray = npt.NDArray[np.int64]

_DType = TypeVar("_DType", bound=np.generic)


def read_only(array: npt.NDArray[_DType]) -> npt.NDArray[_DType]:
    """Return the same array (C-contiguous), refusing writes."""
    out = np.ascontiguousarray(array)
    if out is array and out.flags.writeable:
        out = out.view()
    out.flags.writeable = False
    return out
