# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the pages of a settings dialog: rows with a label whose mnemonic reaches their control."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from widgets.controls import GAP_PX, Combo, describe, plain, set_role, with_mnemonic
from widgets.number_spin import NumberSpin
from widgets.scrolling import Scroller

PAGE_MARGIN_PX = 16
ROOM_AROUND_PX = QSize(16, 64)
"""Pixels of the screen that are left free around a dialog and its frame."""


def page_column(widget: QWidget) -> QVBoxLayout:
    """Return the column of ``widget``, a page, that its rows stand in."""
    rows = QVBoxLayout(widget)
    rows.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
    return rows


def page(tabs: QTabWidget, title: str) -> QFormLayout:
    """Return a new page of ``tabs``, whose rows stand at its top."""
    widget = QWidget()
    rows = page_column(widget)
    form = form_of(None)
    rows.addLayout(form)
    rows.addStretch(1)
    tabs.addTab(Scroller(widget, tabs), title)
    return form


def form_of(widget: QWidget | None) -> QFormLayout:
    """Return the rows of a label and a control, of ``widget`` where there is one."""
    form = QFormLayout(widget)
    form.setContentsMargins(0, 0, 0, 0)
    form.setSpacing(GAP_PX + 4)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def align_fields(*forms: QFormLayout) -> None:
    """Have the fields of forms that stand one below the other begin at the same place."""
    cells = (form.itemAt(row, QFormLayout.ItemRole.LabelRole) for form in forms for row in range(form.rowCount()))
    labels = [label for cell in cells if cell is not None and (label := cell.widget()) is not None]
    for label in labels:
        label.ensurePolished()
    widest = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(widest)


def add_row(form: QFormLayout, label: str, tip: str, control: QWidget, beside: QWidget | None = None) -> None:
    """Add a row: the label whose mnemonic reaches the control, the control, and a button beside it."""
    describe(control, plain(label).rstrip(":"), with_mnemonic(tip, label))
    if isinstance(control, QAbstractSpinBox):
        # The style sheet's padding does not reach the text of a spin box.
        control.lineEdit().setTextMargins(8, 0, 0, 0)
    caption = QLabel(label, form.parentWidget())
    caption.setBuddy(control)
    caption.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    if beside is None:
        form.addRow(caption, control)
        return
    row = QHBoxLayout()
    row.setSpacing(GAP_PX)
    row.addWidget(control, 1)
    row.addWidget(beside)
    form.addRow(caption, row)


def hint(text: str, parent: QWidget) -> QLabel:
    """Return a few words to stand below a control."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    set_role(label, "hint")
    return label


def note(n_lines: int, parent: QWidget) -> QLabel:
    """Return a hint in plain text with room for so many lines, so that nothing moves as it changes."""
    label = hint("\n".join(n_lines * " "), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumHeight(label.sizeHint().height())
    return label


def button(text: str, name: str, tip: str, parent: QWidget) -> QPushButton:
    """Return a button to stand beside a control, reached by the mnemonic in ``text``."""
    out = QPushButton(text, parent)
    describe(out, name, with_mnemonic(tip, text))
    return out


def number_spin(low: float, high: float, step: float, suffix: str, parent: QWidget, *, decimals: int) -> NumberSpin:
    """Return a field for a number with its unit."""
    spin = NumberSpin(parent)
    spin.setDecimals(decimals)
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setSuffix(suffix)
    return spin


def check(text: str, tip: str, parent: QWidget) -> QCheckBox:
    """Return a box to tick, reached by the mnemonic in ``text``."""
    out = QCheckBox(text, parent)
    describe(out, plain(text), with_mnemonic(tip, text))
    return out


def fit_pages(dialog: QDialog, tabs: QTabWidget, below: QWidget) -> None:
    """Make a dialog large enough for each page, as far as the screen goes: what does not fit scrolls.

    Qt itself gives a dialog two thirds of a small screen at most.
    """
    pages = (tabs.widget(at) for at in range(tabs.count()))
    needed = [page.needed_size() for page in pages if isinstance(page, Scroller)]
    whole = QSize(max(one.width() for one in needed), max(one.height() for one in needed)) + QSize(
        2 * PAGE_MARGIN_PX + 4, 3 * PAGE_MARGIN_PX + tabs.tabBar().sizeHint().height() + below.sizeHint().height() + 4
    )
    dialog.resize(dialog.size().expandedTo(whole).boundedTo(dialog.screen().availableSize() - ROOM_AROUND_PX))


def index_of(combo: Combo, data: object) -> int:
    """Return the line whose data equals ``data`` (``findData`` does not compare tuples)."""
    return next((i for i in range(combo.count()) if combo.itemData(i) == data), -1)
