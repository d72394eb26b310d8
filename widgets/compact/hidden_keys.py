# SPDX-License-Identifier: GPL-3.0-or-later
"""Hidden keys have the keys of buttons that are hidden for a while do what they always do."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget


class HiddenKeys(QObject):
    """Hidden keys press buttons that are hidden, by the keys that ``controls.describe`` gave them.

    Qt takes no key of a widget that is not seen: these have the same keys on one that is.

    Parameters
    ----------
    host
        A widget that is seen meanwhile.
    """

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._keys: list[QShortcut] = []

    def stand_in_for(self, buttons: Iterable[QAbstractButton]) -> None:
        """Listen to the keys of those of these buttons that are hidden, until ``rest``."""
        for button in buttons:
            if button.isHidden():
                for one in button.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
                    key = QShortcut(self._host)
                    key.setKeys(one.keys())
                    key.setAutoRepeat(False)
                    key.activated.connect(button.click)
                    self._keys.append(key)

    def rest(self) -> None:
        """Listen to no key any more: the buttons are seen again."""
        for key in self._keys:
            key.setEnabled(False)
            key.deleteLater()
        self._keys.clear()
