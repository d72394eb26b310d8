# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of SETUP that shows options of the studio, each as it is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QTabWidget

from engine.values import Parameter, ParameterValue
from widgets.dialogs.settings_pages.rows import Rows
from widgets.form import hint, page
from widgets.parameter_rows import ParameterControl, ParameterRows


class OptionsPage(QObject):
    """A page of ``tabs`` with a row for each option that is added.

    Attributes
    ----------
    form, holder
        The page's rows, for what is no option, and the widget that they stand in.
    """

    def __init__(self, tabs: QTabWidget, title: str, letters: str = "") -> None:
        super().__init__(tabs)
        self.form = page(tabs, title)
        holder = self.form.parentWidget()
        assert holder is not None
        self.holder = holder
        self._rows = ParameterRows()
        self._place = Rows(self.form, letters).place

    def add(self, *options: Parameter) -> None:
        """Add a row for each of these options."""
        self._rows.add(options, self.holder, self._place)

    def add_hint(self, text: str) -> QLabel:
        """Add a few words below the last row."""
        label = hint(text, self.holder)
        self.form.addRow("", label)
        return label

    def control_of(self, option: Parameter) -> ParameterControl:
        """Return the control of an option that was added."""
        return self._rows.controls[option.name]

    def values(self) -> dict[str, Any]:
        """Return what the page shows, by the options' names."""
        return dict(self._rows.values())

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values of the page's options; what else there is of them is passed over."""
        mine: dict[str, ParameterValue] = {name: values[name] for name in self._rows.controls}
        self._rows.show_values(mine)
