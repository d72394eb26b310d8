# SPDX-License-Identifier: GPL-3.0-or-later
"""The window and what floats stand on the screen, never off it, and at each start where they stood."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMargins, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDockWidget
from pytestqt.qtbot import QtBot

from app.checked_text import as_text, from_text
from app.main_window import MainWindow
from app.window_place import WindowPlace, place_from_text
from tests.app.windows import dressed, settle
from tests.sampling import some

pytestmark = pytest.mark.gui

ROOM = QRect(0, 25, 1366, 743)
START_WAIT_S = 20.0
TALL_FRAME = QMargins(2, 28, 2, 3)

numbers = st.integers(-99_999, 99_999)
lengths = st.integers(200, 5_000)
margins = st.integers(0, 60)
places = st.builds(
    lambda x, y, width, height, left, top: WindowPlace(QRect(x, y, width, height), QMargins(left, top, left, left)),
    numbers,
    numbers,
    lengths,
    lengths,
    margins,
    margins,
)


@given(places)
def test_a_place_is_brought_in_whole_and_stays_there(place: WindowPlace) -> None:
    fitted = place.fitted(ROOM)
    assert ROOM.contains(fitted.rect.marginsAdded(fitted.frame))
    assert fitted.fitted(ROOM) == fitted
    assert place_from_text(fitted.as_text()) == fitted


@given(places)
def test_what_fits_is_not_touched(place: WindowPlace) -> None:
    if ROOM.contains(place.rect.marginsAdded(place.frame)):
        assert place.fitted(ROOM) == place


@given(st.text())
def test_rubbish_is_no_place(text: str) -> None:
    assert place_from_text(text) is None or text == place_from_text(text).as_text()  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["", "0 0 0 0 0 0 0 0", "1 2 3", "1e9 0 5 5 0 0 0 0", "AdnQywADAAA=", "9" * 400])
def test_what_says_nothing_is_no_place(text: str) -> None:
    assert place_from_text(text) is None


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    with dressed(qapp, "it"):
        yield


@pytest.fixture
def window_manager(display: str, tmp_path: Path) -> Iterator[None]:
    """Run a real window manager, which draws frames."""
    ready = tmp_path / "ready"
    command = ["openbox", "--sm-disable", "--startup", f"touch '{ready}'"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as manager:
        give_up = time.monotonic() + START_WAIT_S
        while not ready.exists():
            assert time.monotonic() < give_up, "the window manager does not start"
            time.sleep(0.01)
        yield
        manager.terminate()


def opened(qtbot: QtBot, geometry: str, state: str) -> MainWindow:
    """Return a window as a start with these settings has it, once the window manager has put its frame around."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.restore_layout(as_text(QByteArray(geometry.encode())), state)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(window.is_in_place)
    settle(window, qtbot)
    return window


def layout_of(window: MainWindow) -> tuple[str, str]:
    """Return what the window keeps of its place, in words, and of its docks."""
    geometry, state = window.layout_text()
    return bytes(from_text(geometry).data()).decode(), state


def rect_of(window: MainWindow) -> tuple[int, int, int, int]:
    return (window.x(), window.y(), window.width(), window.height())


def docks_of(window: MainWindow) -> dict[str, QRect]:
    return {dock.objectName(): dock.geometry() for dock in window.findChildren(QDockWidget)}


def starts(qtbot: QtBot, n: int) -> list[tuple[tuple[int, int, int, int], dict[str, QRect]]]:
    """Move the window and let a dock float, then start this often; return where everything stood each time."""
    window = opened(qtbot, "", "")
    window.resize(1150, 700)
    window.move(61, 43)
    floating = window.findChild(QDockWidget, "output_dock")
    assert floating is not None
    floating.setFloating(True)
    floating.move(303, 207)
    settle(window, qtbot)
    stood = [(rect_of(window), docks_of(window))]
    texts = layout_of(window)
    window.close()
    for _ in range(n):
        again = opened(qtbot, *texts)

        def stands_there(again: MainWindow = again) -> bool:
            return (rect_of(again), docks_of(again)) == stood[0]

        # A window manager that is busy takes its time over what floats, longer than things have to stand still.
        with contextlib.suppress(qtbot.TimeoutError):
            qtbot.waitUntil(stands_there, timeout=3000)
        stood.append((rect_of(again), docks_of(again)))
        texts = layout_of(again)
        again.close()
    return stood


@pytest.mark.soak
def test_nothing_creeps_from_start_to_start(qtbot: QtBot) -> None:
    first, *others = starts(qtbot, 4)
    assert others == [first] * 4


@pytest.mark.soak
def test_nothing_creeps_under_a_window_manager(window_manager: None, qtbot: QtBot) -> None:
    first, *others = starts(qtbot, 4)
    assert others == [first] * 4


@pytest.mark.parametrize(
    "geometry",
    some(
        [
            "5000 4000 1800 1100 2 28 2 2",
            "-3000 -2000 1200 800 0 0 0 0",
            "0 0 9000 9000 0 0 0 0",
            "1700 1100 1200 800 2 28 2 2",
            "0 -30 1200 800 0 0 0 0",
            "rubbish",
            "99999999999999999999 0 1 1 0 0 0 0",
        ],
        every=2,
    ),
)
def test_no_window_opens_off_the_screen(window_manager: None, qtbot: QtBot, geometry: str) -> None:
    window = opened(qtbot, geometry, "")
    room = QGuiApplication.primaryScreen().availableGeometry()
    qtbot.waitUntil(lambda: room.contains(window.frameGeometry()))


def test_what_floats_comes_back_onto_the_screen(qtbot: QtBot) -> None:
    window = opened(qtbot, "", "")
    room = QGuiApplication.primaryScreen().availableGeometry()
    for name, x, y in (
        ("output_dock", 5000, 4000),
        ("library_dock", -900, -700),
        ("next_dock", 100, room.bottom() - 3),
    ):
        dock = window.findChild(QDockWidget, name)
        assert dock is not None
        dock.setFloating(True)
        dock.move(x, y)
        dock.resize(300, 3 * room.height())
    settle(window, qtbot)
    again = opened(qtbot, *layout_of(window))
    floating = [dock for dock in again.findChildren(QDockWidget) if dock.isFloating()]
    assert len(floating) == 3
    for dock in floating:
        assert room.contains(dock.frameGeometry()), dock.objectName()


@pytest.mark.soak
def test_a_maximized_window_is_maximized_again_and_comes_back_to_its_size(window_manager: None, qtbot: QtBot) -> None:
    window = opened(qtbot, "60 70 1100 700 2 28 2 2", "")
    window.showMaximized()
    qtbot.waitUntil(lambda: window.width() > 1500)
    again = opened(qtbot, *layout_of(window))
    assert again.isMaximized()
    once_more = opened(qtbot, *layout_of(again))
    qtbot.waitUntil(lambda: once_more.width() > 1500)
    once_more.showNormal()
    qtbot.waitUntil(lambda: once_more.size().toTuple() == (1100, 700))


@pytest.mark.parametrize(
    "state", some(["rubbish;rubbish", ";", "AAAA/wAAAAD9AAAA;", "é;ß", "\0", "////", "A" * 100_000], every=2)
)
def test_no_stored_layout_stops_the_start(qtbot: QtBot, state: str) -> None:
    window = opened(qtbot, "rubbish", state)
    docks = window.findChildren(QDockWidget)
    assert len(docks) == 15
    assert not any(dock.isFloating() for dock in docks)
    assert all(dock.isVisible() for dock in docks)
