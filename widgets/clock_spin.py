# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock spin is a field for a length of time as people write it: 2:37 is two minutes and 37 seconds."""

from __future__ import annotations

import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QWidget

from widgets.number_spin import NumberSpin

_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d{1,3})?)")
_PARTIAL = re.compile(r"[\d:.,]*")
_SECONDS = re.compile(r"\d+(?:[.,]\d{1,3})?")


class ClockSpin(NumberSpin):
    """A clock spin shows its value, seconds, as minutes:seconds, and takes hours and bare seconds too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(3)

    def textFromValue(self, value: float) -> str:
        """Return seconds as ``12:30``, ``1:02:03`` or ``0:07.5``."""
        minutes, seconds = divmod(round(value, 3), 60.0)
        hours, minutes = divmod(int(minutes), 60)
        rest = f"{seconds:06.3f}".rstrip("0").rstrip(".").replace(".", self.locale().decimalPoint())
        rest = rest if seconds >= 1.0 or "." in rest else "00"
        rest = rest.zfill(2)
        return f"{hours}:{minutes:02d}:{rest}" if hours else f"{minutes}:{rest}"

    def valueFromText(self, text: str) -> float:
        """Return the seconds of a clock, or of a bare number."""
        bare = text.strip().replace(",", ".")
        if (clock := _CLOCK.fullmatch(bare)) is not None:
            hours, minutes, seconds = (float(one or 0.0) for one in clock.groups())
            return hours * 3600.0 + minutes * 60.0 + seconds
        return float(bare) if _SECONDS.fullmatch(bare) else self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Return whether ``text`` is a length, or may become one."""
        bare = text.strip()
        if _CLOCK.fullmatch(bare) or _SECONDS.fullmatch(bare):
            is_within = self.minimum() <= self.valueFromText(bare) <= self.maximum()
            return (QValidator.State.Acceptable if is_within else QValidator.State.Intermediate), text, position
        state = QValidator.State.Intermediate if _PARTIAL.fullmatch(bare) else QValidator.State.Invalid
        return state, text, position
