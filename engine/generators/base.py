# SPDX-License-Identifier: GPL-3.0-or-later
"""What every generator is: a thing that turns a request into a clip, one yield of progress at a time."""

from __future__ import annotations

import math
from collections.abc import Generator as Steps
from dataclasses import dataclass
from typing import Protocol

from engine.errors import EmptyPrompt, OutOfRange, PromptTooLong, UnknownChoice
from engine.values import ClipRequest, ClipResult, Progress

Generation = Steps[Progress, None, ClipResult]
"""Yields ``Progress``, returns a ``ClipResult``. Each yield is a cancel point: closing it must leave nothing behind."""

MAX_PROMPT_CHARACTERS = 2000
"""What a person types is far shorter; what is pasted by mistake is far longer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a generator may take before it is given up.

    Attributes
    ----------
    load_s
        Seconds until its first word after a clip was asked for: its model may have to be loaded.
    silence_s
        Seconds without a word after that.
    cancel_s
        Seconds until it gives up a clip that was cancelled.
    """

    load_s: float = 60.0
    silence_s: float = 60.0
    cancel_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a generator takes and gives.

    Attributes
    ----------
    models
        Names of its models, the smallest first; empty when it has only one way.
    min_duration_s, max_duration_s
        What it can be asked for, seconds.
    seeds
        Whether the same seed gives the same samples.
    stereo
        Whether its clips have two different channels.
    progress
        Whether it can tell how far it is.
    default_model
        Which of its models is used where none is named; "" is the smallest.
    limits
        How long it may take before it is given up.
    """

    models: tuple[str, ...]
    min_duration_s: float
    max_duration_s: float
    seeds: bool
    stereo: bool
    progress: bool
    default_model: str = ""
    limits: Limits = Limits()


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


def check_request(request: ClipRequest, capabilities: Capabilities) -> None:
    """Refuse at the gate what no generator with these capabilities can make.

    Raises
    ------
    EmptyPrompt, PromptTooLong
        The prompt holds nothing but blanks, or more than ``MAX_PROMPT_CHARACTERS``.
    OutOfRange
        The duration (seconds) is outside what the capabilities say, or no number.
    UnknownChoice
        The model is none of ``capabilities.models``; "" means the default, and the only one where there are none.
    """
    if not request.prompt.strip():
        raise EmptyPrompt
    if len(request.prompt) > MAX_PROMPT_CHARACTERS:
        raise PromptTooLong(n_characters=len(request.prompt), limit=MAX_PROMPT_CHARACTERS)
    low, high = capabilities.min_duration_s, capabilities.max_duration_s
    if not math.isfinite(request.duration_s) or not low <= request.duration_s <= high:
        raise OutOfRange(name="duration", value=f"{request.duration_s:g} s", low=f"{low:g} s", high=f"{high:g} s")
    if request.model and request.model not in capabilities.models:
        choices = ", ".join(capabilities.models) or "none: leave it empty"
        raise UnknownChoice(name="model", value=request.model, choices=choices)


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
