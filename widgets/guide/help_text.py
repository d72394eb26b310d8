# SPDX-License-Identifier: GPL-3.0-or-later
"""The help text shows a page of Markdown in the studio's colours and text size; its links lead to other pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from widgets import theme

_SIZES: Final = {1: "heading_size", 2: "text_size"}
"""Size of a heading by its level, as ``theme.SIZES_PT`` calls it."""
_ROOM_ABOVE_PX: Final = {1: 0.0, 2: 14.0}
_ROOM_BELOW_PX: Final = 6.0
_LINE_PERCENT: Final = 118.0
"""Height of a line of running text, percent of its font's."""
_CELL_PX: Final = 4.0
_MARGIN_PX: Final = 8.0
_INDENT_PX: Final = 16.0


class HelpText(QTextBrowser):
    """The help text is read, scrolled by arrow keys, and followed by its links (Tab, Enter)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help_text")
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.sourceChanged.connect(self._dress)

    def page(self) -> str:
        """Return the name of the page that is shown, or ""."""
        return Path(self.source().path()).stem

    def title(self) -> str:
        """Return the page's own heading."""
        return self.document().begin().text()

    def show_page(self, folder: Path, name: str) -> None:
        """Show a page from its beginning.

        Parameters
        ----------
        folder
            Where pages are, as ``NAME.md``.
        """
        self.setSource(QUrl.fromLocalFile(str(folder / f"{name}.md")))

    def viewportEvent(self, event: QEvent) -> bool:
        # A tooltip would lie over what is read.
        return event.type() is QEvent.Type.ToolTip or bool(super().viewportEvent(event))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and not self.source().isEmpty():
            self._dress()

    # --- dress ------------------------------------------------------------------------------------------------------

    def _dress(self) -> None:
        """Give every block and word the look of the theme: Markdown tells what they are, and no more."""
        document = self.document()
        document.setDocumentMargin(_MARGIN_PX)
        document.setIndentWidth(_INDENT_PX)
        block = document.begin()
        while block.isValid():
            self._dress_block(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress_table(frame)

    def _dress_block(self, block: QTextBlock) -> None:
        level = block.blockFormat().headingLevel()
        room = block.blockFormat()
        is_cell = QTextCursor(block).currentTable() is not None
        room.setTopMargin(_ROOM_ABOVE_PX.get(level, 0.0))
        room.setBottomMargin(0.0 if is_cell else _ROOM_BELOW_PX)
        room.setLineHeight(_LINE_PERCENT, 1)
        QTextCursor(block).setBlockFormat(room)
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            cursor = QTextCursor(block)
            cursor.setPosition(piece.position())
            cursor.setPosition(piece.position() + piece.length(), QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(_look(piece.charFormat(), level))
            pieces += 1

    def _dress_table(self, table: QTextTable) -> None:
        look = table.format().toTableFormat()
        look.setBorder(0.0)
        look.setCellSpacing(0.0)
        look.setCellPadding(_CELL_PX)
        look.setLeftMargin(-_CELL_PX)
        look.setTopMargin(2.0)
        look.setBottomMargin(4.0)
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100.0))
        table.setFormat(look)
        if table.columns() == 2:
            first = QTextLength(QTextLength.Type.PercentageLength, 40.0)
            look.setColumnWidthConstraints([first, QTextLength(QTextLength.Type.PercentageLength, 60.0)])
            table.setFormat(look)
        # The words of the head say what the rows show anyway.
        for column in range(table.columns()):
            cursor = table.cellAt(0, column).firstCursorPosition()
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            quiet = QTextCharFormat()
            quiet.setForeground(QColor(theme.DIM))
            quiet.setFontPointSize(theme.SIZES_PT["small_size"] * theme.text_scale())
            cursor.mergeCharFormat(quiet)


def _look(piece: QTextCharFormat, level: int) -> QTextCharFormat:
    """Return the look of a piece of text in a heading of this level, 0 for none."""
    look = QTextCharFormat(piece)
    # Markdown's headings are larger by a step of Qt's own.
    look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    look.setFontPointSize(theme.SIZES_PT[_SIZES.get(level, "text_size")] * theme.text_scale())
    look.setForeground(QColor(theme.ACCENT if piece.isAnchor() else theme.TEXT))
    if piece.isAnchor():
        look.setFontUnderline(True)
    if level:
        look.setFontWeight(QFont.Weight.Bold)
    if piece.fontFixedPitch():
        look.setFontFamilies([QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()])
        look.setBackground(QColor(theme.HOVER))
    return look
