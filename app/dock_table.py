# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock table chooses an arrangement of a layout's docks for the room there is, makes it, and keeps it whole."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QTabBar, QToolButton

from app.layouts import DEFAULT, Arrangement, Group, Layout
from widgets.controls import describe
from widgets.panel import Panel

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
GAP_PX = 8
"""Pixels between docks."""
COLUMN_PX = {LEFT: 256, RIGHT: 312}
"""Least width of a column, pixels."""
ROW_PX = 180
"""Least height of the row at the bottom, pixels."""
SPARE_PX = 160
"""Width that each place of that row has beyond its need when room is shared out, pixels: the narrow gain most."""
LIST_PX = {"candidates": 110, "library": 90, "console": 90}
"""Least height of a list, without its header, pixels: fewer lines are no list."""
KEEP_HEIGHT = ("generate", "overlap", "now_playing", "next")
"""Names of panels that gain nothing by being taller; the room goes to their neighbours."""
TAB_HEIGHT_PX, TAB_WIDTH_PX = 20, 24
"""Pixels by which a tab is higher and wider than its text."""
MOST_TABS_WHOLE = 3
"""Largest number of tabs in one place that are all shown whole; of more, some are scrolled to."""


class DockTable:
    """The dock table knows the docks of a window by name, and how they are arranged.

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
        """Give docks that were whole what the window's new size took from them, as far as their neighbours have it."""
        for area in (LEFT, RIGHT):
            self._mend(area)
        self._whole.update(filter(self._is_whole, self._docks))
        self._window_size = self._window.size()

    def needs_changed(self) -> None:
        """Give docks that were whole the room that they need now, as far as their neighbours have it."""
        self.settle_heights()
        for area in (LEFT, RIGHT):
            self._mend(area)

    def _mend(self, area: Qt.DockWidgetArea) -> None:
        if not self._window.isVisible():
            return
        # Of those that share a place, the one in front stands for all.
        docks = {
            name: dock
            for name, dock in self._docks.items()
            if self._stands_in(dock, area) and not dock.visibleRegion().isEmpty()
        }
        # What a person has put side by side is theirs to share out.
        if len({dock.x() for dock in docks.values()}) != 1:
            return
        needs_px = {name: self._needed_height(dock) for name, dock in docks.items()}
        spare_px = {name: dock.height() - needs_px[name] for name, dock in docks.items()}
        lacking_px = -sum(spare for name, spare in spare_px.items() if spare < 0 and name in self._whole)
        has_px = sum(spare for spare in spare_px.values() if spare > 0)
        if not lacking_px or not has_px:
            return
        # Each gives in proportion to what it has and does not need; rounded up, so that what is given is enough.
        heights = {
            name: needs_px[name] if spare < 0 and name in self._whole else docks[name].height()
            for name, spare in spare_px.items()
        }
        share = min(1.0, lacking_px / has_px)
        for name in (name for name, spare in spare_px.items() if spare > 0):
            heights[name] -= math.ceil(share * spare_px[name])
        self._window.resizeDocks(list(docks.values()), list(heights.values()), Qt.Orientation.Vertical)

    def _stands_in(self, dock: QDockWidget, area: Qt.DockWidgetArea) -> bool:
        return not dock.isHidden() and not dock.isFloating() and self._window.dockWidgetArea(dock) == area

    def _tabs_with(self, dock: QDockWidget) -> list[QDockWidget]:
        """Return the docks that share its place with it and are shown."""
        return [one for one in self._window.tabifiedDockWidgets(dock) if not one.isHidden()]

    def _needed_height(self, dock: QDockWidget) -> int:
        """Return how high a dock has to be that it, and those that share its place, are whole."""
        together = (dock, *self._tabs_with(dock))
        return max(self._height((name,)) for name, one in self._docks.items() if one in together)

    def _is_whole(self, name: str) -> bool:
        return self._docks[name].height() >= self._height((name,))

    def arrange(self, layout: Layout, room: QSize, centre: QSize) -> None:
        """Show the docks of a layout where they suit ``room``, that of all docks and the centre; hide the others.

        Parameters
        ----------
        centre
            The least size of what the docks stand around; empty where that is hidden.
        """
        needs = ((one, self.needed_size(one, centre)) for one in layout.arrangements)
        chosen = next((one for one, need in needs if need.boundedTo(room) == need), layout.arrangements[-1])
        for dock in self._docks.values():
            self._window.removeDockWidget(dock)
            dock.setFloating(False)
        for area, groups in _areas(chosen):
            for group in groups:
                self._put(area, group)
        # Those that are hidden have a place too, where they come to stand when they are shown.
        for area, groups in _areas(DEFAULT.arrangements[0]):
            for name in (name for group in groups for name in group if name not in chosen.docks):
                self._window.addDockWidget(area, self._docks[name])
                self._docks[name].hide()
        # What a dock may grow to is to be known before room is shared out.
        self.settle_heights()
        self._share_room(chosen, None if not centre.isEmpty() else layout.side_share)

    def shown(self) -> tuple[str, ...]:
        """Return the names of the docks that are shown, those among tabs too."""
        return tuple(name for name, dock in self._docks.items() if not dock.isHidden())

    def set_shown(self, name: str, shown: bool) -> None:
        """Show a dock where it stood last, or hide it; without room for one more there, it shares a place as a tab."""
        dock, size = self._docks[name], self._window.size()
        dock.setVisible(shown)
        if shown and not dock.isFloating() and not self.fits(size):
            area = self._window.dockWidgetArea(dock)
            others = [one for one in self._docks.values() if one is not dock and self._stands_in(one, area)]
            if others:
                lowest = max(others, key=lambda one: (one.y(), one.x()))
                self._window.tabifyDockWidget(lowest, dock)
                if self.fits(size):
                    # Qt made the window larger for the dock, before it had a place that needs no more.
                    self._window.resize(size)
        if shown:
            dock.raise_()
        self.settle_heights()

    def fits(self, size: QSize) -> bool:
        """Return whether a window of this size is as large as all that it shows needs at least."""
        layout = self._window.layout()
        assert layout is not None
        layout.invalidate()
        least = layout.totalMinimumSize()
        return least.boundedTo(size) == least

    def stands_as(self, layout: Layout) -> bool:
        """Return whether the docks stand as one of the layout's arrangements has them, however large each is."""
        if any(dock.isFloating() for dock in self._docks.values()):
            return False
        now = [(area, self._groups_in(area)) for area in (LEFT, BOTTOM, RIGHT)]
        tables = (
            [(area, [set(group) for group in groups]) for area, groups in _areas(one)] for one in layout.arrangements
        )
        return any(now == table for table in tables)

    def _groups_in(self, area: Qt.DockWidgetArea) -> list[set[str]]:
        """Return the docks that share each place of an area, from top to bottom, or from left to right."""
        names = {dock: name for name, dock in self._docks.items() if self._stands_in(dock, area)}
        placed: list[tuple[int, set[str]]] = []
        while names:
            dock = next(iter(names))
            group = [dock, *self._tabs_with(dock)]
            # Those behind others stand outside the window.
            places = [one.x() if area == BOTTOM else one.y() for one in group if not one.visibleRegion().isEmpty()]
            placed.append((max(places, default=0), {names.pop(one) for one in group}))
        return [group for _, group in sorted(placed, key=lambda one: one[0])]

    def settle_heights(self) -> None:
        """Make docks that stand alone no higher than they need to be, unless nothing beside them can take the room.

        One among tabs is as high as the others.
        """
        for name in KEEP_HEIGHT:
            dock = self._docks[name]
            shares = dock.isFloating() or bool(self._tabs_with(dock))
            area = self._window.dockWidgetArea(dock)
            takers = (one for other, one in self._docks.items() if other not in KEEP_HEIGHT)
            shares = shares or not any(self._stands_in(one, area) for one in takers)
            vertical = QSizePolicy.Policy.Preferred if shares else QSizePolicy.Policy.Maximum
            self._panel(name).setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
            # A dock keeps bounds of its own, which follow its panel's only now.
            if (layout := dock.layout()) is not None:
                layout.activate()

    def needed_size(self, arrangement: Arrangement, centre: QSize) -> QSize:
        """Return the least size of all docks and the centre at which no panel has to scroll."""
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

    def _share_room(self, arrangement: Arrangement, side_share: float | None) -> None:
        """Share out the room; ``side_share`` is the left column's part, None where something stands in the middle."""
        sideways, upright = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        sides = ((LEFT, arrangement.left), (RIGHT, arrangement.right))
        columns = [(self._docks[groups[0][0]], self._column_px(area, groups)) for area, groups in sides if groups]
        widths = [width for _, width in columns]
        if side_share is not None and len(widths) > 1:
            # The column at the right stands where the centre would.
            side_px = max(widths[0], round(side_share * self._window.width()))
            widths = [side_px, max(widths[-1], self._window.width() - side_px)]
        self._window.resizeDocks([dock for dock, _ in columns], widths, sideways)
        for _, groups in sides:
            firsts = [self._docks[group[0]] for group in groups]
            self._window.resizeDocks(firsts, [self._height(group) for group in groups], upright)
        if arrangement.bottom:
            firsts = [self._docks[group[0]] for group in arrangement.bottom]
            # Less than there is room for: what is left over is shared out alike, and taken from no column.
            shares = [(SPARE_PX + self._width(group)) // 4 for group in arrangement.bottom]
            self._window.resizeDocks(firsts, shares, sideways)
            row_px = max(ROW_PX, *map(self._height, arrangement.bottom))
            self._window.resizeDocks(firsts, [row_px] * len(firsts), upright)

    def _column_px(self, area: Qt.DockWidgetArea, groups: tuple[Group, ...]) -> int:
        """Return how wide a column is made, pixels: nothing in it scrolls sideways."""
        return max(COLUMN_PX[area], *map(self._width, groups))

    def _width(self, group: Group) -> int:
        panels = [self._panel(name) for name in group]
        widest = max(max(one.needed_size().width(), one.header.minimumSizeHint().width()) for one in panels)
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


def _areas(arrangement: Arrangement) -> tuple[tuple[Qt.DockWidgetArea, tuple[Group, ...]], ...]:
    return (LEFT, arrangement.left), (BOTTOM, arrangement.bottom), (RIGHT, arrangement.right)


def dress_tabs(tabs: QTabBar) -> None:
    """Have the names on tabs of docks read whole, scrolled to where need be, and tell what tabs are for."""
    tabs.setElideMode(Qt.TextElideMode.ElideNone)
    tabs.setUsesScrollButtons(True)
    for button in tabs.findChildren(QToolButton):
        # The arrow keys scroll: the keyboard needs no stop at what only the mouse presses.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    tip = QCoreApplication.translate(
        "MainWindow", "Panels that share one place: choose one with the arrow keys, or go on with F6"
    )
    describe(tabs, QCoreApplication.translate("MainWindow", "Panels in one place"), tip)
