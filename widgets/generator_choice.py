# SPDX-License-Identifier: GPL-3.0-or-later
"""A generator as the controls offer it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Parameter


@dataclass(frozen=True, slots=True)
class GeneratorChoice:
    """A generator as the controls offer it.

    Attributes
    ----------
    name, title
        Its name in settings and recipes; its name as people read it.
    models
        Names of its models; empty when it has only one way.
    min_duration_s, max_duration_s
        What it can be asked for, seconds.
    note
        One short line about it ("not found: see SETUP"), or "".
    default_model
        The model that is chosen where none is named; "" is the first.
    parameters
        Everything that can be set of it.
    """

    name: str
    title: str
    models: tuple[str, ...]
    min_duration_s: float
    max_duration_s: float
    note: str = ""
    default_model: str = ""
    parameters: tuple[Parameter, ...] = ()
