# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller is SALVA: the dialog that asks where the loop goes and what goes with it, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app import paths
from app.choices import dialog_values
from app.engine_settings import generator_settings
from app.path_check import expanded_folder
from widgets.controls import Level
from widgets.dialogs.save_sheet import SaveChoice, SaveSheet

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView
    from engine.values import Progress, WrittenFile
    from engine.worker.score_saving import ScoreWritten

KIND, FILES = "score", "files"
"""Kinds of the notices that tell how far notes and parts, and the files themselves, are."""


class SavingController(QObject):
    """The saving controller asks and remembers where and how a loop is saved, and shows how far its parts are.

    Parameters
    ----------
    view
        Tells which loop is shown.
    """

    saving_begun = Signal()
    save_wanted = Signal(str, str, object, bool, bool)
    cancel_wanted = Signal()
    cancel_files_wanted = Signal()

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, view: Callable[[], LoopView | None]
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._view = window, store, view
        # Where SALVA wrote last, and the folder that was set then: it begins there, recordings go where they went.
        self._saved_to, self._set_folder = "", store.settings.save_folder
        window.prompt_bar.save_requested.connect(self._on_save_requested)
        window.notice_bar.cancelled.connect(self._on_cancelled)
        self.saving_begun.connect(engine.saving.set_aside)
        self.save_wanted.connect(engine.saving.save_files)
        self.cancel_wanted.connect(engine.saving.cancel)
        self.cancel_files_wanted.connect(engine.saving.cancel_files)
        engine.saving.progressed.connect(self._on_progressed)
        engine.saving.files_progressed.connect(self._on_files_progressed)
        engine.saving.files_written.connect(self._on_files_written)
        engine.saving.score_saved.connect(self._on_score_saved)

    # --- asking -------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_save_requested(self) -> None:
        view, settings = self._view(), self._store.settings
        if view is None:
            return
        # What writes files is a good part of the engine, and nothing to a window that only plays.
        from app.save_words import beside_of, cut_of, licence_of, name_of, outline_of

        if settings.save_folder != self._set_folder:
            self._saved_to, self._set_folder = "", settings.save_folder
        folder = self._saved_to or settings.save_folder or str(paths.music_folder())
        beside = beside_of(view, generator_settings(settings), notes=settings.save_notes, parts=settings.save_parts)
        sheet = SaveSheet(
            name_of(view),
            folder,
            dialog_values(settings),
            outline=partial(outline_of, cut_of(view)),
            beside=beside,
            licence=licence_of(view),
            parent=self._window,
        )
        sheet.chosen.connect(self._on_chosen)
        sheet.finished.connect(sheet.deleteLater)
        # The music goes on while a name is chosen, perhaps with another loop.
        self.saving_begun.emit()
        sheet.open()

    @Slot(object)
    def _on_chosen(self, choice: SaveChoice) -> None:
        sheet = self.sender()
        assert isinstance(sheet, SaveSheet)
        folder = expanded_folder(choice.folder) if choice.folder else str(paths.music_folder())
        # A new account may lack its music folder. Only the last of a path is made: a disk that is missing is told.
        with suppress(OSError):
            Path(folder).mkdir(exist_ok=True)
        self._saved_to = folder
        changes: dict[str, Any] = sheet.values()
        self._store.remember(replace(self._store.settings, **changes))
        self.save_wanted.emit(folder, choice.name, choice.plan, choice.notes, choice.parts)

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(str, object)
    def _on_progressed(self, title: str, progress: Progress | None) -> None:
        words = self.tr("Notes and parts: “{title}” is made once more").format(title=title)
        self._window.notice_bar.follow_progress(words, KIND, progress)

    @Slot(str, object, bool)
    def _on_files_progressed(self, title: str, fraction: float | None, is_proving: bool) -> None:
        bar = self._window.notice_bar
        if fraction is None:
            bar.clear_notice(FILES)
            return
        words = self.tr("“{title}” is written").format(title=title)
        if is_proving:
            words = self.tr("“{title}” is decoded again").format(title=title)
        bar.show_progress(words, FILES, fraction)

    @Slot(object)
    def _on_files_written(self, files: tuple[WrittenFile, ...]) -> None:
        from app.save_words import told_of

        lines = [told_of(one) for one in files]
        is_right = all(one.is_right and not one.jumps for one in files)
        level = Level.INFO if is_right else Level.WARNING
        for line in lines:
            self._window.console_panel.add_line(line, level)
        if not files:
            return
        told = lines[0]
        if len(files) > 1:
            names = ", ".join(Path(one.path).name for one in files)
            told = self.tr("Saved and decoded again: {names}").format(names=names)
            if not is_right:
                told = next(line for line, one in zip(lines, files, strict=True) if one.jumps or not one.is_right)
        self._window.notice_bar.show_notice(told, level, "saved")

    @Slot(object)
    def _on_score_saved(self, written: ScoreWritten) -> None:
        midi, folder = Path(written.midi_path).name, Path(written.stems_folder).name
        if not folder:
            words = self.tr("Saved beside the loop: {midi}")
        elif not midi:
            words = self.tr("Saved beside the loop: the parts, in “{folder}”")
        else:
            words = self.tr("Saved beside the loop: {midi}, and the parts in “{folder}”")
        told = words.format(midi=midi, folder=folder)
        self._window.notice_bar.show_notice(told, Level.INFO, "saved")

    @Slot(str)
    def _on_cancelled(self, kind: str) -> None:
        if kind == KIND:
            self.cancel_wanted.emit()
        elif kind == FILES:
            self.cancel_files_wanted.emit()
