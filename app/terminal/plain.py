# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain lines are what a terminal that cannot be drawn upon gets, and what a pipe gets: said as things happen."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Callable

from app import streams

LISTEN_S = 0.05
"""Seconds between two looks at what the engine has told."""
MOST_LINE = 65_536


class PlainLines:
    """Plain lines are read from stdin, each a command, and written to stdout, until ``exit`` is called.

    Parameters
    ----------
    listen
        Lets what the engine tells arrive; called often.
    run
        Carries a line out.
    ended
        Called once when there are no more lines to read.
    """

    def __init__(self, *, listen: Callable[[], None], run: Callable[[str], None], ended: Callable[[], None]) -> None:
        self._listen, self._run, self._ended = listen, run, ended
        self._exit_code: int | None = None
        self._buffer = b""
        self._is_read = False

    def say(self, text: str, level: str) -> None:
        """Write lines: answers and news to stdout, what went wrong to stderr."""
        stream = sys.stderr if level in ("warning", "error") else sys.stdout
        for line in text.split("\n"):
            print(streams.harmless(line), file=stream, flush=True)

    def exit(self, exit_code: int) -> None:
        """Return from ``loop`` soon."""
        self._exit_code = exit_code

    def loop(self) -> int:
        """Read and listen until ``exit``; return its exit code."""
        while self._exit_code is None:
            self._listen()
            if self._is_read:
                select.select([], [], [], LISTEN_S)
            elif select.select([0], [], [], LISTEN_S)[0]:
                self._read()
        return self._exit_code

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            try:
                more = os.read(0, 4096)
            except OSError:
                more = b""
            self._buffer += more
            *lines, self._buffer = self._buffer.split(b"\n")
            if (self._buffer and not more) or len(self._buffer) > MOST_LINE:
                lines.append(self._buffer)
                self._buffer = b""
            for line in lines:
                if self._exit_code is None:
                    self._run(line.decode("utf-8", "replace"))
            if not more:
                self._is_read = True
                self._ended()
