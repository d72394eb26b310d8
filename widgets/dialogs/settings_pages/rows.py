# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a settings page: a label whose letter reaches its control, made from what the parameter declares."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QFormLayout

from widgets.controls import describe, plain, with_mnemonic
from widgets.form import add_row
from widgets.parameter_rows import ParameterControl, words

BROWSE_LETTER = "b"
"""Letter that no row has: a button that browses has it."""


class Rows:
    """Puts controls into a form, each with a letter of its own on the page, in any language.

    Parameters
    ----------
    letters
        Letters that other rows of the page have.
    """

    def __init__(self, form: QFormLayout, letters: str = "") -> None:
        self._form = form
        self.letters = letters + BROWSE_LETTER
        """Letters that are taken."""

    def place(self, control: ParameterControl) -> None:
        """Add the control's row."""
        title, tip = self.with_letter(words(control.parameter.title)), words(control.parameter.tooltip)
        if isinstance(control.widget, QCheckBox):
            control.widget.setText(title)
            describe(control.widget, plain(title), with_mnemonic(tip, title))
            self._form.addRow("", control.widget)
        else:
            add_row(self._form, f"{title}:", tip, control.widget, control.browse or control.figure)

    def with_letter(self, title: str) -> str:
        """Return the title with a letter marked that is not taken, where one is left."""
        for at, letter in enumerate(title.lower()):
            if letter.isalpha() and letter not in self.letters:
                self.letters += letter
                return f"{title[:at]}&{title[at:]}"
        return title
