# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops are made for layers: a generator's clip for what a layer asks for, shaped for the groove of that moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from psygnal import Signal

from engine.errors import StudioError
from engine.generators.base import GeneratorSettings
from engine.generators.requests import beats_asked
from engine.session.clip_recipe import recipe_of_clip
from engine.session.fitting import to_be_measured
from engine.session.jam.asking import layer_request
from engine.session.jam.making import JamMaker, Order
from engine.session.jam.shaping import Material, Shaper
from engine.session.ports import NextId, Ports
from engine.values import Clip, ClipRequest, ClipResult
from engine.values.jam import Groove, JamLoop, LayerName, LayerPrompt


class LoopMaker:
    """The loop maker has one clip at a time made, and tells of the loop that was shaped of it.

    Signals
    -------
    made(JamLoop), progressed(LayerName, fraction): in [0, 1], or -1 where it cannot be told; None is over,
    failed(LayerName, StudioError)

    Parameters
    ----------
    settings
        Tells what is set of the generators.
    groove
        Tells what loops are shaped for.
    """

    made = Signal(object)
    progressed = Signal(object, object)
    failed = Signal(object, object)

    def __init__(
        self,
        ports: Ports,
        next_id: NextId,
        shaper: Shaper,
        settings: Callable[[], GeneratorSettings],
        groove: Callable[[], Groove],
    ) -> None:
        self._next_id, self._shaper, self._settings, self._groove = next_id, shaper, settings, groove
        self._maker = JamMaker(ports, settings)
        self._maker.made.connect(self._on_made)
        self._maker.progressed.connect(self.progressed.emit)
        self._maker.failed.connect(self.failed.emit)
        self.is_making, self.cancel = self._maker.is_making, self._maker.cancel
        self.leave, self.close = self._maker.leave, self._maker.close

    def make(
        self,
        name: LayerName,
        prompt: LayerPrompt,
        groove: Groove,
        bars: int,
        completed: Callable[[ClipRequest], ClipRequest] = lambda request: request,
    ) -> None:
        """Have a loop made for a layer; ``completed`` adds to the request. Raises UserError."""
        request = completed(layer_request(self._next_id(), name, prompt, groove, bars=bars, settings=self._settings()))
        self._maker.make(Order(name, request, request.bars or bars))

    def make_again(self, loop: JamLoop, groove: Groove) -> None:
        """Have a loop made again for a groove, by its recipe. Raises UserError."""
        recipe = loop.recipe
        self.make(
            loop.layer, LayerPrompt(recipe.prompt, recipe.generator, recipe.model, recipe.seed), groove, loop.bars
        )

    def _on_made(self, order: Order, made: ClipResult) -> None:
        request = order.request
        facts = to_be_measured(request.generator, made.facts)
        clip = first_bars(made.clip, order)
        known = facts if facts.bars is not None else replace(facts, bars=order.bars if clip.wraps else None)
        material = Material(order.layer, clip, recipe_of_clip(request, made), known, order.bars)
        # The tempo may be another one by now, too far off for stretching alone.
        self._shaper.shape(material, self._groove(), lambda result: self._on_shaped(order.layer, result), folds=True)

    def _on_shaped(self, name: LayerName, result: JamLoop | StudioError) -> None:
        if isinstance(result, StudioError):
            self.failed.emit(name, result)
        else:
            self.made.emit(result)


def first_bars(clip: Clip, order: Order) -> Clip:
    """Return what goes on from a sound cut to its first bars, at the tempo of that sound; any other clip as it is."""
    request = order.request
    if clip.wraps or request.continue_from is None or request.bpm is None:
        return clip
    n_samples = round(order.bars * beats_asked(request) * 60.0 * clip.sample_rate / request.bpm)
    return clip if clip.n_samples < n_samples else Clip(clip.samples[:n_samples], clip.sample_rate, wraps=True)
