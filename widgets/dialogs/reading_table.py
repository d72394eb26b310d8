# SPDX-License-Identifier: GPL-3.0-or-later
"""A reading table is the table of a dialog: one row is chosen at a time, nothing is edited, and Tab leaves it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QWidget


class ReadingTable(QTableWidget):
    """A reading table has neither grid nor row numbers, and rows of one line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.rowCount() - 1}
        # A row is chosen as a whole: the first and the last column, where Qt would go, cannot be told apart.
        if event.key() in ends and self.rowCount() > 0:
            self.setCurrentCell(ends[Qt.Key(event.key())], max(self.currentColumn(), 0))
        else:
            super().keyPressEvent(event)
