# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller keeps the window's history: what a person did becomes steps, which menu and keys undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import QApplication

from app.controllers.shown_settings import show_settings
from app.session_settings import Values, difference, with_values
from app.settings import Settings
from app.translations import line
from app.undo import EditStep, SettingsStep
from app.undo_keys import REDO_KEYS, UNDO_KEYS, UndoKeys
from engine.session.edits import DeletionEdit, Edit
from widgets.bar.menu_button import Section
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.session.options import Happening

MOST_STEPS = 200
"""Number of steps that can be undone; older ones are forgotten."""
LOOK_EVERY_MS = 50
"""Milliseconds between two looks whether a mouse button that changes settings is still held."""
NOTICE = "undo"


class UndoController(QObject):
    """The undo controller makes steps of changed settings and of the engine's edits; the history ends with the window.

    Parameters
    ----------
    store
        Tells of settings that change, and takes back what they were.
    say
        Writes a line in the console.

    Signals
    -------
    put_wanted(Edit, undone)
        The engine is to put an edit back, or to do it again.
    """

    put_wanted = Signal(object, bool)

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._say = say
        self._shown = store.settings
        self._is_applying = False
        # Deletions that were asked for and wait for a disk; an undo that comes meanwhile is of the last of them.
        self._n_deletions = 0
        self._is_undo_due = False
        self._gesture = 0
        self._holding = QTimer(self)
        self._holding.setInterval(LOOK_EVERY_MS)
        self._holding.timeout.connect(self._on_look_due)
        self.history = QUndoStack(self)
        self.history.setUndoLimit(MOST_STEPS)
        self.undo_action = self._action(UNDO_KEYS, self.undo)
        self.redo_action = self._action(REDO_KEYS, self.redo)
        UndoKeys(self, window.closing)
        self.history.indexChanged.connect(self._show_actions)
        store.changed.connect(self._on_settings_changed)
        engine.editing.edited.connect(self._on_edited)
        window.library_panel.delete_requested.connect(self._on_delete_requested)
        engine.editing.deletion_ended.connect(self._on_deletion_ended)
        self.put_wanted.connect(engine.editing.put)
        engine.editing.not_put.connect(self._on_not_put)
        window.closing.connect(self._holding.stop)
        self._show_actions()

    def _action(self, keys: Sequence[QKeySequence], slot: Callable[[], None]) -> QAction:
        action = QAction(self)
        action.setShortcuts(list(keys))
        action.triggered.connect(lambda _checked: slot())
        self._window.add_to_menu(Section.EDIT, action)
        return action

    # --- the history --------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Undo the last step, and tell which it was."""
        self._is_undo_due = self._n_deletions > 0
        if self.history.canUndo() and not self._is_undo_due:
            told = self.tr("Undone: {step}").format(step=self.history.undoText())
            self.history.undo()
            self._tell(told)

    def redo(self) -> None:
        """Do the step again that was undone last, and tell which it is."""
        if self.history.canRedo():
            told = self.tr("Done again: {step}").format(step=self.history.redoText())
            self.history.redo()
            self._tell(told)

    @Slot()
    def _show_actions(self) -> None:
        history = self.history
        for action, text, step in (
            (self.undo_action, self.tr("Undo"), history.undoText()),
            (self.redo_action, self.tr("Redo"), history.redoText()),
        ):
            action.setEnabled(bool(step) or (action is self.undo_action and self._n_deletions > 0))
            action.setText(f"{text}: {step.replace('&', '&&')}" if step else text)

    def _tell(self, text: str) -> None:
        self._window.notice_bar.show_notice(text, Level.INFO, NOTICE)
        self._say(text, Level.INFO)

    @Slot(object)
    def _on_not_put(self, happening: Happening) -> None:
        """Say so in the place of what was told too soon; the console has it already."""
        self._window.notice_bar.show_notice(line(happening), Level.INFO, NOTICE)

    # --- steps --------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_edited(self, edit: Edit) -> None:
        self.history.push(EditStep(edit, self.put_wanted.emit))
        if isinstance(edit, DeletionEdit):
            n = len(edit.take_ids)
            one = self.tr("“{title}” was deleted: Ctrl+Z brings it back").format(title=edit.title)
            self._tell(one if n == 1 else self.tr("{n} takes were deleted: Ctrl+Z brings them back").format(n=n))

    @Slot(object)
    def _on_delete_requested(self, _take_ids: object) -> None:
        self._n_deletions += 1
        self._show_actions()

    @Slot()
    def _on_deletion_ended(self) -> None:
        self._n_deletions -= 1
        self._show_actions()
        if self._is_undo_due and not self._n_deletions:
            self.undo()

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        before, self._shown = self._shown, settings
        if self._is_applying:
            return
        old, new = difference(before, settings)
        if new:
            self.history.push(SettingsStep(old, new, self._apply, self._gesture_now()))

    def _gesture_now(self) -> int:
        """Return the number of the press of the mouse button that is held; 0 where none is."""
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            return 0
        if not self._holding.isActive():
            self._gesture += 1
            self._holding.start()
        return self._gesture

    @Slot()
    def _on_look_due(self) -> None:
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._holding.stop()

    # --- what is put back ---------------------------------------------------------------------------------------------

    def _apply(self, values: Values) -> None:
        """Set these values of the session's settings, and show them; the engine follows."""
        before = self._store.settings
        self._is_applying = True
        try:
            self._store.take(with_values(before, values))
        finally:
            self._is_applying = False
        show_settings(self._window, self._store, before)
