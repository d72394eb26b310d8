# SPDX-License-Identifier: GPL-3.0-or-later
"""In the real window a jam is made, heard, kept in a folder and opened again."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.controllers.jam import JAM_FILE, JamController, room_in
from engine.errors import NotAJam
from engine.generators.standard import KEYS
from engine.values import ChannelParameter, TransportState
from engine.values import jam_acts as acts
from engine.values.jam import LayerName
from engine.values.jam_options import PadChoice
from engine.values.jam_recording import JamRecordingOrder, JamRecordingState
from tests.app.controllers.conftest import Unstarted
from tests.widgets.jam.states import DRUMS, a_layer, a_state

pytestmark = pytest.mark.gui


def test_what_the_panel_does_reaches_the_jam_and_what_failed_is_told(
    unstarted: Unstarted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, controller, engine = unstarted(JamController)
    panel, done, opened, kept = window.jam_panel, list[object](), list[str](), list[str]()
    for signal, into in (
        (controller.act_wanted, done),
        (controller.open_wanted, opened),
        (controller.keep_wanted, kept),
    ):
        signal.connect(into.append)
    assert panel.groove_bar.key.count() == len(KEYS) + 1
    engine.jam.changed.emit(a_state())
    panel.strips[DRUMS].make_button.click()
    assert done == [acts.Make(DRUMS)]
    engine.jam.failed.emit(NotAJam(path="/srv/x", detail="no file"))
    assert "/srv/x" in panel.groove_bar.note.text()
    assert "/srv/x" in window.console_panel.text.toPlainText()

    # A recording goes where the others go.
    recorded, ended = list[JamRecordingOrder](), list[bool]()
    controller.record_wanted.connect(recorded.append)
    controller.record_end_wanted.connect(lambda: ended.append(True))
    panel.groove_bar.record_button.click()
    assert [Path(one.path).parent for one in recorded] == [Path(controller._store.settings.save_folder)]
    engine.jam.recording_changed.emit(JamRecordingState(recorded[0].path))
    panel.groove_bar.record_button.click()
    assert ended == [True]
    engine.jam.recording_changed.emit(JamRecordingState())
    assert "Nothing was recorded" in panel.groove_bar.note.text()
    panel.set_log("")

    # It is kept beside no other file, and what is there already is replaced only when that is agreed.
    answers: list[QMessageBox.StandardButton] = []
    asked: list[str] = []

    def exec_(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(box.text())
        return answers.pop()

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    panel.save_action.trigger()
    (tmp_path / "mine" / "notes.txt").touch()
    panel.save_action.trigger()
    assert kept == [str(tmp_path / "mine"), str(tmp_path / "mine" / "jam")]
    assert panel.groove_bar.note.text() == ""
    assert controller._store.settings.jams_folder == str(tmp_path / "mine")
    (tmp_path / "mine" / JAM_FILE).touch()
    answers += [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel]
    panel.save_action.trigger()
    panel.save_action.trigger()
    assert kept[2:] == [str(tmp_path / "mine")]

    # Loops that are nowhere else are not lost by a click.
    answers += [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel]
    panel.open_action.trigger()
    assert opened == []
    panel.open_action.trigger()
    engine.jam.opened.emit(str(tmp_path / "mine"))
    assert len(asked) == 4
    panel.open_action.trigger()
    assert opened == 2 * [str(tmp_path / "mine")], "what is kept is not asked about"
    panel.strips[DRUMS].make_button.click()
    answers.append(QMessageBox.StandardButton.Cancel)
    panel.open_action.trigger()
    assert len(opened) == 2


def test_a_recording_says_with_which_bar_it_begins_and_that_nothing_plays_yet(unstarted: Unstarted) -> None:
    window, _, engine = unstarted(JamController)
    panel, path = window.jam_panel, "/music/one.flac"
    empty = a_state(drums=a_layer(DRUMS), instruments=a_layer(LayerName.INSTRUMENTS))
    engine.jam.changed.emit(empty)
    engine.jam.recording_changed.emit(JamRecordingState(path, Fraction(0)))
    words = "The jam is recorded from bar 1 on, silent until its first loops are there: one.flac"
    assert panel.log == words
    engine.jam.heard.emit(0.5, ())
    engine.jam.changed.emit(empty)
    assert panel.log == words
    engine.jam.changed.emit(a_state())
    assert panel.log == "The jam is recorded from bar 1 on: one.flac"
    engine.jam.recording_changed.emit(JamRecordingState(path, Fraction(0), Fraction(4)))
    engine.jam.recording_changed.emit(JamRecordingState())
    assert panel.log == ""
    # Where loops play, it is told once it is known; what else is noted meanwhile stays.
    engine.jam.recording_changed.emit(JamRecordingState(path))
    engine.jam.recording_changed.emit(JamRecordingState(path, Fraction(6)))
    assert panel.log == "The jam is recorded from bar 7 on: one.flac"
    engine.jam.failed.emit(NotAJam(path="/srv/x", detail="no file"))
    engine.jam.changed.emit(a_state())
    assert "/srv/x" in panel.log


def test_no_recording_is_ended_by_another(unstarted: Unstarted) -> None:
    window, _, engine = unstarted(JamController)
    button = window.jam_panel.groove_bar.record_button
    engine.transport.changed.emit(TransportState(recording="/music/all.flac"))
    assert not button.isEnabled()
    assert "end that first" in button.toolTip()
    engine.transport.changed.emit(TransportState())
    assert button.isEnabled()
    engine.jam.recording_changed.emit(JamRecordingState("/music/jam.flac", Fraction(0)))
    engine.transport.changed.emit(TransportState(recording="/music/jam.flac"))
    assert button.isEnabled()
    assert button.isChecked()


def test_what_the_pad_moves_is_the_same_after_a_restart(unstarted: Unstarted) -> None:
    window, controller, _ = unstarted(JamController)
    window.jam_panel.groove_bar.effects_button.click()
    pad = window.jam_panel.effects_pane.pad
    assert pad.choice == PadChoice()
    for combo, parameter in ((pad.across, ChannelParameter.REVERB), (pad.up, ChannelParameter.REVERB)):
        combo.setCurrentIndex(combo.findData(parameter))
    pad.spring_button.click()
    chosen = PadChoice(ChannelParameter.DELAY, ChannelParameter.REVERB, True)
    assert pad.choice == chosen, "both ways cannot move the same"
    kept = controller._store.settings
    ways = {"jam_pad_across": kept.jam_pad_across, "jam_pad_up": kept.jam_pad_up}
    window, _, _ = unstarted(JamController, jam_pad_springs=kept.jam_pad_springs, **ways)
    assert window.jam_panel.effects_pane.pad.choice == chosen
    same = {"jam_pad_across": "reverb", "jam_pad_up": "reverb"}
    window, _, _ = unstarted(JamController, **same)
    assert window.jam_panel.effects_pane.pad.choice == PadChoice()


def test_room_for_a_jam_is_a_folder_of_its_own(tmp_path: Path) -> None:
    assert room_in(tmp_path / "new") == tmp_path / "new"
    assert room_in(tmp_path) == tmp_path
    (tmp_path / "jam").mkdir()
    assert room_in(tmp_path) == tmp_path / "jam 2"


def test_the_window_plays_a_jam_and_keeps_it(
    unstarted: Unstarted, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_sound: None
) -> None:
    window, _, engine = unstarted(JamController)
    engine.start()
    panel = window.jam_panel
    drums = panel.strips[DRUMS]

    def until(comes: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(comes()), timeout=60_000)

    window.go_to_panel("jam")
    assert panel.groove_bar.start_button.hasFocus()
    until(drums.prompt_edit.text)
    panel.acted.emit(acts.SetTempo(180.0))
    panel.acted.emit(acts.SetBars(1))
    drums.make_button.click()
    until(lambda: "bar" in drums.wave.accessibleName())
    panel.groove_bar.toggle()
    until(lambda: drums.wave.place is not None)
    assert panel.groove_bar.start_button.text() == "Stop the jam"
    until(lambda: panel.groove_bar.counter.text().startswith("2."))
    drums.slots.buttons[0].assigned.emit()
    until(lambda: drums.slots.buttons[0].accessibleName().endswith(", plays"))
    panel.groove_bar.toggle()
    until(lambda: panel.groove_bar.counter.text() == "–")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "kept"))
    panel.save_action.trigger()
    until(lambda: "kept" in panel.groove_bar.note.text())
    assert (tmp_path / "kept" / JAM_FILE).exists()
    assert panel.strips[LayerName.BASS].isHidden()
