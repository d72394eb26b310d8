# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections on which a request does not come are closed: uvicorn itself would wait for its first lines for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


def patient_protocol(head_s: float) -> type[H11Protocol]:
    """Return uvicorn's HTTP protocol, which gives a client so many seconds for the head of each request."""

    class PatientProtocol(H11Protocol):
        """This protocol closes a connection whose next request does not begin, or does not come to its body."""

        _due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._rest()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE or self.transport.get_protocol() is not self:
                self._rest()
            elif self._due is None:
                self._wait()

        def _wait(self) -> None:
            self._due = self.loop.call_later(head_s, self._close)

        def _rest(self) -> None:
            if self._due is not None:
                self._due.cancel()
                self._due = None

        def _close(self) -> None:
            if not self.transport.is_closing():
                self.transport.close()

    return PatientProtocol
