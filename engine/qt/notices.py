# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to what is told in words is this endpoint: what happened, what failed, what was saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from engine.session.session import Session


class NoticesEndpoint(QObject):
    """The notices endpoint tells what a person should read.

    Signals
    -------
    happened(Happening), failed(StudioError), recovered(StudioError): what was told by failed is true no more,
    saved(path): a file was written
    """

    happened = Signal(object)
    failed = Signal(object)
    recovered = Signal(object)
    saved = Signal(str)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        session.notices.happened.connect(self.happened.emit)
        session.notices.failed.connect(self.failed.emit)
        session.notices.recovered.connect(self.recovered.emit)
        session.notices.saved.connect(self.saved.emit)
