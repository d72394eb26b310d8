# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to bring sounds is this endpoint: files and folders that are dropped or opened, and what of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.qt.sound_link import SoundLink
    from engine.session.session import Session


class BringingEndpoint(QObject):
    """The bringing endpoint brings sounds to be played, and tells how they come along.

    Signals
    -------
    changed(DroppedState), refused(Refused)
    """

    changed = Signal(object)
    refused = Signal(object)

    def __init__(self, sounds: SoundLink, parent: QObject) -> None:
        super().__init__(parent)
        self._sounds = sounds

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._session = session
        session.dropped.changed.connect(self.changed.emit)
        session.dropped.refused.connect(self.refused.emit)

    @Slot()
    def prepare(self) -> None:
        """Have the process that reads sounds ready, as some may come."""
        self._sounds.warm()

    @Slot(object)
    def bring(self, paths: tuple[str, ...]) -> None:
        """Play these files and the sounds in these folders, one after the other."""
        self._session.dropped.drop(paths)

    @Slot()
    def call_off(self) -> None:
        """Forget the sounds that wait, and the one that is being read."""
        self._session.dropped.call_off()
