# SPDX-License-Identifier: GPL-3.0-or-later
"""A panel has a header with a title at the left and a line of facts at the right, and a body.

A dock takes the header as its title bar: ``dock.setTitleBarWidget(panel.header)``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from widgets.controls import GAP_PX, ROW_GAP_PX, ElidedLabel, text_width
from widgets.scrolling import Scroller

PANEL_MARGIN_PX = 12


class PanelHeader(QWidget):
    """A panel's header shows title and facts in one row, and lets the mouse through, so that a dock can be dragged."""

    LEAST_PX, ROOM_PX, LEAST_INFO_PX = 32, 15, 24
    """Least height of the header, room above and below its title, and least width of the facts, pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel()
        self._title.setProperty("role", "title")
        # Facts that do not fit are cut; they never push the window wider.
        self._info = ElidedLabel("dim")
        # Of those that are cut something is seen, which tells the rest by its tooltip.
        self._info.setMinimumWidth(self.LEAST_INFO_PX)
        self._info.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 12, 2)
        self._row.setSpacing(12)
        self._row.addWidget(self._title)
        self._row.addWidget(self._info, 1)
        self._take_height()

    def sizeHint(self) -> QSize:
        # A dock asks its title bar for this and for nothing else.
        return QSize(super().sizeHint().width(), self._height_px())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._height_px())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._take_height()

    def _take_height(self) -> None:
        self.setFixedHeight(self._height_px())

    def _height_px(self) -> int:
        """Return the height in pixels, the same with controls and without: headers side by side stand level."""
        self._title.ensurePolished()
        return max(self.LEAST_PX, self._title.fontMetrics().height() + self.ROOM_PX)

    def set_title(self, title: str) -> None:
        self._title.setText(title.upper())

    @property
    def info(self) -> str:
        return self._info.text()

    def set_info(self, text: str) -> None:
        self._info.setText(text)

    def keep_room_for(self, text: str) -> None:
        """Keep room for the beginning of the facts, however narrow the panel becomes: as much as this text takes."""
        self._info.setMinimumWidth(text_width(self._info, text))

    def add_control(self, control: QWidget) -> None:
        """Put a small control at the right end."""
        self._row.addWidget(control)


class Panel(QWidget):
    """A panel is a QWidget that shows one thing below its header.

    Signals
    -------
    resized(), needs_changed()
        It has another size; what it holds needs more room, or less.
    seen_changed(bool)
            As a dock it came into view, or went out of it: it was closed, or stands behind another as a tab.
    """

    resized = Signal()
    needs_changed = Signal()
    seen_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = PanelHeader()
        self._scroller: Scroller | None = None
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self.body.addWidget(self.header)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

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

    def hold(self, content: QWidget) -> None:
        """Show ``content`` below the header; where it does not fit it scrolls."""
        self._scroller = Scroller(content, self)
        self.body.addWidget(self._scroller, 1)

    def needed_size(self) -> QSize:
        """Return the least size, without the header, at which the panel's content is whole."""
        if self._scroller is None:
            return self.minimumSizeHint()
        edges = self.body.contentsMargins()
        return self._scroller.needed_size().grownBy(edges)

    def tell_needs(self) -> None:
        """Have all that stands around the panel measure it anew, at once, as its content is another."""
        for one in (self._scroller, self):
            if one is not None:
                one.updateGeometry()
        self.needs_changed.emit()

    def first_stop(self) -> QWidget:
        """Return the widget that takes the keyboard first: the panel's first control, else its scrolling content."""
        stops = (one for one in self.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
        stop = next((one for one in stops if one.isEnabled() and one.isVisibleTo(self)), None)
        return stop or self._scroller or self

    def main_stop(self) -> QWidget:
        """Return the widget whose keys the panel's help names: its picture (focus proxy), else the first stop."""
        picture = self.focusProxy()
        if picture is not None and picture.isEnabled() and picture.isVisibleTo(self):
            return picture
        return self.first_stop()


class ControlPanel(Panel):
    """A control panel has its controls in ``rows``, one below the other.

    Parameters
    ----------
    scrolls
        Whether the rows scroll where they do not fit; one whose rows hold a list or a text lets those scroll.
    """

    def __init__(self, parent: QWidget | None = None, *, scrolls: bool = True) -> None:
        super().__init__(parent)
        self.rows = QVBoxLayout()
        if scrolls:
            content = QWidget()
            content.setLayout(self.rows)
        self.rows.setContentsMargins(PANEL_MARGIN_PX, 0, PANEL_MARGIN_PX, PANEL_MARGIN_PX - 4)
        if scrolls:
            self.hold(content)
        else:
            self.body.addLayout(self.rows)
        self.rows.setSpacing(ROW_GAP_PX)

    def add_row(self) -> QHBoxLayout:
        """Add a row for things that stand side by side."""
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        self.rows.addLayout(row)
        return row
