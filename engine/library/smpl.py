# SPDX-License-Identifier: GPL-3.0-or-later
"""The WAV ``smpl`` chunk: loop points that samplers and other players read.

Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF) and its 1994 revision 3.0
(``smpl``). The chunk's end is **inclusive** ("this sample will also be played"), everywhere else here regions are half
open: the one conversion is in this module.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from engine.values import LoopRegion

FORWARD = 0
FOR_EVER = 0
MIDDLE_C = 60

_CHUNK_HEAD = struct.Struct("<4sI")
# manufacturer, product, sample period (ns), unity note, pitch fraction, SMPTE format, SMPTE offset, loops, extra bytes
_SMPL_HEAD = struct.Struct("<9I")
# cue point, type, start, end (inclusive), fraction, play count
_SMPL_LOOP = struct.Struct("<6I")
_RIFF_HEAD_BYTES = 12


@dataclass(frozen=True, slots=True)
class SampleLoop:
    """One loop of a ``smpl`` chunk: its half-open region, its type and how often it plays (0: for ever)."""

    region: LoopRegion
    kind: int
    play_count: int


def append_smpl(wav: BinaryIO, region: LoopRegion, sample_rate: int) -> None:
    """Add a ``smpl`` chunk with one forward loop that plays for ever to the end of a WAV file.

    Parameters
    ----------
    wav
        Open for reading and writing, seekable; anything after the RIFF form is cut off.
    region
        Of the file's own samples; must lie within them.
    sample_rate
        Hz.

    Raises
    ------
    ValueError
        ``wav`` is no RIFF WAVE file.
    """
    end = _riff_end(wav)
    wav.seek(end)
    wav.truncate()
    if end % 2:  # chunks start at even places; an odd one is followed by a zero byte that its size does not count
        wav.write(b"\0")
    period_ns = round(1e9 / sample_rate)
    wav.write(_CHUNK_HEAD.pack(b"smpl", _SMPL_HEAD.size + _SMPL_LOOP.size))
    wav.write(_SMPL_HEAD.pack(0, 0, period_ns, MIDDLE_C, 0, 0, 0, 1, 0))
    wav.write(_SMPL_LOOP.pack(0, FORWARD, region.loop_start, region.loop_end - 1, 0, FOR_EVER))
    riff_bytes = wav.tell() - _CHUNK_HEAD.size
    wav.seek(0)
    wav.write(_CHUNK_HEAD.pack(b"RIFF", riff_bytes))
    wav.seek(0, os.SEEK_END)


def read_smpl(wav: BinaryIO) -> tuple[SampleLoop, ...]:
    """The loops of a WAV file's ``smpl`` chunk, none without one. Raises ValueError if it is no RIFF WAVE file."""
    for name, start, n_bytes in chunks(wav):
        if name != b"smpl":
            continue
        wav.seek(start)
        body = wav.read(n_bytes)
        if len(body) < _SMPL_HEAD.size:
            raise ValueError("the smpl chunk is cut short")
        n_loops = _SMPL_HEAD.unpack_from(body)[7]
        if len(body) < _SMPL_HEAD.size + n_loops * _SMPL_LOOP.size:
            raise ValueError("the smpl chunk is cut short")
        rows = (_SMPL_LOOP.unpack_from(body, _SMPL_HEAD.size + i * _SMPL_LOOP.size) for i in range(n_loops))
        return tuple(SampleLoop(LoopRegion(row[2], row[3] + 1), kind=row[1], play_count=row[5]) for row in rows)
    return ()


def chunks(wav: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, place of the first byte and size in bytes of each chunk. Raises ValueError if it is no RIFF WAVE file."""
    end = _riff_end(wav)
    place = _RIFF_HEAD_BYTES
    while place + _CHUNK_HEAD.size <= end:
        wav.seek(place)
        name, n_bytes = _CHUNK_HEAD.unpack(wav.read(_CHUNK_HEAD.size))
        place += _CHUNK_HEAD.size
        yield name, place, n_bytes
        place += n_bytes + n_bytes % 2


def _riff_end(wav: BinaryIO) -> int:
    """Where the RIFF form ends, as its header says and no further than the file does."""
    n_file_bytes = wav.seek(0, os.SEEK_END)
    wav.seek(0)
    head = wav.read(_RIFF_HEAD_BYTES)
    if len(head) < _RIFF_HEAD_BYTES or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise ValueError("not a RIFF WAVE file")
    return min(n_file_bytes, _CHUNK_HEAD.size + int(_CHUNK_HEAD.unpack_from(head)[1]))
