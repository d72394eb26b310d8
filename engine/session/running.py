# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the one place that knows whether the music runs, and whether it stands still."""

from __future__ import annotations

from psygnal import Signal


class Running:
    """The music runs from AVVIA to FERMA, paused or not.

    Signals
    -------
    changed(bool): whether it runs
    """

    changed = Signal(bool)

    def __init__(self) -> None:
        self.is_on = False
        self.is_paused = False

    @property
    def should_be_heard(self) -> bool:
        """Return whether music is to come out now."""
        return self.is_on and not self.is_paused

    def begin(self) -> None:
        """Note that the music begins."""
        self.is_on, self.is_paused = True, False
        self.changed.emit(True)

    def end(self) -> None:
        """Note that the music ends."""
        self.is_on = self.is_paused = False
        self.changed.emit(False)
