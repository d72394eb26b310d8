# SPDX-License-Identifier: GPL-3.0-or-later
"""Understanding asks a generator what it reads in a prompt, beside the window: its word lists and styles take a moment.

The built-in composer reads 48 styles and all its words at first, 0.15 s that a window which starts had to stand still.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.choices import in_words, readings_of

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.values import Reading

_log = logging.getLogger(__name__)


class Understanding(QObject):
    """Understanding reads one prompt after another on a thread of its own; of those that wait only the last is read.

    Signals
    -------
    understood(prompt, tuple of Reading)
        What the generator reads in that prompt, in the person's language.
    """

    understood = Signal(str, object)
    _answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "understanding")
        self._asked: Settings | None = None
        self._reading: Future[tuple[Reading, ...]] | None = None
        self._read: Settings | None = None
        self._is_finished = False
        # The thread only says that it is done, and may be so before ``ask`` returns: the answer is always told later.
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    def ask(self, settings: Settings) -> None:
        """Have the prompt of these settings read by the generator that they choose."""
        self._asked = settings
        self._go_on()

    def finish(self) -> None:
        """Wait for what is being read; nothing is told any more."""
        self._is_finished, self._asked = True, None
        self._thread.shutdown()

    def _go_on(self) -> None:
        if self._reading is not None or self._asked is None or self._is_finished:
            return
        self._read, self._asked = self._asked, None
        self._reading = self._thread.submit(readings_of, self._read)
        self._reading.add_done_callback(lambda _: self._answered.emit())

    @Slot()
    def _on_answered(self) -> None:
        reading, read, self._reading = self._reading, self._read, None
        if reading is None or read is None or self._is_finished:
            return
        if (error := reading.exception()) is not None:
            _log.error("a prompt could not be read", exc_info=error)
        elif self._asked is None:
            self.understood.emit(read.prompt, in_words(reading.result()))
        self._go_on()
