# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of undo and redo: a field in which something was typed undoes that first, then the studio its steps.

Qt's fields take these keys even when there is nothing to undo in them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from app.focus_changes import follow_focus_until

UNDO_KEYS = (QKeySequence("Ctrl+Z"),)
REDO_KEYS = (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))


class UndoKeys(QObject):
    """Undo keys look at the keys of the one field that has the keyboard, and at nothing else."""

    def __init__(self, parent: QObject, closing: SignalInstance) -> None:
        super().__init__(parent)
        self._field: QWidget | None = None
        follow_focus_until(closing, self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None and before is self._field:
            before.removeEventFilter(self)
        self._field = now if isinstance(now, QLineEdit | QSpinBox | QDoubleSpinBox) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        comes = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if not comes or not isinstance(event, QKeyEvent):
            return False
        pressed = QKeySequence(event.keyCombination())
        if pressed not in (*UNDO_KEYS, *REDO_KEYS):
            return False
        deed = _own_deed(field, is_undo=pressed in UNDO_KEYS)
        if event.type() is QEvent.Type.ShortcutOverride:
            # What the field takes comes as a plain key next; what it does not, the window's shortcut has.
            event.setAccepted(deed is not None)
        elif deed is not None:
            deed()
        return True


def _own_deed(field: QObject, *, is_undo: bool) -> Callable[[], None] | None:
    """Return what the field itself undoes or does again; None where that is nothing."""
    line = field
    if isinstance(field, QSpinBox | QDoubleSpinBox):
        line = field.lineEdit()
        if field.valueFromText(line.text()) == field.value():
            # The number is set: it is a step of the studio's.
            return None
    if not isinstance(line, QLineEdit) or line.isReadOnly():
        return None
    if is_undo:
        return line.undo if line.isUndoAvailable() else None
    return line.redo if line.isRedoAvailable() else None
