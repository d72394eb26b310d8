# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of fragments: where they go, who makes them, which prompts take turns, and who else reaches them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from engine.values import MAX_TEXT_CHARACTERS
from engine.values.fragment_options import FRAGMENTS_PROMPTS, IN_DIALOG
from widgets.controls import GAP_PX, Combo, describe, plain, set_role, with_mnemonic
from widgets.dialogs.settings_pages.rows import Rows
from widgets.form import PAGE_MARGIN_PX, ROOM_AROUND_PX, add_row, align_fields, form_of, hint
from widgets.generator_choice import GeneratorChoice
from widgets.guide.explained import explain_by
from widgets.parameter_rows import ParameterRows, words
from widgets.scrolling import Scroller

WIDTH_PX: Final = 820
COLUMN_GAP_PX: Final = 28
ROTATION_LINES: Final = 5
N_LEFT: Final = 5
"""Number of options in the left column: what is made and where; at the right, loops and links."""


class FragmentsDialog(QDialog):
    """The fragments dialog has all options of the panel that do not stand in it.

    Parameters
    ----------
    values
        As they are set, by the options' names; ``fragments_generator`` among them.
    generators
        Offered after “as for the music”.

    Signals
    -------
    chosen(dict)
        OK was pressed; values by name.
    """

    chosen = Signal(object)

    def __init__(
        self, values: Mapping[str, Any], generators: Sequence[GeneratorChoice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings of fragments"))
        explain_by(self, "fragments")
        content = QWidget(self)
        self.rows = ParameterRows()
        self._lay_out(content, generators, values)
        self.rows.show_values(values)
        self.buttons = self._made_buttons()
        scroller = Scroller(content, self)
        page = QVBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        page.setSpacing(2 * GAP_PX)
        page.addWidget(scroller, 1)
        page.addWidget(self.buttons)
        needed = content.sizeHint() + QSize(2 * PAGE_MARGIN_PX, 3 * PAGE_MARGIN_PX + self.buttons.sizeHint().height())
        self.resize(needed.expandedTo(QSize(WIDTH_PX, 0)).boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))

    def _made_generator(self, generators: Sequence[GeneratorChoice], chosen: str, content: QWidget) -> Combo:
        combo = Combo(content)
        combo.addItem(self.tr("As for the music"), "")
        for one in generators:
            combo.addItem(f"{one.title} – {one.note}" if one.note else one.title, one.name)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        return combo

    def _made_rotation(self, text: str, content: QWidget) -> QPlainTextEdit:
        edit = QPlainTextEdit(content)
        edit.setPlainText(text)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(ROTATION_LINES * edit.fontMetrics().lineSpacing() + 18)
        return edit

    def _lay_out(self, content: QWidget, generators: Sequence[GeneratorChoice], values: Mapping[str, Any]) -> None:
        left, right = form_of(None), form_of(None)
        rows = Rows(left)
        # In the order in which Tab goes through them: the folder is the first.
        self.rows.add(IN_DIALOG[:N_LEFT], content, rows.place)
        self.generator = self._made_generator(generators, str(values.get("fragments_generator", "")), content)
        self.rotation = self._made_rotation(str(values.get(FRAGMENTS_PROMPTS.name, "")), content)
        tip = self.tr("What makes the fragments, with the parameters that are set for it in the Generate panel")
        add_row(left, f"{rows.with_letter(self.tr('Generator'))}:", tip, self.generator)
        tip = words(FRAGMENTS_PROMPTS.tooltip)
        label = QLabel(f"{rows.with_letter(words(FRAGMENTS_PROMPTS.title))}:", content)
        label.setBuddy(self.rotation)
        describe(self.rotation, plain(label.text()).rstrip(":"), with_mnemonic(tip, label.text()))
        self.rows.add(IN_DIALOG[N_LEFT:], content, Rows(right, rows.letters).place)
        columns = QHBoxLayout()
        columns.setSpacing(COLUMN_GAP_PX)
        for form, below in ((left, (label, self.rotation, hint(tip, content))), (right, ())):
            align_fields(form)
            side = QVBoxLayout()
            side.setSpacing(GAP_PX)
            side.addLayout(form)
            for one in below:
                side.addWidget(one)
            side.addStretch(1)
            columns.addLayout(side, 1)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 10, 0)
        inner.addLayout(columns)

    def _made_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        set_role(ok, "primary")
        ok.setText(self.tr("OK"))
        cancel.setText(self.tr("Cancel"))
        describe(ok, self.tr("OK"), self.tr("Fragments are made like this from now on"))
        describe(cancel, self.tr("Cancel"), self.tr("Leave everything as it is"))
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        return buttons

    def values(self) -> dict[str, Any]:
        """Return what is set, by name."""
        prompts = "\n".join(filter(None, (line.strip() for line in self.rotation.toPlainText().splitlines())))
        return {
            **self.rows.values(),
            FRAGMENTS_PROMPTS.name: prompts[:MAX_TEXT_CHARACTERS],
            "fragments_generator": str(self.generator.currentData()),
        }

    def _on_accepted(self) -> None:
        self.accept()
        self.chosen.emit(self.values())
