# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the docks stand: a table of arrangements, roomy ones first, and how one of them is chosen and made.

To add a dock: its name in each arrangement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy

from widgets.panel import Panel

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
GAP_PX = 8
"""Between docks."""
COLUMN_PX = {LEFT: 256, RIGHT: 312}
"""How wide a column is at least."""
ROW_PX = 180
"""How high the row at the bottom is at least."""
LIST_PX = {"candidates": 110, "library": 90, "console": 90}
"""How high a list is at least, without its header: fewer lines are no list."""
KEEP_HEIGHT = ("generate", "overlap", "now_playing", "next")
"""What gains nothing by being taller; the room goes to their neighbours."""
TAB_HEIGHT_PX, TAB_WIDTH_PX = 20, 24
"""What a tab is higher and wider than its text."""
MOST_TABS_WHOLE = 3
"""Of more tabs in one place than these some are scrolled to."""

Group = tuple[str, ...]
"""Docks that share one place as tabs, the first of them in front."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Docks by area. Groups stand one below the other at the sides, side by side at the bottom."""

    left: tuple[Group, ...]
    right: tuple[Group, ...] = ()
    bottom: tuple[Group, ...] = ()


ARRANGEMENTS = (
    Arrangement(
        left=(("generate",), ("overlap",), ("output",)),
        right=(("now_playing",), ("next",), ("candidates",), ("library",)),
        bottom=(("metrics",), ("console",)),
    ),
    Arrangement(
        left=(("generate", "overlap"), ("output",)),
        right=(("now_playing",), ("next", "metrics"), ("candidates", "library", "console")),
    ),
    Arrangement(
        left=(("generate", "overlap", "output"),),
        right=(("now_playing", "next", "metrics"), ("candidates", "library", "console")),
    ),
    Arrangement(
        left=(
            ("generate", "overlap", "output", "now_playing", "next", "metrics"),
            ("candidates", "library", "console"),
        )
    ),
)
"""The first that fits is taken; the last one scrolls where it must."""


class DockTable:
    """The docks of a window by name, and how they are arranged.

    Qt makes docks smaller in proportion when their window is: the table keeps those whole that were.

    Parameters
    ----------
    docks
        Each shows a ``Panel``; whoever makes them tells of their sizes (``dock_resized``).
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        self._window = window
        self._docks = docks
        self._window_size = QSize()
        # Docks that show all they hold, unless the window's new size took it from them.
        self._whole: set[str] = set()

    def dock_resized(self, name: str) -> None:
        """Remember whether a person, or an arrangement, gave the dock the room it needs."""
        if name in self._docks and self._window.size() == self._window_size:
            (self._whole.add if self._is_whole(name) else self._whole.discard)(name)

    def window_resized(self) -> None:
        """Give those that were whole what the window's new size took from them, as far as their neighbours have it."""
        for area in (LEFT, RIGHT):
            self._mend(area)
        self._whole.update(filter(self._is_whole, self._docks))
        self._window_size = self._window.size()

    def needs_changed(self) -> None:
        """Give those that were whole the room that they need now, as far as their neighbours have it."""
        self.settle_heights()
        for area in (LEFT, RIGHT):
            self._mend(area)

    def _mend(self, area: Qt.DockWidgetArea) -> None:
        docks = {name: dock for name, dock in self._docks.items() if self._stands_in(dock, area)}
        # What a person has put side by side, or on one another, is theirs to share out.
        is_column = len({dock.x() for dock in docks.values()}) == 1
        if not is_column or any(self._window.tabifiedDockWidgets(dock) for dock in docks.values()):
            return
        spare_px = {name: dock.height() - self._height((name,)) for name, dock in docks.items()}
        lacking_px = -sum(spare for name, spare in spare_px.items() if spare < 0 and name in self._whole)
        has_px = sum(spare for spare in spare_px.values() if spare > 0)
        if not lacking_px or not has_px:
            return
        # Each gives in proportion to what it has and does not need; rounded up, so that what is given is enough.
        heights = {
            name: self._height((name,)) if spare < 0 and name in self._whole else docks[name].height()
            for name, spare in spare_px.items()
        }
        share = min(1.0, lacking_px / has_px)
        for name in (name for name, spare in spare_px.items() if spare > 0):
            heights[name] -= math.ceil(share * spare_px[name])
        self._window.resizeDocks(list(docks.values()), list(heights.values()), Qt.Orientation.Vertical)

    def _stands_in(self, dock: QDockWidget, area: Qt.DockWidgetArea) -> bool:
        return dock.isVisible() and not dock.isFloating() and self._window.dockWidgetArea(dock) == area

    def _is_whole(self, name: str) -> bool:
        return self._docks[name].height() >= self._height((name,))

    def arrange(self, room: QSize, centre: QSize) -> None:
        """Put the docks where they suit ``room``, which is that of all docks and the centre.

        Parameters
        ----------
        centre
            The least size of what the docks stand around.
        """
        needs = ((one, self.needed_size(one, centre)) for one in ARRANGEMENTS)
        chosen = next((one for one, need in needs if need.boundedTo(room) == need), ARRANGEMENTS[-1])
        for dock in self._docks.values():
            self._window.removeDockWidget(dock)
            dock.setFloating(False)
        for area, groups in ((LEFT, chosen.left), (BOTTOM, chosen.bottom), (RIGHT, chosen.right)):
            for group in groups:
                self._put(area, group)
        # What a dock may grow to is to be known before room is shared out.
        self.settle_heights()
        self._share_room(chosen)

    def settle_heights(self) -> None:
        """What stands alone is no higher than it needs to be; among tabs it is as high as the others."""
        for name in KEEP_HEIGHT:
            dock = self._docks[name]
            shares = dock.isFloating() or bool(self._window.tabifiedDockWidgets(dock))
            vertical = QSizePolicy.Policy.Preferred if shares else QSizePolicy.Policy.Maximum
            self._panel(name).setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
            # A dock keeps bounds of its own, which follow its panel's only now.
            if (layout := dock.layout()) is not None:
                layout.activate()

    def needed_size(self, arrangement: Arrangement, centre: QSize) -> QSize:
        """The least size of all docks and the centre at which no panel has to scroll."""
        width, height = centre.width(), centre.height()
        if arrangement.bottom:
            row_px = sum(map(self._width, arrangement.bottom)) + GAP_PX * (len(arrangement.bottom) - 1)
            width = max(width, row_px)
            height += GAP_PX + max(ROW_PX, *map(self._height, arrangement.bottom))
        for area, groups in ((LEFT, arrangement.left), (RIGHT, arrangement.right)):
            if groups:
                width += GAP_PX + self._column_px(area, groups)
                height = max(height, sum(map(self._height, groups)) + GAP_PX * (len(groups) - 1))
        return QSize(width, height)

    def _put(self, area: Qt.DockWidgetArea, group: Group) -> None:
        first, *others = (self._docks[name] for name in group)
        self._window.addDockWidget(area, first)
        for other in others:
            self._window.addDockWidget(area, other)
            self._window.tabifyDockWidget(first, other)
        for dock in (*others, first):
            dock.show()
        first.raise_()

    def _share_room(self, arrangement: Arrangement) -> None:
        sideways, upright = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        sides = ((LEFT, arrangement.left), (RIGHT, arrangement.right))
        columns = [(self._docks[groups[0][0]], self._column_px(area, groups)) for area, groups in sides if groups]
        self._window.resizeDocks([dock for dock, _ in columns], [width for _, width in columns], sideways)
        for _, groups in sides:
            firsts = [self._docks[group[0]] for group in groups]
            self._window.resizeDocks(firsts, [self._height(group) for group in groups], upright)
        if arrangement.bottom:
            firsts = [self._docks[group[0]] for group in arrangement.bottom]
            self._window.resizeDocks(firsts, [5 + n for n in range(len(firsts))], sideways)
            row_px = max(ROW_PX, *map(self._height, arrangement.bottom))
            self._window.resizeDocks(firsts, [row_px] * len(firsts), upright)

    def _column_px(self, area: Qt.DockWidgetArea, groups: tuple[Group, ...]) -> int:
        """How wide a column is made: nothing in it scrolls sideways."""
        return max(COLUMN_PX[area], *map(self._width, groups))

    def _width(self, group: Group) -> int:
        widest = max(self._panel(name).needed_size().width() for name in group)
        if 1 < len(group) <= MOST_TABS_WHOLE:
            texts = (self._docks[name].windowTitle() for name in group)
            widest = max(
                widest, sum(self._window.fontMetrics().horizontalAdvance(text) + TAB_WIDTH_PX for text in texts)
            )
        return widest

    def _height(self, group: Group) -> int:
        panels = {name: self._panel(name) for name in group}
        whole = max(
            panel.header.sizeHint().height() + max(panel.needed_size().height(), LIST_PX.get(name, 0))
            for name, panel in panels.items()
        )
        return whole + (self._window.fontMetrics().height() + TAB_HEIGHT_PX if len(group) > 1 else 0)

    def _panel(self, name: str) -> Panel:
        panel = self._docks[name].widget()
        assert isinstance(panel, Panel)
        return panel
