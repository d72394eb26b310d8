# SPDX-License-Identifier: GPL-3.0-or-later
"""This module shows windows in a language and a text size, and looks at what a person can see of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.paths import RESOURCES
from app.studio import dress
from app.translations import TsTranslator, read_ts

CONTROLS = (
    QAbstractButton,
    QComboBox,
    QAbstractSlider,
    QAbstractSpinBox,
    QLineEdit,
    QAbstractItemView,
    QTabBar,
    QLabel,
)


def bury(application: QApplication) -> None:
    """Have all that was closed be gone, before another style sheet comes.

    Qt styles a widget that was there under an earlier one even when it is gone, and crashes.
    """
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def dressed(application: QApplication, language: str, text_pt: float = 0.0) -> Iterator[None]:
    """Yield the application in the studio's theme, in a language, on a desktop whose text has this size."""
    bury(application)
    sheet, font = application.styleSheet(), application.font()
    if text_pt:
        larger = application.font()
        larger.setPointSizeF(text_pt)
        application.setFont(larger)
    dress(application)
    translator = TsTranslator(read_ts(RESOURCES / "translations" / "it.ts"))
    if language == "it":
        application.installTranslator(translator)
    try:
        yield
    finally:
        # What is gone is not dressed once more.
        bury(application)
        application.removeTranslator(translator)
        application.setStyleSheet(sheet)
        application.setFont(font)


def settle(window: QWidget, qtbot: QtBot) -> None:
    """Let the window live until its parts stand still."""

    def places() -> list[QRect]:
        return [one.geometry() for one in window.findChildren(QWidget) if one.isVisible()]

    seen = [places()]

    def stand_still() -> bool:
        seen.append(places())
        return len(seen) > 3 and seen[-3:] == [seen[-1]] * 3

    # Looked at every 10 ms, what is posted is done in between.
    try:
        qtbot.waitUntil(stand_still)
    except Exception as error:
        moving = [one for one in window.findChildren(QWidget) if one.isVisible()]
        before = {one: one.geometry() for one in moving}
        qtbot.wait(30)
        raise AssertionError(
            [(one, before[one], one.geometry()) for one in moving if one.geometry() != before[one]]
        ) from error


def controls_of(root: QWidget) -> list[QWidget]:
    """Return everything in a window that is read or touched, but for scroll bars and the parts of Qt's own controls."""
    found: list[QWidget] = []
    for one in root.findChildren(QWidget):
        inner = (
            isinstance(one, QScrollBar)
            or one.focusProxy() is not None
            or one.objectName().startswith(("qt_", "Scroll"))
        )
        within = one.parentWidget()
        inner = inner or isinstance(within, QComboBox | QAbstractSpinBox | QAbstractScrollArea | QLineEdit)
        if isinstance(one, CONTROLS) and one.window() is root and one.isVisibleTo(root) and not inner:
            found.append(one)
    return found


def bring_into_view(control: QWidget) -> None:
    """Bring a control into view as a person does: choose its tab, turn the wheel."""
    above: QWidget | None = control
    while above is not None:
        if isinstance(above, QDockWidget) and above.visibleRegion().isEmpty():
            above.raise_()
        above = above.parentWidget()
    QApplication.processEvents()
    above = control.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            content = above.widget()
            if isinstance(control, QLineEdit | QAbstractSpinBox) and content is not None:
                # Of a field that is typed in Qt brings no more into view than its cursor.
                middle = control.mapTo(content, control.rect().center())
                above.ensureVisible(middle.x(), middle.y(), 0, control.height() // 2 + 1)
            else:
                above.ensureWidgetVisible(control, 0, 0)
        above = above.parentWidget()
    QApplication.processEvents()


def is_seen_in_parts(control: QWidget) -> bool:
    """Return whether a control that is larger than what it scrolls in can be scrolled to both of its ends."""
    above = control.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if not isinstance(above, QScrollArea):
        return False
    seen = QRegion()
    for at in (above.horizontalScrollBar().minimum(), above.horizontalScrollBar().maximum()):
        above.horizontalScrollBar().setValue(at)
        QApplication.processEvents()
        seen += control.visibleRegion()
    return seen.boundingRect().size() == control.size()


def hidden_of(control: QWidget) -> str:
    """Return in words what cannot be seen of a control that was brought into view; "" when it is whole."""
    # A list's viewport covers the list itself; a label with nothing to say may have no room.
    painted = control.viewport() if isinstance(control, QAbstractScrollArea) else control
    seen = painted.visibleRegion().boundingRect()
    if seen.size() == painted.size() or (isinstance(control, QLabel) and not control.text()):
        return ""
    name = control.accessibleName() or control.property("text") or control.objectName() or type(control).__name__
    return f"{name}: {seen.getRect()} of {control.rect().getRect()}"


def cut_text(control: QWidget) -> str:
    """Return a label's or button's text that is wider than its room and does not say so with an ellipsis."""
    if (
        not isinstance(control, QLabel | QAbstractButton)
        or not control.text()
        or "ElidedLabel" in type(control).__name__
    ):
        return ""
    if isinstance(control, QLabel) and (control.wordWrap() or control.alignment() & Qt.AlignmentFlag.AlignJustify):
        return ""
    needed, room = control.minimumSizeHint(), control.size()
    if room.width() < needed.width() or room.height() < needed.height():
        return f"{control.text()!r}: {room.toTuple()} of {needed.toTuple()}"
    return ""


def unreachable(root: QWidget) -> list[str]:
    """Return controls that cannot be brought into view whole, and texts that are cut."""
    out: list[str] = []
    for control in controls_of(root):
        bring_into_view(control)
        if (hidden := hidden_of(control)) and not is_seen_in_parts(control):
            out.append(hidden)
        if cut := cut_text(control):
            out.append(cut)
    return out
