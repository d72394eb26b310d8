# SPDX-License-Identifier: GPL-3.0-or-later
"""Every effect is in the performer's hands: knobs, the wah, the pad, and what is recorded."""

from __future__ import annotations

from dataclasses import asdict, replace
from fractions import Fraction
from itertools import product

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from engine.values import ChannelParameter, Curve, Effects, LfoShape
from engine.values import jam_acts as acts
from engine.values.held import Stutter
from engine.values.jam import LayerMix, LayerName, Wah
from tests.widgets.jam.hands import Hands, key, moved
from tests.widgets.jam.states import DRUMS, INSTRUMENTS, a_layer, a_state
from widgets.jam.effects_pane import EffectsPane
from widgets.jam.fingers import FINGER_PX
from widgets.jam.holding import HoldButton
from widgets.jam.mix_hand import HAND_MS
from widgets.jam.mix_sliders import MARK

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
STUTTER = Stutter(Fraction(1))


KNOB_STEPS = (
    (ChannelParameter.LOWPASS_HZ, 100, Effects(lowpass_hz=632.456)),
    (ChannelParameter.LOWPASS_HZ, 200, Effects()),
    (ChannelParameter.RESONANCE, 40, Effects(resonance=0.4)),
    (ChannelParameter.HIGHPASS_HZ, 100, Effects(highpass_hz=632.456)),
    (ChannelParameter.HIGHPASS_HZ, 0, Effects()),
    (ChannelParameter.REVERB, 40, Effects(reverb=0.4)),
    (ChannelParameter.ROOM, 40, Effects(room=0.4)),
    (ChannelParameter.DELAY, 40, Effects(delay=0.4)),
    (ChannelParameter.DELAY_FEEDBACK, 95, Effects(delay_feedback=0.95)),
)


def test_each_knob_of_the_mix_or_of_a_layer_is_one_act(hands: Hands, pane: EffectsPane) -> None:
    for target, (parameter, step, told) in product((None, DRUMS), KNOB_STEPS):
        hands.rest()
        pane.targets[target].click()
        slider = pane.sliders[parameter].slider
        slider.setValue(1 if slider.value() == step else slider.value())
        hands.done()
        slider.setValue(step)
        (act,) = hands.done()
        assert isinstance(act, acts.SetEffects)
        assert act.layer is target
        for name, value in asdict(told).items():
            mine = getattr(act.effects, name)
            assert mine == value or mine == pytest.approx(value, rel=1e-4), name


def test_what_is_moved_at_two_places_is_all_kept(hands: Hands, pane: EffectsPane, qtbot: QtBot) -> None:
    """The engine answers each act; what the other hand holds is in what both tell."""
    drums = hands.drums
    pane.targets[DRUMS].click()
    pane.sliders[ChannelParameter.RESONANCE].slider.setValue(50)
    told = Effects(resonance=0.5)
    hands.panel.set_state(a_state(drums=replace(a_layer(DRUMS), mix=LayerMix(effects=told))))
    drums.send.slider.setValue(30)
    drums.level.slider.setValue(108)
    *_, sent, gain = hands.done()
    assert sent == acts.SetEffects(DRUMS, replace(told, delay=0.3))
    assert isinstance(gain, acts.SetGain)
    hands.panel.set_state(a_state(drums=replace(a_layer(DRUMS), mix=LayerMix(0.5, effects=Effects(room=0.1)))))
    qtbot.waitUntil(lambda: pane.sliders[ChannelParameter.ROOM].value() == 0.1, timeout=10 * HAND_MS)
    assert pane.sliders[ChannelParameter.RESONANCE].value() == 0.0
    assert hands.done() == []


def test_delay_time_and_wah_are_chosen_in_beats(hands: Hands, pane: EffectsPane, qtbot: QtBot) -> None:
    assert pane.delay_beats.currentText() == "3/4 beat"
    pane.delay_beats.setCurrentIndex(2)
    pane.delay_beats.activated.emit(2)
    assert hands.done() == [acts.SetEffects(None, Effects(delay_beats=Fraction(1, 2)))]
    wah = pane.wah
    wah.button.click()
    assert hands.done() == [acts.SetWah(None, Wah())]
    wah.depth_slider.slider.setValue(80)
    wah.rate.setCurrentIndex(0)
    wah.rate.activated.emit(0)
    wah.shape.setCurrentIndex(1)
    wah.shape.activated.emit(1)
    assert hands.done()[-1] == acts.SetWah(None, Wah(0.8, Fraction(1, 4), LfoShape.TRIANGLE))
    assert hands.press(hands.drums, Qt.Key.Key_W) == [acts.SetWah(None, None)]
    # A script may set what is not offered.
    odd = LayerMix(effects=Effects(delay_beats=Fraction(5, 8)), wah=Wah(0.2, Fraction(7)))
    hands.panel.set_state(replace(a_state(), mix=odd))
    assert (wah.rate.currentText(), wah.button.isChecked()) == ("7 beats", True)
    qtbot.waitUntil(lambda: pane.delay_beats.currentText() == "5/8 beat", timeout=10 * HAND_MS)


def test_the_effects_key_shows_those_of_the_layer_that_has_the_keyboard(hands: Hands, pane: EffectsPane) -> None:
    panel = hands.panel
    strip = panel.strips[INSTRUMENTS]
    hands.press(strip, Qt.Key.Key_F)
    assert (pane.isVisible(), pane.target, pane.accessibleName()) == (True, INSTRUMENTS, "Effects of Instruments")
    assert pane.sliders[ChannelParameter.REVERB].slider.accessibleName() == "Reverb, Instruments"
    hands.press(strip, Qt.Key.Key_F)
    assert not pane.isVisible()
    # Effects of a layer that is hidden are not shown.
    actions = panel.groove_bar.layer_actions
    actions[LayerName.BASS].trigger()
    hands.press(panel.strips[LayerName.BASS], Qt.Key.Key_F)
    assert pane.target is LayerName.BASS
    actions[LayerName.BASS].trigger()
    assert pane.target is None
    assert not pane.targets[LayerName.BASS].isVisible()


@pytest.mark.parametrize(("width", "height"), [(300, 900), (640, 700), (950, 680), (1600, 1100)])
def test_strips_give_way_where_the_effects_need_the_room(hands: Hands, width: int, height: int) -> None:
    panel, pane = hands.panel, hands.panel.effects_pane
    panel.resize(width, height)
    QApplication.processEvents()
    buttons = pane.findChildren(QPushButton)
    assert min(min(one.width(), one.height()) for one in buttons if one.isVisible()) >= FINGER_PX
    assert all(isinstance(one, HoldButton) for one in pane.holds.values())
    assert panel.strips[DRUMS].wave.isVisible()
    is_whole = height >= 1100
    assert panel.strips[DRUMS].level.isVisible() == is_whole
    if width >= 950:
        last = pane.mapTo(panel, pane.rect().bottomLeft())
        assert last.y() <= panel.height(), "all of it is seen"
    panel.groove_bar.effects_button.click()
    QApplication.processEvents()
    assert panel.strips[DRUMS].level.isVisible()


def test_the_pad_moves_two_parameters_at_once(hands: Hands, pane: EffectsPane) -> None:
    macro = pane.pad
    pad = macro.pad
    assert pad.accessibleName() == "Pad of Mix: Low-pass across, Delay send upwards"
    assert pad.place == (1.0, 0.0), "as the mix is"
    QTest.mousePress(pad, LEFT, pos=pad.rect().center())
    (act,) = hands.done()
    assert isinstance(act, acts.SetEffects)
    assert act.effects.lowpass_hz == pytest.approx(632.0, rel=0.1)
    assert act.effects.delay == pytest.approx(0.5, abs=0.02)
    assert pane.sliders[ChannelParameter.DELAY].value() == pytest.approx(act.effects.delay, abs=0.006)
    QTest.mouseMove(pad, pad.rect().topRight())
    QTest.mouseRelease(pad, LEFT, pos=pad.rect().topRight())
    assert hands.done()[-1] == acts.SetEffects(None, Effects(delay=1.0)), "at its edge, and it stays"
    assert pad.spoken.words == "Low-pass off, Delay send 100 %"
    pad.setFocus()
    for _ in range(3):
        key(pad, Qt.Key.Key_Down, is_down=True, repeats=True)
    assert moved(hands.done()[2]) == pytest.approx({"delay": 0.85})
    pad.set_spoken(0.0)
    assert moved(hands.done()[0]) == pytest.approx({"lowpass_hz": 20.0, "delay": 0.85})
    key(pad, Qt.Key.Key_Down, is_down=False)


def test_the_pad_springs_back_if_it_is_to(hands: Hands, pane: EffectsPane, qtbot: QtBot) -> None:
    pad = pane.pad.pad
    pane.targets[DRUMS].click()
    hands.panel.set_state(a_state(drums=replace(a_layer(DRUMS), mix=LayerMix(0.5, effects=Effects(reverb=0.25)))))
    pane.pad.up.setCurrentIndex(pane.pad.up.findData(ChannelParameter.REVERB))
    pane.pad.across.setCurrentIndex(pane.pad.across.findData(ChannelParameter.GAIN))
    assert pane.pad.parameters == (ChannelParameter.GAIN, ChannelParameter.REVERB)
    pane.pad.spring_button.click()
    pad.setFocus()
    key(pad, Qt.Key.Key_Up, is_down=True)
    gain, effects = hands.done()
    assert moved(gain) == pytest.approx({"gain": 0.5})
    assert moved(effects) == pytest.approx({"reverb": 0.3})
    key(pad, Qt.Key.Key_Up, is_down=False)
    gain, effects = hands.done()
    assert moved(gain) == pytest.approx({"gain": 0.5})
    assert moved(effects) == {"reverb": 0.25}
    # The keyboard goes elsewhere while an arrow is down.
    key(pad, Qt.Key.Key_Left, is_down=True)
    hands.done()
    pane.targets[DRUMS].setFocus()
    assert hands.done()[-1] == acts.SetEffects(DRUMS, Effects(reverb=0.25))
    # One parameter cannot be moved by both ways: they are exchanged.
    pane.pad.across.setCurrentIndex(pane.pad.across.findData(ChannelParameter.REVERB))
    assert pane.pad.parameters == (ChannelParameter.REVERB, ChannelParameter.GAIN)
    assert pad.accessibleName() == "Pad of Drums: Reverb across, Level upwards"


def test_moves_are_recorded_while_it_is_armed_and_hands_tell_when_they_leave(hands: Hands, pane: EffectsPane) -> None:
    panel, bar = hands.panel, hands.panel.groove_bar
    assert hands.press(hands.drums, Qt.Key.Key_A) == [acts.ArmAutomation(is_armed=True)]
    reverb = hands.drums.reverb.slider
    QTest.mousePress(reverb, LEFT)
    QTest.mouseRelease(reverb, LEFT)
    assert not any(isinstance(one, acts.Touch) for one in hands.done()), "it is not armed, as the engine said nothing"
    panel.set_state(replace(a_state(), is_armed=True))
    assert bar.automate_button.isChecked()
    for slider, layer in ((reverb, DRUMS), (pane.sliders[ChannelParameter.REVERB].slider, None)):
        QTest.mousePress(slider, LEFT)
        QTest.mouseRelease(slider, LEFT)
        told = [one for one in hands.done() if isinstance(one, acts.Touch)]
        assert told == [acts.Touch(layer, ChannelParameter.REVERB, is_held) for is_held in (True, False)]
    QTest.mousePress(pane.pad.pad, LEFT)
    pane.targets[DRUMS].click()
    told = [one for one in hands.done() if isinstance(one, acts.Touch)]
    assert [(one.layer, one.is_held) for one in told] == [(None, True)] * 2 + [(None, False)] * 2, "none is held unseen"
    QTest.mouseRelease(pane.pad.pad, LEFT)
    bar.automate_button.click()
    assert hands.done()[-1] == acts.ArmAutomation(is_armed=False)


def test_a_knob_that_a_curve_moves_is_marked_goes_with_it_and_is_cleared(hands: Hands, pane: EffectsPane) -> None:
    panel, drums = hands.panel, hands.drums
    assert not pane.clear_button.isEnabled()
    curves = {
        ChannelParameter.LOWPASS_HZ: Curve((200.0, 20_000.0), Fraction(2)),
        ChannelParameter.GAIN: Curve((1.0, 0.5), Fraction(1)),
    }
    panel.set_state(a_state(drums=replace(a_layer(DRUMS), mix=LayerMix(0.8, curves=curves))))
    pane.targets[DRUMS].click()
    hands.rest()
    assert drums.lowpass.label.text() == f"Low-pass {MARK}"
    assert drums.lowpass.slider.accessibleName() == "Low-pass, Drums, automated"
    assert drums.reverb.slider.accessibleName() == "Reverb, Drums"
    assert drums.lowpass.value_label.text() == "off", "where it is set, until the bars go"
    panel.set_heard(5.0, ())
    for slider in (drums.lowpass, pane.sliders[ChannelParameter.LOWPASS_HZ]):
        assert slider.value_label.text() == "off"
    panel.set_heard(6.5, ())
    for slider in (drums.lowpass, pane.sliders[ChannelParameter.LOWPASS_HZ]):
        assert slider.value_label.text() == "2.0 kHz"
    assert drums.level.value_label.text() == "−6.0 dB"
    assert hands.done() == [], "no hand did it"
    panel.set_state(a_state(is_running=False, drums=replace(a_layer(DRUMS), mix=LayerMix(0.8, curves=curves))))
    assert (drums.lowpass.value_label.text(), drums.level.value_label.text()) == ("off", "−1.9 dB")
    cleared = [acts.SetAutomation(DRUMS, one, None) for one in curves]
    assert hands.press(drums.lowpass.slider, Qt.Key.Key_Delete) == cleared[:1]
    assert hands.press(drums.reverb.slider, Qt.Key.Key_Delete) == []
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(drums.level.slider, event)
    menu = drums.level.findChild(QMenu)
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    assert hands.done() == cleared[1:]
    pane.clear_button.click()
    assert hands.done() == cleared
    panel.set_state(a_state())
    assert (drums.lowpass.label.text(), drums.lowpass.slider.accessibleName()) == ("Low-pass", "Low-pass, Drums")
