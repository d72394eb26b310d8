# SPDX-License-Identifier: GPL-3.0-or-later
"""This module shows a widget alone, so that it has the keyboard."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

Shown = TypeVar("Shown", bound=QWidget)


def shown_alone(qtbot: QtBot, widget: Shown, width_px: int, height_px: int) -> Shown:
    """Return the widget, shown at that size and active."""
    qtbot.addWidget(widget)
    widget.resize(width_px, height_px)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget
