# SPDX-License-Identifier: GPL-3.0-or-later
"""Chunks are read as other programs write them: unpadded, oddly named, too many to count."""

from __future__ import annotations

import io
import struct

import pytest

from engine.library.aiffloops import put_aiff_loop, read_aiff_loops
from engine.library.iff import Form
from engine.library.smpl import SampleLoop, put_smpl, read_smpl
from engine.values import LoopRegion

FMT = struct.pack("<HHIIHH", 1, 1, 44_100, 3 * 44_100, 3, 24)
SMPL = struct.pack("<9I", 0, 0, 22_675, 48, 0, 0, 0, 1, 0) + struct.pack("<6I", 0, 0, 10, 99, 0, 0)
INFO = b"INFO" + struct.pack("<4sI", b"INAM", 6) + b"title\0"
REGION = LoopRegion(10, 100)


def chunk(name: bytes, body: bytes, pad: bytes = b"\0") -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + pad * (len(body) % 2)


def wave(*chunks: bytes, behind: bytes = b"") -> io.BytesIO:
    body = b"WAVE" + chunk(b"fmt ", FMT) + b"".join(chunks)
    return io.BytesIO(struct.pack("<4sI", b"RIFF", len(body)) + body + behind)


def content_of(file: io.BytesIO) -> list[tuple[bytes, bytes]]:
    content = file.getvalue()
    return [(one.name, content[one.start : one.start + one.n_bytes]) for one in Form(file).chunks()]


@pytest.mark.parametrize("pad", [b"", b"\0", b"x", b"s"])
@pytest.mark.parametrize(
    ("name", "body"),
    [
        (b"smpl", SMPL), (b"LIST", INFO), (b"abcd", b"keepme"), (b"abcd", b"odd"), (b"cue ", bytes(4)), (b"zzzz", b""),
        (b"id3 ", b"ID3\3" + bytes(200)), (b"bext", bytes(602)), (b"acid", bytes(24)), (b"JUNK", bytes(70_000)),
        (b"inst", bytes(7)), (b"fact", bytes(4)), (b"PEAK", bytes(16)), (b"iXML", b"<x/>"),
    ],
)  # fmt: skip
def test_what_follows_odd_audio_is_found_whether_it_is_padded_or_not(pad: bytes, name: bytes, body: bytes) -> None:
    data = bytes(range(1, 256)) + bytes(48)
    for n_more in range(3):
        more = [(b"smpl", SMPL), (b"own1", b"x" * 5)][:n_more]
        rows = [(name, body), *more]
        file = wave(chunk(b"data", data, pad), *(chunk(*row) for row in rows))
        assert content_of(file) == [(b"fmt ", FMT), (b"data", data), *rows]
        if name != b"smpl" and n_more == 0:
            put_smpl(file, REGION, 44_100)
            assert [row for row in content_of(file) if row[0] != b"smpl"] == [(b"fmt ", FMT), (b"data", data), *rows]
            assert [loop.region for loop in read_smpl(file)] == [REGION]


def test_a_new_loop_keeps_the_note_behind_unpadded_audio() -> None:
    file = wave(chunk(b"data", bytes(range(1, 256)), b""), chunk(b"smpl", SMPL), chunk(b"LIST", INFO))
    assert read_smpl(file) == (SampleLoop(REGION, 0, 0),)
    put_smpl(file, LoopRegion(1, 2), 44_100)
    assert read_smpl(file) == (SampleLoop(LoopRegion(1, 2), 0, 0),)
    assert struct.unpack_from("<9I", Form(file).body(b"smpl") or b"")[3] == 48


def test_many_bytes_of_a_sampler_are_kept() -> None:
    own = bytes(range(256)) * 400
    smpl = SMPL[:32] + struct.pack("<I", len(own)) + SMPL[36:] + own
    file = wave(chunk(b"data", bytes(300)), chunk(b"smpl", smpl), chunk(b"zzzz", b"hello"))
    put_smpl(file, LoopRegion(1, 2), 44_100)
    (_, body) = next(row for row in content_of(file) if row[0] == b"smpl")
    assert body == smpl[:44] + struct.pack("<4I", 1, 1, 0, 0) + own


@pytest.mark.parametrize(
    "odd",
    [
        chunk(b"\xffabc", b"hell") + chunk(b"LIST", INFO),
        b"\0\0\0\0not a chunk" + chunk(b"LIST", INFO),
        chunk(b"junk", b"ab") * 20_000 + chunk(b"keep", b"abcd"),
    ],
    ids=["odd name", "rubbish", "many"],
)
def test_what_lies_within_the_form_stays_within(odd: bytes) -> None:
    behind = b"TAG" + bytes(125)
    file = wave(chunk(b"data", bytes(300)), odd, behind=behind)
    put_smpl(file, REGION, 44_100)
    content = file.getvalue()
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    assert content[end:] == behind
    assert odd in content[:end]
    assert [loop.region for loop in read_smpl(file)] == [REGION]


def test_more_chunks_than_are_read_are_left_as_they_are() -> None:
    file = wave(chunk(b"data", bytes(300)), chunk(b"junk", b"") * 100_001)
    before = file.getvalue()
    with pytest.raises(ValueError, match="too many chunks"):
        put_smpl(file, REGION, 44_100)
    assert file.getvalue() == before


def test_markers_whose_number_cannot_name_them_and_what_follows_the_instrument_stay() -> None:
    def marker(number: int, place: int, name: bytes) -> bytes:
        return struct.pack(">hIB", number, place, len(name)) + name + b"\0" * ((7 + len(name)) % 2)

    odd = marker(0, 5, b"zero") + marker(-3, 7, b"neg")
    loop = marker(1, 10, b"beg loop") + marker(2, 100, b"end loop")
    mark = struct.pack(">H", 4) + loop + odd
    inst = struct.pack(">6bh3h3h", 48, 10, 0, 127, 1, 127, 0, 1, 1, 2, 0, 0, 0) + b"more"
    body = b"AIFF" + b"".join(struct.pack(">4sI", *row) + row_body for *row, row_body in (
        (b"COMM", 18, struct.pack(">hIh10s", 1, 0, 16, b"")), (b"MARK", len(mark), mark), (b"INST", len(inst), inst)
    ))  # fmt: skip
    file = io.BytesIO(struct.pack(">4sI", b"FORM", len(body)) + body)
    assert read_aiff_loops(file) == (REGION,)
    put_aiff_loop(file, LoopRegion(20, 60))
    assert read_aiff_loops(file) == (LoopRegion(20, 60),)
    assert odd in (Form(file).body(b"MARK") or b"")
    assert (Form(file).body(b"INST") or b"")[20:] == b"more"
