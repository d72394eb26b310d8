# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that cannot be read to the end that they declare are told, and refused where they are to be whole."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.apev2 import APEv2

from engine.errors import DamagedSound, EmptyClip, NotAudio
from engine.library import soundfiles
from engine.library.soundfiles import AudioFile, open_sound
from tests.engine.library.mutating import KINDS, encoded

TOLD = {"WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "VOC", "FLAC", "OGG", "MP3"}
N_SAMPLES = 60_000
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind)))


def is_damaged(path: Path) -> bool:
    with open_sound(path) as sound:
        damage = sound.damage
        seconds = sound.n_samples / sound.sample_rate
    if damage is None:
        with open_sound(path, whole=True):
            return False
    assert damage.fields["seconds"] == pytest.approx(seconds)
    with pytest.raises(DamagedSound, match="damaged"), open_sound(path, whole=True):
        pass
    return True


@every_kind
def test_a_whole_file_is_whole_and_a_cut_one_is_told(tmp_path: Path, kind: tuple[str, str, str, int, int]) -> None:
    path = tmp_path / f"sound.{kind[0]}"
    for n_samples in (N_SAMPLES, N_SAMPLES + 1):
        content = encoded(*kind[1:], n_samples=n_samples)
        # libsndfile opens no Opus or HTK file with rubbish behind it.
        for tail in (b"", b"rubbish")[: 1 if kind[2] == "OPUS" or kind[1] == "HTK" else 2]:
            path.write_bytes(content + tail)
            assert not is_damaged(path)
    if kind[1] not in TOLD:
        return
    for n_kept in (len(content) - 3, len(content) * 6 // 10):
        path.write_bytes(content[:n_kept])
        try:
            assert is_damaged(path), n_kept
        except NotAudio:  # libsndfile opens no Opus file that ends within a page
            assert kind[2] == "OPUS"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind[1] in {"FLAC", "OGG", "MP3"}])
@pytest.mark.parametrize("held", ["in memory", "long"])
def test_a_spoilt_middle_is_told(
    tmp_path: Path, kind: tuple[str, str, str, int, int], held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if held == "long":
        monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 2 * N_SAMPLES * kind[4])
    content = bytearray(encoded(*kind[1:], n_samples=N_SAMPLES))
    at, rng = len(content) // 2, np.random.default_rng(1)
    content[at : at + 3000] = rng.bytes(3000)
    path = tmp_path / f"sound.{kind[0]}"
    path.write_bytes(content)
    try:
        assert is_damaged(path)
    except (NotAudio, EmptyClip):  # so little is left of the smallest that libsndfile opens or reads nothing
        assert len(content) < 40_000 or kind[2] == "OPUS"


def test_a_very_long_flac_tells_where_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 4096)
    content = bytearray(encoded("FLAC", "PCM_16", 44_100, 2, n_samples=N_SAMPLES))
    at = len(content) // 2
    content[at : at + 3000] = np.random.default_rng(1).bytes(3000)
    path = tmp_path / "sound.flac"
    path.write_bytes(content)

    def read_all(sound: AudioFile) -> None:
        for first in range(0, sound.n_samples, 1000):
            sound.read(first, 1000)

    with open_sound(path) as sound:
        assert len(sound.read(0, 1000)) == 1000
        with pytest.raises(DamagedSound):
            read_all(sound)


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0x7FFFF000, 0xFFFFFFFF, 0xFFFFFFFF - 36])
def test_a_wav_from_a_pipe_or_a_recorder_that_was_killed_is_whole(tmp_path: Path, size: int) -> None:
    content = bytearray(encoded("WAV", "PCM_16", 44_100, 2, n_samples=N_SAMPLES))
    struct.pack_into("<I", content, content.index(b"data") + 4, size)
    path = tmp_path / "sound.wav"
    path.write_bytes(content)
    with open_sound(path) as sound:
        assert sound.damage is None
        assert sound.n_samples == N_SAMPLES


def test_an_rf64_of_a_recorder_that_was_killed_is_whole(tmp_path: Path) -> None:
    content = bytearray(encoded("RF64", "PCM_16", 44_100, 2, n_samples=N_SAMPLES))
    struct.pack_into("<Q", content, content.index(b"ds64") + 16, 0)
    path = tmp_path / "sound.wav"
    path.write_bytes(content)
    with open_sound(path) as sound:
        assert sound.n_samples == N_SAMPLES


def test_a_w64_whose_chunk_ends_beyond_every_file(tmp_path: Path) -> None:
    content = bytearray(encoded("W64", "PCM_16", 44_100, 2))
    struct.pack_into("<Q", content, 56, 0x28 + (1 << 62))
    path = tmp_path / "sound.w64"
    path.write_bytes(content)
    with contextlib.suppress(NotAudio):
        is_damaged(path)


def test_a_wav_of_no_sound_with_chunks_behind_is_empty(tmp_path: Path) -> None:
    content = encoded("WAV", "PCM_16", 44_100, 2, n_samples=0)
    path = tmp_path / "sound.wav"
    path.write_bytes(content + b"LIST\4\0\0\0INFO")
    with pytest.raises(EmptyClip), open_sound(path):
        pass


def test_an_mp3_that_does_not_count_its_frames(tmp_path: Path) -> None:
    content = encoded("MP3", "MPEG_LAYER_III", 44_100, 2, n_samples=N_SAMPLES)
    frames = content[content.index(content[:2], 100) :]
    path = tmp_path / "sound.mp3"
    for tail in (b"", b"TAG" + bytes(125)):
        path.write_bytes(frames + tail)
        assert not is_damaged(path)
        path.write_bytes(frames[:-50] + tail)
        assert is_damaged(path)


def test_the_peak_of_a_sound(tmp_path: Path) -> None:
    loud = np.array([[0.5, -1.62], [np.nan, 0.1]], dtype=np.float32)
    path = tmp_path / "loud.wav"
    soundfile.write(path, loud, 44_100, subtype="FLOAT")
    with open_sound(path) as sound:
        assert sound.peak() == pytest.approx(1.62)


def mpeg_frames() -> bytes:
    """Return noise, in frames that nothing counts."""
    content = encoded("MP3", "MPEG_LAYER_III", 44_100, 2, n_samples=4 * N_SAMPLES)
    return content[content.index(content[:2], 100) :]


def test_an_mp3_whose_row_of_frames_is_broken(tmp_path: Path) -> None:
    frames, path = mpeg_frames(), tmp_path / "sound.mp3"
    n = len(frames) // 2
    path.write_bytes(frames)
    assert not is_damaged(path)
    for spoilt in (frames[:n] + bytes(700) + frames[n + 700 :], frames[:n] + frames[n + 333 :]):
        path.write_bytes(spoilt)
        with pytest.raises(DamagedSound, match="frames of it are spoilt"), open_sound(path, whole=True):
            pass


def test_tags_and_rubbish_around_the_frames_of_an_mp3_are_no_damage(tmp_path: Path) -> None:
    frames, path = mpeg_frames(), tmp_path / "sound.mp3"
    id3 = b"ID3\3\0\0\0\0\0\x14" + bytes(20)
    for content in (
        id3 + frames, frames + bytes(500), frames + b"\xff" * 500, frames + id3,
        frames + id3 + frames, frames + b"LYRICSBEGIN" + b"\xff\xfb" * 50 + b"LYRICS200",
    ):  # fmt: skip
        path.write_bytes(content)
        assert not is_damaged(path), content[:10]
    path.write_bytes(frames)
    tags = APEv2()
    tags["Title"] = "song"
    tags.save(path)
    assert not is_damaged(path)
    with path.open("ab") as handle:
        handle.write(b"TAG" + bytes(125))
    assert not is_damaged(path)
    whole = path.read_bytes()
    place = whole.index(b"APETAGEX")
    path.write_bytes(whole[: place - 50] + whole[place:])
    assert is_damaged(path)
