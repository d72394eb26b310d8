# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller brings a person's own sounds: dropped on the window, opened, or named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from app import paths
from app.open_dialog import open_files, open_folder
from app.translations import sentence
from engine.library.sound_folders import is_midi_name, is_sound_name
from widgets.bar.menu_button import Section
from widgets.controls import Level
from widgets.drop_target import DropTarget

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.errors import StudioError
    from engine.qt.studio import StudioEngine
    from engine.session.dropped import DroppedState, Refused

PROGRESS, REFUSED = "bringing", "refused sounds"
"""Kinds of the notices that tell how far a sound is, and what cannot be played."""
STAGES = (
    QT_TRANSLATE_NOOP("BringingController", "reading"),
    QT_TRANSLATE_NOOP("BringingController", "listening to all of it"),
    QT_TRANSLATE_NOOP("BringingController", "finding the loop"),
)
"""Stages that the sounds' process tells, in English."""


class BringingController(QObject):
    """The bringing controller asks the engine for sounds, and shows how far they are and which cannot be played."""

    bring_wanted = Signal(object)
    call_off_wanted = Signal()
    expected = Signal()

    def __init__(self, window: MainWindow, engine: StudioEngine) -> None:
        super().__init__(window)
        self._window = window
        self._folder = ""
        self.target = DropTarget(window, is_sound_name)
        self.target.dropped.connect(self._on_dropped)
        window.generate_panel.generator_changed.connect(self.target.claim)
        self._add_action(self.tr("&Open sounds…"), "Ctrl+O", self._on_open_requested)
        self._add_action(self.tr("Open a &folder…"), "Ctrl+Shift+O", self._on_open_folder_requested)
        window.notice_bar.cancelled.connect(self._on_cancelled)
        window.next_panel.call_off_requested.connect(self.call_off_wanted)
        # The process that reads sounds is there when they are dropped or chosen.
        self.target.offered.connect(self.expected)
        self.expected.connect(engine.bringing.prepare)
        self.bring_wanted.connect(engine.bringing.bring)
        self.call_off_wanted.connect(engine.bringing.call_off)
        engine.bringing.changed.connect(self._on_changed)
        engine.bringing.refused.connect(self._on_refused)

    def _add_action(self, text: str, key: str, slot: object) -> None:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setAutoRepeat(False)
        action.triggered.connect(slot)
        self._window.add_to_menu(Section.FILE, action)

    @Slot(object)
    def bring(self, names: tuple[str, ...]) -> None:
        """Have these files, and the sounds in these folders, played."""
        self._window.notice_bar.clear_notice(REFUSED)
        self.bring_wanted.emit(tuple(names))

    @Slot(object)
    def _on_dropped(self, names: tuple[str, ...]) -> None:
        # Notes alone are no sound: their recipe is shown.
        if len(names) != 1 or not is_midi_name(names[0]):
            self.bring(names)

    # --- asking -------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_open_requested(self) -> None:
        self.expected.emit()
        open_files(self._window, self._begins_in(), self._on_chosen)

    @Slot()
    def _on_open_folder_requested(self) -> None:
        self.expected.emit()
        open_folder(self._window, self._begins_in(), self._on_chosen)

    def _begins_in(self) -> str:
        folder = self._folder or str(paths.music_folder())
        return folder if Path(folder).is_dir() else str(Path.home())

    @Slot(list)
    def _on_chosen(self, names: list[str]) -> None:
        self._folder = str(Path(names[0]).parent)
        self.bring(tuple(names))

    @Slot(str)
    def _on_cancelled(self, kind: str) -> None:
        if kind == PROGRESS:
            self.call_off_wanted.emit()

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, state: DroppedState) -> None:
        self._window.next_panel.set_sounds_waiting(state.n_waiting)
        bar, progress = self._window.notice_bar, state.progress
        if progress is None or not state.is_awaited:
            bar.clear_notice(PROGRESS)
            return
        stage = self.tr(progress.stage)
        words = self.tr("“{name}”: {stage}").format(name=state.name, stage=stage) if state.name else stage
        bar.show_progress(words[:1].upper() + words[1:], PROGRESS, progress.fraction)

    @Slot(object)
    def _on_refused(self, refused: Refused) -> None:
        words = self._why(refused.path, refused.error)
        if refused.n_refused > 1:
            told = self.tr("{n} of {all} cannot be played. The last of them: {why}")
            words = told.format(n=refused.n_refused, all=refused.n_dropped, why=words)
        self._window.notice_bar.show_notice(words, Level.WARNING, REFUSED)
        self._window.console_panel.add_line(words, Level.WARNING)

    def _why(self, path: str, error: StudioError) -> str:
        """Return the sentence that says why a file cannot be played; it names the file."""
        if "path" in error.fields:
            return sentence(error)
        return self.tr("“{name}”: {why}").format(name=Path(path).name or path, why=sentence(error))
