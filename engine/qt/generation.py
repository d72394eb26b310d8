# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to generation is this endpoint: how the next loop comes along, and what becomes of those ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session


class GenerationEndpoint(QObject):
    """The generation endpoint tells how the next loop is coming along.

    Signals
    -------
    progress_changed(Progress | None), next_changed(NextState), hand_changed(MusicInHand),
    ready_changed(tuple of ReadyLoop)
    """

    progress_changed = Signal(object)
    next_changed = Signal(object)
    hand_changed = Signal(object)
    ready_changed = Signal(object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._session = session
        session.generation.progress_changed.connect(self.progress_changed.emit)
        session.generation.next_changed.connect(self.next_changed.emit)
        session.generation.hand_changed.connect(self.hand_changed.emit)
        self._ready = session.picked.ready
        session.picked.ready.changed.connect(self.ready_changed.emit)

    @Slot(int)
    def hear(self, loop_id: int) -> None:
        """Have a loop that is ready come in at the next bar."""
        self._ready.hear(loop_id)

    @Slot(int, bool)
    def keep(self, loop_id: int, is_kept: bool) -> None:
        """Make a loop that is ready a favourite, or no favourite any more."""
        self._ready.keep(loop_id, is_kept=is_kept)

    @Slot(int)
    def drop(self, loop_id: int) -> None:
        """Play a loop that is ready neither now nor later."""
        self._ready.drop(loop_id)

    @Slot()
    def try_again(self) -> None:
        """Ask the chosen generator again: what it lacked was fetched."""
        self._session.generation.try_again()
