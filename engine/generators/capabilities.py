# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is all that a generator declares of itself, for window, settings, commands and session."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Layer, ModelCard, Parameter


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits say how long a generator may take before it is given up.

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
class Takes:
    """A generator takes these of a request besides prompt, model and duration; all else is refused at the gate.

    Attributes
    ----------
    seed
        Whether the same seed gives the same samples.
    negative_prompt
        Whether it can be told what is not to be heard.
    bars, bpm, key, metre
        Whether it makes exactly so many bars (as few as one, however short), at that tempo, in that key, in that metre;
        a model that is told these in words makes a clip of that length, and may not keep to them.
    layers
        What it can have heard alone, besides everything; also several of these together.
    guided_s
        Length of the longest clip that it makes along with given chords and beats, seconds; 0 where it takes none.
    continue_from
        Whether it goes on from a clip.
    restyle
        Whether it plays a clip again in another way, by a strength.
    repaint
        Whether it makes a part of a clip anew, and leaves the rest.
    family
        Whether it goes on from a clip of its own as one piece, by how far that moves (``ClipRequest.follows``).
    variations
        Whether it makes variations of a clip of its own, each of which can go on where another was
        (``ClipRequest.variation``); it then takes a seed too.
    stems
        Whether it gives the parts of a clip, each by itself (``ClipRequest.stems``).
    endless
        Whether it plays endless music, part after part (``ClipRequest.part_of``), until it is told to leave it
        (``engine.generators.base.PlaysOn``).
    n_clips
        The most clips that it makes of one request.
    """

    seed: bool = False
    negative_prompt: bool = False
    bars: bool = False
    bpm: bool = False
    key: bool = False
    metre: bool = False
    layers: tuple[Layer, ...] = ()
    guided_s: float = 0.0
    continue_from: bool = False
    restyle: bool = False
    repaint: bool = False
    family: bool = False
    variations: bool = False
    stems: bool = False
    endless: bool = False
    n_clips: int = 1


@dataclass(frozen=True, slots=True)
class Tells:
    """A generator tells these things while it works.

    Attributes
    ----------
    progress
        Whether it knows how far it is: its ``Progress.fraction`` is then a number, once what it needs is loaded.
    chunks
        Whether it hands over each part of the clip as soon as that is made, as ``Progress.chunk``.
    score
        Whether it tells the notes of its clips (``ClipResult.score``).
    exact
        Whether a clip has the tempo, key and bars that are told of it, to the sample, as what is written by rule has.
        Of every other generator they are measured, and held against what was asked for.
    """

    progress: bool = False
    chunks: bool = False
    score: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Capabilities declare what a generator takes and gives.

    Attributes
    ----------
    min_duration_s, max_duration_s
        The shortest and the longest clip that it can be asked for, seconds.
    sample_rate, n_channels
        Rate in Hz and channels (1 or 2) of what it delivers.
    models
        Names of its models in the order in which they are offered; empty when it has only one way.
    default_model
        Which of them is used where none is named; "" is the first.
    by_size
        The same models, the smallest first, or nothing where ``models`` is in that order.
    cards
        What each model with weights needs, where they are from, and what one may do with what it makes.
    takes, tells
        What it takes of a request, and what it tells while it works.
    parameters
        Its own parameters; what it takes besides has parameters of the studio's (``engine.generators.standard``).
    needs_nothing
        Whether it makes music on every machine at once: no model, no other program, no network.
    limits
        How long it may take before it is given up.
    """

    min_duration_s: float
    max_duration_s: float
    sample_rate: int
    n_channels: int
    models: tuple[str, ...] = ()
    default_model: str = ""
    by_size: tuple[str, ...] = ()
    cards: tuple[ModelCard, ...] = ()
    takes: Takes = Takes()
    tells: Tells = Tells()
    parameters: tuple[Parameter, ...] = ()
    needs_nothing: bool = False
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if self.default_model and self.default_model not in self.models:
            raise ValueError(f"the default model “{self.default_model}” is none of {self.models}")
        if self.by_size and sorted(self.by_size) != sorted(self.models):
            raise ValueError(f"by size the models are {self.by_size}, and else {self.models}")
        if strangers := [one.name for one in self.cards if one.name not in self.models]:
            raise ValueError(f"there are cards of models that there are not: {strangers}")
        names = [one.name for one in self.parameters]
        if len(set(names)) < len(names):
            raise ValueError(f"two parameters have one name: {names}")
        for one in self.parameters:
            one.checked(one.default)

    @property
    def usual_model(self) -> str:
        """Return the model that is used where none is named; "" for a generator without models."""
        return self.default_model or (self.models[0] if self.models else "")

    @property
    def smallest_model(self) -> str:
        """Return the model that needs least of the machine; "" for a generator without models."""
        return (self.by_size or self.models or ("",))[0]
