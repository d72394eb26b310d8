# SPDX-License-Identifier: GPL-3.0-or-later
"""The display button in the spectrogram's header has a menu of how the picture is drawn, as options declare it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from engine.values import Parameter
from engine.values.picture_options import PICTURE_OPTIONS
from widgets.controls import describe, set_role
from widgets.icon_button import IconButton
from widgets.parameter_rows import words


class DisplayButton(IconButton):
    """The display button offers each of ``PICTURE_OPTIONS`` as a menu of its choices.

    Signals
    -------
    chosen(str, str)
        The name of an option, and the choice that the person made.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_icon("display")
        set_role(self, "inline")
        describe(
            self,
            self.tr("Display of the spectrogram"),
            self.tr("Choose the axis, the colours, the window and the floor of the spectrogram"),
        )
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Display of the spectrogram"))
        self._actions: dict[str, dict[str, QAction]] = {}
        for option in PICTURE_OPTIONS:
            self._actions[option.name] = self._add(menu, option)
        self.setMenu(menu)

    def _add(self, menu: QMenu, option: Parameter) -> dict[str, QAction]:
        part = menu.addMenu(words(option.title))
        part.setToolTipsVisible(True)
        part.menuAction().setToolTip(words(option.tooltip))
        group = QActionGroup(part)
        actions = {}
        for choice, title in zip(option.choices, option.titles, strict=True):
            action = part.addAction(words(title))
            action.setCheckable(True)
            action.setChecked(choice == option.default)
            action.setToolTip(words(option.tooltip))
            action.triggered.connect(
                lambda _checked, name=option.name, choice=choice: self.chosen.emit(name, choice),
            )
            group.addAction(action)
            actions[choice] = action
        return actions

    def set_choice(self, name: str, choice: str) -> None:
        """Show which choice of an option is made, without a signal."""
        self._actions[name][choice].setChecked(True)
