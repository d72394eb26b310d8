# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio in a real terminal is driven by real keys, read back from its screen, and heard."""

from __future__ import annotations

import re
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from app import paths
from app.settings import Settings, save_settings
from engine.values import FloatArray
from tests.app.commands.running import ROOT
from tests.e2e.conftest import LATENCY_MS
from tests.e2e.hearing import music
from tests.listening import find_faults
from tests.soundserver import SAMPLE_RATE, SoundServer
from tests.tmux import PROMPT, Tmux

TERM = [sys.executable, "-m", "app.main", "term"]
COLOURS = re.compile(r"\x1b\[[0-9;]*?\b(3[0-8]|4[0-8]|9[0-7]|10[0-7])\b[0-9;]*m")
QUIET = 1e-3
"""Amplitude (-60 dBFS) below which a cut is no click."""
Opened = Callable[..., Tmux]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Yield what opens a terminal with a home of its own, in the repository's folder."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    # Test machines are noisy.
    save_settings(paths.settings_file(), replace(Settings(), latency_ms=LATENCY_MS, duration_s=8.0))
    with ExitStack() as stack:

        def open_terminal(term: str = "tmux-256color") -> Tmux:
            one = stack.enter_context(Tmux(tmp_path, term=term))
            one.run(f"cd {ROOT}")
            return one

        yield open_terminal


def longest_silence_s(recording: FloatArray) -> float:
    """Return how long the longest stretch below -60 dBFS lasts, seconds."""
    return float(np.diff(np.flatnonzero(np.abs(recording).max(axis=1) > QUIET)).max(initial=0)) / SAMPLE_RATE


def title_of(terminal: Tmux) -> str:
    return terminal.lines[1]


def fault_of(lines: list[str], columns: int, n_rows: int) -> str:
    """Return what is wrong with a screen that shows playing music, or "": each thing stands where it belongs, whole."""
    if len(lines) != n_rows or not lines[0].startswith("I N F I N I L O O P") or not lines[-1].startswith("▌"):
        return "the board is not between the first row and the line that is typed"
    if not lines[0].endswith(("playing", "REC")):
        return "the state is not at the right end"
    if [line for line in lines if set(line) == {"─"}] != ["─" * columns]:
        return "the board has no line below it, or more than one"
    wave = [line for line in lines[4:] if "│" in line and not line.startswith("L ")]
    if len(wave) < 4 or len({line.index("│") for line in wave}) != 1:
        return "the wave has no playhead from top to bottom"
    return ""


def until_drawn(terminal: Tmux, columns: int, n_rows: int) -> None:
    """Wait until the screen is as it is to be: some of a frame may be there, and the rest come."""
    give_up = time.monotonic() + 30.0
    while fault := fault_of(terminal.lines, columns, n_rows):
        assert time.monotonic() < give_up, f"{fault}:\n{terminal.text}"
        time.sleep(0.05)


@pytest.mark.audio
@pytest.mark.alone
def test_music_is_started_steered_saved_recorded_and_left(
    opened: Opened, sound_server: SoundServer, tmp_path: Path
) -> None:
    terminal = opened()
    with sound_server.recording() as heard:
        terminal.start(TERM)
        terminal.until(r"^▌start PROMPT")
        terminal.type("start house, 124 bpm")
        terminal.press("Enter")
        terminal.until(r"^turn 1 · \d+ ")
        terminal.type(f"record {tmp_path}/whole.flac")
        terminal.press("Enter")
        terminal.until("recording to")
        terminal.until("REC$")
        until_drawn(terminal, 80, 24)

        terminal.resize(200, 50)
        terminal.until(r"^Spectral .* Phase .* score \d+%$")
        terminal.until("^─{200}$")
        until_drawn(terminal, 200, 50)
        terminal.resize(80, 24)
        terminal.until("^─{80}$")
        until_drawn(terminal, 80, 24)

        terminal.paste("one\ntwo")
        terminal.until("^▌one two")
        terminal.press("C-u")
        terminal.type("nxet")
        terminal.press("Enter")
        terminal.until("perhaps “next”")
        terminal.until("is ready$|is ready ")
        first = title_of(terminal)
        terminal.type("nex")
        terminal.press("Tab", "Enter")
        terminal.until("going on to")
        terminal.until(rf"\A.*\n(?!{re.escape(first)})")
        terminal.type(f"save {tmp_path}/loop.wav")
        terminal.press("Enter")
        terminal.until(r"saved as")
        assert soundfile.info(tmp_path / "loop.wav").frames > SAMPLE_RATE
        heard.wait(1.0)
        terminal.press("C-c")
        assert terminal.until_left() == 0
        assert (
            terminal.lines[[line.startswith("left with") for line in terminal.lines].index(True) + 1] == PROMPT.strip()
        )
        heard.wait(0.5)
    assert (terminal.shows("alternate_on"), terminal.shows("cursor_flag")) == ("0", "1")

    played = music(heard.samples)
    assert find_faults(played, SAMPLE_RATE) == []
    assert longest_silence_s(played) < 1.0
    recorded, rate = soundfile.read(tmp_path / "whole.flac", dtype="float32", always_2d=True)
    assert rate == SAMPLE_RATE
    assert np.abs(recorded[-10:]).max() < QUIET, "its end is faded out"
    whole = music(recorded)
    assert find_faults(whole, SAMPLE_RATE) == []
    assert longest_silence_s(whole) < 1.0
    assert not list(tmp_path.glob(".*whole*")), "nothing unfinished is left"


@pytest.mark.soak
def test_plain_lines_where_nothing_can_be_drawn_and_no_colour_where_none_is_wanted(
    opened: Opened, no_sound: None
) -> None:
    terminal = opened(term="dumb")
    terminal.start(TERM)
    terminal.until("^“start PROMPT” starts the music")
    terminal.run("start rain on tin")
    terminal.until("^playing “rain on tin”$")
    terminal.until("^Playing “")
    terminal.run("quit")
    assert terminal.until_left() == 0
    assert "\x1b" not in terminal.codes
    terminal.run("clear; export TERM=tmux-256color NO_COLOR=1")
    terminal.start([*TERM, "--prompt", "rain on tin"])
    terminal.until(r"^turn 1 · \d")
    terminal.type("nxet")
    terminal.press("Enter")
    terminal.until("perhaps “next”")
    codes = terminal.codes
    assert COLOURS.search(codes) is None, codes
    assert "\x1b[1m" in codes, "weight is no colour"
    terminal.press("C-z")
    terminal.until("Stopped|Suspended")
    assert (terminal.shows("alternate_on"), terminal.shows("cursor_flag")) == ("0", "1")
    terminal.run("fg")
    # What does not change is there again, too.
    terminal.until("^I N F I N I L O O P")
    terminal.until("^▌")
    terminal.press("C-c")
    terminal.until(r"left with \d+\.$")
    assert (terminal.shows("alternate_on"), terminal.shows("cursor_flag")) == ("0", "1")


@pytest.mark.soak
def test_a_terminal_that_is_closed_ends_the_studio_whose_recording_is_whole(
    opened: Opened, no_sound: None, tmp_path: Path
) -> None:
    terminal = opened()
    terminal.run(f"exec {shlex.join(TERM)} --prompt rain --record {tmp_path}/whole.flac")
    terminal.until(r"^turn 1 · [3-9]")
    studio = psutil.Process(int(terminal.shows("pane_pid")))
    family = [studio, *studio.children(recursive=True)]
    terminal.close()
    assert psutil.wait_procs(family, timeout=20.0)[1] == []
    recorded, rate = soundfile.read(tmp_path / "whole.flac", dtype="float32", always_2d=True)
    assert len(music(recorded)) > rate
    assert "Traceback" not in paths.log_file().read_text(encoding="utf-8")
