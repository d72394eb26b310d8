# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers are typed with a point or a comma in every language."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.form import number_spin
from widgets.number_spin import NumberSpin
from widgets.overlap_panel import OverlapPanel

LANGUAGES = ["it", "en", "de", "fr", "C"]


def type_into(spin: NumberSpin, keys: str) -> None:
    spin.lineEdit().selectAll()
    QTest.keyClicks(spin.lineEdit(), keys)
    QTest.keyClick(spin.lineEdit(), Qt.Key.Key_Return)


@pytest.mark.gui
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("keys", ["12.5", "12,5"])
def test_either_sign_is_understood(qtbot: QtBot, language: str, keys: str) -> None:
    spin = number_spin(-60.0, 200.0, 0.5, " LUFS", None, decimals=1)  # type: ignore[arg-type]
    qtbot.addWidget(spin)
    spin.setLocale(QLocale(language))
    type_into(spin, keys)
    assert spin.value() == 12.5
    assert spin.text() == f"12{QLocale(language).decimalPoint()}5 LUFS"
    type_into(spin, f"-{keys}")
    assert spin.value() == -12.5
    assert spin.text() == f"−12{QLocale(language).decimalPoint()}5 LUFS"
    # Pasted, as what is shown may be: a test's keyboard has no true minus.
    spin.lineEdit().setText(f"−{keys}")
    assert spin.valueFromText(spin.text()) == -12.5
    spin.stepUp()
    assert spin.value() == -12.0
    spin.lineEdit().setText(keys)
    assert spin.valueFromText(spin.text()) == 12.5


@pytest.mark.gui
@pytest.mark.parametrize("language", ["it", "en"])
def test_the_overlap_takes_either(qtbot: QtBot, language: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        panel = OverlapPanel()
        qtbot.addWidget(panel)
        for keys, value in (("480.5", 480.5), ("120,5", 120.5), ("1500", 1500.0)):
            type_into(panel.spin, keys)
            assert panel.spin.value() == value
    finally:
        QLocale.setDefault(before)


@pytest.mark.gui
@pytest.mark.parametrize("keys", ["1.2.3", "1,2.3"])
def test_a_second_sign_is_not_taken(qtbot: QtBot, keys: str) -> None:
    spin = number_spin(0.0, 200.0, 0.5, "", None, decimals=2)  # type: ignore[arg-type]
    qtbot.addWidget(spin)
    type_into(spin, keys)
    assert spin.value() == 1.23
