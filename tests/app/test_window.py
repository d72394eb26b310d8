# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests look at the whole window in both languages: controls are named and reachable, nothing is cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QPushButton,
    QScrollBar,
    QSplitter,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.choices import dialog_values, generator_choices
from app.controllers.studio import Controller
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings, load_settings
from app.studio import build, dress
from app.translations import TsTranslator, read_ts
from engine.session.options import Places
from engine.values import Entry, LoopCandidate, LoopMetrics, LoopRegion, SeamProof
from tests.app.windows import bury, settle
from tests.sampling import some
from widgets.controls import Level
from widgets.dialogs.settings_dialog import SettingsDialog

pytestmark = pytest.mark.gui

SMALL, WIDE = (1280, 720), (1920, 1200)
HEADER_PADDING_PX = 9
"""Pixels left of a table's titles, as the theme has it."""


@pytest.fixture(params=some(["it", "en"]))
def speaking(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield each language, with the application dressed in it."""
    bury(qapp)
    before = qapp.styleSheet()
    dress(qapp)
    translator = TsTranslator(read_ts(RESOURCES / "translations" / "it.ts"))
    if request.param == "it":
        qapp.installTranslator(translator)
    yield str(request.param)
    bury(qapp)
    qapp.removeTranslator(translator)
    qapp.setStyleSheet(before)


@pytest.fixture
def window(speaking: str, qtbot: QtBot) -> MainWindow:
    one = MainWindow()
    qtbot.addWidget(one)
    one.generate_panel.set_generators(generator_choices(Settings()))
    one.setGeometry(0, 0, *SMALL)
    with qtbot.waitExposed(one):
        one.show()
    settle(one, qtbot)
    return one


def stops(root: QWidget) -> list[QWidget]:
    """Return what the keyboard can reach, but for the arrows of a tab bar: they are Qt's own, and hidden."""
    found = root.findChildren(QWidget)
    return [
        one
        for one in found
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not one.focusProxy()
        and one.window() is root
        and (one.isVisible() or not one.objectName().startswith("Scroll"))
    ]


def tabs_of(window: MainWindow) -> list[str]:
    """Return the names on all tabs of panels that share a place."""
    bars = [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
    return [bar.tabText(i) for bar in bars for i in range(bar.count())]


def keys(root: QWidget, *, visible: bool = False) -> Counter[str]:
    """Return every key that does something in a window, with how many things it does."""
    found = []
    for child in root.findChildren(QWidget):
        if child.window() is root and (not visible or child.isVisible()):
            if isinstance(child, QLabel) and child.buddy() is not None:
                found.append(QKeySequence.mnemonic(child.text()))
            elif isinstance(child, QAbstractButton):
                found.append(child.shortcut())
    found += [key for one in root.findChildren(QShortcut) for key in one.keys()]  # noqa: SIM118 - not a dict
    found += [one.shortcut() for one in root.findChildren(QAction)]
    return Counter(one.toString() for one in found if not one.isEmpty())


def test_every_stop_of_the_keyboard_is_named_and_explained(window: MainWindow) -> None:
    found = stops(window)
    assert len(found) > 15
    # The arrows of a tab bar are Qt's own, and hidden where there is room.
    mine = [one for one in found if not one.objectName().startswith("Scroll")]
    unnamed = [repr(one) for one in mine if not one.accessibleName() or not one.toolTip()]
    assert not unnamed
    spoken = [QAccessible.queryAccessibleInterface(one) for one in mine]
    assert all(one is not None and one.text(QAccessible.Text.Name) for one in spoken)


def test_tab_reaches_every_stop_and_comes_round(window: MainWindow) -> None:
    start: QWidget = window.prompt_bar.edit
    seen: list[QWidget] = [start]
    while (one := seen[-1].nextInFocusChain()) is not None and one is not start:
        seen.append(one)
    assert set(stops(window)) <= set(seen)
    order = [
        window.prompt_bar.edit,
        window.prompt_bar.start_button,
        window.prompt_bar.settings_button,
        window.transport_bar.pause_button,
        window.transport_bar.record_button,
        window.generate_panel.generator_combo,
        window.overlap_panel.slider,
        window.overlap_panel.bass_button,
        window.output_panel.volume.slider,
        window.console_panel.text,
        window.candidates_panel.table,
        window.library_panel.list,
    ]
    places = [seen.index(widget) for widget in order]
    assert places == sorted(places)


def test_no_key_does_two_things(window: MainWindow) -> None:
    window.notice_bar.show_notice("a notice", Level.WARNING)
    found = keys(window)
    assert [key for key, times in found.items() if times > 1] == []
    window.notice_bar.clear_notice()
    told = {"Ctrl+Return", "Ctrl+S", "Ctrl+,", "Ctrl+L", "Ctrl+B", "Ctrl+Shift+R", "Ctrl+Q"}
    told |= {"Ctrl+Space", "Alt+Left", "Alt+Right", "Ctrl+H", "Ctrl+D", "Ctrl+Shift+Del", "Ctrl+T", "Ctrl+K", "Ctrl+R"}
    # The second ways, where a keyboard, an input method or a window manager takes the first one.
    told |= {"Ctrl+P", "Ctrl+N", "Ctrl+Shift+N", "Ctrl+Shift+X", "Ctrl+Enter", "F2", "F6", "Shift+F6"}
    assert told <= set(found)


def test_no_key_does_two_things_on_a_page_of_the_settings(window: MainWindow, qtbot: QtBot) -> None:
    dialog = SettingsDialog(dialog_values(Settings()), dialog_values(Settings()), generator_choices(Settings()), window)
    with qtbot.waitExposed(dialog):
        dialog.open()
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        assert [key for key, times in keys(dialog, visible=True).items() if times > 1] == [], page
    assert [repr(one) for one in stops(dialog) if not one.accessibleName() or not one.toolTip()] == []
    dialog.reject()
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=str)
def test_every_panel_has_its_place(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    settle(window, qtbot)
    docks = [dock for dock in window.findChildren(QDockWidget) if dock.isVisible()]
    panels = [dock for dock in docks if not dock.visibleRegion().isEmpty()]
    # What comes to mind less often stands behind another, and a tab names it; nothing else is behind anything.
    behind = {dock.objectName() for dock in docks} - {dock.objectName() for dock in panels}
    others = {"score_map_dock", "seam_scope_dock", "fragments_dock", "jam_dock"}
    assert behind == {"live_dock", "transition_dock", *others}
    shown: list[QWidget] = [*panels, window.waveform_panel, window.spectrogram_panel, window.prompt_bar]
    assert len(shown) == 12
    assert window.prompt_bar.rect().contains(QRect(window.transport_bar.pos(), window.transport_bar.size()))
    places = {one: QRect(one.mapTo(window, one.rect().topLeft()), one.size()) for one in shown}
    for one, place in places.items():
        assert window.rect().contains(place), one
        assert not [other for other in shown if other is not one and place.intersects(places[other])]
    for button in window.findChildren(QPushButton):
        if button.isVisible():
            words = button.fontMetrics().horizontalAdvance(button.text())
            assert words <= button.width(), button.text()
            assert button.height() >= button.fontMetrics().height(), button.text()
    for combo in window.findChildren(QComboBox):
        assert combo.fontMetrics().horizontalAdvance(combo.currentText()) < combo.width() - 30, combo.currentText()


def test_what_the_loop_finder_knows_has_room_and_moves_nothing(window: MainWindow, qtbot: QtBot) -> None:
    def places() -> list[QRect]:
        docks = [dock.geometry() for dock in window.findChildren(QDockWidget)]
        return [*docks, *(one.geometry() for one in window.metrics_panel.findChildren(QWidget))]

    before = places()
    rate = 44_100
    metrics, region = LoopMetrics(0.94, 0.88, 0.98, 0.81), LoopRegion(22 * rate, 44 * rate)
    plain = LoopCandidate(region, 0.88, metrics, 12, weak=False, tempo_bpm=88.0)
    quiet = SeamProof(step=0.2, slope=0.3, dip_db=0.1, onset=0.4, quieter_than=0.97)
    worst = SeamProof(step=12.3, slope=45.6, dip_db=18.9, onset=9.0, quieter_than=0.12)
    dented = replace(worst, quieter_than=0.88)
    view = window.metrics_panel.proof
    weak, through = replace(plain, weak=True), replace(plain, weak=True, played_through=True, overlap_ms=2400.0)
    shown = [(one, proof) for one in (plain, weak, through) for proof in (quiet, dented, worst, None)]
    for candidate, proof in shown:
        window.metrics_panel.set_candidate(candidate, proof)
        window.candidates_panel.set_candidates((candidate,) * 20, rate)
        window.candidates_panel.set_current(0)
        settle(window, qtbot)
        assert places() == before
        for label in (view.sentence, *(one.label for one in view.figures.values())):
            room, words = label.contentsRect(), label.fontMetrics()
            flags = int(Qt.TextFlag.TextWordWrap) if label is view.sentence else 0
            need = words.boundingRect(0, 0, room.width(), 1000, flags, label.text())
            assert need.width() <= room.width(), label.text()
            assert need.height() <= room.height(), label.text()
        table = window.candidates_panel.table
        last = table.model().columnCount() - 1
        head, model = table.horizontalHeader(), table.model()
        title = str(model.headerData(last, Qt.Orientation.Horizontal))
        need_px = HEADER_PADDING_PX + head.fontMetrics().horizontalAdvance(title)
        assert head.sectionViewportPosition(last) + need_px <= table.viewport().width()
        for column in range(last):
            text = str(model.index(0, column).data())
            assert table.fontMetrics().horizontalAdvance(text) < table.columnWidth(column), text


def test_a_notice_moves_nothing(window: MainWindow, qtbot: QtBot) -> None:
    def places() -> list[QRect]:
        return [panel.geometry() for panel in window.findChildren(QDockWidget)]

    before = places()
    window.notice_bar.show_notice("MusicGPT " + "was not found " * 40, Level.WARNING, "generator")
    settle(window, qtbot)
    assert window.notice_bar.isVisible()
    assert places() == before
    window.notice_bar.clear_notice("generator")
    settle(window, qtbot)
    assert window.prompt_bar.chips.isVisible()
    assert places() == before


def test_a_window_made_smaller_scrolls_nothing_for_a_handful_of_pixels(window: MainWindow, qtbot: QtBot) -> None:
    panels = {name: getattr(window, f"{name}_panel") for name in ("generate", "overlap", "now_playing", "next")}
    for size in ((1350, 735), (1366, 768), (1440, 900), WIDE):
        window.resize(*size)
        window.reset_layout()
        settle(window, qtbot)
        window.resize(*SMALL)
        settle(window, qtbot)
        bars = {name: panel.findChildren(QScrollBar) for name, panel in panels.items()}
        assert [name for name, found in bars.items() if any(one.isVisible() for one in found)] == [], size
        lacking = {name: (one.height(), one.needed_size().height()) for name, one in panels.items()}
        assert [name for name, (height, needed) in lacking.items() if height < needed] == [], (size, lacking)


def test_a_panel_that_a_person_made_small_stays_so(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1366, 768)
    window.reset_layout()
    settle(window, qtbot)
    docks = [window.findChild(QDockWidget, f"{name}_dock") for name in ("generate", "overlap", "output")]
    generate, *others = [dock for dock in docks if dock is not None]
    window.resizeDocks([generate, *others], [120, 250, 250], Qt.Orientation.Vertical)
    settle(window, qtbot)
    small = generate.height()
    window.resize(*SMALL)
    settle(window, qtbot)
    assert generate.height() <= small


def pictures_of(window: MainWindow) -> QSplitter:
    found = window.findChild(QSplitter, "pictures")
    assert found is not None
    return found


def test_the_layout_comes_back_and_can_be_reset(window: MainWindow, qtbot: QtBot) -> None:
    fresh = window.layout_text()[1]
    console = window.findChild(QDockWidget, "console_dock")
    assert console is not None
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, console)
    pictures_of(window).setSizes([100, 300])
    settle(window, qtbot)
    geometry, state = window.layout_text()
    again = MainWindow()
    qtbot.addWidget(again)
    again.restore_layout(geometry, state)
    with qtbot.waitExposed(again):
        again.show()
    settle(again, qtbot)
    moved = again.findChild(QDockWidget, "console_dock")
    assert moved is not None
    assert again.dockWidgetArea(moved) is Qt.DockWidgetArea.RightDockWidgetArea
    upper, lower = pictures_of(again).sizes()
    assert lower > 1.5 * upper
    again.reset_layout()
    assert again.dockWidgetArea(moved) is Qt.DockWidgetArea.BottomDockWidgetArea
    upper, lower = pictures_of(again).sizes()
    assert abs(upper - lower) < 40
    again.restore_layout("rubbish!", "rubbish;rubbish")
    again.restore_layout(geometry, fresh.partition(";")[0])


def test_a_double_click_on_avvia_is_one_wish(window: MainWindow) -> None:
    told: list[str] = []
    bar = window.prompt_bar
    bar.start_requested.connect(lambda: told.append("start"))
    bar.start_requested.connect(lambda: bar.set_running(True))
    bar.stop_requested.connect(lambda: told.append("stop"))
    QTest.mouseClick(bar.start_button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(bar.start_button, Qt.MouseButton.LeftButton)
    assert told == ["start"]
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    QTest.mouseClick(bar.start_button, Qt.MouseButton.LeftButton)
    assert told == ["start", "stop"]


def test_what_is_set_is_there_again(
    speaking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    first = replace(Settings(), data_folder=str(tmp_path / "data"))
    window, engine = build(first, Places(str(RESOURCES / "starters")))
    qtbot.addWidget(window)
    assert window.findChild(Controller) is not None
    window.show()
    window.prompt_bar.edit.setText("bossa nova, 130 bpm")
    QTest.mouseClick(window.generate_panel.classic_button, Qt.MouseButton.LeftButton)
    window.generate_panel.duration.slider.setValue(3)
    window.output_panel.volume.slider.setValue(20)
    QTest.mouseClick(window.overlap_panel.bass_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(window.overlap_panel.entry_combo, Qt.Key.Key_End)
    wish = window.overlap_panel.wish()
    assert (wish.bass_swap, wish.entry) == (False, Entry.NOW)
    shown = (window.generate_panel.duration_s(), window.output_panel.volume_gain())
    window.close()
    from app import paths

    stored = load_settings(paths.settings_file())
    assert (stored.prompt, stored.algorithm) == ("bossa nova, 130 bpm", "classic")
    again, other_engine = build(stored, Places(str(RESOURCES / "starters")))
    qtbot.addWidget(again)
    assert again.prompt_bar.prompt() == "bossa nova, 130 bpm"
    assert again.generate_panel.classic_button.isChecked()
    assert again.overlap_panel.wish() == wish
    assert again.generate_panel.duration_s() == shown[0]
    assert again.output_panel.volume_gain() == pytest.approx(shown[1], rel=1e-3)
    again.close()
    for one in (engine, other_engine):
        one.shut_down()
