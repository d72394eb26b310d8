# SPDX-License-Identifier: GPL-3.0-or-later
"""The statistics dialog shows how long clips take on this machine, as a table and as a plot, and has that forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidgetItem,
    QWidget,
)

from engine.values import Pace
from widgets.clip_time import seconds_in_words
from widgets.controls import GAP_PX, describe, plain_tip, with_mnemonic
from widgets.dialogs.pace_plot import PacePlot
from widgets.dialogs.reading_table import ReadingTable
from widgets.figures import Figure
from widgets.form import ROOM_AROUND_PX, note, page_column
from widgets.guide.explained import explain_by

SIZE: Final = QSize(860, 560)
FIRST_FIGURE: Final = 1
"""Column from which on there are figures, which stand at the right."""


class StatisticsDialog(QDialog):
    """The statistics dialog shows what it is given, and asks for it to be forgotten or brought back.

    Signals
    -------
    forget_requested, bring_back_requested
    """

    forget_requested = Signal()
    bring_back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statistics_dialog")
        self.setWindowTitle(self.tr("Statistics of this machine"))
        explain_by(self, "statistics")
        self._paces: tuple[Pace, ...] = ()
        self._n_forgotten = 0
        self.table = ReadingTable(self)
        self._build_table()
        self.plot = PacePlot(self)
        self.note_label = note(2, self)
        self.forget_button = QPushButton(self)
        self.forget_button.setAutoDefault(False)
        self.close_button = QPushButton(self.tr("C&lose"), self)
        self.close_button.setAutoDefault(False)
        describe(
            self.close_button,
            self.tr("Close"),
            with_mnemonic(self.tr("Close the statistics"), self.close_button.text()),
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_PX)
        buttons.addWidget(self.forget_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        rows = page_column(self)
        rows.setSpacing(GAP_PX)
        rows.addWidget(self.table, 3)
        rows.addWidget(self.plot, 2)
        rows.addWidget(self.note_label)
        rows.addLayout(buttons)
        self.close_button.clicked.connect(self.reject)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.table.currentCellChanged.connect(lambda *_: self._show_chosen())
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))
        self.set_paces((), {}, 0)

    def _build_table(self) -> None:
        table = self.table
        heads = (
            (self.tr("Model"), self.tr("Generator, model and, where that is known, what it was computed on")),
            (self.tr("Length"), self.tr("How long the clips were, and how many were made in one pass")),
            (self.tr("Takes"), self.tr("How long one takes to make, usually: the median")),
            (self.tr("Per second"), self.tr("Seconds of making for each second of music, usually")),
            (self.tr("Last"), self.tr("The same of the clip that was made last")),
            (self.tr("Loading"), self.tr("How long it took, before the first clip, until its model was there")),
            (self.tr("Clips"), self.tr("Number of clips that these figures come from; the newest 20 are kept")),
        )
        table.setColumnCount(len(heads))
        for column, (text, tip) in enumerate(heads):
            item = QTableWidgetItem(text)
            item.setToolTip(tip)
            side = Qt.AlignmentFlag.AlignRight if column >= FIRST_FIGURE else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            table.setHorizontalHeaderItem(column, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        describe(
            table,
            self.tr("How long clips take"),
            self.tr("Up and Down go from line to line; the plot shows the model of the line in colour"),
        )

    def set_paces(self, paces: tuple[Pace, ...], titles: Mapping[str, str], n_forgotten: int) -> None:
        """Show these.

        Parameters
        ----------
        titles
            By a generator's name, what it is called.
        n_forgotten
            How many clips were forgotten and can be brought back.
        """
        row = self.table.currentRow()
        self._paces, self._n_forgotten = paces, n_forgotten
        table = self.table
        with QSignalBlocker(table):
            table.setRowCount(len(paces))
            for at, one in enumerate(paces):
                for column, text in enumerate(self._cells(one, titles)):
                    item = QTableWidgetItem(text)
                    if column >= FIRST_FIGURE:
                        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    item.setToolTip(plain_tip(text))
                    table.setItem(at, column, item)
            if paces:
                table.setCurrentCell(min(max(row, 0), len(paces) - 1), 0)
        self._show_chosen()
        self._show_forgetting()

    def _cells(self, one: Pace, titles: Mapping[str, str]) -> tuple[str, ...]:
        named = " · ".join(filter(None, (titles.get(one.generator, one.generator), one.model, one.device)))
        return (
            named,
            self._figure(one.clip_s) if one.n_clips == 1 else f"{one.n_clips} × {self._figure(one.clip_s)}",
            self._figure(one.making_s),
            f"{_digits(one.usual)} s",
            f"{_digits(one.last)} s",
            "–" if one.load_s is None else self._figure(one.load_s),
            str(one.n),
        )

    @staticmethod
    def _figure(seconds: float) -> str:
        return f"{Figure(seconds):.1f} s" if seconds < 10.0 else seconds_in_words(seconds)

    def _show_chosen(self) -> None:
        row = self.table.currentRow()
        self.plot.set_paces(self._paces, self._paces[row] if 0 <= row < len(self._paces) else None)

    def _show_forgetting(self) -> None:
        n = self._n_forgotten
        brings_back = bool(n)
        text = self.tr("&Bring them back") if brings_back else self.tr("&Forget all")
        tip = (
            self.tr("Know again what was forgotten, beside what was made since")
            if brings_back
            else self.tr("Forget how long clips took, and measure anew; it can be brought back here until you quit")
        )
        self.forget_button.setText(text)
        self.forget_button.setEnabled(brings_back or bool(self._paces))
        describe(self.forget_button, text.replace("&", ""), with_mnemonic(tip, text))
        if brings_back:
            note = self.tr("Clips that were forgotten: {n}. They can be brought back until you quit.").format(n=n)
        elif not self._paces:
            note = self.tr("Nothing was measured yet: each clip that the studio makes is.")
        else:
            note = self.tr("Each clip that the studio makes is measured, from where its music is begun.")
        self.note_label.setText(note)

    @Slot()
    def _on_forget_clicked(self) -> None:
        (self.bring_back_requested if self._n_forgotten else self.forget_requested).emit()


def _digits(pace: float) -> str:
    """Return seconds with two digits that tell, and none for nothing."""
    return f"{Figure(pace):.2f}" if pace < 10.0 else f"{Figure(pace):.0f}"
