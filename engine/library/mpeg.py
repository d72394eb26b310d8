# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads MP3 files that do not say how long they are.

Their first frame has neither a Xing header (``Info`` at a constant bit rate) nor a VBRI header. libsndfile then takes
the bit rate of that frame for that of all, and reads no further than the length it has guessed: of a minute that starts
louder than it goes on, a quarter.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

_ID3_HEAD_BYTES = 10
_ID3V1_BYTES = 128
_SEARCHED_BYTES = 4096  # the first frame, and some rubbish before it
_HAS_FRAME_COUNT = 1
_LOWEST_TO_HIGHEST = 64  # bit rates go from 8 to 320 kbit/s


def states_its_length(descriptor: int) -> bool:
    """Return whether the first frame of an open MP3 file counts the frames. The descriptor stays where it is."""
    start = os.pread(descriptor, _SEARCHED_BYTES, id3_bytes(descriptor))
    for name in (b"Xing", b"Info"):
        place = start.find(name)
        if place >= 0 and len(start) >= place + 8:
            return bool(struct.unpack_from(">I", start, place + 4)[0] & _HAS_FRAME_COUNT)
    return b"VBRI" in start


def id3_bytes(descriptor: int, place: int = 0) -> int:
    """Return where the ID3v2 tags end that start at ``place`` (id3.org, ID3 tag version 2.4.0, section 3.1)."""
    while True:
        head = os.pread(descriptor, _ID3_HEAD_BYTES, place)
        if len(head) < _ID3_HEAD_BYTES or head[:3] != b"ID3":
            return place
        size = 0
        for byte in head[6:]:
            size = size << 7 | byte & 0x7F
        has_footer = bool(head[5] & 0x10)
        place += _ID3_HEAD_BYTES + size + _ID3_HEAD_BYTES * has_footer


class OverstatedMpeg:
    """A file that claims to be so long that libsndfile's guess is never too short; it then reads to the end.

    libsndfile looks for an ID3v1 tag before the end, and opens nothing whose last bytes it cannot read: those are 0.
    """

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._n_bytes = handle.seek(0, os.SEEK_END) * _LOWEST_TO_HIGHEST + _ID3V1_BYTES
        handle.seek(0)

    def read(self, n_bytes: int) -> bytes:
        if self._handle.tell() >= self._n_bytes - _ID3V1_BYTES:
            return bytes(n_bytes)
        return self._handle.read(n_bytes)

    def tell(self) -> int:
        return self._handle.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_END:
            return self._handle.seek(self._n_bytes + offset)
        return self._handle.seek(offset, whence)
