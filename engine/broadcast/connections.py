# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections are known by where they come from: each address may have so many, and streams are written to them."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from engine.broadcast.addresses import listener_of
from engine.broadcast.patience import give_up_soon
from engine.serving.patient import patient_protocol

Client = tuple[str, int]

_MOST_FRAGMENTS = 64
"""Number of pieces that a message of a socket may come in."""


class Connections:
    """Connections are all that a server has open.

    Parameters
    ----------
    per_address
        Number that one listener's address may have.

    Attributes
    ----------
    n_refused
        Connections that were one too many.
    """

    def __init__(self, per_address: int) -> None:
        self._per_address, self.n_refused = per_address, 0
        self._open: dict[Client, asyncio.Transport] = {}
        self._per: Counter[str] = Counter()

    def transport_of(self, client: Client) -> asyncio.Transport | None:
        """Return the connection of a client; None where it has gone."""
        return self._open.get(client)

    def add(self, client: Client, transport: asyncio.Transport) -> bool:
        """Count a connection, or return False where its address has too many."""
        who = listener_of(client[0])
        if self._per[who] >= self._per_address:
            self.n_refused += 1
            return False
        self._open[client] = transport
        self._per[who] += 1
        return True

    def remove(self, client: Client, transport: asyncio.Transport) -> None:
        """Count a connection no more."""
        if self._open.get(client) is transport:
            del self._open[client]
            who = listener_of(client[0])
            self._per[who] -= 1
            if not self._per[who]:
                del self._per[who]


def radio_protocol(connections: Connections, head_s: float) -> type[H11Protocol]:
    """Return uvicorn's HTTP protocol, whose connections are counted and end when the other end is gone."""

    # mypy knows no base that a call returns; what it is, is declared by the function.
    class RadioProtocol(patient_protocol(head_s)):  # type: ignore[misc]
        """This protocol lets no address have too many connections."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            end = transport.get_extra_info("socket")
            if end is not None:
                give_up_soon(end)
            if self.client is not None and not connections.add(self.client, transport):
                transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                connections.remove(self.client, self.transport)
            super().connection_lost(exc)

    return RadioProtocol


def radio_sockets(connections: Connections) -> type[WebSocketsSansIOProtocol]:
    """Return uvicorn's WebSocket protocol, which takes a connection over: it is counted until it ends."""

    class RadioSockets(WebSocketsSansIOProtocol):
        """This protocol drops who does not read."""

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                connections.remove(self.client, self.transport)
            super().connection_lost(exc)

        def pause_writing(self) -> None:
            # uvicorn would wait: a sender of pings who reads no pong would have the stream wait with it.
            self.transport.abort()

        def handle_cont(self, event: Frame) -> None:
            super().handle_cont(event)
            if len(self.frames) > _MOST_FRAGMENTS:
                # Empty ones have no size that a limit would hold for.
                self.transport.abort()

    return RadioSockets
