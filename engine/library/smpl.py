# SPDX-License-Identifier: GPL-3.0-or-later
"""The WAV ``smpl`` chunk holds loop points that samplers and other players read.

Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF) and its 1994 revision 3.0
(``smpl``). The chunk's end is **inclusive** ("this sample will also be played"), everywhere else here regions are half
open: the one conversion is in this module.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from engine.library.iff import Form
from engine.values import LoopRegion

FORWARD = 0
FOR_EVER = 0
MIDDLE_C = 60

# manufacturer, product, sample period (ns), unity note, pitch fraction, SMPTE format, SMPTE offset, loops, extra bytes
_SMPL_HEAD = struct.Struct("<9I")
# cue point, type, start, end (inclusive), fraction, play count
_SMPL_LOOP = struct.Struct("<6I")
_MAX_PLACE = 2**32
_MAX_BYTES = 2**24


@dataclass(frozen=True, slots=True)
class SampleLoop:
    """A loop of a ``smpl`` chunk: its half-open region, its type and how often it plays (0: for ever)."""

    region: LoopRegion
    kind: int
    play_count: int


def put_smpl(wav: BinaryIO, region: LoopRegion, sample_rate: int) -> None:
    """Give a WAV or RF64 file one forward loop that plays for ever, in place of those it has.

    What else an older ``smpl`` chunk says (the note, its tuning, a sampler's own bytes) is kept, and so is every other
    chunk.

    Parameters
    ----------
    wav
        Open for reading and writing, seekable.
    region
        Of the file's own samples; must lie within them.
    sample_rate
        Hz.

    Raises
    ------
    ValueError
        ``wav`` is no such file, or too long for loop points (4 GiB; the chunk counts samples in 32 bits).
    """
    if region.loop_end > _MAX_PLACE:
        raise ValueError("loop points reach no further than 2^32 samples")
    form = _form(wav)
    old = form.body(b"smpl", limit=_MAX_BYTES) or b""
    if len(old) == _MAX_BYTES:
        raise ValueError("its smpl chunk is too long to be kept")
    head = [0, 0, round(1e9 / sample_rate), MIDDLE_C, 0, 0, 0, 1, 0]
    own = b""
    if len(old) >= _SMPL_HEAD.size:
        fields = _SMPL_HEAD.unpack_from(old)
        head[:7], (n_loops, n_own) = fields[:7], fields[7:]
        at = _SMPL_HEAD.size + n_loops * _SMPL_LOOP.size
        own = old[at : at + n_own]
    head[8] = len(own)
    loop = _SMPL_LOOP.pack(0, FORWARD, region.loop_start, region.loop_end - 1, 0, FOR_EVER)
    form.put(b"smpl", _SMPL_HEAD.pack(*head) + loop + own)


def read_smpl(wav: BinaryIO) -> tuple[SampleLoop, ...]:
    """Return the loops of a WAV or RF64 file's ``smpl`` chunk, none without one.

    Loops that end before they start are left out, and so are those that a chunk cut short has no room for. Raises
    ValueError if it is no such file.
    """
    body = _form(wav).body(b"smpl", limit=_MAX_BYTES) or b""
    if len(body) < _SMPL_HEAD.size:
        return ()
    n_loops = min(_SMPL_HEAD.unpack_from(body)[7], (len(body) - _SMPL_HEAD.size) // _SMPL_LOOP.size)
    rows = (_SMPL_LOOP.unpack_from(body, _SMPL_HEAD.size + i * _SMPL_LOOP.size) for i in range(n_loops))
    return tuple(
        SampleLoop(LoopRegion(row[2], row[3] + 1), kind=row[1], play_count=row[5]) for row in rows if row[2] <= row[3]
    )


def _form(wav: BinaryIO) -> Form:
    form = Form(wav)
    if form.type != b"WAVE":
        raise ValueError("not a RIFF WAVE file")
    return form
