# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections end whose other end has vanished: the system itself finds that out."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

GONE_S = 20
"""Seconds after which a connection is closed whose other end takes nothing, or is silent when asked."""


def give_up_soon(end: Any) -> None:
    """Have the system close a connection (its socket) whose other end has vanished, or reads nothing."""
    options = (
        (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
        (socket.IPPROTO_TCP, "TCP_KEEPIDLE", GONE_S // 2),
        (socket.IPPROTO_TCP, "TCP_KEEPINTVL", GONE_S // 4),
        (socket.IPPROTO_TCP, "TCP_KEEPCNT", 2),
        (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", 1000 * GONE_S),
    )
    for level, name, value in options:
        number = getattr(socket, name, None)
        if number is not None:
            with contextlib.suppress(OSError):
                end.setsockopt(level, number, value)
