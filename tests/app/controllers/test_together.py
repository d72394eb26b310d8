# SPDX-License-Identifier: GPL-3.0-or-later
"""In the real window a jam is played by a real port of MIDI, and a control is learned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import paths
from app.controllers.together import TogetherController
from engine.library.midi_map import read_map
from engine.session.jam.midi_words import Deed
from engine.together.messages import TogetherPlan
from engine.values.jam import LayerName
from engine.values.midi import MidiControl
from tests.app.controllers.conftest import Unstarted
from tests.engine.together.instruments import Instrument

pytestmark = pytest.mark.gui


def test_the_process_is_wanted_from_when_the_panel_is_seen(unstarted: Unstarted) -> None:
    window, controller, engine = unstarted(TogetherController, jam_midi=True)
    wanted = list[TogetherPlan]()
    controller.plan_wanted.connect(wanted.append)
    controller._store.change(jam_midi=True)
    assert wanted == []
    window.jam_panel.seen_changed.emit(True)
    window.jam_panel.seen_changed.emit(True)
    assert [one.midi for one in wanted] == [True]
    controller._store.change(jam_midi=False)
    assert [one.midi for one in wanted] == [True, False]
    # What is no act of the jam is done as its button does it.
    window.prompt_bar.set_prompt("")
    started, saved = list[int](), list[int]()
    window.prompt_bar.save_requested.connect(lambda: saved.append(1))
    window.jam_panel.record_toggled.connect(lambda _on: started.append(1))
    engine.together.asked.emit(Deed.STUDIO_SAVE)
    engine.together.asked.emit(Deed.RECORD)
    engine.together.asked.emit(Deed.STUDIO_STOP)
    assert (started, saved) == ([1], [1])


def test_a_real_port_plays_the_window_and_a_knob_is_learned(
    unstarted: Unstarted, qtbot: QtBot, tmp_path: Path, jack_server: str, no_sound: None
) -> None:
    window, controller, engine = unstarted(TogetherController)
    engine.start()
    drums, bass = window.jam_panel.strips[LayerName.DRUMS], window.jam_panel.strips[LayerName.BASS]

    def until(comes: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(comes()), timeout=60_000)

    pads = Instrument()
    try:
        window.go_to_panel("jam")
        until(lambda: controller._ports.inputs)
        window.jam_panel.midi_action.trigger()
        dialog = controller._dialog
        assert dialog is not None
        assert pads.name in dialog.ports.text()
        pads.play((0x99, 64, 100), (0x89, 64, 0))
        until(drums.mute_button.isChecked)
        assert dialog.moved.text() == "pads:out: note 64 channel 10 = 100 → mute drums"
        # A knob that was bound to nothing.
        dialog.choose("mute bass")
        dialog.learn_button.click()
        until(lambda: dialog.moved.text().startswith("Move"))
        pads.play((0xB0, 7, 0))
        until(lambda: "cc 7" in dialog.moved.text())
        pads.play((0xB0, 7, 127))
        until(lambda: not dialog.learn_button.isChecked())
        until(lambda: dialog._items["mute bass"].text(1) == "cc 7 channel 1")
        pads.play((0xB0, 7, 0), (0xB0, 7, 127))
        until(bass.mute_button.isChecked)
        dialog.accept()
        until(paths.midi_map().exists)
        assert read_map(paths.midi_map()) == {MidiControl.read("cc 7 channel 1"): "mute bass"}
    finally:
        pads.close()
