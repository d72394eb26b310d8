# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the controls of parameters, of a generator or of the studio, from their declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from psygnal import Signal
from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

from engine.values import MAX_TEXT_CHARACTERS, Kind, Parameter, ParameterValue
from widgets.controls import Combo, Slider, set_role, text_width
from widgets.figures import Figure, key_name
from widgets.form import button
from widgets.number_spin import NumberSpin
from widgets.several_button import SeveralButton
from widgets.spoken_slider import step_of

LOWEST, HIGHEST = -1e9, 1e9
"""Bounds of a number that its parameter leaves open."""
FIELD_PX = 60
"""Least width of a field for a number, pixels: its bounds may be far wider than what is usual."""


def words(text: str) -> str:
    """Return what was declared in the person's language; unknown words stay as they are."""
    return QCoreApplication.translate("choices", text) if text else ""


def tr(text: str) -> str:
    """Return a text of the controls' own in the person's language."""
    return QCoreApplication.translate("ParameterControl", text)


def degree_in_words(parameter: Parameter, value: float) -> str:
    """Return where a value stands between its ends: the name of one of them, or a percentage."""
    share = (value - parameter.low) / (parameter.high - parameter.low)
    if share in (0.0, 1.0):
        return words(parameter.ends[round(share)])
    return f"{round(100.0 * share)} %"


def signed(value: float) -> str:
    """Return a share with its sign, in percent: "+30 %", "−5 %", "0"."""
    return f"{Figure(100.0 * value):+.0f} %" if round(100.0 * value) else "0"


class ParameterSpin(NumberSpin):
    """A field for a number shows no superfluous zeros; its lowest value may stand for nothing asked."""

    def textFromValue(self, value: float) -> str:
        text, point = super().textFromValue(value), self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text


class ParameterControl:
    """This control sets one parameter.

    Signals
    -------
    changed(value)
        A person set another value; ``set_value`` is silent.

    Attributes
    ----------
    widget
        What is looked at and worked.
    browse
        The button beside it that looks for a file, or None.
    figure
        What shows the value of a slider beside it, or None.
    """

    changed = Signal(object)

    def __init__(self, parameter: Parameter, parent: QWidget) -> None:
        self.parameter = parameter
        self.browse: QPushButton | None = None
        self.figure: QLabel | None = None
        self.widget = self._made(parent)
        self._told = parameter.default
        self.set_value(parameter.default)

    def value(self) -> ParameterValue:
        """Return the value that is set now."""
        widget, parameter = self.widget, self.parameter
        if isinstance(widget, ParameterSpin):
            # What is typed counts, though Enter was not pressed.
            widget.interpretText()
            if parameter.unset and widget.value() == widget.minimum():
                return parameter.default
            return round(widget.value()) if parameter.kind is Kind.INTEGER else widget.value() * parameter.shown_in
        if isinstance(widget, Slider):
            return min(round(parameter.low + widget.value() * parameter.step, 9), parameter.high)
        if isinstance(widget, Combo | SeveralButton):
            return str(widget.currentData()) if isinstance(widget, Combo) else widget.value()
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        assert isinstance(widget, QLineEdit)
        return widget.text().strip()

    def set_value(self, value: ParameterValue) -> None:
        """Show ``value``, without a signal."""
        widget, parameter = self.widget, self.parameter
        with QSignalBlocker(widget):
            if isinstance(widget, ParameterSpin):
                nothing = parameter.unset and value == parameter.default
                widget.setValue(widget.minimum() if nothing else float(value) / parameter.shown_in)
            elif isinstance(widget, Slider):
                widget.set_step(round((float(value) - parameter.low) / parameter.step))
                self._show_figure()
            elif isinstance(widget, Combo):
                widget.setCurrentIndex(max(widget.findData(value), 0))
            elif isinstance(widget, SeveralButton):
                widget.set_value(str(value))
            elif isinstance(widget, QCheckBox):
                widget.setChecked(bool(value))
            elif isinstance(widget, QLineEdit):
                widget.setText(str(value))
                # Of a path the end says more, of other texts the begin.
                is_path = parameter.kind in (Kind.FILE, Kind.FOLDER)
                widget.setCursorPosition(len(str(value)) if is_path else 0)
        self._told = self.value()

    def _made(self, parent: QWidget) -> QWidget:
        parameter = self.parameter
        if parameter.slides:
            return self._slider(parent)
        if parameter.kind in (Kind.NUMBER, Kind.INTEGER):
            return self._spin(parent)
        if parameter.kind is Kind.CHOICE:
            combo = Combo(parent)
            for at, choice in enumerate(parameter.choices):
                title = parameter.titles[at] if parameter.titles else key_name(choice) or parameter.unset
                combo.addItem(words(title), choice)
            combo.activated.connect(self._on_edited)
            return combo
        if parameter.kind is Kind.SEVERAL:
            several = SeveralButton({one: words(one) for one in parameter.choices}, str(parameter.default), parent)
            several.changed.connect(self._on_edited)
            return several
        if parameter.kind is Kind.SWITCH:
            check = QCheckBox(parent)
            check.toggled.connect(self._on_edited)
            return check
        edit = QLineEdit(parent)
        edit.setMaxLength(MAX_TEXT_CHARACTERS)
        edit.editingFinished.connect(self._on_edited)
        if parameter.unset:
            edit.setPlaceholderText(words(parameter.unset))
        if parameter.kind in (Kind.FILE, Kind.FOLDER):
            if not parameter.unset:
                edit.setPlaceholderText(tr("Looked for by itself"))
            name = tr("Browse for {title}").format(title=words(parameter.title))
            tip = tr("Choose the file") if parameter.kind is Kind.FILE else tr("Choose the folder")
            self.browse = button(tr("Browse…"), name, tip, parent)
            self.browse.clicked.connect(self._on_browse)
        return edit

    def _spin(self, parent: QWidget) -> ParameterSpin:
        parameter, spin = self.parameter, ParameterSpin(parent)
        per = parameter.shown_in
        low, high, step = max(parameter.low, LOWEST) / per, min(parameter.high, 2.0**53) / per, parameter.step / per
        stands_apart = parameter.unset and parameter.default_number / per < low
        spin.setDecimals(0 if parameter.kind is Kind.INTEGER else 3)
        spin.setRange(low - step if stands_apart else low, high)
        spin.setSingleStep(step)
        spin.setSpecialValueText(words(parameter.unset))
        spin.setSuffix(f" {words(parameter.unit)}" if parameter.unit else "")
        # A number is told when it is whole, not at each of its figures.
        spin.setKeyboardTracking(False)
        spin.setMinimumWidth(FIELD_PX)
        spin.lineEdit().setTextMargins(8, 0, 0, 0)
        spin.valueChanged.connect(self._on_edited)
        return spin

    def _slider(self, parent: QWidget) -> Slider:
        parameter = self.parameter
        n_steps = round((parameter.high - parameter.low) / parameter.step)
        slider = Slider(n_steps, max(1, n_steps // 10), parent)
        low, high, step = (100.0 * one for one in (parameter.low, parameter.high, parameter.step))
        slider.speak_of(low, high, step, partial(step_of, low, step))
        self.figure = QLabel(parent)
        set_role(self.figure, "value")
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # It takes the room of the longest from the start: the slider must not change under the hand.
        self.figure.setMinimumWidth(
            max(text_width(self.figure, signed(one)) for one in (parameter.low, parameter.high))
        )
        slider.moved.connect(self._on_edited)
        slider.double_clicked.connect(self._on_double_clicked)
        return slider

    def _show_figure(self) -> None:
        if self.figure is not None and isinstance(self.widget, Slider):
            share = float(self.value())
            self.figure.setText(signed(share))
            self.widget.tell(round(100.0 * share, 3), signed(share))

    def _on_double_clicked(self) -> None:
        """Bring a slider back to where nothing is set."""
        self.set_value(self.parameter.default)
        self.changed.emit(self.value())

    def _on_edited(self) -> None:
        self._show_figure()
        if (value := self.value()) != self._told:
            self._told = value
            self.changed.emit(value)

    def _on_browse(self) -> None:
        assert isinstance(self.widget, QLineEdit)
        title, path = words(self.parameter.title), self.widget.text()
        if self.parameter.kind is Kind.FOLDER:
            path = QFileDialog.getExistingDirectory(self.widget, title, path)
        else:
            path, _ = QFileDialog.getOpenFileName(self.widget, title, path)
        if path:
            self.widget.setText(path)
            self._on_edited()


class ParameterRows:
    """The controls of several parameters, which the caller puts into rows.

    Signals
    -------
    changed(name, value)
        A person set another value of the parameter of that name.
    """

    changed = Signal(str, object)

    def __init__(self) -> None:
        self.controls: dict[str, ParameterControl] = {}

    def build(
        self,
        parameters: tuple[Parameter, ...],
        values: Mapping[str, ParameterValue],
        holder: QWidget,
        place: Callable[[ParameterControl], None],
    ) -> None:
        """Make controls in ``holder`` that show these values, and have each put in its place.

        Those made before are forgotten: the caller takes them away.
        """
        self.controls = {}
        self.add(parameters, holder, place)
        self.show_values(values)

    def add(
        self, parameters: tuple[Parameter, ...], holder: QWidget, place: Callable[[ParameterControl], None]
    ) -> None:
        """Make controls in ``holder`` besides those that are there, and have each put in its place."""
        for parameter in parameters:
            control = self.controls[parameter.name] = ParameterControl(parameter, holder)
            place(control)
            control.changed.connect(partial(self._on_changed, parameter.name))

    def show_values(self, values: Mapping[str, ParameterValue]) -> None:
        """Show these values, and the default of each other parameter, without a signal."""
        for name, control in self.controls.items():
            control.set_value(values.get(name, control.parameter.default))
        self._enable()

    def values(self) -> dict[str, ParameterValue]:
        """Return what is set, by name."""
        return {name: one.value() for name, one in self.controls.items()}

    def changes(self) -> dict[str, ParameterValue]:
        """Return what is set otherwise than its default, by name."""
        return {name: value for name, value in self.values().items() if value != self.controls[name].parameter.default}

    def _enable(self) -> None:
        for control in self.controls.values():
            switch = self.controls.get(control.parameter.needs)
            is_on = switch is None or switch.value() is True
            for one in (control.widget, control.browse):
                if one is not None:
                    one.setEnabled(is_on)

    def _on_changed(self, name: str, value: ParameterValue) -> None:
        self._enable()
        self.changed.emit(name, value)
