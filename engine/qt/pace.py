# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the pace of this machine is this endpoint: how long clips take here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session


class PaceEndpoint(QObject):
    """The pace endpoint tells how long clips take here, forgets that, and knows it again.

    Signals
    -------
    changed(MachinePace)
    """

    changed = Signal(object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._book = session.pace
        session.pace.changed.connect(self.changed.emit)

    @Slot()
    def forget(self) -> None:
        """Forget how long clips took, until ``bring_back``."""
        self._book.forget()

    @Slot()
    def bring_back(self) -> None:
        """Know again what was forgotten last."""
        self._book.bring_back()
