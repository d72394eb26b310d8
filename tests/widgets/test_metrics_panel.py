# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics are bars, figures and words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.pictures import a_candidate, show_together
from widgets.metrics_panel import MetricsPanel

pytestmark = pytest.mark.gui


def test_every_score_is_a_bar_a_figure_and_a_meaning(qtbot: QtBot) -> None:
    panel = MetricsPanel()
    show_together(qtbot, panel, size=(300, 260))
    panel.set_candidate(a_candidate(0, 1000, score=0.93))
    figures = {name: label.text() for name, label in panel.values.items()}
    assert figures == {"spectral": "0.94", "waveform": "0.88", "beat": "0.98", "phase": "0.81", "total": "0.93"}
    for name, bar in panel.bars.items():
        assert bar.value() / bar.maximum() == pytest.approx(float(figures[name]), abs=1e-3)
        assert (bar.accessibleName() != "", bar.accessibleDescription()) == (True, figures[name])
    assert len({bar.toolTip() for bar in panel.bars.values()} - {""}) == 5


def test_weak_is_said_in_words_and_nothing_jumps(qtbot: QtBot) -> None:
    panel = MetricsPanel()
    show_together(qtbot, panel, size=(300, 260))
    places = [bar.geometry() for bar in panel.bars.values()]
    panel.set_candidate(a_candidate(0, 1000, score=0.4, weak=True))
    panel.grab()
    assert "weak" in panel.header.info
    assert "Weak" in panel.remark.text()
    assert [bar.geometry() for bar in panel.bars.values()] == places
    panel.set_candidate(a_candidate(0, 1000))
    assert "weak" not in panel.header.info
    assert panel.remark.text() == ""
    panel.set_candidate(None)
    assert {label.text() for label in panel.values.values()} == {"–"}
    assert panel.remark.text() != ""
