# SPDX-License-Identifier: GPL-3.0-or-later
"""The appearance of the application follows the settings: theme, accent, text size, motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app import paths
from widgets import theme
from widgets.colours import colours_of

if TYPE_CHECKING:
    from app.settings import Settings

SHEET = "studio.qss"
"""File of the style sheet among the themes."""


def dress(application: QApplication, settings: Settings, *, text_size: float | None = None) -> None:
    """Paint everything as the settings say, at once; what is shown already, too.

    Parameters
    ----------
    text_size
        The text size to keep, where the settings' comes with the next start: widths are made for it.
    """
    size = settings.text_size if text_size is None else text_size
    theme.use(colours_of(settings.theme, settings.accent), text_size=size, is_still=settings.reduced_motion)
    theme.configure_pyqtgraph()
    application.setPalette(theme.palette())
    if settings.reduced_motion:
        application.setCursorFlashTime(0)
    elif application.cursorFlashTime() == 0:
        application.setCursorFlashTime(theme.BLINK_MS)
    folder = paths.RESOURCES / "themes"
    sheet = (folder / SHEET).read_text(encoding="utf-8")
    application.setStyleSheet(theme.style_sheet(sheet, folder.as_posix(), theme.text_scale(), theme.line_scale()))


class Appearance:
    """The appearance has what is shown follow the settings as they change.

    Parameters
    ----------
    settings
        What everything is painted by now.
    """

    def __init__(self, settings: Settings) -> None:
        self._shown = _looks(settings)

    def follow(self, settings: Settings) -> None:
        """Paint everything anew if these settings ask for other colours or motion."""
        application = QApplication.instance()
        if _looks(settings) != self._shown and isinstance(application, QApplication):
            self._shown = _looks(settings)
            dress(application, settings, text_size=theme.text_size())


def _looks(settings: Settings) -> tuple[str, str, bool]:
    return settings.theme, settings.accent, settings.reduced_motion
