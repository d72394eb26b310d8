# SPDX-License-Identifier: GPL-3.0-or-later
"""Minutes are the stream cut into files of a minute each: clients of infinifi ask for one after the other."""

from __future__ import annotations

from engine.units import seconds_to_samples

MINUTE_S = 60.0


class Minutes:
    """Minutes keep the last whole one, and the one that grows.

    Who fetches the next as the last one ends hears the stream without a gap, a minute late.
    """

    def __init__(self, sample_rate: int) -> None:
        self._n_minute = seconds_to_samples(MINUTE_S, sample_rate)
        self._number = 0
        self._growing: list[bytes] = []
        self._whole = b""

    def keep(self, end: int, content: bytes) -> None:
        """Take the next bytes, at whose end the stream is at sample ``end``."""
        if end // self._n_minute != self._number:
            self._number, self._whole, self._growing = end // self._n_minute, b"".join(self._growing), []
        self._growing.append(content)

    @property
    def latest(self) -> bytes:
        """Return the last whole minute; before there is one, what there is of the first."""
        return self._whole or b"".join(self._growing)
