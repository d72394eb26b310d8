# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that waits on a network is done aside, in a thread, so that a generation that waits for it can be cancelled."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Mapping
from typing import TypeVar

STEP_S = 0.1
"""Seconds between two looks at whether it is done."""

Name = TypeVar("Name")
Done = TypeVar("Done")


class Aside(Mapping[Name, Done | Exception]):
    """These are pieces of work, all done at once, and what each of them has returned or raised so far.

    A thread that is not waited for ends by itself: all that it may do has time limits.
    """

    def __init__(self, work: Mapping[Name, Callable[[], Done]]) -> None:
        self._told: queue.SimpleQueue[tuple[Name, Done | Exception]] = queue.SimpleQueue()
        self._done: dict[Name, Done | Exception] = {}
        self.n_pieces = len(work)
        for name, piece in work.items():
            threading.Thread(target=self._do, args=(name, piece), name="remote", daemon=True).start()

    def _do(self, name: Name, piece: Callable[[], Done]) -> None:
        done: Done | Exception
        try:
            done = piece()
        except Exception as error:  # noqa: BLE001 - the thread's boundary: it is raised where it is waited for
            done = error
        self._told.put((name, done))

    def wait(self) -> bool:
        """Wait for one more piece, for ``STEP_S`` at most; return whether all are done."""
        try:
            name, done = self._told.get(timeout=STEP_S)
            self._done[name] = done
        except queue.Empty:
            pass
        return len(self._done) == self.n_pieces

    def __getitem__(self, name: Name) -> Done | Exception:
        return self._done[name]

    def __iter__(self) -> Generator[Name, None, None]:
        yield from self._done

    def __len__(self) -> int:
        return len(self._done)


def aside(work: Callable[[], Done]) -> Generator[None, None, Done]:
    """Do one piece of work aside; yield while it goes on, then return or raise what it did."""
    pieces: Aside[str, Done] = Aside({"": work})
    while not pieces.wait():
        yield
    done = pieces[""]
    if isinstance(done, Exception):
        raise done
    return done
