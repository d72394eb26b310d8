# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns a long call that calls back at each step into steps, at each of which it can be cancelled."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from collections.abc import Generator as Steps
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Told = TypeVar("Told")
Result = TypeVar("Result")


class Stopped(Exception):
    """This is raised in a call that was cancelled, by what it calls back."""


def stepped(work: Callable[[Callable[[Told], None]], Result]) -> Steps[Told, None, Result]:
    """Run ``work`` in a thread of its own; yield all that it tells, and return what it returns.

    ``work`` waits at each thing that it tells until the next is asked for. Closing the steps raises ``Stopped`` there,
    in ``work``, and waits for its end: nothing goes on behind them. What it raises is raised here.
    """
    told: queue.SimpleQueue[Told | Future[Result]] = queue.SimpleQueue()
    goes_on = threading.Semaphore(0)
    is_stopped = threading.Event()

    def tell(one: Told) -> None:
        if not is_stopped.is_set():
            told.put(one)
            goes_on.acquire()
        if is_stopped.is_set():
            raise Stopped

    with ThreadPoolExecutor(1, "diffusion") as thread:
        thread.submit(work, tell).add_done_callback(told.put)
        try:
            while not isinstance(one := told.get(), Future):
                yield one
                goes_on.release()
            return one.result()
        finally:
            is_stopped.set()
            goes_on.release()
