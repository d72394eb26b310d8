# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells parts of a window where the keyboard goes, for as long as the window is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget


def follow_focus_until(closing: SignalInstance, slot: Callable[[QWidget | None, QWidget | None], None]) -> None:
    """Call ``slot`` with what had the keyboard and what has it, until ``closing`` is emitted.

    While a window is being destroyed the application still tells where its keyboard goes, and parts of the window hear
    it when the rest is gone: whatever they touch of that is an error.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    connection = application.focusChanged.connect(slot)
    closing.connect(lambda: QObject.disconnect(connection))
