# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the jam panel to the jam, and opens and keeps jams in folders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.recordings import Recordings
from app.translations import sentence
from engine.errors import StudioError
from engine.generators.standard import KEYS, METRES
from engine.values import ChannelParameter
from engine.values import jam_acts as acts
from engine.values.jam_options import PadChoice
from engine.values.jam_recording import JamRecordingOrder, JamRecordingState
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.values import TransportState
    from engine.values.jam import JamState

OPUS_ENDING = ".opus"
JAM_FILE = "jam.json"
"""Name of the file by which a folder is that of a jam."""
HARMLESS = (
    acts.Stop,
    acts.CallOff,
    acts.CancelMaking,
    acts.SetGain,
    acts.SetMute,
    acts.SetSolo,
    acts.SetEffects,
    acts.SetWah,
    acts.Hold,
    acts.SetGate,
    acts.SetAutomation,
    acts.ArmAutomation,
    acts.Touch,
)
"""Acts after which nothing is there that would be missed."""


class JamController(QObject):
    """The jam controller hands on what a performer does, and tells what could not be done.

    Parameters
    ----------
    say
        Writes a line in the console.
    """

    act_wanted = Signal(object)
    open_wanted = Signal(str)
    keep_wanted = Signal(str)
    record_wanted = Signal(object)
    record_end_wanted = Signal()

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window, self._panel, self._store, self._say = window, window.jam_panel, store, say
        self._state: JamState | None = None
        # The folder of the person's own in which the jam is, and whether it was changed since.
        self._folder, self._is_kept = "", False
        self._recordings, self._recording = Recordings(), JamRecordingState()
        # Whether a bar of the recording was heard, and what was last noted of it.
        self._has_begun, self._noted = False, ""
        panel, jam = self._panel, engine.jam
        panel.set_choices(KEYS, METRES)
        settings = store.settings
        ways = ChannelParameter(settings.jam_pad_across), ChannelParameter(settings.jam_pad_up)
        panel.set_pad(PadChoice(*ways, settings.jam_pad_springs))
        panel.pad_chosen.connect(self._on_pad_chosen)
        self.act_wanted.connect(jam.act)
        self.open_wanted.connect(jam.open)
        self.keep_wanted.connect(jam.keep)
        self.record_wanted.connect(jam.record)
        self.record_end_wanted.connect(jam.stop_recording)
        jam.recording_changed.connect(self._on_recording_changed)
        panel.record_toggled.connect(self._on_record_toggled)
        engine.transport.changed.connect(self._on_transport_changed)
        jam.changed.connect(self._on_changed)
        jam.heard.connect(panel.set_heard)
        jam.heard.connect(self._on_heard)
        jam.failed.connect(self._on_failed)
        jam.opened.connect(self._on_opened)
        jam.kept.connect(self._on_kept)
        panel.acted.connect(self._on_acted)
        panel.open_requested.connect(self._on_open_requested)
        panel.save_requested.connect(self._on_save_requested)

    # --- what the panel asks ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_acted(self, act: acts.JamAct) -> None:
        if not isinstance(act, HARMLESS):
            self._is_kept = False
        self.act_wanted.emit(act)

    @Slot(bool)
    def _on_record_toggled(self, is_wanted: bool) -> None:
        if not is_wanted:
            self.record_end_wanted.emit()
            return
        try:
            path = self._recordings.new_file(self._store.settings.save_folder)
        except StudioError as error:
            self._panel.set_recording(JamRecordingState())
            self._on_failed(error)
            return
        settings = self._store.settings
        if settings.jam_opus:
            path = str(Path(path).with_suffix(OPUS_ENDING))
        self.record_wanted.emit(JamRecordingOrder(path, settings.jam_clicks, settings.jam_stems))

    @Slot(object)
    def _on_pad_chosen(self, choice: PadChoice) -> None:
        across, up = str(choice.across), str(choice.up)
        kept = replace(self._store.settings, jam_pad_across=across, jam_pad_up=up, jam_pad_springs=choice.springs)
        self._store.remember(kept)

    @Slot()
    def _on_open_requested(self) -> None:
        folder = self._asked_folder(self.tr("Open a jam"))
        if not folder:
            return
        if self._holds_loops() and not self._is_kept:
            words = self.tr("Open another jam? The loops of this one are kept in no folder of yours, and go.")
            if not self._is_agreed(words, self.tr("Open")):
                return
        self._panel.forget_warning()
        self.open_wanted.emit(folder)

    @Slot()
    def _on_save_requested(self) -> None:
        folder = self._asked_folder(self.tr("Folder in which the jam is to be kept"))
        if not folder:
            return
        if (Path(folder) / JAM_FILE).exists():
            words = self.tr("“{name}” holds a jam. Keep this one in its place?").format(name=Path(folder).name)
            if folder != self._folder and not self._is_agreed(words, self.tr("Replace")):
                return
        else:
            folder = str(room_in(Path(folder)))
        self._panel.forget_warning()
        self.keep_wanted.emit(folder)

    def _asked_folder(self, title: str) -> str:
        folder = QFileDialog.getExistingDirectory(self._window, title, self._store.settings.jams_folder)
        if folder:
            above = folder if not (Path(folder) / JAM_FILE).exists() else str(Path(folder).parent)
            self._store.remember(replace(self._store.settings, jams_folder=above))
        return folder

    def _holds_loops(self) -> bool:
        return self._state is not None and any(one.playing is not None or any(one.slots) for one in self._state.layers)

    def _is_agreed(self, question: str, go_on: str) -> bool:
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("Jam"), question, buttons, self._window)
        box.button(QMessageBox.StandardButton.Yes).setText(go_on)
        box.button(QMessageBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        return box.exec() == QMessageBox.StandardButton.Yes

    # --- what the jam tells -------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, state: JamState) -> None:
        self._state = state
        self._panel.set_state(state)
        # Said anew once loops play, unless something else was noted meanwhile.
        if self._noted and self._noted == self._panel.log:
            self._note_recording()

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        self._panel.set_log(sentence(error), "warning")
        self._say(sentence(error), Level.WARNING)

    @Slot(object)
    def _on_recording_changed(self, state: JamRecordingState) -> None:
        before, self._recording = self._recording, state
        self._panel.set_recording(state)
        if state.path and state.begins_at is not None and before.begins_at is None:
            self._has_begun = False
            self._note_recording()
            self._say(self._recording_words(state.path), Level.INFO)
        elif before.path and not state.path:
            noted, self._noted = self._noted, ""
            if not self._has_begun:
                self._log(self.tr("Nothing was recorded: it was to begin with a later bar."))
            elif noted == self._panel.log:
                # Where it was saved is told as it is of every recording.
                self._panel.set_log("")

    @Slot(float, object)
    def _on_heard(self, bars: float, _channels: object) -> None:
        begins_at = self._recording.begins_at
        self._has_begun = self._has_begun or (begins_at is not None and bars >= begins_at)

    @Slot(object)
    def _on_transport_changed(self, state: TransportState) -> None:
        """Leave a recording alone that the studio makes: there is one at a time."""
        self._panel.set_recorded_elsewhere(bool(state.recording) and state.recording != self._recording.path)

    def _note_recording(self) -> None:
        # The file's name has room beside the controls; its folder is told in the console.
        self._noted = self._recording_words(Path(self._recording.path).name)
        self._panel.set_log(self._noted)

    def _recording_words(self, file: str) -> str:
        words = self.tr("The jam is recorded from bar {bar} on: {file}")
        if self._state is None or all(one.playing is None for one in self._state.layers):
            words = self.tr("The jam is recorded from bar {bar} on, silent until its first loops are there: {file}")
        return words.format(bar=int(self._recording.begins_at or 0) + 1, file=file)

    @Slot(str)
    def _on_opened(self, folder: str) -> None:
        if folder:
            self._folder, self._is_kept = folder, True
            self._log(self.tr("The jam is open: {folder}").format(folder=folder))

    @Slot(str)
    def _on_kept(self, folder: str) -> None:
        self._folder, self._is_kept = folder, True
        self._log(self.tr("The jam is kept in {folder}").format(folder=folder))

    def _log(self, words: str) -> None:
        self._panel.set_log(words)
        self._say(words, Level.INFO)


def room_in(folder: Path) -> Path:
    """Return the folder if it is empty, else one in it that is not there yet: nothing is mixed with other files."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return folder
    names = ("jam" if number == 1 else f"jam {number}" for number in count(1))
    return next(one for one in (folder / name for name in names) if not one.exists())
