# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of HLS by the radio's own server, for who has no other."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from engine.broadcast.playlist import PLAYLIST, is_of_stream

_PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
_SEGMENT_TYPE = "audio/mp4"
_KEPT = "public, max-age=86400, immutable"


class HlsFiles(StaticFiles):
    """HLS files are those of the stream alone, whatever else lies in their folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def check_config(self) -> None:
        """Take a folder that is not there yet, or any more, for an empty one."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return where a file lies, as Starlette asks."""
        return super().lookup_path(path) if is_of_stream(path) else ("", None)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with what a player and a cache have to know of it."""
        response = await super().get_response(path, scope)
        is_playlist = path == PLAYLIST
        response.headers["Cache-Control"] = "no-cache" if is_playlist else _KEPT
        if "content-type" in response.headers:
            response.headers["Content-Type"] = _PLAYLIST_TYPE if is_playlist else _SEGMENT_TYPE
        return response
