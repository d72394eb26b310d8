# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's recordings are cut, exported, named, thrown away and made videos in the window, as it was asked."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QFile
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.controllers.jam import JamController
from app.controllers.jam_recordings import JamRecordingsController
from engine.values.jam_recording import BarRun, JamRecordingOrder, JamRecordingState, JamTake
from tests.app.controllers.conftest import Unstarted
from widgets.dialogs.name_dialog import NameDialog

pytestmark = pytest.mark.gui


@pytest.fixture
def take(tmp_path: Path) -> JamTake:
    path = tmp_path / "music" / "jam.flac"
    path.parent.mkdir()
    soundfile.write(path, 0.2 * np.sin(np.arange(20_000)[:, None] * (0.05, 0.07)), 44_100)
    (tmp_path / "music" / "jam stems").mkdir()
    return JamTake(str(path), (BarRun(0, 0.0, 5_000.0),), 20_000)


def test_takes_are_cut_exported_named_and_thrown_away(
    unstarted: Unstarted, take: JamTake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window, controller, engine = unstarted(JamRecordingsController)
    asked: list[tuple[object, ...]] = []
    for name in ("cut", "export", "hear", "rename"):
        getattr(controller, f"{name}_wanted").connect(lambda *values, name=name: asked.append((name, *values)))
    window.jam_panel.recordings_action.trigger()
    dialog = controller._dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert "Nothing was recorded" in dialog.note_label.text()
    engine.jam.takes_changed.emit((take,))
    dialog.cut_button.click()
    dialog.hear_button.click()
    music = Path(take.path).parent
    answers = [str(music / "jam.flac"), str(tmp_path / "out"), ""]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (answers.pop(0), ""))
    for _ in range(3):
        dialog.export_button.click()
    part = (0, 4)
    exported = ("export", take.path, str(tmp_path / "out.flac"), *part)
    assert asked == [("cut", take.path, *part), ("hear", take.path, *part), exported]
    assert "there already" in dialog.note_label.text()

    dialog.rename_button.click()
    (named,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, NameDialog) and one.isVisible()]
    assert named._refusal("a/b")
    assert named._refusal("")
    named.edit.setText("My jam")
    named.buttons.accepted.emit()
    renamed = str(music / "My jam.flac")
    assert asked[3:] == [("rename", take.path, renamed)]
    assert sorted(one.name for one in music.iterdir()) == ["My jam stems", "My jam.flac"]
    controller.rename(take.path, "gone")
    assert "gone.flac" in dialog.note_label.text(), "what cannot be done is told"

    trash = tmp_path / "trash"
    trash.mkdir()
    engine.jam.takes_changed.emit((JamTake(renamed, take.runs, take.n_samples),))
    monkeypatch.setattr(QFile, "moveToTrash", lambda _path: False)
    dialog.delete_button.click()
    assert "could not be moved" in dialog.note_label.text()
    monkeypatch.setattr(QFile, "moveToTrash", lambda path: bool(shutil.move(path, trash)))
    dialog.delete_button.click()
    assert asked[-1] == ("rename", renamed, "")
    assert sorted(one.name for one in trash.iterdir()) == ["My jam stems", "My jam.flac"]
    dialog.close()


def test_nothing_is_written_over_unasked(
    unstarted: Unstarted, take: JamTake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, controller, engine = unstarted(JamRecordingsController)
    exported: list[object] = []
    controller.export_wanted.connect(lambda *values: exported.append(values))
    window.jam_panel.recordings_action.trigger()
    dialog = controller._dialog
    assert dialog is not None
    engine.jam.takes_changed.emit((take,))
    link = tmp_path / "link"
    link.symlink_to(Path(take.path).parent)
    for name in ("out.flac", "out.mp4"):
        (tmp_path / name).write_text("another's")
    for answer, button, said in (
        (link / "jam.flac", dialog.export_button, "The recording is there already"),
        (tmp_path / "out", dialog.export_button, "There is a file of this name already."),
        (tmp_path / "out", dialog.video_button, "There is a file of this name already."),
    ):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, answer=answer: (str(answer), ""))
        dialog.set_note("")
        button.click()
        assert said in dialog.note_label.text()
    assert not exported
    assert not controller.video.is_busy
    dialog.close()


def test_one_that_is_going_on_keeps_its_name_and_place(
    unstarted: Unstarted, take: JamTake, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, controller, engine = unstarted(JamRecordingsController)
    renamed: list[object] = []
    controller.rename_wanted.connect(lambda *values: renamed.append(values))
    window.jam_panel.recordings_action.trigger()
    dialog = controller._dialog
    assert dialog is not None
    engine.jam.recording_changed.emit(JamRecordingState(take.path))
    engine.jam.takes_changed.emit((take,))
    monkeypatch.setattr(QFile, "moveToTrash", lambda path: bool(shutil.move(path, f"{path}.trash")))
    for button in (dialog.rename_button, dialog.delete_button):
        dialog.set_note("")
        button.click()
        assert "“jam.flac” is still being recorded" in dialog.note_label.text()
    controller.rename(take.path, "other")
    assert Path(take.path).exists()
    assert not renamed
    engine.jam.recording_changed.emit(JamRecordingState())
    dialog.rename_button.click()
    (named,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, NameDialog) and one.isVisible()]
    named.edit.setText("ä" * 200)
    named.buttons.accepted.emit()
    assert "too long" in named.refused.text()
    Path(take.path).with_name("set.opus").touch()
    named.edit.setText("set")
    named.buttons.accepted.emit()
    assert "already" in named.refused.text()
    named.reject()
    assert not renamed
    dialog.close()


def test_a_video_is_made_beside_the_music_and_can_be_called_off(
    unstarted: Unstarted, take: JamTake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window, controller, engine = unstarted(JamRecordingsController)
    window.jam_panel.recordings_action.trigger()
    dialog = controller._dialog
    assert dialog is not None
    engine.jam.takes_changed.emit((take,))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out"), ""))
    dialog.video_button.click()
    assert dialog.progress.isVisible()
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: not controller.video.is_busy, timeout=60_000)
    assert "called off" in dialog.note_label.text()
    assert not (tmp_path / "out.mp4").exists()
    with qtbot.waitSignal(controller.video.progressed, timeout=60_000):
        dialog.video_button.click()
    qtbot.waitUntil(lambda: not controller.video.is_busy, timeout=60_000)
    assert "is made" in dialog.note_label.text()
    assert (tmp_path / "out.mp4").stat().st_size > 1_000
    assert not dialog.progress.isVisible()
    (tmp_path / "out.mp4").unlink()
    with qtbot.waitSignal(controller.video.progressed, timeout=60_000):
        dialog.video_button.click()
    assert controller.video._process is not None
    os.kill(controller.video._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: not controller.video.is_busy, timeout=60_000)
    assert dialog.note_label.text() == f"“{tmp_path / 'out.mp4'}” was not made: what made it was ended."
    monkeypatch.setenv("PATH", str(tmp_path))
    dialog.video_button.click()
    assert "ffmpeg" in dialog.note_label.text()
    assert not controller.video.is_busy
    dialog.close()


def test_jams_are_recorded_as_it_says(unstarted: Unstarted) -> None:
    window, controller, _ = unstarted(JamController)
    wanted: list[JamRecordingOrder] = []
    controller.record_wanted.connect(wanted.append)
    window.jam_panel.recordings_action.trigger()
    recordings = window.findChild(JamRecordingsController)
    assert isinstance(recordings, JamRecordingsController)
    dialog = recordings._dialog
    assert dialog is not None
    assert dialog.clicks_check.isChecked()
    for check in (dialog.clicks_check, dialog.stems_check, dialog.opus_check):
        check.click()
    window.jam_panel.record_toggled.emit(True)
    assert (wanted[0].has_clicks, wanted[0].has_stems, Path(wanted[0].path).suffix) == (False, True, ".opus")
    settings = controller._store.settings
    assert (settings.jam_clicks, settings.jam_stems, settings.jam_opus) == (False, True, True)
    dialog.opus_check.click()
    window.jam_panel.record_toggled.emit(True)
    assert Path(wanted[1].path).suffix == ".flac"
    dialog.close()
