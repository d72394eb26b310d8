# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells assistive technology what a control's value is: a number in its unit, its range, and words.

Qt's own interfaces tell the steps of a slider, and take what is painted by hand for empty room. A widget is told of by
the interface below instead if its attribute ``spoken`` is a ``SpokenValue``, or, of a picture, the role that it has.
The interface is made only when a screen reader asks for it.
"""

from __future__ import annotations

import re
import weakref
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleValueChangeEvent,
    QAccessibleValueInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

NUMBERS: Final = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(slots=True)
class SpokenValue:
    """A spoken value is what is told of a control's value. It knows no widget: a widget holds it, and so do interfaces.

    Attributes
    ----------
    role
        What the control is: a slider, an indicator.
    low, high, step
        Range and grain of the number, in the unit that people read; a step of 0 is no grain.
    now
        The number, in the same unit.
    words
        The value as people read it, with its unit.
    """

    role: QAccessible.Role
    low: float
    high: float
    step: float = 0.0
    now: float = 0.0
    words: str = ""

    def take(self, now: float, words: str) -> bool:
        """Take another value; return whether it is another."""
        before = self.now, self.words
        self.now, self.words = now, words
        return before != (now, words)

    def is_said_by_number(self) -> bool:
        """Return whether the number is all that the words say, but for the unit.

        Screen readers read a number without its fraction; what they would read wrongly has to be announced.
        """
        return NUMBERS.findall(self.words) == [f"{abs(self.now):.0f}"]


@runtime_checkable
class Settable(Protocol):
    """This is a control whose value assistive technology may set."""

    def set_spoken(self, value: float) -> None:
        """Take a value in the unit that people read, as if a hand had set it."""
        ...


def tell_value(widget: QWidget, spoken: SpokenValue, now: float, words: str) -> None:
    """Tell that the value of a widget, which holds ``spoken``, is this now; without a listener nothing is sent."""
    if spoken.take(now, words) and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, now))


def announce(widget: QWidget, words: str) -> None:
    """Have a screen reader say what a hand has just done with the widget that has the keyboard."""
    if words and QAccessible.isActive() and widget.hasFocus():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def install() -> None:
    """Have widgets told of by what their attribute ``spoken`` says, from now on; once a process."""
    QAccessible.installFactory(_interface_of)


def _interface_of(_class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    """Return the interface of a widget that says what it is; None leaves the widget to Qt."""
    spoken = getattr(thing, "spoken", None)
    if isinstance(spoken, SpokenValue | QAccessible.Role) and isinstance(thing, QWidget):
        # PySide keeps the Python half of it: 0.9 kB for each widget that was read and is gone (seen, 6.11.3).
        return SpokenInterface(thing, spoken)
    return None


class SpokenNumber(QAccessibleValueInterface):
    """The number, its range and grain; a control that can be set is set by it."""

    def __init__(self, widget: QWidget, spoken: SpokenValue) -> None:
        super().__init__()
        # Weakly: a widget owns its interface, and not the other way round.
        self._widget = weakref.ref(widget)
        self._spoken = spoken

    def currentValue(self) -> float:
        return self._spoken.now

    def minimumValue(self) -> float:
        return self._spoken.low

    def maximumValue(self) -> float:
        return self._spoken.high

    def minimumStepSize(self) -> float:
        return self._spoken.step

    def setCurrentValue(self, value: Any) -> None:
        widget = self._widget()
        if isinstance(widget, Settable):
            widget.set_spoken(float(value))


class SpokenInterface(QAccessibleWidget):
    """The interface of a widget that says what it is; its name and its description are the widget's own."""

    def __init__(self, widget: QWidget, spoken: SpokenValue | QAccessible.Role) -> None:
        super().__init__(widget, spoken.role if isinstance(spoken, SpokenValue) else spoken)
        self._spoken = spoken if isinstance(spoken, SpokenValue) else None
        self._number = None if self._spoken is None else SpokenNumber(widget, self._spoken)

    def childCount(self) -> int:
        # What Qt puts inside, such as a viewport, is nothing by itself.
        return 0

    def text(self, kind: QAccessible.Text) -> str:
        if self._spoken is not None and kind is QAccessible.Text.Value:
            return self._spoken.words
        return super().text(kind)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        if self._number is not None and kind is QAccessible.InterfaceType.ValueInterface:
            return _address(shiboken6.getCppPointer(self._number)[0])
        # PySide hands a null pointer out as None, and crashes when it gets one back (seen, 6.11.3).
        found: int | None = super().interface_cast(kind)
        return _address(0) if found is None else found


def _address(number: int) -> int:
    """Return a pointer as PySide takes one back: a plain number it would take for an object (seen, 6.11.3)."""
    return cast("int", shiboken6.VoidPtr(number))
