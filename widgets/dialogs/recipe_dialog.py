# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe dialog shows how a sound was made, line by line, beside the recipe of another one if need be.

The recipe of a mix, a recording say, has a line for each of its loops, which can be looked into.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidgetItem,
    QWidget,
)

from widgets import theme
from widgets.controls import GAP_PX, ElidedLabel, describe, plain_tip, set_role, with_mnemonic
from widgets.dialogs.reading_table import ReadingTable
from widgets.form import ROOM_AROUND_PX, note, page_column
from widgets.guide.explained import explain_by

SIZE: Final = QSize(720, 560)
DIFFERS: Final = "≠"
"""Mark of a line whose values differ."""


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """A line of a recipe: its name, its value, and the other recipe's, None where only one is shown.

    ``number`` is that of the loop of a mix that it stands for, from 1 on; 0 for every other line.
    """

    name: str
    text: str
    other: str | None = None
    number: int = 0


class RecipeDialog(QDialog):
    """The recipe dialog shows lines and asks for what is to become of them.

    Signals
    -------
    again_requested, vary_requested
        The clip of the recipe, or of the loop that is chosen in a mix, is to be made again, or another one from a new
        seed.
    mix_requested
        The whole mix is to be made again.
    loop_chosen(number), loop_requested(number), list_requested
        Another line of a mix is chosen, 0 for one that is no loop; a loop is to be looked into; its mix is to be shown.
    open_requested, compare_requested
        Another sound is to be looked at, or held against this one.
    """

    again_requested = Signal()
    vary_requested = Signal()
    open_requested = Signal()
    compare_requested = Signal()
    mix_requested = Signal()
    loop_chosen = Signal(int)
    loop_requested = Signal(int)
    list_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._lines: tuple[RecipeLine, ...] = ()
        super().__init__(parent)
        self.setObjectName("recipe_dialog")
        self.setWindowTitle(self.tr("Recipe"))
        explain_by(self, "recipe")
        self.title_label = ElidedLabel("heading", self)
        self.table = ReadingTable(self)
        self._build_table()
        self.note_label = note(2, self)
        rows = page_column(self)
        rows.setSpacing(GAP_PX)
        self.list_button = self._button(
            self.tr("&All loops"), self.tr("Show the whole mix again, with all its loops"), self.list_requested
        )
        top = QHBoxLayout()
        top.setSpacing(GAP_PX)
        top.addWidget(self.title_label, 1)
        top.addWidget(self.list_button)
        rows.addLayout(top)
        for one in (self.table, self.note_label):
            rows.addWidget(one)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_PX)
        self.again_button = self._button(
            self.tr("Make it &again"), self.tr("Make the same clip again and play it next"), self.again_requested
        )
        self.vary_button = self._button(
            self.tr("&Vary it"), self.tr("Make another clip by the same recipe, from a new seed"), self.vary_requested
        )
        self.mix_button = self._button(
            self.tr("Make the &mix again…"),
            self.tr("Render the whole mix again, into another file"),
            self.mix_requested,
        )
        self.compare_button = self._button(
            self.tr("&Compare with…"),
            self.tr("Choose a sound and hold its recipe against this one, line by line"),
            self.compare_requested,
        )
        self.open_button = self._button(
            self.tr("&Open a sound…"),
            self.tr("Choose a sound and show the recipe that it carries"),
            self.open_requested,
        )
        self.close_button = self._button(self.tr("C&lose"), self.tr("Close the recipe"), None)
        self.close_button.clicked.connect(self.reject)
        set_role(self.again_button, "primary")
        for button in (self.again_button, self.vary_button, self.mix_button, self.compare_button, self.open_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        rows.addLayout(buttons)
        self.list_button.hide()
        self.mix_button.hide()
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))

    def _button(self, text: str, tip: str, signal: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        describe(button, text.replace("&", ""), with_mnemonic(tip, text))
        if signal is not None:
            button.clicked.connect(signal)
        return button

    def _build_table(self) -> None:
        table = self.table
        describe(
            table,
            self.tr("Lines of the recipe"),
            self.tr("Up and Down go from line to line; Enter or a double click on a loop shows its recipe"),
        )
        table.cellActivated.connect(self._on_activated)
        table.currentCellChanged.connect(lambda row, *_: self.loop_chosen.emit(self._number_at(row)))

    def _number_at(self, row: int) -> int:
        return self._lines[row].number if 0 <= row < len(self._lines) else 0

    @property
    def chosen_loop(self) -> int:
        """Return the number of the loop whose line is chosen, 0 where none is."""
        return self._number_at(self.table.currentRow())

    @Slot(int, int)
    def _on_activated(self, row: int, _column: int) -> None:
        if number := self._number_at(row):
            self.loop_requested.emit(number)

    def show_lines(
        self, title: str, other_title: str, lines: tuple[RecipeLine, ...], note: str = "", *, chosen: int = 0
    ) -> None:
        """Show a recipe, or two beside each other where there is another title; lines that differ stand out.

        ``chosen`` is the number of the loop whose line is chosen.
        """
        is_two = bool(other_title)
        self.title_label.setText(title)
        self.note_label.setText(note)
        table = self.table
        with QSignalBlocker(table):
            table.clear()
            table.setColumnCount(3 if is_two else 2)
            table.setRowCount(len(lines))
            head = ("", title, other_title) if is_two else ("", title)
            table.setHorizontalHeaderLabels(head)
            for row, line in enumerate(lines):
                texts: tuple[str, ...] = (line.name, line.text)
                if line.other is not None:
                    # Not by its colour alone.
                    name = f"{line.name} {DIFFERS}" if line.other != line.text else line.name
                    texts = (name, line.text, line.other)
                for column, text in enumerate(texts):
                    item = QTableWidgetItem(" ".join(text.split()))
                    item.setToolTip(plain_tip(text))
                    table.setItem(row, column, item)
            self._lines = lines
            self._ink()
            numbers = [line.number for line in lines]
            table.setCurrentCell(numbers.index(chosen) if chosen in numbers else 0, 0)
            if chosen not in numbers or not chosen:
                table.clearSelection()
        header = table.horizontalHeader()
        header.setVisible(is_two)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)

    def show_mix(self, *, is_list: bool, is_loop: bool, has_order: bool) -> None:
        """Offer what belongs to a mix.

        Parameters
        ----------
        is_list, is_loop
            Whether the lines are those of a mix, or of one of its loops.
        has_order
            Whether the mix was rendered, and not played.
        """
        if self.focusWidget() is self.list_button:
            self.table.setFocus()
        self.list_button.setVisible(is_loop)
        self.mix_button.setVisible(has_order)
        again, vary = self.again_button, self.vary_button
        again.setText(self.tr("Make the loop &again") if is_list else self.tr("Make it &again"))
        vary.setText(self.tr("&Vary the loop") if is_list else self.tr("&Vary it"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._ink()

    def _ink(self) -> None:
        """Give each line the colours of the theme in use."""
        for row, line in enumerate(self._lines):
            differs = line.other is not None and line.other != line.text
            for column in range(self.table.columnCount()):
                item = self.table.item(row, column)
                if item is not None:
                    ink = theme.DIM if column == 0 else theme.ACCENT if differs else theme.TEXT
                    item.setForeground(QColor(ink))

    def set_can_make(self, why_not: str) -> None:
        """Allow that the clip is made again, or say why it cannot be."""
        for button, tip in (
            (self.again_button, self.tr("Make the same clip again and play it next")),
            (self.vary_button, self.tr("Make another clip by the same recipe, from a new seed")),
        ):
            button.setEnabled(not why_not)
            describe(button, button.text().replace("&", ""), with_mnemonic(why_not or tip, button.text()))

    def set_can_render(self, why_not: str) -> None:
        """Allow that the whole mix is made again, or say why it cannot be."""
        button, tip = self.mix_button, self.tr("Render the whole mix again, into another file")
        button.setEnabled(not why_not)
        describe(button, button.text().replace("&", ""), with_mnemonic(why_not or tip, button.text()))
