# SPDX-License-Identifier: GPL-3.0-or-later
"""The overlap panel has a logarithmic slider, an exact value, and a preview of the gains."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import TRANSITION_LENGTHS, Entry, FadeCurve, TransitionWish
from tests.widgets.showing import shown_alone
from widgets.overlap_panel import (
    CHANGING_EVERY_MS,
    N_STEPS,
    SETTLED_AFTER_MS,
    STEP_RATIO,
    OverlapPanel,
    ms_to_step,
    step_to_ms,
)

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot) -> OverlapPanel:
    return shown_alone(qtbot, OverlapPanel(), 250, 180)


def told(spy: QSignalSpy) -> list[float]:
    return [spy.at(i)[0] for i in range(spy.count())]


def test_the_scale_is_logarithmic_and_whole() -> None:
    assert (step_to_ms(0), step_to_ms(N_STEPS)) == (1.0, 5000.0)
    values = [step_to_ms(step) for step in range(N_STEPS + 1)]
    ratios = np.divide(values[1:], values[:-1])
    assert ratios.min() >= 1.0
    coarse = np.array(values) >= 100.0
    assert np.allclose(ratios[coarse[:-1]], STEP_RATIO, atol=0.01)
    assert [ms_to_step(value) for value in values[60:]] == list(range(60, N_STEPS + 1))


def test_setting_is_silent_and_exact(panel: OverlapPanel) -> None:
    changing, changed = QSignalSpy(panel.overlap_changing), QSignalSpy(panel.overlap_changed)
    panel.set_overlap(481.0)
    assert panel.overlap_ms() == 481.0
    assert panel.spin.text() == "481 ms"
    panel.set_overlap(1e9)
    assert panel.overlap_ms() == 5000.0
    panel.set_overlap(0.0)
    assert panel.overlap_ms() == 1.0
    assert told(changing) == told(changed) == []


def test_a_drag_previews_and_then_tells_once(panel: OverlapPanel, qtbot: QtBot) -> None:
    panel.set_overlap(10.0)
    changing, changed = QSignalSpy(panel.overlap_changing), QSignalSpy(panel.overlap_changed)
    slider, left = panel.slider, Qt.MouseButton.LeftButton
    y = slider.height() // 2
    begun_s = time.monotonic()
    QTest.mousePress(slider, left, pos=QPoint(20, y))
    for x in range(20, 200, 2):
        QTest.mouseMove(slider, QPoint(x, y))
    qtbot.wait(SETTLED_AFTER_MS + 100)
    assert told(changed) == [], "nothing is made while the hand holds it"
    assert slider.isSliderDown()
    QTest.mouseRelease(slider, left, pos=QPoint(198, y))
    assert told(changed) == [panel.overlap_ms()]
    assert panel.overlap_ms() > 300.0
    took_ms = 1000.0 * (time.monotonic() - begun_s)
    assert 1 <= changing.count() <= 2 + took_ms / CHANGING_EVERY_MS, "90 moves, fewer previews"
    qtbot.wait(SETTLED_AFTER_MS + 100)
    assert changed.count() == 1


def test_the_preview_catches_up_when_the_hand_rests(panel: OverlapPanel, qtbot: QtBot) -> None:
    changing = QSignalSpy(panel.overlap_changing)
    slider, left = panel.slider, Qt.MouseButton.LeftButton
    y = slider.height() // 2
    QTest.mousePress(slider, left, pos=QPoint(20, y))
    for x in (60, 100, 150):
        QTest.mouseMove(slider, QPoint(x, y))
    qtbot.waitUntil(lambda: told(changing)[-1] == panel.overlap_ms())
    QTest.mouseRelease(slider, left, pos=QPoint(150, y))


def test_keys_settle_into_one_change(panel: OverlapPanel, qtbot: QtBot) -> None:
    panel.set_overlap(500.0)
    changed = QSignalSpy(panel.overlap_changed)
    with qtbot.waitSignal(panel.overlap_changed):
        for _ in range(4):
            QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    assert told(changed) == [pytest.approx(500 * STEP_RATIO**4, rel=0.04)]
    with qtbot.waitSignal(panel.overlap_changed):
        QTest.keyClick(panel.slider, Qt.Key.Key_PageDown)
    assert panel.overlap_ms() == pytest.approx(500 * STEP_RATIO**4 / 2, rel=0.06)


def test_a_number_can_be_typed(panel: OverlapPanel, qtbot: QtBot) -> None:
    changed = QSignalSpy(panel.overlap_changed)
    panel.spin.setFocus()
    panel.spin.selectAll()
    QTest.keyClicks(panel.spin, "1234")
    assert told(changed) == []
    QTest.keyClick(panel.spin, Qt.Key.Key_Return)
    assert told(changed) == [1234.0]
    assert panel.overlap_ms() == 1234.0
    assert panel.slider.value() == ms_to_step(1234.0)
    qtbot.wait(SETTLED_AFTER_MS + 100)
    assert changed.count() == 1


def test_a_change_and_back_is_no_change(panel: OverlapPanel, qtbot: QtBot) -> None:
    panel.set_overlap(step_to_ms(100))
    changed = QSignalSpy(panel.overlap_changed)
    QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    QTest.keyClick(panel.slider, Qt.Key.Key_Left)
    qtbot.wait(SETTLED_AFTER_MS + 100)
    assert told(changed) == []


def test_the_value_is_not_torn_from_the_hand(panel: OverlapPanel, qtbot: QtBot) -> None:
    slider, left = panel.slider, Qt.MouseButton.LeftButton
    where = QPoint(120, slider.height() // 2)
    QTest.mousePress(slider, left, pos=where)
    held = panel.overlap_ms()
    panel.set_overlap(2.0)
    assert panel.overlap_ms() == held
    QTest.mouseRelease(slider, left, pos=where)


def test_a_longer_seam_than_asked_is_told(qtbot: QtBot) -> None:
    panel = OverlapPanel()
    qtbot.addWidget(panel)
    panel.set_correlation(0.5)
    panel.set_own_overlap(2400.0)
    assert panel.header.info == "this seam 2.4 s · likeness 0.50"
    assert "2.4 s" in panel.curves.toolTip()
    panel.set_own_overlap(None)
    assert panel.header.info == "likeness 0.50"
    assert "2.4" not in panel.curves.toolTip()


@pytest.mark.parametrize(
    ("correlation", "words"),
    [
        (-0.4, "likeness −0.40 → equal power"),
        (0.31, "likeness 0.31 → near equal power"),
        (0.7, "likeness 0.70 → near equal gain"),
        (1.0, "likeness 1.00 → equal gain"),
    ],
)
def test_the_law_is_told_in_words(panel: OverlapPanel, correlation: float, words: str) -> None:
    panel.set_correlation(correlation)
    assert words in panel.curves.toolTip()
    assert panel.curves.accessibleDescription() == words
    assert panel.header.info == words.partition(" →")[0]


def test_the_curve_on_screen_changes_with_the_likeness(panel: OverlapPanel) -> None:
    panel.set_correlation(0.0)
    power = panel.curves.grab().toImage()
    panel.set_correlation(1.0)
    assert panel.curves.grab().toImage() != power


def test_the_curve_on_screen_is_the_one_that_was_chosen(panel: OverlapPanel) -> None:
    pictures = []
    for curve in FadeCurve:
        panel.set_wish(TransitionWish(curve=curve))
        panel.set_correlation(0.5)
        pictures.append(panel.curves.grab().toImage())
    assert all(one != other for i, one in enumerate(pictures) for other in pictures[:i])
    panel.set_wish(TransitionWish(curve=FadeCurve.EQUAL_POWER))
    assert panel.curves.accessibleDescription() == "likeness 0.50 → equal power", "what was chosen, whatever the music"


def test_a_takeover_in_progress_is_shown_and_gone(panel: OverlapPanel) -> None:
    panel.set_progress(0.5)
    assert panel.curves.progress == 0.5
    panel.set_progress(None)
    assert panel.curves.progress is None


def wishes(spy: QSignalSpy) -> list[TransitionWish]:
    return [spy.at(i)[0] for i in range(spy.count())]


@pytest.mark.parametrize(
    "wish",
    [
        TransitionWish(),
        TransitionWish(Entry.NOW, 480.0, 8, FadeCurve.SMOOTH, False, 0.12, False),
        TransitionWish(Entry.NEXT_BAR, 480.0, 1, FadeCurve.EQUAL_GAIN, True, 0.0, False),
    ],
)
def test_a_wish_goes_in_silently_and_comes_out_as_it_was(panel: OverlapPanel, wish: TransitionWish) -> None:
    told_wishes = QSignalSpy(panel.wish_changed)
    panel.set_overlap(480.0)
    panel.set_wish(wish)
    assert panel.wish() == wish
    assert wishes(told_wishes) == []


def test_every_control_of_a_takeover_tells_of_the_whole_wish(panel: OverlapPanel) -> None:
    panel.set_overlap(480.0)
    panel.set_wish(TransitionWish(reach=0.12))
    spy = QSignalSpy(panel.wish_changed)
    QTest.keyClick(panel.entry_combo, Qt.Key.Key_Down)
    QTest.keyClick(panel.bars_combo, Qt.Key.Key_End)
    QTest.keyClick(panel.curve_combo, Qt.Key.Key_End)
    QTest.mouseClick(panel.beats_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.bass_button, Qt.MouseButton.LeftButton)
    last = TransitionWish(Entry.NEXT_BAR, 480.0, TRANSITION_LENGTHS[-1], FadeCurve.SMOOTH, False, 0.12, False)
    told_wishes = wishes(spy)
    assert len(told_wishes) == 5
    assert told_wishes[-1] == panel.wish() == last
    QTest.keyClick(panel.curve_combo, Qt.Key.Key_End)
    assert spy.count() == 5, "what is chosen again is no change"


def test_the_overlap_is_one_of_the_lengths_and_says_how_long(panel: OverlapPanel, qtbot: QtBot) -> None:
    panel.set_overlap(750.0)
    texts = [panel.bars_combo.itemText(i) for i in range(panel.bars_combo.count())]
    assert texts == ["750 ms", "1 bar", "2 bars", "4 bars", "8 bars"]
    with qtbot.waitSignal(panel.overlap_changed):
        panel.slider.setValue(0)
    assert panel.bars_combo.itemText(0) == panel.spin.text() == "1 ms"


@pytest.mark.parametrize(("key", "name"), [("E", "entry_combo"), ("O", "bars_combo"), ("U", "curve_combo")])
def test_each_list_is_reached_by_its_key(panel: OverlapPanel, key: str, name: str) -> None:
    QTest.keyClick(panel, getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier.AltModifier)
    assert getattr(panel, name).hasFocus()
