# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests look at a transition before it is heard, and drag its entry and its end as a person does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import BarGrid, Entry, TransitionEdit, TransitionWish
from tests.widgets.showing import shown_alone
from tests.widgets.transitions import BAR, RATE, TURN, a_coming, a_picture
from widgets import theme
from widgets.fitting_lines import FittingLines
from widgets.transition.hand import MOST_BARS, TransitionHand
from widgets.transition.panel import TransitionPanel
from widgets.transition.words import sentence

pytestmark = pytest.mark.gui

LEFT, RIGHT = Qt.Key.Key_Left, Qt.Key.Key_Right
SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTRY = TURN + 2 * BAR
PLAYED = TURN + RATE


@pytest.fixture
def panel(qtbot: QtBot) -> TransitionPanel:
    panel = shown_alone(qtbot, TransitionPanel(), 760, 420)
    panel.set_coming(a_coming())
    panel.set_picture(a_picture())
    panel.set_played(PLAYED)
    panel.plot.setFocus()
    return panel


def test_the_keyboard_comes_to_the_picture_whose_keys_the_help_names(panel: TransitionPanel) -> None:
    assert panel.main_stop() is panel.plot


def edits(spy: QSignalSpy) -> list[TransitionEdit]:
    return [spy.at(n)[0] for n in range(spy.count())]


def row_of(panel: TransitionPanel, sample: float) -> float:
    """Return where in the picture a sample of the leading loop is."""
    return a_picture().before_samples + sample - ENTRY


def drag(panel: TransitionPanel, start: float, end: float, *, drops: bool = True) -> None:
    """Drag an edge from one sample of the leading loop to another."""
    plot = panel.plot
    xs = [round(plot.x_of(row_of(panel, one))) for one in (start, end)]
    viewport, y = plot.viewport(), plot.height() // 2
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(xs[0], y))
    for x in ((xs[0] + xs[1]) // 2, xs[1]):
        QTest.mouseMove(viewport, QPoint(x, y))
    if drops:
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(xs[1], y))


def test_without_a_next_loop_one_line_says_what_comes(qtbot: QtBot) -> None:
    panel = shown_alone(qtbot, TransitionPanel(), 340, 300)
    hint = "When a next loop is ready, how it will take over is drawn here, before you hear it."
    assert panel.plot.accessibleDescription() == hint
    assert not panel.line.isVisible()
    assert not panel.entry_spin.isVisible()
    QTest.keyClick(panel.plot, RIGHT)
    assert panel.hand.entry_samples is None
    panel.set_coming(a_coming())
    assert panel.plot.accessibleDescription() == "Its picture is being drawn."
    panel.set_coming(None)
    assert panel.plot.accessibleDescription() == hint


def test_one_sentence_tells_the_plan(panel: TransitionPanel) -> None:
    told = "“Rain” → “Snow” in 3 s, at bar 7, over 2 bars, tempo 120 → 123.8 bpm, bass swapped at bar 8"
    assert panel.line.accessibleName() == panel.plot.accessibleDescription() == told
    # No line ends between a figure and its unit.
    assert (
        panel.line.text()
        == "“Rain” → “Snow” in 3\N{NO-BREAK SPACE}s, at bar 7, over 2\N{NO-BREAK SPACE}bars, tempo "
        + ("120\N{NO-BREAK SPACE}→ 123.8\N{NO-BREAK SPACE}bpm, bass swapped at bar 8")
    )
    panel.set_played(ENTRY - RATE)
    assert "in 1\N{NO-BREAK SPACE}s, at bar 7" in panel.line.text()
    assert panel.entry_spin.text() == "at bar 7"
    assert panel.length_spin.text() == "2 bars"
    assert panel.entry_spin.accessibleName()
    held = replace(a_coming(), entry_samples=None)
    panel.set_coming(held)
    assert "when this one is no longer held" in panel.line.text()
    assert not panel.entry_spin.isEnabled()
    assert panel.length_spin.isEnabled()
    by_ms = replace(a_coming(), bars=0, fade_samples=RATE // 2, tempos_bpm=None, swaps_bass=False, entry=Entry.LOOP_END)
    panel.set_coming(replace(by_ms, lead_grid=None, places=(0,), entry_samples=2 * TURN))
    assert "at the loop's end, over 500\N{NO-BREAK SPACE}ms" in panel.line.text()
    assert (panel.entry_spin.text(), panel.length_spin.text()) == ("at turn 3", "500 ms")


def test_the_entry_is_dragged_from_bar_to_bar_and_told_once(panel: TransitionPanel) -> None:
    told = QSignalSpy(panel.edited)
    drag(panel, ENTRY, ENTRY + 0.9 * BAR)
    assert edits(told) == [TransitionEdit(1, 2, entry_samples=ENTRY + BAR)]
    # Until the engine has it, what was chosen stays; then it is what is told.
    panel.set_coming(a_coming())
    assert panel.hand.entry_samples == ENTRY + BAR
    assert panel.plot.item.entry_at == row_of(panel, ENTRY + BAR)
    panel.set_coming(replace(a_coming(), entry_samples=ENTRY + BAR, edit=edits(told)[0]))
    panel.set_picture(a_picture(3 * BAR))
    assert panel.plot.item.entry_at == a_picture(3 * BAR).before_samples
    assert panel.reset_button.isVisible()
    # Not before what can still be worked out in time.
    panel.set_played(TURN + RATE)
    for _ in range(9):
        QTest.keyPress(panel.plot, LEFT)
    assert panel.hand.entry_samples == TURN + BAR
    QTest.keyRelease(panel.plot, LEFT)
    assert edits(told)[-1].entry_samples == TURN + BAR
    QTest.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert edits(told)[-1] == TransitionEdit(1, 2)
    assert not panel.reset_button.isVisible()


def test_the_end_is_dragged_by_bars_or_by_milliseconds(panel: TransitionPanel) -> None:
    told = QSignalSpy(panel.edited)
    drag(panel, ENTRY + 2 * BAR, ENTRY + 1.2 * BAR)
    assert edits(told) == [TransitionEdit(1, 2, bars=1)]
    assert panel.plot.item.end_at == row_of(panel, ENTRY + BAR)
    QTest.keyClick(panel.plot, Qt.Key.Key_O)
    QTest.keyClick(panel.plot, RIGHT, SHIFT)
    assert edits(told)[-1].bars == 5
    panel.set_coming(replace(a_coming(), edit=edits(told)[-1], bars=5))
    for _ in range(9):
        QTest.keyClick(panel.plot, RIGHT, SHIFT)
    assert panel.hand.bars == MOST_BARS
    by_ms = replace(a_coming(), incoming_id=3, bars=0, fade_samples=RATE)
    panel.set_coming(by_ms)
    panel.set_picture(replace(a_picture(), incoming_id=3, fade_samples=RATE))
    drag(panel, ENTRY + RATE, ENTRY + 1.5 * RATE)
    assert edits(told)[-1].bars is None
    assert edits(told)[-1].overlap_ms == pytest.approx(1500.0, abs=20.0)


def test_fields_set_them_by_the_keyboard(panel: TransitionPanel, qtbot: QtBot) -> None:
    told = QSignalSpy(panel.edited)
    panel.entry_spin.setFocus()
    QTest.keyClick(panel.entry_spin, Qt.Key.Key_Up)
    assert panel.entry_spin.text() == "at bar 8"
    QTest.keyClick(panel.length_spin, Qt.Key.Key_Down)
    assert panel.length_spin.text() == "1 bar"
    QTest.keyClick(panel.length_spin, Qt.Key.Key_Return)
    assert edits(told) == [TransitionEdit(1, 2, entry_samples=ENTRY + BAR, bars=1)]


def test_what_is_being_dragged_can_be_put_back(panel: TransitionPanel) -> None:
    told = QSignalSpy(panel.edited)
    drag(panel, ENTRY, ENTRY + BAR, drops=False)
    assert panel.hand.entry_samples == ENTRY + BAR
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.hand.entry_samples == ENTRY
    QTest.mouseRelease(panel.plot.viewport(), Qt.MouseButton.LeftButton)
    assert told.count() == 0


def test_what_is_heard_is_not_dragged_any_more(panel: TransitionPanel) -> None:
    told = QSignalSpy(panel.edited)
    drag(panel, ENTRY, ENTRY + BAR, drops=False)
    panel.set_coming(replace(a_coming(), is_sounding=True))
    panel.set_played(None, 0.25)
    assert panel.hand.entry_samples == ENTRY
    QTest.mouseRelease(panel.plot.viewport(), Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_O, RIGHT, Qt.Key.Key_I, RIGHT, Qt.Key.Key_Backspace):
        QTest.keyClick(panel.plot, key)
    assert told.count() == 0
    assert panel.plot.item.movable == frozenset()
    assert not panel.length_spin.isEnabled()
    assert panel.plot.playhead_sample() == a_picture().before_samples + 0.25 * a_picture().fade_samples
    assert " coming in now, " in panel.line.text()


def test_the_playhead_goes_towards_the_entry(panel: TransitionPanel) -> None:
    assert panel.plot.playhead_sample() == row_of(panel, PLAYED)
    panel.set_played(ENTRY)
    assert panel.plot.playhead_sample() == a_picture().before_samples
    # Another loop is next: its picture is to come.
    panel.set_coming(replace(a_coming(), incoming_id=3))
    assert panel.plot.item.picture is None
    assert panel.plot.playhead_sample() is None
    panel.set_picture(a_picture())
    assert panel.plot.item.picture is None, "that was of another"


def test_loops_gains_stretch_and_swap_are_painted(panel: TransitionPanel) -> None:
    assert panel.plot.item.has_tempo
    assert len(panel.plot.item.lanes()) == 3
    image = panel.plot.grab().toImage()
    plot = panel.plot.plot_rect()

    def share(colour: str, left: float, right: float, low: float, high: float) -> float:
        """Return how many pixels of a part of the plot have a colour, by shares of its width and height."""
        xs = range(int(plot.left() + left * plot.width()), int(plot.left() + right * plot.width()))
        ys = range(int(plot.bottom() - high * plot.height()), int(plot.bottom() - low * plot.height()))
        wanted = QColor(colour).rgb()
        found = [bool(image.pixel(x, y) == wanted) for x in xs for y in ys]
        return sum(found) / len(found)

    view = panel.plot.time_view
    entry = (panel.plot.item.entry_at - view.first) / view.width
    assert share(theme.WAVE_OUTSIDE, 0.05, entry - 0.02, 0.6, 1.0) > 0.02
    # Before the entry there is nothing of what comes in but its gain, at the foot.
    assert share(theme.ACCENT, 0.05, entry - 0.02, 0.25, 0.5) == 0.0
    assert share(theme.ACCENT, 0.85, 1.0, 0.2, 0.6) > 0.02
    assert share(theme.ACCENT, entry + 0.02, 1.0, 0.0, 0.14) > 0.001, "the stretch"


def test_zoomed_in_another_picture_keeps_what_is_in_view(panel: TransitionPanel) -> None:
    view = panel.plot.time_view
    entry = panel.plot.item.entry_at
    view.set_span(entry - RATE, entry + RATE)
    panel.set_coming(replace(a_coming(), entry_samples=ENTRY + BAR))
    panel.set_picture(a_picture(3 * BAR))
    entry = panel.plot.item.entry_at
    assert (view.first, view.last) == (entry - RATE, entry + RATE)
    # The end that is in view stays so when the crossfade becomes longer.
    view.set_span(entry - RATE, entry + 2.2 * BAR)
    longer = a_picture(3 * BAR, TransitionWish(Entry.NEXT_BAR, bars=4))
    panel.set_picture(longer)
    assert view.first == longer.before_samples - RATE
    assert view.last == pytest.approx(longer.before_samples + 4.4 * BAR)
    panel.set_picture(a_picture(3 * BAR))
    QTest.keyClick(panel.plot, Qt.Key.Key_A)
    assert view.width == view.n_samples
    view.set_span(0.0, RATE)
    QTest.keyClick(panel.plot, Qt.Key.Key_Home)
    assert (view.first + view.last) / 2 == entry


def test_places_are_counted_over_the_turns() -> None:
    hand = TransitionHand()
    hand.set_coming(replace(a_coming(), places=(100, 100 + BAR), lead_grid=BarGrid(100.0, BAR, 4), entry_samples=50))
    assert [hand.sample_of(n) for n in (1, 2, 3)] == [100, 100 + BAR, TURN + 100]
    assert [hand.number_of(hand.sample_of(n)) for n in (1, 2, 3, 8)] == [1, 2, 3, 8]
    assert hand.number_of(TURN + 99) == 2
    # From between two places the next one that way; what is too soon is not offered.
    hand.step_entry(1)
    assert hand.entry_samples == 100 + BAR
    hand.give_up()
    assert hand.entry_samples == 50


def test_the_sentence_is_as_long_as_there_is_room(qtbot: QtBot) -> None:
    lines = shown_alone(qtbot, FittingLines(2), 300, 60)
    texts = "word " * 60, "word " * 12, "word"
    lines.set_texts(texts)
    assert lines.text() == texts[1]
    height = lines.height()
    lines.resize(60, height)
    assert lines.text() == texts[2]
    assert lines.toolTip() == texts[0]
    assert lines.height() == height
    assert sentence(TransitionHand(), None) == ""
