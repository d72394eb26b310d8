# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at recipes is the dialog with what it shows: a recipe, a mix and its loops, either held against another.

It is loaded when a recipe is first looked at: what reads and words recipes is a good part of the engine.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from app.engine_settings import generator_settings
from app.recipe_words import dialog_lines, why_not_again, why_not_rendered
from engine.library.carried import AnyCarried, Carried
from engine.library.recipe_lines import loop_of, nearest_loop
from engine.session.made_again import origin
from engine.values import MixRecipe
from widgets.dialogs.recipe_dialog import RecipeDialog

if TYPE_CHECKING:
    from app.controllers.mix_again import MixAgain
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore


class RecipeLook(QObject):
    """The look owns the dialog, one at a time.

    Signals
    -------
    make_wanted(Recipe, bool): the clip of it, again or varied,
    read_wanted(path, bool): the recipe of a file, to be held against what is shown or not
    """

    make_wanted = Signal(object, bool)
    read_wanted = Signal(str, bool)

    def __init__(self, window: MainWindow, store: SettingsStore, mix_again: MixAgain) -> None:
        super().__init__(window)
        self._window, self._store, self._mix_again = window, store, mix_again
        self._dialog: RecipeDialog | None = None
        # What is shown, of which file, and what it is held against; which loop of a mix is looked into, 0 for none.
        self._shown: AnyCarried | None = None
        self._path = ""
        self._other: AnyCarried | None = None
        self._other_title = ""
        self._number, self._nearest = 0, ""

    @property
    def is_open(self) -> bool:
        """Return whether the dialog is open."""
        return self._dialog is not None

    def tell(self, words: str) -> None:
        """Say this below the lines, while the dialog is open."""
        if self._dialog is not None:
            self._dialog.note_label.setText(words)

    def show_carried(self, carried: AnyCarried, path: str = "") -> None:
        """Show a recipe, of the file at ``path`` if it is a file's."""
        self._shown, self._path, self._other, self._other_title, self._number = carried, path, None, "", 0
        self._nearest = ""
        self._show(chosen=1)

    def _show(self, *, chosen: int = 0) -> None:
        """Show what is chosen: a recipe, a loop of a mix, either of them held against another."""
        shown, other = self._shown, self._other
        if shown is None:
            return
        dialog, title, other_title = self._opened(), self._title_of(shown), self._other_title
        if self._number and isinstance(shown, MixRecipe):
            title = self._named(title, self._number)
            if isinstance(other, MixRecipe):
                other_title = self._named(other_title, self._number)
                other = loop_of(other, self._number)
            shown = loop_of(shown, self._number) or shown
        lines, is_list = dialog_lines(shown, other), isinstance(shown, MixRecipe)
        dialog.show_lines(
            title, other_title if other is not None else "", lines, self._note(shown, other), chosen=chosen
        )
        whole = self._shown
        has_order = isinstance(whole, MixRecipe) and whole.order is not None and bool(self._path)
        dialog.show_mix(is_list=is_list, is_loop=self._number > 0, has_order=has_order)
        if isinstance(whole, MixRecipe):
            busy = self.tr("Another mix is being made again") if self._mix_again.is_busy else ""
            dialog.set_can_render(busy or why_not_rendered(whole, generator_settings(self._store.settings)))
        self._on_loop_chosen(dialog.chosen_loop)

    def _named(self, mix: str, number: int) -> str:
        return self.tr("{mix}, loop {n}").format(mix=mix, n=number)

    def _title_of(self, carried: AnyCarried) -> str:
        return Path(self._path).name if isinstance(carried, MixRecipe) else carried.recipe.title

    def _note(self, shown: AnyCarried, other: AnyCarried | None) -> str:
        """Return what is to be said below the lines."""
        if other is not None:
            n = sum(line.text != line.other for line in dialog_lines(shown, other))
            said = self.tr("{n} lines differ").format(n=n)
            return f"{self._nearest} · {said}" if self._nearest else said
        if isinstance(shown, MixRecipe):
            why_not = why_not_rendered(shown, generator_settings(self._store.settings))
            return why_not or self.tr(
                "It can be made again as a whole, or a loop of it: Enter shows the recipe of a loop"
            )
        return why_not_again(origin(shown).recipe, generator_settings(self._store.settings))

    @Slot(int)
    def _on_loop_chosen(self, _number: int) -> None:
        if self._dialog is None:
            return
        one = self._to_make()
        settings = generator_settings(self._store.settings)
        why_not = self.tr("Choose a loop of the mix") if one is None else why_not_again(one.recipe, settings)
        self._dialog.set_can_make(why_not)

    def _to_make(self) -> Carried | None:
        """Return the recipe of what is shown, or of the loop that is looked into, or chosen in the list."""
        shown = self._shown
        if isinstance(shown, MixRecipe):
            chosen = self._dialog.chosen_loop if self._dialog is not None else 0
            shown = loop_of(shown, self._number or chosen)
        return None if shown is None else origin(shown)

    def hold_against(self, other: AnyCarried, name: str) -> None:
        """Show two recipes; of one clip and a mix, the clip beside the loop that is most like it."""
        shown, said = self._shown, self.tr("Loop {n} of the mix is most like it")
        self._other, self._nearest = other, ""
        self._other_title = name if isinstance(other, MixRecipe) else other.recipe.title or name
        if isinstance(shown, MixRecipe) and isinstance(other, Carried) and not self._number:
            self._number = nearest_loop(shown, other)
            self._nearest = said.format(n=self._number)
        elif isinstance(shown, Carried) and isinstance(other, MixRecipe):
            n = nearest_loop(other, shown)
            self._other, self._nearest = loop_of(other, n), said.format(n=n)
            self._other_title = self._named(name, n)
        self._show(chosen=1)

    @Slot(int)
    def _look_into(self, number: int) -> None:
        self._number = number
        self._show()

    @Slot()
    def _show_list(self) -> None:
        number, self._number = self._number, 0
        if isinstance(self._other, Carried):
            # It was held against the loop alone.
            self._other, self._nearest = None, ""
        self._show(chosen=number)

    def _opened(self) -> RecipeDialog:
        if self._dialog is None:
            dialog = self._dialog = RecipeDialog(self._window)
            dialog.again_requested.connect(lambda: self._make(is_varied=False))
            dialog.vary_requested.connect(lambda: self._make(is_varied=True))
            dialog.open_requested.connect(lambda: self._choose(is_comparing=False))
            dialog.compare_requested.connect(lambda: self._choose(is_comparing=True))
            dialog.mix_requested.connect(self._choose_target)
            dialog.loop_chosen.connect(self._on_loop_chosen)
            dialog.loop_requested.connect(self._look_into)
            dialog.list_requested.connect(self._show_list)
            dialog.finished.connect(self._on_closed)
            dialog.open()
        return self._dialog

    @Slot()
    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _make(self, *, is_varied: bool) -> None:
        one = self._to_make()
        if one is not None:
            self.make_wanted.emit(one.recipe, is_varied)
            if self._dialog is not None:
                self._dialog.accept()

    def _choose(self, *, is_comparing: bool) -> None:
        assert self._dialog is not None
        chooser = QFileDialog(self._dialog, self.tr("Choose a sound"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(self.tr("Files of the studio (*.wav *.flac *.ogg *.mid)"))
        chooser.fileSelected.connect(lambda path: self.read_wanted.emit(path, is_comparing))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    @Slot()
    def _choose_target(self) -> None:
        assert self._dialog is not None
        source = Path(self._path)
        chooser = QFileDialog(self._dialog, self.tr("Make the mix again"), str(source.parent))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter(self.tr("Sounds (*.wav *.flac *.ogg)"))
        chooser.setDefaultSuffix(source.suffix.lstrip("."))
        chooser.selectFile(self.tr("{name} again").format(name=source.stem) + source.suffix)
        chooser.fileSelected.connect(self._make_mix)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    @Slot(str)
    def _make_mix(self, target: str) -> None:
        if Path(target).resolve() == Path(self._path).resolve():
            assert self._dialog is not None
            self._dialog.note_label.setText(self.tr("Choose another name: this file is what is made again"))
            return
        self._mix_again.make(self._path, target)
        if self._dialog is not None:
            self._dialog.accept()
