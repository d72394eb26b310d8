# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to generation is this endpoint: the session's generation as Qt signals."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from engine.session.session import Session


class GenerationEndpoint(QObject):
    """The generation endpoint tells how the next loop is coming along.

    Signals
    -------
    progress_changed(Progress | None), next_changed(NextState), hand_changed(MusicInHand)
    """

    progress_changed = Signal(object)
    next_changed = Signal(object)
    hand_changed = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        session.generation.progress_changed.connect(self.progress_changed.emit)
        session.generation.next_changed.connect(self.next_changed.emit)
        session.generation.hand_changed.connect(self.hand_changed.emit)

    @Slot()
    def try_again(self) -> None:
        """Ask the chosen generator again: what it lacked was fetched."""
        self._session.generation.try_again()
