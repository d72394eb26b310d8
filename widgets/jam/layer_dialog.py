# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer dialog sets what a layer's next loops are made of besides words: style of the mix, generator's values."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from engine.errors import StudioError
from engine.values import Parameter, ParameterValue
from engine.values.jam import LayerState, usual_style
from widgets.controls import GAP_PX, LabelledSlider, describe, set_role
from widgets.dialogs.settings_pages.rows import Rows
from widgets.form import align_fields, button, check, form_of, hint, page_column
from widgets.guide.explained import explain_by
from widgets.jam.words import layer_words
from widgets.parameter_rows import ParameterRows

WIDTH_PX = 440


class LayerDialog(QDialog):
    """The layer dialog shows what is set; what a layer does not set for itself is as it is in the Generate panel.

    Parameters
    ----------
    generator
        What makes the layer's loops, as people read it.
    parameters
        What can be set of it.
    elsewhere
        What is set of it in the Generate panel, by name.

    Signals
    -------
    styled(strength)
        How far loops may go from the mix, in [0, 1], or None for loops that take no style from it.
    valued(tuple)
        Values that were changed, as texts by their names; "" is as it is in the Generate panel.
    """

    styled = Signal(object)
    valued = Signal(object)

    def __init__(
        self,
        state: LayerState,
        generator: str,
        parameters: tuple[Parameter, ...],
        elsewhere: Mapping[str, ParameterValue],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._parameters = state, parameters
        self._elsewhere = {one.name: elsewhere.get(one.name, one.default) for one in parameters}
        self.setWindowTitle(self.tr("Style and values of {layer}").format(layer=layer_words(state.name)))
        explain_by(self, "jam_sources")
        rows = page_column(self)
        rows.setSpacing(2 * GAP_PX)
        tip = self.tr("The next loops sound like what plays: its sound, or its key, brightness and density")
        self.style_check = check(self.tr("St&yle from the mix"), tip, self)
        self.style_slider = LabelledSlider(
            self.tr("How &far from it"),
            self.tr("0 % stays as close as can be, 100 % takes nothing of the mix"),
            low=0.0,
            high=1.0,
            step=0.05,
            page=0.2,
            words=_percent,
            one_line=True,
            parent=self,
        )
        rows.addWidget(self.style_check)
        rows.addWidget(self.style_slider)
        self.reset_button = button(
            self.tr("As in &Generate"),
            self.tr("Values as in the Generate panel"),
            self.tr("Set all as it is set in the Generate panel"),
            self,
        )
        form = form_of(None)
        self.rows = ParameterRows()
        rows.addWidget(hint(self._heading(generator), self))
        rows.addLayout(form)
        taken = (self.style_check.text(), self.style_slider.label.text(), self.reset_button.text())
        placed = Rows(form, "".join(one[one.index("&") + 1].lower() for one in taken))
        # What controls show of a value may be a little beside it, as they go by steps.
        self.rows.build(parameters, self._elsewhere, self, placed.place)
        self._shown_elsewhere = self.rows.values()
        self.rows.show_values(self._set_values())
        self._shown = self.rows.values()
        align_fields(form)
        self.reset_button.clicked.connect(lambda: self.rows.show_values(self._elsewhere))
        rows.addStretch(1)
        rows.addWidget(self._made_buttons())
        self.style_check.setChecked(state.style is not None)
        self.style_slider.set_value(usual_style(state.name) if state.style is None else state.style)
        self.style_slider.setEnabled(state.style is not None)
        self._shown_style = self._style()
        self.style_check.toggled.connect(self.style_slider.setEnabled)
        self.setMinimumWidth(WIDTH_PX)

    def _heading(self, generator: str) -> str:
        if not self._parameters:
            return self.tr("{generator} has no values to set.").format(generator=generator)
        return self.tr("Values of {generator}, for this layer alone:").format(generator=generator)

    def _set_values(self) -> dict[str, ParameterValue]:
        values = dict(self._elsewhere)
        for one in self._parameters:
            if text := self._state.values.get(one.name, ""):
                # One that was set for another generator may mean nothing to this one.
                with suppress(StudioError):
                    values[one.name] = one.read(text)
        return values

    def _style(self) -> float | None:
        return self.style_slider.value() if self.style_check.isChecked() else None

    def _made_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, parent=self)
        if self._parameters:
            buttons.addButton(self.reset_button, QDialogButtonBox.ButtonRole.ResetRole)
        else:
            self.reset_button.hide()
        self.ok_button, cancel = buttons.button(kinds.Ok), buttons.button(kinds.Cancel)
        set_role(self.ok_button, "primary")
        self.ok_button.setText(self.tr("OK"))
        cancel.setText(self.tr("Cancel"))
        describe(self.ok_button, self.tr("OK"), self.tr("The next loops are made like this"))
        describe(cancel, self.tr("Cancel"), self.tr("Leave everything as it is"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def accept(self) -> None:
        """Tell what was changed, and close."""
        if (style := self._style()) != self._shown_style:
            self.styled.emit(style)
        values = self.rows.values()
        changed = [name for name, value in values.items() if value != self._shown[name]]
        texts = {name: "" if values[name] == self._shown_elsewhere[name] else _text(values[name]) for name in changed}
        if texts:
            self.valued.emit(tuple(texts.items()))
        super().accept()


def _percent(share: float) -> str:
    return f"{round(100.0 * share)} %"


def _text(value: ParameterValue) -> str:
    """Return a value as a parameter reads it."""
    return ("off", "on")[value] if isinstance(value, bool) else str(value)
