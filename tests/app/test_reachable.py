# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests use small screens, scales, large text and both languages: nothing is cut, every control is reachable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QTabBar
from pytestqt.qtbot import QtBot

from app.choices import dialog_values, generator_choices, generator_status
from app.main_window import MainWindow
from app.save_words import outline_of
from app.settings import Settings
from engine.playback.file.extent import Cut
from engine.values import LoopCandidate, LoopMetrics, LoopRegion, MachinePace, PaceRun, SeamProof, TransportState
from tests.app.windows import controls_of, dressed, hidden_of, settle, unreachable
from tests.sampling import some
from tests.widgets.assets import ASSETS
from tests.widgets.fragments.states import a_state
from tests.widgets.jam.states import a_state as a_jam
from tests.widgets.recipes import a_recipe, a_take
from widgets.clip_time import ClipTime
from widgets.controls import Level
from widgets.dialogs.models_dialog import ModelsDialog
from widgets.dialogs.save_sheet import Beside, SaveSheet
from widgets.dialogs.settings_dialog import SettingsDialog
from widgets.dialogs.statistics_dialog import StatisticsDialog
from widgets.fragments.settings_dialog import FragmentsDialog
from widgets.guide.welcome_page import WelcomePage

pytestmark = pytest.mark.gui

FRAME = QSize(8, 32)
PANEL_PX = 40
"""Pixels that a desktop takes of a screen: the window's frame, and a bar at an edge."""
FULL_HD_SCALED = QSize(1536, 864)


@dataclass(frozen=True)
class Screen:
    """A screen is in logical pixels, and comes with the size of the desktop's text."""

    size: QSize
    text_pt: float = 0.0

    @property
    def window(self) -> QSize:
        """Return how large a window can be on the screen, without its frame."""
        return self.size - FRAME - QSize(0, PANEL_PX)


SCREENS = {
    "1366x768": Screen(QSize(1366, 768)),
    "1280x720 at 1.25": Screen(QSize(1024, 576)),
    "1366x768, 16 pt": Screen(QSize(1366, 768), 16.0),
    "1280x720 at 1.25, 16 pt": Screen(QSize(1024, 576), 16.0),
}
ROOMIEST, TIGHTEST = "1366x768", "1280x720 at 1.25, 16 pt"
SPOKEN = [
    *((name, "it") for name in SCREENS),
    # Italian words are the longer ones.
    *(pytest.param((name, "en"), marks=pytest.mark.soak) for name in (ROOMIEST, TIGHTEST)),
]

ENDS = [
    (ROOMIEST, "it"),
    (TIGHTEST, "it"),
    *(pytest.param((name, "it"), marks=pytest.mark.soak) for name in SCREENS if name not in (ROOMIEST, TIGHTEST)),
    *SPOKEN[len(SCREENS) :],
]
"""The screens, of which ``make test`` has the roomiest and the tightest: the others have more room than that one."""


@pytest.fixture(params=SPOKEN, ids=", ".join)
def screen(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Screen]:
    name, language = request.param
    with dressed(qapp, language, SCREENS[name].text_pt):
        yield SCREENS[name]


@pytest.fixture
def window(screen: Screen, qtbot: QtBot) -> MainWindow:
    """Return a window as full as it gets, on that screen."""
    one = MainWindow()
    qtbot.addWidget(one)
    one.generate_panel.set_generators(generator_choices(Settings()))
    candidate = LoopCandidate(LoopRegion(0, 44_100 * 12), 0.88, LoopMetrics(0.9, 0.8, 0.7, 0.6), 12, weak=True)
    one.candidates_panel.set_candidates((candidate,) * 12, 44_100)
    one.metrics_panel.set_candidate(candidate, SeamProof(12.3, 45.6, 18.9, 9.0, 0.12))
    one.now_playing_panel.set_recipe(a_recipe(), is_starter=False)
    takes = tuple(a_take(str(at)) for at in range(20))
    one.library_panel.set_takes(takes, tuple(take.take_id for take in takes))
    one.transport_bar.set_state(TransportState(is_running=True, has_next=True, has_previous=True, can_rate=True))
    one.prompt_bar.set_can_save(True)
    one.fragments_panel.set_state(a_state())
    one.jam_panel.set_state(a_jam())
    one.generate_panel.set_clip_time(ClipTime(20.0, 599.0, 30.0, is_late=True), is_kept=True)
    one.resize(screen.window)
    one.reset_layout()
    with qtbot.waitExposed(one):
        one.show()
    settle(one, qtbot)
    return one


def test_every_control_of_the_window_can_be_brought_into_view(window: MainWindow, screen: Screen) -> None:
    assert window.size().toTuple() == screen.window.toTuple(), "the window fits the screen"
    assert len(controls_of(window)) > 60
    assert unreachable(window) == []
    window.notice_bar.show_notice("MusicGPT was not found", Level.WARNING, "generator")
    QApplication.processEvents()
    assert unreachable(window.notice_bar.window()) == []


@pytest.mark.soak
def test_a_layout_of_a_large_screen_comes_to_a_small_one(window: MainWindow, screen: Screen, qtbot: QtBot) -> None:
    large = MainWindow()
    qtbot.addWidget(large)
    large.resize(2600, 1600)
    large.reset_layout()
    window.restore_layout("", large.layout_text()[1])
    settle(window, qtbot)
    assert window.size().toTuple() == screen.window.toTuple()
    assert unreachable(window) == []


@pytest.mark.parametrize("screen", ENDS, indirect=True, ids=", ".join)
def test_the_keys_reach_every_panel_whatever_covers_it(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    window.prompt_bar.edit.setFocus()
    on = next(one for one in window.actions() if one.shortcut().toString() == "F6")
    back = next(one for one in window.actions() if one.shortcut().toString() == "Shift+F6")

    def go(action: QAction) -> str:
        action.trigger()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        focus = QApplication.focusWidget()
        assert focus is not None
        settle(window, qtbot)
        assert hidden_of(focus) == ""
        docks = [dock.windowTitle() for dock in window.findChildren(QDockWidget) if dock.isAncestorOf(focus)]
        return docks[0] if docks else type(focus).__name__

    seen = [go(on) for _ in range(12)]
    assert len(set(seen)) == 12, "eleven panels and the prompt, each once"
    assert [go(back) for _ in range(11)] == seen[-2::-1]


@pytest.mark.parametrize("screen", ENDS, indirect=True, ids=", ".join)
def test_a_key_of_a_covered_panel_brings_it_to_the_front(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    for control in (window.output_panel.volume.slider, window.overlap_panel.slider, window.library_panel.list):
        control.setFocus(Qt.FocusReason.ShortcutFocusReason)
        settle(window, qtbot)
        assert hidden_of(control) == ""
    for bar in window.findChildren(QTabBar):
        assert bar.accessibleName()
        assert bar.toolTip()
        assert bar.usesScrollButtons()
        assert bar.elideMode() is Qt.TextElideMode.ElideNone


def shown(dialog: QDialog, screen: Screen, qtbot: QtBot) -> None:
    """Open a dialog as large as that screen lets it be."""
    with qtbot.waitExposed(dialog):
        dialog.open()
    settle(dialog, qtbot)
    assert dialog.minimumSizeHint().boundedTo(screen.window) == dialog.minimumSizeHint(), "it can be made to fit"
    dialog.resize(dialog.size().boundedTo(screen.window))
    settle(dialog, qtbot)


def put_away(dialog: QDialog) -> None:
    dialog.reject()
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("screen", ENDS, indirect=True, ids=", ".join)
def test_every_part_of_the_dialogs_can_be_brought_into_view(
    window: MainWindow, screen: Screen, qtbot: QtBot, tmp_path: Path
) -> None:
    values = dialog_values(replace(Settings(), generator="musicgpt", model="small"))
    dialog = SettingsDialog(values, values, generator_choices(Settings()), window)
    dialog.generators_page.set_status(generator_status(Settings(), "musicgpt", {}))
    shown(dialog, screen, qtbot)
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        settle(dialog, qtbot)
        assert len(controls_of(dialog)) > 4
        assert unreachable(dialog) == [], dialog.tabs.tabText(page)
    put_away(dialog)
    outline = partial(outline_of, Cut(44_100, 480_000, 44_100, 44_100, 2))
    save = SaveSheet("Velvet Antenna", str(tmp_path), values, outline=outline, beside=Beside(), parent=window)
    shown(save, screen, qtbot)
    assert len(controls_of(save)) > 20
    assert unreachable(save) == []
    put_away(save)
    statistics = StatisticsDialog(window)
    runs = [PaceRun("musicgpt", model, 20.0, 100.0, 30.0, "cuda, float16") for model in ("small", "medium")]
    statistics.set_paces(MachinePace(tuple(runs)).paces, {}, 0)
    shown(statistics, screen, qtbot)
    assert len(controls_of(statistics)) > 3
    assert unreachable(statistics) == []
    put_away(statistics)
    models = ModelsDialog(window)
    models.set_assets(ASSETS)
    models.set_machine(24 * 10**9, 120 * 10**9, str(tmp_path), is_offline=True)
    shown(models, screen, qtbot)
    assert len(controls_of(models)) > 3
    assert unreachable(models) == []
    put_away(models)
    fragments = FragmentsDialog({**values, "fragments_generator": ""}, generator_choices(Settings()), window)
    shown(fragments, screen, qtbot)
    assert len(controls_of(fragments)) > 20
    assert unreachable(fragments) == []
    put_away(fragments)
    welcome = WelcomePage(values, generator_choices(Settings())[1:], window, has_tour=True)
    welcome.set_status("musicgpt", generator_status(Settings(), "musicgpt", {}))
    shown(welcome, screen, qtbot)
    assert len(controls_of(welcome)) > 15
    assert unreachable(welcome) == []
    put_away(welcome)


@pytest.mark.parametrize("language", some(["it", "en"]))
def test_on_a_roomy_screen_everything_is_seen_at_once(qapp: QApplication, language: str, qtbot: QtBot) -> None:
    with dressed(qapp, language):
        one = MainWindow()
        qtbot.addWidget(one)
        one.generate_panel.set_generators(generator_choices(Settings()))
        one.resize(FULL_HD_SCALED)
        one.reset_layout()
        with qtbot.waitExposed(one):
            one.show()
        settle(one, qtbot)
        # Panels that are not seen are named by a tab, and then they are whole.
        groups = (
            (one.metrics_panel, one.live_panel, one.transition_panel),
            (one.console_panel, one.score_map_panel, one.seam_scope_panel),
            (one.library_panel, one.fragments_panel, one.jam_panel),
        )
        tabs = {tuple(bar.tabText(i) for i in range(bar.count())) for bar in one.findChildren(QTabBar)}
        assert tabs == {tuple(panel.windowTitle() for panel in group) for group in groups}
        for name in (
            "metrics",
            "live",
            "transition",
            "console",
            "score_map",
            "seam_scope",
            "fragments",
            "library",
            "jam",
        ):
            one.go_to_panel(name)
            settle(one, qtbot)
            front = getattr(one, f"{name}_panel")
            assert not front.visibleRegion().isEmpty()
            # The jam has a layout of its own; as a tab among others it scrolls.
            behind = [panel for group in groups for panel in group if panel.visibleRegion().isEmpty()]
            assert len(behind) == 6
            scrolls = (*behind, one.jam_panel)
            assert [
                hidden_of(control)
                for control in controls_of(one)
                if hidden_of(control)
                and not any(panel.isAncestorOf(control) or panel.header.isAncestorOf(control) for panel in scrolls)
            ] == []
