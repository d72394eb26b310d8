# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a generator for a clip that it made before, from the recipe of its take."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import StudioError, UnknownChoice
from engine.generators.base import GeneratorSettings
from engine.generators.capabilities import Capabilities
from engine.generators.registry import generator_named
from engine.generators.requests import check_request, completed
from engine.library.carried import CLIP, Carried
from engine.session.clip_request import kept_parameters
from engine.values import ClipRequest, Parameters, ParameterValue, Recipe

MENDED_BY = "mended by"
"""Name among a recipe's versions under which it says what painted the clip's seam anew: it is not made so again."""


def request_again(
    job_id: int,
    recipe: Recipe,
    settings: GeneratorSettings,
    *,
    turned: Mapping[str, ParameterValue] | None = None,
    variation: int = 0,
    stems: bool = False,
) -> ClipRequest | None:
    """Return the request for the clip of a recipe; None where its generator cannot make the same clip again.

    Files and folders, which a recipe does not keep, are those that are set now, also where a stranger's names some.

    Parameters
    ----------
    turned
        Parameters of the generator's own that are to be others than in the recipe.
    variation
        As in ``ClipRequest``.
    stems
        Whether the clip's parts are wanted too.
    """
    asked = recipe.asked
    try:
        generator = generator_named(recipe.generator)
    except UnknownChoice:
        return None
    # Another clip went into these, which the recipe only names.
    if recipe.seed is None or not generator.capabilities().takes.seed or asked.continue_from or asked.restyle:
        return None
    if MENDED_BY in recipe.versions:
        return None
    request = ClipRequest(
        job_id,
        recipe.prompt,
        recipe.generator,
        recipe.model,
        recipe.duration_s,
        seed=recipe.seed,
        negative_prompt=asked.negative_prompt,
        bars=asked.bars,
        bpm=asked.bpm,
        key=asked.key,
        metre=asked.metre,
        layer=asked.layer,
        guide=asked.guide,
        follows=asked.follows,
        evolve=asked.evolve,
        variation=variation or asked.variation,
        speed=asked.speed,
        stems=stems,
        parameters=Parameters({**kept_parameters(recipe.generator, asked.parameters), **(turned or {})}),
    )
    request = completed(request, generator, settings)
    try:
        check_request(request, generator)
    except StudioError:
        # Its recipe may be older than the generator.
        return None
    return request


def origin(carried: Carried) -> Carried:
    """Return the recipe by which what a file carries can be made: of a sound that was a file, that file's own."""
    made_from = carried.recipe.made_from
    return carried if made_from is None else Carried(made_from, CLIP)


def maker_of(recipe: Recipe) -> Capabilities | None:
    """Return what the generator of a recipe declares; None where there is no such generator here."""
    try:
        return generator_named(recipe.generator).capabilities()
    except UnknownChoice:
        return None
