# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that what the engine tells of the music comes to the panels, and files go where they should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from app.controllers.studio import Controller
from app.controllers.transport import TransportController
from app.main_window import MainWindow
from app.paths import RESOURCES, dated_recording
from app.settings import Settings
from app.studio import build
from engine.errors import GeneratorHung
from engine.qt.studio import StudioEngine
from engine.recording.recorded_stems import stems_folder
from engine.session.options import NextState, Places
from engine.values import ChannelSnapshot, Entry, Meters, MusicInHand, Progress, TransportState
from engine.values.jam_recording import JamRecordingState
from tests.snapshots import playing

pytestmark = pytest.mark.gui

PLAYING = TransportState(is_running=True, has_next=True, can_rate=True)
SNAPSHOT = playing(ChannelSnapshot(1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not there yet" / "music"


@pytest.fixture
def studio(qtbot: QtBot, folder: Path, tmp_path: Path) -> Iterator[tuple[MainWindow, StudioEngine]]:
    settings = replace(Settings(), save_folder=str(folder), data_folder=str(tmp_path / "data"))
    window, engine = build(settings, Places(str(RESOURCES / "starters")))
    qtbot.addWidget(window)
    window.show()
    yield window, engine
    window.close()
    engine.shut_down()


def controller_of(window: MainWindow) -> TransportController:
    found = window.findChild(TransportController)
    assert isinstance(found, TransportController)
    return found


def test_every_panel_shows_the_state(studio: tuple[MainWindow, StudioEngine]) -> None:
    window, engine = studio
    engine.transport.changed.emit(replace(PLAYING, is_held=True, is_favourite=True, is_paused=True))
    assert window.transport_bar.hold_button.isChecked()
    assert window.now_playing_panel.heart_label.isVisible()
    assert window.now_playing_panel.header.info == "held · paused"
    engine.output.meters_taken.emit(Meters(-2.4, -16.1))
    assert window.output_panel.header.info == "−16.1 LUFS"
    engine.generation.hand_changed.emit(MusicInHand(130.0, 1, 9.0))
    assert window.next_panel.hand_label.text() == "music in hand: 2 min 10 s"
    engine.transport.changed.emit(TransportState())
    engine.output.meters_taken.emit(Meters(-9.0, -18.4))
    assert window.output_panel.header.info == "−∞ LUFS", "what fades out after a stop is not measured any more"
    assert window.next_panel.hand_label.text() == "music in hand: –"


def test_a_takeover_runs_along_the_curve_while_it_is_heard(studio: tuple[MainWindow, StudioEngine]) -> None:
    window, engine = studio
    curves = window.overlap_panel.curves
    engine.output.snapshot_taken.emit(playing(ChannelSnapshot(1, incoming_id=2, fade=0.3)))
    assert curves.progress is None, "nothing plays"
    engine.transport.changed.emit(PLAYING)
    engine.output.snapshot_taken.emit(playing(ChannelSnapshot(1, incoming_id=2, fade=0.3)))
    assert curves.progress == 0.3
    engine.output.snapshot_taken.emit(SNAPSHOT)
    assert curves.progress is None
    engine.output.snapshot_taken.emit(playing(ChannelSnapshot(1, incoming_id=2, fade=0.6)))
    engine.transport.changed.emit(TransportState())
    assert curves.progress is None


def test_what_is_kept_and_recorded_goes_into_the_folder_under_the_day_and_time(
    studio: tuple[MainWindow, StudioEngine], folder: Path
) -> None:
    window, engine = studio
    controller = controller_of(window)
    engine.transport.changed.emit(PLAYING)
    kept, recorded, ended = (
        QSignalSpy(signal)
        for signal in (controller.keep_wanted, controller.recording_wanted, controller.recording_end_wanted)
    )
    QTest.mouseClick(window.transport_bar.keep_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(window.transport_bar.record_button, Qt.MouseButton.LeftButton)
    for spy in (kept, recorded):
        assert spy.count() == 1
        path = Path(spy.at(0)[0])
        assert path.parent == folder
        assert re.fullmatch(r"Infiniloop \d{4}-\d\d-\d\d \d\d\.\d\d( \(2\))?\.flac", path.name)
    assert kept.at(0)[0] != recorded.at(0)[0], "one would take the other's place: neither file is there yet"
    assert folder.is_dir()
    engine.transport.changed.emit(replace(PLAYING, recording="/music/x.flac"))
    assert window.notice_bar.notice() == "Recording to /music/x.flac"
    QTest.mouseClick(window.transport_bar.record_button, Qt.MouseButton.LeftButton)
    assert (recorded.count(), ended.count()) == (1, 1)
    engine.transport.changed.emit(PLAYING)
    assert window.notice_bar.notice() == ""


def test_a_jam_that_is_recorded_is_the_one_recording_and_its_own_panel_tells_of_it(
    studio: tuple[MainWindow, StudioEngine],
) -> None:
    window, engine = studio
    controller, button, path = controller_of(window), window.transport_bar.record_button, "/music/jam.flac"
    ended, jam_ended = QSignalSpy(controller.recording_end_wanted), QSignalSpy(controller.jam_recording_end_wanted)
    engine.jam.recording_changed.emit(JamRecordingState(path))
    engine.transport.changed.emit(TransportState(recording=path))
    assert window.notice_bar.notice() == ""
    assert (button.words(), button.isChecked()) == ("Jam", True)
    assert "The jam is recorded to /music/jam.flac" in button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (ended.count(), jam_ended.count()) == (0, 1)
    engine.jam.recording_changed.emit(JamRecordingState())
    engine.transport.changed.emit(TransportState())
    assert (button.words(), button.isChecked(), button.isEnabled()) == ("Record", False, False)


def test_a_folder_that_cannot_be_made_is_told(studio: tuple[MainWindow, StudioEngine], folder: Path) -> None:
    window, engine = studio
    folder.parent.write_text("a file is where the folder should be")
    kept = QSignalSpy(controller_of(window).keep_wanted)
    engine.transport.changed.emit(PLAYING)
    QTest.mouseClick(window.transport_bar.keep_button, Qt.MouseButton.LeftButton)
    assert kept.count() == 0
    assert "cannot be written" in window.notice_bar.notice()


def test_a_name_is_never_taken_twice(tmp_path: Path) -> None:
    when = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
    assert dated_recording(tmp_path, when).name == "Infiniloop 2026-11-21 14.05.flac"
    (tmp_path / "Infiniloop 2026-11-21 14.05.flac").touch()
    assert dated_recording(tmp_path, when).name == "Infiniloop 2026-11-21 14.05 (2).flac"
    (tmp_path / "Infiniloop 2026-11-21 14.05 (2).cue").touch()
    third = dated_recording(tmp_path, when)
    assert third.name == "Infiniloop 2026-11-21 14.05 (3).flac"
    stems_folder(str(third)).mkdir()
    fourth = dated_recording(tmp_path, when)
    assert fourth.name == "Infiniloop 2026-11-21 14.05 (4).flac"
    assert dated_recording(tmp_path, when, promised={fourth}).name == "Infiniloop 2026-11-21 14.05 (5).flac"


def test_a_change_of_the_takeover_reaches_the_engine(studio: tuple[MainWindow, StudioEngine]) -> None:
    window, _ = studio
    controller = window.findChild(Controller)
    assert isinstance(controller, Controller)
    options = QSignalSpy(controller.options_changed)
    window.overlap_panel.bass_button.click()
    QTest.keyClick(window.overlap_panel.bars_combo, Qt.Key.Key_End)
    wish = options.at(options.count() - 1)[0].transition
    assert (wish.bass_swap, wish.bars, wish.overlap_ms) == (False, 8, window.overlap_panel.overlap_ms())


def test_what_is_ready_is_told_between_the_clips_that_are_made(studio: tuple[MainWindow, StudioEngine]) -> None:
    window, engine = studio
    panel = window.next_panel
    engine.generation.next_changed.emit(NextState("ready", title="Rain"))
    assert panel.stage_label.text() == "“Rain” is ready"
    engine.generation.progress_changed.emit(Progress(1, 0.5, "composing"))
    assert panel.stage_label.text() == "Composing"
    engine.generation.progress_changed.emit(None)
    assert panel.stage_label.text() == "“Rain” is ready", "of another clip made while it waits nothing is left"
    engine.generation.progress_changed.emit(Progress(1, 0.5, "composing"))
    engine.generation.next_changed.emit(NextState("ready", title="Rain", entry=Entry.LOOP_END))
    assert panel.stage_label.text() == "“Rain” comes in at the loop's end", "what was asked for is told at once"
    engine.generation.next_changed.emit(NextState("ready", title="Rain", entry=Entry.NOW))
    assert panel.stage_label.text() == "“Rain” comes in now"
    engine.generation.progress_changed.emit(None)
    engine.generation.next_changed.emit(
        NextState("failed", retry_s=60.0, error=GeneratorHung(generator="x", limit_s=9.0))
    )
    assert panel.stage_label.property("role") == "warning"
    engine.generation.next_changed.emit(NextState("idle"))
    assert panel.stage_label.text() == ""
