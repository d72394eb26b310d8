# SPDX-License-Identifier: GPL-3.0-or-later
"""This module notices when another program opens a slot's file: on Linux, by inotify."""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from engine.errors import CannotRead

_SLOT = re.compile(r"output([0-9]{2})\.wav")


class OpenWatch:
    """A watch tells each opening of a slot's file, from ``open`` to ``close``, and nothing on other systems.

    The station itself opens none of them by its name (``SlotFolder.quietly``), so all that is seen is others'.

    Parameters
    ----------
    opened
        Is told the slot's number, from a thread of the watch's.

    Raises
    ------
    CannotRead
        The folder cannot be watched.
    """

    def __init__(self, folder: Path, opened: Callable[[int], None]) -> None:
        self._opened = opened
        self._thread: threading.Thread | None = None
        if not sys.platform.startswith("linux"):
            return
        from inotify_simple import INotify, flags

        try:
            self._events = INotify()
            try:
                self._events.add_watch(folder, flags.OPEN)
            except OSError:
                self._events.close()
                raise
        except OSError as error:
            raise CannotRead(path=str(folder), detail=error.strerror or str(error)) from error
        self._ended, self._end = os.pipe()
        self._thread = threading.Thread(target=self._look, name="opened", daemon=True)

    def open(self) -> None:
        """Begin to look."""
        if self._thread is not None:
            self._thread.start()

    def close(self) -> None:
        """Look no longer."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        os.close(self._end)
        if thread.is_alive():
            thread.join()
        os.close(self._ended)
        self._events.close()

    def _look(self) -> None:
        waiting = select.poll()
        for descriptor in (self._events.fileno(), self._ended):
            waiting.register(descriptor, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in waiting.poll()}
            if self._ended in ready:
                return
            with contextlib.suppress(OSError):
                names = {event.name for event in self._events.read(timeout=0)}
                for name in sorted(names):
                    if found := _SLOT.fullmatch(name):
                        self._opened(int(found[1]))
