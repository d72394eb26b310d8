# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller shows the recipes of what plays and of sounds that carry one, and has clips made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog

from app.main_window import MainWindow
from app.recipe_words import lines_of, why_not_again
from app.settings import generator_settings
from app.settings_store import SettingsStore
from engine.library.carried import CLIP, Carried
from engine.qt.studio import StudioEngine
from engine.session.options import LoopView
from engine.values import Progress
from widgets.controls import Level
from widgets.menu_button import Section
from widgets.recipe_dialog import RecipeDialog

if TYPE_CHECKING:
    from engine.values import Recipe

KIND = "recipe"
"""Kind of the notice that tells how far a clip is that is made from a recipe."""


class RecipesController(QObject):
    """The recipes controller owns the dialog, one at a time.

    Parameters
    ----------
    view
        Tells which loop is shown.
    """

    read_wanted = Signal(str)
    make_wanted = Signal(object, bool)
    cancel_wanted = Signal()

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, view: Callable[[], LoopView | None]
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._view = window, store, view
        self._dialog: RecipeDialog | None = None
        self._shown: Carried | None = None
        self._other_title = ""
        self._is_comparing, self._dropped = False, ""
        action = QAction(self.tr("&Recipe of what plays…"), self)
        action.setShortcut(QKeySequence("Ctrl+I"))
        action.triggered.connect(lambda _checked: self.show_playing())
        window.add_to_menu(Section.FILE, action)
        self.read_wanted.connect(engine.recipes.read_file)
        self.make_wanted.connect(engine.recipes.make)
        self.cancel_wanted.connect(engine.recipes.cancel)
        engine.recipes.read.connect(self._on_read)
        engine.recipes.progressed.connect(self._on_progressed)
        window.notice_bar.cancelled.connect(self._on_cancelled)

    def show_playing(self) -> None:
        """Show the recipe of the loop that plays."""
        view = self._view()
        if view is not None:
            self.show_carried(Carried(replace(view.recipe, loop=view.candidate), CLIP))

    @Slot(object)
    def look_into(self, paths: tuple[str, ...]) -> None:
        """Show the recipe of a sound that was dropped alone, where it carries one."""
        if len(paths) == 1 and Path(paths[0]).is_file():
            self._is_comparing, self._dropped = False, paths[0]
            self.read_wanted.emit(paths[0])

    def show_carried(self, carried: Carried) -> None:
        """Show a recipe."""
        self._shown, self._other_title = carried, ""
        dialog = self._opened()
        dialog.show_lines(carried.recipe.title, "", lines_of(carried))
        dialog.set_can_make(why_not_again(carried.recipe, generator_settings(self._store.settings)))

    def _opened(self) -> RecipeDialog:
        if self._dialog is None:
            dialog = self._dialog = RecipeDialog(self._window)
            dialog.again_requested.connect(lambda: self._make(is_varied=False))
            dialog.vary_requested.connect(lambda: self._make(is_varied=True))
            dialog.open_requested.connect(lambda: self._choose(is_comparing=False))
            dialog.compare_requested.connect(lambda: self._choose(is_comparing=True))
            dialog.finished.connect(self._on_closed)
            dialog.open()
        return self._dialog

    @Slot()
    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _make(self, *, is_varied: bool) -> None:
        if self._shown is not None:
            recipe: Recipe = self._shown.recipe
            self.make_wanted.emit(recipe, is_varied)
            if self._dialog is not None:
                self._dialog.accept()

    def _choose(self, *, is_comparing: bool) -> None:
        assert self._dialog is not None
        chooser = QFileDialog(self._dialog, self.tr("Choose a sound"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(self.tr("Sounds (*.wav *.flac *.ogg)"))
        chooser.fileSelected.connect(lambda path: self._read(path, is_comparing=is_comparing))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _read(self, path: str, *, is_comparing: bool) -> None:
        self._is_comparing = is_comparing
        self.read_wanted.emit(path)

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(str, object)
    def _on_read(self, path: str, carried: Carried | None) -> None:
        name = Path(path).name
        is_dropped, self._dropped = path == self._dropped, ""
        if carried is None:
            if is_dropped:
                return
            words = self.tr("“{name}” carries no recipe; sounds that the studio writes do.").format(name=name)
            if self._dialog is not None:
                self._dialog.note_label.setText(words)
            else:
                self._window.notice_bar.show_notice(words, Level.WARNING, KIND)
        elif self._is_comparing and self._shown is not None and self._dialog is not None:
            lines = lines_of(self._shown, carried)
            n = sum(line.text != line.other for line in lines)
            note = self.tr("{n} lines differ").format(n=n)
            self._dialog.show_lines(self._shown.recipe.title, carried.recipe.title or name, lines, note)
        else:
            self.show_carried(carried)

    @Slot(str, object)
    def _on_progressed(self, title: str, progress: Progress | None) -> None:
        bar = self._window.notice_bar
        if progress is None:
            bar.clear_notice(KIND)
            return
        words = self.tr("By the recipe of “{title}” a clip is made, to play next").format(title=title)
        bar.show_progress(words, KIND, progress.fraction)

    @Slot(str)
    def _on_cancelled(self, kind: str) -> None:
        if kind == KIND:
            self.cancel_wanted.emit()
