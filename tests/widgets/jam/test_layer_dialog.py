# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer's dialog sets how far its loops go from the mix, and values of its generator for it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.values import Kind, Parameter, ParameterValue
from engine.values import jam_acts as acts
from engine.values.jam import LayerState
from tests.widgets.jam.hands import Hands, a_panel
from tests.widgets.jam.states import DRUMS, a_layer, a_state
from widgets.generator_choice import GeneratorChoice
from widgets.jam.layer_dialog import LayerDialog

pytestmark = pytest.mark.gui

ENERGY = Parameter("energy", Kind.NUMBER, 0.0, "Energy", "How lively", low=-1.0, high=1.0, step=0.05, slides=True)
TOP_K = Parameter("top_k", Kind.INTEGER, 250, "Top-k", "How many", low=0, high=1000)
DRY = Parameter("dry", Kind.SWITCH, False, "Dry", "Without a room")


def told_by(dialog: LayerDialog) -> list[object]:
    told: list[object] = []
    dialog.styled.connect(told.append)
    dialog.valued.connect(told.append)
    return told


def a_dialog(qtbot: QtBot, state: LayerState, elsewhere: Mapping[str, ParameterValue]) -> LayerDialog:
    dialog = LayerDialog(state, "Composer", (ENERGY, TOP_K, DRY), elsewhere)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_it_shows_the_layers_own_values_over_those_from_elsewhere_and_tells_what_changed(qtbot: QtBot) -> None:
    state = replace(a_layer(DRUMS), style=0.63, values={"top_k": "40", "dry": "on", "energy": "loud", "guidance": "3"})
    dialog = a_dialog(qtbot, state, {"energy": 0.52})
    told = told_by(dialog)
    shown = dialog.rows.values()
    assert shown == {"energy": pytest.approx(0.5), "top_k": 40, "dry": True}
    dialog.accept()
    assert told == [], "a value between two steps is not changed by being shown"

    dialog = a_dialog(qtbot, state, {"energy": 0.52})
    told = told_by(dialog)
    slider = dialog.rows.controls["energy"].widget
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    dialog.style_slider.slider.setFocus()
    QTest.keyClick(dialog.style_slider.slider, Qt.Key.Key_Right)
    dialog.accept()
    assert told == [pytest.approx(0.7), (("energy", "0.55"),)]


def test_all_can_be_as_it_is_elsewhere_again(qtbot: QtBot) -> None:
    dialog = a_dialog(qtbot, replace(a_layer(DRUMS), style=0.8, values={"top_k": "40"}), {"energy": 0.5})
    told = told_by(dialog)
    dialog.reset_button.click()
    dialog.style_check.click()
    assert not dialog.style_slider.isEnabled()
    dialog.accept()
    assert told == [None, (("top_k", ""),)]


def test_a_generator_without_values_has_the_style_alone(qtbot: QtBot) -> None:
    dialog = LayerDialog(a_layer(DRUMS), "MusicGPT", (), {})
    qtbot.addWidget(dialog)
    dialog.show()
    told = told_by(dialog)
    assert not dialog.reset_button.isVisible()
    QTest.keyClick(dialog.style_check, Qt.Key.Key_Space)
    dialog.ok_button.click()
    assert told == [0.8]


def test_the_menu_opens_it_for_the_layers_generator(qtbot: QtBot) -> None:
    hands: Hands = a_panel(qtbot)
    panel, button = hands.panel, hands.drums.generator_button
    one = GeneratorChoice("musicgen", "MusicGen", (), 1.0, 30.0, parameters=(TOP_K,))
    panel.set_generators((one, GeneratorChoice("composer", "Composer", (), 1.0, 30.0)), "composer")
    panel.set_generator_values({"musicgen": {"top_k": 100}})
    panel.set_state(a_state(drums=a_layer(DRUMS)))
    button.menu().aboutToShow.emit()
    deeds = {each.text(): each for each in button.menu().findChildren(QAction) if each.menu() is None}
    deeds["&Style and values…"].trigger()
    dialog = panel.window().findChild(LayerDialog)
    assert isinstance(dialog, LayerDialog)
    assert dialog.windowTitle() == "Style and values of Drums"
    control = dialog.rows.controls["top_k"]
    assert control.value() == 100
    dialog.style_check.click()
    control.widget.setFocus()
    QTest.keyClick(control.widget, Qt.Key.Key_Up)
    dialog.accept()
    assert hands.done() == [acts.SetStyle(DRUMS, 0.8), acts.SetValues(DRUMS, (("top_k", "101"),))]
