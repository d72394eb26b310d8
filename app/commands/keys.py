# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads single keys from a terminal, which is left as it was found whatever happens."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any, Self, TextIO

_ARROWS = {"\x1b[C": "n", "\x1b[D": "p", "\x1b[A": "+", "\x1b[B": "-"}


class Keys:
    """The keys are a context in which they come one by one, unechoed. Without a terminal on stdin there are none.

    Ctrl+Z is kept in ``wants_to_suspend`` until ``suspend`` is called.
    """

    def __init__(self) -> None:
        self.wants_to_suspend = False
        self._stdin = sys.stdin.fileno() if sys.stdin is not None and _is_ours(sys.stdin) else None
        self._found: list[Any] | None = None
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if self._stdin is not None:
            import termios

            self._found = termios.tcgetattr(self._stdin)
            self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._on_suspend)
            self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    @property
    def is_there(self) -> bool:
        return self._stdin is not None

    def fileno(self) -> int | None:
        """Return a descriptor for a select; None without a terminal."""
        return self._stdin

    def read(self) -> str:
        """Return the keys that were pressed, arrows as the letters they stand for; "" once the terminal is gone."""
        if self._stdin is None:
            return ""
        try:
            data = os.read(self._stdin, 64)
        except OSError:
            data = b""
        if not data:
            self._stdin = None
        keys = data.decode(errors="ignore")
        for arrow, letter in _ARROWS.items():
            keys = keys.replace(arrow, letter)
        return keys

    def suspend(self) -> None:
        """Stop this process, as Ctrl+Z asks for; return when it goes on."""
        self.wants_to_suspend = False
        self._restore()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._listen()

    def _on_suspend(self, _number: int, _frame: FrameType | None) -> None:
        self.wants_to_suspend = True

    def _listen(self) -> None:
        if self._stdin is not None:
            import tty

            tty.setcbreak(self._stdin)

    def _restore(self) -> None:
        if self._found is not None:
            import contextlib
            import termios

            # The terminal may be gone.
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._found)


def _is_ours(stream: TextIO) -> bool:
    """Return whether keys come from here: from a terminal, in whose background this process does not run."""
    if not stream.isatty():
        return False
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()
    except OSError:  # a terminal, but not one that controls this process
        return True
