# SPDX-License-Identifier: GPL-3.0-or-later
"""Files from outside meet the gate; loops and clips come back as they were written."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import (
    AudioFileError,
    CannotRead,
    CannotWrite,
    EmptyClip,
    FileMissing,
    NonFiniteClip,
    NotAudio,
    TooManyChannels,
    UnknownFormat,
)
from engine.library.audiofile import read_clip, write_clip, write_loop, writing_audio
from engine.library.smpl import read_smpl
from engine.values import Clip, LoopRegion
from tests.engine.library.making import (
    HALF_STEP,
    files_limited_to,
    noise,
    noise_clip,
    noise_loop,
    public_folder,
    unprivileged,
)

# Beyond one chunk of the writer, and no multiple of it.
LONG_SAMPLES = 80_001


# --- out and in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".wav", ".flac", ".WAV", ".Flac"])
@pytest.mark.parametrize(
    ("n_samples", "n_channels", "sample_rate"),
    [(1, 1, 8_000), (7, 2, 96_000), (4_097, 1, 32_000), (LONG_SAMPLES, 2, 44_100)],
)
def test_a_loop_comes_back_within_half_a_step(
    tmp_path: Path, ending: str, n_samples: int, n_channels: int, sample_rate: int
) -> None:
    loop = noise_loop(n_samples, n_channels, sample_rate)
    path = tmp_path / f"loop{ending}"
    write_loop(path, loop)
    clip = read_clip(path)
    assert clip.sample_rate == sample_rate
    assert clip.samples.shape == loop.samples.shape
    assert np.abs(clip.samples.astype(np.float64) - loop.samples).max() <= HALF_STEP
    assert soundfile.info(path).subtype == "PCM_24"
    write_clip(path, clip)
    assert np.array_equal(read_clip(path).samples, clip.samples), "what has 24 bits already is kept exactly"


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_full_scale_is_held_and_never_wraps(tmp_path: Path, ending: str) -> None:
    values = [1.0, -1.0, 1.0 - 2**-23, 1.5, -7.0, 0.0, 2**-24, 1e30, -1e30]
    write_clip(tmp_path / f"loud{ending}", Clip(np.array([values], np.float32).T, 44_100))
    top = 1.0 - 2**-23
    read = read_clip(tmp_path / f"loud{ending}").samples[:, 0]
    assert read.tolist() == [top, -1.0, top, top, -1.0, 0.0, 0.0, top, -1.0]


def test_ogg_is_held_at_full_scale_too(tmp_path: Path) -> None:
    t = np.arange(LONG_SAMPLES) / 44_100
    write_clip(tmp_path / "loud.ogg", Clip((4.0 * np.sin(2 * np.pi * 300 * t[:, None])).astype(np.float32), 44_100))
    assert np.abs(read_clip(tmp_path / "loud.ogg").samples).max() < 1.3


@pytest.mark.parametrize(("n_samples", "n_channels"), [(1, 1), (1_000, 2), (LONG_SAMPLES, 1), (LONG_SAMPLES, 2)])
def test_ogg_keeps_the_length_and_nearly_the_sound(tmp_path: Path, n_samples: int, n_channels: int) -> None:
    t = np.arange(n_samples) / 44_100
    wave = np.stack([0.5 * np.sin(2 * np.pi * hz * t) for hz in (441.0, 660.0)[:n_channels]], axis=1)
    write_clip(tmp_path / "clip.ogg", Clip(wave.astype(np.float32), 44_100))
    clip = read_clip(tmp_path / "clip.ogg")
    assert clip.samples.shape == wave.shape
    assert soundfile.info(tmp_path / "clip.ogg").subtype == "VORBIS"
    if n_samples == LONG_SAMPLES:  # a few blocks at least, so that the codec has something to work with
        error = np.sqrt(np.mean((clip.samples - wave) ** 2) / np.mean(wave**2))
        assert error < 0.02, "the same sound at the same place: a shift of one sample would be an error of 0.06"


@pytest.mark.soak
def test_minutes_of_ogg(tmp_path: Path) -> None:
    # Long buffers in one call overflow the stack of libsndfile's Vorbis encoder: this would end the process.
    minutes = Clip(np.zeros((44_100 * 240, 2), np.float32), 44_100)
    write_clip(tmp_path / "long.ogg", minutes)
    assert soundfile.info(tmp_path / "long.ogg").frames == minutes.n_samples


def test_only_a_loop_gets_loop_points(tmp_path: Path) -> None:
    write_loop(tmp_path / "loop.wav", noise_loop(501, 1, 44_100))
    write_clip(tmp_path / "clip.wav", noise_clip(501))
    with (tmp_path / "loop.wav").open("rb") as loop, (tmp_path / "clip.wav").open("rb") as clip:
        assert [found.region for found in read_smpl(loop)] == [LoopRegion(0, 501)]
        assert read_smpl(clip) == ()


def test_pieces_make_the_same_file_as_the_whole(tmp_path: Path) -> None:
    clip = noise_clip(LONG_SAMPLES, 2)
    write_clip(tmp_path / "whole.wav", clip)
    with writing_audio(tmp_path / "pieces.wav", clip.sample_rate, clip.n_channels) as out:
        place = 0
        for n_samples in (0, 1, 7, 40_000, LONG_SAMPLES):
            out.write(clip.samples[place : place + n_samples])
            place += n_samples
    assert out.n_samples == LONG_SAMPLES
    assert (tmp_path / "pieces.wav").read_bytes() == (tmp_path / "whole.wav").read_bytes()


def test_wraps_is_the_readers_to_say(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.flac", noise_clip())
    assert not read_clip(tmp_path / "clip.flac").wraps
    assert read_clip(tmp_path / "clip.flac", wraps=True).wraps


@pytest.mark.parametrize("name", ["clip.mp3", "clip", "clip.wav.txt", ".wav", "wav"])
def test_an_unknown_ending(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownFormat, match=r"\.wav, \.flac, \.ogg"):
        write_clip(tmp_path / name, noise_clip())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg"])
@pytest.mark.parametrize("n_bytes", [100, 20_000, 200_000])
def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path: Path, ending: str, n_bytes: int) -> None:
    path = tmp_path / f"clip{ending}"
    path.write_bytes(b"old")
    with files_limited_to(n_bytes), pytest.raises(CannotWrite, match="File too large"):
        write_clip(path, noise_clip(200_000, 2))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg"])
def test_places_that_cannot_be_written(tmp_path: Path, ending: str) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / f"folder{ending}").mkdir()
    for place in (f"missing/clip{ending}", f"file/clip{ending}", f"folder{ending}"):
        with pytest.raises(CannotWrite):
            write_clip(tmp_path / place, noise_clip())
    with public_folder() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(CannotWrite, match="Permission denied"):
            write_clip(folder / f"clip{ending}", noise_clip())


@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg"])
def test_samples_that_are_no_numbers_are_not_written(tmp_path: Path, ending: str) -> None:
    samples = noise(1000, 2).copy()
    samples[[3, 500], [0, 1]] = np.nan, -np.inf
    with pytest.raises(NonFiniteClip, match="2 samples"):
        write_clip(tmp_path / f"bad{ending}", Clip(samples, 44_100))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("ending", "sample_rate"), [(".ogg", 200_001), (".flac", 700_000)])
def test_a_rate_the_format_does_not_know(tmp_path: Path, ending: str, sample_rate: int) -> None:
    with pytest.raises(CannotWrite):
        write_clip(tmp_path / f"clip{ending}", noise_clip(sample_rate=sample_rate))
    assert list(tmp_path.iterdir()) == []


# --- the gate ---------------------------------------------------------------------------------------------------------


def refused(path: Path, kind: type[Exception], words: str = ".") -> None:
    with pytest.raises(kind, match=words) as caught:
        read_clip(path)
    if isinstance(caught.value, AudioFileError | CannotRead):
        assert caught.value.fields["path"] == str(path)


def test_no_file(tmp_path: Path) -> None:
    refused(tmp_path / "missing.wav", FileMissing)
    refused(tmp_path / "missing" / "clip.wav", FileMissing)


def test_a_folder_a_pipe_and_a_file_as_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "text").write_text("x", encoding="utf-8")
    refused(tmp_path, CannotRead, "folder")
    refused(tmp_path / "pipe.wav", CannotRead, "regular file")
    refused(tmp_path / "text" / "clip.wav", CannotRead, "Not a directory")


def test_a_file_that_may_not_be_opened() -> None:
    with public_folder() as folder:
        write_clip(folder / "clip.wav", noise_clip())
        with unprivileged():
            assert read_clip(folder / "clip.wav").n_samples == 1000
        (folder / "clip.wav").chmod(0)
        with unprivileged():
            refused(folder / "clip.wav", CannotRead, "Permission denied")


@pytest.mark.parametrize("name", ["clip.wav", "clip.flac", "clip.ogg", "clip.mp3", "clip.raw", "clip"])
@pytest.mark.parametrize(
    "content", [b"", b"not a sound\n" * 1000, b"RIFF", b"fLaC", b"OggS\0\2", bytes(range(256)) * 99]
)
def test_what_is_no_audio(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, NotAudio)


@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg"])
@pytest.mark.parametrize("n_bytes", [4, 11, 30])
def test_a_header_cut_short(tmp_path: Path, ending: str, n_bytes: int) -> None:
    path = tmp_path / f"clip{ending}"
    write_clip(path, noise_clip(5000))
    path.write_bytes(path.read_bytes()[:n_bytes])
    refused(path, NotAudio)


def test_a_wav_cut_short_holds_what_it_holds(tmp_path: Path) -> None:
    # Its size says nothing: programs that write into a pipe put any number there.
    path = tmp_path / "clip.wav"
    clip = noise_clip(5000, 1)
    write_clip(path, clip)
    whole = path.read_bytes()
    path.write_bytes(whole[: 44 + 3 * 2000])
    assert np.abs(read_clip(path).samples - clip.samples[:2000]).max() <= HALF_STEP
    path.write_bytes(whole[:44])
    refused(path, EmptyClip)


def test_an_mp3_cut_short_holds_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp3"
    soundfile.write(path, noise(100_000, 2), 44_100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 40_000 < read_clip(path).n_samples < 60_000


def test_a_flac_cut_short_or_damaged(tmp_path: Path) -> None:
    path = tmp_path / "clip.flac"
    write_clip(path, noise_clip(200_000))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, NotAudio)
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes(2000) + whole[middle + 2000 :])
    refused(path, NotAudio)


def test_a_header_that_promises_terabytes(tmp_path: Path) -> None:
    path = tmp_path / "clip.flac"
    clip = noise_clip(5000)
    write_clip(path, clip)
    content = bytearray(path.read_bytes())
    # STREAMINFO: 36 bits of total samples end 26 bytes into the file.
    content[22:26] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert np.abs(read_clip(path).samples - clip.samples).max() <= HALF_STEP, "it holds what it holds"


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_audio_without_samples(tmp_path: Path, subtype: str) -> None:
    soundfile.write(tmp_path / "empty.wav", np.zeros((0, 2)), 44_100, subtype=subtype)
    refused(tmp_path / "empty.wav", EmptyClip)


def test_numbers_that_are_none(tmp_path: Path) -> None:
    samples = noise(100_000, 2).copy()
    samples[[5, 70_000, 99_999], 1] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "nan.wav", samples, 44_100, subtype="FLOAT")
    refused(tmp_path / "nan.wav", NonFiniteClip, "3 samples")


@pytest.mark.parametrize("n_channels", [3, 8])
def test_too_many_channels(tmp_path: Path, n_channels: int) -> None:
    soundfile.write(tmp_path / "surround.wav", noise(500, n_channels), 44_100)
    refused(tmp_path / "surround.wav", TooManyChannels, f"{n_channels} channels and at most 2")


@pytest.mark.parametrize("sample_rate", [1, 999, 2_000_000_000])
def test_a_sample_rate_of_no_sound(tmp_path: Path, sample_rate: int) -> None:
    path = tmp_path / "clip.wav"
    write_clip(path, noise_clip())
    content = bytearray(path.read_bytes())
    content[24:28] = struct.pack("<I", sample_rate)
    path.write_bytes(content)
    refused(path, NotAudio, f"{sample_rate} Hz")


@pytest.mark.parametrize(
    ("ending", "subtype"), [("wav", "FLOAT"), ("wav", "PCM_16"), ("aiff", "PCM_24"), ("mp3", "MPEG_LAYER_III")]
)
def test_what_others_write_is_read(tmp_path: Path, ending: str, subtype: str) -> None:
    samples = noise(44_100, 1)
    soundfile.write(tmp_path / f"clip.{ending}", samples, 44_100, subtype=subtype)
    clip = read_clip(tmp_path / f"clip.{ending}")
    assert clip.samples.dtype == np.float32
    if ending != "mp3":
        assert clip.samples.shape == samples.shape
        assert np.abs(clip.samples - samples).max() < 2**-14


def test_a_float_file_over_full_scale_is_read_as_it_is(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "hot.wav", np.full((10, 1), 1.5), 44_100, subtype="FLOAT")
    assert read_clip(tmp_path / "hot.wav").samples.max() == 1.5
