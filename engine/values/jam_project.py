# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares a jam as a project keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.values.audio import Clip
from engine.values.jam import Groove, JamLoop, LayerMix, LayerName, LayerPrompt, SwapAt
from engine.values.jam_recording import JamTake
from engine.values.loops import MusicFacts
from engine.values.takes import Recipe


@dataclass(frozen=True, eq=False, slots=True)
class KeptLoop:
    """A kept loop is what a project keeps of a jam's loop: all but what was shaped of it."""

    layer: LayerName
    clip: Clip
    facts: MusicFacts
    recipe: Recipe
    bars: int

    @classmethod
    def of(cls, loop: JamLoop) -> KeptLoop:
        """Return what is kept of a loop."""
        return cls(loop.layer, loop.clip, loop.facts, loop.recipe, loop.bars)


@dataclass(frozen=True, eq=False, slots=True)
class KeptLayer:
    """A kept layer is what a project keeps of a layer.

    Attributes
    ----------
    slots
        Loops by their numbers, from 1 on.
    style
        How far its loops may go from the mix whose style they take, in [0, 1]; None where they take none.
    values
        Values of its generator that are set for it alone, as texts by their names.
    """

    prompt: LayerPrompt
    mix: LayerMix
    playing: KeptLoop | None = None
    slots: Mapping[int, KeptLoop] = field(default_factory=dict)
    style: float | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class JamProject:
    """A project is a jam as it is kept: groove, swaps, each layer's prompt, mix and loops, and the mix of all."""

    groove: Groove
    bars: int
    swap_at: SwapAt
    fade_ms: float
    layers: Mapping[LayerName, KeptLayer]
    mix: LayerMix = field(default_factory=LayerMix)
    takes: tuple[JamTake, ...] = ()
