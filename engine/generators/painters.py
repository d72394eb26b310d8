# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds a generator on this machine that makes a part of a clip anew."""

from __future__ import annotations

from engine.errors import ModelMissing, StudioError
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.diffusion.declared import FOLDER
from engine.generators.registry import generators
from engine.models.found import model_folder


def painter_here(settings: GeneratorSettings, generator: str = "", model: str = "") -> tuple[Generator, str] | None:
    """Return the first generator that repaints and is ready, with one of its models whose weights are here; or None.

    Nothing is loaded, but the disk is read.

    Parameters
    ----------
    generator, model
        What is taken before all others where it can.
    """
    able = (one for one in generators() if one.capabilities().takes.repaint)
    for one in sorted(able, key=lambda each: each.name != generator):
        try:
            one.check(settings)
        except StudioError:
            continue
        ready = _model_here(one, settings, model if one.name == generator else "")
        if ready is not None:
            return one, ready
    return None


def _model_here(generator: Generator, settings: GeneratorSettings, model: str) -> str | None:
    """Return a model that can be used at once, rather this one or the usual one; "" where there is no choice."""
    can = generator.capabilities()
    if not can.cards:
        return ""
    if settings.of(generator.name).get(FOLDER.name):
        # The person's own checkpoint stands in the place of every model.
        return None if generator.problems(settings) else model
    wished = model or can.usual_model
    for card in sorted(can.cards, key=lambda one: one.name != wished):
        try:
            model_folder(card, settings.models_folder)
        except ModelMissing:
            continue
        return card.name
    return None
