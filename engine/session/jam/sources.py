# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer's loops are made of more than its prompt: the mix, the chords that play, values of its generator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.generators.registry import default_generator, generator_named
from engine.session.jam.checks import checked_share
from engine.session.jam.harmony import in_harmony
from engine.session.jam.layer import JamLayer
from engine.session.jam.mixdown import LONGEST_MIX_S, mix_of
from engine.session.jam.mixing import JamMix
from engine.session.jam.own_values import check_values, with_own_values
from engine.session.jam.style import in_style
from engine.values import Clip, ClipRequest
from engine.values.jam import Groove, JamLoop, LayerName


class Sources:
    """The sources say what a jam's loops are made of besides prompts.

    Parameters
    ----------
    groove
        Tells what loops are in step with.
    tell
        Is called when something changed.
    """

    def __init__(
        self,
        layers: Mapping[LayerName, JamLayer],
        mix: JamMix,
        groove: Callable[[], Groove],
        tell: Callable[[], None],
    ) -> None:
        self._layers, self._mix, self._groove, self._tell = layers, mix, groove, tell

    def set_style(self, name: LayerName, strength: float | None) -> None:
        """Have a layer's next loops take their style from the mix; None ends that. Raises OutOfRange.

        ``strength`` says how far they may go from it, in [0, 1].
        """
        self._layers[name].style = None if strength is None else checked_share("strength of the style", strength)
        self._tell()

    def set_values(self, name: LayerName, values: Mapping[str, str]) -> None:
        """Set values of a layer's generator for its next loops, beside those that are set; "" is as it is set.

        Raises UnknownChoice, WrongKind, OutOfRange for what its generator here does not have.
        """
        layer = self._layers[name]
        generator = generator_named(layer.prompt.generator) if layer.prompt.generator else default_generator()
        # Those from before may be of another generator, which had them.
        check_values({one: value for one, value in values.items() if value}, generator)
        layer.values = {one: value for one, value in {**layer.values, **values}.items() if value}
        self._tell()

    def coming(self) -> list[JamLoop]:
        """Return what is queued on each layer, or plays there while nothing is."""
        loops = (layer.playing if layer.waiting is None else layer.waiting.loop for layer in self._layers.values())
        return [loop for loop in loops if loop is not None]

    def mixed(self, longest_s: float = LONGEST_MIX_S) -> Clip | None:
        """Return what all layers play together, as they are heard but for effects; None while nothing plays."""
        return mix_of([(one, self._mix.gain_of(one.layer)) for one in self._playing()], longest_s)

    def completed(self, name: LayerName, request: ClipRequest) -> ClipRequest:
        """Return the request for a loop of a layer with all that it is to be made of. Raises UserError."""
        layer = self._layers[name]
        if layer.values:
            parameters = with_own_values(request.parameters, layer.values, generator_named(request.generator))
            request = replace(request, parameters=parameters)
        if layer.style is not None:
            request = in_style(request, layer.style, self._playing(), self.mixed)
        return in_harmony(name, request, self.coming())

    def _playing(self) -> list[JamLoop]:
        playing = (layer.playing for layer in self._layers.values())
        return [one for one in playing if one is not None and one.fits(self._groove())]
