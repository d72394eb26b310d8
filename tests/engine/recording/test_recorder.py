# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording holds every frame that was played, at every moment, after kill -9 and on a full disk."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen.flac import FLAC

from engine.errors import CannotWrite, UnknownFormat
from engine.library.carried import recipe_of
from engine.recording.comment_room import ROOM_BYTES
from engine.recording.recorded_stems import stems_folder
from engine.recording.recorder import FlacRecorder
from engine.values import MixRecipe
from tests.engine.library.making import files_limited_to, recipe
from tests.engine.recording.played import decoded, decoded_by_sox, frames, steps
from tests.sampling import some

ROOT = Path(__file__).parents[3]
SAMPLE_RATE = 44_100
HEADER_BYTES = 42
"""Number of bytes before the comments."""
BLOCK = 4_096
"""Number of samples in a block of libFLAC's."""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


def assert_played(path: Path, n_least: int, n_most: int) -> None:
    found = decoded(path)
    assert n_least <= len(found) <= n_most
    assert np.array_equal(found, steps(frames(0, len(found))))
    assert np.array_equal(found, decoded_by_sox(path))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.integers(0, 3 * BLOCK), max_size=8))
def test_whole_at_every_moment_and_exact_at_the_end(tmp_path: Path, pieces: list[int]) -> None:
    path = tmp_path / "music.flac"
    path.unlink(missing_ok=True)
    recorder = FlacRecorder(path, SAMPLE_RATE)
    n_played = 0
    for piece in pieces:
        recorder.write(frames(n_played, n_played + piece))
        n_played += piece
        assert path.exists() == (n_played > BLOCK)
        if path.exists():
            found = decoded(path)
            # libFLAC lets a block go once it has seen the next one's first sample.
            assert n_played - BLOCK <= len(found) <= n_played
            assert np.array_equal(found, steps(frames(0, len(found))))
    recorder.close()
    recorder.close()
    assert recorder.duration_s == n_played / SAMPLE_RATE
    assert [one.name for one in tmp_path.iterdir()] == ["music.flac"] * (n_played > 0)
    if n_played:
        assert_played(path, n_played, n_played)
        info = FLAC(path).info
        assert (info.total_samples, info.sample_rate, info.bits_per_sample) == (n_played, SAMPLE_RATE, 24)
        assert info.md5_signature != 0


def test_more_samples_than_the_header_can_count_spoil_nothing_else_in_it(tmp_path: Path) -> None:
    # 36 bits: eighteen days.
    path = tmp_path / "music.flac"
    recorder = FlacRecorder(path, SAMPLE_RATE)
    recorder.sink.n_samples = (1 << 36) - BLOCK - 1
    told = []
    for first in (0, BLOCK):
        recorder.write(frames(first, first + BLOCK + 1))
        info = FLAC(path).info
        assert (info.sample_rate, info.channels, info.bits_per_sample) == (SAMPLE_RATE, 2, 24)
        told.append(info.total_samples)
    assert told == [(1 << 36) - 1, 0]
    recorder.close()


def test_a_torn_frame_after_the_last_whole_one_is_not_heard(tmp_path: Path) -> None:
    # A kill can come in the middle of the kernel's copying of a frame.
    path = tmp_path / "music.flac"
    recorder = FlacRecorder(path, SAMPLE_RATE)
    recorder.write(frames(0, BLOCK + 1))
    first = path.read_bytes()
    recorder.write(frames(BLOCK + 1, 2 * BLOCK + 1))
    second = path.read_bytes()[len(first) :]
    recorder.close()
    for n_bytes in (1, 2, 5, 100, len(second) // 2, len(second) - 1):
        path.write_bytes(first + second[:n_bytes])
        found = decoded(path)
        assert np.array_equal(found, steps(frames(0, BLOCK)))


def test_a_file_that_was_there_is_replaced_by_the_first_frames(tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    path.write_bytes(b"old")
    FlacRecorder(path, SAMPLE_RATE).close()
    assert path.read_bytes() == b"old", "nothing was played"
    recorder = FlacRecorder(path, SAMPLE_RATE)
    recorder.write(frames(0, BLOCK))
    assert path.read_bytes() == b"old"
    recorder.write(frames(BLOCK, BLOCK + 1))
    assert_played(path, BLOCK, BLOCK)
    recorder.close()
    assert [one.name for one in tmp_path.iterdir()] == ["music.flac"]


def test_places_that_cannot_be_recorded_to(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="flac"):
        FlacRecorder(tmp_path / "music.wav", SAMPLE_RATE)
    (tmp_path / "folder.flac").mkdir()
    (tmp_path / "link.flac").symlink_to("/dev/null")
    for path in (tmp_path / "folder.flac", tmp_path / "link.flac", tmp_path / "missing" / "music.flac"):
        with pytest.raises(CannotWrite):
            FlacRecorder(path, SAMPLE_RATE)
    assert {one.name for one in tmp_path.iterdir()} == {"folder.flac", "link.flac"}


# --- killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "n_kills", "longest_s"), some([("machine", 4, 1.5), ("recorder", 10, 0.3)]))
def test_killed_at_random_moments(tmp_path: Path, kind: str, n_kills: int, longest_s: float) -> None:
    rng = random.Random(2)
    n_recorded = 0
    for number in range(n_kills):
        path = tmp_path / f"{number}.flac"
        words = [sys.executable, "-m", "tests.engine.recording.recording", kind, str(path), str(tmp_path / "ring")]
        with subprocess.Popen(words, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True) as studio:
            assert studio.stdout is not None
            told = studio.stdout.readline()
            time.sleep(rng.uniform(0.0, longest_s))
            studio.kill()
            told = ([told, *studio.stdout.readlines()])[-1]
        n_played = int(told)
        # The machine looks ten times a second, and a busy computer may keep it waiting.
        n_late = BLOCK if kind == "recorder" else SAMPLE_RATE
        if path.exists():
            assert_played(path, n_played - n_late, n_played + SAMPLE_RATE)
            if kind == "machine" and n_played > n_late:
                said = recipe_of(path)
                assert isinstance(said, MixRecipe)
                assert [lead.recipe for lead in said.leads] == [recipe()]
                # The mix, so that both begin alike; a tick of the machine may lie between them.
                stem = stems_folder(str(path)) / "bass.flac"
                assert_played(stem, len(decoded(path)) - SAMPLE_RATE, len(decoded(path)) + SAMPLE_RATE)
            n_recorded += 1
        else:
            assert n_played <= n_late
    assert n_recorded >= n_kills // 2


@pytest.mark.soak
def test_killed_at_every_line(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.engine.recording.killing", str(tmp_path)]
    done = subprocess.run(words, env=environment(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 100


# --- a full disk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "n_bytes", [0, 4, 50, 10_000, 30_000, 60_000, 100_001, ROOM_BYTES + 10_000, ROOM_BYTES + 60_000]
)
def test_a_full_disk_ends_the_recording_with_all_that_fitted(tmp_path: Path, n_bytes: int) -> None:
    path = tmp_path / "music.flac"
    recorder = FlacRecorder(path, SAMPLE_RATE)
    told = []
    with files_limited_to(n_bytes):
        for first in range(0, 20 * BLOCK, BLOCK):
            try:
                recorder.write(frames(first, first + BLOCK))
            except CannotWrite as error:
                told.append(error)
        recorder.close()
    assert len(told) == 1
    assert "music.flac" in str(told[0])
    # A frame of noise takes nearly all its 24 bits.
    has_room = n_bytes > ROOM_BYTES
    n_fitting = (n_bytes - ROOM_BYTES * has_room) // (6 * BLOCK) * BLOCK
    assert path.exists() == (n_fitting > 0)
    if n_fitting:
        assert_played(path, n_fitting, n_fitting + BLOCK)
        other = FlacRecorder(tmp_path / "other.flac", SAMPLE_RATE)
        other.write(frames(0, len(decoded(path)) + 1))
        found, wanted = path.read_bytes(), (tmp_path / "other.flac").read_bytes()
        # What the disk has no room for first is the room for a comment.
        end = HEADER_BYTES + (ROOM_BYTES if has_room else found[HEADER_BYTES + 3] + 4)
        assert found[:HEADER_BYTES] == wanted[:HEADER_BYTES]
        assert found[end:] == wanted[HEADER_BYTES + ROOM_BYTES :], "as if no more had been played"
        other.close()
        (tmp_path / "other.flac").unlink()
    assert recorder.duration_s == (len(decoded(path)) / SAMPLE_RATE if path.exists() else 0.0)
    assert len(list(tmp_path.iterdir())) == path.exists()


def test_a_disk_that_is_full_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    recorder = FlacRecorder(path, SAMPLE_RATE)
    recorder.write(frames(0, 2 * BLOCK))
    with files_limited_to(path.stat().st_size), pytest.raises(CannotWrite):
        recorder.close()
    recorder.close()
    assert_played(path, BLOCK, BLOCK)
