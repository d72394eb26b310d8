# SPDX-License-Identifier: GPL-3.0-or-later
"""This program writes HLS without an end, as fast as it can: ``python -m tests.engine.broadcast.hls_feeding X``."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.broadcast.hls import HlsFolder
from engine.broadcast.playlist import PLAYLIST
from tests.engine.broadcast.playing_hls import Clock, feed
from tests.engine.broadcast.streams import RATE, tone


def main(folder: Path) -> None:
    before = (folder / PLAYLIST).read_bytes() if (folder / PLAYLIST).exists() else b""
    hls, sound, begin = HlsFolder(folder, RATE, wall_s=Clock()), tone(2.0), 0
    is_told = False
    while True:
        feed(hls, sound, begin=begin)
        begin += len(sound)
        if not is_told and (folder / PLAYLIST).exists() and (folder / PLAYLIST).read_bytes() != before:
            sys.stdout.write("writing\n")
            sys.stdout.flush()
            is_told = True


if __name__ == "__main__":
    main(Path(sys.argv[1]))
