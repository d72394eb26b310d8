# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads the presets there are, checked against what generators declare, and puts one into settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app import paths
from app.generator_parameters import declared
from engine.generators.registry import default_generator, generators
from engine.library.presets import Declared, Presets, read_presets

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.values import Preset


def known_presets() -> Presets:
    """Return the factory's presets, and a person's own over them."""
    parameters = declared()
    every = {}
    for one in generators():
        of_one = one.capabilities()
        bounds = (of_one.min_duration_s, of_one.max_duration_s)
        every[one.name] = Declared(of_one.models, bounds, parameters[one.name])
    return read_presets(
        paths.RESOURCES / "presets", paths.presets_folder(), every, usual_generator=default_generator().name
    )


def with_preset(settings: Settings, preset: Preset) -> Settings:
    """Return the settings with all that a preset sets.

    Of the parameters of its generator's music those that it does not name have their defaults, so that it sounds the
    same whatever was set before; what belongs to the machine stays.
    """
    every = declared()[preset.generator]
    before = settings.generator_parameters.get(preset.generator, {})
    mine = {name: value for name, value in before.items() if name in every and every[name].setup}
    mine |= {name: value for name, value in preset.parameters.items() if value != every[name].default}
    others = {name: each for name, each in settings.generator_parameters.items() if name != preset.generator}
    options: dict[str, Any] = dict(preset.options)
    return replace(
        settings,
        prompt=preset.prompt,
        generator=preset.generator,
        model=preset.model,
        generator_parameters={**others, preset.generator: mine} if mine else others,
        **options,
    )
