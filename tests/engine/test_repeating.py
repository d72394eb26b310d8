# SPDX-License-Identifier: GPL-3.0-or-later
"""A repeated measurement goes on while it is open, and not a moment longer."""

from __future__ import annotations

import threading

from engine.repeating import Repeating


class _Counting(Repeating):
    def __init__(self) -> None:
        super().__init__("counting", 0.001)
        self.n, self.has_counted = 0, threading.Event()

    def _again(self) -> None:
        self.n += 1
        if self.n == 3:
            self.has_counted.set()


def test_again_and_again_until_it_is_closed() -> None:
    with _Counting() as counting:
        assert counting.has_counted.wait(10.0)
    n = counting.n
    assert "counting" not in [thread.name for thread in threading.enumerate()]
    assert counting.n == n >= 3
