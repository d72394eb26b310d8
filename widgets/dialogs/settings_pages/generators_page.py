# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about generators: which one makes the clips, and what it declares that belongs to this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from engine.values import ParameterValue
from widgets.controls import Combo
from widgets.dialogs.settings_pages.rows import Rows
from widgets.form import add_row, align_fields, form_of, note, page
from widgets.generator_choice import GeneratorChoice
from widgets.parameter_rows import ParameterRows


class GeneratorsPage(QObject):
    """The page, added to ``tabs``.

    Signals
    -------
    status_wanted(generator, values)
        Another generator is looked at, or something of it is set otherwise; answered with ``set_status``.

    Attributes
    ----------
    rows
        The controls of the chosen generator's parameters.
    """

    status_wanted = Signal(str, object)

    def __init__(self, tabs: QTabWidget, generators: tuple[GeneratorChoice, ...]) -> None:
        super().__init__(tabs)
        self._generators = generators
        self._values: dict[str, dict[str, ParameterValue]] = {}
        form = self._rows_above = page(tabs, self.tr("Generator"))
        self.generator_combo = Combo(tabs)
        for choice in generators:
            self.generator_combo.addItem(choice.title, choice.name)
        add_row(form, self.tr("&Generator:"), self.tr("What makes the clips"), self.generator_combo)
        self.status = note(2, tabs)
        form.addRow("", self.status)
        self.model_combo = Combo(tabs)
        add_row(form, self.tr("&Model:"), self.tr("Which of the generator's models makes the clips"), self.model_combo)
        self._place_for_rows = QVBoxLayout()
        form.addRow(self._place_for_rows)
        self._page = self.generator_combo.parentWidget()
        self._holder = QWidget(self._page)
        self._place_for_rows.addWidget(self._holder)
        self.rows = ParameterRows()
        self.generator_combo.currentIndexChanged.connect(self._on_generator_chosen)
        self.rows.changed.connect(self._on_changed)
        self._show_generator()

    def generator(self) -> str:
        """The chosen generator's name."""
        return str(self.generator_combo.currentData() or "")

    def model(self) -> str:
        """The chosen model's name, or "" for a generator without models."""
        return str(self.model_combo.currentData() or "")

    def parameters(self) -> dict[str, dict[str, ParameterValue]]:
        """By generator, what is set of it, here and elsewhere."""
        self._keep()
        return {name: values for name, values in self._values.items() if values}

    def values(self) -> dict[str, Any]:
        """Return what the page shows: the generator, its model, and what is set of each generator."""
        return {"generator": self.generator(), "model": self.model(), "generator_parameters": self.parameters()}

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show this generator and model, and what is set of each generator."""
        generator, model = values["generator"], values["model"]
        self._values = {name: dict(each) for name, each in values["generator_parameters"].items()}
        self.rows.show_values(self._values.get(self.generator(), {}))
        if (index := self.generator_combo.findData(generator)) >= 0:
            self.generator_combo.setCurrentIndex(index)
        if (index := self.model_combo.findData(model)) >= 0:
            self.model_combo.setCurrentIndex(index)
        self.ask_for_status()

    def music_parameters(self) -> dict[str, dict[str, ParameterValue]]:
        """By generator, what is set of it elsewhere: what this page does not show."""
        here = {choice.name: {one.name for one in choice.parameters if one.setup} for choice in self._generators}
        return {
            generator: {name: value for name, value in values.items() if name not in here.get(generator, ())}
            for generator, values in self.parameters().items()
        }

    def set_status(self, text: str) -> None:
        """Say whether the chosen generator was found and where, in the caller's words."""
        self.status.setText(text)

    def _choice(self) -> GeneratorChoice | None:
        return next((one for one in self._generators if one.name == self.generator()), None)

    def _keep(self) -> None:
        """Take down what the rows show of the generator that they were made for."""
        for name, control in self.rows.controls.items():
            mine = self._values.setdefault(self._shown, {})
            mine.pop(name, None)
            if (value := control.value()) != control.parameter.default:
                mine[name] = value

    def _show_generator(self) -> None:
        choice = self._choice()
        self.model_combo.clear()
        models = choice.models if choice else ()
        for model in models:
            self.model_combo.addItem(model, model)
        if not models:
            self.model_combo.addItem("—", "")
        elif choice is not None:
            self.model_combo.setCurrentIndex(max(self.model_combo.findData(choice.default_model), 0))
        self.model_combo.setEnabled(bool(models))
        self.status.setText(choice.note if choice else "")
        self._shown = self.generator()
        parameters = tuple(one for one in choice.parameters if one.setup) if choice else ()
        self._holder.hide()
        # It goes from its layout by itself when it goes.
        self._holder.deleteLater()
        self._holder = QWidget(self._page)
        self._form = form_of(self._holder)
        self.rows.build(
            parameters, self._values.get(self._shown, {}), self._holder, Rows(self._form, letters="gm").place
        )
        self._place_for_rows.addWidget(self._holder)
        align_fields(self._rows_above, self._form)

    def ask_for_status(self) -> None:
        """Have it told where the chosen generator was found."""
        self._keep()
        self.status_wanted.emit(self._shown, self._values.get(self._shown, {}))

    def _on_generator_chosen(self) -> None:
        self._keep()
        self._show_generator()
        self.ask_for_status()

    def _on_changed(self, _name: str, _value: ParameterValue) -> None:
        self.ask_for_status()
