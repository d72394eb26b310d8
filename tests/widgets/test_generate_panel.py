# SPDX-License-Identifier: GPL-3.0-or-later
"""The generate panel is worked by keys and clicks."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.values import Algorithm
from widgets.generate_panel import GeneratePanel
from widgets.settings_values import GeneratorChoice

pytestmark = pytest.mark.gui

COMPOSER = GeneratorChoice("composer", "Built-in composer", (), 5.0, 60.0)
MUSICGPT = GeneratorChoice("musicgpt", "MusicGPT", ("small", "medium", "large"), 1.0, 30.0, "not found: see SETUP")
SHORT = GeneratorChoice("short", "Short", ("one", "two"), 5.0, 10.0)


class Spies:
    """Spies note everything the panel tells, by kind."""

    def __init__(self, panel: GeneratePanel) -> None:
        self._told: dict[str, list[object]] = {}
        for kind in ("algorithm", "generator", "model", "duration", "min_play"):
            getattr(panel, f"{kind}_changed").connect(partial(self._hear, kind))

    def _hear(self, kind: str, value: object) -> None:
        self._told.setdefault(kind, []).append(value)

    def take(self) -> dict[str, list[object]]:
        """Return what was told since the last call."""
        told, self._told = self._told, {}
        return told


@pytest.fixture
def panel(qtbot: QtBot) -> GeneratePanel:
    panel = GeneratePanel()
    panel.set_generators((COMPOSER, MUSICGPT, SHORT))
    qtbot.addWidget(panel)
    panel.resize(250, 300)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel


def test_setters_are_silent_and_show(panel: GeneratePanel) -> None:
    spies = Spies(panel)
    panel.set_generator("musicgpt")
    panel.set_model("large")
    panel.set_algorithm(Algorithm.CLASSIC)
    panel.set_duration(12.0)
    panel.set_min_play(120.0)
    panel.set_generators((MUSICGPT, COMPOSER))
    assert spies.take() == {}
    assert (panel.generator(), panel.model(), panel.algorithm()) == ("musicgpt", "large", Algorithm.CLASSIC)
    assert (panel.duration_s(), panel.min_play_s()) == (12.0, 120.0)


def test_algorithms_exclude_each_other_and_tell_once(panel: GeneratePanel, qtbot: QtBot) -> None:
    spies = Spies(panel)
    QTest.mouseClick(panel.classic_button, Qt.MouseButton.LeftButton)
    assert spies.take() == {"algorithm": [Algorithm.CLASSIC]}
    assert not panel.advanced_button.isChecked()
    QTest.mouseClick(panel.classic_button, Qt.MouseButton.LeftButton)
    assert spies.take() == {}, "pressing it again changes nothing"
    with qtbot.waitSignal(panel.algorithm_changed):
        QTest.keyClick(panel, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert spies.take() == {"algorithm": [Algorithm.ADVANCED]}


def test_choosing_a_generator_brings_its_models(panel: GeneratePanel, qtbot: QtBot) -> None:
    spies = Spies(panel)
    assert panel.model() == ""
    assert not panel.model_combo.isEnabled()
    panel.generator_combo.setFocus()
    QTest.keyClick(panel.generator_combo, Qt.Key.Key_Down)
    assert spies.take() == {"generator": ["musicgpt"], "model": ["small"]}
    assert panel.model_combo.isEnabled()
    assert panel.header.info == "not found: see SETUP"
    QTest.keyClick(panel.model_combo, Qt.Key.Key_Down)
    assert spies.take() == {"model": ["medium"]}
    # Away and back: the model that was chosen is still chosen.
    QTest.keyClick(panel.generator_combo, Qt.Key.Key_Up)
    assert spies.take() == {"generator": ["composer"], "model": [""]}
    QTest.keyClick(panel.generator_combo, Qt.Key.Key_Down)
    assert spies.take() == {"generator": ["musicgpt"], "model": ["medium"]}


def test_a_duration_the_generator_cannot_make_is_corrected_and_told(panel: GeneratePanel, qtbot: QtBot) -> None:
    panel.set_duration(25.0)
    spies = Spies(panel)
    QTest.keyClick(panel.generator_combo, Qt.Key.Key_End)
    assert spies.take() == {"generator": ["short"], "model": ["one"], "duration": [10.0]}


def test_sliders_tell_of_each_step(panel: GeneratePanel, qtbot: QtBot) -> None:
    panel.set_duration(20.0)
    panel.set_min_play(30.0)
    spies = Spies(panel)
    QTest.keyClick(panel.duration.slider, Qt.Key.Key_Right)
    QTest.keyClick(panel.min_play.slider, Qt.Key.Key_PageUp)
    assert spies.take() == {"duration": [21.0], "min_play": [60.0]}
    assert panel.duration.value_label.text() == "21 s"
    assert panel.min_play.value_label.text() == "1 min 00 s"
    QTest.keyClick(panel.duration.slider, Qt.Key.Key_Home)
    QTest.keyClick(panel.min_play.slider, Qt.Key.Key_End)
    assert spies.take() == {"duration": [5.0], "min_play": [300.0]}


def test_a_click_on_the_groove_brings_the_handle_there(panel: GeneratePanel, qtbot: QtBot) -> None:
    panel.set_duration(5.0)
    spies = Spies(panel)
    slider = panel.duration.slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    told = spies.take()["duration"]
    assert len(told) == 1
    assert panel.duration_s() == told[0]
    assert abs(panel.duration_s() - 17.5) <= 1.5


def test_mnemonics_reach_the_controls(panel: GeneratePanel, qtbot: QtBot) -> None:
    for key, control in (
        (Qt.Key.Key_G, panel.generator_combo),
        (Qt.Key.Key_D, panel.duration.slider),
        (Qt.Key.Key_I, panel.min_play.slider),
    ):
        QTest.keyClick(panel, key, Qt.KeyboardModifier.AltModifier)
        assert panel.focusWidget() is control


def test_values_out_of_range_are_clamped(panel: GeneratePanel) -> None:
    panel.set_min_play(1e6)
    panel.set_duration(-3.0)
    assert (panel.min_play_s(), panel.duration_s()) == (300.0, 5.0)
