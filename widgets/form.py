# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages of a settings dialog are made of: rows with a label whose mnemonic reaches their control."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from widgets.controls import GAP_PX, describe, plain, set_role, with_mnemonic
from widgets.number_spin import NumberSpin
from widgets.scrolling import Scroller

PAGE_MARGIN_PX = 16


def page(tabs: QTabWidget, title: str) -> QFormLayout:
    """A new page of ``tabs``, whose rows stand at its top."""
    widget = QWidget()
    rows = QVBoxLayout(widget)
    rows.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
    form = QFormLayout()
    rows.addLayout(form)
    rows.addStretch(1)
    form.setSpacing(GAP_PX + 4)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    tabs.addTab(Scroller(widget, tabs), title)
    return form


def add_row(form: QFormLayout, label: str, tip: str, control: QWidget, beside: QWidget | None = None) -> None:
    """A row: the label whose mnemonic reaches the control, the control, and a button beside it."""
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
    """A few words below a control."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    set_role(label, "hint")
    return label


def button(text: str, name: str, tip: str, parent: QWidget) -> QPushButton:
    """A button beside a control, reached by the mnemonic in ``text``."""
    out = QPushButton(text, parent)
    describe(out, name, with_mnemonic(tip, text))
    return out


def number_spin(low: float, high: float, step: float, suffix: str, parent: QWidget, *, decimals: int) -> NumberSpin:
    """A field for a number with its unit."""
    spin = NumberSpin(parent)
    spin.setDecimals(decimals)
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setSuffix(suffix)
    return spin
