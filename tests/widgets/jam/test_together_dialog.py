# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of MIDI shows ports and controls, and asks for one to be learned."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from engine.session.jam.midi_words import read_words
from engine.values.midi import MidiControl, MidiMap, MidiMessage, MidiPorts
from engine.values.midi_words import bindable
from engine.values.together_options import TOGETHER_OPTIONS
from widgets.jam.together_dialog import TogetherDialog

pytestmark = pytest.mark.gui

CC_20, PAD = MidiControl.read("cc 20"), MidiControl.read("note 36 channel 10")


@pytest.fixture
def dialog(qtbot: QtBot) -> TogetherDialog:
    dialog = TogetherDialog({one.name: one.default for one in TOGETHER_OPTIONS})
    qtbot.addWidget(dialog)
    dialog.set_map(MidiMap({CC_20: "gain drums"}, {PAD: "make drums boom bap"}))
    return dialog


def test_every_row_can_be_bound() -> None:
    for words in bindable().values():
        for one in words:
            read_words(one)


def test_a_control_is_learned_and_removed(dialog: TogetherDialog) -> None:
    learning, forgotten = list[str](), list[object]()
    dialog.learn_requested.connect(learning.append)
    dialog.forget_requested.connect(forgotten.append)
    assert not dialog.learn_button.isEnabled()
    dialog.choose("gain drums")
    assert dialog._items["gain drums"].text(1) == "cc 20"
    assert dialog._items["make drums boom bap"].text(1) == "note 36 channel 10"
    dialog.forget_button.click()
    assert forgotten == [CC_20]
    dialog.learn_button.click()
    assert learning == ["gain drums"]
    assert "gain drums" in dialog.moved.text()
    dialog.set_moved(MidiMessage(MidiControl.read("cc 7 channel 1"), 0.5, port="desk"), "gain drums")
    assert not dialog.learn_button.isChecked()
    assert dialog.moved.text() == "desk: cc 7 channel 1 = 64 → gain drums"
    # Another row, or the end, is not for what was to be learned.
    dialog.learn_button.click()
    dialog.choose("gain mix")
    assert learning == ["gain drums", "gain drums", ""]
    assert not dialog.forget_button.isEnabled()
    dialog.learn_button.click()
    dialog.accept()
    assert learning[3:] == ["gain mix", ""]


def test_it_says_which_ports_are_heard_and_why_there_are_none(dialog: TogetherDialog) -> None:
    assert dialog.ports.text() == "No port is open yet."
    dialog.rows.controls["jam_midi"].widget.click()  # type: ignore[attr-defined]
    assert dialog.ports.text() == "MIDI is off."
    dialog.set_ports(MidiPorts(("pads:out", "keys:out"), (), "Infiniloop"))
    assert "pads:out, keys:out" in dialog.ports.text()
    assert "“Infiniloop”" in dialog.ports.text()
    dialog.set_ports(MidiPorts(trouble="There is none."))
    assert dialog.ports.text() == "There is none."


def test_options_are_told_at_once(dialog: TogetherDialog) -> None:
    told = list[tuple[str, object]]()
    dialog.option_changed.connect(lambda name, value: told.append((name, value)))
    dialog.rows.controls["jam_midi"].widget.click()  # type: ignore[attr-defined]
    assert told == [("jam_midi", False)]
