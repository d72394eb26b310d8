# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller shows the models on this machine, has them fetched and removed, and says when one is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMessageBox

from app.engine_settings import generator_settings
from app.translations import sentence
from engine.errors import Cancelled, StudioError
from engine.generators.licences import is_fetched
from widgets.bar.menu_button import Section
from widgets.controls import Level, describe

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.values.assets import Asset, FetchProgress
    from engine.worker.asset_jobs import AssetDone, AssetsListed
    from widgets.dialogs.models_dialog import ModelsDialog

KIND = "models "
"""Beginning of the kinds of notices that tell how far an asset is; its name follows."""
MISSING = "generator"
"""Kind of the notice that something is missing: that of a generator that made no clip."""


class ModelsController(QObject):
    """The models controller has at most one dialog, and notices for what is fetched while that is closed.

    Signals
    -------
    changed
        Something was fetched or removed: what generators can do may be another.
    """

    changed = Signal()
    look_wanted = Signal(object)
    get_wanted = Signal(str, object)
    check_wanted = Signal(str, object)
    remove_wanted = Signal(str, object)
    cancel_wanted = Signal(str)
    again_wanted = Signal()

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._say = window, store, say
        self._dialog: ModelsDialog | None = None
        self._listed: AssetsListed | None = None
        self._is_asked_of_choice = False
        self._names: set[str] = set()
        # In which a check found damage; the disk does not tell it.
        self._damaged: set[str] = set()
        action = QAction(self.tr("&Models…"), self)
        action.setShortcut(QKeySequence("Ctrl+G"))
        action.triggered.connect(lambda _checked: self.show())
        window.add_to_menu(Section.FILE, action)
        models = engine.models
        self.look_wanted.connect(models.look)
        self.get_wanted.connect(models.get)
        self.check_wanted.connect(models.check)
        self.remove_wanted.connect(models.remove)
        self.cancel_wanted.connect(models.cancel)
        self.again_wanted.connect(engine.generation.try_again)
        models.listed.connect(self._on_listed)
        models.progressed.connect(self._on_progressed)
        models.done.connect(self._on_done)
        models.failed.connect(self._on_failed)
        window.notice_bar.acted.connect(self._on_acted)
        window.notice_bar.cancelled.connect(self._on_cancelled)

    @Slot()
    def show(self, name: str = "") -> None:
        """Open the dialog, with the row of an asset chosen where one is named."""
        if self._dialog is None:
            # Seldom needed, and so not a part of the window's start.
            from widgets.dialogs.models_dialog import ModelsDialog

            dialog = self._dialog = ModelsDialog(self._window)
            dialog.get_requested.connect(lambda one: self.get_wanted.emit(one, self._settings()))
            dialog.check_requested.connect(lambda one: self.check_wanted.emit(one, self._settings()))
            dialog.cancel_requested.connect(self.cancel_wanted)
            dialog.remove_requested.connect(self._on_remove_requested)
            dialog.settings_requested.connect(self._on_settings_requested)
            dialog.finished.connect(self._on_closed)
            if self._listed is not None:
                self._show_listed()
            dialog.open()
        self._dialog.choose(name or self._missing_name())
        self.look()

    @Slot()
    def look(self) -> None:
        """Ask what is here."""
        self.look_wanted.emit(self._settings())

    @Slot()
    def look_at_choice(self) -> None:
        """Ask whether what the chosen generator needs is here, and say so if it is not."""
        if not is_fetched(self._store.settings.generator):
            return
        self._is_asked_of_choice = True
        self.look()

    def _settings(self) -> object:
        return generator_settings(self._store.settings)

    # --- the dialog ---------------------------------------------------------------------------------------------------

    @Slot()
    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    @Slot()
    def _on_settings_requested(self) -> None:
        if self._dialog is not None:
            self._dialog.reject()
        self._window.prompt_bar.settings_requested.emit()

    @Slot(str)
    def _on_remove_requested(self, name: str) -> None:
        one = self._asset(name)
        if one is None or self._dialog is None:
            return
        words = self.tr("Remove “{name}”? Other programs that use it would have to fetch it again.")
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel
        box = QMessageBox(
            QMessageBox.Icon.NoIcon, self.tr("Remove a model"), words.format(name=name), buttons, self._dialog
        )
        yes, cancel = (box.button(each) for each in (QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel))
        yes.setText(self.tr("Remove"))
        cancel.setText(self.tr("Cancel"))
        describe(yes, self.tr("Remove"), one.place)
        describe(cancel, self.tr("Cancel"), self.tr("Leave everything as it is"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(lambda: self.remove_wanted.emit(name, self._settings()))
        box.finished.connect(box.deleteLater)
        box.open()

    def _show_listed(self) -> None:
        listed, dialog = self._listed, self._dialog
        if listed is not None and dialog is not None:
            from engine.values.assets import Held

            # What a check found damaged is not all here: it is gone on with.
            dialog.set_assets(
                tuple(replace(one, held=Held.PARTLY) if one.name in self._damaged else one for one in listed.assets)
            )
            dialog.set_machine(
                listed.memory_bytes, listed.free_bytes, listed.folder, is_offline=self._store.settings.offline
            )

    # --- what is missing ----------------------------------------------------------------------------------------------

    def _asset(self, name: str) -> Asset | None:
        assets = () if self._listed is None else self._listed.assets
        return next((one for one in assets if one.name == name), None)

    def _missing(self) -> Asset | None:
        """Return what the chosen generator and model lack, that which must come first; None where all is here."""
        from engine.values.assets import Held

        settings, assets = self._store.settings, () if self._listed is None else self._listed.assets
        needed = [
            one
            for one in assets
            if one.generator == settings.generator
            and one.can_get
            and one.model in ("", self._window.generate_panel.model())
        ]
        return next((one for one in needed if one.held is not Held.HERE), None)

    def _missing_name(self) -> str:
        missing = self._missing()
        return "" if missing is None else missing.name

    @Slot(object)
    def _on_listed(self, listed: AssetsListed) -> None:
        from engine.values.assets import AssetKind

        self._listed = listed
        self._show_listed()
        if self._is_asked_of_choice:
            self._is_asked_of_choice = False
            missing = self._missing()
            if missing is not None and missing.name not in self._names:
                words = {
                    AssetKind.EXTRA: self.tr("{generator} needs packages that are not installed: see Models"),
                    AssetKind.PROGRAM: self.tr("The program {generator} is not on this machine: see Models"),
                    AssetKind.WEIGHTS: self.tr("The model “{model}” of {generator} is not on this machine: see Models"),
                }[missing.kind]
                said = words.format(generator=missing.title, model=missing.model)
                self._window.notice_bar.show_notice(said, Level.WARNING, MISSING, act=self.tr("Models…"))
                self._say(said, Level.WARNING)

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_progressed(self, progress: FetchProgress) -> None:
        from widgets.dialogs.model_words import progress_words

        self._names.add(progress.name)
        told = f"{progress.name}: {progress_words(progress)}"
        self._window.notice_bar.show_progress(told, KIND + progress.name)
        if self._dialog is not None:
            self._dialog.set_progress(progress)

    @Slot(object)
    def _on_done(self, done: AssetDone) -> None:
        self._end(done.name)
        words = {
            "got": self.tr("“{name}” is on this machine now"),
            "removed": self.tr("“{name}” was removed"),
            "checked": self.tr("The files of “{name}” are right"),
        }[done.deed]
        self._damaged.discard(done.name)
        if done.damaged:
            self._damaged.add(done.name)
            self._show_listed()
            words = self.tr("Files of “{name}” are damaged: {files}. “Go on” fetches them again.")
        told = words.format(name=done.name, files=", ".join(done.damaged))
        self._tell(done.name, told, Level.WARNING if done.damaged else Level.INFO)
        if done.deed != "checked":
            if done.deed == "got":
                self._window.notice_bar.clear_notice(MISSING)
                self.again_wanted.emit()
            self.changed.emit()
            self.look()

    @Slot(str, object)
    def _on_failed(self, name: str, error: StudioError) -> None:
        self._end(name)
        if not isinstance(error, Cancelled):
            self._tell(name, sentence(error), Level.WARNING)
        if name:
            self.look()

    def _end(self, name: str) -> None:
        self._names.discard(name)
        self._window.notice_bar.clear_notice(KIND + name)
        if self._dialog is not None:
            self._dialog.set_done(name)

    def _tell(self, name: str, told: str, level: Level) -> None:
        self._window.notice_bar.show_notice(told, level, KIND + name)
        self._say(told, level)
        if self._dialog is not None:
            self._dialog.set_done(name, told)

    @Slot(str)
    def _on_acted(self, kind: str) -> None:
        if kind == MISSING:
            self.show()

    @Slot(str)
    def _on_cancelled(self, kind: str) -> None:
        if kind.startswith(KIND):
            self.cancel_wanted.emit(kind.removeprefix(KIND))
