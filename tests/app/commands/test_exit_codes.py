# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command ends with the exit codes that help, README and manual name: 0, 1, 2, and 130 for Ctrl+C."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.main import EXIT_CODES, main
from engine import make_clip, save

LOOP = ("--loop", "0.5", "2.5")
DONE, FAILED, MISUSED = 0, 1, 2

CASES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (DONE, ("--help",)),
    (DONE, ("--version",)),
    (MISUSED, ("fly",)),
    (MISUSED, ("--fly",)),
    (FAILED, ("none.wav",)),
    (MISUSED, ("studio", "--fly")),
    (FAILED, ("studio", "none.wav")),
    (DONE, ("generate", "lofi", "--bars", "1", "--layer", "drums", "-o", "a.wav")),
    (FAILED, ("generate", "lofi", "-o", "song.wav")),
    (FAILED, ("generate", "lofi", "--bars", "1", "-o", "none/a.wav")),
    (MISUSED, ("generate", "lofi")),
    (MISUSED, ("generate", "lofi", "-o", "b.wav", "--bars", "0")),
    (MISUSED, ("generate", "lofi", "-o", "b.wav", "--duration", "4")),
    (MISUSED, ("generate", "lofi", "-o", "b.wav", "--set", "gain=much")),
    (MISUSED, ("generate", "lofi", "-o", "b.wav", "--generator", "abba")),
    (MISUSED, ("generate", " ", "-o", "clip.wav")),
    (MISUSED, ("generate", "--from", "prompts.txt", "-o", "clips", "--key", "H")),
    (MISUSED, ("generate", "--from", "prompts.txt", "-o", "clips", "--count", "0")),
    (FAILED, ("generate", "--from", "none.txt", "-o", "clips")),
    (MISUSED, ("generate", "--from", "prompts.txt", "-o", "clips", "--name", "all alike")),
    (DONE, ("analyze", "song.wav")),
    (FAILED, ("analyze", "song.wav", "none.wav")),
    (MISUSED, ("analyze",)),
    (MISUSED, ("analyze", "song.wav", "--top", "0")),
    (MISUSED, ("analyze", "song.wav", "--min-loop", "-1")),
    (FAILED, ("play", "none.wav")),
    (MISUSED, ("play", "song.wav", "--seconds", "soon")),
    (MISUSED, ("play", "song.wav", "--seconds", "0")),
    (DONE, ("extend", "song.wav", "-o", "long.wav", "--length", "6", *LOOP)),
    (FAILED, ("extend", "song.wav", "-o", "none/long.wav", "--length", "6", *LOOP)),
    (MISUSED, ("extend", "song.wav", "-o", "long.wav")),
    (MISUSED, ("extend", "song.wav", "-o", "long.wav", "--turns", "0", *LOOP)),
    (DONE, ("continue", "song.wav", "-o", "on.wav", "--seconds", "1")),
    (FAILED, ("continue", "none.wav", "-o", "on.wav")),
    (MISUSED, ("continue", "song.wav", "-o", "on.wav", "--seconds", "61")),
    (MISUSED, ("accompany", "song.wav", "-o", "with.wav", "--parts", "harp solo")),
    (MISUSED, ("accompany", "song.wav", "-o", "with.wav", "--generator", "abba")),
    (MISUSED, ("accompany", "song.wav", "-o", "with.wav", "--level", "40")),
    (FAILED, ("accompany", "song.wav", "-o", "none/with.wav")),
    (MISUSED, ("fill", "song.wav", "-o", "whole.wav", "--from", "3")),
    (MISUSED, ("fill", "song.wav", "-o", "whole.wav", "--from", "3", "--to", "2")),
    (FAILED, ("vary", "prompts.txt", "-o", "other.wav")),
    (DONE, ("split", "song.wav", "-o", "parts", *LOOP)),
    (FAILED, ("split", "song.wav", "-o", "prompts.txt", *LOOP)),
    (MISUSED, ("split", "song.wav")),
    (MISUSED, ("split", "song.wav", "-o", "parts", "--loop", "2", "1")),
    (DONE, ("tag", "song.wav", "-o", "tagged.wav", *LOOP)),
    (FAILED, ("tag", "prompts.txt", "--in-place", *LOOP)),
    (MISUSED, ("tag", "song.wav", "-o", "tagged.wav", "--in-place")),
    (DONE, ("export", "song.wav", "-o", "loop.wav", *LOOP)),
    (FAILED, ("export", "song.wav", "-o", "loop.mp3", *LOOP)),
    (MISUSED, ("export", "song.wav", *LOOP)),
    (MISUSED, ("export", "song.wav", "-o", "loop.wav", "--rate", "1", *LOOP)),
    (DONE, ("recipe", "song.wav")),
    (FAILED, ("recipe", "prompts.txt")),
    (MISUSED, ("recipe", "song.wav", "--again")),
    (DONE, ("add", "song.wav")),
    (FAILED, ("add", "prompts.txt")),
    (MISUSED, ("add",)),
    (DONE, ("proof", "song.wav")),
    (FAILED, ("proof", "none.wav")),
    (MISUSED, ("proof", "song.wav", "--overlap", "much")),
    (MISUSED, ("proof", "song.wav", "--overlap", "-1")),
    (MISUSED, ("render", "lofi", "--minutes", "0", "-o", "other.wav")),
    (MISUSED, ("render", "lofi", "--minutes", "1", "--duration", "0", "-o", "other.wav")),
    (MISUSED, ("render", "lofi", "-o", "other.wav")),
    (FAILED, ("serve", "--host", "0.0.0.0")),
    (MISUSED, ("serve", "--port", "door")),
    (MISUSED, ("serve", "--port", "70000")),
    (FAILED, ("fragments", "prompts.txt", "lofi", "--once", "1")),
    (MISUSED, ("fragments", "slots", "lofi", "--slots", "0")),
    (MISUSED, ("fragments", "slots", "lofi", "--every", "0")),
    (MISUSED, ("fragments", "slots", "lofi", "--freeze", "9")),
    (MISUSED, ("fragments", "slots", "lofi", "--slot-prompt", "rain")),
    (FAILED, ("ctl", "list")),
    (MISUSED, ("ctl", "fly")),
    (MISUSED, ("term", "--fly")),
    (MISUSED, ("term", "--volume", "99")),
    (MISUSED, ("term", "--duration", "nan")),
    (MISUSED, ("term", "-g", "rain", "b.wav", "--duration", "0")),
    (DONE, ("presets",)),
    (MISUSED, ("presets", "all")),
    (DONE, ("stats",)),
    (MISUSED, ("stats", "--measure", "abba")),
    (MISUSED, ("stats", "--measure", "composer", "--clips", "0")),
    (MISUSED, ("stats", "--clips", "many")),
    (DONE, ("models", "list")),
    (FAILED, ("models", "where", "nothing")),
    (FAILED, ("models", "remove", "musicgen/small", "--folder", "weights")),
    (MISUSED, ("models",)),
    (MISUSED, ("devices", "all")),
    (MISUSED, ("latency", "--rounds", "2")),
    (MISUSED, ("latency", "--gain", "99")),
    (DONE, ("completion", "bash")),
    (MISUSED, ("completion", "cmd")),
    (DONE, ("manual", "-o", "man1")),
    (FAILED, ("manual", "-o", "prompts.txt")),
    (MISUSED, ("manual",)),
    (MISUSED, ("doctor", "--slow")),
)
"""Exit codes by command line; those that need a sound server, or a machine that is well, are in other tests.

A batch and a render, which take longest, end with 0 in ``test_json``.
"""


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(
        make_clip("lofi, 120 bpm", seed=3, bars=2, layer="drums"), tmp_path_factory.mktemp("exit_codes") / "song.wav"
    )


@pytest.fixture
def here(tmp_path: Path, song: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    shutil.copy(song, tmp_path / "song.wav")
    (tmp_path / "prompts.txt").write_text("lofi, 90 bpm\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def exit_code(*line: str) -> object:
    try:
        return main([*line])
    except SystemExit as end:
        return end.code


def test_they_are_documented() -> None:
    assert [code for code, _ in EXIT_CODES] == ["0", "1", "2", "128 and more"]


def test_each_case_ends_with_its_code(here: Path, no_sound: None, capsys: pytest.CaptureFixture[str]) -> None:
    for code, line in CASES:
        capsys.readouterr()
        assert exit_code(*line) == code, (line, capsys.readouterr())
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        told = [one for one in err.splitlines() if one.startswith("infiniloop: ")]
        # A failure is one sentence, and so is a value that cannot be; other wrong usage says how it is used.
        assert len(told) == (code != DONE) or err.startswith("usage: "), (line, err)
        assert code == DONE or out == "" or line[0] == "analyze", (line, out)


def interrupted(line: tuple[str, ...], when: Callable[[], bool]) -> object:
    """Return the exit code of a command that gets Ctrl+C once something is seen of its work."""

    is_over = threading.Event()

    def interrupt() -> None:
        while not when():
            if is_over.wait(0.005):
                return
        os.kill(os.getpid(), signal.SIGINT)

    hand = threading.Thread(target=interrupt, name="Ctrl+C")
    hand.start()
    try:
        return exit_code(*line)
    finally:
        is_over.set()
        hand.join()


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (("generate", "--from", "prompts.txt", "-o", "clips", "--count", "500", "--bars", "1"), "clips/*.wav"),
        (("render", "lofi", "--minutes", "60", "--duration", "8", "-o", "music.flac"), ".infiniloop-*.part"),
        (("extend", "song.wav", "-o", "long.flac", "--length", "20h", *LOOP), ".infiniloop-*.part"),
        (("stats", "--measure", "composer", "--clips", "100"), "home/data/infiniloop/statistics.json"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_ctrl_c_is_130_and_leaves_nothing_half(
    line: tuple[str, ...], seen: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert interrupted(line, lambda: any(here.glob(seen))) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "infiniloop: stopped."
    assert list(here.rglob(".infiniloop-*")) == []


def test_progress_is_shown_on_a_terminal_alone(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ("analyze", "song.wav", "--json")
    assert main([*line]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as terminal, os.fdopen(master, "rb", buffering=0) as screen:
        monkeypatch.setattr("sys.stderr", terminal)
        assert main([*line]) == 0
        print("END", end="", file=terminal, flush=True)
        # A terminal hands on what is written piece by piece.
        shown = ""
        while "END" not in shown:
            shown += screen.read(100_000).decode()
    assert "finding the loop" in shown
    assert shown.endswith("\rEND"), "and wiped away"
    assert capsys.readouterr().out == out
