# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops and marks are read that other programs leave in the chunks of WAV and AIFF files."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import ID3, TIT2, TXXX

from engine.library.audiofile import read_clip, write_clip
from engine.library.iff import Form
from engine.library.looptags import read_loop_tags, read_tags, write_loop_tags
from engine.library.smpl import put_smpl
from engine.loops import find_loops
from engine.values import LoopOrigin, LoopRegion
from tests.engine.library.making import noise, noise_clip
from tests.engine.library.test_looptags import REGION, TAGGED, sound


def test_an_smpl_loop_one_past_the_last_sample_is_taken_to_the_end_and_told(tmp_path: Path) -> None:
    path = sound(tmp_path, ("wav", "WAV", "PCM_24", 44_100))
    with path.open("r+b") as handle:
        put_smpl(handle, LoopRegion(100, 30_001), 44_100)
    tags = read_tags(path)
    assert tags.loops == (LoopRegion(100, 30_000),)
    assert tags.notes == ("A tagged loop ends 1 sample after the sound: it is taken to the end.",)


@pytest.mark.parametrize("kind", [one for one in TAGGED if one[0] in {"wav", "aiff"}], ids=lambda kind: kind[1])
def test_id3_tags_within_chunks(tmp_path: Path, kind: tuple[str, str, str, int]) -> None:
    path, handle = sound(tmp_path, kind), io.BytesIO()
    tags = ID3()
    tags.add(TIT2(encoding=3, text=["Song"]))
    tags.add(TXXX(encoding=3, desc="LOOPSTART", text=["100"]))
    tags.add(TXXX(encoding=3, desc="LOOPLENGTH", text=["900"]))
    tags.save(handle)
    with path.open("r+b") as file:
        Form(file).put(b"id3 " if kind[0] == "wav" else b"ID3 ", handle.getvalue())
    samples = read_clip(path).samples
    assert read_loop_tags(path) == (LoopRegion(100, 1000),)
    # A new loop is the only one; the title stays.
    write_loop_tags(path, path, REGION)
    assert read_loop_tags(path) == (REGION,)
    with path.open("rb") as file:
        body = Form(file).body(b"id3 ") or Form(file).body(b"ID3 ") or b""
    assert ID3(io.BytesIO(body))["TIT2"].text == ["Song"]
    assert np.array_equal(read_clip(path).samples, samples)


def cues(*marks: tuple[int, str, int]) -> dict[bytes, bytes]:
    """Return the chunks that hold marks: a place, a label, a length."""
    cue, adtl = struct.pack("<I", len(marks)), b"adtl"
    for number, (place, label, length) in enumerate(marks, 1):
        cue += struct.pack("<2I4s3I", number, place, b"data", 0, 0, place)
        parts = [(b"labl", struct.pack("<I", number) + label.encode() + b"\0")] if label else []
        parts += [(b"ltxt", struct.pack("<2I4s4H", number, length, b"rgn ", 0, 0, 0, 0))] if length else []
        for name, body in parts:
            adtl += struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)
    return {b"cue ": cue, b"LIST": adtl}


@pytest.mark.parametrize(
    ("marks", "regions"),
    [
        ([(1_000, "chorus", 5_000), (9_000, "", 2_000)], [(1_000, 6_000), (9_000, 11_000)]),
        ([(1_000, "Loop Start", 0), (400, "verse", 0), (7_000, "loop end", 0)], [(1_000, 7_000)]),
        ([(1_000, "", 0), (400, "", 0), (7_000, "", 0)], [(400, 1_000), (1_000, 7_000)]),
        ([(1_000, "here", 0)], [(1_000, 30_000)]),
        ([(1_000, "", 40_000)], [(1_000, 30_000)]),
        ([(40_000, "", 10)], []),
        ([], []),
    ],
)
def test_marked_regions(tmp_path: Path, marks: list[tuple[int, str, int]], regions: list[tuple[int, int]]) -> None:
    path = sound(tmp_path, ("wav", "WAV", "PCM_24", 44_100))
    for name, body in cues(*marks).items():
        with path.open("r+b") as handle:
            Form(handle).put(name, body)
    tags = read_tags(path)
    assert tags.loops == ()
    assert tags.marks == tuple(LoopRegion(*region) for region in regions)


def test_marked_regions_are_candidates_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    write_clip(path, noise_clip(4 * 44_100))
    for name, body in cues((44_100, "verse", 88_200)).items():
        with path.open("r+b") as handle:
            Form(handle).put(name, body)
    (marked,) = [one for one in find_loops(path).candidates if one.origin is LoopOrigin.MARK]
    assert marked.region == LoopRegion(44_100, 132_300)


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF])
def test_audio_whose_size_nobody_filled_in_can_be_tagged(tmp_path: Path, size: int, is_before: bool) -> None:
    path, data = tmp_path / "piped.wav", noise(3000, 1).tobytes()
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, 44_100, 4 * 44_100, 4, 32)
    smpl = struct.pack("<4sI9I6I", b"smpl", 60, 0, 0, 22_676, 48, 0, 0, 0, 1, 0, 0, 0, 5, 9, 0, 0) * is_before
    path.write_bytes(
        struct.pack("<4sI", b"RIFF", size) + b"WAVE" + fmt + smpl + struct.pack("<4sI", b"data", size) + data
    )
    before = read_clip(path).samples
    write_loop_tags(path, tmp_path / "tagged.wav", LoopRegion(10, 2_000))
    assert read_loop_tags(tmp_path / "tagged.wav") == (LoopRegion(10, 2_000),)
    assert np.array_equal(read_clip(tmp_path / "tagged.wav").samples, before)
    assert len(before) == 3000
