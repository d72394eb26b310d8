# SPDX-License-Identifier: GPL-3.0-or-later
"""This module follows the row of frames that an MP3 file is: each says how long it is, and so where the next starts.

Sources: ISO/IEC 11172-3 and 13818-3 (MPEG audio); id3.org (ID3v1, ID3v2); "APE tag version 2.0".
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from engine.library.mpeg import id3_bytes

_ID3V1_BYTES = 128
_APE_BYTES = 32
_APE = struct.Struct("<8sIIII8x")  # its name, version, size without the header, items, flags
_APE_HAS_HEADER = 1 << 31
_KBITS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Bit rates in kbit/s by version (1, and 2 for 2 and 2.5) and layer."""
_RATES = (44_100, 48_000, 32_000)
_HEAD_BYTES = 4
_SURE = 4
"""Number of frames in a row that cannot be chance."""
_SEARCHED_BYTES = 2**18


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame has a start, an end and a kind: version, layer and sample rate."""

    place: int
    end: int
    kind: tuple[int, int, int]


def sound_end(handle: BinaryIO) -> int:
    """Return where the tags behind the frames begin: ID3v1 at the very end, APE before it."""
    end = handle.seek(0, os.SEEK_END)
    if _bytes_at(handle, max(0, end - _ID3V1_BYTES), 3) == b"TAG":
        end -= _ID3V1_BYTES
    foot = _bytes_at(handle, max(0, end - _APE_BYTES), _APE_BYTES)
    if len(foot) == _APE_BYTES and foot[:8] == b"APETAGEX":
        _, _, n_bytes, _, flags = _APE.unpack(foot)
        end -= min(end, n_bytes + _APE_BYTES * bool(flags & _APE_HAS_HEADER))
    return end


def frames(handle: BinaryIO, place: int, *, like: Frame | None = None) -> Iterator[Frame]:
    """Yield the frames from ``place`` on, as long as one of a kind follows the other; ID3 tags are passed over."""
    kind = None if like is None else like.kind
    while True:
        frame = _frame_of(_bytes_at(handle, place, _HEAD_BYTES), place)
        if frame is None:
            tag_end = id3_bytes(handle.fileno(), place)
            if tag_end == place:
                return
            place = tag_end
            continue
        if kind not in {None, frame.kind}:
            return
        kind = frame.kind
        yield frame
        place = frame.end


def first_frames(handle: BinaryIO, place: int, end: int, *, like: Frame | None = None) -> Frame | None:
    """Return the first of a few frames in a row, from ``place`` on or soon after, of the kind of another one.

    None without such a row before ``end``.
    """
    searched = _bytes_at(handle, place, min(_SEARCHED_BYTES, max(0, end - place)))
    at = searched.find(b"\xff")
    while at >= 0:
        row = []
        for frame in frames(handle, place + at, like=like):
            row.append(frame)
            if len(row) == _SURE or frame.end >= end:
                break
        if row and (len(row) == _SURE or (len(row) > 1 and row[-1].end == end)):
            return row[0]
        at = searched.find(b"\xff", at + 1)
    return None


def _frame_of(head: bytes, place: int) -> Frame | None:
    if len(head) < _HEAD_BYTES or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, kbits, padding = head[2] >> 2 & 3, head[2] >> 4, head[2] >> 1 & 1
    if version == 1 or layer == 4 or rate == 3 or kbits in {0, 15}:
        return None
    sample_rate = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    bit_rate = _KBITS[1 if version == 3 else 2, layer][kbits - 1] * 1000
    if layer == 1:
        n_bytes = (12 * bit_rate // sample_rate + padding) * 4
    else:
        n_bytes = (72 if layer == 3 and version != 3 else 144) * bit_rate // sample_rate + padding
    return Frame(place, place + n_bytes, (version, layer, rate))


def _bytes_at(handle: BinaryIO, place: int, n_bytes: int) -> bytes:
    handle.seek(place)
    return handle.read(n_bytes)
