# SPDX-License-Identifier: GPL-3.0-or-later
"""The spare is an audio process, warm and told nothing, that takes the place of one that died within tens of ms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from engine.qt.links import Endpoint, Watch

if TYPE_CHECKING:
    from engine.errors import WorkerDied
    from engine.playback.player import Player

SPARE_AFTER_MS = 2000
"""Milliseconds after which a spare is started when the process that plays has started, and between looks at it."""


class Spare(QObject):
    """The spare is started some time after it was taken, watched, and replaced when it dies or hangs.

    Parameters
    ----------
    start
        Starts a process. Raises OSError.
    start_limit_s
        Tells how many seconds a start may take.
    is_wanted
        Tells whether a spare could live now.
    """

    def __init__(
        self,
        parent: QObject,
        start: Callable[[], Player],
        start_limit_s: Callable[[], float],
        is_wanted: Callable[[], bool],
    ) -> None:
        super().__init__(parent)
        self._start, self._start_limit_s, self._is_wanted = start, start_limit_s, is_wanted
        self._process: Player | None = None
        self._watch: Watch | None = None
        # Heart beats when last looked, and how many looks in a row found no further one.
        self._beats = self._still = 0
        self._is_closed = False
        self._looking = QTimer(self)
        self._looking.setInterval(SPARE_AFTER_MS)
        self._looking.timeout.connect(self._on_look)

    @property
    def is_there(self) -> bool:
        return self._process is not None

    def release(self, *, makes_another: bool = False) -> Endpoint | None:
        """Return the process, for the caller to use or to end; perhaps another is to be made after a while."""
        spare, self._process = self._process, None
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if makes_another and not self._is_closed:
            self._looking.start()
        return spare

    def close(self) -> None:
        """Make no more."""
        self._is_closed = True
        self._looking.stop()

    @Slot()
    def _on_look(self) -> None:
        spare = self._process
        if self._is_closed or not self._is_wanted() or (spare is not None and not self._hangs(spare)):
            return
        self._drop()
        try:
            self._process = spare = self._start()
        except OSError:
            # The next start tells.
            return
        self._beats = self._still = 0
        self._watch = Watch(spare, lambda _message: None, self._on_died, self)

    def _hangs(self, spare: Player) -> bool:
        beats = spare.heartbeat().beats
        self._still = self._still + 1 if beats == self._beats else 0
        self._beats = beats
        # It beats twice a second, once it has started.
        return self._still >= (1 if beats else round(1000.0 * self._start_limit_s() / SPARE_AFTER_MS))

    def _drop(self) -> None:
        spare = self.release()
        if spare is not None:
            spare.kill()

    def _on_died(self, _error: WorkerDied) -> None:
        self._drop()
        self._looking.start()
