# SPDX-License-Identifier: GPL-3.0-or-later
"""The smpl chunk is right byte by byte."""

from __future__ import annotations

import io
import struct
import subprocess
from pathlib import Path

import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.library.audiofile import write_loop
from engine.library.iff import Chunk, Form
from engine.library.smpl import FOR_EVER, FORWARD, SampleLoop, put_smpl, read_smpl
from engine.values import LoopRegion
from tests.engine.library.making import noise, noise_loop


def wav_of(n_data_bytes: int, *, padded: bool) -> io.BytesIO:
    """Return an 8-bit mono WAV file written by hand, so that the size of its data may be odd."""
    data = bytes(range(256)) * (n_data_bytes // 256 + 1)
    form = b"WAVE" + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    form += struct.pack("<4sI", b"data", n_data_bytes) + data[:n_data_bytes] + b"\0" * (padded and n_data_bytes % 2)
    return io.BytesIO(struct.pack("<4sI", b"RIFF", len(form)) + form)


@settings(max_examples=40, deadline=None)
@given(n_data_bytes=st.integers(1, 700), padded=st.booleans(), sample_rate=st.integers(1000, 192_000), data=st.data())
def test_any_size_stays_a_well_formed_file(
    n_data_bytes: int, padded: bool, sample_rate: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, n_data_bytes - 1))
    region = LoopRegion(start, data.draw(st.integers(start + 1, n_data_bytes)))
    wav = wav_of(n_data_bytes, padded=padded)
    before, _ = soundfile.read(io.BytesIO(wav.getvalue()))
    put_smpl(wav, region, sample_rate)

    content = wav.getvalue()
    assert len(content) % 2 == 0
    assert struct.unpack_from("<4sI", content) == (b"RIFF", len(content) - 8)
    assert [(chunk.name, chunk.start % 2, chunk.n_bytes) for chunk in Form(wav).chunks()] == [
        (b"fmt ", 0, 16),
        (b"data", 0, n_data_bytes),
        (b"smpl", 0, 60),
    ]
    assert read_smpl(wav) == (SampleLoop(region, FORWARD, FOR_EVER),)
    after, _ = soundfile.read(io.BytesIO(content))
    assert (after == before).all()


def test_the_chunk_has_the_bytes_of_the_standard(tmp_path: Path) -> None:
    write_loop(tmp_path / "loop.wav", noise_loop(4801, 1, 48_000))
    content = (tmp_path / "loop.wav").read_bytes()
    chunk = content[-68:]
    assert chunk[:8] == b"smpl" + (60).to_bytes(4, "little")
    words = struct.unpack("<15I", chunk[8:])
    #                 maker, product, ns per sample, note, fraction, SMPTE, offset, loops, extra
    assert words[:9] == (0, 0, 20_833, 60, 0, 0, 0, 1, 0)
    #                 cue, forward, first, last (inclusive), fraction, for ever
    assert words[9:] == (0, 0, 0, 4800, 0, 0)
    # 4801 samples of three bytes are odd: one byte of padding stands between the samples and the chunk.
    assert content[-69] == 0
    assert len(content) == 12 + 24 + 8 + 4801 * 3 + 1 + 68


@pytest.mark.parametrize(("n_samples", "n_channels"), [(1, 1), (4801, 1), (4800, 2), (7, 2)])
def test_sox_reads_the_file_without_complaint(tmp_path: Path, n_samples: int, n_channels: int) -> None:
    loop = noise_loop(n_samples, n_channels, 48_000)
    write_loop(tmp_path / "loop.wav", loop)
    command = ["sox", "-V2", str(tmp_path / "loop.wav"), "-t", "raw", "-e", "signed", "-b", "24", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    samples, _ = soundfile.read(tmp_path / "loop.wav", dtype="int32", always_2d=True)
    raw = b"".join((int(value) >> 8).to_bytes(3, "little", signed=True) for value in samples.ravel())
    assert done.stdout == raw


def test_a_file_without_the_chunk_has_no_loops(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "plain.wav", noise(100, 2), 44_100)
    with (tmp_path / "plain.wav").open("rb") as wav:
        assert read_smpl(wav) == ()


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0AVI ", b"fLaC" * 10])
def test_what_is_no_wav_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a RIFF WAVE"):
        read_smpl(io.BytesIO(content))
    with pytest.raises(ValueError, match="not a RIFF WAVE"):
        put_smpl(io.BytesIO(content), LoopRegion(0, 1), 44_100)


def test_what_follows_the_form_follows_it_still() -> None:
    wav = wav_of(11, padded=True)
    rubbish = b"rubbish that no chunk holds, longer than the chunk that goes before it" * 3
    with_tail = io.BytesIO(wav.getvalue() + rubbish)
    put_smpl(wav, LoopRegion(0, 10), 44_100)
    put_smpl(with_tail, LoopRegion(0, 10), 44_100)
    assert with_tail.getvalue() == wav.getvalue() + rubbish


def test_of_a_chunk_cut_short_the_whole_loops_are_taken() -> None:
    wav = wav_of(10, padded=True)
    put_smpl(wav, LoopRegion(0, 10), 44_100)
    for n_lost in (1, 30):
        assert read_smpl(io.BytesIO(wav.getvalue()[:-n_lost])) == ()
    form = Form(wav)
    body = form.body(b"smpl") or b""
    form.put(b"smpl", body[:28] + struct.pack("<I", 5) + body[32:] + body[36:])  # two loops, which it says are five
    assert [one.region for one in read_smpl(wav)] == [LoopRegion(0, 10)] * 2


CHUNK_NAMES = [b"LIST", b"bext", b"iXML", b"JUNK", b"smpl", b"cue ", b"abcd", b"id3 ", b"fact"]


def bare(names: list[bytes], bodies: list[bytes], pads: list[bool], *, data_at: int, size: int | None) -> bytes:
    """Return a WAV file with chunks before and after its data, each padded or not, and any size for the whole."""
    chunks = list(zip(names, bodies, pads, strict=True))
    fmt = (b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 24_000, 3, 24), True)
    chunks[data_at:data_at] = [fmt, (b"data", b"\x80\x01\xff" * 333, pads[0] if pads else True)]
    form = b"WAVE"
    for name, body, padded in chunks:
        form += struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2 if padded else 0)
    return struct.pack("<4sI", b"RIFF", len(form) if size is None else size) + form


@settings(max_examples=150, deadline=None)
@given(data=st.data(), size=st.sampled_from([None, 0, 8, 0xFFFF_FFFF, 1234]))
def test_no_chunk_is_lost_whoever_wrote_the_file(data: st.DataObject, size: int | None) -> None:
    n = data.draw(st.integers(0, 5))
    names = data.draw(st.lists(st.sampled_from(CHUNK_NAMES), min_size=n, max_size=n))
    # Bodies whose first byte might be taken for a pad, or for a chunk's name.
    bodies = data.draw(st.lists(st.binary(max_size=80) | st.just(b"LIST\4\0\0\0abcd"), min_size=n, max_size=n))
    pads = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    wav = io.BytesIO(bare(names, bodies, pads, data_at=data.draw(st.integers(0, n)), size=size))
    audio = struct.pack("<4sI", b"data", 999) + b"\x80\x01\xff" * 333
    assert wav.getvalue().count(audio) == 1
    before = [(chunk.name, wav_bytes(wav, chunk)) for chunk in Form(wav).chunks()]
    assert [name for name, _ in before if name not in {b"fmt ", b"data"}] == names
    put_smpl(wav, LoopRegion(3, 9), 8000)
    after = [(chunk.name, wav_bytes(wav, chunk)) for chunk in Form(wav).chunks()]
    kept = [one for one in before if one[0] != b"smpl"]
    left = iter(after)
    assert all(one in left for one in kept), "each is there, in its order"
    # Older loop points became filler, new ones are there once.
    assert sum(name == b"smpl" for name, _ in after) == 1
    assert wav.getvalue().count(audio) == 1
    assert [one.region for one in read_smpl(wav)] == [LoopRegion(3, 9)]


def wav_bytes(wav: io.BytesIO, chunk: Chunk) -> bytes:
    return wav.getvalue()[chunk.start : chunk.start + chunk.n_bytes]


def test_a_24_bit_mono_file_without_its_pad_byte_keeps_its_title(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    info = b"INFO" + struct.pack("<4sI", b"INAM", 6) + b"Title\0" + struct.pack("<4sI", b"IART", 7) + b"Artist\0\0"
    path.write_bytes(bare([b"LIST"], [info], [False], data_at=0, size=None))
    for region in (LoopRegion(3, 9), LoopRegion(5, 333)):
        with path.open("r+b") as handle:
            put_smpl(handle, region, 8000)
            assert [one.region for one in read_smpl(handle)] == [region]
        with soundfile.SoundFile(path) as file:
            assert (file.title, file.artist, file.frames) == ("Title", "Artist", 333)


def test_a_streamed_file_that_says_it_is_empty_keeps_its_samples() -> None:
    content = bytearray(wav_of(400, padded=True).getvalue())
    struct.pack_into("<I", content, 4, 0)
    struct.pack_into("<I", content, content.index(b"data") + 4, 0)
    wav = io.BytesIO(bytes(content))
    put_smpl(wav, LoopRegion(3, 9), 8000)
    assert [one.region for one in read_smpl(wav)] == [LoopRegion(3, 9)]
    assert soundfile.info(io.BytesIO(wav.getvalue())).frames == 400
