# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole is the sum of all channels, which has a strip of its own, as a channel has."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from engine.playback.mix.clock import BarClock
from engine.playback.mix.fades import Workspace
from engine.playback.mix.strip import Strip
from engine.values import FloatArray
from engine.values.channels import MIX


class Whole:
    """The whole goes through its strip for ever: what rings in it rings on in a pause, too.

    Its own time is the output's, which a pause does not stop.

    Parameters
    ----------
    is_sounding, is_playing
        Say whether anything sounds, and whether a loop plays that was not stopped.
    released
        Takes what is not needed any more: it is freed in another thread.
    """

    number = MIX

    def __init__(
        self, is_sounding: Callable[[], bool], is_playing: Callable[[], bool], released: deque[object]
    ) -> None:
        self.strip = Strip(released)
        self._is_sounding, self._is_playing = is_sounding, is_playing

    @property
    def is_busy(self) -> bool:
        """Return whether anything sounds, or is about to."""
        return self._is_sounding()

    @property
    def is_playing(self) -> bool:
        """Return whether a loop plays that was not stopped."""
        return self._is_playing()

    def own_time(self, now: int, time: int) -> int:  # noqa: ARG002
        """Return the time by which its strip is commanded: the output's."""
        return now

    def process(
        self, samples: FloatArray, now: int, time: int, clock: BarClock, work: Workspace, *, n_moved: int
    ) -> None:
        """Put ``samples``, at most ``MOST_SAMPLES``, through the strip, in place.

        Parameters
        ----------
        now, time
            The output sample of the first one, and the same on the bar clock.
        n_moved
            For how many of them the clock goes on, before it stands still.
        """
        if n_moved:
            self.strip.process(samples[:n_moved], now, clock, work, ahead=time - now)
        if n_moved < len(samples):
            self.strip.process(samples[n_moved:], now + n_moved, clock, work, ahead=time - now, stands=True)
