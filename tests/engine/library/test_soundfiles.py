# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds on disk give every sample at its place, however it is asked for, and no more of them than there are."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import CannotRead, EmptyClip, FileMissing, NotAudio, TooManyChannels
from engine.library import soundfiles
from engine.library.audiofile import read_clip, write_clip
from engine.library.sound_folders import list_sounds
from engine.library.soundfiles import CHUNK_SAMPLES, Decoder, open_sound
from engine.values import FloatArray, Sound
from tests.descriptors import open_descriptors
from tests.engine.library.making import files_limited_to, noise, noise_clip
from tests.engine.library.mutating import KINDS, encoded
from tests.sampling import some

MPEG_KINDS = [
    ("mp3", "MP3", "MPEG_LAYER_III", rate, channels)
    for rate in (8_000, 11_025, 12_000, 22_050, 24_000, 32_000, 48_000)
    for channels in (1, 2)
]


@pytest.fixture(params=["in memory", "long"])
def held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have sounds count as short, or as too long for memory."""
    if request.param == "long":
        monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 4096)
    return str(request.param)


def whole(path: Path) -> FloatArray:
    """Return what a decoder delivers that is asked for everything at once, and never seeks: not even to the start."""
    with Decoder(path) as file:
        samples: FloatArray = file.read(file.frames, dtype="float32", always_2d=True)
        return samples


def mp3_without_its_length(path: Path, samples: FloatArray, sample_rate: int, mode: str) -> None:
    """Make an MP3 file whose first frame, which counts the frames, was taken away."""
    with soundfile.SoundFile(path, "w", sample_rate, samples.shape[1], format="MP3", bitrate_mode=mode) as file:
        file.write(samples)
    content = path.read_bytes()
    assert max(content.find(b"Xing"), content.find(b"Info")) in range(100)
    second = content.index(content[:2], 100)
    path.write_bytes(content[second:])


# --- every sample at its place ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, *MPEG_KINDS], ids=lambda kind: "-".join(map(str, kind)))
def test_any_piece_is_that_of_the_whole(tmp_path: Path, held: str, kind: tuple[str, str, str, int, int]) -> None:
    ending, container, encoding, sample_rate, n_channels = kind
    path = tmp_path / f"sound.{ending}"
    path.write_bytes(encoded(container, encoding, sample_rate, n_channels, n_samples=50_001))
    samples = whole(path)
    rng = np.random.default_rng(3)
    with open_sound(path) as sound:
        typed: Sound = sound
        assert (typed.sample_rate, typed.n_channels, typed.wraps) == (sample_rate, n_channels, False)
        assert typed.n_samples == len(samples) >= 50_001
        for _ in range(40):
            first = int(rng.integers(0, len(samples)))
            n_samples = int(rng.integers(0, min(9_000, len(samples) - first) + 1))
            part = sound.read(first, n_samples)
            assert part.dtype == np.float32
            assert part.shape == (n_samples, n_channels)
            assert np.array_equal(part, samples[first : first + n_samples])
        place = 1234
        for n_samples in (1, 7, 0, 512, 20_000, 3):
            assert np.array_equal(sound.read(place, n_samples), samples[place : place + n_samples])
            place += n_samples
    assert np.array_equal(read_clip(path, max_channels=8).samples, samples)


@pytest.mark.parametrize(("container", "encoding"), [("MP3", "MPEG_LAYER_III"), ("OGG", "OPUS"), ("OGG", "VORBIS")])
def test_pieces_join_where_the_reader_joins_them(tmp_path: Path, container: str, encoding: str) -> None:
    # soundfile seeks after each piece, and the next then starts with a fault.
    path = tmp_path / "sound"
    path.write_bytes(encoded(container, encoding, 24_000, 1, n_samples=4 * CHUNK_SAMPLES))
    assert np.array_equal(read_clip(path).samples, whole(path))


def test_what_is_read_cannot_be_spoilt(tmp_path: Path, held: str) -> None:
    write_clip(tmp_path / "sound.wav", noise_clip(5000))
    with open_sound(tmp_path / "sound.wav") as sound:
        first = sound.read(0, 5000).copy()
        if held == "in memory":
            assert not sound.read(0, 100).flags.writeable
        else:
            sound.read(0, 100)[:] = 0.0
        assert np.array_equal(sound.read(0, 5000), first)


def test_numbers_that_are_none_are_given_as_they_are(tmp_path: Path, held: str) -> None:
    samples = noise(9000, 2).copy()
    samples[[5, 8000], [0, 1]] = np.nan, -np.inf
    soundfile.write(tmp_path / "nan.wav", samples, 44_100, subtype="FLOAT")
    with open_sound(tmp_path / "nan.wav") as sound:
        assert np.array_equal(sound.read(0, 9000), samples, equal_nan=True)


def test_only_what_is_there_can_be_read(tmp_path: Path, held: str) -> None:
    write_clip(tmp_path / "sound.wav", noise_clip(5000))
    with open_sound(tmp_path / "sound.wav") as sound:
        for first, n_samples in ((-1, 2), (0, 5001), (5000, 1), (10, -1)):
            with pytest.raises(ValueError, match="5000 samples"):
                sound.read(first, n_samples)
    with pytest.raises(ValueError, match="closed"):
        sound.read(0, 1)


# --- how many there are -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", some(["CONSTANT", "VARIABLE", "AVERAGE"], every=2))
@pytest.mark.parametrize("order", some([1, -1]))
def test_an_mp3_that_does_not_state_its_length(tmp_path: Path, held: str, mode: str, order: int) -> None:
    # Judged by the bit rate of its start it would be several times too long or too short.
    n_samples = 20 * 44_100
    loudness = np.where(np.arange(n_samples) < n_samples // 2, 1.0, 0.0)[::order, None]
    path = tmp_path / "sound.mp3"
    mp3_without_its_length(path, (noise(n_samples, 2) * loudness).astype(np.float32), 44_100, mode)
    for tail in (b"", b"TAG" + bytes(125)):
        path.write_bytes(path.read_bytes() + tail)
        with open_sound(path) as sound:
            assert n_samples <= sound.n_samples < n_samples + 3 * 1152
            samples = sound.read(0, sound.n_samples)
        loud = np.abs(samples[:, 0]).reshape(-1, 1152).max(axis=1) > 0.1
        assert loud.mean() == pytest.approx(0.5, abs=0.02)


def test_an_mp3_that_states_too_much(tmp_path: Path, held: str) -> None:
    path = tmp_path / "sound.mp3"
    path.write_bytes(encoded("MP3", "MPEG_LAYER_III", 44_100, 2, n_samples=100_000))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with open_sound(path) as sound:
        assert 40_000 < sound.n_samples < 60_000
        assert sound.read(sound.n_samples - 1, 1).shape == (1, 2)


@pytest.mark.parametrize("container", ["FLAC", "WAV", "AIFF", "AU", "W64", "RF64"])
def test_a_file_cut_short_holds_what_it_holds(tmp_path: Path, held: str, container: str) -> None:
    path = tmp_path / "sound"
    path.write_bytes(encoded(container, "PCM_16", 44_100, 2, n_samples=100_000))
    samples = whole(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with open_sound(path) as sound:
        assert 40_000 < sound.n_samples < 60_000
        assert np.array_equal(sound.read(0, sound.n_samples), samples[: sound.n_samples])
        assert np.array_equal(sound.read(30_000, 10), samples[30_000:30_010])


def test_a_flac_of_unknown_length(tmp_path: Path, held: str) -> None:
    # As written into a pipe: STREAMINFO's 36 bits of total samples, which end 26 bytes into the file, are 0.
    content = bytearray(encoded("FLAC", "PCM_16", 44_100, 2, n_samples=70_000))
    samples = soundfile.read(io.BytesIO(bytes(content)), dtype="float32")[0]
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    (tmp_path / "sound.flac").write_bytes(content)
    with open_sound(tmp_path / "sound.flac") as sound:
        assert np.array_equal(sound.read(0, sound.n_samples), samples)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 48_000 * 3600 * 3 * 2])
def test_a_kilobyte_that_promises_hours(tmp_path: Path, size: int) -> None:
    content = bytearray(encoded("WAV", "PCM_16", 48_000, 1, n_samples=500))
    struct.pack_into("<I", content, content.index(b"data") + 4, size)
    (tmp_path / "sound.wav").write_bytes(content)
    tracemalloc.start()
    try:
        with open_sound(tmp_path / "sound.wav") as sound:
            assert sound.n_samples == 500
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.soak
def test_long_sounds_need_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 2**20)
    for container, encoding in (("WAV", "PCM_24"), ("FLAC", "PCM_16"), ("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS")):
        path = tmp_path / container
        path.write_bytes(encoded(container, encoding, 44_100, 2, n_samples=30 * 44_100))  # 10 MiB as float32
        tracemalloc.start()
        try:
            with open_sound(path) as sound:
                for first in range(0, sound.n_samples, CHUNK_SAMPLES):
                    sound.read(first, min(CHUNK_SAMPLES, sound.n_samples - first))
            assert tracemalloc.get_traced_memory()[1] < 3 * 2**20, container
        finally:
            tracemalloc.stop()


def test_three_hours_open_at_once(tmp_path: Path) -> None:
    n_samples = 3 * 3600 * 48_000
    content = bytearray(encoded("WAV", "PCM_16", 48_000, 2, n_samples=1))
    struct.pack_into("<I", content, content.index(b"data") + 4, 4 * n_samples)
    path = tmp_path / "sound.wav"
    path.write_bytes(content)
    os.truncate(path, len(content) - 4 + 4 * n_samples)  # nothing, which takes no room
    with open_sound(path) as sound:
        assert sound.n_samples == n_samples
        assert not sound.read(n_samples - 1000, 1000).any()


def test_no_room_for_a_long_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 4096)
    path = tmp_path / "sound.mp3"
    path.write_bytes(encoded("MP3", "MPEG_LAYER_III", 44_100, 2, n_samples=200_000))
    held = open_descriptors()
    with files_limited_to(100_000), pytest.raises(CannotRead, match="no room"), open_sound(path):
        pass
    assert open_descriptors() <= held


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 4096)
    path = tmp_path / "sound.wav"
    write_clip(path, noise_clip(50_000))
    with open_sound(path) as sound:
        os.truncate(path, 60_000)
        with pytest.raises(NotAudio, match="ends before"):
            sound.read(40_000, 10)
        assert sound.read(0, 10).shape == (10, 2)


@pytest.mark.parametrize(("n_channels", "limit"), [(9, 8), (3, 2)])
def test_too_many_channels(tmp_path: Path, n_channels: int, limit: int) -> None:
    soundfile.write(tmp_path / "sound.wav", noise(500, n_channels), 44_100)
    with (
        pytest.raises(TooManyChannels, match=f"at most {limit}"),
        open_sound(tmp_path / "sound.wav", max_channels=limit),
    ):
        pass


def test_a_sound_without_samples(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "sound.wav", np.zeros((0, 2)), 44_100)
    with pytest.raises(EmptyClip), open_sound(tmp_path / "sound.wav"):
        pass


def test_a_sample_dump_is_left_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = bytearray(encoded("SDS", "PCM_16", 44_100, 1))
    content[21 + 127 * 3 + 50] ^= 0xFF
    (tmp_path / "sound.sds").write_bytes(content)
    with pytest.raises(NotAudio, match="sample dump"), open_sound(tmp_path / "sound.sds"):
        pass
    assert capfd.readouterr() == ("", "")


# --- folders ----------------------------------------------------------------------------------------------------------


def test_the_sounds_of_a_folder(tmp_path: Path) -> None:
    names = ["b.wav", "a.MP3", "c.txt", ".hidden.wav", "no-ending", "deep/d.flac", ".cache/e.ogg", "deep/.f.wav"]
    for name in [*names, "deep/er/g.opus"]:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.wav").mkdir()
    os.mkfifo(tmp_path / "pipe.wav")

    def found(*, recursive: bool) -> list[str]:
        return [str(path.relative_to(tmp_path)) for path in list_sounds(tmp_path, recursive=recursive)]

    assert found(recursive=False) == ["a.MP3", "b.wav"]
    assert found(recursive=True) == ["a.MP3", "b.wav", "deep/d.flac", "deep/er/g.opus"]


def test_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileMissing):
        list_sounds(tmp_path / "missing")
    with pytest.raises(CannotRead):
        list_sounds(tmp_path / "file")
