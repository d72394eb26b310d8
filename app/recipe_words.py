# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says a recipe's lines in the person's language."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.generators.base import GeneratorSettings
from engine.library.carried import Carried
from engine.library.recipe_lines import compared, recipe_lines
from engine.session.made_again import maker_of, request_again
from engine.values import Recipe
from widgets.recipe_dialog import RecipeLine

SAID = (
    QT_TRANSLATE_NOOP("Recipe", "title"),
    QT_TRANSLATE_NOOP("Recipe", "artist"),
    QT_TRANSLATE_NOOP("Recipe", "prompt"),
    QT_TRANSLATE_NOOP("Recipe", "without"),
    QT_TRANSLATE_NOOP("Recipe", "generator"),
    QT_TRANSLATE_NOOP("Recipe", "model"),
    QT_TRANSLATE_NOOP("Recipe", "seed"),
    QT_TRANSLATE_NOOP("Recipe", "variation"),
    QT_TRANSLATE_NOOP("Recipe", "duration asked for, s"),
    QT_TRANSLATE_NOOP("Recipe", "bars asked for"),
    QT_TRANSLATE_NOOP("Recipe", "tempo asked for, bpm"),
    QT_TRANSLATE_NOOP("Recipe", "key asked for"),
    QT_TRANSLATE_NOOP("Recipe", "metre asked for"),
    QT_TRANSLATE_NOOP("Recipe", "layer"),
    QT_TRANSLATE_NOOP("Recipe", "evolution"),
    QT_TRANSLATE_NOOP("Recipe", "tempo, bpm"),
    QT_TRANSLATE_NOOP("Recipe", "key"),
    QT_TRANSLATE_NOOP("Recipe", "beats in a bar"),
    QT_TRANSLATE_NOOP("Recipe", "bars"),
    QT_TRANSLATE_NOOP("Recipe", "heard in it"),
    QT_TRANSLATE_NOOP("Recipe", "loop from, sample"),
    QT_TRANSLATE_NOOP("Recipe", "loop to, sample"),
    QT_TRANSLATE_NOOP("Recipe", "bars of the loop"),
    QT_TRANSLATE_NOOP("Recipe", "score"),
    QT_TRANSLATE_NOOP("Recipe", "file"),
    QT_TRANSLATE_NOOP("Recipe", "turns"),
    QT_TRANSLATE_NOOP("Recipe", "length, s"),
    QT_TRANSLATE_NOOP("Recipe", "fade, s"),
    QT_TRANSLATE_NOOP("Recipe", "sample rate, Hz"),
    QT_TRANSLATE_NOOP("Recipe", "overlap, ms"),
    QT_TRANSLATE_NOOP("Recipe", "gain"),
    QT_TRANSLATE_NOOP("Recipe", "part"),
    QT_TRANSLATE_NOOP("Recipe", "made on"),
)
"""Names of the lines (``engine.library.recipe_lines.NAMES``), to be translated."""


def lines_of(carried: Carried, other: Carried | None = None) -> tuple[RecipeLine, ...]:
    """Return a recipe's lines, or two recipes held against each other."""
    if other is None:
        return tuple(RecipeLine(_said(name), text) for name, text in recipe_lines(carried).items())
    return tuple(RecipeLine(_said(one.name), one.left, one.right) for one in compared(carried, other))


def why_not_again(recipe: Recipe, settings: GeneratorSettings) -> str:
    """Return why the clip of a recipe cannot be made again, in the person's language; "" where it can."""
    if maker_of(recipe) is None:
        return QCoreApplication.translate("SaveSheet", "It is not known how this loop was made")
    if request_again(0, recipe, settings) is None:
        return QCoreApplication.translate("SaveSheet", "This loop cannot be made again from its recipe")
    return ""


def _said(name: str) -> str:
    return QCoreApplication.translate("Recipe", name)
