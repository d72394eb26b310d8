# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that what a person does in the window comes to the engine when and as it is meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app import paths
from app.controllers.saving import SavingController
from app.controllers.studio import Controller
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import load_settings
from app.studio import build
from engine.errors import CannotWrite, DiskNearlyFull, NothingHeard
from engine.qt.studio import StudioEngine
from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.session.options import LoopView, Places, StudioOptions
from engine.values import ChannelSnapshot, Clip, FileShape, Jump, LoopRegion, Progress, SeamProof, WrittenFile
from engine.values.save_options import SAVE_FORMAT
from engine.worker.score_saving import ScoreWritten
from tests.app.controllers.conftest import Unstarted
from tests.snapshots import playing
from tests.starters import shipped
from widgets.dialogs.save_sheet import SaveSheet
from widgets.seam_scope.layers import Layer

pytestmark = pytest.mark.gui


@pytest.fixture
def studio(unstarted: Unstarted) -> tuple[MainWindow, Controller, StudioEngine]:
    return unstarted(Controller, prompt="rain")


@pytest.fixture(scope="module")
def view() -> LoopView:
    starter = shipped()[0]
    loop = LoopInHand.of_recipe(1, starter.clip, starter.recipe, is_starter=True)
    return NowPlaying(loop, Baker(480.0, -16.0)).view()


def test_chords_that_cannot_be_read_are_told_and_not_asked_for(
    studio: tuple[MainWindow, Controller, StudioEngine],
) -> None:
    window, controller, _ = studio
    field, notices = window.generate_panel.parameters.controls["chords"].widget, window.notice_bar
    assert isinstance(field, QLineEdit)
    for text, kept in (("Am | H7", {}), ("Am | E7", {"composer": {"chords": "Am | E7"}})):
        field.setText(text)
        field.editingFinished.emit()
        assert ("“H7”" in notices.notice()) is not bool(kept)
        assert controller.store.settings.generator_parameters == kept


def told(spy: QSignalSpy) -> list[StudioOptions]:
    return [spy.at(i)[0] for i in range(spy.count())]


def test_a_prompt_is_the_engine_s_when_it_is_entered(
    studio: tuple[MainWindow, Controller, StudioEngine], qtbot: QtBot
) -> None:
    window, controller, _ = studio
    options, bar = QSignalSpy(controller.options_changed), window.prompt_bar
    bar.edit.setText("bossa nov")
    qtbot.waitUntil(lambda: load_settings(paths.settings_file()).prompt == "bossa nov")
    window.generate_panel.min_play.slider.setValue(3)
    bar.edit.clear()
    qtbot.waitUntil(lambda: load_settings(paths.settings_file()).min_play_s == told(options)[-1].min_play_s)
    window.generate_panel.min_play.slider.setValue(4)
    assert {one.prompt for one in told(options)} == {"rain"}, "of what is being typed no music is made yet"
    assert load_settings(paths.settings_file()).prompt == "rain", "no prompt is none to come back to"
    bar.edit.setText("bossa nova")
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert told(options)[-1].prompt == "bossa nova"


def test_enter_goes_on_with_what_was_paused(studio: tuple[MainWindow, Controller, StudioEngine]) -> None:
    window, controller, engine = studio
    started = QSignalSpy(controller.start_wanted)
    engine.transport.running_changed.emit(True)
    QTest.keyClick(window.prompt_bar.edit, Qt.Key.Key_Return)
    assert started.count() == 1, "the engine knows that it plays already, or is paused"


def test_salva_begins_where_it_wrote_last_and_recordings_stay_where_they_go(
    studio: tuple[MainWindow, Controller, StudioEngine], view: LoopView, tmp_path: Path, qtbot: QtBot
) -> None:
    window, _, engine = studio
    kept, elsewhere = tmp_path, tmp_path / "elsewhere"
    elsewhere.mkdir()
    engine.loop.changed.emit(view)
    saving = window.findChild(SavingController)
    assert isinstance(saving, SavingController)
    begun, saved = QSignalSpy(saving.saving_begun), QSignalSpy(saving.save_wanted)
    for folder in (kept, elsewhere):
        window.prompt_bar.save_button.click()
        sheet = window.findChild(SaveSheet)
        assert isinstance(sheet, SaveSheet)
        assert sheet.folder() == str(folder)
        assert begun.count() == saved.count() + 1, "what is heard now is what is saved"
        combo = sheet.control_of(SAVE_FORMAT).widget
        assert isinstance(combo, QComboBox)
        combo.setFocus()
        QTest.keyClicks(combo, "F")
        sheet.set_folder(str(elsewhere))
        sheet.name_edit.setText("loop")
        QTest.keyClick(sheet.name_edit, Qt.Key.Key_Return)
        assert list(saved.at(saved.count() - 1))[:2] == [str(elsewhere), "loop"]
        assert saved.at(saved.count() - 1)[2].ending == ".flac"
        qtbot.waitUntil(lambda: window.findChild(SaveSheet) is None)
    qtbot.waitUntil(lambda: load_settings(paths.settings_file()).save_format == ".flac")
    assert load_settings(paths.settings_file()).save_folder == str(kept)


def test_salva_makes_the_folder_that_it_proposes_but_no_missing_disk(
    studio: tuple[MainWindow, Controller, StudioEngine], view: LoopView, tmp_path: Path, qtbot: QtBot
) -> None:
    window, _, engine = studio
    engine.loop.changed.emit(view)
    for folder, is_made in ((tmp_path / "Music", True), (tmp_path / "disk" / "loops", False)):
        window.prompt_bar.save_button.click()
        sheet = window.findChild(SaveSheet)
        assert isinstance(sheet, SaveSheet)
        sheet.set_folder(str(folder))
        QTest.keyClick(sheet.name_edit, Qt.Key.Key_Return)
        assert folder.is_dir() == is_made
        qtbot.waitUntil(lambda: window.findChild(SaveSheet) is None)


def test_what_is_saved_beside_a_loop_is_asked_remembered_and_told(
    studio: tuple[MainWindow, Controller, StudioEngine], view: LoopView, tmp_path: Path, qtbot: QtBot
) -> None:
    window, _, engine = studio
    saving = window.findChild(SavingController)
    assert isinstance(saving, SavingController)
    saved, cancelled = QSignalSpy(saving.save_wanted), QSignalSpy(saving.cancel_wanted)
    unknown = replace(view, recipe=replace(view.recipe, generator="by hand"))
    seedless = replace(view, recipe=replace(view.recipe, seed=None))
    silent = replace(view, recipe=replace(view.recipe, generator="musicgpt"))
    for shown, tips in (
        (view, ("MIDI file of the same name", "WAV file for each part")),
        (unknown, ("not known how", "not known how")),
        (seedless, ("cannot be made again", "cannot be made again")),
        (silent, ("does not tell its notes", "does not give its parts")),
        (view, ("MIDI file of the same name", "WAV file for each part")),
    ):
        engine.loop.changed.emit(shown)
        window.prompt_bar.save_button.click()
        dialog = window.findChild(SaveSheet)
        assert isinstance(dialog, SaveSheet)
        checks = (dialog.notes_check, dialog.parts_check)
        assert [tip in check.toolTip() for check, tip in zip(checks, tips, strict=True)] == [True, True]
        assert {check.isEnabled() for check in checks} == {shown is view}
        assert {check.isChecked() for check in checks} == {shown is view and saved.count() > 0}
        for check in checks:
            check.setChecked(check.isEnabled())
        dialog.save_button.click()
        assert list(saved.at(saved.count() - 1))[3:] == [shown is view] * 2
        qtbot.waitUntil(lambda: window.findChild(SaveSheet) is None)
    qtbot.waitUntil(lambda: load_settings(paths.settings_file()).save_parts)
    assert load_settings(paths.settings_file()).save_notes
    bar = window.notice_bar
    engine.saving.progressed.emit("Rain", Progress(1, 0.4, "composing"))
    assert bar.notice() == "Notes and parts: “Rain” is made once more · 40 %"
    QTest.mouseClick(bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert cancelled.count() == 1
    engine.saving.progressed.emit("Rain", None)
    engine.saving.score_saved.emit(ScoreWritten(2, "/music/Rain.mid", "/music/Rain stems"))
    assert bar.notice() == "Saved beside the loop: Rain.mid, and the parts in “Rain stems”"
    bar.clear_notice("saved")
    files_cancelled = QSignalSpy(saving.cancel_files_wanted)
    engine.saving.files_progressed.emit("Rain", 0.25, False)
    assert bar.notice() == "“Rain” is written · 25 %"
    QTest.mouseClick(bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert files_cancelled.count() == 1
    shape = FileShape("Rain.wav", 44_100, 2, 44_100, tagged=LoopRegion(0, 44_100), proved=LoopRegion(0, 44_100))
    right = WrittenFile("/music/Rain.wav", shape, 44_100, True, SeamProof(0.1, 0.1, 0.0, 0.0, 0.974))
    engine.saving.files_written.emit((right,))
    assert bar.notice() == "Rain.wav: 1.00 s, loop tags right, seam quieter than 97 % of its beats"
    wrong = replace(right, n_samples=44_099, are_tags_right=False, jumps=(Jump.CLICK,))
    engine.saving.files_written.emit((right, wrong))
    assert "44100 samples were written, 44099 are read, its loop tags are wrong" in bar.notice()
    assert bar.notice().endswith("it clicks")
    bar.clear_notice("saved")


def test_the_card_counts_seconds_whatever_the_clips_rate(studio: tuple[MainWindow, Controller, StudioEngine]) -> None:
    window, _, engine = studio
    starter = shipped()[0]
    rate = 96_000
    recipe = replace(starter.recipe, loop=replace(starter.recipe.loop, region=LoopRegion(0, 4 * rate), bars=None))
    loop = LoopInHand.of_recipe(1, Clip(starter.clip.samples, rate), recipe)
    engine.loop.changed.emit(NowPlaying(loop, Baker(480.0, -16.0)).view())
    # Heard at the studio's rate: one turn and two seconds.
    engine.output.snapshot_taken.emit(playing(ChannelSnapshot(1, 2 * 44_100, 1)))
    engine.transport.running_changed.emit(True)
    assert "00:06" in window.now_playing_panel.progress_label.text()


def test_a_device_that_was_closed_keeps_its_latency(studio: tuple[MainWindow, Controller, StudioEngine]) -> None:
    window, _, engine = studio
    engine.output.device_changed.emit("default", None)
    engine.transport.running_changed.emit(True)
    engine.output.snapshot_taken.emit(playing(ChannelSnapshot(1)))
    engine.transport.running_changed.emit(False)
    engine.output.snapshot_taken.emit(playing(latency_s=0.0))
    assert window.output_panel.latency_label.text() == "58 ms latency"


def test_a_notice_stays_until_it_is_no_longer_true(studio: tuple[MainWindow, Controller, StudioEngine]) -> None:
    window, _, engine = studio
    bar = window.notice_bar
    engine.notices.failed.emit(CannotWrite(path="/lib/takes", detail="Read-only file system"))
    engine.notices.failed.emit(NothingHeard())
    engine.notices.failed.emit(CannotWrite(path="/music/a.flac", detail="No space left on device"))
    engine.notices.failed.emit(CannotWrite(path="/music/b.flac", detail="No space left on device"))
    assert "/music/b.flac" in bar.notice()
    assert bar.more_label.text() == "and 2 more", "the library's is another matter than the music folder's"
    engine.notices.saved.emit("/music/c.flac")
    bar.clear_notice("saved")
    assert "/lib/takes" in bar.notice()
    assert bar.more_label.text() == "", "what was said of the music folder is over"


def test_the_card_tells_of_what_plays_from_the_first_moment(
    studio: tuple[MainWindow, Controller, StudioEngine], view: LoopView
) -> None:
    window, _, engine = studio
    card = window.now_playing_panel.progress_label
    engine.loop.changed.emit(view)
    assert card.text().startswith("Not playing")
    engine.transport.running_changed.emit(True)
    assert card.text().startswith("turn 1"), "before it was heard of"
    engine.loop.changed.emit(replace(view, loop_id=2))
    assert card.text().startswith("turn 1"), "and of the next one"


def test_a_chosen_data_folder_is_remembered_once_it_was_there(
    studio: tuple[MainWindow, Controller, StudioEngine], qtbot: QtBot
) -> None:
    _, controller, engine = studio
    options = QSignalSpy(controller.options_changed)
    engine.library.opened.emit(str(paths.data_folder()))
    assert told(options) == [], "the usual place may be made anew"
    chosen = controller.store.settings.data_folder
    engine.library.opened.emit(chosen)
    assert [one.is_library_known for one in told(options)] == [True]
    qtbot.waitUntil(lambda: load_settings(paths.settings_file()).known_data_folder == chosen)
    engine.library.opened.emit(chosen)
    assert options.count() == 1


def test_a_warning_goes_when_it_is_true_no_more(studio: tuple[MainWindow, Controller, StudioEngine]) -> None:
    window, _, engine = studio
    low = DiskNearlyFull(path="/music", gigabytes=0.4)
    full = CannotWrite(path="/music/takes/1.flac", detail="No space left on device")
    for error in (low, full):
        engine.notices.failed.emit(error)
    assert "No space left" in window.notice_bar.notice()
    engine.notices.recovered.emit(full)
    assert "nearly full (0.4 GB" in window.notice_bar.notice()
    engine.notices.recovered.emit(low)
    assert window.notice_bar.notice() == ""


def test_what_is_clicked_away_is_out_of_the_prompt_and_understood_no_more(
    studio: tuple[MainWindow, Controller, StudioEngine], qtbot: QtBot
) -> None:
    window, _, _ = studio
    bar = window.prompt_bar
    bar.edit.setText("  lofi, no drums or bass, 400 bpm")
    qtbot.waitUntil(lambda: "no drums" in bar.chips.words())
    assert "30–300" in bar.chips.chip("400 bpm is out of range").toolTip()
    QTest.mouseClick(bar.chips.chip("no drums"), Qt.MouseButton.LeftButton)
    assert bar.prompt() == "lofi, no bass, 400 bpm"
    qtbot.waitUntil(lambda: "no drums" not in bar.chips.words())
    assert bar.chips.words() == ("400 bpm is out of range", "lofi", "no bass"), "what is refused comes first"
    bar.chips.setFocus()
    QTest.keyClick(bar.chips, Qt.Key.Key_Home)
    QTest.keyClick(bar.chips, Qt.Key.Key_Delete)
    assert bar.prompt() == "lofi, no bass"
    bar.edit.undo()
    assert bar.prompt() == "lofi, no bass, 400 bpm"


def test_what_is_drawn_over_the_pictures_is_remembered(
    studio: tuple[MainWindow, Controller, StudioEngine], qtbot: QtBot, tmp_path: Path
) -> None:
    window, _, _ = studio
    chords, notes = window.waveform_panel.chords_button, window.spectrogram_panel.notes_button
    assert (chords.isChecked(), notes.isChecked()) == (True, False)
    chords.click()
    scope = window.seam_scope_panel
    scope.layer_buttons[Layer.GAINS].click()
    scope.snap_combo.setCurrentIndex(1)
    scope.snap_combo.activated.emit(1)
    notes.click()
    qtbot.waitUntil(lambda: load_settings(paths.settings_file()).show_notes)
    kept = load_settings(paths.settings_file())
    assert not kept.show_chords
    assert (kept.seam_gains, kept.seam_before, kept.seam_snap) == (False, True, "crossings")
    other, engine = build(kept, Places(str(RESOURCES / "starters")))
    qtbot.addWidget(other)
    assert not other.waveform_panel.chords_button.isChecked()
    assert other.spectrogram_panel.plot.notes.isVisible()
    assert Layer.GAINS not in other.seam_scope_panel.layers()
    assert other.seam_scope_panel.snap_combo.currentIndex() == 1
    other.close()
    engine.shut_down()
