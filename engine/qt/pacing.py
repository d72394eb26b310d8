# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that change faster than a window can show them are passed on at its pace: the latest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.session.ports import Clock

REST_S = 1.0 / 30.0
"""Seconds that pass at least between two values that are passed on."""


class Paced:
    """Paced values are passed on at once, or, where one was just before, the latest of them a moment later.

    Parameters
    ----------
    emit
        Takes a value, as a signal's ``emit`` does.
    """

    def __init__(self, clock: Clock, emit: Callable[..., object]) -> None:
        self._emit = emit
        self._resting = clock.timer(self._on_rested)
        self._waiting: tuple[object, ...] | None = None

    def tell(self, *value: object) -> None:
        """Pass a value on, now or in a moment."""
        if self._resting.is_active:
            self._waiting = value
            return
        self._resting.start(REST_S)
        self._emit(*value)

    def _on_rested(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.tell(*waiting)
