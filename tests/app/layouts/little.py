# SPDX-License-Identifier: GPL-3.0-or-later
"""This module looks at Mini and the small window, the studio in little, and at what is in them."""

from __future__ import annotations

from PySide6.QtCore import Qt

from engine.values import TransportState
from tests.app.layouts.hands import Studio
from widgets.compact.playing_line import PlayingLine
from widgets.compact.small_panel import SmallPanel

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
LITTLE = ("small", "mini")
PLAYING = TransportState(is_running=True, has_next=True, has_previous=True, can_rate=True)


def in_little(studio: Studio, name: str) -> Studio:
    """Return the studio in a form, in which music plays."""
    if studio.button.current() != name:
        studio.use(name)
    studio.window.transport_bar.set_state(PLAYING)
    studio.window.prompt_bar.set_can_save(True)
    studio.settle()
    return studio


def playing(studio: Studio) -> PlayingLine:
    line = studio.window.compact.playing
    assert line is not None
    return line


def small(studio: Studio) -> SmallPanel:
    panel = studio.window.compact.small
    assert panel is not None
    return panel


def is_on_top(studio: Studio) -> bool:
    handle = studio.window.windowHandle()
    flags = (studio.window.windowFlags(), handle.flags())
    told = {bool(one & Qt.WindowType.WindowStaysOnTopHint) for one in flags}
    assert len(told) == 1, "the widget and its window on the screen say the same"
    return told.pop()
