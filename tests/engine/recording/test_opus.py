# SPDX-License-Identifier: GPL-3.0-or-later
"""An Opus recording is whole at every moment, exactly as long as what was played, and says what is in it."""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.oggopus import OggOpus

from engine.errors import CannotWrite, WrongEnding
from engine.library.carried import COMMENT, recipe_of, said_of_mix
from engine.recording.opus import OpusRecorder, OpusWriter, writing_opus
from engine.recording.opus_pages import OPUS_RATE
from engine.recording.recorded_mix import RecordedMix
from engine.values import FloatArray, Lead, MixKind, MixRecipe
from tests.engine.library.making import files_limited_to, recipe

RATE = 44_100
PIECE = RATE // 10


@functools.cache
def music(n_samples: int) -> FloatArray:
    """Return two tones, one in each channel, that swell."""
    time_s = np.arange(n_samples) / RATE
    swell = 0.3 + 0.2 * np.sin(2.0 * np.pi * 0.7 * time_s)
    both = [swell * np.sin(2.0 * np.pi * hz * time_s) for hz in (440.0, 660.0)]
    made: FloatArray = np.stack(both, axis=1).astype(np.float32)
    return made


@functools.cache
def in_file() -> FloatArray:
    """Return the music at the rate of the file."""
    wanted = music(RATE * 13)
    at = np.arange(OPUS_RATE * 12 + 100) * RATE / OPUS_RATE
    made: FloatArray = np.stack([np.interp(at, np.arange(len(wanted)), one) for one in wanted.T], axis=1)
    return made


def record(path: Path, n_samples: int) -> OpusRecorder:
    recorder, played = OpusRecorder(path, RATE), music(n_samples)
    for first in range(0, n_samples, PIECE):
        recorder.write(played[first : first + PIECE])
    return recorder


def assert_heard(path: Path, n_least: int) -> int:
    """Assert that a file holds the beginning of the music; return how long it is, in its own samples."""
    found, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == OPUS_RATE
    assert len(found) >= n_least
    assert np.sqrt(np.mean((found - in_file()[: len(found)]) ** 2)) < 0.02
    return len(found)


def fail(out: OpusWriter) -> None:
    out.write(music(RATE))
    raise OSError(5, "no number")


@pytest.mark.parametrize("n_samples", [1, PIECE + 7, 3 * RATE + 123])
def test_it_is_as_long_as_what_was_played(tmp_path: Path, n_samples: int) -> None:
    path = tmp_path / "music.opus"
    recorder = record(path, n_samples)
    recorder.close()
    recorder.close()
    assert abs(assert_heard(path, 1) - n_samples * OPUS_RATE / RATE) <= 1.0
    assert recorder.n_samples == n_samples
    assert [one.name for one in tmp_path.iterdir()] == ["music.opus"]


def test_at_every_moment_the_file_is_whole(tmp_path: Path) -> None:
    path, killed = tmp_path / "music.opus", tmp_path / "killed.opus"
    recorder, played = OpusRecorder(path, RATE), music(12 * RATE)
    recorder.say({"STORY": "what is known"})
    lengths, n_bytes = [], 0
    for first in range(0, len(played), PIECE):
        recorder.write(played[first : first + PIECE])
        if path.exists() and path.stat().st_size != n_bytes:
            n_bytes = path.stat().st_size
            shutil.copy(path, killed)
            lengths.append(assert_heard(killed, round(0.8 * OPUS_RATE)))
            assert OggOpus(killed)["story"] == ["what is known"]
            n_played = (first + PIECE) * OPUS_RATE / RATE
            assert n_played - 1.2 * OPUS_RATE <= lengths[-1] <= n_played
    assert len(set(lengths)) >= 9
    recorder.say({"STORY": "x" * 100_000, "OTHER": "new"})
    recorder.close()
    assert assert_heard(path, 12 * OPUS_RATE) == 12 * OPUS_RATE
    tags = OggOpus(path)
    assert (tags["story"], tags["other"]) == (["x" * 100_000], ["new"])
    checked = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"], capture_output=True, check=True)
    assert checked.stderr == b""


def test_it_says_which_loops_are_in_it_by_its_own_samples(tmp_path: Path) -> None:
    path = tmp_path / "music.opus"
    recorder = OpusRecorder(path, RATE)
    mix, made = RecordedMix(recorder, 1000), [recipe("one"), recipe("two")]
    leads = [Lead(0, made[0], "drums"), Lead(1000 + 2 * RATE, made[1], "bass", 1000 + 3 * RATE)]
    for piece in np.split(music(4 * RATE), 40):
        recorder.write(piece)
        mix.note(leads)
    mix.say()
    recorder.close()
    second = OPUS_RATE
    own = (Lead(0, made[0], "drums"), Lead(2 * second, made[1], "bass", 3 * second))
    assert recipe_of(path) == MixRecipe(MixKind.JAM, OPUS_RATE, 4 * second, own)
    assert OggOpus(path)["chapter002"] == ["00:00:02.000"]


def test_a_full_disk_ends_it_with_whole_pages(tmp_path: Path) -> None:
    path = tmp_path / "music.opus"
    with files_limited_to(60_000), pytest.raises(CannotWrite):
        record(path, 13 * RATE)
    assert assert_heard(path, OPUS_RATE) < 5 * OPUS_RATE
    assert [one.name for one in tmp_path.iterdir()] == ["music.opus"]


def test_a_folder_that_is_none_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "music.opus"
    with pytest.raises(CannotWrite, match="Not a directory"), writing_opus(path, RATE, 2):
        pass
    with pytest.raises(CannotWrite, match="Not a directory"):
        OpusRecorder(path, RATE)
    folder = tmp_path / "goes"
    folder.mkdir()
    recorder = OpusRecorder(folder / "music.opus", RATE)
    folder.rename(tmp_path / "went")
    folder.touch()
    with pytest.raises(CannotWrite, match="Not a directory"):
        recorder.write(music(3 * RATE))


def test_other_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongEnding):
        OpusRecorder(tmp_path / "music.flac", RATE)
    with pytest.raises(CannotWrite):
        OpusRecorder(tmp_path / "none" / "music.opus", RATE)


def test_a_file_that_is_written_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "music.opus"
    told = MixRecipe(MixKind.JAM, OPUS_RATE, 2 * OPUS_RATE, (Lead(0, recipe("one"), "drums"),))
    with writing_opus(path, RATE, 2) as out:
        out.write(music(2 * RATE))
        out.metadata = said_of_mix(told)
        assert not path.exists()
    assert assert_heard(path, 2 * OPUS_RATE) == 2 * OPUS_RATE
    assert recipe_of(path) == told
    assert COMMENT.lower() in OggOpus(path)
    before = path.read_bytes()
    with pytest.raises(CannotWrite), writing_opus(path, RATE, 2) as out:
        fail(out)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["music.opus"]
