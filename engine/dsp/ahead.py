# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has threads compute a bounded way ahead of the one that takes what they computed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def map_ahead(pool: Executor, compute: Callable[[_In], _Out], values: Iterable[_In], n_ahead: int) -> Iterator[_Out]:
    """Yield what comes of each value, in order, while at most ``n_ahead`` are computed or wait to be taken.

    ``Executor.map`` takes such a bound from Python 3.14 on (``buffersize``).
    """
    waiting: deque[Future[_Out]] = deque()
    for value in values:
        waiting.append(pool.submit(compute, value))
        if len(waiting) >= n_ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
