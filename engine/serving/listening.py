# SPDX-License-Identifier: GPL-3.0-or-later
"""A socket listens on this machine alone, or behind a token: the rule of all that the studio serves."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
from collections.abc import Iterable
from typing import Any

from engine.errors import CannotListen, ServingNeedsToken

_BACKLOG = 128


def listening_socket(host: str, port: int, *, token: str, way_out: str, backlog: int = _BACKLOG) -> socket.socket:
    """Return a socket that listens.

    Parameters
    ----------
    port
        0 is any free one.
    token
        What clients have to show, or "": then only this machine may reach the address.
    way_out
        Said where another program has the port.
    backlog
        Number of connections that may wait to be taken up.

    Raises
    ------
    ServingNeedsToken
        Other machines could reach it, and there is no token.
    CannotListen
        The address is none of this machine's, or another program has it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _type, _protocol, _name, address = found[0]
        if not token and not _is_ours_alone(found):
            raise ServingNeedsToken(host=host)
        return socket.create_server(
            (str(address[0]), int(address[1])), family=family, backlog=backlog, reuse_port=False
        )
    except (OSError, UnicodeError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0
        # asyncio and the resolver put more into their words than a person can use.
        detail = os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)
        if number == errno.EADDRINUSE:
            detail = f"another program listens there; {way_out}"
        raise CannotListen(host=host, port=port, detail=detail) from error


def is_reached_by_others(host: str) -> bool:
    """Return whether other machines could reach what listens at an address; False where there is no such address."""
    try:
        return not _is_ours_alone(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE))
    except (OSError, UnicodeError):
        return False


def _is_ours_alone(found: Iterable[tuple[Any, ...]]) -> bool:
    """Return whether addresses, as ``getaddrinfo`` returns them, are all of the loopback."""
    return all(ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_loopback for one in found)


def address_of(listening: socket.socket) -> str:
    """Return host and port of a socket that listens, as a web address has them."""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reached_at(listening: socket.socket) -> str:
    """Return host and port by which another machine of the network reaches a socket that listens at any address."""
    host, port = listening.getsockname()[:2]
    if not ipaddress.ip_address(str(host).partition("%")[0]).is_unspecified:
        return address_of(listening)
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        # Nothing is sent: the system only says which of its addresses it would send from.
        asked.connect(("192.0.2.1", 9))
        return f"{asked.getsockname()[0]}:{port}"
    return f"{socket.gethostname()}:{port}"
