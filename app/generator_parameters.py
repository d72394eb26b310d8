# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads what is set of each generator from the settings file, changes it, and hands it to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.path_check import path_refusal
from engine.errors import UserError
from engine.generators.registry import generators
from engine.generators.standard import all_parameters
from engine.values import Kind, Parameter, ParameterValue

GeneratorValues = dict[str, dict[str, ParameterValue]]
"""Values that were set otherwise than their default, by generator and name."""

OLD_NAMES = {
    "musicgpt_path": ("musicgpt", "path"),
    "add_loop_words": ("musicgpt", "add_loop_words"),
    "loop_words": ("musicgpt", "loop_words"),
}
"""Names of older settings, and of the generators' parameters that they have become."""

FIELD = "generator_parameters"


def declared() -> dict[str, dict[str, Parameter]]:
    """Return everything that can be set, by generator and name."""
    return {one.name: {each.name: each for each in all_parameters(one.capabilities())} for one in generators()}


def read(stored: Mapping[str, Any]) -> tuple[GeneratorValues, dict[str, object]]:
    """Return what a settings file has set of generators, in the old way or the new, and what of it cannot be used.

    What is set of a generator that is not there stays; a parameter that its generator no longer has is passed over.
    """
    known, values, odd = declared(), GeneratorValues(), dict[str, object]()
    found = [(name, place, stored[name]) for name, place in OLD_NAMES.items() if stored.get(name) is not None]
    newer = stored.get(FIELD) or {}
    if not isinstance(newer, dict) or not all(isinstance(one, dict) for one in newer.values()):
        odd[FIELD], newer = newer, {}
    found += [
        (f"{FIELD}.{generator}.{name}", (generator, name), value)
        for generator, each in newer.items()
        for name, value in each.items()
    ]
    for label, (generator, name), value in found:
        parameter = known.get(generator, {}).get(name)
        if parameter is not None:
            try:
                usable = usable_value(parameter, value)
            except UserError:
                odd[label] = value
            else:
                values = with_value(values, generator, parameter, usable)
        elif generator not in known and isinstance(value, bool | int | float | str):
            values.setdefault(generator, {})[name] = value
    return values, odd


def usable_value(parameter: Parameter, value: object) -> ParameterValue:
    """Return the value as the parameter takes it. Raises UserError."""
    usable = parameter.checked(value)
    if parameter.kind is Kind.FILE and (refusal := path_refusal(str(usable))):
        raise UserError(detail=refusal)
    return usable


def with_value(values: GeneratorValues, generator: str, parameter: Parameter, value: ParameterValue) -> GeneratorValues:
    """Return the values with another one of that generator; one that is set to its default is forgotten."""
    mine = {name: one for name, one in values.get(generator, {}).items() if name != parameter.name}
    if value != parameter.default:
        mine[parameter.name] = value
    others = {name: each for name, each in values.items() if name != generator}
    return {**others, generator: mine} if mine else others
