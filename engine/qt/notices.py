# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to what is told in words is this endpoint: what happened, what failed, what was saved."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

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

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        session.notices.happened.connect(self.happened.emit)
        session.notices.failed.connect(self.failed.emit)
        session.notices.recovered.connect(self.recovered.emit)
        session.notices.saved.connect(self.saved.emit)
