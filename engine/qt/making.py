# SPDX-License-Identifier: GPL-3.0-or-later
"""Making: keeps loops coming, a few ahead, and tells how the next one is coming along and how long the music lasts."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import StudioError
from engine.qt.baking import LoopInHand
from engine.qt.hand import music_in_hand
from engine.qt.maker import ClipMaker
from engine.qt.options import Happening, NextState, StudioOptions
from engine.qt.succession import LOOPS_AHEAD, Succession
from engine.values import MusicInHand


class Making(QObject):
    """Has the clip maker make what the options ask for, until enough is ready.

    Signals
    -------
    made(LoopInHand, its LUFS), progress_changed(Progress | None), next_changed(NextState), hand_changed(MusicInHand),
    happened(Happening), failed(StudioError)

    Attributes
    ----------
    made_for
        The options for which loops are made, or None before the first.
    """

    made = Signal(object, float)
    progress_changed = Signal(object)
    next_changed = Signal(object)
    hand_changed = Signal(object)
    happened = Signal(object)
    failed = Signal(object)

    def __init__(self, maker: ClipMaker, succession: Succession, parent: QObject) -> None:
        super().__init__(parent)
        self._maker = maker
        self._succession = succession
        self.made_for: StudioOptions | None = None
        self._is_on = False
        self._last_failure = ""
        self._failed_state: NextState | None = None
        self._told_next = NextState("idle")
        self._told_hand: MusicInHand | None = None
        maker.made.connect(self._on_made)
        maker.progressed.connect(self.progress_changed)
        maker.failed.connect(self._on_failed)
        maker.happened.connect(self.happened)

    @property
    def makes_nothing(self) -> bool:
        """Whether the last try failed, and nothing was made since."""
        return self._maker.makes_nothing

    def begin(self, options: StudioOptions) -> None:
        """Make what these options ask for; what was being made is cancelled."""
        self._is_on = True
        self._last_failure = ""
        self._make(options)

    def _make(self, options: StudioOptions) -> None:
        self.made_for = options
        self._failed_state = None
        self._maker.make(options)
        self.tell_next()

    def go_on(self, options: StudioOptions) -> None:
        """Make another, unless enough is ready or one is being made."""
        if self._is_on and self._succession.n_ahead < LOOPS_AHEAD and not self._maker.is_busy:
            self._make(options)

    def end(self) -> None:
        """Nothing is made any more."""
        self._is_on = False
        self._maker.cancel()
        self.progress_changed.emit(None)
        self.tell_next()

    def close(self) -> None:
        """Cancel, and wait for nothing."""
        self._is_on = False
        self._maker.close()

    @Slot(object, float)
    def _on_made(self, loop: LoopInHand, lufs: float) -> None:
        self._failed_state = None
        self.progress_changed.emit(None)
        self.happened.emit(Happening.of_found(loop.recipe))
        self.made.emit(loop, lufs)

    @Slot(object, float)
    def _on_failed(self, error: StudioError, retry_s: float) -> None:
        self.progress_changed.emit(None)
        # Each try may fail alike: that is told once, whatever else is made meanwhile.
        if str(error) != self._last_failure:
            self._last_failure = str(error)
            self.failed.emit(error)
        self._failed_state = NextState("failed", retry_s=retry_s, error=error)
        self.tell_next()

    def tell_next(self) -> None:
        """How the next loop is coming along, if that is news."""
        state, title = NextState("idle"), self._succession.next_title
        if self._is_on and title is not None:
            state = NextState("ready", title=title)
        elif self._is_on:
            state = self._failed_state or NextState("making")
        if state != self._told_next:
            self._told_next = state
            self.next_changed.emit(state)

    def tell_hand(self, played_s: float, min_play_s: float) -> None:
        """How much music there is, if that is news; the loop that leads has played for so long."""
        turns_s = self._succession.turns_s()
        making_s = self._maker.time.mean_s
        hand = music_in_hand(played_s=played_s, min_play_s=min_play_s, ready_turns_s=turns_s, making_s=making_s)
        if hand != self._told_hand:
            self._told_hand = hand
            self.hand_changed.emit(hand)
