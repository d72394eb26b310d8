# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer sets values of its generator by name, for itself; those of a generator elsewhere go there as they are."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import UnknownChoice
from engine.generators.base import Generator
from engine.values import Parameter, Parameters, ParameterValue

THERE = "settings"
"""Name of the parameter in which a generator on other machines takes what only these know."""


def check_values(values: Mapping[str, str], generator: Generator) -> None:
    """Refuse values that a generator's parameters cannot have. Raises UnknownChoice, WrongKind, OutOfRange."""
    declared = _declared(generator)
    for name, text in values.items():
        if name in declared:
            declared[name].read(text)
        elif THERE not in declared:
            choices = ", ".join(declared) or "none: it has none"
            raise UnknownChoice(name=f"parameter of {generator.title}", value=name, choices=choices)


def with_own_values(
    before: Mapping[str, ParameterValue], values: Mapping[str, str], generator: Generator
) -> Parameters:
    """Return values of a generator's parameters with others, read from texts, in their place.

    What it does not have is left out: another generator had it. Raises WrongKind, OutOfRange.
    """
    declared = _declared(generator)
    out = dict(before)
    there = dict(_read(str(before.get(THERE, "")))) if THERE in declared else {}
    for name, text in values.items():
        if name in declared:
            out[name] = declared[name].read(text)
        else:
            there[name] = text
    if THERE in declared and there:
        out[THERE] = ", ".join(f"{name}={value}" for name, value in there.items())
    return Parameters(out)


def _declared(generator: Generator) -> dict[str, Parameter]:
    return {one.name: one for one in generator.capabilities().parameters if not one.setup}


def _read(text: str) -> list[tuple[str, str]]:
    """Return names and values of a text as “energy=0.5, space=-0.2”; what is no such pair stands for itself."""
    pairs = (one.partition("=") for one in text.split(",") if one.strip())
    return [(name.strip(), value.strip()) for name, _, value in pairs]
