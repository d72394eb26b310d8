# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that a program sends to the studio's own port, and by a port of its own that is heard too, counts once."""

from __future__ import annotations

from collections import deque

ECHO_S = 0.05
"""Seconds within which the same message by the studio's port and by another is taken for one."""


class Echoes:
    """The echoes are known by their bytes.

    Parameters
    ----------
    own
        Name of the studio's own port.
    """

    def __init__(self, own: str) -> None:
        self._own = own
        # When it came, by which port, and its bytes: of each that has had no echo.
        self._recent: deque[tuple[float, str, bytes]] = deque()
        # A key that is pressed by the one port may be let go by the other: both have one name.
        self._names: dict[str, str] = {}

    def name(self, port: str, data: bytes, at_s: float) -> str | None:
        """Return by which port a message is heard; None where it is an echo of one that was heard."""
        recent = self._recent
        while recent and at_s - recent[0][0] > ECHO_S:
            recent.popleft()
        for number, (_, other, heard) in enumerate(recent):
            if heard == data and other != port and self._own in (other, port):
                del recent[number]
                self._names[port] = self._names[other] = self._names.get(other, other)
                return None
        recent.append((at_s, port, data))
        return self._names.get(port, port)
