# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection on which no request comes is closed, and one on which it is answered stays."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any

import uvicorn

from engine.serving.patient import patient_protocol

HEAD_S = 0.4


async def answer(_scope: Any, _receive: Any, send: Any) -> None:
    await asyncio.sleep(2.0 * HEAD_S)  # an answer may take its time
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def heard(port: int, *parts: bytes) -> bytes:
    """Return all that is answered to these parts, sent one after the other, until the other end hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        if reader.at_eof():
            break
        writer.write(part)
        await asyncio.sleep(HEAD_S / 8.0)
    out = b""
    with contextlib.suppress(ConnectionResetError):
        out = await reader.read()
    writer.close()
    return out


async def scene() -> tuple[bytes, bytes, bytes, bytes]:
    listening = socket.create_server(("127.0.0.1", 0))
    http = patient_protocol(HEAD_S)
    config = uvicorn.Config(answer, http=http, lifespan="off", log_config=None, timeout_keep_alive=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    port = listening.getsockname()[1]
    whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    drops = [whole[at : at + 1] for at in range(len(whole) - 1)]
    try:
        async with asyncio.timeout(30.0):
            return await asyncio.gather(
                heard(port), heard(port, *drops), heard(port, whole), heard(port, whole + drops[0])
            )
    finally:
        server.should_exit = True
        await serving
        listening.close()


def test_who_sends_next_to_nothing_is_hung_up_on() -> None:
    nothing, drop_by_drop, whole, and_a_drop = asyncio.run(scene())
    assert nothing == drop_by_drop == b""
    for told in (whole, and_a_drop):
        assert told.endswith(b"\r\n\r\nok")
