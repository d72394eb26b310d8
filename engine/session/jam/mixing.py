# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam's mix is how its layers are heard: level, mute, solo and effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.session.jam.checks import checked_share
from engine.session.jam.layer import JamLayer
from engine.session.ports import Player
from engine.values import Effects
from engine.values.jam import LayerMix, LayerName

RAMP_MS = 20.0
"""Time within which effects reach what they were set to, milliseconds."""


class JamMix:
    """The mix of a jam's layers, as it was set last and as the player is told.

    Parameters
    ----------
    tell
        Is called when something changed.
    """

    def __init__(self, player: Player, layers: Mapping[LayerName, JamLayer], tell: Callable[[], None]) -> None:
        self._player, self._layers, self._tell = player, layers, tell

    def set_gain(self, name: LayerName, gain: float) -> None:
        """Set a layer's gain, linear in [0, 1]. Raises OutOfRange."""
        layer = self._layers[name]
        layer.mix = replace(layer.mix, gain=checked_share("level", gain))
        self._player.set_gain(layer.channel, gain)
        self._tell()

    def set_mute(self, name: LayerName, *, is_muted: bool) -> None:
        """Silence a layer, which goes on, or have it heard again."""
        self._layers[name].mix = replace(self._layers[name].mix, is_muted=is_muted)
        self._hear()

    def set_solo(self, name: LayerName, *, is_solo: bool) -> None:
        """Have only the layers heard that are solo, while any is."""
        self._layers[name].mix = replace(self._layers[name].mix, is_solo=is_solo)
        self._hear()

    def set_effects(self, name: LayerName, effects: Effects) -> None:
        """Move a layer's effects there."""
        layer = self._layers[name]
        layer.mix = replace(layer.mix, effects=effects)
        self._player.set_effects(layer.channel, effects, RAMP_MS)
        self._tell()

    def set_all(self, mixes: Mapping[LayerName, LayerMix]) -> None:
        """Set the mix of several layers at once, as a project has it."""
        for name, mix in mixes.items():
            layer = self._layers[name]
            layer.mix = mix
            self._player.set_gain(layer.channel, mix.gain)
            self._player.set_effects(layer.channel, mix.effects, RAMP_MS)
        self._hear()

    def _hear(self) -> None:
        has_solo = any(layer.mix.is_solo for layer in self._layers.values())
        for layer in self._layers.values():
            is_muted = layer.mix.is_muted or (has_solo and not layer.mix.is_solo)
            self._player.set_mute(layer.channel, is_muted=is_muted)
        self._tell()
