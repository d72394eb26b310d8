# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers as JSON: what a generator declares, as far as another machine can ask for it.

Parameters that belong to the machine (files, folders, programs) are not offered: only who sits there sets them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from engine.errors import UserError
from engine.generators.capabilities import Capabilities, Limits, Takes, Tells
from engine.values import Kind, Layer, Parameter, ParameterValue
from engine.values.checked import Fields

_MOST_MODELS, _MOST_PARAMETERS, _MOST_CHOICES = 1000, 200, 1000
_MOST_CHARACTERS = 400
_MOST_S = 86_400.0


def offered(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Return the parameters that another machine may set."""
    return tuple(one for one in parameters if not one.setup and one.kind not in (Kind.FILE, Kind.FOLDER))


def capabilities_as_dict(can: Capabilities) -> dict[str, Any]:
    """Return what a generator declares, ready for JSON."""
    takes = {one.name: getattr(can.takes, one.name) for one in fields_of(Takes)}
    return {
        "min_duration_s": can.min_duration_s,
        "max_duration_s": can.max_duration_s,
        "sample_rate": can.sample_rate,
        "n_channels": can.n_channels,
        "models": list(can.models),
        "default_model": can.usual_model,
        "licences": {card.name: {"licence": card.licence, "is_commercial": card.is_commercial} for card in can.cards},
        "takes": takes | {"layers": [str(one) for one in can.takes.layers]},
        "tells": {one.name: getattr(can.tells, one.name) for one in fields_of(Tells)},
        "parameters": [_parameter(one) for one in offered(can.parameters)],
        "limits": {one.name: getattr(can.limits, one.name) for one in fields_of(Limits)},
    }


def capabilities_from(data: object) -> Capabilities:
    """Return the inverse of ``capabilities_as_dict``, without the licences. Raises ValueError."""
    fields = Fields.of(data)
    limits = fields.part("limits")
    tells = fields.part("tells")
    low_s = fields.number("min_duration_s", 0.0, _MOST_S)
    parameters = fields.parts("parameters")
    models = _words(fields, "models", _MOST_MODELS)
    if len(parameters) > _MOST_PARAMETERS:
        raise ValueError("“parameters” holds more than a generator has")
    try:
        return Capabilities(
            min_duration_s=low_s,
            max_duration_s=fields.number("max_duration_s", low_s, _MOST_S),
            sample_rate=fields.whole("sample_rate", 1, 400_000),
            n_channels=fields.whole("n_channels", 1, 2),
            models=models,
            default_model=fields.text("default_model"),
            takes=_takes(fields.part("takes")),
            tells=Tells(**{one.name: tells.flag(one.name) for one in fields_of(Tells) if tells.has(one.name)}),
            parameters=tuple(map(_read_parameter, parameters)),
            limits=Limits(**{one.name: limits.number(one.name, 0.0, _MOST_S) for one in fields_of(Limits)}),
        )
    except UserError as error:
        raise ValueError(str(error)) from error


def licences_in(data: object) -> dict[str, str]:
    """Return the licences of the models, each in one line, by their names. Raises ValueError."""
    fields = Fields.of(data)
    if not fields.has("licences"):
        return {}
    licences = fields.part("licences")
    return {str(name): licences.part(name).text("licence")[:_MOST_CHARACTERS] for name in licences.data}


def _takes(fields: Fields) -> Takes:
    """Return what is taken; what this version knows nothing of is left out, what is not told is not taken."""
    values: dict[str, Any] = {}
    for one in fields_of(Takes):
        if not fields.has(one.name):
            continue
        if one.name == "layers":
            values["layers"] = tuple(map(Layer.named, _words(fields, "layers", 100)))
        elif one.name == "guided_s":
            values["guided_s"] = fields.number("guided_s", 0.0, _MOST_S)
        elif one.name == "n_clips":
            values["n_clips"] = fields.whole("n_clips", 1, 64)
        else:
            values[one.name] = fields.flag(one.name)
    return Takes(**values)


def _parameter(one: Parameter) -> dict[str, Any]:
    out: dict[str, Any] = {
        "name": one.name,
        "kind": str(one.kind),
        "default": one.default,
        "title": one.title,
        "tooltip": one.tooltip,
        "step": one.step,
        "unit": one.unit,
        "unset": one.unset,
        "choices": list(one.choices),
        "needs": one.needs,
    }
    bounds: Mapping[str, float] = {"low": one.low, "high": one.high}
    return out | {name: bound for name, bound in bounds.items() if math.isfinite(bound)}


def _read_parameter(fields: Fields) -> Parameter:
    kind = Kind(fields.text("kind"))
    if kind in (Kind.FILE, Kind.FOLDER):
        raise ValueError("a parameter is a place on another machine")
    return Parameter(
        fields.text("name")[:_MOST_CHARACTERS],
        kind,
        _default(fields, kind),
        fields.text("title")[:_MOST_CHARACTERS],
        fields.text("tooltip")[:_MOST_CHARACTERS],
        low=fields.number("low") if fields.has("low") else -math.inf,
        high=fields.number("high") if fields.has("high") else math.inf,
        step=fields.number("step"),
        unit=fields.text("unit")[:_MOST_CHARACTERS],
        unset=fields.text("unset")[:_MOST_CHARACTERS],
        choices=_words(fields, "choices", _MOST_CHOICES),
        needs=fields.text("needs")[:_MOST_CHARACTERS],
    )


def _default(fields: Fields, kind: Kind) -> ParameterValue:
    if kind is Kind.SWITCH:
        return fields.flag("default")
    if kind is Kind.INTEGER:
        return fields.whole("default")
    return fields.number("default") if kind is Kind.NUMBER else fields.text("default")


def _words(fields: Fields, name: str, most: int) -> tuple[str, ...]:
    words = fields.texts(name)
    if len(words) > most or any(len(one) > _MOST_CHARACTERS for one in words):
        raise ValueError(f"“{name}” holds more, or longer words, than a generator has")
    return words
