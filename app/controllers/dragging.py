# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller has files made of what is dragged out of the card and the lists, and carries them once they exist."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from app import paths
from widgets.bar.menu_button import Section
from widgets.controls import Level
from widgets.dragging import DragSource, copy

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.qt.studio import StudioEngine


class DraggingController(QObject):
    """The dragging controller joins three places to drag from to the engine: what plays, candidates, takes."""

    tidying_wanted = Signal(str)
    loop_wanted = Signal(str, object)
    takes_wanted = Signal(str, object)

    def __init__(self, window: MainWindow, engine: StudioEngine) -> None:
        super().__init__(window)
        self._window = window
        self._folder = str(paths.dragged_folder())
        # Whence the files that are being made are dragged; None copies them.
        self._source: DragSource | None = None
        self._is_wanted = False
        card, table, takes = window.now_playing_panel, window.candidates_panel, window.library_panel
        for source, ask in (
            (card.drag_source, self._ask_for_what_plays),
            (table.drag_source, self._ask_for_candidate),
            (takes.drag_source, self._ask_for_takes),
        ):
            source.begun.connect(lambda source=source, ask=ask: self._begin(source, ask))
            source.copy_requested.connect(lambda ask=ask: self._begin(None, ask))
        action = QAction(self.tr("&Copy the loop as a file"), self)
        action.setShortcut(QKeySequence("Ctrl+Alt+C"))
        action.triggered.connect(lambda _checked: self._begin(None, self._ask_for_what_plays))
        window.add_to_menu(Section.FILE, action)
        self.tidying_wanted.connect(engine.saving.tidy_dragged)
        self.loop_wanted.connect(engine.saving.drag_loop)
        self.takes_wanted.connect(engine.saving.drag_takes)
        engine.saving.dragged.connect(self._on_dragged)
        self.tidying_wanted.emit(self._folder)

    def _begin(self, source: DragSource | None, ask: Callable[[], None]) -> None:
        self._source, self._is_wanted = source, True
        ask()

    def _ask_for_what_plays(self) -> None:
        self.loop_wanted.emit(self._folder, None)

    def _ask_for_candidate(self) -> None:
        row = self._window.candidates_panel.table.currentIndex().row()
        if row >= 0:
            self.loop_wanted.emit(self._folder, row)

    def _ask_for_takes(self) -> None:
        chosen = self._window.library_panel.selected_ids()
        if chosen:
            self.takes_wanted.emit(self._folder, chosen)

    @Slot(object)
    def _on_dragged(self, files: tuple[str, ...]) -> None:
        if not self._is_wanted:
            return
        self._is_wanted = False
        if self._source is not None:
            self._source.carry(files)
            return
        copy(files)
        names = ", ".join(Path(one).name for one in files)
        self._window.notice_bar.show_notice(self.tr("Copied: {names}").format(names=names), Level.INFO, "copied")
