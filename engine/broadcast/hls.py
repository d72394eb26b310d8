# SPDX-License-Identifier: GPL-3.0-or-later
"""HLS is the stream as files that any web server serves: parts of a second, segments, and a playlist that names them.

They are cut by libav's MP4 muxer, which ends a fragment wherever it is told; its own muxer for HLS knows no parts.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import av

from engine.broadcast.encoder import Part, PartEncoder
from engine.broadcast.forms import PARTS
from engine.broadcast.playlist import (
    LISTED,
    PARTS_A_SEGMENT,
    PLAYLIST,
    TARGET_S,
    Playlist,
    Segment,
    is_of_stream,
    read_playlist,
)
from engine.errors import StudioError
from engine.library.atomic import write_bytes
from engine.library.unwritten import make_folder
from engine.values import FloatArray

_log = logging.getLogger(__name__)

KEPT_S = (2 * LISTED + 2) * TARGET_S
"""Seconds after which a file is removed that is not named any more: as long as a playlist that names it may be read."""
STALE_S = LISTED * TARGET_S
"""Seconds after which what an earlier run wrote is offered no more."""
AGAIN_S = 10.0
"""Seconds after which a folder that could not be written is tried again."""
MOST_WAITING = 40
"""Pieces of the stream that may wait for a slow disk: ten seconds. What comes then is left out."""
OFF_S = 0.5
"""Seconds by which the stream's own time may be off the clock before it is set anew."""


class _Fed(NamedTuple):
    end: int
    frames: FloatArray
    wall_s: float


class HlsFolder:
    """An HLS folder is written by a thread of its own: the stream never waits for a disk.

    Whatever goes wrong ends a run; the next one begins with what the playlist says, as after a restart.

    Parameters
    ----------
    sample_rate
        Of what it is fed, Hz.
    wall_s
        The seconds since 1970.
    again_s
        As ``AGAIN_S``.

    Attributes
    ----------
    trouble
        Why nothing is written; "" while all is well.
    """

    def __init__(
        self, folder: Path, sample_rate: int, *, wall_s: Callable[[], float] = time.time, again_s: float = AGAIN_S
    ) -> None:
        self.folder, self.trouble = folder, ""
        self._rate, self._wall_s, self._again_s = sample_rate, wall_s, again_s
        self._waiting: queue.Queue[_Fed | None] = queue.Queue(MOST_WAITING)
        self._run: _Run | None = None
        self._next = -1
        self._again_at_s = 0.0
        self._thread = threading.Thread(target=self._write, name="hls", daemon=True)
        self._thread.start()

    def feed(self, end: int, frames: FloatArray) -> None:
        """Take the stream's next samples, at whose end it is at sample ``end``; never waits."""
        try:
            self._waiting.put_nowait(_Fed(end, frames, self._wall_s()))
        except queue.Full:
            if not self.trouble:
                _log.warning("HLS is not written as fast as it comes: the disk is too slow, or hangs")
                self.trouble = "the disk is too slow"

    def close(self) -> None:
        """Write what is waiting, then nothing more."""
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=1.0)
        self._thread.join(2.0)

    def _write(self) -> None:
        while (fed := self._waiting.get()) is not None:
            try:
                self._take(fed)
            except (StudioError, OSError) as error:
                self._fail(error)
            except Exception as error:  # noqa: BLE001 - the encoder, too: the stream goes on without these files
                _log.exception("HLS cannot go on")
                self._fail(error)
        self._end_run()

    def _take(self, fed: _Fed) -> None:
        if fed.end - len(fed.frames) != self._next:
            # The disk was too slow for what came meanwhile.
            self._end_run()
        self._next = fed.end
        if self._run is None:
            if time.monotonic() < self._again_at_s:
                return
            self._run = _Run(self.folder, self._rate, fed.wall_s - len(fed.frames) / self._rate)
        self._run.take(fed)
        if self.trouble and self._run.has_written:
            _log.info("HLS is written again")
            self.trouble = ""

    def _fail(self, error: Exception) -> None:
        self._end_run()
        self._again_at_s = time.monotonic() + self._again_s
        if not self.trouble:
            _log.warning("HLS is not written, and is tried again every %g s: %s", self._again_s, error)
        # Listeners are told it, too: not where the folder lies.
        fields = error.fields if isinstance(error, StudioError) else {}
        self.trouble = str(fields.get("detail") or getattr(error, "strerror", None) or type(error).__name__)

    def _end_run(self) -> None:
        if self._run is not None:
            with contextlib.suppress(av.FFmpegError):
                self._run.close()
            self._run = None


class _Run:
    """A run is one encoder's, from where the playlist ended on. Raises StudioError, OSError, as all of it does."""

    def __init__(self, folder: Path, sample_rate: int, wall_s: float) -> None:
        make_folder(folder)
        self._folder, self._rate = folder, sample_rate
        self.has_written = False
        self._name = f"{round(1000.0 * wall_s):x}"
        self._playlist = _kept_playlist(folder, wall_s)
        _remove_old(folder, self._playlist.names, wall_s)
        self._encoder = PartEncoder(PARTS, sample_rate)
        self._begins_s, self._n_fed, self._n_out = wall_s, 0, 0
        self._growing: list[bytes] = []
        self._segment: Segment | None = None

    def take(self, fed: _Fed) -> None:
        """Write what is whole with these samples."""
        self._n_fed += len(fed.frames)
        off_s = fed.wall_s - (self._begins_s + self._n_fed / self._rate)
        if abs(off_s) > OFF_S:
            self._begins_s += off_s
        for part in self._encoder.parts(fed.frames):
            if not self.has_written:
                _write(self._folder / f"{self._name}.mp4", self._encoder.head)
            self._add(part, fed.wall_s)

    def close(self) -> None:
        """Give back what the encoder holds."""
        self._encoder.close()

    def _add(self, part: Part, wall_s: float) -> None:
        segment = self._segment or self._next_segment()
        _write(self._folder / segment.part_name(len(self._growing)), part.content)
        self._growing.append(part.content)
        self._n_out += part.n_samples
        segment = segment.with_part(part.n_samples / self._rate)
        is_whole = len(self._growing) == PARTS_A_SEGMENT
        if is_whole:
            _write(self._folder / segment.name, b"".join(self._growing))
            segment = segment.whole()
            self._growing.clear()
        self._playlist = self._playlist.with_segment(segment)
        # The last of all: what it names is there.
        _write(self._folder / PLAYLIST, self._playlist.text().encode())
        self.has_written = True
        self._segment = None if is_whole else segment
        if is_whole:
            _remove_old(self._folder, self._playlist.names, wall_s)

    def _next_segment(self) -> Segment:
        begins_s = self._begins_s + (self._n_out - self._encoder.n_before) / self._rate
        return Segment(self._name, self._playlist.next_number, begins_s, breaks=not self.has_written)


def _kept_playlist(folder: Path, wall_s: float) -> Playlist:
    """Return what an earlier run left, its last segment ended; only its numbers, where nothing of it can be offered."""
    if (folder / PLAYLIST).is_symlink():
        return Playlist(int(wall_s) // 2)
    try:
        kept = read_playlist(_read(folder / PLAYLIST).decode("utf-8"))
    except FileNotFoundError:
        # By the clock, which no radio's segments overtake: even where a folder was emptied, numbers go up.
        return Playlist(int(wall_s) // 2)
    except ValueError as error:
        _log.info("%s is damaged, and its numbers begin anew: %s", folder / PLAYLIST, error)
        return Playlist(int(wall_s) // 2)
    if not kept.segments:
        return kept
    last = kept.segments[-1]
    is_there = [one.is_file() and not one.is_symlink() for one in (folder / name for name in sorted(kept.names))]
    if not all(is_there) or abs(wall_s - last.begins_s - last.length_s) > STALE_S:
        # Of what had begun nobody shall hear another end.
        return replace(kept.less(len(kept.segments)), next_number=last.number + 1)
    if last.whole_s is None:
        parts = [_read(folder / last.part_name(one)) for one in range(len(last.part_lengths_s))]
        _write(folder / last.name, b"".join(parts))
        kept = kept.with_segment(last.whole())
    return kept


# Others may write to a folder that a web server offers: a link there leads to what is no part of the stream.


def _write(path: Path, content: bytes) -> None:
    write_bytes(path, content, follows=False)


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return file.read()


def _remove_old(folder: Path, named: frozenset[str], wall_s: float) -> None:
    """Remove the stream's files that are not named, and are so old that no player asks for them."""
    with os.scandir(folder) as entries:
        unnamed = [one for one in entries if one.name not in named and one.name != PLAYLIST and is_of_stream(one.name)]
    for one in unnamed:
        with contextlib.suppress(OSError):
            # Either way: a clock may have been set back.
            if abs(wall_s - one.stat(follow_symlinks=False).st_mtime) > KEPT_S:
                Path(one.path).unlink()
