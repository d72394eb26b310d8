# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what commands keep of a file (level, words, channels), and what they make of damage."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC

from engine.library.iff import Form
from engine.library.metadata import kept_metadata
from tests.app.commands.running import RATE, fails, infiniloop, music, read, tells, write
from tests.engine.playback.material import noise

LOOP = ("--loop", "1s", "3s")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return a FLAC file with a title and tags that are true of it alone."""
    path = write(tmp_path / "song.flac", music())
    file = FLAC(path)
    file.update({"title": "A song", "replaygain_track_gain": "-3 dB", "loopstart": "9", "looplength": "99"})
    file.save()
    return path


def test_what_is_made_of_a_song_has_its_title(tmp_path: Path, song: Path) -> None:
    (told,) = tells("export", song, "-o", tmp_path / "loop.wav")
    texts = kept_metadata(tmp_path / "loop.wav").texts
    assert (texts["TITLE"], texts["BPM"]) == (("A song",), ("120",))
    assert told["gain_db"] == 0.0
    tells("extend", song, *LOOP, "--turns", "3", "-o", tmp_path / "long.ogg")
    tells("split", song, *LOOP, "-o", tmp_path / "parts", "--format", "flac")
    made = [tmp_path / "long.ogg", *sorted((tmp_path / "parts").iterdir())]
    assert len(made) == 4
    for path in made:
        assert kept_metadata(path).texts["TITLE"] == ("A song",)
        assert b"-3 dB" not in path.read_bytes()


def test_six_channels_stay_six(tmp_path: Path) -> None:
    source = tmp_path / "surround.wav"
    samples = noise(4 * RATE, seed=5, n_channels=6)
    soundfile.write(source, samples, RATE, format="WAVEX", subtype="PCM_24")
    with source.open("r+b") as handle:
        fmt = Form(handle).body(b"fmt ") or b""
        Form(handle).put(b"fmt ", fmt[:20] + struct.pack("<I", 0x3F) + fmt[24:])
    tells("export", source, *LOOP, "-o", tmp_path / "loop.wav", "--overlap", "0")
    np.testing.assert_allclose(read(tmp_path / "loop.wav"), samples[RATE : 3 * RATE], atol=2.0**-23)
    assert kept_metadata(tmp_path / "loop.wav").channel_mask == 0x3F


def test_what_is_above_full_scale_is_turned_down_as_a_whole_and_told(tmp_path: Path) -> None:
    samples = music().samples
    loud = samples * np.float32(1.62) / np.abs(samples).max()
    source = tmp_path / "loud.wav"
    soundfile.write(source, loud, RATE, subtype="FLOAT")
    for arguments in (("extend", source, *LOOP, "--length", "20s", "--fade", "0"), ("export", source, *LOOP)):
        target = tmp_path / f"{arguments[0]}.wav"
        done = infiniloop(*arguments, "--overlap", "0", "-o", target)
        assert done.returncode == 0, done.stderr
        own = loud[: 2 * RATE] if arguments[0] == "extend" else loud[RATE : 3 * RATE]
        made = read(target)[: 2 * RATE]
        # In doubles: which floats a sum of floats gives, the processor decides.
        gain = float(np.vdot(made, own.astype(float)) / np.vdot(own, own.astype(float)))
        np.testing.assert_allclose(made, own * np.float32(gain), atol=2.0**-21)
        assert "turned down by" in done.stderr
        assert gain < 1.0
    (told,) = tells("export", source, *LOOP, "--bits", "32f", "--overlap", "0", "-o", tmp_path / "float.wav")
    assert told["gain_db"] == 0.0
    np.testing.assert_array_equal(read(tmp_path / "float.wav"), loud[RATE : 3 * RATE])


def test_less_overlap_than_asked_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    (told,) = tells("export", path, "--loop", "0.1s", "17.9s", "--overlap", "3000", "-o", tmp_path / "loop.wav")
    assert told["overlap_limit"] == "music"
    assert told["overlap_samples"] < 3 * RATE
    done = infiniloop("export", path, "--loop", "0.1s", "17.9s", "--overlap", "3000", "-o", tmp_path / "again.wav")
    assert "in place of 3000: there is no more music" in done.stderr


@pytest.mark.soak
@pytest.mark.parametrize("kind", [("flac", "FLAC", "PCM_16"), ("wav", "WAV", "PCM_16"), ("ogg", "OGG", "VORBIS")])
def test_a_damaged_file_is_told_and_nothing_is_made_of_it(tmp_path: Path, kind: tuple[str, str, str]) -> None:
    path = tmp_path / f"broken.{kind[0]}"
    soundfile.write(path, music().samples, RATE, format=kind[1], subtype=kind[2])
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    out = tmp_path / "out"
    fails("extend", path, *LOOP, "--length", "1m", "-o", tmp_path / "long.wav", words=("damaged", "whole copy"))
    fails("split", path, *LOOP, "-o", out, words=("damaged",))
    fails("export", path, *LOOP, "-o", tmp_path / "loop.wav", words=("damaged",))
    fails("tag", path, *LOOP, "-o", tmp_path / f"tagged.{kind[0]}", words=("damaged",))
    assert [entry.name for entry in tmp_path.iterdir() if entry != out] == [path.name]
    done = infiniloop("analyze", path, "--json")
    assert done.returncode == 0
    assert done.stderr.count("is damaged") == 1
    assert '"damage": "' in done.stdout
