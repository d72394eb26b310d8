# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal is left as it was found however the studio in it ends, and a slow one holds nothing up."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app.commands.running import ROOT
from tests.terminals import Pty

TERM = [sys.executable, "-m", "app.main", "term"]
WAIT_S = 60.0
BACK = b"\x1b[?1049l"
"""Code at which a terminal shows again the screen of before."""
SHOWN = b"\x1b[?25h"
SLOW = 1000.0
"""Bytes a second that a slow link takes."""
CRASHING = """
import sys
from app.terminal.screen import TerminalScreen
def fail(self):
    raise ZeroDivisionError("who would have thought")
TerminalScreen.redraw = fail
from app.main import main
raise SystemExit(main(["term"]))
"""
Opened = Callable[..., "Studio"]


class Studio:
    """A studio in a terminal without a screen."""

    def __init__(self, terminal: Pty, command: list[str]) -> None:
        self.terminal = terminal
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=terminal.slave,
            stdout=terminal.slave,
            stderr=terminal.slave,
            start_new_session=True,
        )

    def wait(self) -> int:
        """Return the exit code."""
        return self.process.wait(WAIT_S)

    def assert_left_as_found(self) -> None:
        """Check that the terminal's modes are those of before, and that it was told so."""
        assert self.terminal.modes == self.terminal.before
        told = self.terminal.read
        if b"\x1b[?1049h" in told:
            assert told.rindex(BACK) > told.rindex(b"\x1b[?1049h")
            assert told.rindex(SHOWN) > told.rindex(b"\x1b[?25l")


@pytest.fixture
def opened(no_sound: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Yield what opens a studio in a terminal, with a home of its own."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("TERM", "xterm-256color")
    with ExitStack() as stack:

        def open_studio(*arguments: str, command: list[str] = TERM, bytes_a_second: float | None = None) -> Studio:
            terminal = stack.enter_context(Pty(80, 24, bytes_a_second=bytes_a_second))
            one = Studio(terminal, [*command, *arguments])
            stack.callback(one.process.wait)
            stack.callback(one.process.kill)
            return one

        yield open_studio


@pytest.mark.soak
@pytest.mark.parametrize(
    ("number", "exit_code"),
    [
        (signal.SIGTERM, 143),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.soak),
        pytest.param(signal.SIGINT, 0, marks=pytest.mark.soak),
    ],
)
def test_a_signal_leaves_the_terminal_as_it_was(opened: Opened, number: int, exit_code: int) -> None:
    studio = opened("--prompt", "rain on tin")
    studio.terminal.until("turn 1")
    assert studio.terminal.modes != studio.terminal.before
    studio.process.send_signal(number)
    assert studio.wait() == exit_code
    studio.assert_left_as_found()


@pytest.mark.soak
def test_a_crash_is_told_in_a_sentence_on_a_terminal_as_it_was(opened: Opened) -> None:
    studio = opened(command=[sys.executable, "-c", CRASHING])
    assert studio.wait() == 1
    studio.terminal.until("who would have thought")
    studio.assert_left_as_found()
    told = studio.terminal.read.rsplit(BACK, 1)[1]
    assert b"Traceback" not in told
    assert b"infiniloop.log" in told


@pytest.mark.soak
def test_a_slow_terminal_holds_nothing_up(opened: Opened, tmp_path: Path) -> None:
    studio = opened("--prompt", "rain on tin", bytes_a_second=SLOW)
    terminal = studio.terminal
    # Its screen needs seconds to be there, and more is drawn than it can take.
    terminal.until("turn 1", limit_s=WAIT_S)
    file = tmp_path / "loop.wav"
    for n in range(3):
        terminal.press(f"save {file.with_stem(f'loop{n}')}\r")
        give_up = time.monotonic() + 20.0
        while not file.with_stem(f"loop{n}").exists():
            assert time.monotonic() < give_up, "what was typed is not carried out"
            time.sleep(0.05)
    terminal.press("\x03")
    terminal.hurry()
    assert studio.wait() == 0
    studio.assert_left_as_found()
