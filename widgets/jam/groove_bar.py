# SPDX-License-Identifier: GPL-3.0-or-later
"""The groove bar is what all layers of a jam keep to: start, bar counter, tempo, key, metre, bars, and swaps."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from engine.values import jam_acts as acts
from engine.values.jam import (
    HIGHEST_JAM_BPM,
    JAM_BARS,
    LONGEST_SWAP_MS,
    LOWEST_JAM_BPM,
    SHORTEST_SWAP_MS,
    USUAL_SWAP_MS,
    Groove,
    JamState,
    LayerName,
    SwapAt,
)
from widgets.controls import GAP_PX, Combo, describe, set_role, text_width
from widgets.figures import key_name
from widgets.fitting_lines import FittingLines
from widgets.jam.fingers import FINGER_PX, FingerButton, FingerIcon, Flow
from widgets.jam.scenes_button import ScenesButton
from widgets.jam.tapping import TapTempo
from widgets.jam.words import NOWHERE, bars_words, counter_words, layer_words
from widgets.number_spin import NumberSpin
from widgets.parameter_rows import ParameterSpin

NOTE_PX = 150
"""Least width of what is noted, pixels."""
SETTLE_MS = 350
"""Milliseconds in which a tempo that is stepped or tapped comes to rest before it is asked for: all loops follow it."""


class GrooveBar(Flow):
    """A groove bar shows a jam's state.

    Signals
    -------
    acted(JamAct), layer_toggled(LayerName, is_shown)
    record_toggled(bool)
        The jam is to be recorded, or no longer.
    effects_toggled(bool)
        The effects are to be shown, or no longer.
    """

    acted = Signal(object)
    layer_toggled = Signal(object, bool)
    effects_toggled = Signal(bool)
    record_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groove = Groove()
        self._is_running = False
        self._fade_ms = USUAL_SWAP_MS
        self._taps = TapTempo()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._on_tempo_settled)
        self._make_clock()
        self._make_choices()
        self.show_counter(None)
        self._show_running()

    def _make_clock(self) -> None:
        self.start_button = FingerButton(
            self.tr("Start the jam"), self.tr("Stop the jam"), role="finger_primary", parent=self
        )
        self.start_button.clicked.connect(self.toggle)
        self.add(self.start_button)
        self.counter = QLabel(NOWHERE, self)
        set_role(self.counter, "counter")
        self.counter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.counter.setToolTip(self.tr("Bar and beat that sound now"))
        self.add(self.counter)
        tempo = QWidget(self)
        row = QHBoxLayout(tempo)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        self.tempo = ParameterSpin(tempo)
        self.tempo.setDecimals(2)
        self.tempo.setRange(LOWEST_JAM_BPM, HIGHEST_JAM_BPM)
        self.tempo.setKeyboardTracking(False)
        self.tempo.setSuffix(" bpm")
        self.tempo.setValue(self._groove.bpm)
        tip = self.tr("Beats a minute, 60 to 200; while the jam runs its loops follow at a bar")
        describe(self.tempo, self.tr("Tempo of the jam"), tip)
        self.tap_button = FingerButton(self.tr("Tap"), parent=tempo)
        describe(self.tap_button, self.tr("Tap the tempo"), self.tr("Press it on a few beats (T)"))
        self.record_button = FingerIcon("record", tempo)
        self.record_button.setCheckable(True)
        self.record_button.show_icon("record", on="record_stop")
        self.record_button.clicked.connect(self.record_toggled)
        self.set_recording(is_recording=False)
        for one in (self.tempo, self.tap_button, self.record_button):
            row.addWidget(one)
        self.add(tempo)
        # What could not be done stands where there is room for a sentence, and moves nothing.
        self.note = FittingLines(2, self)
        self.note.setMinimumWidth(NOTE_PX)
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add(self.note)
        self.tempo.valueChanged.connect(lambda _value: self._settling.start())
        self.tap_button.pressed.connect(self.tap)

    def _make_choices(self) -> None:
        self.key, self.metre = self._combo(), self._combo()
        describe(self.key, self.tr("Key of the jam"), self.tr("The key of what is made from now on"))
        tip = self.tr("Beats of a bar; with another metre every loop is made again")
        describe(self.metre, self.tr("Metre of the jam"), tip)
        self.bars = self._combo()
        for n_bars in JAM_BARS:
            self.bars.addItem(bars_words(n_bars), n_bars)
        describe(self.bars, self.tr("Bars of a loop"), self.tr("How long what is made from now on is"))
        self.swap_at = self._combo()
        for words, at in (
            (self.tr("swap at the bar"), SwapAt.BAR),
            (self.tr("swap at the loop’s end"), SwapAt.LOOP_END),
            (self.tr("swap at the beat"), SwapAt.BEAT),
        ):
            self.swap_at.addItem(words, at)
        describe(self.swap_at, self.tr("Where loops are swapped"), self.tr("Where a loop that is queued comes in"))
        self.fade = ParameterSpin(self)
        self.fade.setDecimals(0)
        self.fade.setRange(SHORTEST_SWAP_MS, LONGEST_SWAP_MS)
        self.fade.setKeyboardTracking(False)
        self.fade.setSuffix(" ms")
        self.fade.setValue(self._fade_ms)
        tip = self.tr("How long the crossfade of a swap is, 4 to 40 ms")
        describe(self.fade, self.tr("Crossfade of a swap"), tip)
        for spin in (self.tempo, self.fade):
            _finger(spin)
        for one in (self.key, self.metre, self.bars, self.swap_at, self.fade):
            self.add(one, begins=one is self.key)
        self._make_buttons()
        self.set_choices((), ("4/4",))
        self.key.activated.connect(lambda _at: self.acted.emit(acts.SetKey(str(self.key.currentData()))))
        self.metre.activated.connect(lambda _at: self.acted.emit(acts.SetMetre(str(self.metre.currentData()))))
        self.bars.activated.connect(lambda _at: self.acted.emit(acts.SetBars(int(self.bars.currentData()))))
        self.swap_at.activated.connect(lambda _at: self._on_swap())
        self.fade.valueChanged.connect(lambda _value: self._on_swap())

    def _make_buttons(self) -> None:
        self.layers_button = FingerButton(self.tr("+ Layer"), parent=self)
        describe(self.layers_button, self.tr("Layers that are shown"), self.tr("Bass, chords, lead and noise"))
        self.layers_menu = QMenu(self.layers_button)
        self.layers_menu.setToolTipsVisible(True)
        self.layers_button.setMenu(self.layers_menu)
        self.layer_actions = {}
        for name in LayerName:
            if name not in (LayerName.DRUMS, LayerName.INSTRUMENTS):
                action = self.layers_menu.addAction(layer_words(name))
                action.setCheckable(True)
                action.triggered.connect(lambda on, name=name: self.layer_toggled.emit(name, on))
                self.layer_actions[name] = action
        self.add(self.layers_button)
        self.scenes_button = ScenesButton(self)
        self.scenes_button.acted.connect(self.acted)
        self.add(self.scenes_button)
        self.effects_button = FingerButton(self.tr("Effects"), parent=self)
        self.effects_button.setCheckable(True)
        tip = self.tr("Filters, room, delay, wah and what is held, of a layer or of the mix (F)")
        describe(self.effects_button, self.tr("Show the effects"), tip)
        self.effects_button.toggled.connect(self.effects_toggled)
        self.add(self.effects_button)
        self.automate_button = FingerButton(self.tr("Automate"), parent=self)
        self.automate_button.setCheckable(True)
        tip = self.tr("Record what you do to knobs, in step with the bars, to be heard again with each turn (A)")
        describe(self.automate_button, self.tr("Record automation"), tip)
        self.automate_button.clicked.connect(lambda is_on: self.acted.emit(acts.ArmAutomation(is_on)))
        self.add(self.automate_button)

    def _combo(self) -> Combo:
        combo = Combo(self)
        set_role(combo, "finger")
        combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return combo

    def set_choices(self, keys: Sequence[str], metres: Sequence[str]) -> None:
        """Offer these keys, beside none, and these metres."""
        for combo, choices in ((self.key, ("", *keys)), (self.metre, metres)):
            with QSignalBlocker(combo):
                combo.clear()
                for one in choices:
                    combo.addItem(key_name(one) if one else self.tr("any key"), one)
        self._take_widths()

    def _take_widths(self) -> None:
        """Have each choice be as wide as its longest one, whatever is chosen, and the counter as the longest jam's."""
        for combo in (self.key, self.metre, self.bars, self.swap_at):
            combo.setFixedWidth(text_width(combo, *(combo.itemText(at) for at in range(combo.count()))) + 44)
        for spin, longest in ((self.tempo, "200.00 bpm"), (self.fade, "40 ms")):
            spin.setFixedWidth(text_width(spin, longest) + 50)
        self.counter.setMinimumWidth(text_width(self.counter, "888.8"))
        self.updateGeometry()

    # --- what is shown ------------------------------------------------------------------------------------------------

    def set_state(self, state: JamState) -> None:
        """Show what a jam keeps to; of a groove that is being prepared its tempo and metre."""
        groove = state.coming or state.groove
        self._groove, self._fade_ms = state.groove, state.fade_ms
        if self._is_running != state.is_running:
            self._is_running = state.is_running
            self._show_running()
        if not self._settling.isActive() and not self.tempo.lineEdit().isModified():
            with QSignalBlocker(self.tempo):
                self.tempo.setValue(groove.bpm)
        with QSignalBlocker(self.fade):
            if not self.fade.lineEdit().isModified():
                self.fade.setValue(state.fade_ms)
        self.automate_button.setChecked(state.is_armed)
        self.scenes_button.set_state(state)
        _choose(self.key, state.groove.key)
        _choose(self.metre, groove.metre)
        _choose(self.bars, state.bars)
        _choose(self.swap_at, state.swap_at)

    def set_recording(self, *, is_recording: bool) -> None:
        """Show whether the jam is recorded, or about to be."""
        self.record_button.setChecked(is_recording)
        self._describe_record()

    def set_recorded_elsewhere(self, is_recorded: bool) -> None:
        """Offer no recording while another one goes on, which this one would end."""
        self.record_button.setEnabled(not is_recorded)
        self._describe_record()

    def _describe_record(self) -> None:
        if self.record_button.isChecked():
            name, tip = self.tr("End the recording of the jam"), self.tr("End it with the bar that plays (R)")
        elif not self.record_button.isEnabled():
            name = self.tr("Record the jam")
            tip = self.tr("All that is heard is recorded already: end that first (Ctrl+R)")
        else:
            name = self.tr("Record the jam")
            tip = self.tr("Record from the next bar on; a jam that stands is counted in and started (R)")
        describe(self.record_button, name, tip)

    def set_note(self, text: str, role: str) -> None:
        """Write a sentence."""
        set_role(self.note, role)
        self.note.set_texts((text,))

    def show_counter(self, bars: float | None) -> None:
        """Show the bar and beat that sound, by the bars that are over; None while nothing does."""
        words = counter_words(bars, self._groove)
        if words != self.counter.text():
            self.counter.setText(words)
            self.counter.setAccessibleName(self.tr("Bar and beat: {place}").format(place=words))

    def set_layers(self, shown: set[LayerName], empty: set[LayerName]) -> None:
        """Show which layers are shown; one that is not empty cannot be hidden."""
        self.scenes_button.set_shown(shown)
        for name, action in self.layer_actions.items():
            action.setChecked(name in shown)
            action.setEnabled(name in empty)

    def _show_running(self) -> None:
        is_running = self._is_running
        self.start_button.setText(self.tr("Stop the jam") if is_running else self.tr("Start the jam"))
        tip = self.tr("Fade all layers out (Space)") if is_running else self.tr("Start with the first bar (Space)")
        describe(self.start_button, self.start_button.text(), tip)

    # --- what is done -------------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Have the jam start, or stop."""
        self.acted.emit(acts.Stop() if self._is_running else acts.Start())

    def tap(self) -> None:
        """Take note of a tap on the beat."""
        bpm = self._taps.tap(time.monotonic())
        if bpm is not None:
            self.tempo.setValue(bpm)
            self._settling.start()

    def _on_tempo_settled(self) -> None:
        self.tempo.lineEdit().setModified(False)
        self.acted.emit(acts.SetTempo(round(self.tempo.value(), 2)))

    def _on_swap(self) -> None:
        self.fade.lineEdit().setModified(False)
        self.acted.emit(acts.SetSwap(SwapAt(str(self.swap_at.currentData())), float(self.fade.value())))


def _choose(combo: Combo, data: object) -> None:
    at = next((i for i in range(combo.count()) if combo.itemData(i) == data), -1)
    if at >= 0 and at != combo.currentIndex():
        with QSignalBlocker(combo):
            combo.setCurrentIndex(at)


def _finger(spin: NumberSpin) -> None:
    set_role(spin, "finger")
    spin.setMinimumHeight(FINGER_PX)
    # The style sheet's padding does not reach the text of a spin box.
    spin.lineEdit().setTextMargins(4, 0, 0, 0)
    spin.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
