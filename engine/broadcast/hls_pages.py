# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of HLS by the radio's own server, for who has no other."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from engine.broadcast.playlist import PLAYLIST, is_of_stream

_PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
_SEGMENT_TYPE = "audio/mp4"
_KEPT = "public, max-age=86400, immutable"


async def hls_file(folder: Path, name: str) -> Response:
    """Return a file of the stream, whatever else lies in its folder, with what players and caches have to know."""
    try:
        if not is_of_stream(name):
            raise FileNotFoundError(name)
        # As a whole: Starlette itself asks for the length of a playlist, which is replaced before it is sent.
        content = await run_in_threadpool(_read, folder / name)
    except OSError:
        return JSONResponse({"message": "There is no such file."}, 404)
    if name == PLAYLIST:
        return Response(content, media_type=_PLAYLIST_TYPE, headers={"Cache-Control": "no-cache"})
    return Response(content, media_type=_SEGMENT_TYPE, headers={"Cache-Control": _KEPT})


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read()
