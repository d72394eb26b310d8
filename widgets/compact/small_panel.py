# SPDX-License-Identifier: GPL-3.0-or-later
"""The small panel is what the small window has below prompt and transport: the duration, STATUS and QUIT."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from widgets.controls import GAP_PX, ROW_GAP_PX, ElidedLabel, describe, set_role

# Names of buttons that are the studio's own, the same in every language.
STATUS_TEXT, QUIT_TEXT = "STATUS", "QUIT"
QUIT_KEY: Final = "Ctrl+Q"
"""Key of the window, which this button only tells."""
MARGIN_PX = 12


class SmallPanel(QWidget):
    """The small panel has room for the duration and the compact buttons, and says under STATUS what goes on.

    Signals
    -------
    status_toggled(bool), quit_requested()
    """

    status_toggled = Signal(bool)
    quit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("small_panel")
        self.setAccessibleName(self.tr("Small window"))
        self.status_button, self.quit_button = QPushButton(STATUS_TEXT, self), QPushButton(QUIT_TEXT, self)
        self.status_button.setObjectName("status_button")
        self.status_button.setCheckable(True)
        self.quit_button.setObjectName("quit_button")
        describe(
            self.status_button,
            self.tr("Status"),
            self.tr("Say what plays, what is being made, where the sound goes and what went wrong"),
            shortcut="Ctrl+Shift+I",
        )
        tip = self.tr("End the music and close the studio")
        describe(self.quit_button, self.tr("Quit"), f"{tip} ({QUIT_KEY})")
        self.duration_slot, self.buttons_slot = QHBoxLayout(), QHBoxLayout()
        row = QHBoxLayout()
        row.setSpacing(GAP_PX + 4)
        row.addLayout(self.duration_slot, 1)
        row.addLayout(self.buttons_slot)
        for button in (self.status_button, self.quit_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.lines = QWidget(self)
        self.lines.setProperty("role", "panel")
        self.lines.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._grid = QGridLayout(self.lines)
        self._grid.setContentsMargins(MARGIN_PX, GAP_PX + 2, MARGIN_PX, GAP_PX + 2)
        self._grid.setHorizontalSpacing(GAP_PX + 4)
        self._grid.setVerticalSpacing(ROW_GAP_PX)
        self._grid.setColumnStretch(1, 1)
        self._words: list[ElidedLabel] = []
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, GAP_PX, 0, 0)
        rows.setSpacing(GAP_PX + 2)
        rows.addLayout(row)
        rows.addWidget(self.lines)
        self.status_button.toggled.connect(self.lines.setVisible)
        self.status_button.toggled.connect(self.status_toggled)
        self.quit_button.clicked.connect(self.quit_requested)
        self.set_shows_status(True)

    def shows_status(self) -> bool:
        """Return whether the lines of STATUS are shown."""
        return self.status_button.isChecked()

    def set_shows_status(self, shows: bool) -> None:
        """Show or hide the lines of STATUS, without a signal."""
        with QSignalBlocker(self.status_button):
            self.status_button.setChecked(shows)
        self.lines.setVisible(shows)

    def set_status(self, status: tuple[tuple[str, str], ...]) -> None:
        """Show these lines, each a caption and what there is to say; always as many, so that nothing moves."""
        while len(self._words) < len(status):
            self._add_line(status[len(self._words)][0])
        for label, (_, words) in zip(self._words, status, strict=True):
            label.setText(words)

    def status(self) -> tuple[str, ...]:
        """Return what the lines say."""
        return tuple(one.text() for one in self._words)

    def _add_line(self, caption: str) -> None:
        at = len(self._words)
        name, words = QLabel(caption, self.lines), ElidedLabel("value", self.lines)
        set_role(name, "dim")
        words.setAccessibleName(caption)
        self._grid.addWidget(name, at, 0)
        self._grid.addWidget(words, at, 1)
        for one in (name, words):
            one.show()
        self._words.append(words)
