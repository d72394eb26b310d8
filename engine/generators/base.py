# SPDX-License-Identifier: GPL-3.0-or-later
"""What every generator is: a thing that turns a request into a clip, one yield of progress at a time."""

from __future__ import annotations

from collections.abc import Generator as Steps
from dataclasses import dataclass
from typing import Protocol

from engine.values import ClipRequest, ClipResult, Progress

Generation = Steps[Progress, None, ClipResult]
"""Yields ``Progress``, returns a ``ClipResult``. Each yield is a cancel point: closing it must leave nothing behind."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a generator takes and gives.

    Attributes
    ----------
    models
        Names of its models, the default first; empty when it has only one way.
    min_duration_s, max_duration_s
        What it can be asked for, seconds.
    seeds
        Whether the same seed gives the same samples.
    stereo
        Whether its clips have two different channels.
    progress
        Whether it can tell how far it is.
    """

    models: tuple[str, ...]
    min_duration_s: float
    max_duration_s: float
    seeds: bool
    stereo: bool
    progress: bool


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """What the person set about generators; crosses to the generator process with each request.

    Attributes
    ----------
    musicgpt_path
        The MusicGPT executable, or "" to look for it.
    data_folder
        The studio's data folder (MusicGPT is also looked for in it), or "".
    add_loop_words
        Whether words that help a model loop are added to the prompt.
    loop_words
        Those words.
    """

    musicgpt_path: str = ""
    data_folder: str = ""
    add_loop_words: bool = True
    loop_words: str = "seamless loop, 8 measures, 4/4, no intro"


class Generator(Protocol):
    """One way of making clips. To add one: a module beside this one, and a line in ``engine.generators.registry``."""

    name: str
    """Its name in settings, recipes and on the command line."""
    title: str
    """Its name as people read it."""

    def capabilities(self) -> Capabilities: ...

    def check(self, settings: GeneratorSettings) -> None:
        """Raise GeneratorMissing when it cannot run here. Cheap: no model is loaded."""

    def generate(self, request: ClipRequest, settings: GeneratorSettings) -> Generation:
        """Make a clip. Raises GeneratorError (and its children) or UserError."""
