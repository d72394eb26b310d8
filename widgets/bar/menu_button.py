# SPDX-License-Identifier: GPL-3.0-or-later
"""The menu button at the end of the bar has the studio's menu: files, undo, the window's layouts and panels, help."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from widgets.controls import describe, set_role
from widgets.guide.explained import explain_by
from widgets.icon_button import IconButton

MOST_KEYS: Final = 9
"""Number of layouts that have a key: Ctrl+1 to Ctrl+9."""


class Section(StrEnum):
    """A section is a part of the menu that actions are added to; layouts and panels stand between edit and view."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """A layout choice is a layout in the menu: its name, what it is called there, whether it is the person's own.

    ``has_panels`` says whether it can be saved under another name: one without panels has nothing to arrange.
    """

    name: str
    title: str
    is_own: bool
    has_panels: bool = True


@dataclass(frozen=True, slots=True)
class PanelChoice:
    """A panel choice is a panel in the menu: its name, what it is called there, and the key that goes to it."""

    name: str
    title: str
    key: str


class MenuButton(IconButton):
    """The menu button shows the actions, layouts and panels that it is told of, and asks for what is chosen.

    Signals
    -------
    layout_chosen(str)
        The name of a layout that is to be shown.
    save_requested, rename_requested, delete_requested, reset_requested
        What the window shows now is to be kept as a layout; the layout in use is to be renamed, deleted, put back.
    panel_toggled(str, bool)
        The name of a panel, and whether it is to be shown.
    """

    layout_chosen = Signal(str)
    save_requested = Signal()
    rename_requested = Signal()
    delete_requested = Signal()
    reset_requested = Signal()
    panel_toggled = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("menu_button")
        explain_by(self, "index")
        self.show_icon("menu")
        set_role(self, "menu")
        self._layouts: tuple[LayoutChoice, ...] = ()
        self._current = ""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Menu"))
        # What is added to a section comes before its line; an empty section shows none.
        self._ends = {one: menu.addSeparator() for one in (Section.FILE, Section.EDIT)}
        self._group = QActionGroup(self)
        self._first = menu.addSeparator()
        self._save = self._add(menu, self.tr("&Save as a new layout…"), self.save_requested.emit)
        self._rename = self._add(menu, "", self.rename_requested.emit)
        self._delete = self._add(menu, "", self.delete_requested.emit)
        self._reset = self._add(menu, "", self.reset_requested.emit)
        menu.addSeparator()
        self.panels_menu = menu.addMenu(self.tr("&Panels"))
        self._ends[Section.VIEW] = self._ends[Section.HELP] = menu.addSeparator()
        self._panels: dict[str, QAction] = {}
        self.setMenu(menu)
        self.set_layouts((), "")

    @staticmethod
    def _add(menu: QMenu, text: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, menu)
        action.triggered.connect(lambda _checked: slot())
        menu.addAction(action)
        return action

    def add(self, section: Section, action: QAction) -> None:
        """Add an action to the end of a section; its key works while the menu is closed, too."""
        menu, end = self.menu(), self._ends[section]
        if section is Section.HELP:
            menu.addAction(action)
        else:
            menu.insertAction(end, action)
        self.addAction(action)

    def layouts(self) -> tuple[LayoutChoice, ...]:
        """Return the layouts that are offered."""
        return self._layouts

    def current(self) -> str:
        """Return the name of the layout in use."""
        return self._current

    def set_layouts(self, layouts: tuple[LayoutChoice, ...], current: str) -> None:
        """Offer these layouts, of which ``current`` is in use."""
        self._layouts, self._current = layouts, current
        menu = self.menu()
        for action in self._group.actions():
            self._group.removeAction(action)
            self.removeAction(action)
            menu.removeAction(action)
            action.deleteLater()
        for at, one in enumerate(layouts, start=1):
            action = QAction(one.title.replace("&", "&&"), self._group)
            action.setCheckable(True)
            action.setChecked(one.name == current)
            if at <= MOST_KEYS:
                action.setShortcut(QKeySequence(f"Ctrl+{at}"))
                action.setAutoRepeat(False)
            action.triggered.connect(lambda _checked, name=one.name: self.layout_chosen.emit(name))
            menu.insertAction(self._first, action)
            # A key of an action that is in a menu alone does nothing while the menu is closed.
            self.addAction(action)
        self._show_current()

    def _show_current(self) -> None:
        chosen = next((one for one in self._layouts if one.name == self._current), None)
        title = "" if chosen is None else chosen.title
        shown = title.replace("&", "&&")
        is_own = chosen is not None and chosen.is_own
        self._rename.setText(self.tr("&Rename “{title}”…").format(title=shown))
        self._delete.setText(self.tr("&Delete “{title}”…").format(title=shown))
        self._reset.setText(self.tr("R&eset “{title}”").format(title=shown) + "\tCtrl+Shift+R")
        for action in (self._rename, self._delete):
            action.setVisible(is_own)
        self._save.setVisible(chosen is None or chosen.has_panels)
        tip = self.tr("Files, undo, layouts of the window and its panels, help. Layout now: {title}").format(
            title=title
        )
        describe(self, self.tr("Menu"), tip.format(title=title), shortcut="Ctrl+M", also="F10")

    def set_panels(self, panels: tuple[PanelChoice, ...]) -> None:
        """Offer these panels, once."""
        for one in panels:
            key = QKeySequence(one.key).toString(QKeySequence.SequenceFormat.NativeText)
            action = QAction(f"{one.title.replace('&', '&&')}\t{key}", self.panels_menu)
            action.setCheckable(True)
            action.triggered.connect(lambda shown, name=one.name: self.panel_toggled.emit(name, shown))
            self.panels_menu.addAction(action)
            self._panels[one.name] = action

    def set_shown(self, names: Collection[str]) -> None:
        """Mark these panels as shown, and the others as hidden."""
        for name, action in self._panels.items():
            action.setChecked(name in names)
