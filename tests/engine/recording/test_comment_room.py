# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording's comment is exchanged while it grows: after a kill at any moment the file is whole with one of both."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from mutagen.flac import FLAC

from engine.recording.comment_room import ROOM_BYTES
from engine.recording.growing import MOST_COMMENT_BYTES
from engine.recording.recorder import FlacRecorder
from tests.engine.recording.played import decoded, decoded_by_sox, frames, steps

RATE = 44_100
N = 3 * 4_096 + 5


def said(path: Path) -> list[str]:
    return [str(text) for text in FLAC(path).get("STORY", [])]


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[FlacRecorder]:
    one = FlacRecorder(tmp_path / "music.flac", RATE)
    yield one
    one.close()


def test_the_comment_is_the_last_one_and_the_sound_the_same(recorder: FlacRecorder, tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    recorder.say({"STORY": "before anything is played"})
    recorder.write(frames(0, N))
    assert said(path) == ["before anything is played"]
    for number in range(5):
        recorder.say({"STORY": f"{number} " + "x" * (MOST_COMMENT_BYTES - 20)})
        assert said(path)[0].startswith(f"{number} ")
        recorder.say({"STORY": f"short {number}"})
        assert said(path) == [f"short {number}"]
        recorder.write(frames(N * (number + 1), N * (number + 2)))
    with pytest.raises(ValueError, match="no room"):
        recorder.say({"STORY": "x" * ROOM_BYTES})
    recorder.close()
    assert said(path) == ["short 4"]
    assert np.array_equal(decoded(path), steps(frames(0, 6 * N)))
    assert np.array_equal(decoded(path), decoded_by_sox(path))
    assert FLAC(path).info.md5_signature != 0
    plain = FlacRecorder(tmp_path / "plain.flac", RATE)
    plain.write(frames(0, 6 * N))
    plain.close()
    assert np.array_equal(decoded(tmp_path / "plain.flac"), decoded(path)), "with and without it"
    assert said(tmp_path / "plain.flac") == []


def test_a_kill_in_any_write_leaves_the_old_comment_or_the_new(
    recorder: FlacRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, killed = tmp_path / "music.flac", tmp_path / "killed.flac"
    recorder.write(frames(0, N))
    pwrite, seen = os.pwrite, []

    def torn(descriptor: int, data: bytes, at: int) -> int:
        """Write in halves, as a kill may leave it, but for four bytes, which are written at once."""
        for end in (len(data) // 2, len(data)) if len(data) > 4 else (len(data),):
            pwrite(descriptor, data[:end], at)
            killed.write_bytes(path.read_bytes())
            seen.append(said(killed))
            found = decoded(killed)
            assert np.array_equal(found, steps(frames(0, len(found))))
        return len(data)

    monkeypatch.setattr(os, "pwrite", torn)
    texts = ["", *("abcdefg"[n] * length for n, length in enumerate((10, 90_000, 3, 200_000, 70_000)))]
    for before, text in itertools.pairwise(texts):
        seen.clear()
        recorder.say({"STORY": text})
        assert seen[-1] == [text]
        assert all(one in ([text], [before] if before else []) for one in seen[:-1])
        assert seen[-2] == ([before] if before else []), "the last write alone exchanges them"
    killed.unlink()
