# SPDX-License-Identifier: GPL-3.0-or-later
"""The effects pane has every effect of one layer, or of the mix of all: filters, room, delay, wah, and what is held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.values import ChannelParameter
from engine.values import jam_acts as acts
from engine.values.jam import JamState, LayerMix, LayerName
from widgets.controls import GAP_PX, describe, set_role
from widgets.guide.explained import explain_by
from widgets.jam.fingers import ROW_GAP_PX, FingerButton, Flow
from widgets.jam.gate_steps import GateSteps
from widgets.jam.holding import HoldButton, Holding
from widgets.jam.knob_words import DELAY_BEATS, HoldKey, hold_keys, knob_slider
from widgets.jam.mix_hand import MixHand
from widgets.jam.mix_sliders import KnobSlider
from widgets.jam.pad import MacroPad
from widgets.jam.wah_controls import WahControls, beats_combo, choose_beats
from widgets.jam.words import layer_words

PAD_PX = 9
COLUMN_PX, PAD_COLUMN_PX = 206, 150
"""Least widths of a column of sliders and of that of the pad, pixels."""
_COLUMNS = (
    (ChannelParameter.GAIN, ChannelParameter.LOWPASS_HZ, ChannelParameter.RESONANCE, ChannelParameter.HIGHPASS_HZ),
    (ChannelParameter.REVERB, ChannelParameter.ROOM, ChannelParameter.DELAY, ChannelParameter.DELAY_FEEDBACK),
)


class EffectsPane(QFrame):
    """The pane shows the effects of the layer that is chosen on top, or of the mix.

    Signals
    -------
    acted(JamAct)
    """

    acted = Signal(object)

    def __init__(self, holding: Holding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "strip")
        explain_by(self, "jam_effects")
        self._holding = holding
        self._mixes: Mapping[LayerName | None, LayerMix] = {None: LayerMix()}
        self._is_armed = False
        self.hand = MixHand(None, self)
        self.hand.acted.connect(self.acted)
        self.hand.rested.connect(self._show_knobs)
        self.hand.moved.connect(self._show_knobs)
        self._make_targets()
        self.sliders = {parameter: knob_slider(parameter, "", self) for column in _COLUMNS for parameter in column}
        self.hand.drive(tuple(self.sliders.values()))
        self.pad = MacroPad(self.hand, self)
        self.clear_button = FingerButton(self.tr("Clear moves"), parent=self)
        tip = self.tr("Forget what was recorded of all these knobs; Del on a slider clears only that one")
        describe(self.clear_button, self.tr("Clear the automation"), tip)
        self.clear_button.clicked.connect(self._on_clear)
        self.delay_beats = beats_combo(DELAY_BEATS, self)
        self.wah = WahControls(self)
        self._make_holds()
        self.gate_steps = GateSteps(self)
        self.delay_beats.activated.connect(self._on_delay_beats)
        self.wah.changed.connect(lambda wah: self.acted.emit(acts.SetWah(self.target, wah)))
        self.gate_steps.changed.connect(lambda gate: self.acted.emit(acts.SetGate(self.target, gate)))
        self._lay_out()
        self._show()

    def _make_targets(self) -> None:
        self._group = QButtonGroup(self)
        self.targets: dict[LayerName | None, FingerButton] = {}
        for name in (None, *LayerName):
            words = self._name_of(name)
            button = FingerButton(words, parent=self)
            button.setCheckable(True)
            tip = self.tr("Show the effects of all layers together")
            if name is not None:
                tip = self.tr("Show the effects of this layer (F on its strip)")
            describe(button, self.tr("Effects of {layer}").format(layer=words), tip)
            button.clicked.connect(lambda _on, name=name: self.turn_to(name))
            self._group.addButton(button)
            self.targets[name] = button
        self.targets[None].setChecked(True)

    def _make_holds(self) -> None:
        self.holds: dict[Qt.Key, HoldButton] = {}
        for one in hold_keys():
            button = HoldButton(one.label, self)
            describe(button, one.label, f"{one.tip} ({one.letter})")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.pressed.connect(lambda one=one, button=button: self._on_pressed(button, one))
            button.released.connect(lambda button=button: self._holding.release(button))
            self.holds[one.key] = button

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PAD_PX, PAD_PX - 2, PAD_PX, PAD_PX)
        rows.setSpacing(GAP_PX)
        self.top = Flow(self)
        for one in self.targets.values():
            self.top.add(one)
        for control in (self.pad.across, self.pad.up, self.pad.spring_button):
            self.top.add(control, begins=control is self.pad.across)
        self.top.add(self.clear_button)
        rows.addWidget(self.top)
        self.columns = Flow(self, is_even=True)
        self.columns.add(self._column(self.pad, least=PAD_COLUMN_PX), share=0.75)
        for parameters in _COLUMNS:
            self.columns.add(self._column(*(self.sliders[one] for one in parameters)), share=1.11)
        label = QLabel(self.tr("Delay"), self)
        set_role(label, "dim")
        label.setBuddy(self.delay_beats)
        describe(self.delay_beats, self.tr("Time of the delay"), self.tr("Beats from one echo to the next"))
        time = QWidget(self)
        row = QHBoxLayout(time)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(label)
        row.addWidget(self.delay_beats, 1)
        self.columns.add(self._column(time, self.wah), share=1.03)
        rows.addWidget(self.columns)
        holds = Flow(self, is_even=True)
        for button in self.holds.values():
            holds.add(button)
        rows.addWidget(holds)
        rows.addWidget(self.gate_steps)
        stops: list[QWidget] = [*self.targets.values(), self.pad.across, self.pad.up, self.pad.spring_button]
        stops += [self.clear_button, self.pad.pad, *(one.slider for one in self.sliders.values()), self.delay_beats]
        stops += [*self.wah.stops, *self.holds.values(), *self.gate_steps.buttons]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _column(self, *parts: QWidget, least: int = COLUMN_PX) -> QWidget:
        column = QWidget(self)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, PAD_PX, 0)
        rows.setSpacing(ROW_GAP_PX)
        sliders = [one for one in parts if isinstance(one, KnobSlider)]
        for one in sliders:
            one.label.setMinimumWidth(max(each.label_width for each in sliders))
            one.value_label.setMinimumWidth(max(each.value_label.minimumWidth() for each in sliders))
        for part in parts:
            rows.addWidget(part)
        if self.pad not in parts:
            rows.addStretch(1)
        column.setMinimumWidth(least)
        return column

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def target(self) -> LayerName | None:
        """The layer whose effects are shown; None is the mix of all."""
        return self.hand.layer

    def turn_to(self, target: LayerName | None) -> None:
        """Show the effects of another layer, or of the mix (None)."""
        self.hand.turn_to(target)
        self._show()

    def set_state(self, state: JamState, shown: Collection[LayerName]) -> None:
        """Show a jam's state; only of the layers that are shown can the effects be."""
        self._is_armed = state.is_armed
        self._mixes = {None: state.mix, **{one.name: one.mix for one in state.layers}}
        for name, button in self.targets.items():
            button.setVisible(name is None or name in shown)
        if self.target is not None and self.target not in shown:
            self.hand.turn_to(None)
        self._show()

    def set_bars(self, bars: float | None) -> None:
        """Show where curves have knobs, with so many bars over; None while the jam stands."""
        if not self.hand.is_moving:
            for slider in self.sliders.values():
                slider.show_bars(bars)

    def show_key(self, key: Qt.Key, *, is_down: bool) -> None:
        """Show the button of a key that is held as pressed."""
        self.holds[key].setDown(is_down)

    def _show(self) -> None:
        words = self._name_of(self.target)
        self.targets[self.target].setChecked(True)
        self.setAccessibleName(self.tr("Effects of {layer}").format(layer=words))
        for slider in self.sliders.values():
            slider.name_by(words)
        mix = self._mixes.get(self.target, LayerMix())
        self.hand.take(mix, is_armed=self._is_armed)
        self.clear_button.setEnabled(bool(mix.curves))
        self.gate_steps.show_gate(mix.gate)
        if not self.wah.depth_slider.slider.isSliderDown():
            self.wah.show_wah(mix.wah)
        if not self.hand.is_moving:
            self._show_knobs()

    def _show_knobs(self) -> None:
        mix = self.hand.mix
        for slider in self.sliders.values():
            slider.show_mix(mix)
        self.pad.show_mix(mix, self._name_of(self.target))
        choose_beats(self.delay_beats, mix.effects.delay_beats)

    def _name_of(self, target: LayerName | None) -> str:
        return self.tr("Mix") if target is None else layer_words(target)

    # --- what is done -------------------------------------------------------------------------------------------------

    def _on_clear(self) -> None:
        for parameter in self._mixes[self.target].curves:
            self.acted.emit(acts.SetAutomation(self.target, parameter, None))

    def _on_delay_beats(self, _at: int) -> None:
        self.hand.set_delay_beats(Fraction(str(self.delay_beats.currentData())))

    def _on_pressed(self, button: HoldButton, one: HoldKey) -> None:
        self._holding.press(button, self.target, one.effect)
