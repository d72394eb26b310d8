# SPDX-License-Identifier: GPL-3.0-or-later
"""A mix hand tells what a person moves of a mix as acts, and keeps older words of the engine's from moving it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import QObject, QTimer, Signal

from engine.values import ChannelParameter
from engine.values import jam_acts as acts
from engine.values.jam import LayerMix, LayerName
from widgets.jam.mix_sliders import KNOBS, KnobSlider

HAND_MS = 400
"""Milliseconds after a slider was moved in which the engine's word, which is older, does not move it back."""


class MixHand(QObject):
    """The mix hand moves the mix of a layer, or that of all (None).

    Signals
    -------
    acted(JamAct)
    moved()
        Something is elsewhere now, by this hand.
    rested()
        What the engine says is to be shown again.
    """

    acted = Signal(object)
    moved = Signal()
    rested = Signal()

    def __init__(self, layer: LayerName | None, parent: QObject) -> None:
        super().__init__(parent)
        self._layer = layer
        self._told = LayerMix()
        self._is_armed = False
        self._touched: set[ChannelParameter] = set()
        self._moved: dict[ChannelParameter, float] = {}
        self._delay_beats: Fraction | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(HAND_MS)
        self._rest.timeout.connect(self.rest)

    @property
    def layer(self) -> LayerName | None:
        return self._layer

    @property
    def is_moving(self) -> bool:
        """Whether something was moved a moment ago."""
        return self._rest.isActive()

    @property
    def mix(self) -> LayerMix:
        """The mix as the engine told it, with what was moved since."""
        mix = self._told
        for parameter, value in self._moved.items():
            mix = KNOBS[parameter].put(mix, value)
        if self._delay_beats is not None:
            mix = replace(mix, effects=replace(mix.effects, delay_beats=self._delay_beats))
        return mix

    def turn_to(self, layer: LayerName | None) -> None:
        """Move the mix of another layer from now on."""
        if layer is not self._layer:
            for parameter in list(self._touched):
                self.touch(parameter, is_held=False)
            self._layer = layer
            self._forget()

    def take(self, mix: LayerMix, *, is_armed: bool) -> None:
        """Take what the engine tells of the mix, and whether what hands do is recorded."""
        self._told, self._is_armed = mix, is_armed

    def touch(self, parameter: ChannelParameter, *, is_held: bool) -> None:
        """Tell that a hand is on a knob, or leaves it, where that matters: it is recorded, or a curve moves it."""
        if is_held and (self._is_armed or parameter in self._told.curves):
            self._touched.add(parameter)
            self.acted.emit(acts.Touch(self._layer, parameter, is_held=True))
        elif not is_held and parameter in self._touched:
            self._touched.discard(parameter)
            self.acted.emit(acts.Touch(self._layer, parameter, is_held=False))

    def move(self, parameter: ChannelParameter, value: float) -> None:
        """Move one parameter there; its value is that of its knob."""
        self.move_all({parameter: value})

    def move_all(self, values: dict[ChannelParameter, float]) -> None:
        """Move several parameters there with one act, or two."""
        self._moved |= values
        self._rest.start()
        self.moved.emit()
        if ChannelParameter.GAIN in values:
            self.acted.emit(acts.SetGain(self._layer, self.mix.gain))
        if set(values) - {ChannelParameter.GAIN}:
            self.acted.emit(acts.SetEffects(self._layer, self.mix.effects))

    def set_delay_beats(self, beats: Fraction) -> None:
        """Set the time of the delay, in beats."""
        self._delay_beats = beats
        self._rest.start()
        self.acted.emit(acts.SetEffects(self._layer, self.mix.effects))

    def drive(self, sliders: Sequence[KnobSlider]) -> None:
        """Have these sliders move what they stand for."""
        for one in sliders:
            name = one.parameter
            one.moved.connect(lambda value, name=name: self.move(name, value))
            one.touched.connect(lambda is_held, name=name: self.touch(name, is_held=is_held))
            one.cleared.connect(lambda name=name: self.acted.emit(acts.SetAutomation(self._layer, name, None)))

    def rest(self) -> None:
        """Have what the engine says be shown again, at once."""
        self._forget()
        self.rested.emit()

    def _forget(self) -> None:
        self._rest.stop()
        self._moved, self._delay_beats = {}, None
