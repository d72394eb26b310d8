# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to recipes is this endpoint: it reads them from sounds, and has clips made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session
    from engine.values import Recipe


class RecipesEndpoint(QObject):
    """The recipes endpoint reads the recipe of a file, and has its clip made again or varied, to be played next.

    Signals
    -------
    read(path, Carried | None), progressed(title, Progress | None)
    """

    read = Signal(str, object)
    progressed = Signal(str, object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._recipes = session.saving.recipes
        session.saving.recipes.read.connect(self.read.emit)
        session.saving.recipes.progressed.connect(self.progressed.emit)
        session.saving.recipes.made.connect(session.picked.come_next)

    @Slot(str)
    def read_file(self, path: str) -> None:
        """Read the recipe that a sound carries: ``read``."""
        self._recipes.read_file(path)

    @Slot(object, bool)
    def make(self, recipe: Recipe, is_varied: bool) -> None:
        """Make the clip of a recipe again, or another from a new seed, and play it next."""
        self._recipes.make(recipe, is_varied=is_varied)

    @Slot()
    def cancel(self) -> None:
        """Make nothing more from a recipe."""
        self._recipes.cancel()
