# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a window name the page of help that explains them; the page of a control is that of what holds it."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

_PROPERTY: Final = "help_page"


def explain_by(widget: QWidget, page: str) -> None:
    """Have the page of this name (``resources/help/LANGUAGE/PAGE.md``) explain a widget and all that it holds."""
    widget.setProperty(_PROPERTY, page)


def explained_of(widget: QWidget | None) -> tuple[str, QWidget] | None:
    """Return the page that explains a widget, and what that page is about: the widget, or the nearest that holds it."""
    while widget is not None:
        page = widget.property(_PROPERTY)
        if page:
            return str(page), widget
        widget = widget.parentWidget()
    return None
