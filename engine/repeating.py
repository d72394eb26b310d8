# SPDX-License-Identifier: GPL-3.0-or-later
"""This module repeats a measurement by a thread of its own, for as long as it is open."""

from __future__ import annotations

import threading
from typing import Self


class Repeating:
    """A repeating measurement calls ``_again`` every ``every_s`` seconds while it is open.

    Parameters
    ----------
    name
        Of the thread.
    """

    def __init__(self, name: str, every_s: float) -> None:
        self._every_s = every_s
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name=name)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _repeat(self) -> None:
        while not self._ending.wait(self._every_s):
            self._again()

    def _again(self) -> None:
        raise NotImplementedError
