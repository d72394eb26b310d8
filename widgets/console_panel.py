# SPDX-License-Identifier: GPL-3.0-or-later
"""The console tells what the studio did, line by line, with the time of day."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTime
from PySide6.QtGui import QColor, QGuiApplication, QResizeEvent, QSyntaxHighlighter, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from widgets import theme
from widgets.controls import Level, describe, set_role
from widgets.panel import ControlPanel

MAX_LINES = 1000
_MARKS = {Level.INFO: " ", Level.WARNING: "!", Level.ERROR: "✗"}

_MARK_AT = 9
"""Place of the mark in a line: the time of day and a space come before it."""


class _Warnings(QSyntaxHighlighter):
    """This highlighter has the lines of warnings in the theme's colour for them."""

    def highlightBlock(self, text: str) -> None:
        if text[_MARK_AT : _MARK_AT + 1] in (_MARKS[Level.WARNING], _MARKS[Level.ERROR]):
            self.setFormat(0, len(text), QColor(theme.WARNING))


class _Lines(QPlainTextEdit):
    """The lines stay at the newest when their room changes, as they do when a line comes."""

    def is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 2

    def go_to_end(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def resizeEvent(self, event: QResizeEvent) -> None:
        at_end = self.is_at_end()
        super().resizeEvent(event)
        if at_end:
            self.go_to_end()


class ConsolePanel(ControlPanel):
    """The console shows the last ``MAX_LINES`` lines, and follows the newest unless it was scrolled away from that."""

    _warnings: _Warnings | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, scrolls=False)
        self.set_title(self.tr("Console"))
        self.text = _Lines(self)
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MAX_LINES)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        set_role(self.text, "console")
        self._warnings = _Warnings(self.text.document())
        describe(self.text, self.tr("Console"), self.tr("What the studio did, newest last"))
        self.copy_button = QPushButton(self.tr("Copy"), self)
        describe(
            self.copy_button,
            self.tr("Copy the console"),
            self.tr("Copy what is selected, or everything"),
            shortcut="Ctrl+Shift+C",
        )
        self.clear_button = QPushButton(self.tr("Clear"), self)
        describe(self.clear_button, self.tr("Clear the console"), self.tr("Empty the console"), shortcut="Ctrl+Shift+L")
        for button in (self.copy_button, self.clear_button):
            set_role(button, "inline")
            self.header.add_control(button)
        self.rows.addWidget(self.text, 1)
        self.copy_button.clicked.connect(self._on_copy)
        self.clear_button.clicked.connect(self.text.clear)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._warnings is not None:
            self._warnings.rehighlight()

    def lines(self) -> tuple[str, ...]:
        """Return the lines shown, oldest first."""
        text = self.text.toPlainText()
        return tuple(text.split("\n")) if text else ()

    def last_line(self) -> str:
        """Return the newest line; "" while there is none."""
        return self.text.document().lastBlock().text()

    def add_line(self, text: str, level: str = Level.INFO) -> None:
        """Add one line, stamped with the time of day; a text of several lines becomes one."""
        kind = Level(level)
        stamp = QTime.currentTime().toString("HH:mm:ss")
        at_end = self.text.is_at_end()
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self.text.document().isEmpty():
            cursor.insertBlock()
        # The mark says in a sign what the colour says.
        cursor.insertText(f"{stamp} {_MARKS[kind]} {' '.join(text.split())}")
        if at_end:
            self.text.go_to_end()

    def _on_copy(self) -> None:
        cursor = self.text.textCursor()
        text = cursor.selection().toPlainText() if cursor.hasSelection() else self.text.toPlainText()
        QGuiApplication.clipboard().setText(text)
