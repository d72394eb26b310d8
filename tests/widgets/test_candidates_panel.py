# SPDX-License-Identifier: GPL-3.0-or-later
"""Candidates are chosen by a click or Enter, and by nothing else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

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
    assert texts(panel, 1) == ["0.80", "1.00 s", "4.00 s", "8"]
    assert texts(panel, 2)[3] == "–"
    assert "weak" in texts(panel, 3)[0]
    assert "weak" not in texts(panel, 0)[0]


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
