# SPDX-License-Identifier: GPL-3.0-or-later
"""The comment room is the part of a growing FLAC file's header in which its comment is exchanged while it is recorded.

A FLAC file's comments stand before its sound (RFC 9639, 8), and what is recorded cannot be moved. So room is left
there, in two halves. A new comment is written into the half that is padding; then the four bytes at the room's start,
in one write, make the other half padding: a kill or a power cut comes before that or after it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from typing import Final

from engine.library import atomic

ROOM_BYTES: Final = 5 << 17
"""Number of bytes that are left, 640 KiB: what four seconds of sound take, for ten hours of loops and chapters."""
_HALF: Final = ROOM_BYTES // 2
_PADDING, _COMMENT, _LAST = 1, 4, 0x80
_HEAD_BYTES = 4
_LENGTH = struct.Struct("<I")


class CommentRoom:
    """The room in a file, which holds comments, or none at first.

    Parameters
    ----------
    descriptor
        Of the file, for reading and writing.
    at, end
        Where libFLAC's block of comments begins, which is the header's last, and where it ends. The room begins there
        too, and is in the place of that block.

    Raises
    ------
    OSError
    """

    def __init__(self, descriptor: int, at: int, end: int) -> None:
        self._descriptor, self._at = descriptor, at
        body = os.pread(descriptor, end - at - _HEAD_BYTES, at + _HEAD_BYTES)
        (n_vendor,) = _LENGTH.unpack_from(body)
        self._vendor = body[: _LENGTH.size + n_vendor]
        self._is_in_second = False
        # Written, not skipped, and first: where the disk has no room for it the header is as it was.
        self._write(end, bytes(self.end - end))
        empty = self._vendor + _LENGTH.pack(0)
        self._write(at, _head(_COMMENT, len(empty)) + empty + self._padding(at + _HEAD_BYTES + len(empty)))

    @property
    def end(self) -> int:
        """Return where the room ends, and the sound begins."""
        return self._at + ROOM_BYTES

    def say(self, comments: Mapping[str, str]) -> None:
        """Have the file carry these comments and no other. Raises ValueError where they are too long, and OSError."""
        lines = [f"{name}={text}".encode() for name, text in comments.items()]
        body = self._vendor + _LENGTH.pack(len(lines))
        body += b"".join(_LENGTH.pack(len(line)) + line for line in lines)
        if len(body) > _HALF - 2 * _HEAD_BYTES:
            raise ValueError(f"comments of {len(body)} bytes have no room")
        if self._is_in_second:
            place, head = self._at, _head(_COMMENT, len(body))
        else:
            place, head = self._at + _HALF, _head(_PADDING, _HALF - _HEAD_BYTES)
            self._write(place, _head(_COMMENT, len(body)))
        after = place + _HEAD_BYTES + len(body)
        self._write(place + _HEAD_BYTES, body + self._padding(after))
        # All that is named by the next four bytes is on the disk before them.
        atomic.sync(self._descriptor)
        self._write(self._at, head)
        self._is_in_second = not self._is_in_second

    def _padding(self, at: int) -> bytes:
        """Return the head of the padding from here to the room's end, the header's last block."""
        return _head(_LAST | _PADDING, self.end - at - _HEAD_BYTES)

    def _write(self, at: int, data: bytes) -> None:
        while data:
            n_written = os.pwrite(self._descriptor, data, at)
            at, data = at + n_written, data[n_written:]


def _head(kind: int, n_bytes: int) -> bytes:
    return bytes([kind]) + n_bytes.to_bytes(3, "big")
