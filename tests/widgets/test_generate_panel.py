# SPDX-License-Identifier: GPL-3.0-or-later
"""The generate panel is worked by keys and clicks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.values import Algorithm, Kind, Parameter, ParameterValue
from tests.widgets.showing import shown_alone
from widgets.clip_time import ClipTime
from widgets.controls import Slider
from widgets.generate_panel import GeneratePanel
from widgets.generator_choice import GeneratorChoice
from widgets.several_button import SeveralButton

pytestmark = pytest.mark.gui

COMPOSER = GeneratorChoice("composer", "Built-in composer", (), 5.0, 60.0)
MUSICGPT = GeneratorChoice("musicgpt", "MusicGPT", ("small", "medium", "large"), 1.0, 30.0, "not found: see SETUP")
SHORT = GeneratorChoice("short", "Short", ("one", "two"), 5.0, 10.0)


SINGER = GeneratorChoice(
    "singer",
    "Singer",
    ("tenor", "bass"),
    5.0,
    30.0,
    default_model="bass",
    parameters=(
        Parameter("seed", Kind.INTEGER, -1, "Seed", "Which of them", 0, 2**53 - 1, unset="any"),
        Parameter("bpm", Kind.NUMBER, 0.0, "Tempo", "How fast", 30.0, 300.0, unit="bpm", unset="any"),
        Parameter("key", Kind.CHOICE, "", "Key", "In which key", choices=("", "A minor"), unset="any"),
        Parameter("breath", Kind.SWITCH, False, "Breath", "Whether it is heard"),
        Parameter("parts", Kind.SEVERAL, "all", "Parts", "What is heard", choices=("all", "bass", "drums")),
        Parameter("words", Kind.TEXT, "", "Words", "What it sings", needs="breath"),
        Parameter("engine", Kind.FILE, "", "Program", "Where it is", setup=True),
        Parameter("drift", Kind.NUMBER, 0.25, "Drift", "How far it goes", 0.0, 1.0, 0.05, ends=("here", "there")),
    ),
)


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
    return shown_alone(qtbot, panel, 250, 300)


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
    assert not panel.model_combo.isVisible(), "there is nothing to choose"
    panel.generator_combo.setFocus()
    QTest.keyClick(panel.generator_combo, Qt.Key.Key_Down)
    assert spies.take() == {"generator": ["musicgpt"], "model": ["small"]}
    assert panel.model_combo.isVisible()
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


@pytest.fixture
def singer(panel: GeneratePanel, qtbot: QtBot) -> GeneratePanel:
    panel.set_generators((COMPOSER, SINGER))
    panel.set_generator("singer")
    QTest.mouseClick(panel.more_button, Qt.MouseButton.LeftButton)
    assert control(panel, "seed").isVisible()
    return panel


def control(panel: GeneratePanel, name: str) -> QWidget:
    return panel.parameters.controls[name].widget


def told(panel: GeneratePanel) -> list[tuple[str, ParameterValue]]:
    """Return the list that what the panel tells of parameters is added to from now on."""
    out: list[tuple[str, ParameterValue]] = []
    panel.parameter_changed.connect(lambda name, value: out.append((name, value)))
    return out


def test_what_can_be_set_is_what_the_generator_declares(panel: GeneratePanel, qtbot: QtBot) -> None:
    panel.set_generators((COMPOSER, SINGER))
    assert not panel.more_button.isVisible(), "the first one declares nothing"
    QTest.keyClick(panel.generator_combo, Qt.Key.Key_Down)
    assert panel.model() == "bass", "the default model is chosen, which is not the first"
    assert panel.more_button.isVisible()
    assert list(panel.parameters.controls) == ["seed", "bpm", "key", "breath", "parts", "words"], "SETUP's stands there"
    assert not control(panel, "seed").isVisible(), "the panel is calm"
    panel.more_button.setFocus()
    QTest.keyClick(panel.more_button, Qt.Key.Key_Space)
    assert control(panel, "seed").isVisible()
    QTest.keyClick(panel.generator_combo, Qt.Key.Key_Up)
    assert panel.parameters.controls == {}
    assert not panel.more_button.isVisible()


def test_the_keys_set_each_kind_and_each_is_told_once(singer: GeneratePanel, qtbot: QtBot) -> None:
    changes = told(singer)
    tempo = control(singer, "bpm")
    assert isinstance(tempo, QDoubleSpinBox)
    assert tempo.text() == "any"
    tempo.setFocus()
    tempo.selectAll()
    QTest.keyClicks(tempo, "92,5")
    assert changes == [], "not at each figure"
    QTest.keyClick(tempo, Qt.Key.Key_Return)
    assert tempo.text() == "92.5 bpm"
    QTest.keyClick(tempo, Qt.Key.Key_Up)
    seed, key, words = control(singer, "seed"), control(singer, "key"), control(singer, "words")
    assert isinstance(seed, QDoubleSpinBox)
    seed.setFocus()
    QTest.keyClick(seed, Qt.Key.Key_Up)
    QTest.keyClick(seed, Qt.Key.Key_Up)
    QTest.keyClick(seed, Qt.Key.Key_Down)
    QTest.keyClick(seed, Qt.Key.Key_Down)
    assert seed.text() == "any"
    assert isinstance(key, QComboBox)
    assert key.currentText() == "any"
    QTest.keyClick(key, Qt.Key.Key_Down)
    assert isinstance(words, QLineEdit)
    assert not words.isEnabled()
    QTest.keyClick(control(singer, "breath"), Qt.Key.Key_Space)
    assert words.isEnabled()
    words.setFocus()
    QTest.keyClicks(words, " la la ")
    QTest.keyClick(words, Qt.Key.Key_Return)
    assert changes == [
        ("bpm", 92.5),
        ("bpm", 93.5),
        ("seed", 0),
        ("seed", 1),
        ("seed", 0),
        ("seed", -1),
        ("key", "A minor"),
        ("breath", True),
        ("words", "la la"),
    ]


def test_several_are_put_on_and_off_one_by_one_in_a_menu_that_stays(singer: GeneratePanel, qtbot: QtBot) -> None:
    changes, button = told(singer), control(singer, "parts")
    assert isinstance(button, SeveralButton)
    assert button.text() == "all"
    menu = button.menu()
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    qtbot.waitUntil(menu.isVisible)
    for key in ("Down", "Down", "Space", "Down", "Space", "Up", "Space", "Down", "Space"):
        QTest.keyClick(menu, Qt.Key[f"Key_{key}"])
    assert menu.isVisible()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[2]).center())
    assert menu.isVisible()
    menu.close()
    several = [("parts", "bass"), ("parts", "bass,drums"), ("parts", "drums"), ("parts", "all"), ("parts", "drums")]
    assert changes == several, "with none of them left, it is all again"
    singer.set_parameter_values({"singer": {"parts": "drums,bass"}})
    assert (button.value(), len(changes)) == ("bass,drums", 5)
    singer.set_parameter_values({"singer": {"parts": "drums,bass,all"}})
    assert button.value() == "all"


def test_a_matter_of_degree_is_a_slider_in_the_panel_itself(panel: GeneratePanel, qtbot: QtBot) -> None:
    panel.set_generators((COMPOSER, SINGER))
    assert panel.sliders == {}
    panel.set_generator("singer")
    changes, drift = told(panel), panel.sliders["drift"]
    assert drift.isVisible()
    assert not control(panel, "seed").isVisible(), "it does not stand under More"
    assert (drift.value(), drift.value_label.text()) == (0.25, "25 %")
    drift.slider.setFocus()
    QTest.keyClick(drift.slider, Qt.Key.Key_Right)
    QTest.keyClick(drift.slider, Qt.Key.Key_Home)
    assert drift.value_label.text() == "here"
    QTest.keyClick(drift.slider, Qt.Key.Key_End)
    assert drift.value_label.text() == "there"
    assert changes == [("drift", pytest.approx(0.3)), ("drift", 0.0), ("drift", 1.0)]
    panel.set_parameter_values({"singer": {"drift": 0.5}})
    assert (drift.value(), len(changes)) == (0.5, 3)
    panel.set_generator("composer")
    assert panel.sliders == {}
    panel.set_generator("singer")
    assert panel.sliders["drift"].value() == 0.5


def test_each_generator_keeps_what_was_set_of_it(singer: GeneratePanel) -> None:
    changes = told(singer)
    singer.set_parameter_values({"singer": {"seed": 2**40, "bpm": 120.0}, "not there": {"x": 1}})
    assert singer.parameters.changes() == {"seed": 2**40, "bpm": 120.0}
    QTest.keyClick(singer.generator_combo, Qt.Key.Key_Up)
    QTest.keyClick(singer.generator_combo, Qt.Key.Key_Down)
    assert singer.parameters.changes() == {"seed": 2**40, "bpm": 120.0}
    singer.set_parameter_values({})
    assert singer.parameters.changes() == {}
    assert changes == [], "setters are silent"


def test_a_wheel_that_passes_over_changes_nothing(singer: GeneratePanel, qtbot: QtBot) -> None:
    changes, tempo = told(singer), control(singer, "bpm")
    singer.generator_combo.setFocus()
    place = QPointF(tempo.rect().center())
    wheel = QWheelEvent(
        place, tempo.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(tempo, wheel)
    assert changes == []


def test_what_is_turned_is_a_slider_at_the_top_of_more(panel: GeneratePanel) -> None:
    lean = Parameter("lean", Kind.NUMBER, 0.0, "Lean", "Which way", -1.0, 1.0, 0.05, slides=True)
    panel.set_generators((COMPOSER, replace(SINGER, parameters=(*SINGER.parameters, lean))))
    panel.set_generator("singer")
    panel.more_button.setChecked(True)
    assert next(iter(panel.parameters.controls)) == "lean"
    one, changes = panel.parameters.controls["lean"], told(panel)
    assert isinstance(one.widget, Slider)
    assert one.figure is not None
    assert (one.widget.accessibleName(), one.figure.text()) == ("Lean", "0")
    QTest.keyClick(one.widget, Qt.Key.Key_Right)
    assert one.figure.text() == "+5 %"
    QTest.keyClick(one.widget, Qt.Key.Key_Home)
    assert one.figure.text() == "−100 %"
    assert changes == [("lean", 0.05), ("lean", -1.0)]
    panel.set_parameter_values({"singer": {"lean": 0.3}})
    assert (one.figure.text(), len(changes)) == ("+30 %", 2)
    QTest.mouseDClick(one.widget, Qt.MouseButton.LeftButton, pos=one.widget.rect().center())
    assert changes[-1] == ("lean", 0.0)
    assert one.figure.text() == "0"


def test_variations_stand_among_what_is_seldom_set_and_are_told_once(panel: GeneratePanel) -> None:
    told = QSignalSpy(panel.variations_changed)
    panel.more_button.setChecked(False)
    assert not panel.variations.isVisible()
    panel.set_variations(3)
    assert panel.variations.isVisible(), "what is set is shown"
    assert told.count() == 0
    QTest.keyClick(panel.variations.slider, Qt.Key.Key_Right)
    assert [told.at(i)[0] for i in range(told.count())] == [4]


def test_a_clip_that_takes_no_second_is_told_so_in_words_that_fit() -> None:
    quick, slow = ClipTime(20.0, 0.4), ClipTime(20.0, 2.2)
    assert (quick.note(), slow.note()) == ("under 1 s for", "about 2 s for")
    assert quick.sentences().startswith("Under 1 s for a clip of 20 s")
    assert slow.sentences().startswith("About 2 s for a clip of 20 s")
