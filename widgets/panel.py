# SPDX-License-Identifier: GPL-3.0-or-later
"""What every panel has: a header with a title at the left and a line of facts at the right.

A dock takes the header as its title bar: ``dock.setTitleBarWidget(panel.header)``.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from widgets.controls import GAP_PX, ROW_GAP_PX, ElidedLabel

PANEL_MARGIN_PX = 12


class PanelHeader(QWidget):
    """Title and facts in one row. Lets the mouse through, so that a dock can be dragged by it."""

    HEIGHT_PX = 32
    """The same with controls in it and without: headers side by side stand level."""

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel()
        self._title.setProperty("role", "title")
        # Facts that do not fit are cut; they never push the window wider.
        self._info = ElidedLabel("dim")
        self._info.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout(self)
        self.setFixedHeight(self.HEIGHT_PX)
        self._row.setContentsMargins(12, 4, 12, 2)
        self._row.setSpacing(12)
        self._row.addWidget(self._title)
        self._row.addWidget(self._info, 1)

    def sizeHint(self) -> QSize:
        # A dock asks its title bar for this and for nothing else.
        return QSize(super().sizeHint().width(), self.HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.HEIGHT_PX)

    def set_title(self, title: str) -> None:
        self._title.setText(title.upper())

    @property
    def info(self) -> str:
        return self._info.text()

    def set_info(self, text: str) -> None:
        self._info.setText(text)

    def add_control(self, control: QWidget) -> None:
        """Put a small control at the right end."""
        self._row.addWidget(control)


class Panel(QWidget):
    """A QWidget that shows one thing below its header."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = PanelHeader()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self.body.addWidget(self.header)

    def become_dock_title(self) -> None:
        """Give the header to a dock: header and body then look like the one card that the panel was."""
        self.header.setProperty("role", "dock_title")
        self.header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "dock_body")
        self.body.setContentsMargins(1, 2, 1, 1)

    def set_title(self, title: str) -> None:
        """Name the panel: in its header, for its dock and for assistive technology."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.header.set_title(title)


class ControlPanel(Panel):
    """A panel whose controls stand in ``rows``, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = QVBoxLayout()
        self.rows.setContentsMargins(PANEL_MARGIN_PX, 0, PANEL_MARGIN_PX, PANEL_MARGIN_PX - 4)
        self.rows.setSpacing(ROW_GAP_PX)
        self.body.addLayout(self.rows)

    def add_row(self) -> QHBoxLayout:
        """A new row for things that stand side by side."""
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        self.rows.addLayout(row)
        return row
