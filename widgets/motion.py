# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion says when something that moves may be painted elsewhere: at once, or seldom where little is to move."""

from __future__ import annotations

import time

from widgets import theme


class Motion:
    """One thing that moves."""

    def __init__(self) -> None:
        self._moved_s = float("-inf")

    def may_move(self) -> bool:
        """Return whether it may move now; where little is to move, half a second after it last did so."""
        if not theme.is_still():
            return True
        now_s = time.monotonic()
        if now_s - self._moved_s < theme.STILL_INTERVAL_S:
            return False
        self._moved_s = now_s
        return True
