# SPDX-License-Identifier: GPL-3.0-or-later
"""The middle of the window holds the pictures, one below the other; where no panel is shown at all, it says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from app.dock_table import GAP_PX

if TYPE_CHECKING:
    from widgets.panel import Panel


class Centre(QWidget):
    """The centre shows some of its pictures; without one it leaves all the room to the docks.

    Attributes
    ----------
    pictures
        The panels, with handles between them.
    """

    def __init__(self, panels: Mapping[str, Panel]) -> None:
        super().__init__()
        self._panels = panels
        self.pictures = QSplitter(Qt.Orientation.Vertical)
        self.pictures.setObjectName("pictures")
        self.pictures.setChildrenCollapsible(False)
        self.pictures.setHandleWidth(GAP_PX)
        for panel in panels.values():
            self.pictures.addWidget(panel)
        self._bare = QLabel(self.tr("No panel is shown. The button at the top right shows them again."))
        self._bare.setObjectName("no_panel_shown")
        self._bare.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bare.setWordWrap(True)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addWidget(self.pictures)
        self._rows.addWidget(self._bare)

    def shown(self) -> tuple[str, ...]:
        """Return the names of the pictures that are shown."""
        return tuple(name for name, panel in self._panels.items() if not panel.isHidden())

    def show_pictures(self, names: Collection[str]) -> None:
        """Show the pictures that are among these panels, and hide the others."""
        for name, panel in self._panels.items():
            panel.setVisible(name in names)
        has_some = bool(self.shown())
        self.pictures.setVisible(has_some)
        # What is hidden needs no room from now on: what stands around is about to be given it.
        self.pictures.refresh()
        self._rows.activate()
        # Where no picture stands in the middle, the docks have all the room.
        self.setVisible(has_some)

    def say_bare(self, is_bare: bool) -> None:
        """Say that no panel is shown, in the middle or around it, or do not."""
        self._bare.setVisible(is_bare)
        self.setVisible(is_bare or not self.pictures.isHidden())
