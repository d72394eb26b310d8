# SPDX-License-Identifier: GPL-3.0-or-later
"""A line of a script starts the studio in a terminal, steers it through a pipe, and hears how it ended."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app import paths
from app.main import main
from app.settings import Settings, load_settings, save_settings
from tests.app.commands.running import ROOT, command, infiniloop
from tests.e2e.hearing import music
from tests.listening import find_faults
from tests.soundserver import SAMPLE_RATE, SoundServer

WAIT_S = 60.0


@pytest.fixture(autouse=True)
def _homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))


@contextmanager
def running(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Run ``term`` with pipes."""
    process = subprocess.Popen(
        command("term", *map(str, arguments)),
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--duration", "1000"], "duration is 1000, and must be from 5 to 30"),
        (["--min-play", "long"], "minplay is “long”"),
        (["--minduration", "1"], "minplay is 1"),
        (["--min-loop", "99"], "minloop is 99"),
        (["--max-play", "999999"], "maxplay is 999999"),
        (["--overlap", "0"], "overlap"),
        (["--volume", "12"], "volume is 12"),
        (["--model", "huge"], "no model called “huge”"),
        (["--generator", "huge"], "huge"),
        (["--algorithm", "clever"], "clever"),
        (["--preset", "nonsense"], "nonsense"),
        (["--prompt", ""], "prompt is empty"),
        (["--driver", "dsp"], "ALSA took its place: say alsa, pulse or pipewire"),
        (["--driver", "/dev/dsp"], "ALSA took its place"),
        (["--driver", "nonsense"], "No output is reached by “nonsense”"),
        (["--record", "x.mp3"], ".flac"),
        (["--record", "/nowhere/x.flac"], "/nowhere/x.flac"),
        (["--record", __file__ + "/x.flac"], "x.flac"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence_before_anything_is_heard(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], no_sound: None
) -> None:
    assert main(["term", *arguments]) in (1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert len(told.err.splitlines()) == 1


def test_wrong_usage_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--nonsense"], ["--duration"], ["-g", "rain"], ["start"]):
        with pytest.raises(SystemExit) as left:
            main(["term", *arguments])
        assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_one_clip_is_made_and_written_as_the_option_for_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "clip.wav"
    assert main(["term", "-g", "house, 124 bpm", str(out), "-d", "6"]) == 0
    assert 3.0 < soundfile.info(out).duration < 8.0
    assert capsys.readouterr().out == ""
    assert main(["term", "--generate-only", "house", str(tmp_path / "nowhere" / "clip.wav")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    # What the refusal names as a way out is one.
    made = out.read_bytes()
    assert main(["term", "-g", "jazz", str(out), "-d", "6"]) == 1
    assert "--force" in capsys.readouterr().err
    assert out.read_bytes() == made
    assert main(["term", "-g", "jazz", str(out), "-d", "6", "--force", "--dry-run"]) == 0
    assert "would" in capsys.readouterr().out
    assert out.read_bytes() == made
    assert main(["term", "-g", "jazz", str(out), "-d", "6", "--force"]) == 0
    assert out.read_bytes() != made
    for option in ("--force", "--dry-run"):
        assert main(["term", option]) == 1
        said = capsys.readouterr().err
        assert said.endswith(f"{option} says how --generate-only is done: give both, or neither.\n")


def test_a_pipe_is_answered_and_nothing_else_is_said(no_sound: None, tmp_path: Path) -> None:
    lines = "get volume\nset minplay 1\nset duration 9\nstrat\nget duration\n"
    done = subprocess.run(
        command("term", "--volume", "-6", "--duration", "7", "--no-debug", "-q"),
        cwd=ROOT,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["volume is -6 dB", "duration is 9 s", "duration is 9 s"]
    assert len(done.stderr.splitlines()) == 2
    assert "perhaps “start”" in done.stderr
    kept = load_settings(paths.settings_file())
    assert kept.duration_s == 9.0, "what is set is remembered"
    assert kept.volume_db == Settings().volume_db, "what the command line says is not"


@pytest.mark.audio
def test_music_is_started_by_a_line_recorded_and_ended_by_a_signal(sound_server: SoundServer, tmp_path: Path) -> None:
    save_settings(paths.settings_file(), Settings(latency_ms=200))
    file = tmp_path / "whole.flac"
    arguments = ["--prompt", "house, 124 bpm", "--duration", "6", "--model", "default", "--min-play", "10"]
    arguments += ["--min-loop", "2", "--driver", "pulse", "--record", str(file), "--no-debug", "-q"]
    with sound_server.recording() as heard, running(*arguments) as process:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        give_up = time.monotonic() + WAIT_S
        while np.abs(heard.samples[-SAMPLE_RATE:]).max(initial=0.0) < 0.01:
            assert time.monotonic() < give_up, "nothing is heard"
            assert process.poll() is None, process.communicate()
            time.sleep(0.1)
        heard.wait(2.0)
        process.send_signal(signal.SIGTERM)
        told, wrong = process.communicate(timeout=WAIT_S)
        assert process.returncode == 143, wrong
        heard.wait(0.3)
    assert told.splitlines() == ["playing “house, 124 bpm”"]
    assert wrong == ""
    assert find_faults(music(heard.samples), SAMPLE_RATE) == []
    recorded, _rate = soundfile.read(file, dtype="float32", always_2d=True)
    assert len(music(recorded)) > SAMPLE_RATE
    assert np.abs(recorded[-10:]).max() < 1e-3, "its end is faded out"


@pytest.mark.soak
def test_a_studio_that_runs_is_told_instead_of_another_being_opened(no_sound: None) -> None:
    with running("-q") as first:
        assert first.stdin is not None
        assert first.stdout is not None
        first.stdin.write("get prompt\n")
        first.stdin.flush()
        assert "prompt is" in first.stdout.readline()
        second = infiniloop("term", "--prompt", "rain on tin")
        assert second.returncode == 0, second.stderr
        assert f"process {first.pid}" in second.stderr
        first.stdin.write("get prompt\nquit\n")
        first.stdin.flush()
        assert "rain on tin" in first.stdout.readline()
        assert first.wait(WAIT_S) == 0
