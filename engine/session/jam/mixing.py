# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam's mix is how its layers, and all of them together, are heard: level, mute, solo, effects, what is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.errors import OutOfRange
from engine.session.jam.checks import checked_effects, checked_share
from engine.session.jam.layer import JamLayer
from engine.session.ports import Player
from engine.values import ChannelParameter, Effects
from engine.values.channels import MIX
from engine.values.channels import wah as swept
from engine.values.held import Gate, HeldEffect
from engine.values.jam import LayerMix, LayerName, Wah

RAMP_MS = 20.0
"""Time within which effects reach what they were set to, milliseconds."""
FEWEST_BEATS, MOST_BEATS = 1 / 16, 64
"""Lengths of a wah's cycle, beats."""
OPEN_HZ = 20_000.0
"""Corner of a low-pass that is off."""


class JamMix:
    """The mix of a jam's layers, as it was set last and as the player is told. None stands for all layers together.

    Parameters
    ----------
    beats_per_bar
        Tells how many beats a bar has.
    tell
        Is called when something changed.
    """

    def __init__(
        self,
        player: Player,
        layers: Mapping[LayerName, JamLayer],
        beats_per_bar: Callable[[], int],
        tell: Callable[[], None],
    ) -> None:
        self._player, self._layers, self._beats_per_bar, self._tell = player, layers, beats_per_bar, tell
        self.whole = LayerMix()
        """How all layers together are heard."""

    def set_gain(self, name: LayerName | None, gain: float) -> None:
        """Set a gain, linear in [0, 1]. Raises OutOfRange."""
        self._set(name, replace(self._of(name), gain=checked_share("level", gain)))
        self._player.set_gain(_channel(name), gain)
        self._tell()

    def set_mute(self, name: LayerName, *, is_muted: bool) -> None:
        """Silence a layer, which goes on, or have it heard again."""
        self._set(name, replace(self._of(name), is_muted=is_muted))
        self._hear()

    def set_solo(self, name: LayerName, *, is_solo: bool) -> None:
        """Have only the layers heard that are solo, while any is."""
        self._set(name, replace(self._of(name), is_solo=is_solo))
        self._hear()

    def set_effects(self, name: LayerName | None, effects: Effects) -> None:
        """Move effects there; a wah goes on around where its low-pass is set. Raises OutOfRange."""
        checked_effects(effects)
        self._set(name, replace(self._of(name), effects=effects))
        self._player.set_effects(_channel(name), effects, RAMP_MS)
        if self._of(name).wah is not None:
            self._sweep(name)
        self._tell()

    def set_wah(self, name: LayerName | None, wah: Wah | None) -> None:
        """Have a low-pass swept around where it is set; None returns it there. Raises OutOfRange."""
        if wah is not None:
            checked_share("depth of the wah", wah.depth)
            if not FEWEST_BEATS <= wah.beats <= MOST_BEATS:
                low, high = f"{FEWEST_BEATS:g}", str(MOST_BEATS)
                raise OutOfRange(name="beats of the wah", value=str(wah.beats), low=low, high=high)
        self._set(name, replace(self._of(name), wah=wah))
        self._sweep(name)
        self._tell()

    def hold(self, name: LayerName | None, effect: HeldEffect | None) -> None:
        """Hold an effect, in the place of one that is held; None lets it go. It is not kept."""
        self._player.hold(_channel(name), effect)

    def set_gate(self, name: LayerName | None, gate: Gate) -> None:
        """Set the gate that is held by its key from now on."""
        self._set(name, replace(self._of(name), gate=gate))
        self._tell()

    def set_all(self, mixes: Mapping[LayerName, LayerMix], whole: LayerMix) -> None:
        """Set the mix of several layers and of all together at once, as a project has it."""
        for name, mix in (*mixes.items(), (None, whole)):
            self._set(name, mix)
            self._player.set_gain(_channel(name), mix.gain)
            self._player.set_effects(_channel(name), mix.effects, RAMP_MS)
            self._sweep(name)
        self._hear()

    def gain_of(self, name: LayerName) -> float:
        """Return how loud a layer is heard before effects, linear in [0, 1]: 0 where it is silent beside others."""
        has_solo = any(layer.mix.is_solo for layer in self._layers.values())
        mix = self._layers[name].mix
        return 0.0 if mix.is_muted or (has_solo and not mix.is_solo) else mix.gain

    def _of(self, name: LayerName | None) -> LayerMix:
        return self.whole if name is None else self._layers[name].mix

    def _set(self, name: LayerName | None, mix: LayerMix) -> None:
        if name is None:
            self.whole = mix
        else:
            self._layers[name].mix = mix

    def _sweep(self, name: LayerName | None) -> None:
        mix, lfo = self._of(name), None
        if mix.wah is not None:
            corner_hz, beats = mix.effects.lowpass_hz or OPEN_HZ, self._beats_per_bar()
            lfo = swept(corner_hz, mix.wah.depth, beats=mix.wah.beats, shape=mix.wah.shape, beats_per_bar=beats)
        self._player.automate(_channel(name), ChannelParameter.LOWPASS_HZ, lfo)

    def _hear(self) -> None:
        has_solo = any(layer.mix.is_solo for layer in self._layers.values())
        for layer in self._layers.values():
            is_muted = layer.mix.is_muted or (has_solo and not layer.mix.is_solo)
            self._player.set_mute(layer.channel, is_muted=is_muted)
        self._tell()


def _channel(name: LayerName | None) -> int:
    return MIX if name is None else name.channel
