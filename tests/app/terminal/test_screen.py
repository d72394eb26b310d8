# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen takes what is typed and pasted, and shows the board above what is said, in terminals of every size."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import tty
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.pilot import Pilot

from app.control.facts import StudioFacts
from app.control.verbs import VERBS, help_lines
from app.settings import Settings
from app.terminal.board import Board
from app.terminal.completing import Completer
from app.terminal.drawing import ASCII, BLOCKS, Marks
from app.terminal.history import History
from app.terminal.line import ShellInput
from app.terminal.screen import TerminalScreen, takes_more
from app.terminal.views import BoardView, Console, joined
from engine.qt.studio import StudioEngine
from tests.app.terminal.told import a_view, tell_playing

pytestmark = pytest.mark.gui

Act = Callable[[TerminalScreen, Pilot[int]], Awaitable[None]]
USUAL = (80, 24)


class Shown:
    """This shows a board on a screen in memory, and keeps what it was told to do."""

    def __init__(self, board: Callable[[Marks], Board], folder: Path) -> None:
        self._board, self._folder = board, folder
        self.lines: list[str] = []
        self.n_left = 0

    def during(self, act: Act, *, size: tuple[int, int] = USUAL, marks: Marks = BLOCKS) -> None:
        """Do something while it is shown."""

        async def run() -> None:
            screen = TerminalScreen(
                self._board(marks),
                marks,
                History(self._folder / "history"),
                Completer(Settings, lambda: 3),
                listen=lambda: None,
                run=self.lines.append,
                leave=self._on_left,
                said=[("hello", "info")],
            )
            async with screen.run_test(size=size) as pilot:
                await pilot.pause()
                await act(screen, pilot)

        asyncio.run(run())

    def _on_left(self) -> None:
        self.n_left += 1


@pytest.fixture
def shown(engine: StudioEngine, facts: StudioFacts, tmp_path: Path) -> Shown:
    return Shown(lambda marks: Board(facts, Settings, engine.tape, marks), tmp_path)


def text_of(screen: TerminalScreen) -> list[str]:
    """Return the rows of the screen, each as wide as that."""
    width, height = screen.size
    rows = []
    for y in range(height):
        segments: list[Segment] = []
        for view in (screen.query_one(BoardView), screen.query_one(Console), screen.query_one(ShellInput)):
            region = view.region
            if region.y <= y < region.bottom:
                (strip,) = view.render_lines(Region(0, y - region.y, width, 1))
                assert strip.cell_length == width
                segments = list(strip)
        rows.append("".join(one.text for one in segments))
    return rows


def value_of(screen: TerminalScreen) -> str:
    return screen.query_one(ShellInput).value


@pytest.mark.parametrize("size", [(10, 5), (20, 6), (40, 10), (80, 24), (200, 50)])
def test_it_fits_into_a_terminal(shown: Shown, engine: StudioEngine, size: tuple[int, int]) -> None:
    tell_playing(engine, a_view())

    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        await pilot.press(*"help")
        rows = text_of(screen)
        assert len(rows) == size[1]
        assert any("turn 1" in row for row in rows)
        assert "hello" in " ".join(rows)
        assert rows[-1].startswith("▌help")

    shown.during(act, size=size)


def test_what_is_typed_quickly_comes_in_order(shown: Shown) -> None:
    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        keys = [*"start", "space", *"rain", "enter", *"next", "ctrl+j", "enter", *"sto", "tab", "enter", *"x"]
        await pilot.press(*keys)
        assert value_of(screen) == "x"

    shown.during(act)
    assert shown.lines == ["start rain", "next", "stop"]


def test_tab_completes_and_lists_once(shown: Shown) -> None:
    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        await pilot.press(*"st", "tab", "tab", "tab")
        assert value_of(screen) == "st"
        assert [row.split() for row in text_of(screen) if row.startswith("start ")] == [["start", "stop", "status"]]
        await pilot.press(*"at", "tab")
        assert value_of(screen) == "status "
        await pilot.press("ctrl+u", "tab")
        listed = " ".join(text_of(screen)[15:]).split()
        assert set(VERBS) <= set(listed)
        await pilot.press(*"set vol", "tab")
        assert value_of(screen) == "set volume "

    shown.during(act)
    assert shown.lines == []


def test_the_history_is_gone_through_and_kept(shown: Shown) -> None:
    async def first(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        await pilot.press(*"next", "enter", *"stop", "enter", *"sa")
        await pilot.press("up", "up")
        assert value_of(screen) == "next"
        await pilot.press("down", "down")
        assert value_of(screen) == "sa"
        await pilot.press("down")
        assert value_of(screen) == "sa"

    async def then(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        await pilot.press("up", "enter", *"ne", "right")
        assert value_of(screen) == "next", "the latest line that begins so is taken by →"

    shown.during(first)
    shown.during(then)
    assert shown.lines == ["next", "stop", "stop"]


def test_what_is_pasted_is_one_line_without_control_characters(shown: Shown) -> None:
    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        await pilot.press(*"start", "space")
        screen.query_one(ShellInput).post_message(events.Paste("warm rain,\r\ndusty\tpiano\n\x1b[2Jquit\n"))
        await pilot.pause()
        assert value_of(screen) == "start warm rain, dusty piano  [2Jquit"
        assert shown.lines == [], "nothing is carried out before Enter"

    shown.during(act)


def test_the_console_stays_where_it_was_scrolled_to(shown: Shown) -> None:
    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        for n in range(40):
            screen.say(f"line {n}", "info")
        console = screen.query_one(Console)

        def lines() -> list[str]:
            return [row.strip() for row in text_of(screen)[console.region.y : console.region.bottom]]

        assert lines()[-1] == "line 39"
        await pilot.press("pageup")
        seen = lines()
        assert "more lines: Page Down" in seen[-1]
        assert seen[0] == "line 26"
        screen.say("something new\nand more", "info")
        assert lines()[:-1] == seen[:-1]
        await pilot.press(*["pageup"] * 6)
        assert lines()[0] == "hello"
        await pilot.press(*["pagedown"] * 6)
        assert lines()[-2:] == ["something new", "and more"]
        await pilot.press("pageup", *"next", "enter")
        assert lines()[-1] == "> next", "a command is answered where it is seen"

    shown.during(act)


def test_a_long_answer_is_read_from_its_begin(shown: Shown) -> None:
    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        console = screen.query_one(Console)

        def lines() -> list[str]:
            return [row.strip() for row in text_of(screen)[console.region.y : console.region.bottom]]

        def run(line: str) -> None:
            for one in help_lines() if line == "help" else ():
                screen.say(one, "answer")

        screen._run = run
        await pilot.press(*"help", "enter")
        first, *_, last = help_lines()
        assert lines()[0] == "> help"
        assert first.startswith(lines()[1])
        assert "more lines: Page Down" in lines()[-1]
        await pilot.press(*["pagedown"] * 6)
        assert last.endswith(lines()[-1])
        await pilot.press(*"next", "enter")
        assert lines()[-1] == "> next", "a short one is seen whole"

    shown.during(act)


def test_another_size_is_filled(shown: Shown, engine: StudioEngine) -> None:
    tell_playing(engine, a_view())
    words = " ".join(f"word{n}" for n in range(20))

    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        screen.say(words, "answer")
        for size in ((200, 50), (30, 12), (80, 24), (9, 3), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            rows = text_of(screen)
            assert len(rows) == size[1]
            n_rows = sum("word" in row for row in rows)
            if size == (200, 50):
                assert n_rows == 1
            if size == (80, 24):
                assert n_rows == 2
                assert " ".join(" ".join(row for row in rows if "word" in row).split()) == words

    shown.during(act)


def test_keys_leave_and_a_letter_is_deleted_first(shown: Shown) -> None:
    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        await pilot.press(*"ab", "home", "ctrl+d")
        assert (value_of(screen), shown.n_left) == ("b", 0)
        await pilot.press("ctrl+c", "ctrl+q", "ctrl+d", "ctrl+d")
        assert shown.n_left == 3

    shown.during(act)


def test_without_colours_there_is_none(shown: Shown, engine: StudioEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    tell_playing(engine, a_view())

    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        await pilot.press(*"next", "enter", *"n")
        screen.say("too bad", "warning")
        await pilot.pause()
        strips = screen.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
        assert any(style.bold for style in styles)
        assert any(style.reverse for style in styles)
        colours = {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour is not None}
        assert colours <= {"default"}, colours

    shown.during(act)


def test_a_terminal_without_blocks_gets_letters(shown: Shown, engine: StudioEngine) -> None:
    tell_playing(engine, a_view())

    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        screen.say("“rain” – 8 bars · 85 bpm…", "info")
        await pilot.press(*"next", "enter", *"sa", "up")
        rows = text_of(screen)
        assert all(row.isascii() for row in rows), [row for row in rows if not row.isascii()]
        assert '"rain" - 8 bars - 85 bpm...' in " ".join(rows)

    shown.during(act, marks=ASCII)


async def until(pilot: Pilot[int], condition: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < give_up, what
        await pilot.pause(0.02)


def test_nothing_is_painted_while_the_terminal_takes_nothing(
    shown: Shown, engine: StudioEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_playing(engine, a_view())
    is_open = True
    looks: list[bool] = []
    painted: list[bool] = []

    def takes() -> bool:
        looks.append(is_open)
        return is_open

    monkeypatch.setattr("app.terminal.screen.takes_more", takes)

    async def act(screen: TerminalScreen, pilot: Pilot[int]) -> None:
        nonlocal is_open
        monkeypatch.setattr(screen, "post_display_hook", lambda: painted.append(is_open))
        screen.say("news", "info")
        await until(pilot, lambda: len(painted) > 0, "it is painted while it can be")
        is_open = False
        looks.clear()
        await until(pilot, lambda: len(looks) > 2, "it looks whether the terminal takes more")
        painted.clear()
        await pilot.press(*"next", "enter")
        looks.clear()
        await until(pilot, lambda: len(looks) > 10, "it looks whether the terminal takes more")
        assert shown.lines == ["next"], "what is typed is carried out all the same"
        assert painted == []
        is_open = True
        await until(pilot, lambda: len(painted) > 0, "it is painted again")
        assert any("> next" in row for row in text_of(screen))

    shown.during(act)


def test_a_terminal_that_is_full_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(slave, False)
    with os.fdopen(slave, "w", closefd=True) as stream:
        monkeypatch.setattr("sys.__stderr__", stream)
        assert takes_more()
        n_written, give_up = 0, time.monotonic() + 20.0
        while takes_more():
            assert time.monotonic() < give_up, f"{n_written} bytes fill nothing"
            with contextlib.suppress(BlockingIOError):
                n_written += os.write(slave, b"x" * 100)
        n_read = 0
        while not takes_more():
            n_read += len(os.read(master, 1000))
        assert n_read > 0
    os.close(master)


def test_regions_that_are_nearly_one_are_one() -> None:
    def wide(y: int, x: int, width: int) -> Region:
        return Region(x, y, width, 1)

    assert joined([wide(4, 10, 2), wide(5, 10, 2), wide(6, 12, 2)]) == [Region(10, 4, 4, 3)]
    assert joined([wide(4, 0, 10), wide(5, 70, 10)]) == [wide(4, 0, 10), wide(5, 70, 10)]
    assert joined([wide(4, 0, 10), wide(6, 0, 10)]) == [wide(4, 0, 10), wide(6, 0, 10)]
    assert joined([]) == []
