# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals are told seldom: a program that sends the same wrong verb a thousand times fills no console."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.errors import MoreRefused, StudioError

EVERY_S = 1.0
"""Seconds from one line to the next, at least."""


class Seldom:
    """This tells one refusal at once, and those that follow within ``every_s`` by their number, from another thread.

    Parameters
    ----------
    tell
        Told each error that a person is to read.
    """

    def __init__(self, tell: Callable[[StudioError], None], every_s: float = EVERY_S) -> None:
        self._tell, self._every_s = tell, every_s
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._n_more = 0

    def refuse(self, error: StudioError) -> None:
        """Tell this, or count it."""
        with self._lock:
            if self._timer is not None:
                self._n_more += 1
                return
            self._wait()
        self._tell(error)

    def close(self) -> None:
        """Tell the number of those that were not told yet."""
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        self._tell_more()

    def _wait(self) -> None:
        self._timer = threading.Timer(self._every_s, self._on_time)
        self._timer.daemon = True
        self._timer.start()

    def _on_time(self) -> None:
        with self._lock:
            if self._timer is None:
                return
            self._timer = None
            if self._n_more:
                self._wait()
        self._tell_more()

    def _tell_more(self) -> None:
        with self._lock:
            n_more, self._n_more = self._n_more, 0
        if n_more:
            self._tell(MoreRefused(n=n_more))
