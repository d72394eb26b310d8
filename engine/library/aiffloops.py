# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads and writes the sustain loop of an AIFF file: an ``INST`` chunk names two markers of ``MARK``.

Apple, "Audio Interchange File Format 1.3": a marker lies between two samples, position 0 before the first, so that a
loop's two markers are a half-open region as they are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from engine.library.iff import Form
from engine.library.marks import Mark
from engine.values import LoopRegion

_FORWARD = 1
_NAMES = (b"beg loop", b"end loop")  # as many programs call them
# note, detune, lowest and highest note, lowest and highest velocity, gain (dB); then the loops: mode, begin, end marker
_INST = struct.Struct(">6bh3h3h")
_DEFAULT_INST = (60, 0, 0, 127, 1, 127, 0, 0, 0, 0, 0, 0, 0)
_MARK_HEAD = struct.Struct(">hIB")  # id, position, length of the name
_MAX_PLACE = 2**32


@dataclass(frozen=True, slots=True)
class _Marker:
    id: int
    position: int
    name: bytes

    def packed(self) -> bytes:
        content = _MARK_HEAD.pack(self.id, self.position, len(self.name)) + self.name
        return content + b"\0" * (len(content) % 2)


def read_aiff_loops(aiff: BinaryIO) -> tuple[LoopRegion, ...]:
    """Return the sustain and release loops that play forward. Raises ValueError if the file is no AIFF file."""
    form = _form(aiff)
    inst = form.body(b"INST") or b""
    if len(inst) < _INST.size:
        return ()
    places = {marker.id: marker.position for marker in _markers(form) if marker.id > 0}
    fields = _INST.unpack_from(inst)
    loops = []
    for mode, begin, end in (fields[7:10], fields[10:13]):
        start, stop = places.get(begin), places.get(end)
        if mode == _FORWARD and start is not None and stop is not None and start < stop:
            loops.append(LoopRegion(start, stop))
    return tuple(loops)


def read_aiff_marks(aiff: BinaryIO) -> tuple[Mark, ...]:
    """Return the markers that no loop of the instrument uses. Raises ValueError if the file is no AIFF file."""
    form = _form(aiff)
    inst = form.body(b"INST") or b""
    used = set(_INST.unpack_from(inst)[7:]) if len(inst) >= _INST.size else set()
    return tuple(
        Mark(one.position, one.name.decode(errors="replace")) for one in _markers(form) if 0 < one.id not in used
    )


def put_aiff_loop(aiff: BinaryIO, region: LoopRegion) -> None:
    """Make ``region`` the sustain loop; other markers, and what else the instrument says, stay.

    Raises ValueError if it is no AIFF file or too long for a marker (2^32 samples).
    """
    if region.loop_end >= _MAX_PLACE:
        raise ValueError("loop points reach no further than 2^32 samples")
    form = _form(aiff)
    inst = form.body(b"INST") or b""
    fields = list(_INST.unpack_from(inst) if len(inst) >= _INST.size else _DEFAULT_INST)
    kept = [marker for marker in _markers(form) if marker.name not in _NAMES or marker.id in fields[10:13]]
    taken = {marker.id for marker in kept}
    begin, end = [number for number in range(1, len(taken) + 3) if number not in taken][:2]
    fields[7:10] = _FORWARD, begin, end
    kept += [_Marker(begin, region.loop_start, _NAMES[0]), _Marker(end, region.loop_end, _NAMES[1])]
    form.put(b"MARK", struct.pack(">H", len(kept)) + b"".join(marker.packed() for marker in kept))
    form.put(b"INST", _INST.pack(*fields) + inst[_INST.size :])


def _markers(form: Form) -> Iterator[_Marker]:
    """Return all markers, also those whose number cannot name them, as Apple asks for numbers above 0."""
    body = form.body(b"MARK", limit=2**24) or b""
    place = 2
    while place + _MARK_HEAD.size <= len(body):
        number, position, n_letters = _MARK_HEAD.unpack_from(body, place)
        place += _MARK_HEAD.size
        yield _Marker(number, position, body[place : place + n_letters])
        place += n_letters + (_MARK_HEAD.size + n_letters) % 2


def _form(aiff: BinaryIO) -> Form:
    form = Form(aiff)
    if form.kind != b"FORM":
        raise ValueError("not an AIFF file")
    return form
