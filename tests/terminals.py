# SPDX-License-Identifier: GPL-3.0-or-later
"""A pty is a terminal without a screen: whatever is written to it is read by a thread, as fast as it is told to."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
import threading
import time
from typing import Self

READ_BYTES = 65_536


class Pty:
    """A pty is a context; left, it is closed.

    Parameters
    ----------
    bytes_a_second
        As many are read, as at the end of a slow link; None reads at once.

    Attributes
    ----------
    slave
        Descriptor of the end at which a program is.
    """

    def __init__(self, columns: int, n_rows: int, *, bytes_a_second: float | None = None) -> None:
        self._rate = bytes_a_second
        self._master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("4H", n_rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self._read_bytes = b""
        self._is_over = threading.Event()
        self._reader = threading.Thread(target=self._read, name="pty")

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        # With its last writer gone, reading ends.
        os.close(self.slave)
        self._reader.join()
        os.close(self._master)

    @property
    def read(self) -> bytes:
        """Return everything that was read so far."""
        return self._read_bytes

    def hurry(self) -> None:
        """Read at once from now on."""
        self._rate = None

    @property
    def modes(self) -> list[object]:
        """Return how the terminal is set now, to be held against ``before``."""
        return termios.tcgetattr(self.slave)

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._master, keys.encode())

    def until(self, word: str, after: int = 0, limit_s: float = 30.0) -> None:
        """Wait until a word was read."""
        give_up = time.monotonic() + limit_s
        while word.encode() not in self._read_bytes[after:]:
            assert time.monotonic() < give_up, (word, self._read_bytes[after:][-3000:])
            time.sleep(0.02)

    def _read(self) -> None:
        while not self._is_over.is_set():
            n_bytes = READ_BYTES if self._rate is None else max(int(self._rate / 20.0), 1)
            try:
                self._read_bytes += os.read(self._master, n_bytes)
            except OSError:
                return
            if self._rate is not None:
                self._is_over.wait(n_bytes / self._rate)
