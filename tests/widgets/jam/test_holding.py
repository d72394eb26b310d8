# SPDX-License-Identifier: GPL-3.0-or-later
"""An effect is heard while its button, its key or a finger is down, and nothing sticks."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine.values import jam_acts as acts
from engine.values.held import BeatRepeat, Brake, Gate, Holdable, OwnGate, Stutter, TapeStop
from engine.values.jam import LayerMix
from tests.widgets.jam.hands import Hands, key, moved
from tests.widgets.jam.states import DRUMS, INSTRUMENTS, a_state
from widgets.jam.effects_pane import EffectsPane

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
STUTTER = Stutter(Fraction(1))


HELD: tuple[tuple[str, Holdable], ...] = (
    ("U", STUTTER),
    ("I", Stutter(Fraction(1, 2))),
    ("O", Stutter(Fraction(1, 4))),
    ("P", Stutter(Fraction(1, 8))),
    ("J", BeatRepeat()),
    ("K", TapeStop()),
    ("L", Brake()),
    ("G", OwnGate()),
)


def test_an_effect_is_held_while_its_button_or_key_is_down(hands: Hands, pane: EffectsPane) -> None:
    for letter, effect in HELD:
        which = Qt.Key(ord(letter))
        button = pane.holds[which]
        down, up = acts.Hold(None, effect), acts.Hold(None, None)
        QTest.mousePress(button, LEFT)
        assert hands.done() == [down]
        QTest.mouseMove(button, button.rect().bottomRight() * 3)
        QTest.mouseRelease(button, LEFT, pos=button.rect().bottomRight() * 3)
        assert hands.done() == [up], "wherever the pointer went"
        button.setFocus()
        key(button, Qt.Key.Key_Space, is_down=True)
        for _ in range(3):
            key(button, Qt.Key.Key_Space, is_down=False, repeats=True)
            key(button, Qt.Key.Key_Space, is_down=True, repeats=True)
        assert hands.done() == [down]
        key(button, Qt.Key.Key_Space, is_down=False)
        assert hands.done() == [up]
        start = hands.panel.groove_bar.start_button
        start.setFocus()
        key(start, which, is_down=True)
        for _ in range(3):
            key(start, which, is_down=False, repeats=True)
            key(start, which, is_down=True, repeats=True)
        assert (hands.done(), button.isDown()) == ([down], True)
        key(start, which, is_down=False)
        assert (hands.done(), button.isDown()) == ([up], False)


def test_nothing_sticks_when_the_keyboard_goes_elsewhere(hands: Hands, qtbot: QtBot) -> None:
    panel, strip = hands.panel, hands.drums
    strip.setFocus()
    key(strip, Qt.Key.Key_U, is_down=True)
    assert hands.done() == [acts.Hold(DRUMS, STUTTER)], "on the layer that has the keyboard"
    panel.strips[INSTRUMENTS].setFocus()
    assert hands.done() == [], "within the panel its release is heard"
    other = QLineEdit()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    assert hands.done() == [acts.Hold(DRUMS, None)]
    with qtbot.waitActive(panel):
        panel.activateWindow()
    strip.setFocus()
    key(strip, Qt.Key.Key_J, is_down=True)
    panel.hide()
    assert hands.done() == [acts.Hold(DRUMS, BeatRepeat()), acts.Hold(DRUMS, None)]
    assert not any(one.isDown() for one in panel.effects_pane.holds.values())


def test_two_fingers_hold_two_things(hands: Hands, pane: EffectsPane) -> None:
    """A second finger is no mouse: what the first one holds stays held."""
    screen = QTest.createTouchDevice()
    first, second = pane.holds[Qt.Key.Key_U], pane.holds[Qt.Key.Key_K]
    QTest.touchEvent(pane, screen).press(1, first.rect().center(), first).commit()
    assert hands.done() == [acts.Hold(None, STUTTER)]
    QTest.touchEvent(pane, screen).stationary(1).press(2, second.rect().center(), second).commit()
    assert hands.done() == [acts.Hold(None, TapeStop())]
    QTest.touchEvent(pane, screen).stationary(1).release(2, second.rect().center(), second).commit()
    assert hands.done() == [acts.Hold(None, STUTTER)]
    QTest.touchEvent(pane, screen).release(1, first.rect().center(), first).commit()
    assert hands.done() == [acts.Hold(None, None)]
    assert not first.isDown()
    # One finger stutters, another one moves the pad.
    pad = pane.pad.pad
    QTest.touchEvent(pane, screen).press(1, first.rect().center(), first).commit()
    QTest.touchEvent(pane, screen).stationary(1).press(2, pad.rect().center(), pad).commit()
    QTest.touchEvent(pane, screen).stationary(1).move(2, pad.rect().topLeft(), pad).commit()
    held, _, there = hands.done()
    assert (held, moved(there)) == (acts.Hold(None, STUTTER), {"lowpass_hz": 20.0, "delay": 1.0})
    QTest.touchEvent(pane, screen).release(1, first.rect().center(), first).release(
        2, pad.rect().topLeft(), pad
    ).commit()
    assert (hands.done(), pad.is_held) == ([acts.Hold(None, None)], False)


def test_a_button_that_goes_while_it_is_down_lets_go(hands: Hands, pane: EffectsPane) -> None:
    QTest.mousePress(pane.holds[Qt.Key.Key_U], LEFT)
    hands.panel.groove_bar.effects_button.click()
    assert hands.done() == [acts.Hold(None, STUTTER), acts.Hold(None, None)]


def test_of_two_keys_the_last_is_heard_and_the_first_is_back_after_it(hands: Hands) -> None:
    start = hands.panel.groove_bar.start_button
    start.setFocus()
    for which, is_down in ((Qt.Key.Key_U, True), (Qt.Key.Key_J, True), (Qt.Key.Key_J, False), (Qt.Key.Key_U, False)):
        key(start, which, is_down=is_down)
    held = [act.effect for act in hands.done() if isinstance(act, acts.Hold)]
    assert held == [STUTTER, BeatRepeat(), STUTTER, None]
    for which, is_down in ((Qt.Key.Key_U, True), (Qt.Key.Key_J, True), (Qt.Key.Key_U, False), (Qt.Key.Key_J, False)):
        key(start, which, is_down=is_down)
    held = [act.effect for act in hands.done() if isinstance(act, acts.Hold)]
    assert held == [STUTTER, BeatRepeat(), None]


def test_the_gate_has_steps_and_each_layer_has_its_own(hands: Hands, pane: EffectsPane) -> None:
    steps = pane.gate_steps.buttons
    assert [one.isChecked() for one in steps] == [True, False] * 8
    steps[1].click()
    gate = Gate((1.0, 1.0, *(1.0, 0.0) * 7))
    assert hands.done() == [acts.SetGate(None, gate)]
    hands.panel.set_state(replace(a_state(), mix=LayerMix(gate=gate)))
    QTest.mousePress(pane.holds[Qt.Key.Key_G], LEFT)
    QTest.mouseRelease(pane.holds[Qt.Key.Key_G], LEFT)
    assert hands.done() == [acts.Hold(None, OwnGate()), acts.Hold(None, None)]
    pane.targets[DRUMS].click()
    assert [one.isChecked() for one in steps] == [True, False] * 8, "each layer has its own"
