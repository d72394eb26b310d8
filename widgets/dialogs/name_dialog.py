# SPDX-License-Identifier: GPL-3.0-or-later
"""The name dialog asks for a name, and says why one cannot be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from widgets.controls import GAP_PX, describe, plain, set_role, with_mnemonic
from widgets.guide.explained import explain_by

LEAST_PX: Final = QSize(380, 0)
MARGIN_PX: Final = 16
MOST_CHARACTERS: Final = 200
"""Longest name that can be typed, characters; ``refusal`` may ask for a shorter one."""


class NameDialog(QDialog):
    """The name dialog is one line to type a name in, with OK and Cancel.

    Parameters
    ----------
    label
        What is asked for, with a mnemonic ("&Name of the layout").
    name
        What stands there at first.
    refusal
        Why a name cannot be taken, in the caller's words, or "": OK then says so and leaves the dialog open.

    Signals
    -------
    named(str)
        The name was taken, without blanks at its ends or more than one between its words.
    """

    named = Signal(str)

    def __init__(self, title: str, label: str, name: str, refusal: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._refusal = refusal
        self.setWindowTitle(title)
        explain_by(self, "window")
        self.setMinimumSize(LEAST_PX)
        caption = QLabel(label, self)
        self.edit = QLineEdit(name, self)
        self.edit.setObjectName("name_edit")
        self.edit.setMaxLength(MOST_CHARACTERS)
        self.edit.selectAll()
        caption.setBuddy(self.edit)
        self._tip = with_mnemonic(self.tr("Type a name; Enter takes it"), label)
        describe(self.edit, plain(label).rstrip(":"), self._tip)
        self.refused = QLabel(" \n ", self)
        self.refused.setWordWrap(True)
        self.refused.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.refused, "warning")
        # Room for two lines from the start: nothing moves when there is something to say.
        self.refused.setMinimumHeight(self.refused.sizeHint().height())
        self.refused.clear()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        set_role(ok, "primary")
        ok.setText(self.tr("OK"))
        cancel.setText(self.tr("Cancel"))
        describe(ok, self.tr("OK"), self.tr("Take this name"))
        describe(cancel, self.tr("Cancel"), self.tr("Leave everything as it is"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        rows.setSpacing(GAP_PX)
        for one in (caption, self.edit, self.refused, self.buttons):
            rows.addWidget(one)
        self.edit.textEdited.connect(self._on_edited)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def _on_edited(self) -> None:
        self._refuse("")

    def _on_accepted(self) -> None:
        name = " ".join(self.edit.text().split())
        refusal = self._refusal(name)
        self._refuse(refusal)
        if refusal:
            self.edit.setFocus()
            return
        self.accept()
        self.named.emit(name)

    def _refuse(self, words: str) -> None:
        self.refused.setText(words)
        # Read to who does not see the line below.
        self.edit.setAccessibleDescription(words or self._tip)
