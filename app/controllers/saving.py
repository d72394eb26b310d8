# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller is SALVA: the dialog that asks where the loop goes and what goes with it, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from app import paths
from app.main_window import MainWindow
from app.save_dialog import FORMATS, Beside, SaveDialog
from app.settings import generator_settings
from app.settings_store import SettingsStore
from engine.generators.base import GeneratorSettings
from engine.qt.studio import StudioEngine
from engine.session.made_again import maker_of, request_again
from engine.session.options import LoopView
from engine.values import Progress
from engine.worker.score_saving import ScoreWritten
from widgets.controls import Level

KIND = "score"
"""Kind of the notice that tells how far notes and parts are."""


class SavingController(QObject):
    """The saving controller asks and remembers where and how a loop is saved, and shows how far its parts are.

    Parameters
    ----------
    view
        Tells which loop is shown.
    """

    saving_begun = Signal()
    save_wanted = Signal(str, bool, bool)
    cancel_wanted = Signal()

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
        self.save_wanted.connect(engine.saving.save)
        self.cancel_wanted.connect(engine.saving.cancel)
        engine.saving.progressed.connect(self._on_progressed)
        engine.saving.score_saved.connect(self._on_score_saved)

    # --- asking -------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_save_requested(self) -> None:
        view, settings = self._view(), self._store.settings
        if view is None:
            return
        if settings.save_folder != self._set_folder:
            self._saved_to, self._set_folder = "", settings.save_folder
        folder = self._saved_to or settings.save_folder or str(paths.music_folder())
        beside = beside_of(view, generator_settings(settings), notes=settings.save_notes, parts=settings.save_parts)
        dialog = SaveDialog(self._window, view.recipe.title, folder, settings.save_format, beside)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        # The music goes on while a name is chosen, perhaps with another loop.
        self.saving_begun.emit()
        dialog.open()

    @Slot(str)
    def _on_chosen(self, path: str) -> None:
        dialog = self.sender()
        assert isinstance(dialog, SaveDialog)
        self._saved_to = str(Path(path).parent)
        settings, ending = self._store.settings, Path(path).suffix.lower()
        if ending in FORMATS:
            settings = replace(settings, save_format=ending)
        # What could not be chosen stays as it was for the next loop.
        if dialog.notes_check.isEnabled():
            settings = replace(settings, save_notes=dialog.notes_check.isChecked())
        if dialog.parts_check.isEnabled():
            settings = replace(settings, save_parts=dialog.parts_check.isChecked())
        self._store.remember(settings)
        self.save_wanted.emit(path, dialog.notes_check.isChecked(), dialog.parts_check.isChecked())

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(str, object)
    def _on_progressed(self, title: str, progress: Progress | None) -> None:
        bar = self._window.notice_bar
        if progress is None:
            bar.clear_notice(KIND)
            return
        words = self.tr("Notes and parts: “{title}” is made once more").format(title=title)
        if progress.fraction is not None:
            words += " · " + self.tr("{percent} %").format(percent=round(100.0 * progress.fraction))
        bar.show_progress(words, KIND)

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


def beside_of(view: LoopView, settings: GeneratorSettings, *, notes: bool, parts: bool) -> Beside:
    """Return what can be saved beside a loop, or why not, in the person's language.

    ``notes`` and ``parts`` say what is wanted where it can be.
    """
    maker = maker_of(view.recipe)
    no_notes = no_parts = ""
    if maker is None:
        no_notes = no_parts = QCoreApplication.translate("save_dialog", "It is not known how this loop was made")
    else:
        if request_again(0, view.recipe, settings) is None:
            no_parts = QCoreApplication.translate("save_dialog", "This loop cannot be made again from its recipe")
            # The notes of what was made in this session are known.
            no_notes = no_parts if view.score is None else ""
        if not maker.tells.score:
            no_notes = QCoreApplication.translate("save_dialog", "The generator of this loop does not tell its notes")
        if not maker.takes.stems:
            no_parts = QCoreApplication.translate("save_dialog", "The generator of this loop does not give its parts")
    return Beside(notes=notes, parts=parts, no_notes=no_notes, no_parts=no_parts)
