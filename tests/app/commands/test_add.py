# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``add`` turns a person's own sounds into takes, at the studio's rate and with the loops of their tags."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from engine.dsp.loudness import integrated_lufs
from engine.library.audiofile import read_clip
from engine.library.importing import TARGET_LUFS
from engine.library.looptags import write_loop_tags
from engine.library.takes import TakeLibrary
from engine.values import LoopOrigin, LoopRegion
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.app.commands.running import RATE, fails, infiniloop, music, tells, works


def sound_at(path: Path, sample_rate: int) -> Path:
    samples = soxr.resample(music().samples, RATE, sample_rate)
    soundfile.write(path, samples, sample_rate, subtype="PCM_24")
    return path


def test_a_tagged_file_at_48_khz_becomes_a_take_with_its_own_loop(tmp_path: Path) -> None:
    path = sound_at(tmp_path / "kick.wav", 48_000)
    # Four beats of 120 bpm, from the second bar on.
    write_loop_tags(path, path, LoopRegion(96_000, 192_000))
    (told,) = tells("add", path, "--library", tmp_path / "library")
    assert (told["loop_start"], told["loop_end"]) == (88_200, 176_400)
    assert (told["title"], told["origin"], told["sample_rate"]) == ("kick", "tag", STUDIO_SAMPLE_RATE)
    with TakeLibrary(tmp_path / "library") as library:
        (take,) = library.takes()
        _, clip = library.load(take.take_id)
        assert take.is_spared
        # However old it becomes.
        assert library.purge(0.0, oldest=datetime.now(UTC) + timedelta(days=1)).removed == ()
    assert take.take_id == told["take"]
    assert take.recipe.loop.origin is LoopOrigin.TAG
    assert take.recipe.loop.region == LoopRegion(88_200, 176_400)
    assert take.recipe.facts.tempo_bpm == pytest.approx(120.0, rel=0.01)
    assert clip.sample_rate == STUDIO_SAMPLE_RATE
    assert clip.n_channels == 2
    assert clip.duration_s == pytest.approx(music().duration_s, abs=0.001)
    assert integrated_lufs(clip) <= TARGET_LUFS + 0.1


def test_a_whole_folder_is_added_and_what_cannot_be_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "sounds"
    folder.mkdir()
    sound_at(folder / "one.wav", 44_100)
    sound_at(folder / "two.flac", 96_000)
    soundfile.write(folder / "silence.wav", np.zeros((96_000, 2)), 48_000)
    library = tmp_path / "library"
    told = fails("add", folder, "--library", library, "--json", words=("silence.wav", "silent"))
    every = [json.loads(line) for line in told.splitlines()]
    lines = [line for line in every if "error" not in line]
    assert [line.get("title") for line in lines] == ["one", "two"]
    assert [Path(line["file"]).name for line in every if "error" in line] == ["silence.wav"]
    loops = [LoopRegion(line["loop_start"], line["loop_end"]) for line in lines]
    for line, loop in zip(lines, loops, strict=True):
        clip = read_clip(line["output"])
        assert loop.loop_end <= clip.n_samples
        # At 120 bpm a beat has 22 050 samples in the studio, whatever it had in the file.
        assert loop.n_samples / 22_050 == pytest.approx(round(loop.n_samples / 22_050), abs=0.05)


def test_title_and_artist_are_those_of_the_tags_else_the_files_name(tmp_path: Path) -> None:
    path = tmp_path / "tagged.flac"
    with soundfile.SoundFile(path, "w", 44_100, 2, "PCM_24") as file:
        file.title, file.artist = "  Blue\nRoom ", "The Testers"
        file.write(soxr.resample(music().samples, RATE, 44_100))
    odd = sound_at(tmp_path / "cafe.wav", 48_000).rename(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.wav"))
    lines = works("add", path, odd, "--library", tmp_path / "library", "--json").splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["Blue Room", "caf?"]
    with TakeLibrary(tmp_path / "library") as library:
        assert [(take.recipe.title, take.recipe.artist) for take in library.takes()[::-1]] == [
            ("Blue Room", "The Testers"),
            ("caf?", ""),
        ]


def test_without_a_library_named_it_is_the_studios_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    works("add", sound_at(tmp_path / "mine.wav", 48_000))
    with TakeLibrary(tmp_path / "data" / "infiniloop", make=False) as library:
        assert [take.recipe.title for take in library.takes()] == ["mine"]


@pytest.mark.soak
def test_a_sound_that_is_there_already_is_told_and_not_added_again(tmp_path: Path) -> None:
    library = tmp_path / "library"
    path = sound_at(tmp_path / "kick.wav", 48_000)
    copy = sound_at(tmp_path / "copy.flac", 48_000)
    samples, rate = soundfile.read(path)
    soundfile.write(tmp_path / "other.wav", samples[::-1], rate, subtype="PCM_24")
    (first,) = tells("add", path, "--library", library)
    assert first["added"] is True
    done = infiniloop("add", path, "--library", library)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [f"{path}: already in the library as “kick”, not added again (--force adds it)"]
    # Twice in one command too, and another file with the same sound; one as long that sounds otherwise is added.
    lines = tells("add", copy, tmp_path / "other.wav", tmp_path / "other.wav", "--library", library)
    assert [line["added"] for line in lines] == [False, True, False]
    assert lines[0]["take"] == first["take"]
    assert lines[2]["take"] == lines[1]["take"]
    (again,) = tells("add", path, "--force", "--library", library)
    assert again["added"] is True
    # A take whose sound was lost does not stand in the way.
    for take in (first, again):
        Path(take["output"]).write_bytes(b"")
    assert tells("add", path, "--library", library)[0]["added"] is True
