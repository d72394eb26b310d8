# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds audio files that end too early or are damaged, by their own structure, without decoding.

libsndfile opens most files that were cut short as shorter ones, without a word (a CAF it refuses). FLAC and MP3 files
that count their samples need nothing here: fewer come out of them. Sources: Microsoft and IBM, RIFF; EBU Tech 3306;
Apple, AIFF 1.3; Sony, "Wave 64"; Creative Labs, VOC 1.20; RFC 3533 (Ogg); ISO/IEC 11172-3 and 13818-3 (MPEG audio).
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import BinaryIO

from engine.library.iff import Form
from engine.library.mpeg import id3_bytes
from engine.library.mpegframes import first_frames, frames, sound_end

ENDS_EARLY = "it ends before it says"

_OGG_HEAD = struct.Struct("<4sBBqIIIB")
_OGG_LAST = 4
# Ogg's checksum runs from the highest bit to the lowest, zlib's the other way round.
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_PIPED = (range(0x7FFF_0000, 0x8000_0001), range(0xFFFF_0000, 0x1_0000_0000))
"""Sizes that writers put who did not know how much would come: close to what 31 and 32 bits hold."""
_MAX_CHUNKS = 1000
_VOC_END, _VOC_AUDIO = 0, (1, 2, 9)


def damage_in(handle: BinaryIO, container: str) -> str | None:
    """Return in words what an open file's own structure says is missing or spoilt; None where it says nothing.

    ``container`` is libsndfile's name of the format. The handle is left anywhere.
    """
    try:
        match container:
            case "WAV" | "WAVEX" | "RF64" | "AIFF":
                is_cut = _is_form_cut(handle)
            case "W64":
                is_cut = _is_w64_cut(handle)
            case "AU":
                is_cut = _is_au_cut(handle)
            case "VOC":
                is_cut = _is_voc_cut(handle)
            case "OGG":
                return _ogg_damage(handle)
            case "MP3":
                return _mpeg_damage(handle)
            case _:
                return None
    except (ValueError, struct.error):
        return None
    return ENDS_EARLY if is_cut else None


def _is_form_cut(handle: BinaryIO) -> bool:
    n_file_bytes = _size_of(handle)
    form = Form(handle)
    for name in (b"data", b"SSND"):
        chunk = next((chunk for chunk in form.chunks() if chunk.name == name), None)
        if chunk is not None:
            handle.seek(chunk.start - 4)
            stated = struct.unpack("<I" if name == b"data" else ">I", handle.read(4))[0]
            is_wide = stated == 0xFFFF_FFFF and chunk.n_bytes != stated  # RF64: the size stands elsewhere
            n_bytes = chunk.n_bytes if is_wide else stated
            return chunk.start + n_bytes > n_file_bytes and (is_wide or not _is_unknown(n_bytes))
    return False


def _is_w64_cut(handle: BinaryIO) -> bool:
    n_file_bytes = _size_of(handle)
    place = 40
    for _ in range(_MAX_CHUNKS):
        if place >= n_file_bytes:
            break
        handle.seek(place)
        name, n_bytes = struct.unpack("<16sQ", handle.read(24))
        if name[:4] == b"data":
            return bool(place + n_bytes > n_file_bytes and n_bytes < 2**63 - 2**32 and not _is_unknown(n_bytes))
        place += max(24, -(-n_bytes // 8) * 8)
    return False


def _is_au_cut(handle: BinaryIO) -> bool:
    handle.seek(0)
    magic = handle.read(4)
    start, n_bytes = struct.unpack(">II" if magic == b".snd" else "<II", handle.read(8))
    return bool(start + n_bytes > _size_of(handle) and not _is_unknown(n_bytes))


def _is_voc_cut(handle: BinaryIO) -> bool:
    n_file_bytes = _size_of(handle)
    handle.seek(20)
    place = struct.unpack("<H", handle.read(2))[0]
    for _ in range(_MAX_CHUNKS):
        handle.seek(place)
        block = handle.read(4)
        if len(block) < 4 or block[0] == _VOC_END:
            break
        place += 4 + int.from_bytes(block[1:], "little")
        if block[0] in _VOC_AUDIO and place > n_file_bytes:
            return True
    return False


def _is_unknown(n_bytes: int) -> bool:
    return any(n_bytes in sizes for sizes in _PIPED)


def _size_of(handle: BinaryIO) -> int:
    return handle.seek(0, os.SEEK_END)


# --- Ogg --------------------------------------------------------------------------------------------------------------


def _ogg_damage(handle: BinaryIO) -> str | None:
    """Return whether pages are missing, spoilt or cut: each has its number and checksum, the last one is marked."""
    n_file_bytes = _size_of(handle)
    numbers: dict[int, int] = {}
    unfinished: set[int] = set()
    place = 0
    while place < n_file_bytes:
        handle.seek(place)
        head = handle.read(_OGG_HEAD.size)
        if len(head) < _OGG_HEAD.size or head[:4] != b"OggS":
            if not unfinished:
                return None  # what follows the last page: a tag of another kind, rubbish
            return ENDS_EARLY if b"OggS".startswith(head[:4]) else "a page of it is spoilt"
        _, _, flags, _, stream, number, checksum, n_segments = _OGG_HEAD.unpack(head)
        segments = handle.read(n_segments)
        n_bytes = sum(segments)
        body = handle.read(n_bytes)
        if len(segments) < n_segments or len(body) < n_bytes:
            return ENDS_EARLY
        if _ogg_checksum(head[:22] + bytes(4) + head[26:] + segments + body) != checksum:
            return "a page of it is spoilt"
        if number != numbers.get(stream, -1) + 1 and stream in unfinished:
            return "pages of it are missing"
        numbers[stream] = number
        unfinished.add(stream)
        if flags & _OGG_LAST:
            unfinished.remove(stream)
            del numbers[stream]
        place += len(head) + n_segments + n_bytes
    return ENDS_EARLY if unfinished else None


def _ogg_checksum(page: bytes) -> int:
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_MIRRORED), "big")


# --- MPEG audio -------------------------------------------------------------------------------------------------------


def _mpeg_damage(handle: BinaryIO) -> str | None:
    """Return whether the last of a row of frames is cut off, or the row is broken and goes on."""
    end = sound_end(handle)
    start = first_frames(handle, id3_bytes(handle.fileno()), end)
    if start is None:
        return None
    last = start
    for last in frames(handle, start.place):
        if last.end > end:
            return ENDS_EARLY
    return None if first_frames(handle, last.end, end, like=last) is None else "frames of it are spoilt"
