# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says a recipe's lines in the person's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.library.carried import AnyCarried, Carried
from engine.library.filerecipe import FILE
from engine.library.recipe_lines import compared, lines_of
from engine.session.fitting import fit_of
from engine.session.made_again import maker_of, request_again
from engine.session.render_order import RenderOrder, order_of
from widgets.dialogs.recipe_dialog import RecipeLine
from widgets.figures import key_name
from widgets.fit_words import key_words, tempo_words

if TYPE_CHECKING:
    from engine.generators.base import GeneratorSettings
    from engine.values import MixRecipe, Recipe

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
    QT_TRANSLATE_NOOP("Recipe", "stretched to the tempo, speed"),
    QT_TRANSLATE_NOOP("Recipe", "when tempo or key differ"),
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
    QT_TRANSLATE_NOOP("Recipe", "making took, s"),
    QT_TRANSLATE_NOOP("Recipe", "crossfade, ms"),
    QT_TRANSLATE_NOOP("Recipe", "limited"),
    QT_TRANSLATE_NOOP("Recipe", "loops as a whole"),
    QT_TRANSLATE_NOOP("Recipe", "tempo of the loop, bpm"),
    QT_TRANSLATE_NOOP("Recipe", "the loop is"),
    QT_TRANSLATE_NOOP("Recipe", "its seam can be heard"),
    QT_TRANSLATE_NOOP("Recipe", "played through"),
    QT_TRANSLATE_NOOP("Recipe", "overlap of the seam, ms"),
    QT_TRANSLATE_NOOP("Recipe", "loop"),
    QT_TRANSLATE_NOOP("Recipe", "loops"),
    QT_TRANSLATE_NOOP("Recipe", "loops that are not listed"),
    QT_TRANSLATE_NOOP("Recipe", "made from"),
    QT_TRANSLATE_NOOP("Recipe", "its prompt"),
    QT_TRANSLATE_NOOP("Recipe", "its generator"),
    QT_TRANSLATE_NOOP("Recipe", "its seed"),
    QT_TRANSLATE_NOOP("Recipe", "minimum play time, s"),
    QT_TRANSLATE_NOOP("Recipe", "maximum play time, s"),
    QT_TRANSLATE_NOOP("Recipe", "comes in"),
    QT_TRANSLATE_NOOP("Recipe", "transition, bars"),
    QT_TRANSLATE_NOOP("Recipe", "curve of the crossfade"),
    QT_TRANSLATE_NOOP("Recipe", "beats matched"),
    QT_TRANSLATE_NOOP("Recipe", "tempo reach"),
    QT_TRANSLATE_NOOP("Recipe", "bass swap"),
    QT_TRANSLATE_NOOP("Recipe", "shortest loop, s"),
    QT_TRANSLATE_NOOP("Recipe", "longest loop, s"),
    QT_TRANSLATE_NOOP("Recipe", "weak loops are made again"),
    QT_TRANSLATE_NOOP("Recipe", "loudness, LUFS"),
    QT_TRANSLATE_NOOP("Recipe", "licence of the model"),
)
"""Names of the lines (``engine.library.recipe_lines.NAMES``), to be translated."""


WHY_NOT = (
    QT_TRANSLATE_NOOP(
        "Recipe", "it was recorded as it was played: its loops can be made again, not what was done meanwhile"
    ),
    QT_TRANSLATE_NOOP("Recipe", "it is a part of another mix: its loops can be made again, one by one"),
    QT_TRANSLATE_NOOP("Recipe", "its generator is not on this machine, or takes other values by now"),
    QT_TRANSLATE_NOOP("Recipe", "not each of its clips can be made the same again"),
    QT_TRANSLATE_NOOP("Recipe", "another version of the studio wrote how it was made"),
)
"""Reasons for which a mix cannot be made again (``engine.session.render_order.WhyNot``), to be translated."""

VALUES = (
    QT_TRANSLATE_NOOP("Recipe", "yes"),
    QT_TRANSLATE_NOOP("Recipe", "no"),
    QT_TRANSLATE_NOOP("Recipe", "render"),
    QT_TRANSLATE_NOOP("Recipe", "recording"),
    QT_TRANSLATE_NOOP("Recipe", "heard"),
    QT_TRANSLATE_NOOP("Recipe", "part of a mix"),
    QT_TRANSLATE_NOOP("Recipe", "jam"),
    QT_TRANSLATE_NOOP("Recipe", "clip"),
    QT_TRANSLATE_NOOP("Recipe", "cut"),
    QT_TRANSLATE_NOOP("Recipe", "turns"),
    QT_TRANSLATE_NOOP("Recipe", "length"),
    QT_TRANSLATE_NOOP("Recipe", "split"),
    QT_TRANSLATE_NOOP("Recipe", "game"),
    QT_TRANSLATE_NOOP("Recipe", "loop"),
    QT_TRANSLATE_NOOP("Recipe", "found"),
    QT_TRANSLATE_NOOP("Recipe", "tag"),
    QT_TRANSLATE_NOOP("Recipe", "mark"),
    QT_TRANSLATE_NOOP("Recipe", "hand"),
    QT_TRANSLATE_NOOP("Recipe", "loop end"),
    QT_TRANSLATE_NOOP("Recipe", "next bar"),
    QT_TRANSLATE_NOOP("Recipe", "now"),
    QT_TRANSLATE_NOOP("Recipe", "matched"),
    QT_TRANSLATE_NOOP("Recipe", "equal power"),
    QT_TRANSLATE_NOOP("Recipe", "equal gain"),
    QT_TRANSLATE_NOOP("Recipe", "smooth"),
    QT_TRANSLATE_NOOP("Recipe", "keep"),
    QT_TRANSLATE_NOOP("Recipe", "stretch"),
    QT_TRANSLATE_NOOP("Recipe", "again"),
)
"""Values that are words of the studio's, to be translated."""

KEYS = ("key", "key asked for")
"""Names of lines whose values are musical keys."""
FREE = frozenset({"title", "artist", "prompt", "without", "made from", "its prompt", "heard in it"})
"""Names of lines whose values are anybody's words."""


def dialog_lines(carried: AnyCarried, other: AnyCarried | None = None) -> tuple[RecipeLine, ...]:
    """Return a recipe's lines, or two recipes held against each other."""
    lines = lines_of(carried) if other is None else compared(carried, other)
    judged = _judged_line(carried) if other is None and isinstance(carried, Carried) else ()
    told = tuple(
        RecipeLine(
            f"{_said(one.name)} {one.number}" if one.number else _said(one.name),
            _value(one.name, one.left),
            None if other is None else _value(one.name, one.right),
            one.number,
        )
        for one in lines
    )
    return told + judged


def _judged_line(carried: Carried) -> tuple[RecipeLine, ...]:
    """Return a line on how a model's clip stands to the tempo and key that were asked for."""
    fit = fit_of(carried.recipe)
    words = [tempo_words(None, fit.tempo), key_words(None, fit.key)]
    said = " · ".join(filter(None, words))
    return (RecipeLine(QCoreApplication.translate("Recipe", "measured"), said),) if said else ()


def why_not_again(recipe: Recipe, settings: GeneratorSettings) -> str:
    """Return why the clip of a recipe cannot be made again, in the person's language; "" where it can."""
    if recipe.generator == FILE:
        return QCoreApplication.translate("Recipe", "This sound was a file that was brought: it cannot be made again")
    if maker_of(recipe) is None:
        return QCoreApplication.translate("SaveSheet", "It is not known how this loop was made")
    if request_again(0, recipe, settings) is None:
        return QCoreApplication.translate("SaveSheet", "This loop cannot be made again from its recipe")
    return ""


def why_not_rendered(mix: MixRecipe, settings: GeneratorSettings) -> str:
    """Return why a mix cannot be made again as a whole, in the person's language; "" where it can."""
    found = order_of(mix, settings)
    return "" if isinstance(found, RenderOrder) else capital(_said(str(found)))


def capital(words: str) -> str:
    """Return the words as a sentence begins."""
    return words[:1].upper() + words[1:]


def _said(name: str) -> str:
    return QCoreApplication.translate("Recipe", name)


def _value(name: str, text: str) -> str:
    if name in KEYS:
        return key_name(text)
    return _said(text) if text in VALUES and name not in FREE else text
