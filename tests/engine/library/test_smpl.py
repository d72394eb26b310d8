# SPDX-License-Identifier: GPL-3.0-or-later
"""The smpl chunk, byte by byte."""

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
from engine.library.iff import Form
from engine.library.smpl import FOR_EVER, FORWARD, SampleLoop, put_smpl, read_smpl
from engine.values import LoopRegion
from tests.engine.library.making import noise, noise_loop


def wav_of(n_data_bytes: int, *, padded: bool) -> io.BytesIO:
    """An 8-bit mono WAV file written by hand, so that the size of its data may be odd."""
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


def test_a_chunk_cut_short_is_refused() -> None:
    wav = wav_of(10, padded=True)
    put_smpl(wav, LoopRegion(0, 10), 44_100)
    for n_lost in (1, 30):
        with pytest.raises(ValueError, match="cut short"):
            read_smpl(io.BytesIO(wav.getvalue()[:-n_lost]))
