# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the library panel to the engine's library: the takes there are, and the one that is to play."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.qt.studio import StudioEngine


class LibraryController(QObject):
    """The library controller shows takes and asks for one.

    Signals
    -------
    opened(folder): the library is there
    """

    opened = Signal(str)
    take_wanted = Signal(str)
    deletion_wanted = Signal(object)

    def __init__(self, window: MainWindow, engine: StudioEngine) -> None:
        super().__init__(window)
        panel = window.library_panel
        panel.take_chosen.connect(self.take_wanted)
        self.take_wanted.connect(engine.library.play_take)
        panel.delete_requested.connect(self.deletion_wanted)
        self.deletion_wanted.connect(engine.editing.delete_takes)
        panel.takes_wanted.connect(engine.library.read_takes)
        engine.library.takes_changed.connect(panel.set_takes)
        engine.library.takes_read.connect(panel.add_takes)
        engine.library.opened.connect(self.opened)
