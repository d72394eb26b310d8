# SPDX-License-Identifier: GPL-3.0-or-later
"""Music in hand is how long the music lasts if nothing more is made, against how long making takes."""

from __future__ import annotations

from collections.abc import Sequence

from engine.values import MusicInHand

_NEWEST_COUNTS = 0.4
"""Weight of the newest making time in the mean, in (0, 1]: the mean follows a change within a few loops."""


class MakingTime:
    """The making time is an exponential mean of how long loops took to make; None until one was made."""

    def __init__(self) -> None:
        self.mean_s: float | None = None

    def took(self, seconds: float) -> None:
        """Add the seconds that one more loop took."""
        before_s = seconds if self.mean_s is None else self.mean_s
        self.mean_s = before_s + _NEWEST_COUNTS * (seconds - before_s)


def music_in_hand(*, played_s: float, least_s: float, ready_s: Sequence[float], making_s: float | None) -> MusicInHand:
    """Return how long the music lasts from now on, in whole seconds, with the loops that are ready.

    Parameters
    ----------
    played_s
        For how long the loop that leads has been playing.
    least_s
        For how long it plays at least.
    ready_s
        For each loop that is ready or coming, how long it plays at least.
    """
    prepared_s = max(0.0, least_s - played_s) + sum(ready_s)
    # Whole seconds: nobody reads more, and what does not change is not told again.
    return MusicInHand(float(round(prepared_s)), len(ready_s), making_s)
