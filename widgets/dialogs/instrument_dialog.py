# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog for who plays an instrument: the input, the looper of the jam's layers, and the band that plays along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.values import ParameterValue
from engine.values import jam_acts as acts
from engine.values.band_options import BAND_OPTIONS
from engine.values.input_options import INPUT_OPTIONS
from engine.values.inputs import InputDevice, InputSnapshot
from engine.values.jam import LayerName
from engine.values.looper import LooperState
from widgets.controls import GAP_PX, Combo, describe, set_role
from widgets.device_combo import DeviceCombo
from widgets.dialogs.settings_pages.rows import Rows
from widgets.figures import Figure
from widgets.form import PAGE_MARGIN_PX, ROOM_AROUND_PX, add_row, align_fields, button, form_of, note
from widgets.guide.explained import explain_by
from widgets.meter import LevelMeter
from widgets.parameter_rows import ParameterRows, words

SIZE: Final = QSize(620, 660)
_SILENT: Final = (-120.0, -120.0)
LETTERS: Final = "drhtmlobc2zuefs"
"""Letters of the dialog's own rows and buttons."""


class InstrumentDialog(QDialog):
    """The dialog of the input, the looper and the band.

    Parameters
    ----------
    values
        As they were set last, by the options' names; ``input_device`` is (host API, name) or None.

    Signals
    -------
    option_changed(name, value)
        Also of ``input_device``.
    refresh_requested(), open_requested(bool), monitor_requested(bool), measure_requested()
        For the input: list devices; take sound in, or not; have it be heard; measure the latency, or do not go on.
    act_requested(JamAct)
        For the looper.
    band_requested(bool)
        The band is to listen and play, or to end.
    """

    option_changed = Signal(str, object)
    refresh_requested = Signal()
    open_requested = Signal(bool)
    monitor_requested = Signal(bool)
    measure_requested = Signal()
    act_requested = Signal(object)
    band_requested = Signal(bool)

    def __init__(self, values: Mapping[str, object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Play with an instrument"))
        explain_by(self, "instrument")
        page = QVBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        page.setSpacing(GAP_PX)
        self._add_input(page, values)
        self._add_looper(page)
        self._add_band(page, values)
        page.addStretch(1)
        self.close_button = button(self.tr("&Close"), self.tr("Close"), self.tr("Close this window"), self)
        self.close_button.clicked.connect(self.reject)
        page.addLayout(_in_a_row(None, self.close_button))
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))
        self.show_input(None)
        self.show_looper(LooperState(), is_open=False)
        self.show_band(is_playing=False)

    # --- the input ----------------------------------------------------------------------------------------------------

    def _add_input(self, page: QVBoxLayout, values: Mapping[str, object]) -> None:
        form = form_of(None)
        self.device_combo = DeviceCombo(self)
        chosen = values["input_device"]
        self.device_combo.show_device(chosen if isinstance(chosen, tuple) else None)
        self.device_combo.activated.connect(self._on_device)
        self.refresh_button = button(
            self.tr("&Refresh"), self.tr("Refresh the inputs"), self.tr("Look for inputs again"), self
        )
        self.refresh_button.clicked.connect(self.refresh_requested)
        label, tip = self.tr("Input &device:"), self.tr("Where the sound comes from")
        add_row(form, label, tip, self.device_combo, self.refresh_button)
        self._rows = Rows(form, LETTERS)
        self.input_rows = ParameterRows()
        self.input_rows.add(INPUT_OPTIONS, self, self._rows.place)
        self.input_rows.show_values(_options(values))
        self.input_rows.changed.connect(self.option_changed.emit)
        align_fields(form)
        self.open_check = _check(
            self.tr("&Take sound in"),
            self.tr("Take sound in"),
            self.tr("Open the input, of which the looper records"),
            self,
        )
        self.open_check.toggled.connect(self.open_requested)
        self.monitor_check = _check(
            self.tr("&Hear it"),
            self.tr("Hear it"),
            self.tr("Have the input be heard; it is closed by itself where it is about to howl"),
            self,
        )
        self.monitor_check.toggled.connect(self.monitor_requested)
        self.measure_button = button(
            self.tr("&Measure the latency"),
            self.tr("Measure the latency"),
            self.tr("Lead the output into the input, or put the microphone near: noise is played five times"),
            self,
        )
        self.measure_button.clicked.connect(self.measure_requested)
        self.meter = LevelMeter(self)
        self.meter.setAccessibleName(self.tr("Input level"))
        self.input_note = note(1, self)
        self.input_note.setAccessibleName(self.tr("The input"))
        page.addWidget(_heading(self.tr("INPUT"), self))
        page.addLayout(form)
        page.addLayout(_in_a_row(self.open_check, self.monitor_check, None, self.measure_button))
        page.addWidget(self.meter)
        page.addWidget(self.input_note)

    def set_inputs(self, devices: tuple[InputDevice, ...]) -> None:
        """Offer these devices."""
        self.device_combo.set_devices(devices)

    def show_input(self, told: InputSnapshot | None) -> None:
        """Show what comes in; None is that nothing does."""
        self.monitor_check.setEnabled(told is not None)
        levels = _SILENT if told is None else (told.peak_db, told.peak_db)
        means = _SILENT if told is None else (told.rms_db, told.rms_db)
        self.meter.set_levels(levels, means)
        if told is not None and told.is_monitored != self.monitor_check.isChecked():
            self._show_monitor(is_heard=told.is_monitored)

    def show_closed(self) -> None:
        """Show that nothing is taken in."""
        self.open_check.blockSignals(True)
        self.open_check.setChecked(False)
        self.open_check.blockSignals(False)
        self._show_monitor(is_heard=False)
        self.show_input(None)

    def show_measuring(self, *, is_measuring: bool) -> None:
        """Show whether the latency is being measured."""
        self.measure_button.setText(self.tr("Do not &measure") if is_measuring else self.tr("&Measure the latency"))
        self.open_check.setEnabled(not is_measuring)
        self.band_button.setEnabled(not is_measuring)

    def tell_input(self, text: str, *, is_failed: bool = False) -> None:
        """Show a sentence on the input."""
        _tell(self.input_note, text, is_failed=is_failed)

    def _show_monitor(self, *, is_heard: bool) -> None:
        self.monitor_check.blockSignals(True)
        self.monitor_check.setChecked(is_heard)
        self.monitor_check.blockSignals(False)

    @Slot()
    def _on_device(self) -> None:
        self.option_changed.emit("input_device", self.device_combo.chosen())

    # --- the looper ---------------------------------------------------------------------------------------------------

    def _add_looper(self, page: QVBoxLayout) -> None:
        self.layer_combo = Combo(self)
        for name in LayerName:
            self.layer_combo.addItem(words(str(name)), str(name))
        self.layer_combo.setCurrentIndex(list(LayerName).index(LayerName.LEAD))
        label = QLabel(self.tr("&Layer:"), self)
        label.setBuddy(self.layer_combo)
        describe(self.layer_combo, self.tr("Layer"), self.tr("The layer of the jam that phrases are recorded into"))
        made: list[tuple[str, str, type[acts.JamAct]]] = [
            (
                self.tr("Rec&ord"),
                self.tr("Record a phrase from the next bar on; again ends it with one"),
                acts.RecordPhrase,
            ),
            (
                self.tr("Overdu&b"),
                self.tr("Add to the loop from the next bar on; again ends that"),
                acts.Overdub,
            ),
            (self.tr("Hal&f"), self.tr("Have the loop be its first half"), acts.HalveLoop),
            (
                self.tr("Double (&2)"),
                self.tr("Have the loop be twice itself, for longer phrases"),
                acts.DoubleLoop,
            ),
        ]
        self.loop_buttons: dict[type[acts.JamAct], QPushButton] = {}
        for text, tip, act in made:
            one = self.loop_buttons[act] = button(text, _plain(text), tip, self)
            one.clicked.connect(lambda _=False, act=act: self.act_requested.emit(act(self.layer())))
        self.cancel_button = button(
            self.tr("Cancel"), self.tr("Cancel the phrase"), self.tr("Record no phrase: nothing of it is kept"), self
        )
        self.cancel_button.clicked.connect(lambda: self.act_requested.emit(acts.CancelPhrase()))
        self.undo_button = button(
            self.tr("&Undo"), self.tr("Undo the phrase"), self.tr("Go back to the loop before, at its next end"), self
        )
        self.undo_button.clicked.connect(lambda: self.act_requested.emit(acts.GoBack(self.layer())))
        self.redo_button = button(
            self.tr("R&edo"), self.tr("Redo the phrase"), self.tr("Go to the loop after it again"), self
        )
        self.redo_button.clicked.connect(lambda: self.act_requested.emit(acts.GoBack(self.layer(), 1)))
        self.loop_note = note(1, self)
        self.loop_note.setAccessibleName(self.tr("The looper"))
        half, double = self.loop_buttons[acts.HalveLoop], self.loop_buttons[acts.DoubleLoop]
        record, overdub = self.loop_buttons[acts.RecordPhrase], self.loop_buttons[acts.Overdub]
        page.addWidget(_heading(self.tr("LOOPER"), self))
        page.addLayout(_in_a_row(label, self.layer_combo, record, overdub, self.cancel_button, None))
        page.addLayout(_in_a_row(self.undo_button, self.redo_button, half, double, None))
        page.addWidget(self.loop_note)

    def layer(self) -> LayerName:
        """Return the chosen layer."""
        return LayerName(self.layer_combo.currentData())

    def show_looper(self, state: LooperState, *, is_open: bool) -> None:
        """Show what the looper does."""
        is_recording = state.layer is not None
        record, overdub = self.loop_buttons[acts.RecordPhrase], self.loop_buttons[acts.Overdub]
        ends = self.tr("E&nd")
        record.setText(ends if is_recording and not state.is_overdub else self.tr("Rec&ord"))
        overdub.setText(ends if is_recording and state.is_overdub else self.tr("Overdu&b"))
        record.setEnabled(is_open and not (is_recording and state.is_overdub))
        overdub.setEnabled(is_open and not (is_recording and not state.is_overdub))
        self.cancel_button.setEnabled(is_recording)
        self.layer_combo.setEnabled(not is_recording)
        _tell(self.loop_note, self._said_of(state))

    def _said_of(self, state: LooperState) -> str:
        if state.layer is None:
            return self.tr("Cutting the phrase to its bars…") if state.is_looping else ""
        if state.ends_at is not None:
            return self.tr("Recorded up to bar {bar}.").format(bar=Figure(float(state.ends_at) + 1.0))
        if state.begins_at is None:
            return self.tr("Recording: end it in time, and it says the tempo.")
        return self.tr("Recorded from bar {bar} on.").format(bar=Figure(float(state.begins_at) + 1.0))

    def tell_looper(self, text: str) -> None:
        """Show why something cannot be recorded."""
        _tell(self.loop_note, text, is_failed=True)

    # --- the band -----------------------------------------------------------------------------------------------------

    def _add_band(self, page: QVBoxLayout, values: Mapping[str, object]) -> None:
        form = form_of(None)
        placed = Rows(form, self._rows.letters)
        self.band_rows = ParameterRows()
        self.band_rows.add(BAND_OPTIONS, self, placed.place)
        self.band_rows.show_values(_options(values))
        self.band_rows.changed.connect(self.option_changed.emit)
        align_fields(form)
        self.band_button = button("", "", "", self)
        self.band_button.setCheckable(True)
        self.band_button.clicked.connect(self.band_requested)
        self.band_note = note(1, self)
        self.band_note.setAccessibleName(self.tr("The band"))
        page.addWidget(_heading(self.tr("BAND"), self))
        page.addLayout(form)
        page.addLayout(_in_a_row(self.band_button, None))
        page.addWidget(self.band_note)

    def show_band(self, *, is_playing: bool) -> None:
        """Show whether the band listens and plays."""
        text = self.tr("&Stop the band") if is_playing else self.tr("&Start the band")
        self.band_button.setText(text)
        tip = self.tr("It listens while you play, and plays with you once it is sure of the beat")
        describe(self.band_button, _plain(text), tip)
        self.band_button.setChecked(is_playing)
        for control in self.band_rows.controls.values():
            control.widget.setEnabled(not is_playing)
        self.measure_button.setEnabled(not is_playing)

    def tell_band(self, text: str, *, is_failed: bool = False) -> None:
        """Show what the band hears, or why it cannot."""
        _tell(self.band_note, text, is_failed=is_failed)


def _options(values: Mapping[str, object]) -> dict[str, ParameterValue]:
    return {name: value for name, value in values.items() if isinstance(value, bool | int | float | str)}


def _tell(label: QLabel, text: str, *, is_failed: bool = False) -> None:
    set_role(label, "warning" if is_failed else "dim")
    label.setText(text)


def _plain(text: str) -> str:
    """Return a button's text without the mark of its letter."""
    return text.replace("&", "")


def _heading(text: str, parent: QWidget) -> QLabel:
    heading = QLabel(text, parent)
    set_role(heading, "heading")
    return heading


def _check(text: str, name: str, tip: str, parent: QWidget) -> QCheckBox:
    check = QCheckBox(text, parent)
    describe(check, name, tip)
    return check


def _in_a_row(*parts: QWidget | None) -> QHBoxLayout:
    """Return a row; None is what stretches."""
    row = QHBoxLayout()
    row.setSpacing(GAP_PX)
    for one in parts:
        if one is None:
            row.addStretch(1)
        else:
            row.addWidget(one)
    return row
