# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam's mix is how its layers, and all of them together, are heard: level, mute, solo, effects, what is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from engine.errors import OutOfRange
from engine.playback.mix.filters import OPEN_HIGHPASS_HZ, OPEN_LOWPASS_HZ
from engine.session.jam.automating import Automating, Place
from engine.session.jam.checks import checked_curve, checked_effects, checked_share
from engine.session.jam.layer import JamLayer
from engine.session.ports import Player
from engine.values import Automation, ChannelParameter, Curve, Effects
from engine.values.channels import HIGHEST_HZ, LOWEST_HZ, MIX
from engine.values.channels import wah as swept
from engine.values.held import Gate, Holdable, OwnGate
from engine.values.jam import LayerMix, LayerName, Wah

RAMP_MS = 20.0
"""Time within which effects reach what they were set to, milliseconds."""
FEWEST_BEATS, MOST_BEATS = 1 / 16, 64
"""Lengths of a wah's cycle, beats."""


class JamMix:
    """The mix of a jam's layers, as it was set last and as the player is told. None stands for all layers together.

    Parameters
    ----------
    beats_per_bar, bars
        Tell how many beats a bar has, and how many bars automation lasts that is recorded.
    tell
        Is called when something changed.
    """

    def __init__(
        self,
        player: Player,
        layers: Mapping[LayerName, JamLayer],
        beats_per_bar: Callable[[], int],
        bars: Callable[[], int],
        tell: Callable[[], None],
    ) -> None:
        self._player, self._layers, self._beats_per_bar, self._tell = player, layers, beats_per_bar, tell
        self.automating = Automating(self._curve_of, self._keep_curve, beats_per_bar, bars, self._play)
        self.whole = LayerMix()
        """How all layers together are heard."""

    def set_gain(self, name: LayerName | None, gain: float) -> None:
        """Set a gain, linear in [0, 1]. Raises OutOfRange."""
        before = self._of(name)
        self._set(name, replace(before, gain=checked_share("level", gain)))
        self._play_gain(name)
        self.automating.move((name, ChannelParameter.GAIN), before.gain, gain)
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
        before = self._of(name)
        self._set(name, replace(before, effects=effects))
        self._player.set_effects(_channel(name), effects, RAMP_MS)
        for parameter in ChannelParameter:
            was, now = (value_of(one, parameter) for one in (before, self._of(name)))
            if was != now:
                self.automating.move((name, parameter), was, now)
        if before.wah is not None:
            self._play((name, ChannelParameter.LOWPASS_HZ), tells=False)
        self._tell()

    def change_effects(self, name: LayerName | None, values: Mapping[str, float | Fraction]) -> None:
        """Move the effects that are named there; the others stay. Raises OutOfRange."""
        changed: Mapping[str, Any] = values
        self.set_effects(name, replace(self._of(name).effects, **changed))

    def set_wah(self, name: LayerName | None, wah: Wah | None) -> None:
        """Have a low-pass swept around where it is set; None returns it there. Raises OutOfRange."""
        if wah is not None:
            checked_share("depth of the wah", wah.depth)
            if not FEWEST_BEATS <= wah.beats <= MOST_BEATS:
                low, high = f"{FEWEST_BEATS:g}", str(MOST_BEATS)
                raise OutOfRange(name="beats of the wah", value=str(wah.beats), low=low, high=high)
        self._set(name, replace(self._of(name), wah=wah))
        self._play((name, ChannelParameter.LOWPASS_HZ))

    def hold(self, name: LayerName | None, effect: Holdable | None) -> None:
        """Hold an effect, in the place of one that is held; None lets it go. It is not kept."""
        self._player.hold(_channel(name), self._of(name).gate if isinstance(effect, OwnGate) else effect)

    def set_gate(self, name: LayerName | None, gate: Gate) -> None:
        """Set the gate that is held by its key from now on."""
        self._set(name, replace(self._of(name), gate=gate))
        self._tell()

    def set_automation(self, name: LayerName | None, parameter: ChannelParameter, curve: Curve | None) -> None:
        """Have a curve move a parameter; None returns it to where it is set. Raises OutOfRange."""
        curves = {one: kept for one, kept in self._of(name).curves.items() if one is not parameter}
        if curve is not None:
            curves[parameter] = checked_curve(parameter, curve)
        self._set(name, replace(self._of(name), curves=curves))
        self.automating.forget((name, parameter))
        self._play((name, parameter))
        if parameter is ChannelParameter.GAIN:
            self._play_gain(name)

    def arm(self, *, is_armed: bool) -> None:
        """Record what is done to knobs from now on, or no longer."""
        self.automating.arm(is_armed=is_armed)
        self._tell()

    def set_all(self, mixes: Mapping[LayerName, LayerMix], whole: LayerMix) -> None:
        """Set the mix of several layers and of all together at once, as a project has it."""
        for name, mix in (*mixes.items(), (None, whole)):
            moved = {*self._of(name).curves, *mix.curves, ChannelParameter.LOWPASS_HZ}
            self._set(name, mix)
            self._player.set_effects(_channel(name), mix.effects, RAMP_MS)
            for parameter in moved:
                self.automating.forget((name, parameter))
                self._play((name, parameter), tells=False)
            self._play_gain(name)
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

    def _curve_of(self, place: Place) -> Curve | None:
        return self._of(place[0]).curves.get(place[1])

    def _keep_curve(self, place: Place, curve: Curve) -> None:
        mix = self._of(place[0])
        self._set(place[0], replace(mix, curves={**mix.curves, place[1]: curve}))

    def _play_gain(self, name: LayerName | None) -> None:
        """Set the gain, unless a curve is all of it."""
        if ChannelParameter.GAIN not in self._of(name).curves:
            self._player.set_gain(_channel(name), self._of(name).gain)

    def _play(self, place: Place, *, tells: bool = True) -> None:
        """Have a parameter be moved by what moves it: the wah, a hand that holds it, its curve, or nothing."""
        name, parameter = place
        mix = self._of(name)
        curve = self.automating.moved_by(place)
        automation: Automation | None = None if curve is None else _open_at_its_end(curve, parameter)
        if parameter is ChannelParameter.LOWPASS_HZ and mix.wah is not None:
            corner_hz, beats = mix.effects.lowpass_hz or HIGHEST_HZ, self._beats_per_bar()
            automation = swept(corner_hz, mix.wah.depth, beats=mix.wah.beats, shape=mix.wah.shape, beats_per_bar=beats)
        self._player.automate(_channel(name), parameter, automation)
        if tells:
            self._tell()

    def _hear(self) -> None:
        has_solo = any(layer.mix.is_solo for layer in self._layers.values())
        for layer in self._layers.values():
            is_muted = layer.mix.is_muted or (has_solo and not layer.mix.is_solo)
            self._player.set_mute(layer.channel, is_muted=is_muted)
        self._tell()


def value_of(mix: LayerMix, parameter: ChannelParameter) -> float:
    """Return where a mix has a parameter; a filter that is off is at its end of the range."""
    if parameter is ChannelParameter.GAIN:
        return mix.gain
    value = getattr(mix.effects, parameter.value)
    off = {ChannelParameter.LOWPASS_HZ: HIGHEST_HZ, ChannelParameter.HIGHPASS_HZ: LOWEST_HZ}
    return float(off[parameter] if value is None else value)


def _open_at_its_end(curve: Curve, parameter: ChannelParameter) -> Curve:
    """Return a curve in which a filter that is at its end of the range is off."""
    match parameter:
        case ChannelParameter.LOWPASS_HZ:
            return replace(curve, values=tuple(OPEN_LOWPASS_HZ if one >= HIGHEST_HZ else one for one in curve.values))
        case ChannelParameter.HIGHPASS_HZ:
            return replace(curve, values=tuple(OPEN_HIGHPASS_HZ if one <= LOWEST_HZ else one for one in curve.values))
        case _:
            return curve


def _channel(name: LayerName | None) -> int:
    return MIX if name is None else name.channel
