# SPDX-License-Identifier: GPL-3.0-or-later
"""The ticker sends MIDI's clock when it is due, from a thread that does nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.playback.device.priority import hurry
from engine.together.clock_out import STOP, ClockOut, JamPlace

LONGEST_WAIT_S = 1.0


class Ticker:
    """The ticker is off until it is turned on; from then on it needs to be told where the jam is.

    Parameters
    ----------
    send
        Sends a message's bytes.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._changed = threading.Condition()
        self._clock = ClockOut()
        self._is_on = self._is_closed = False
        self._thread: threading.Thread | None = None

    def turn(self, *, is_on: bool) -> None:
        """Send the clock from now on, or no longer: then others stop."""
        with self._changed:
            if is_on == self._is_on:
                return
            self._is_on, self._clock = is_on, ClockOut()
            self._changed.notify()
        if is_on and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
            self._thread.start()
        if not is_on:
            self._send(STOP)

    def tell(self, place: JamPlace) -> None:
        """Go on from this place of the jam."""
        with self._changed:
            if self._is_on:
                self._clock.tell(place)
                self._changed.notify()

    def close(self) -> None:
        """Send nothing more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _run(self) -> None:
        hurry(threading.get_native_id())
        while True:
            with self._changed:
                if self._is_closed:
                    return
                messages, next_s = self._clock.due(time.monotonic()) if self._is_on else ([], float("inf"))
                if not messages:
                    self._changed.wait(min(max(0.0, next_s - time.monotonic()), LONGEST_WAIT_S))
            for one in messages:
                self._send(one)
