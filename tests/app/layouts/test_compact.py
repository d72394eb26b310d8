# SPDX-License-Identifier: GPL-3.0-or-later
"""Mini and the small window are switched to by key, come back after a restart, and show everything whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.layouts import FACTORY, INSPECT, LISTEN, Form
from app.main_window import MainWindow
from app.settings import Settings
from tests.app.layouts.hands import Studio
from tests.app.layouts.little import CONTROL, LEFT, LITTLE, PLAYING, SHIFT, is_on_top, small
from tests.app.windows import controls_of, cut_text, dressed, hidden_of, settle

pytestmark = pytest.mark.gui


def tabs_of(window: MainWindow) -> set[tuple[str, ...]]:
    """Return what stands on the tabs of panels that share a place."""
    bars = (one for one in window.findChildren(QTabBar) if not one.visibleRegion().isEmpty())
    return {tuple(one.tabText(at) for at in range(one.count())) for one in bars}


def cut_of(window: MainWindow) -> list[str]:
    """Return what is not whole; Qt keeps empty tabs outside the window, which the keyboard must not find."""
    assert {one.focusPolicy() for one in window.findChildren(QTabBar)} <= {Qt.FocusPolicy.NoFocus}
    found = [one for one in controls_of(window) if not isinstance(one, QTabBar)]
    return list(filter(None, (hidden_of(one) or cut_text(one) for one in found)))


# --- switching --------------------------------------------------------------------------------------------------------


def test_every_layout_leads_to_every_other_and_back_as_it_was_left(studio: Studio) -> None:
    window = studio.window
    stands = {}
    for name in FACTORY:
        studio.use(name)
        stands[name] = (studio.places(), tabs_of(window), window.size())
        assert window.compact.form is FACTORY[name].form
        assert set(window.shown_panels()) == set(FACTORY[name].panels)
    mini, small_size = stands["mini"][2], stands["small"][2]
    assert mini.height() < 80
    assert mini.height() < small_size.height() < 320
    assert small_size.width() < 660
    assert not stands["mini"][1]
    # Each of the twelve ways once.
    studio.use("listen")
    for name in ("inspect", "listen", "small", "inspect", "mini", "small", "listen", "mini", "inspect", "small"):
        studio.use(name)
        assert (studio.places(), tabs_of(window), window.size()) == stands[name], name
    studio.use("mini")
    studio.use("listen")
    assert (studio.places(), tabs_of(window), window.size()) == stands["listen"]
    for key, name in ((Qt.Key.Key_3, "small"), (Qt.Key.Key_4, "mini")):
        QTest.keyClick(studio.window, key, CONTROL)
        assert studio.button.current() == name
        QTest.keyClick(studio.window, key, CONTROL)
        assert studio.button.current() == "listen"
    studio.use("mini")
    studio.use("small")
    QTest.keyClick(studio.window, Qt.Key.Key_F, CONTROL | SHIFT)
    studio.settle()
    assert studio.button.current() == "listen", "the full window, not the other little one"
    assert set(studio.window.shown_panels()) == set(LISTEN.panels)


@pytest.mark.soak
def test_a_panels_key_or_entry_leads_to_it_in_the_full_window(little: Studio) -> None:
    name = little.button.current()
    QTest.keyClick(little.window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    little.settle()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert little.button.current() == INSPECT.name
    assert little.window.generate_panel.isAncestorOf(focus)
    little.use(name)
    assert not any(one.isChecked() for one in little.panels().values())
    little.panels()["Library"].trigger()
    assert little.button.current() == INSPECT.name
    assert "library" in little.window.shown_panels()


@pytest.mark.soak
def test_what_was_arranged_and_floats_comes_back(studio: Studio) -> None:
    window, dock = studio.window, studio.dock("output")
    dock.setFloating(True)
    dock.move(300, 200)
    window.resize(1100, 690)
    studio.settle()
    before, size = studio.places(), window.size()
    for name in (*LITTLE, "small"):
        studio.use(name)
        assert not dock.isVisible()
    window.compact.buttons.back_button.click()
    studio.settle()
    assert dock.isFloating()
    assert (studio.places(), window.size()) == (before, size)
    assert window.generate_panel.isAncestorOf(window.generate_panel.duration)
    assert window.output_panel.isAncestorOf(window.output_panel.volume)


@pytest.mark.parametrize("name", ["mini", pytest.param("small", marks=pytest.mark.soak)])
def test_a_restart_comes_back_in_little_and_to_the_full_window_of_before(
    settings: Settings, qtbot: QtBot, name: str
) -> None:
    studio = Studio(qtbot, settings, (1210, 700))
    studio.use("listen")
    listened, full = studio.places(), studio.window.size()
    studio.use(name)
    studio.window.resize(studio.window.width() + 40, studio.window.height())
    if name == "small":
        QTest.mouseClick(small(studio).status_button, LEFT)
    QTest.mouseClick(studio.window.compact.buttons.on_top_button, LEFT)
    studio.settle()
    on_top, size = is_on_top(studio), studio.window.size()
    assert on_top is (name == "small"), "Mini is on top at first, the small window is not"
    stored = studio.close()
    assert (stored.layout, stored.full_layout) == (name, "listen")
    again = Studio(qtbot, stored)
    assert again.button.current() == name
    assert again.window.size() == size
    assert is_on_top(again) is on_top
    if name == "small":
        assert not small(again).lines.isVisible()
    again.window.compact.buttons.back_button.click()
    again.settle()
    assert not is_on_top(again), "the full window never is"
    assert again.button.current() == "listen"
    assert (again.places(), again.window.size()) == (listened, full)
    again.use(name)
    assert (again.window.size(), is_on_top(again)) == (size, on_top)
    assert again.close().layout == name


@pytest.mark.soak
def test_damaged_texts_give_the_form_as_it_is_at_first(settings: Settings, qtbot: QtBot) -> None:
    odd = replace(settings, layout="mini", window_state="rubbish;;top;top", full_layout="gone")
    studio = Studio(qtbot, odd)
    assert studio.window.compact.form is Form.MINI
    assert is_on_top(studio)
    assert cut_of(studio.window) == []
    studio.window.compact.buttons.back_button.click()
    assert studio.button.current() == INSPECT.name
    studio.close()


@pytest.mark.soak
def test_the_menu_offers_what_makes_sense(little: Studio) -> None:
    assert not little.entry("Save as").isVisible(), "there is no panel to arrange"
    assert not little.entry("Rename").isVisible()
    window, size, on_top = little.window, little.window.size(), is_on_top(little)
    QTest.keyClick(window, Qt.Key.Key_A, CONTROL | SHIFT)
    assert is_on_top(little) is not on_top
    window.resize(size.width() + 60, size.height())
    little.settle()
    little.choose("Reset")
    little.settle()
    assert (window.size(), is_on_top(little)) == (size, on_top)
    little.use("inspect")
    assert little.entry("Save as").isVisible()


# --- how it looks -----------------------------------------------------------------------------------------------------


@pytest.fixture(
    params=[("it", 0.0), *(pytest.param(one, marks=pytest.mark.soak) for one in (("en", 0.0), ("it", 16.0)))]
)
def spoken(request: pytest.FixtureRequest, settings: Settings, qapp: QApplication, qtbot: QtBot) -> Iterator[Studio]:
    language, text_pt = request.param
    with dressed(qapp, language, text_pt):
        studio = Studio(qtbot, settings)
        yield studio
        studio.close()


def test_everything_is_whole_named_and_explained(spoken: Studio) -> None:
    window = spoken.window
    for name in LITTLE:
        spoken.use(name)
        window.transport_bar.set_state(PLAYING)
        window.prompt_bar.set_can_save(True)
        window.resize(window.minimumWidth(), window.height())
        settle(window, spoken.qtbot)
        assert cut_of(window) == []
        assert hidden_of(window.compact.buttons) == ""
        controls = [one for one in controls_of(window) if not isinstance(one, QTabBar)]
        assert all(one.visibleRegion().boundingRect().size() == one.size() for one in controls if _is_pressed(one))
        stops = [one for one in controls if one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.focusProxy()]
        assert len(stops) >= 8
        assert [one for one in stops if not one.accessibleName() or not one.toolTip()] == []
        reached = set()
        for _ in range(3 * len(stops)):
            focus = QApplication.focusWidget()
            QTest.keyClick(focus or window, Qt.Key.Key_Tab)
            reached.add(QApplication.focusWidget())
        assert [one for one in stops if one.isEnabled() and one not in reached] == []


def _is_pressed(one: QWidget) -> bool:
    return one.focusPolicy() is not Qt.FocusPolicy.NoFocus
