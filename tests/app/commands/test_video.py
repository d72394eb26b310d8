# SPDX-License-Identifier: GPL-3.0-or-later
"""“infiniloop video” makes a video of a sound, with a title, and says what it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.main import main
from app.video_backdrop import backdrop
from engine.recording.video import plain_backdrop


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder one is in, with a sound."""
    soundfile.write(tmp_path / "song.wav", 0.3 * np.sin(np.arange(12_000) / 9.0), 24_000)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_video_is_made(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["video", "song.wav", "-o", "song.mp4", "--size", "720p", "--progress"]) == 0
    done = [float(one) for one in capsys.readouterr().out.splitlines()]
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert main(["video", "song.wav", "-o", "other.mp4", "--size", "720p", "--json", "--title", "A title"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n_samples"], told["n_frames"], told["width"], told["height"]) == (12_000, 15, 1280, 720)
    assert (here / "song.mp4").read_bytes() != (here / "other.mp4").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["song.wav", "-o", "song.avi"], ".mp4"), (["none.wav", "-o", "song.mp4"], "none.wav")],
)
def test_what_cannot_be_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["video", *arguments]) != 0
    assert said in capsys.readouterr().err
    assert [one.name for one in here.iterdir()] == ["song.wav"]


def test_a_title_is_painted_and_one_that_is_too_long_is_cut() -> None:
    size = (320, 180)
    for title in ("A title", "A title that goes on " * 20):
        picture = backdrop(size, title)
        differs = (picture != plain_backdrop(size)).any(axis=2)
        assert differs.any()
        assert not differs[:, :10].any()
        assert not differs[:, -10:].any()
    assert np.array_equal(backdrop(size, ""), plain_backdrop(size))


def test_a_title_is_painted_where_there_is_no_screen() -> None:
    code = "from app.video_backdrop import backdrop; print(int(backdrop((320, 180), 'A title').max()))"
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 200
