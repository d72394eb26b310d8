# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the library is this endpoint: its takes, the room they take, and the one that is to play."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session


class LibraryEndpoint(QObject):
    """The library endpoint tells of takes, reads those that are looked at, and brings one back to play.

    Signals
    -------
    takes_changed(newest takes, ids of all), takes_read(ids that were asked for, takes), opened(folder),
    room_taken(RoomTaken)
    """

    takes_changed = Signal(object, object)
    takes_read = Signal(object, object)
    opened = Signal(str)
    room_taken = Signal(object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._session = session
        session.takes.takes_changed.connect(self.takes_changed.emit)
        session.takes.takes_read.connect(self.takes_read.emit)
        session.takes.opened.connect(self.opened.emit)
        session.retention.taken.connect(self.room_taken.emit)

    @Slot(object)
    def read_takes(self, take_ids: tuple[str, ...]) -> None:
        """Read these takes, which ``takes_read`` tells of."""
        self._session.takes.read(take_ids)

    @Slot(str)
    def play_take(self, take_id: str) -> None:
        """Bring a take back and play it next."""
        self._session.picked.play_take(take_id)
