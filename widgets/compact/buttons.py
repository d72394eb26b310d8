# SPDX-License-Identifier: GPL-3.0-or-later
"""The compact buttons stand in Mini and in the small window: always on top, and back to the full window."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.controls import describe, set_role
from widgets.icon_button import IconButton


class CompactButtons(QWidget):
    """The compact buttons keep a small window above others, and lead back to the full one.

    Signals
    -------
    on_top_toggled(bool), back_requested()
    """

    on_top_toggled = Signal(bool)
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on_top_button, self.back_button = IconButton(self), IconButton(self)
        self.on_top_button.setObjectName("on_top_button")
        self.on_top_button.setCheckable(True)
        self.on_top_button.show_icon("pin")
        self.back_button.setObjectName("back_button")
        self.back_button.show_icon("expand")
        describe(
            self.on_top_button,
            self.tr("Always on top"),
            self.tr("Keep this window above all others, where the desktop allows it"),
            shortcut="Ctrl+Shift+A",
        )
        describe(
            self.back_button,
            self.tr("Full window"),
            self.tr("Go back to the full window, as it was left"),
            shortcut="Ctrl+Shift+F",
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in (self.on_top_button, self.back_button):
            set_role(button, "transport")
            button.setAutoDefault(False)
            row.addWidget(button)
        self.on_top_button.toggled.connect(self.on_top_toggled)
        self.back_button.clicked.connect(self.back_requested)

    def set_on_top(self, on_top: bool) -> None:
        """Show whether the window is kept on top, without a signal."""
        with QSignalBlocker(self.on_top_button):
            self.on_top_button.setChecked(on_top)
