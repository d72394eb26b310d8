# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the loop that plays is this endpoint: which part of its clip is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session
    from engine.values import LoopRegion, MapWindow
    from engine.values.auditions import Audition


class LoopEndpoint(QObject):
    """The loop endpoint tells what plays, and lets the person choose another part of it.

    Signals
    -------
    changed(LoopView), audition_changed(Audition | None): what is heard beside the music; None when it is over,
    map_changed(ScoreMaps | None): see ``LoopMapping``, seam_drawn(SeamPicture): while one is wanted,
    mending_changed(MendingState): who would paint the seam anew, and how far that is
    """

    changed = Signal(object)
    audition_changed = Signal(object)
    map_changed = Signal(object)
    seam_drawn = Signal(object)
    mending_changed = Signal(object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._session = session
        session.presenter.loop_changed.connect(self.changed.emit)
        session.auditions.changed.connect(self.audition_changed.emit)
        session.presenter.mapping.changed.connect(self.map_changed.emit)
        session.presenter.seam_watch.drawn.connect(self.seam_drawn.emit)
        self._mending = session.retouch.mending
        session.retouch.mending.changed.connect(self.mending_changed.emit)

    @Slot(int)
    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        self._session.presenter.choose_candidate(index)

    @Slot(object)
    def set_region(self, region: LoopRegion) -> None:
        """Play the region that the person dragged, and judge it."""
        self._session.set_region(region)

    @Slot(object)
    def audition(self, audition: Audition) -> None:
        """Hear a region's seam beside what plays, which goes on; the next one takes its place."""
        self._session.auditions.ask(audition)

    @Slot()
    def end_audition(self) -> None:
        """Hear no seam any more."""
        self._session.auditions.end()

    @Slot(bool)
    def want_map(self, is_wanted: bool) -> None:
        """Have the clip that plays mapped from now on, or not."""
        self._session.presenter.mapping.want(is_wanted)

    @Slot(object)
    def refine_map(self, window: MapWindow | None) -> None:
        """Have these loops of the clip mapped more finely."""
        self._session.presenter.mapping.refine(window)

    @Slot(bool)
    def want_seam(self, is_wanted: bool) -> None:
        """Have the seam that plays drawn at sample level from now on, or no more."""
        self._session.presenter.seam_watch.want(is_wanted)

    @Slot(object)
    def look_at_seam(self, region: LoopRegion) -> None:
        """Have the seam drawn that this region would have: an edge is being moved, and nothing else plays yet."""
        self._session.presenter.seam_watch.look_at(region)

    @Slot()
    def look_who_mends(self) -> None:
        """Look whether a generator that can mend a seam is ready, and tell it."""
        self._mending.look()

    @Slot()
    def mend_seam(self) -> None:
        """Have the music around the seam that plays painted anew; it plays so where that is better."""
        self._mending.begin()

    @Slot()
    def cancel_mending(self) -> None:
        """Leave the seam as it is."""
        self._mending.cancel()
