# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells those settings that belong to a session, which can be undone, from those of the machine.

What is heard and made next is a session's: prompt, generator with its musical parameters, overlap, volume. Folders,
devices, language and the window's layout are the machine's, or of the place where one works: they are not undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.generator_parameters import GeneratorValues, declared, with_value
from engine.values import ParameterValue
from engine.values.options import OPTIONS

if TYPE_CHECKING:
    from app.settings import Settings

Values = Mapping[str, ParameterValue]
"""Values by the names of their settings; that of a generator's parameter is ``generator.parameter``."""

FIELDS = (
    "prompt",
    "algorithm",
    "generator",
    "model",
    "duration_s",
    "overlap_ms",
    "transition_entry",
    "transition_bars",
    "transition_curve",
    "beat_match",
    "tempo_reach",
    "bass_swap",
    "min_loop_s",
    "max_loop_s",
    "min_play_s",
    "max_play_s",
    "make_again",
    "keep_up",
    "misfit",
    "mend_seams",
    "variations",
    "target_lufs",
    "sleep_fade_s",
    "volume_db",
)
"""Names of the settings of a session, but for the parameters of generators."""

TITLES = {
    "generator": QT_TRANSLATE_NOOP("Step", "Generator"),
    "model": QT_TRANSLATE_NOOP("Step", "Model"),
}
"""Titles of settings that are no options."""


def difference(before: Settings, after: Settings) -> tuple[Values, Values]:
    """Return those values of a session's settings that differ, as they were before and as they are after."""
    old: dict[str, ParameterValue] = {}
    new: dict[str, ParameterValue] = {}
    for name in FIELDS:
        if getattr(before, name) != getattr(after, name):
            old[name], new[name] = getattr(before, name), getattr(after, name)
    mine, others = before.generator_parameters, after.generator_parameters
    if mine != others:
        for generator, parameters in declared().items():
            for name, parameter in parameters.items():
                values = [_value(one, generator, name, parameter.default) for one in (mine, others)]
                if values[0] != values[1] and not parameter.setup:
                    old[f"{generator}.{name}"], new[f"{generator}.{name}"] = values
    return old, new


def _value(values: GeneratorValues, generator: str, name: str, default: ParameterValue) -> ParameterValue:
    return values.get(generator, {}).get(name, default)


def with_values(settings: Settings, values: Values) -> Settings:
    """Return the settings with these values of a session's; all others stay."""
    fields: dict[str, Any] = {name: value for name, value in values.items() if name in FIELDS}
    parameters = settings.generator_parameters
    for name, value in values.items():
        generator, _, parameter = name.partition(".")
        if parameter:
            parameters = with_value(parameters, generator, declared()[generator][parameter], value)
    return replace(settings, generator_parameters=parameters, **fields)


def title_of(name: str) -> str:
    """Return the title of a session's setting, in English."""
    generator, _, parameter = name.partition(".")
    if parameter:
        return declared()[generator][parameter].title
    return str(TITLES[name]) if name in TITLES else OPTIONS[name].title
