# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller shows a jam's recordings, and does what is asked of them: names, files, videos, the trash."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from app.controllers.beside import CommandBeside
from app.translations import sentence
from engine.errors import StudioError
from engine.values.jam_recording import JamRecordingState, JamRecordingWish
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.values.jam_recording import JamTake
    from widgets.jam.recordings import RecordingsDialog

FORMATS = "FLAC (*.flac);;WAV (*.wav);;OGG Vorbis (*.ogg);;Opus (*.opus)"
ENDINGS = (".flac", ".wav", ".ogg", ".opus")
VIDEO_ENDING = ".mp4"


class JamRecordingsController(QObject):
    """The recordings controller has its dialog made when it is asked for first.

    Parameters
    ----------
    say
        Writes a line in the console.
    """

    cut_wanted = Signal(str, int, int)
    export_wanted = Signal(str, str, int, int)
    hear_wanted = Signal(str, int, int)
    hush_wanted = Signal()
    rename_wanted = Signal(str, str)

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._say = window, store, say
        self._takes: tuple[JamTake, ...] = ()
        # The one that is going on.
        self._recorded = ""
        self._dialog: RecordingsDialog | None = None
        self.video = CommandBeside(self)
        self.video.progressed.connect(self._on_progressed)
        self.video.ended.connect(self._on_video_ended)
        window.closing.connect(self.video.close)
        jam = engine.jam
        self.cut_wanted.connect(jam.cut_take)
        self.export_wanted.connect(jam.export_take)
        self.hear_wanted.connect(jam.hear_take)
        self.hush_wanted.connect(jam.hush_take)
        self.rename_wanted.connect(jam.rename_take)
        jam.recording_changed.connect(self._on_recording_changed)
        jam.takes_changed.connect(self._on_takes)
        jam.take_written.connect(self._on_written)
        jam.take_heard.connect(self._on_heard)
        jam.failed.connect(self._on_failed)
        window.jam_panel.recordings_requested.connect(self.show)

    @Slot()
    def show(self) -> None:
        """Show the recordings."""
        if self._dialog is None:
            self._dialog = self._made()
        dialog = self._dialog
        settings = self._store.settings
        dialog.set_wish(JamRecordingWish(settings.jam_clicks, settings.jam_stems, settings.jam_opus))
        dialog.set_takes(self._takes)
        dialog.set_note("" if self._takes else self.tr("Nothing was recorded in this jam yet."))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _made(self) -> RecordingsDialog:
        # Loaded when it is asked for first.
        from widgets.jam.recordings import RecordingsDialog

        dialog = RecordingsDialog(self._window)
        dialog.wish_changed.connect(self._on_wish)
        dialog.hear_requested.connect(self.hear_wanted)
        dialog.hush_requested.connect(self.hush_wanted)
        dialog.cut_requested.connect(self.cut_wanted)
        dialog.export_requested.connect(self._on_export)
        dialog.rename_requested.connect(self._on_rename)
        dialog.video_requested.connect(self._on_video)
        dialog.cancel_requested.connect(self.video.cancel)
        dialog.delete_requested.connect(self._on_delete)
        dialog.finished.connect(lambda _result: self.hush_wanted.emit())
        return dialog

    # --- what is asked ------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_wish(self, wish: JamRecordingWish) -> None:
        self._store.remember(
            replace(self._store.settings, jam_clicks=wish.has_clicks, jam_stems=wish.has_stems, jam_opus=wish.is_opus)
        )

    @Slot(str, int, int)
    def _on_export(self, path: str, first: int, end: int) -> None:
        target, _ = QFileDialog.getSaveFileName(self._window, self.tr("Export the recording"), path, FORMATS)
        if not target:
            return
        if Path(target).suffix.lower() not in ENDINGS and not self._is_free(target := target + Path(path).suffix):
            return
        if os.path.realpath(target) == os.path.realpath(path):
            self._tell(self.tr("The recording is there already: choose another name or format."), "warning")
            return
        self.export_wanted.emit(path, target, first, end)

    @Slot(str)
    def _on_rename(self, path: str) -> None:
        from engine.recording.names import fits, is_free
        from widgets.dialogs.name_dialog import NameDialog

        if self._is_going_on(path):
            return
        old = Path(path)

        def refusal(name: str) -> str:
            if not name or "/" in name or "\0" in name or name.startswith("."):
                return self.tr("A name has at least one letter, no slash, and no dot at its beginning.")
            if not fits(path, name):
                return self.tr("This name is too long for a file.")
            if name != old.stem and not is_free(path, name):
                return self.tr("There is a file of this name already.")
            return ""

        title, label = self.tr("Rename the recording"), self.tr("&Name of the recording")
        dialog = NameDialog(title, label, old.stem, refusal, self._dialog or self._window)
        dialog.named.connect(lambda name: self.rename(path, name))
        dialog.open()

    def rename(self, path: str, name: str) -> None:
        """Give a recording another name, and the folder of its stems."""
        from engine.recording.names import rename_recording

        if name == Path(path).stem or self._is_going_on(path):
            return
        try:
            new = rename_recording(path, name)
        except StudioError as error:
            self._on_failed(error)
            return
        self.rename_wanted.emit(path, str(new))

    @Slot(str)
    def _on_video(self, path: str) -> None:
        # Loaded when it is asked for first.
        from engine.recording.video import ffmpeg

        try:
            ffmpeg()
        except StudioError as error:
            self._on_failed(error)
            return
        proposed = str(Path(path).with_suffix(VIDEO_ENDING))
        title = self.tr("Make a video of the recording")
        target, _ = QFileDialog.getSaveFileName(self._window, title, proposed, f"MP4 (*{VIDEO_ENDING})")
        if not target or self.video.is_busy:
            return
        if Path(target).suffix.lower() != VIDEO_ENDING and not self._is_free(target := target + VIDEO_ENDING):
            return
        words = ["video", path, "-o", target, "--title", Path(path).stem, "--force", "--progress"]
        self.video.run(words, target, tells=True)
        if self._dialog is not None:
            self._dialog.set_making(0.0)

    @Slot(str)
    def _on_delete(self, path: str) -> None:
        if self._is_going_on(path):
            return
        self.hush_wanted.emit()
        for one in (Path(path), _stems(Path(path))):
            if one.exists() and not _is_trashed(one):
                words = self.tr("“{path}” could not be moved to the trash: delete it yourself.").format(path=str(one))
                self._tell(words, "warning")
                return
        self.rename_wanted.emit(path, "")
        self._tell(self.tr("“{name}” is in the trash.").format(name=Path(path).name))

    def _is_going_on(self, path: str) -> bool:
        """Return whether a recording has not ended, and say so: its files are still written by their names."""
        if path == self._recorded:
            words = self.tr("“{name}” is still being recorded: end that first.").format(name=Path(path).name)
            self._tell(words, "warning")
        return path == self._recorded

    def _is_free(self, target: str) -> bool:
        """Return whether a name that was given an ending is free, and say so if not: no one was asked about it."""
        if os.path.lexists(target):
            self._tell(self.tr("There is a file of this name already."), "warning")
            return False
        return True

    # --- what is told -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_recording_changed(self, state: JamRecordingState) -> None:
        self._recorded = state.path

    @Slot(object)
    def _on_takes(self, takes: tuple[JamTake, ...]) -> None:
        self._takes = takes
        if self._dialog is not None:
            self._dialog.set_takes(takes)

    @Slot(str)
    def _on_written(self, path: str) -> None:
        self._tell(self.tr("Written: {path}").format(path=path))

    @Slot(bool)
    def _on_heard(self, is_heard: bool) -> None:
        if self._dialog is not None:
            self._dialog.set_heard(is_heard)

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.set_note(sentence(error), "warning")

    @Slot(float)
    def _on_progressed(self, fraction: float) -> None:
        if self._dialog is not None:
            self._dialog.set_making(fraction)

    @Slot(str, str)
    def _on_video_ended(self, target: str, words: str) -> None:
        if self._dialog is not None:
            self._dialog.set_making(None)
        if words:
            self._tell(words, "warning")
        elif target:
            self._tell(self.tr("The video is made: {path}").format(path=target))
        else:
            self._tell(self.tr("The video was called off."))

    def _tell(self, words: str, role: str = "dim") -> None:
        if self._dialog is not None:
            self._dialog.set_note(words, role)
        self._say(words, Level.WARNING if role == "warning" else Level.INFO)


def _stems(path: Path) -> Path:
    # Loaded when it is asked for first.
    from engine.recording.recorded_stems import stems_folder

    return stems_folder(str(path))


def _is_trashed(path: Path) -> bool:
    """Move a file or folder to the system's trash, and return whether that could be done."""
    done = QFile.moveToTrash(str(path))
    return bool(done[0] if isinstance(done, tuple) else done)
