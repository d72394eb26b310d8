# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam panel shows a jam as it is, and each thing that a hand does in it is one act."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from engine.values import ChannelSnapshot, Effects
from engine.values import jam_acts as acts
from engine.values.jam import USUAL_WANDER, Groove, LayerMix, LayerName, LayerPrompt, SwapAt
from engine.values.jam_recording import JamRecordingState
from tests.widgets.jam.hands import Hands, a_panel
from tests.widgets.jam.states import DRUMS, INSTRUMENTS, a_layer, a_loop, a_state
from widgets.generator_choice import GeneratorChoice
from widgets.jam.fingers import FINGER_PX
from widgets.jam.mix_hand import HAND_MS
from widgets.jam.panel import JamPanel
from widgets.jam.slots import LONG_PRESS_MS, WAITING
from widgets.jam.strip import LEAST_PX

pytestmark = pytest.mark.gui

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    return a_panel(qtbot)


def test_what_plays_and_what_comes_is_seen(hands: Hands) -> None:
    panel, drums = hands.panel, hands.drums
    channels = [ChannelSnapshot() for _ in range(8)]
    channels[DRUMS.channel] = ChannelSnapshot(1, 4_000)
    panel.set_heard(5.25, channels)
    assert panel.groove_bar.counter.text() == "6.2"
    assert (drums.next_label.text(), drums.comes_label.text()) == ("Next: Tin Roof", "comes in 2 bars 3 beats")
    assert drums.wave.place == pytest.approx(0.25)
    assert panel.strips[INSTRUMENTS].wave.place is None
    assert drums.accessibleName() == "Drums, Paper Moon, 4 bars, next: Tin Roof"
    assert drums.wave.accessibleName() == "Paper Moon, 4 bars"
    assert panel.groove_bar.start_button.text() == "Stop the jam"
    size, places = drums.size(), [one.geometry() for one in drums.findChildren(QPushButton)]
    panel.set_state(a_state(is_running=False, drums=a_layer(DRUMS)))
    assert panel.groove_bar.counter.text() == "–"
    assert (drums.next_label.text(), drums.wave.place) == ("", None)
    assert not drums.call_off_button.isEnabled()
    assert (size, places) == (drums.size(), [one.geometry() for one in drums.findChildren(QPushButton)]), (
        "nothing jumps"
    )
    panel.set_state(replace(a_state(), coming=Groove(110.5, "4/4")))
    assert "110.5 bpm" in panel.header.info
    assert panel.groove_bar.tempo.value() == 110.5


def test_a_strip_on_which_nothing_plays_says_what_is_on_its_way(hands: Hands) -> None:
    empty = a_layer(DRUMS)
    for layer, words in (
        (empty, ""),
        (replace(empty, making=-1.0), "making"),
        (replace(empty, making=0.4, is_shaping=True), "making, 40 %"),
        (replace(empty, is_shaping=True), "being shaped"),
        (replace(empty, is_ready=True), "ready, waits for the other layers"),
        (a_layer(DRUMS, waiting=a_loop(3)), "comes in 2 bars 3 beats"),
        (empty, ""),
    ):
        hands.panel.set_state(a_state(drums=layer))
        hands.panel.set_heard(5.25, ())
        assert hands.drums.comes_label.text() == words
        said = hands.drums.wave.accessibleName()
        assert said == (words.capitalize() if words else "Nothing plays here yet: Make")
        assert hands.drums.is_empty is (not words)


def test_buttons_are_acts(hands: Hands) -> None:
    panel, drums = hands.panel, hands.drums
    for button, act in (
        (panel.groove_bar.start_button, acts.Stop()),
        (drums.mute_button, acts.SetMute(DRUMS, True)),
        (drums.solo_button, acts.SetSolo(DRUMS, True)),
        (drums.make_button, acts.Make(DRUMS)),
        (drums.endless_button, acts.SetEndless(DRUMS, USUAL_WANDER)),
        (drums.back_button, acts.GoBack(DRUMS, -1)),
        (drums.forward_button, acts.GoBack(DRUMS, 1)),
        (drums.call_off_button, acts.CallOff(DRUMS)),
    ):
        button.click()
        assert hands.done() == [act]
    panel.set_state(a_state(is_running=False, drums=replace(a_layer(DRUMS), making=0.4)))
    panel.groove_bar.start_button.click()
    assert (drums.make_button.text(), drums.comes_label.text()) == ("Cancel", "making, 40 %")
    drums.make_button.click()
    assert hands.done() == [acts.Start(), acts.CancelMaking(DRUMS)]
    assert not drums.back_button.isEnabled()


def test_a_prompt_is_typed_or_diced(hands: Hands) -> None:
    drums = hands.drums
    drums.prompt_edit.setFocus()
    drums.prompt_edit.selectAll()
    QTest.keyClicks(drums.prompt_edit, "dry m1 kit")
    hands.panel.set_state(a_state())
    assert drums.prompt_edit.text() == "dry m1 kit", "it is the person's while they type"
    typed = acts.SetPrompt(DRUMS, LayerPrompt("dry m1 kit", "musicgen", "small", 7))
    assert hands.press(drums.prompt_edit, Qt.Key.Key_Return) == [typed, acts.Make(DRUMS)]
    drums.prompt_edit.selectAll()
    assert hands.press(drums.prompt_edit, Qt.Key.Key_Backspace, Qt.Key.Key_Tab) == []
    assert drums.prompt_edit.text() == "dry m1 kit", "without words nothing can be made"
    drums._random = Random(1)
    drums.dice_button.click()
    assert hands.done() == [acts.SetPrompt(DRUMS, replace(typed.prompt, prompt=drums.prompt_edit.text()))]


def test_a_layers_generator_is_chosen_by_a_menu(hands: Hands) -> None:
    drums, panel = hands.drums, hands.panel
    panel.set_generators(
        (
            GeneratorChoice("composer", "Composer", (), 1.0, 30.0),
            GeneratorChoice("musicgen", "MusicGen", ("small", "large"), 1.0, 30.0, note="not found: see Models"),
        ),
        "composer",
    )
    button = drums.generator_button
    assert button.accessibleDescription() == "Which generator makes the next loop: MusicGen small, seed 7"

    def offered() -> dict[str, QAction]:
        button.menu().aboutToShow.emit()
        return {one.text(): one for one in button.menu().findChildren(QAction) if one.menu() is None}

    assert [name for name, one in offered().items() if one.isChecked()] == ["small"]
    asked = LayerPrompt("some drums", "musicgen", "large", 7)
    offered()["large"].trigger()
    assert hands.done() == [acts.SetPrompt(DRUMS, asked)]
    offered()["another seed each time (now 7)"].trigger()
    assert hands.done() == [acts.SetPrompt(DRUMS, replace(asked, seed=None))]
    offered()["usual (Composer)"].trigger()
    assert hands.done() == [acts.SetPrompt(DRUMS, LayerPrompt("some drums"))]
    assert button.accessibleDescription() == "Which generator makes the next loop: Composer"


def test_the_menu_has_loops_hear_the_mix(hands: Hands) -> None:
    button = hands.drums.generator_button

    def offered() -> dict[str, QAction]:
        button.menu().aboutToShow.emit()
        return {one.text(): one for one in button.menu().findChildren(QAction) if one.menu() is None}

    offered()["Style from the mix"].trigger()
    assert hands.done() == [acts.SetStyle(DRUMS, 0.8)]
    button.set_state(replace(a_layer(DRUMS), style=0.5, wander=0.3))
    assert offered()["Style from the mix"].isChecked()
    offered()["Style from the mix"].trigger()
    offered()["Go on from the mix"].trigger()
    assert hands.done() == [acts.SetStyle(DRUMS, None), acts.Reseed(DRUMS)]
    button.set_state(a_layer(DRUMS))
    assert "Go on from the mix" not in offered()


def test_it_begins_as_a_new_jam(qtbot: QtBot) -> None:
    panel = JamPanel()
    qtbot.addWidget(panel)
    panel.set_choices(("C major",), ("2/4", "3/4", "4/4"))
    bar, drums = panel.groove_bar, panel.strips[DRUMS]
    assert (bar.metre.currentText(), bar.bars.currentText(), bar.key.currentText()) == ("4/4", "4 bars", "any key")
    assert bar.swap_at.currentData() == SwapAt.LOOP_END
    assert drums.prompt_edit.text() == "hard hitting trap drums"
    assert (drums.level.value_label.text(), drums.lowpass.value_label.text()) == ("0.0 dB", "off")


def test_sliders_move_gain_and_effects(hands: Hands, qtbot: QtBot) -> None:
    drums = hands.drums
    drums.level.slider.setValue(108)
    drums.lowpass.slider.setValue(100)
    drums.reverb.slider.setValue(30)
    gain, lowpass, both = hands.done()
    assert isinstance(gain, acts.SetGain)
    assert gain.gain == pytest.approx(10.0 ** (-6.0 / 20.0))
    assert isinstance(lowpass, acts.SetEffects)
    assert lowpass.effects.lowpass_hz == pytest.approx(632.5, abs=0.1)
    assert isinstance(both, acts.SetEffects)
    assert (both.effects.lowpass_hz, both.effects.reverb) == (lowpass.effects.lowpass_hz, 0.3)
    assert drums.lowpass.slider.spoken.words == "632 Hz"
    assert drums.lowpass.slider.spoken.now == pytest.approx(632.5, abs=0.1)
    # The engine's word of before comes late, and moves nothing back under the hand.
    hands.panel.set_state(a_state())
    assert drums.level.value() == pytest.approx(-6.0)
    set_there = replace(a_layer(DRUMS), mix=LayerMix(0.5, effects=Effects(lowpass_hz=None, reverb=0.1)))
    hands.panel.set_state(a_state(drums=set_there))
    qtbot.waitUntil(lambda: drums.reverb.value() == 0.1, timeout=10 * HAND_MS)
    assert drums.lowpass.value() == 1.0
    assert drums.level.value_label.text() == "−6.0 dB"
    assert hands.done() == [], "what is set from outside is no act"


def test_slots_are_queued_and_assigned(hands: Hands, qtbot: QtBot) -> None:
    slots = hands.drums.slots
    first, second = slots.buttons[:2]
    assert first.accessibleName() == "Slot 1 of Drums: Paper Moon"
    assert second.accessibleName() == "Slot 2 of Drums: empty"
    played = replace(
        a_layer(DRUMS, loop=a_loop(1)), playing_slots=frozenset({1}), waiting_slots=frozenset({2}), slots=("a", "b") * 8
    )
    hands.panel.set_state(a_state(drums=played))
    assert (first.accessibleName(), first.text()) == ("Slot 1 of Drums: a, plays", "▸ 1 a")
    assert (second.accessibleName(), second.property("role")) == ("Slot 2 of Drums: b, is queued", WAITING)
    hands.panel.set_state(a_state())
    assert (first.property("role"), second.property("role")) == ("finger", "finger_empty")
    QTest.mouseClick(first, LEFT)
    QTest.mouseClick(second, RIGHT)
    assert hands.done() == [acts.QueueSlot(DRUMS, 1), acts.Assign(DRUMS, 2)]
    QTest.mousePress(second, LEFT)
    with qtbot.waitSignal(second.assigned, timeout=10 * LONG_PRESS_MS):
        pass
    QTest.mouseRelease(second, LEFT)
    assert hands.done() == [acts.Assign(DRUMS, 2)], "its release is no click"
    assert hands.press(first, Qt.Key.Key_Return) == [acts.QueueSlot(DRUMS, 1)]
    assert hands.press(first, Qt.Key.Key_Return, modifier=SHIFT) == [acts.Assign(DRUMS, 1)]
    slots.page_button.click()
    assert (slots.page, slots.page_button.text()) == (1, "2/4")
    QTest.mouseClick(first, LEFT)
    assert hands.done() == [acts.QueueSlot(DRUMS, 5)]
    for _ in range(3):
        slots.page_button.click()
    assert slots.page == 0


def test_the_groove_is_set(hands: Hands, qtbot: QtBot) -> None:
    bar = hands.panel.groove_bar
    bar.tempo.lineEdit().selectAll()
    QTest.keyClicks(bar.tempo, "97.25")
    QTest.keyClick(bar.tempo, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: hands.has_acted)
    assert hands.done() == [acts.SetTempo(97.25)]
    for combo, at, act in (
        (bar.key, 1, acts.SetKey("C major")),
        (bar.metre, 0, acts.SetMetre("3/4")),
        (bar.bars, 3, acts.SetBars(8)),
        (bar.swap_at, 2, acts.SetSwap(SwapAt.BEAT, 10.0)),
    ):
        combo.setCurrentIndex(at)
        combo.activated.emit(at)
        assert hands.done() == [act]
    bar.fade.setValue(25.0)
    assert hands.done() == [acts.SetSwap(SwapAt.BEAT, 25.0)]
    hands.panel.set_state(a_state())
    assert (bar.key.currentText(), bar.swap_at.currentData(), bar.fade.value()) == ("A minor", SwapAt.LOOP_END, 10.0)
    assert hands.done() == []


def test_keys_work_all_over_the_panel(hands: Hands) -> None:
    panel, drums = hands.panel, hands.drums
    start = panel.groove_bar.start_button
    assert panel.first_stop() is start
    assert hands.press(start, Qt.Key.Key_2) == [acts.SetMute(INSTRUMENTS, True)]
    assert hands.press(drums.dice_button, Qt.Key.Key_1, modifier=SHIFT) == [acts.SetSolo(DRUMS, True)]
    assert hands.press(drums, Qt.Key.Key_3) == [], "a layer that is not shown is not muted unseen"
    assert hands.press(drums, Qt.Key.Key_Space) == [acts.Stop()]
    assert hands.press(drums.mute_button, Qt.Key.Key_M) == [acts.Make(DRUMS)]
    assert hands.press(drums, Qt.Key.Key_Left, Qt.Key.Key_Right) == [acts.GoBack(DRUMS, -1), acts.GoBack(DRUMS, 1)]
    assert hands.press(drums.prompt_edit, Qt.Key.Key_Escape) == [acts.CallOff(DRUMS)]
    assert hands.press(drums.prompt_edit, Qt.Key.Key_1, Qt.Key.Key_Backspace) == [], "digits can be typed"
    panel.set_state(a_state(drums=replace(a_layer(DRUMS), making=-1.0, wander=0.3)))
    assert hands.press(drums, Qt.Key.Key_E) == [acts.SetEndless(DRUMS, None)]
    assert hands.press(drums, Qt.Key.Key_Escape) == [acts.CancelMaking(DRUMS)]


def test_it_is_recorded_by_a_button_or_a_key(hands: Hands) -> None:
    panel, wanted = hands.panel, list[bool]()
    panel.record_toggled.connect(wanted.append)
    button = panel.groove_bar.record_button
    assert hands.press(hands.drums, Qt.Key.Key_R) == []
    panel.set_recording(JamRecordingState("/srv/a.flac"))
    assert (wanted, button.isChecked(), button.accessibleName()) == ([True], True, "End the recording of the jam")
    button.click()
    panel.set_recording(JamRecordingState())
    assert (wanted, button.isChecked()) == ([True, False], False)


def test_layers_come_when_they_are_wanted_or_have_something(hands: Hands) -> None:
    panel = hands.panel

    def shown() -> list[LayerName]:
        return [name for name, one in panel.strips.items() if one.isVisible()]

    assert shown() == [DRUMS, INSTRUMENTS]
    actions = panel.groove_bar.layer_actions
    actions[LayerName.BASS].trigger()
    assert shown() == [DRUMS, INSTRUMENTS, LayerName.BASS]
    assert panel.strips[LayerName.BASS].hasFocus()
    assert hands.press(panel.strips[LayerName.BASS], Qt.Key.Key_3) == [acts.SetMute(LayerName.BASS, True)]
    actions[LayerName.BASS].trigger()
    assert shown() == [DRUMS, INSTRUMENTS]
    panel.set_state(a_state(lead=a_layer(LayerName.LEAD, loop=a_loop(9, LayerName.LEAD))))
    assert shown() == [DRUMS, INSTRUMENTS, LayerName.LEAD]
    assert not actions[LayerName.LEAD].isEnabled(), "what plays cannot be hidden"
    panel.set_state(a_state())
    assert shown() == [DRUMS, INSTRUMENTS, LayerName.LEAD], "nothing goes by itself"
    assert actions[LayerName.LEAD].isEnabled()


def test_what_failed_stays_until_something_else_is_tried(hands: Hands) -> None:
    panel = hands.panel
    panel.set_log("The generator is gone.", "warning")
    hands.drums.mute_button.click()
    panel.set_state(a_state())
    assert panel.groove_bar.note.text() == "The generator is gone."
    hands.drums.make_button.click()
    assert panel.groove_bar.note.text() == ""
    panel.set_log("The generator is gone.", "warning")
    panel.set_state(a_state(drums=a_layer(DRUMS, loop=a_loop(7))))
    assert panel.groove_bar.note.text() == "", "another loop came"


@pytest.mark.parametrize("width", [300, 640, 960, 1900])
def test_it_is_large_enough_for_fingers_at_every_width(hands: Hands, width: int) -> None:
    panel = hands.panel
    panel.resize(width, 700)
    QApplication.processEvents()
    bar = panel.groove_bar
    buttons = [one for part in (bar, hands.drums) for one in part.findChildren(QPushButton)]
    assert min(min(one.width(), one.height()) for one in buttons) >= FINGER_PX
    strips = [one.geometry() for one in panel.strips.values() if one.isVisible()]
    assert min(one.width() for one in strips) >= min(LEAST_PX, width - 30)
    assert not strips[0].intersects(strips[1])
    places = [one.geometry() for one in bar._items]
    assert not any(a.intersects(b) for at, a in enumerate(places) for b in places[at + 1 :])
    assert max(one.right() for one in places) <= bar.width()
