# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio in a real terminal is driven by real keys, read back from its screen, and heard."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.values import FloatArray
from tests.app.commands.running import ROOT
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
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Yield what opens a terminal with a home of its own, in the repository's folder."""
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    with ExitStack() as stack:

        def open_terminal(columns: int = 80, n_rows: int = 24, term: str = "tmux-256color", **more: str) -> Tmux:
            one = stack.enter_context(Tmux(tmp_path, columns, n_rows, term=term, environment={**homes, **more}))
            one.run(f"cd {ROOT}")
            return one

        yield open_terminal


def longest_silence_s(recording: FloatArray) -> float:
    """Return how long the longest stretch below -60 dBFS lasts, seconds."""
    quiet = np.flatnonzero(np.diff(np.concatenate([[1], np.abs(recording).max(axis=1) > QUIET, [1]]).astype(np.int8)))
    return float(np.diff(quiet).max(initial=0)) / SAMPLE_RATE if quiet.size else 0.0


def title_of(terminal: Tmux) -> str:
    return terminal.lines[1]


def assert_drawn(terminal: Tmux, columns: int, n_rows: int) -> None:
    """Check that the board and the line that is typed are where they belong, and that nothing is cut."""
    lines = terminal.lines
    assert len(lines) == n_rows
    assert lines[0].startswith("I N F I N I L O O P")
    assert lines[0].endswith(("playing", "REC"))
    assert lines[-1].startswith("▌")
    (rule,) = [line for line in lines if set(line) == {"─"}]
    assert len(rule) == columns
    wave = [line for line in lines[4:] if "│" in line and not line.startswith("L ")]
    assert len({line.index("│") for line in wave}) == 1, "the playhead is one line"


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
        terminal.until("playing $|playing$")
        terminal.type(f"record {tmp_path}/whole.flac")
        terminal.press("Enter")
        terminal.until("recording to")
        terminal.until("REC$")
        assert_drawn(terminal, 80, 24)

        terminal.resize(200, 50)
        terminal.until(r"^Spectral .* Phase .* score \d+%$")
        terminal.until("^─{200}$")
        assert_drawn(terminal, 200, 50)
        terminal.resize(80, 24)
        terminal.until("^─{80}$")
        assert_drawn(terminal, 80, 24)

        terminal.paste("one\ntwo")
        terminal.until("^▌one two")
        terminal.press("C-u")
        terminal.type("nxet")
        terminal.press("Enter")
        terminal.until("perhaps “next”")
        terminal.until("is ready$|is ready ")
        first = title_of(terminal)
        terminal.type("ne")
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
        assert terminal.lines[[line.startswith("left with") for line in terminal.lines].index(True) + 1] == PROMPT.strip()
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
    terminal.until(r"^turn 1 · \d")
    terminal.press("C-c")
    terminal.until(r"left with \d+\.$")
    assert (terminal.shows("alternate_on"), terminal.shows("cursor_flag")) == ("0", "1")
