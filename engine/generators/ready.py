# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says whether a generator has the weights of one of its models on this machine."""

from __future__ import annotations

from engine.errors import ModelMissing
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.diffusion.declared import FOLDER
from engine.models.found import model_folder


def model_here(generator: Generator, settings: GeneratorSettings, model: str = "") -> str | None:
    """Return a model that can be used at once, rather this one or the usual one; "" where there is no choice.

    None says that there is none. Nothing is loaded, but the disk is read.
    """
    can = generator.capabilities()
    if not can.cards:
        return ""
    if settings.of(generator.name).get(FOLDER.name):
        # The person's own checkpoint stands in the place of every model.
        return None if generator.problems(settings) else model
    wished, cards = model or can.usual_model, {one.name: one for one in can.cards}
    for name in sorted(can.models, key=lambda one: one != wished):
        card = cards.get(name)
        if card is not None and not card.fetched_by:
            try:
                model_folder(card, settings.models_folder)
            except ModelMissing:
                continue
        return name
    return None


def why_not_ready(generator: Generator, settings: GeneratorSettings) -> str:
    """Return in a sentence, without its full stop, why an installed generator makes no clip; "" where it does."""
    if model_here(generator, settings) is not None:
        return ""
    for problem in generator.problems(settings):
        return str(problem).rstrip(".")
    name = f"{generator.name}/{generator.capabilities().usual_model}"
    return f"{generator.title} has no model on this machine yet: “infiniloop models get {name}” fetches its usual one"
