# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics are shown as bars, figures and words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from engine.values import Algorithm, SeamProof
from tests.widgets.pictures import a_candidate, show_together
from widgets.metrics_panel import MetricsPanel

pytestmark = pytest.mark.gui

PROOF = SeamProof(step=0.2, slope=0.3, dip_db=0.1, onset=0.4, quieter_than=0.97)


def test_every_score_is_a_bar_a_figure_and_a_meaning(qtbot: QtBot) -> None:
    panel = MetricsPanel()
    show_together(qtbot, panel, size=(300, 260))
    panel.set_candidate(a_candidate(0, 1000, score=0.937))
    figures = {name: label.text() for name, label in panel.values.items()}
    assert figures == {"spectral": "0.94", "waveform": "0.88", "beat": "0.98", "phase": "0.81", "score": "93 %"}
    for name, bar in panel.bars.items():
        figure = 0.937 if name == "score" else float(figures[name])
        assert bar.value() / bar.maximum() == pytest.approx(figure, abs=1e-3)
        assert (bar.accessibleName() != "", bar.accessibleDescription()) == (True, figures[name])
    assert len({bar.toolTip() for bar in panel.bars.values()} - {""}) == 5


def test_weak_is_said_in_words_and_nothing_jumps(qtbot: QtBot) -> None:
    panel = MetricsPanel()
    show_together(qtbot, panel, size=(300, 260))
    places = [bar.geometry() for bar in panel.bars.values()]
    panel.set_candidate(a_candidate(0, 1000, score=0.4, weak=True), PROOF)
    panel.grab()
    assert "weak" in panel.header.info
    assert "Weak" in panel.proof.sentence.text()
    assert [bar.geometry() for bar in panel.bars.values()] == places
    panel.set_candidate(replace(a_candidate(0, 1000, score=0.04, weak=True), played_through=True), PROOF)
    panel.grab()
    assert panel.header.info == "4 % · played through"
    assert [bar.geometry() for bar in panel.bars.values()] == places
    panel.set_candidate(a_candidate(0, 1000))
    assert "weak" not in panel.header.info
    assert panel.proof.sentence.text() == "–"
    panel.set_candidate(None)
    assert {label.text() for label in panel.values.values()} == {"–"}
    assert panel.proof.sentence.text() != ""


def test_the_score_is_explained_by_how_it_was_found(qtbot: QtBot) -> None:
    panel = MetricsPanel()
    show_together(qtbot, panel, size=(300, 260))
    panel.set_candidate(a_candidate(0, 1000), PROOF, Algorithm.ADVANCED)
    assert "nine in ten are right" in panel.bars["score"].toolTip()
    assert panel.values["score"].toolTip() == panel.bars["score"].toolTip()
    panel.set_candidate(a_candidate(0, 1000), PROOF, Algorithm.CLASSIC)
    assert "Classico ranks by this alone" in panel.bars["score"].toolTip()
