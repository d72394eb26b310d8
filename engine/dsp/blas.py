# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps BLAS to one thread at a time: our matrices are small, and our own threads already use the cores."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any


def one_blas_thread() -> AbstractContextManager[Any]:
    """Return a context within which each matrix product runs on the thread that asks for it.

    OpenBLAS wakes all its threads for every product and lets them spin, which more than doubles the time of a search.
    """
    return _controller().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
