# SPDX-License-Identifier: GPL-3.0-or-later
"""These actions are the menu of a take in the library: made again with its seed, varied, deleted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView

from engine.values import Recipe


class TakeActions(QObject):
    """The take actions are about the current take of a list, whose recipe they ask for when it is current.

    Parameters
    ----------
    recipe_at
        Tells the recipe of a row; None where it is not read.

    Signals
    -------
    again_requested(Recipe, bool)
        The take's clip is to be made again, or (True) another one from a new seed.
    delete_requested
        The selected takes are to be deleted.

    Attributes
    ----------
    again, vary, delete
        The actions.
    """

    again_requested = Signal(object, bool)
    delete_requested = Signal()

    def __init__(self, view: QAbstractItemView, recipe_at: Callable[[int], Recipe | None]) -> None:
        super().__init__(view)
        self._view, self._recipe_at = view, recipe_at
        self.again = self._add(self.tr("Make it again with this seed"), lambda: self._ask(is_varied=False))
        self.vary = self._add(self.tr("Vary it: another seed"), lambda: self._ask(is_varied=True))
        self.delete = self._add(self.tr("Delete") + "\tDel", self.delete_requested.emit)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.follow()

    def _add(self, text: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda _checked: slot())
        self._view.addAction(action)
        return action

    def follow(self, _current: QModelIndex | None = None, _before: QModelIndex | None = None) -> None:
        """Offer what can be done with the take that is current: one without a seed cannot be made again."""
        recipe = self._current()
        for action in (self.again, self.vary):
            action.setEnabled(recipe is not None and recipe.seed is not None)

    def _current(self) -> Recipe | None:
        index = self._view.currentIndex()
        return self._recipe_at(index.row()) if index.isValid() else None

    def _ask(self, *, is_varied: bool) -> None:
        recipe = self._current()
        if recipe is not None:
            self.again_requested.emit(recipe, is_varied)
