# SPDX-License-Identifier: GPL-3.0-or-later
"""In the real window, fragments are made, heard, copied and set otherwise, and its station ends with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app import paths
from app.controllers.fragments import FragmentsController, plan_of, prompts_of
from app.main_window import MainWindow
from app.settings import Settings
from engine.errors import AllSlotsFrozen, EmptyPrompt, FragmentsBusy, GeneratorError
from engine.fragments.folder import SlotFolder
from engine.fragments.messages import (
    Clear,
    Command,
    Freeze,
    Generate,
    SetMode,
    SetPrompts,
    SetSlotPrompt,
    SetUsualPrompt,
    Stop,
)
from engine.qt.studio import StudioEngine
from engine.values.fragments import FragmentFailed, FragmentMode, FragmentReady
from tests.app.controllers.conftest import Unstarted
from tests.widgets.fragments.states import a_state
from widgets.dragged import local_paths
from widgets.fragments.settings_dialog import FragmentsDialog

pytestmark = pytest.mark.gui


def test_each_option_of_a_station_is_in_its_plan() -> None:
    settings = Settings(
        fragments_folder="/srv/slots",
        fragments_slots=12,
        fragments_rate="48000",
        fragments_duration_s=3.0,
        fragments_prompts=" rain \n\nwind",
        fragments_prompt="sea ",
        fragments_mode="every",
        fragments_every_s=9.0,
        fragments_opens=False,
        model="small",
    )
    plan = plan_of(settings)
    assert (plan.folder, plan.n_slots, plan.sample_rate, plan.duration_s) == ("/srv/slots", 12, 48_000, 3.0)
    assert (plan.prompts, plan.mode, plan.every_s) == (("rain", "wind"), FragmentMode.EVERY, 9.0)
    assert plan.usual_prompt == "sea", "the panel's line, after each start"
    assert (plan.generator, plan.model, plan.bars, plan.sees_opens) == (settings.generator, "small", 0, False)
    assert (plan.page, plan.token_file, plan.osc_in, plan.osc_out) == ("", "", "", "")
    other = replace(
        settings,
        fragments_generator="musicgpt",
        fragments_loops=True,
        fragments_bars=2,
        fragments_bpm=98.5,
        fragments_page=True,
        fragments_port=9001,
        fragments_osc_in="9000",
        fragments_osc_out="192.168.1.7:9002",
    )
    plan = plan_of(other)
    assert (plan.generator, plan.model, plan.bars, plan.bpm) == ("musicgpt", "", 2, 98.5), "the model is the music's"
    assert (plan.page, plan.token_file) == ("127.0.0.1:9001", ""), "this machine alone needs no token"
    assert (plan.osc_in, plan.osc_out) == ("9000", "192.168.1.7:9002")
    plan = plan_of(replace(other, fragments_network=True))
    assert plan.page == "0.0.0.0:9001"
    assert Path(plan.token_file).parent == paths.settings_file().parent


def test_what_the_panel_asks_reaches_the_station_and_is_remembered(
    unstarted: Unstarted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, controller, engine = unstarted(FragmentsController)
    panel = window.fragments_panel
    asked: list[Command] = []
    plans: list[object] = []
    controller.command_wanted.connect(asked.append)
    controller.opening_wanted.connect(plans.append)
    window.go_to_panel("fragments")
    assert panel.folder_button.hasFocus()
    assert plans == [], "no folder is set"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "slots"))
    panel.folder_button.click()
    store = controller._store
    assert plans == [plan_of(store.settings)]
    assert store.settings.fragments_folder == str(tmp_path / "slots")

    engine.fragments.state_changed.emit(a_state())
    panel.prompt_edit.setText("")
    QTest.keyClicks(panel.prompt_edit, "sea")
    panel.make_button.click()
    panel.stop_button.setEnabled(True)
    panel.stop_button.click()
    tile = panel.grid.tiles[0]
    tile.freeze_button.click()
    tile.clear_button.click()
    panel.slot_prompt_changed.emit(4, "bells")
    panel.mode_changed.emit(FragmentMode.WHEN_TAKEN, 15.0)
    assert asked == [
        Generate("sea"), Stop(), Freeze(1), Clear(1), SetSlotPrompt(4, "bells"), SetMode(FragmentMode.WHEN_TAKEN, 15.0),
    ]  # fmt: skip
    assert store.settings.fragments_prompt == "sea"
    QTest.keyClicks(panel.prompt_edit, "s")
    panel.prompt_edit.editingFinished.emit()
    panel.prompt_edit.editingFinished.emit()
    assert asked[6:] == [SetUsualPrompt("seas")], "what is left in the line is what is made by itself"
    assert (store.settings.fragments_mode, store.settings.fragments_every_s) == ("when-taken", 15.0)

    # The dialog's values are taken over; those that change the station are told it.
    panel.settings_button.click()
    dialog = window.findChild(FragmentsDialog)
    assert dialog is not None
    dialog.rotation.setPlainText("rain\nwind")
    dialog.rows.controls["fragments_slots"].set_value(3)
    dialog._on_accepted()
    assert prompts_of(store.settings) == ("rain", "wind")
    assert asked[-1] == SetPrompts(("rain", "wind"))
    assert plans[-1] == plan_of(store.settings)

    # What was made, and what was not, is a line of the panel's and of the console's.
    slot = a_state().slots[2]
    engine.fragments.told.emit(FragmentReady(slot, "rain", "output017.wav", 3.2))
    assert panel.log_line.text() == "3.2 s → output03.wav (archive/output017.wav), 3.2 s long"
    engine.fragments.told.emit(FragmentFailed("rain", GeneratorError(generator="MusicGPT", detail="it is not there")))
    assert panel.log_line.property("role") == "warning"
    engine.fragments.opened.emit("http://127.0.0.1:8421/fragments/")
    assert panel.page_label.isVisible()
    engine.fragments.osc_heard.emit("127.0.0.1:9000")
    assert panel.page_label.text().endswith("/fragments/ · OSC is heard at 127.0.0.1:9000")
    engine.fragments.opened.emit("")
    assert (panel.page_label.text(), panel.page_button.isVisible()) == ("OSC is heard at 127.0.0.1:9000", False)
    # A warning goes when its cause does.
    bare = replace(a_state(), prompts=())
    engine.fragments.failed.emit(EmptyPrompt())
    engine.fragments.state_changed.emit(bare)
    assert panel.log_line.property("role") == "warning"
    engine.fragments.state_changed.emit(a_state())
    assert panel.log_line.text() == ""
    engine.fragments.failed.emit(EmptyPrompt())
    QTest.keyClicks(panel.prompt_edit, "s")
    assert panel.log_line.text() == ""
    engine.fragments.failed.emit(AllSlotsFrozen(n_slots=8))
    engine.fragments.state_changed.emit(replace(a_state(), next_slot=None))
    assert panel.log_line.property("role") == "warning"
    engine.fragments.state_changed.emit(a_state())
    assert panel.log_line.text() == ""
    engine.fragments.shut.emit(FragmentsBusy(folder="/srv/slots"))
    assert "/srv/slots" in panel.reason.text()
    assert panel.page_label.text() == ""
    panel.retry_button.click()
    assert len(plans) == 3
    text = window.console_panel.text.toPlainText()
    assert "output03.wav" in text
    assert "/srv/slots" in text

    # A folder that is taken away ends the station.
    closed: list[bool] = []
    controller.closing_wanted.connect(lambda: closed.append(True))
    values = dialog.values() | {"fragments_folder": "slots"}
    controller._on_chosen(values)
    assert "“slots” cannot be used" in panel.log_line.text()
    controller._on_chosen(values | {"fragments_folder": ""})
    assert closed == [True]
    assert panel.folder_button.isVisible()


Started = tuple[MainWindow, StudioEngine]


@pytest.fixture
def started(unstarted: Unstarted, tmp_path: Path, no_sound: None) -> Started:
    """Return the real window with its engine, on a machine without sound, and a folder of three slots."""
    window, _, engine = unstarted(
        FragmentsController, fragments_folder=str(tmp_path / "slots"), fragments_slots=3, fragments_prompts="rain"
    )
    engine.start()
    return window, engine


@pytest.mark.soak
def test_the_window_has_fragments_made_and_its_station_ends_with_it(
    started: Started, qtbot: QtBot, tmp_path: Path
) -> None:
    window, engine = started
    panel = window.fragments_panel

    def until(comes: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(comes()), timeout=60_000)

    assert "fragments" not in engine.process_ids(), "not before it is seen"
    window.go_to_panel("fragments")
    until(lambda: len(panel.grid.tiles) == 3)
    panel.make_button.click()
    until(lambda: panel.grid.tiles[0].slot.is_filled)
    assert "output01.wav" in panel.log_line.text()
    tile = panel.grid.tiles[0]
    QGuiApplication.clipboard().clear()
    panel.copy_requested.emit(1)
    until(lambda: local_paths(QGuiApplication.clipboard().mimeData()))
    (path,) = local_paths(QGuiApplication.clipboard().mimeData())
    assert Path(path).read_bytes() == (tmp_path / "slots" / "output01.wav").read_bytes()
    tile.hear_button.click()
    until(tile.hear_button.isChecked)
    tile.hear_button.click()
    until(lambda: not tile.hear_button.isChecked())
    station = psutil.Process(engine.process_ids()["fragments"])
    window.close()
    until(lambda: not station.is_running())
    SlotFolder(tmp_path / "slots", 3).close()
