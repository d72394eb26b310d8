# SPDX-License-Identifier: GPL-3.0-or-later
"""This module adapts the latency: longer where sound is lost at the asked-for one, and back again after a calm while.

It knows no clock, thread or device: it is told what was lost, and says when another latency is due. Each change opens
the device anew, so none is made for a single stall, and a latency that turned out too short is tried ever more seldom.
On a machine that is overloaded it rises by two steps at once, and does not come down while that lasts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

STEP = 2.0
"""Factor by which the latency grows with each step up."""
OVERLOADED_STEP = STEP**2
"""Factor by which the latency grows where more threads want to run than there are processors: sound then waits long."""
LONGEST_S = 0.4
"""Longest latency in seconds that a step up leads to; the person may ask for a longer one."""
BOUT_S = 1.0
"""Seconds within which losses count as one: a single stall causes several."""
N_BOUTS = 4
WITHIN_S = 180.0
"""Seconds within which ``N_BOUTS`` losses are too many."""
CALM_S = 300.0
"""Seconds without a loss before the latency comes down by a step."""
LONGEST_CALM_S = 3600.0
"""Seconds without a loss before a step down, at most, where steps down failed before: each that fails doubles them."""
_LONGEST_PAUSE_S = 1.0
"""Seconds between two calls beyond which the machine was asleep: nothing was heard, so nothing was calm."""


class AdaptingLatency:
    """The adapting latency counts losses and says which latency to open the device with.

    Parameters
    ----------
    asked_s
        The latency that the person asked for, in seconds: never less is used.
    is_overloaded
        Whether more wants to run on the machine than it has processors; asked when a change is due.
    """

    def __init__(self, asked_s: float, is_overloaded: Callable[[], bool] = lambda: False) -> None:
        self.seconds = asked_s
        """Latency in seconds with which to open the device."""
        self._asked_s = asked_s
        self._is_overloaded = is_overloaded
        self._n_losses: int | None = None
        self._bouts: deque[float] = deque()
        self._lost_at = self._fell_at = -LONGEST_CALM_S
        self._calm_since = self._last_s = 0.0
        self._calm_s = CALM_S

    @property
    def is_raised(self) -> bool:
        """Return whether the latency is longer than asked for."""
        return self.seconds > self._asked_s

    def hear(self, now_s: float, n_losses: int) -> bool:
        """Take the number of losses until ``now_s`` of a steady clock, and return whether ``seconds`` has changed."""
        if self._n_losses is None:
            self._n_losses, self._calm_since, self._last_s = n_losses, now_s, now_s
        if now_s - self._last_s > _LONGEST_PAUSE_S:
            self._calm_since += now_s - self._last_s
        self._last_s = now_s
        if n_losses > self._n_losses:
            self._n_losses, self._calm_since = n_losses, now_s
            if now_s - self._lost_at > BOUT_S:
                self._bouts.append(now_s)
            self._lost_at = now_s
        while self._bouts and now_s - self._bouts[0] > WITHIN_S:
            self._bouts.popleft()
        if len(self._bouts) >= N_BOUTS:
            return self._rise(now_s)
        return self.is_raised and now_s - self._calm_since >= self._calm_s and self._fall(now_s)

    def _rise(self, now_s: float) -> bool:
        step = OVERLOADED_STEP if self._is_overloaded() else STEP
        longer_s = min(self.seconds * step, max(self._asked_s, LONGEST_S))
        has_changed = longer_s > self.seconds
        if has_changed and now_s - self._fell_at < self._calm_s:
            self._calm_s = min(2.0 * self._calm_s, LONGEST_CALM_S)
        self.seconds, self._calm_since = longer_s, now_s
        self._bouts.clear()
        return has_changed

    def _fall(self, now_s: float) -> bool:
        if self._is_overloaded():
            # Nothing is lost because it was raised.
            self._calm_since = now_s
            return False
        self.seconds = max(self.seconds / STEP, self._asked_s)
        self._fell_at = self._calm_since = now_s
        return True
