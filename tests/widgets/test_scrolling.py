# SPDX-License-Identifier: GPL-3.0-or-later
"""A panel's content scrolls where it does not fit, but a few pixels are taken from its margin."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QScrollBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.scrolling import Scroller

pytestmark = pytest.mark.gui

CONTENT_PX, MARGIN_PX = 200, 8


def test_a_margin_gives_way_to_a_handful_of_pixels(qtbot: QtBot) -> None:
    content, part = QWidget(), QWidget()
    part.setMinimumSize(100, CONTENT_PX)
    rows = QVBoxLayout(content)
    rows.setContentsMargins(0, 0, 0, MARGIN_PX)
    rows.addWidget(part)
    scroller = Scroller(content)
    qtbot.addWidget(scroller)
    with qtbot.waitExposed(scroller):
        scroller.show()
    whole_px = CONTENT_PX + MARGIN_PX
    lacking_px = {0: False, 3: False, MARGIN_PX: False, MARGIN_PX + 1: True, 60: True, 1: False}
    for lacking, scrolls in lacking_px.items():
        scroller.resize(160, whole_px - lacking)
        QApplication.processEvents()
        bars = [one for one in scroller.findChildren(QScrollBar) if one.isVisible()]
        assert bool(bars) is scrolls, lacking
        assert scroller.needed_size().height() == whole_px, "what it needs is what it needed"
        assert scroller.sizeHint().height() == whole_px
    scroller.resize(160, whole_px)
    assert rows.contentsMargins().bottom() == MARGIN_PX
