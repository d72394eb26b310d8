# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller shows the engine's words: failures and good news in the notice bar, everything in the console."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.translations import line, sentence
from engine.errors import (
    CannotWrite,
    GeneratorError,
    GeneratorMissing,
    ModelMissing,
    NothingHeard,
    NothingPaints,
    StudioError,
)
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.qt.studio import StudioEngine
    from engine.session.options import Happening


class NoticesController(QObject):
    """The notices controller shows notices, puts away those that are true no more, and writes the console."""

    def __init__(self, window: MainWindow, engine: StudioEngine) -> None:
        super().__init__(window)
        self._window = window
        engine.notices.failed.connect(self.tell_failure)
        engine.notices.recovered.connect(self._on_recovered)
        engine.notices.saved.connect(self._on_saved)
        engine.notices.happened.connect(self._on_happened)

    def say(self, text: str, level: Level) -> None:
        """Write a line in the console."""
        self._window.console_panel.add_line(text, level)

    @Slot(object)
    def tell_failure(self, error: StudioError) -> None:
        """Tell what went wrong, as a notice and a line."""
        act = self.tr("Models…") if isinstance(error, GeneratorMissing | ModelMissing | NothingPaints) else ""
        self._window.notice_bar.show_notice(sentence(error), Level.WARNING, _kind(error), act=act)
        self.say(sentence(error), Level.WARNING)

    @Slot(object)
    def _on_recovered(self, error: StudioError) -> None:
        self._window.notice_bar.clear_notice(_kind(error))

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        # What could not be done before could be done now.
        for kind in (_kind(NothingHeard()), _kind(CannotWrite(path=path, detail=""))):
            self._window.notice_bar.clear_notice(kind)
        text = self.tr("Saved as {path}").format(path=path)
        self._window.notice_bar.show_notice(text, Level.INFO, "saved")

    @Slot(object)
    def _on_happened(self, happening: Happening) -> None:
        self.say(line(happening), Level(happening.level))
        if happening.notice:
            self._window.notice_bar.show_notice(line(happening), Level.INFO, happening.notice)


def _kind(error: StudioError) -> str:
    """Return the kind of a failure's notice: a newer one of the same kind takes its place."""
    if isinstance(error, GeneratorError):
        return "generator"
    if isinstance(error, CannotWrite):
        # The library may be there while the music folder is not.
        path = Path(error.fields["path"])
        return f"CannotWrite {path.parent if path.suffix else path}"
    return type(error).__name__
