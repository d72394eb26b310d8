# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller shows the recipes of what plays and of sounds that carry one, and has clips made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from app.controllers.mix_again import MixAgain
from app.engine_settings import generator_settings
from engine.library.sound_folders import is_midi_name
from widgets.bar.menu_button import Section
from widgets.controls import Level

if TYPE_CHECKING:
    from app.controllers.recipe_look import RecipeLook
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.library.carried import AnyCarried
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView
    from engine.values import Progress, Recipe

KIND, MIX_KIND = "recipe", "mix made again"
"""Kinds of the notices that tell how far a clip is, or a mix, that is made from a recipe."""


class RecipesController(QObject):
    """The recipes controller has recipes looked at, and clips and mixes made from them.

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
        self._look: RecipeLook | None = None
        self._is_comparing, self._dropped = False, ""
        self.mix_again = MixAgain(self)
        self.mix_again.began.connect(self._on_mix_began)
        self.mix_again.ended.connect(self._on_mix_ended)
        window.closing.connect(self.mix_again.close)
        action = QAction(self.tr("&Recipe of what plays…"), self)
        action.setShortcut(QKeySequence("Ctrl+I"))
        action.triggered.connect(lambda _checked: self.show_playing())
        window.add_to_menu(Section.FILE, action)
        for text, key, is_varied in (
            (self.tr("Make what plays again with its &seed"), "Ctrl+Shift+G", False),
            (self.tr("&Vary what plays: another seed"), "Ctrl+Shift+V", True),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.setAutoRepeat(False)
            action.triggered.connect(lambda _checked, is_varied=is_varied: self._make_playing(is_varied=is_varied))
            window.add_to_menu(Section.FILE, action)
            window.now_playing_panel.addAction(action)
        window.now_playing_panel.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        window.library_panel.take_actions.again_requested.connect(self.make_again)
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
            from engine.library.carried import CLIP, Carried

            self._looked().show_carried(Carried(replace(view.recipe, loop=view.candidate), CLIP))

    def _make_playing(self, *, is_varied: bool) -> None:
        if (view := self._view()) is not None:
            self.make_again(replace(view.recipe, loop=view.candidate), is_varied)

    @Slot(object, bool)
    def make_again(self, recipe: Recipe, is_varied: bool) -> None:
        """Make the clip of a recipe again, or another from a new seed, to play next; say so where that cannot be."""
        from app.recipe_words import why_not_again
        from engine.library.carried import CLIP, Carried
        from engine.session.made_again import origin

        carried = origin(Carried(recipe, CLIP))
        if why_not := why_not_again(carried.recipe, generator_settings(self._store.settings)):
            self._window.notice_bar.show_notice(why_not, Level.WARNING, KIND)
        else:
            self.make_wanted.emit(carried.recipe, is_varied)

    @Slot(object)
    def look_into(self, paths: tuple[str, ...]) -> None:
        """Show the recipe of a sound that was dropped alone, where it carries one."""
        if len(paths) == 1 and Path(paths[0]).is_file():
            self._is_comparing, self._dropped = False, paths[0]
            self.read_wanted.emit(paths[0])

    def _looked(self) -> RecipeLook:
        if self._look is None:
            from app.controllers.recipe_look import RecipeLook

            self._look = look = RecipeLook(self._window, self._store, self.mix_again)
            look.make_wanted.connect(self.make_wanted)
            look.read_wanted.connect(self._read)
        return self._look

    @Slot(str, bool)
    def _read(self, path: str, is_comparing: bool) -> None:
        self._is_comparing = is_comparing
        self.read_wanted.emit(path)

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(str, object)
    def _on_read(self, path: str, carried: AnyCarried | None) -> None:
        name = Path(path).name
        is_dropped, self._dropped = path == self._dropped, ""
        if carried is not None:
            look = self._looked()
            if self._is_comparing and look.is_open:
                look.hold_against(carried, name)
            else:
                look.show_carried(carried, path)
            return
        # What is a sound plays, with a recipe or without.
        if is_dropped and not is_midi_name(path):
            return
        words = self.tr("“{name}” carries no recipe; files that the studio writes do.").format(name=name)
        if self._look is not None and self._look.is_open:
            self._look.tell(words)
        else:
            self._window.notice_bar.show_notice(words, Level.WARNING, KIND)

    @Slot(str, object)
    def _on_progressed(self, title: str, progress: Progress | None) -> None:
        words = self.tr("By the recipe of “{title}” a clip is made, to play next").format(title=title)
        self._window.notice_bar.follow_progress(words, KIND, progress)

    @Slot(str)
    def _on_cancelled(self, kind: str) -> None:
        if kind == KIND:
            self.cancel_wanted.emit()
        elif kind == MIX_KIND:
            self.mix_again.cancel()

    @Slot(str)
    def _on_mix_began(self, target: str) -> None:
        words = self.tr("The mix is made again, as “{name}”").format(name=Path(target).name)
        self._window.notice_bar.show_progress(words, MIX_KIND)

    @Slot(str, str)
    def _on_mix_ended(self, target: str, why_not: str) -> None:
        bar, name = self._window.notice_bar, Path(target).name
        bar.clear_notice(MIX_KIND)
        if why_not:
            bar.show_notice(
                self.tr("“{name}” was not made: {why}").format(name=name, why=why_not), Level.WARNING, MIX_KIND
            )
        elif target:
            bar.show_notice(self.tr("The mix was made again: “{name}”").format(name=name), Level.INFO, MIX_KIND)
