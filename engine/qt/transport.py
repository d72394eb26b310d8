# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the transport is this endpoint: AVVIA, FERMA, and all that a listener does with the music."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session
    from engine.values import TransitionEdit


class TransportEndpoint(QObject):
    """The transport endpoint starts, stops and steers the music, and tells how the buttons stand.

    Signals
    -------
    running_changed(bool), changed(TransportState)
    transition_changed(ComingTransition | None), transition_drawn(TransitionPicture): while they are wanted
    """

    running_changed = Signal(bool)
    changed = Signal(object)
    transition_changed = Signal(object)
    transition_drawn = Signal(object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._session = session
        session.running.changed.connect(self.running_changed.emit)
        session.transport.changed.connect(self.changed.emit)
        session.transition_watch.changed.connect(self.transition_changed.emit)
        session.transition_watch.drawn.connect(self.transition_drawn.emit)

    @Slot()
    def start(self) -> None:
        """Start the music (AVVIA): sound at once, and the next loop in the making."""
        self._session.start()

    @Slot()
    def stop(self) -> None:
        """Stop the music (FERMA): fade out, and cancel what is being made."""
        self._session.stop()

    @Slot(bool)
    def set_paused(self, paused: bool) -> None:
        """Stand still, or go on."""
        self._session.transport.pause(paused)

    @Slot()
    def next(self) -> None:
        """Go on to the next loop, by the person's entry rule; pressed again, sooner."""
        self._session.next()

    @Slot()
    def previous(self) -> None:
        """Go back to the loop that led before."""
        self._session.previous()

    @Slot(bool)
    def hold(self, held: bool) -> None:
        """Stay on this loop until it is released, or the person asks for another."""
        self._session.transport.hold(held)

    @Slot()
    def never_again(self) -> None:
        """Go on to the next loop at once, and never play this one again."""
        self._session.never_again()

    @Slot(bool)
    def set_favourite(self, is_favourite: bool) -> None:
        """Rate the take that plays."""
        self._session.transport.favourite(is_favourite)

    @Slot(float)
    def sleep_after(self, minutes: float) -> None:
        """Fade out slowly and stop, so many minutes from now; 0 is never."""
        self._session.transport.sleep_after(minutes)

    @Slot(bool)
    def want_transition(self, is_wanted: bool) -> None:
        """Have the transition that comes told and drawn from now on, or no more."""
        self._session.transition_watch.want(is_wanted)

    @Slot(object)
    def edit_transition(self, edit: TransitionEdit) -> None:
        """Have the transition that comes, and no other, be made like this."""
        self._session.transition_watch.edit(edit)
