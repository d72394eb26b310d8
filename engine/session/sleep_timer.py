# SPDX-License-Identifier: GPL-3.0-or-later
"""The sleep timer fades the music out slowly at the end of the time that was set, and then stops it."""

from __future__ import annotations

import math

from psygnal import Signal

from engine.session.ports import Clock, Player

FADE_SHARE = 1.0 / 3.0
"""Share of the time that the fade takes where that is too short for the whole fade."""
BACK_S = 0.5
"""Seconds within which the music is back when the timer is set anew."""
TICK_S = 0.2
"""Seconds between two looks at the time that is left."""


class SleepTimer:
    """The sleep timer is off until it is set.

    Signals
    -------
    ticked(): the whole seconds that are left changed, is_over(): the music has faded out

    Attributes
    ----------
    longest_fade_s
        Of the times that are set from now on.
    """

    ticked = Signal()
    is_over = Signal()

    def __init__(self, player: Player, clock: Clock) -> None:
        self._player = player
        self._clock = clock
        self.longest_fade_s = 60.0
        self._end_s: float | None = None
        self._fade_s = 0.0
        self._fades = False
        self._told: float | None = None
        self._ticking = clock.timer(self._on_tick)

    @property
    def left_s(self) -> float | None:
        """Return the whole seconds until the music has faded out, or None when the timer is off."""
        return None if self._end_s is None else float(math.ceil(max(0.0, self._end_s - self._clock.now_s())))

    def set(self, minutes: float) -> None:
        """Set the minutes from now on after which the music ends, 0 for never; a fade that has begun is undone."""
        self._ticking.stop()
        self._end_s = None
        if self._fades:
            self._player.set_fader(1.0, BACK_S)
        self._fades = False
        if minutes > 0.0:
            total_s = 60.0 * minutes
            self._end_s, self._fade_s = self._clock.now_s() + total_s, min(self.longest_fade_s, FADE_SHARE * total_s)
            self._ticking.repeat(TICK_S)
        self._tell()

    def turn_off(self) -> None:
        """Turn the timer off, as the music ends; a fade stays where it is."""
        self._ticking.stop()
        self._end_s = None
        self._tell()

    def begin(self) -> None:
        """Undo any fade at once, as the music begins."""
        self._fades = False
        self._player.set_fader(1.0, 0.0)

    def _on_tick(self) -> None:
        if self._end_s is None:
            return
        left_s = self._end_s - self._clock.now_s()
        if left_s <= 0.0:
            self._ticking.stop()
            self._end_s = None
            self.is_over.emit()
        elif left_s <= self._fade_s and not self._fades:
            self._fades = True
            self._player.set_fader(0.0, left_s)
        self._tell()

    def _tell(self) -> None:
        if self.left_s != self._told:
            self._told = self.left_s
            self.ticked.emit()
