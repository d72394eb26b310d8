# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what every generator is: it turns a request into a clip, one yield of progress at a time.

What it takes and gives it declares as ``Capabilities`` (``engine.generators.capabilities``).
"""

from __future__ import annotations

from collections.abc import Generator as Steps
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar, runtime_checkable

from engine.errors import StudioError
from engine.generators.capabilities import Capabilities, Limits, Takes, Tells
from engine.values import ClipRequest, ClipResult, Parameters, ParameterValue, Progress, Reading

__all__ = [
    "Capabilities",
    "Declares",
    "Generation",
    "Generator",
    "GeneratorSettings",
    "Limits",
    "PlaysOn",
    "Takes",
    "Tells",
    "finished",
]

Generation = Steps[Progress, None, ClipResult]
"""A generation yields ``Progress`` and returns a ``ClipResult``; closing it at any yield cancels it without a trace."""

Told = TypeVar("Told")
Result = TypeVar("Result")


def finished(steps: Steps[Told, None, Result], heard: list[Told] | None = None) -> Result:
    """Return what some steps, such as a generation's, return at their end; ``heard`` gets what they tell on the way."""
    while True:
        try:
            told = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        if heard is not None:
            heard.append(told)


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """The person's settings of generators cross to the generator process with each request.

    Attributes
    ----------
    data_folder
        The studio's data folder (MusicGPT is also looked for in it), or "".
    models_folder
        The folder in which weights of models are, or "" for the hub's usual cache.
    is_offline
        Whether nothing may be fetched.
    parameters
        By generator, the values of its parameters that were set; those that are missing have their defaults.
    """

    data_folder: str = ""
    models_folder: str = ""
    is_offline: bool = False
    parameters: Mapping[str, Parameters] = field(default_factory=dict)

    def of(self, generator: str) -> Parameters:
        """Return the values that were set of the generator called ``name``."""
        return self.parameters.get(generator, Parameters())

    def with_values(self, generator: str, values: Mapping[str, ParameterValue]) -> GeneratorSettings:
        """Return the settings with these values of that generator, besides what else was set of it."""
        return self.with_only(generator, {**self.of(generator), **values})

    def with_only(self, generator: str, values: Mapping[str, ParameterValue]) -> GeneratorSettings:
        """Return the settings with these values of that generator, and nothing else set of it."""
        return replace(self, parameters={**self.parameters, generator: Parameters(values)})


class Declares(Protocol):
    """This is what a request can be checked against: a generator, here or on another machine."""

    @property
    def title(self) -> str: ...

    def capabilities(self) -> Capabilities: ...


class Generator(Protocol):
    """A generator makes clips. To add one: a module beside this one, and a line in ``engine.generators.registry``."""

    name: str
    """Return the name in settings, recipes and on the command line."""
    title: str
    """Return the name as people read it."""

    def capabilities(self) -> Capabilities:
        """Return what the generator takes and gives; the same each time, and cheap."""

    def check(self, settings: GeneratorSettings, /) -> str:
        """Return where the program that it runs was found, "" where it runs none. Cheap: no model is loaded.

        Raises GeneratorMissing when it cannot run here.
        """

    def problems(self, settings: GeneratorSettings, /) -> tuple[StudioError | str, ...]:
        """Return a sentence for each of the person's own files that it cannot use, though it runs; cheap."""

    def understand(self, prompt: str, settings: GeneratorSettings, /) -> tuple[Reading | str, ...]:
        """Return what it reads in ``prompt``, or short words for that; nothing where it cannot tell. Cheap."""

    def generate(self, request: ClipRequest, settings: GeneratorSettings, /) -> Generation:
        """Make a clip of a request that has passed ``engine.generators.requests.check_request``.

        ``request.parameters`` has a value for each declared parameter. Raises GeneratorError (and its children) or
        UserError.
        """


@runtime_checkable
class PlaysOn(Protocol):
    """This is what has something open for endless music as long as that goes on."""

    def leave(self, music: str, /) -> None:
        """Close what is open for the endless music of that name, within seconds; nothing where there is nothing."""
