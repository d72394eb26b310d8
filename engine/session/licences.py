# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says under which licences of models a clip, or each loop of a mix, was made."""

from __future__ import annotations

from collections.abc import Iterator

from engine.generators.licences import licence_of
from engine.library.carried import AnyCarried
from engine.values import Licence, MixRecipe, Recipe


def licence_of_recipe(recipe: Recipe) -> Licence | None:
    """Return the licence of the model that made a clip; that of an older recipe is the one its model has now."""
    made_by = recipe.made_from or recipe
    return made_by.licence or recipe.licence or licence_of(made_by.generator, made_by.model)


def limits_of(carried: AnyCarried) -> tuple[Licence, ...]:
    """Return the licences that forbid selling what was made, each once."""
    found = (licence_of_recipe(one) for one in _recipes(carried))
    return tuple(dict.fromkeys(one for one in found if one is not None and not one.is_commercial))


def _recipes(carried: AnyCarried) -> Iterator[Recipe]:
    if isinstance(carried, MixRecipe):
        yield from (lead.recipe for lead in carried.leads)
    else:
        yield carried.recipe
