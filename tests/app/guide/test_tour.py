# SPDX-License-Identifier: GPL-3.0-or-later
"""The tour points at places of the real window, is led by keys and clicks, and leaves the window as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.layouts import INSPECT, LISTEN
from app.main_window import MainWindow
from app.settings import Settings
from app.tour_steps import JAM_STEPS, STUDIO_STEPS
from tests.app.layouts.hands import Studio
from tests.app.windows import cut_text, dressed
from widgets.guide.tour import Tour

pytestmark = pytest.mark.gui

RIGHT, LEFT, ESCAPE, RETURN = Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Escape, Qt.Key.Key_Return


def tour_of(window: MainWindow) -> Tour:
    found = [one for one in window.findChildren(Tour) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)
    QApplication.processEvents()


def is_over(window: MainWindow) -> bool:
    return not any(one.isVisible() for one in window.findChildren(Tour))


def titles(studio: Studio) -> str:
    return tour_of(studio.window).bubble.title_label.text()


def test_keys_lead_through_six_steps_and_the_window_is_as_it_was(studio: Studio) -> None:
    window = studio.window
    studio.use(LISTEN.name)
    studio.panels()["Output"].trigger()
    studio.settle()
    before = studio.places()
    assert window.findChildren(Tour) == [], "it never shows by itself"
    studio.choose("Take the tour")
    studio.settle()
    tour, bubble = tour_of(window), tour_of(window).bubble
    seen = []
    for at, step in enumerate(STUDIO_STEPS):
        seen.append(bubble.title_label.text())
        assert bubble.count_label.text() == f"{at + 1} of {len(STUDIO_STEPS)}"
        assert bubble.isAncestorOf(QApplication.focusWidget() or window)
        assert bubble.next_button.accessibleName().endswith(f"{at + 1} of {len(STUDIO_STEPS)}: {step.title}")
        assert bubble.next_button.accessibleDescription() == bubble.text_label.text() == step.text
        assert tour.rings, "it points at something that is seen"
        parts = [window.part(name) for name in step.panels]
        assert [
            n
            for n, one in zip(step.panels, parts, strict=True)
            if QRect(one.mapTo(window, QPoint()), one.size()) not in tour.rings
        ] == [], "each panel is in front"
        assert not any(bubble.geometry().intersects(ring) for ring in tour.rings)
        assert tour.rect().contains(bubble.geometry())
        press(RIGHT)
    assert seen == [step.title for step in STUDIO_STEPS]
    assert len(seen) == 6
    assert is_over(window)
    studio.settle()
    assert studio.places() == before
    assert studio.button.current() == LISTEN.name


def test_the_jams_tour_has_five_steps_in_its_layout(studio: Studio) -> None:
    window = studio.window
    studio.use(LISTEN.name)
    before = studio.places()
    studio.choose("Tour of the jam")
    seen = []
    for step in JAM_STEPS:
        studio.settle()
        tour = tour_of(window)
        places = [one for one in step.controls(window) if not one.visibleRegion().isEmpty()]
        assert len(tour.rings) == len(step.controls(window)) == len(places), f"{step.title}: all of it is seen"
        assert not any(tour.bubble.geometry().intersects(ring) for ring in tour.rings)
        seen.append(tour.bubble.title_label.text())
        press(RIGHT)
    assert seen == [step.title for step in JAM_STEPS]
    assert len(seen) == 5
    assert is_over(window)
    studio.settle()
    assert studio.places() == before


def test_hands_lead_it_and_it_follows_the_window(studio: Studio, qtbot: QtBot) -> None:
    window = studio.window
    studio.choose("Take the tour")
    bubble = tour_of(window).bubble
    assert not bubble.back_button.isEnabled()
    press(RETURN)
    press(RIGHT)
    assert titles(studio) == STUDIO_STEPS[2].title
    press(LEFT)
    assert titles(studio) == STUDIO_STEPS[1].title
    # Tab goes round the bubble, and Enter presses what has the keyboard.
    press(Qt.Key.Key_Tab)
    assert bubble.end_button.hasFocus()
    press(Qt.Key.Key_Tab)
    assert bubble.back_button.hasFocus()
    press(RETURN)
    assert titles(studio) == STUDIO_STEPS[0].title
    QTest.mouseClick(bubble.next_button, Qt.MouseButton.LeftButton)
    assert titles(studio) == STUDIO_STEPS[1].title
    press(ESCAPE)
    assert is_over(window)
    assert window.prompt_bar.edit.hasFocus()
    # What it points at can be used, and the rest is dimmed.
    studio.choose("Take the tour")
    studio.settle()
    bar, veil = window.prompt_bar, tour_of(window)
    assert window.childAt(bar.edit.mapTo(window, bar.edit.rect().center())) is bar.edit
    assert window.childAt(window.rect().bottomLeft() + QPoint(40, -40)) is veil
    panel = window.output_panel
    at = panel.mapTo(window, panel.rect().bottomLeft()) + QPoint(8, -8)
    picture = QImage(window.size(), QImage.Format.Format_RGB32)
    window.render(picture)
    dimmed = picture.pixelColor(at)
    press(ESCAPE)
    window.render(picture)
    assert dimmed != picture.pixelColor(at)
    # The rings follow the window.
    studio.choose("Take the tour")
    press(RIGHT)
    window.resize(1440, 900)
    studio.settle()
    card = window.part("now_playing")
    qtbot.waitUntil(lambda: QRect(card.mapTo(window, QPoint()), card.size()) in tour_of(window).rings)
    assert tour_of(window).size() == QSize(1440, 900)
    press(ESCAPE)


@pytest.mark.soak
def test_a_window_that_is_closed_meanwhile_keeps_its_own_layout(studio: Studio) -> None:
    studio.use(LISTEN.name)
    shown = studio.window.shown_panels()
    studio.choose("Take the tour")
    settings = studio.close()
    assert settings.layout == LISTEN.name
    assert f";{','.join(shown)};" in settings.window_state


def test_another_layout_or_help_ends_it(studio: Studio) -> None:
    window = studio.window
    studio.use(LISTEN.name)
    shown = window.shown_panels()
    studio.choose("Take the tour")
    assert set(window.shown_panels()) == set(INSPECT.panels)
    press(Qt.Key.Key_F1)
    assert is_over(window)
    assert window.shown_panels() == shown
    studio.choose("Take the tour")
    studio.use(INSPECT.name)
    assert is_over(window)
    studio.use(LISTEN.name)
    assert window.shown_panels() == shown, "and Listen is as it was left"


class TestLargeItalian:
    @pytest.fixture
    def settings(self, qapp: QApplication, settings: Settings) -> Iterator[Settings]:
        with dressed(qapp, "it", 15.0):
            yield settings

    def test_every_word_is_whole_in_a_small_window(self, studio: Studio) -> None:
        studio.choose("Fai il giro")
        studio.settle()
        tour = tour_of(studio.window)
        for _ in STUDIO_STEPS:
            assert tour.rect().contains(tour.bubble.geometry())
            assert tour.rings
            words: list[QWidget] = [*tour.bubble.findChildren(QWidget)]
            assert [cut for one in words if (cut := cut_text(one))] == []
            label = tour.bubble.text_label
            assert label.heightForWidth(label.width()) <= label.height()
            press(RIGHT)
        assert is_over(studio.window)
