# SPDX-License-Identifier: GPL-3.0-or-later
"""The mend button is pressed and called off as a person does it, and says why it cannot be pressed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import LoopRegion
from engine.values.mending import MendingState
from tests.widgets.showing import shown_alone
from widgets.seam_scope.panel import SeamScopePanel

pytestmark = pytest.mark.gui

RATE = 8000
READY = MendingState("Stable Audio 3")
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def panel(qtbot: QtBot) -> SeamScopePanel:
    panel = shown_alone(qtbot, SeamScopePanel(), 760, 420)
    panel.set_clip(6 * RATE, RATE)
    panel.set_region(LoopRegion(RATE, 5 * RATE), None)
    panel.plot.setFocus()
    return panel


def press_keys(panel: SeamScopePanel) -> None:
    QTest.keyClick(panel.plot, Qt.Key.Key_K, BOTH)


def test_a_click_or_its_key_mends_and_calls_off(panel: SeamScopePanel) -> None:
    button = panel.mend_button
    asked, cancelled = QSignalSpy(button.mend_requested), QSignalSpy(button.mend_cancelled)
    button.set_state(READY)
    width = button.width()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (asked.count(), cancelled.count()) == (1, 0)
    assert not button.isChecked(), "it is told when it has begun"
    press_keys(panel)
    assert asked.count() == 2
    for fraction, text in ((None, "…"), (0.404, "40 %"), (1.0, "99 %")):
        button.set_state(MendingState("Stable Audio 3", is_working=True, fraction=fraction))
        assert (button.text(), button.isChecked(), button.width()) == (text.replace(" ", ""), True, width)
        assert text in button.toolTip()
        assert button.accessibleName() == "Call off the mending of the seam"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (cancelled.count(), button.isChecked()) == (1, True)
    press_keys(panel)
    assert (asked.count(), cancelled.count()) == (2, 2)
    button.set_state(READY)
    assert (button.text(), button.isChecked()) == ("Mend", False)
    assert "Stable Audio 3" in button.toolTip()
    assert "Ctrl+Shift+K" in button.toolTip()


def test_where_nothing_paints_it_says_so_and_its_key_is_answered(panel: SeamScopePanel) -> None:
    button = panel.mend_button
    asked = QSignalSpy(button.mend_requested)
    assert button.toolTip().startswith("No model that can paint a seam anew is on this machine")
    assert button.accessibleDescription() == button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    press_keys(panel)
    assert asked.count() == 2, "the engine tells why nothing comes of it"
    button.set_state(READY)
    assert button.isEnabled()
    panel.set_region(None, None)
    assert not button.isEnabled(), "there is no seam to mend"
