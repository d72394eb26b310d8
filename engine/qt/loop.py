# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the loop that plays is this endpoint: which part of its clip is heard."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from engine.session.session import Session
from engine.values import LoopRegion


class LoopEndpoint(QObject):
    """The loop endpoint tells what plays, and lets the person choose another part of it.

    Signals
    -------
    changed(LoopView), seam_drawn(SeamPicture): while one is wanted
    """

    changed = Signal(object)
    seam_drawn = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        session.presenter.loop_changed.connect(self.changed.emit)
        session.presenter.seam_watch.drawn.connect(self.seam_drawn.emit)

    @Slot(int)
    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        self._session.presenter.choose_candidate(index)

    @Slot(object)
    def set_region(self, region: LoopRegion) -> None:
        """Play the region that the person dragged, and judge it."""
        self._session.set_region(region)

    @Slot(bool)
    def want_seam(self, is_wanted: bool) -> None:
        """Have the seam that plays drawn at sample level from now on, or no more."""
        self._session.presenter.seam_watch.want(is_wanted)

    @Slot(object)
    def look_at_seam(self, region: LoopRegion) -> None:
        """Have the seam drawn that this region would have: an edge is being moved, and nothing else plays yet."""
        self._session.presenter.seam_watch.look_at(region)
