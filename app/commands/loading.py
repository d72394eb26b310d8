# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that need Qt load it first of all, while signals wait."""

from __future__ import annotations

import importlib

from app.commands import endings


def load_qt() -> None:
    """Load Qt for Python, whose own start aborts the process where a signal raises an exception in it."""
    with endings.held():
        importlib.import_module("PySide6.QtCore")
