# SPDX-License-Identifier: GPL-3.0-or-later
"""Candidates are chosen by a click or Enter, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import Algorithm, LoopOrigin
from tests.widgets.pictures import SAMPLE_RATE, a_candidate, show_together
from widgets.candidates_panel import CandidatesPanel

pytestmark = pytest.mark.gui

CANDIDATES = tuple(
    a_candidate(start * SAMPLE_RATE, (start + 4) * SAMPLE_RATE, score=0.9 - 0.1 * start, bars=bars, weak=start == 3)
    for start, bars in enumerate((4, 8, None, 2))
)


@pytest.fixture
def panel(qtbot: QtBot) -> CandidatesPanel:
    out = CandidatesPanel()
    show_together(qtbot, out, size=(280, 300))
    out.set_candidates(CANDIDATES, SAMPLE_RATE)
    return out


def texts(panel: CandidatesPanel, row: int) -> list[str]:
    return [str(panel.model.index(row, column).data()).strip() for column in range(4)]


def test_rows_tell_score_place_length_and_bars(panel: CandidatesPanel) -> None:
    assert texts(panel, 1) == ["80 %", "1.00 s", "4.00 s", "8"]
    assert texts(panel, 2)[3] == "–"
    assert "weak" in texts(panel, 3)[0]
    assert "weak" not in texts(panel, 0)[0]


def test_a_clip_played_through_is_said_to_be_so(panel: CandidatesPanel) -> None:
    through = replace(CANDIDATES[3], played_through=True, overlap_ms=2400.0)
    panel.set_candidates((through, CANDIDATES[3]), SAMPLE_RATE)
    assert texts(panel, 0)[0] == "60 % through"
    panel.set_current(0)
    assert panel.header.info == "played through · 2 found"
    panel.set_current(1)
    assert panel.header.info == "2 found"
    assert "weak" in texts(panel, 1)[0]
    panel.set_current(0)
    tip = str(panel.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "Played through" in tip
    assert "crossfade of 2.4 s" in tip


def test_a_row_tells_its_tempo_its_bars_and_where_it_comes_from(panel: CandidatesPanel) -> None:
    tagged = replace(CANDIDATES[0], origin=LoopOrigin.TAG, tempo_bpm=121.96)
    odd = replace(CANDIDATES[2], tempo_bpm=96.0)
    panel.set_candidates((tagged, odd, CANDIDATES[1]), SAMPLE_RATE)
    tips = [str(panel.model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)) for row in range(3)]
    assert texts(panel, 0)[0] == "90 % tag"
    assert ["tag" in tip for tip in tips] == [True, False, False]
    assert "122 bpm" in tips[0]
    assert "96 bpm" in tips[1]
    assert ["no whole number of bars" in tip for tip in tips] == [False, True, False]
    assert "bpm" not in tips[2]


def test_whoever_moves_about_is_not_called_back(panel: CandidatesPanel) -> None:
    panel.set_current(0)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    panel.set_current(0)
    chosen = QSignalSpy(panel.candidate_chosen)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert [chosen.at(i)[0] for i in range(chosen.count())] == [2]
    panel.set_current(2)
    panel.set_current(1)
    assert panel.table.currentIndex().row() == 1, "another one plays"


def test_the_score_is_explained_by_how_it_was_found(panel: CandidatesPanel) -> None:
    def meaning() -> str:
        return str(panel.model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))

    assert "nine in ten are right" in meaning()
    panel.set_candidates(CANDIDATES, SAMPLE_RATE, Algorithm.CLASSIC)
    assert "Classico ranks by this alone" in meaning()


def test_columns_stand_still_whatever_is_found(panel: CandidatesPanel) -> None:
    def widths() -> list[int]:
        return [panel.table.columnWidth(column) for column in range(3)]

    before = widths()
    panel.set_candidates(CANDIDATES[:1], SAMPLE_RATE)
    panel.grab()
    assert widths() == before
    late = a_candidate(22 * SAMPLE_RATE, 44 * SAMPLE_RATE, score=0.884, weak=True)
    panel.set_candidates((late, *CANDIDATES), SAMPLE_RATE)
    panel.set_current(0)
    panel.grab()
    assert widths() == before


def test_setters_choose_nothing(panel: CandidatesPanel) -> None:
    chosen = QSignalSpy(panel.candidate_chosen)
    for index in (2, 0, -1, 3):
        panel.set_current(index)
    panel.set_candidates(CANDIDATES[:2], SAMPLE_RATE)
    panel.set_current(1)
    assert chosen.count() == 0
    assert [texts(panel, row)[0].startswith("▸") for row in (0, 1)] == [False, True]


def test_a_click_chooses_once_and_so_does_a_double_click(panel: CandidatesPanel) -> None:
    chosen, viewport = QSignalSpy(panel.candidate_chosen), panel.table.viewport()
    at = panel.table.visualRect(panel.model.index(1, 2)).center()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert [chosen.at(i)[0] for i in range(chosen.count())] == [1]
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert {chosen.at(i)[0] for i in range(chosen.count())} == {1}


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_arrows_move_and_enter_chooses(panel: CandidatesPanel, enter: Qt.Key) -> None:
    chosen = QSignalSpy(panel.candidate_chosen)
    panel.set_current(0)
    panel.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert chosen.count() == 0
    QTest.keyClick(panel.table, enter)
    assert chosen.at(0)[0] == 2


def test_none_found_is_one_calm_line(panel: CandidatesPanel) -> None:
    assert panel.table.isVisible()
    panel.set_candidates((), SAMPLE_RATE)
    assert not panel.table.isVisible()
    assert panel.header.info == ""


def test_p_and_the_button_have_the_selected_seam_heard_and_escape_ends_it(panel: CandidatesPanel) -> None:
    asked, ended, chosen = (
        QSignalSpy(one) for one in (panel.audition_requested, panel.end_audition_requested, panel.candidate_chosen)
    )
    button = panel.hear_button
    button.click()
    assert asked.at(0)[0] is CANDIDATES[0], "with nothing selected, the best"
    assert not button.isChecked(), "a wish is not yet heard"
    panel.set_current(1)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_P)
    assert asked.at(1)[0] is CANDIDATES[2]
    panel.set_heard(CANDIDATES[2].region)
    assert button.isChecked()
    assert texts(panel, 2)[0].startswith("♪")
    assert "Its seam is heard." in str(panel.model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "♪" not in "".join(texts(panel, row)[0] for row in (0, 1, 3))
    QTest.keyClick(panel.table, Qt.Key.Key_Escape)
    button.click()
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert (ended.count(), asked.count()) == (3, 2)
    panel.set_heard(None)
    assert not button.isChecked()
    assert texts(panel, 2)[0] == "70 %"
    assert chosen.count() == 0


def test_the_button_stands_where_there_is_something_to_hear(panel: CandidatesPanel) -> None:
    assert panel.hear_button.isVisibleTo(panel.header)
    # What is heard may be a seam that somebody else asked for.
    panel.set_heard(CANDIDATES[0].region.at_rate(1, 2))
    assert not panel.hear_button.isChecked()
    panel.set_candidates((), SAMPLE_RATE)
    assert not panel.hear_button.isVisibleTo(panel.header)
