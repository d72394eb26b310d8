# SPDX-License-Identifier: GPL-3.0-or-later
"""This script is the studio in a terminal, measured: ``python -m tests.benchmarks.terminal_script FILE``.

It plays, and turns its redrawing off and on again; into FILE goes what a second takes of a core, and how often a second
it was redrawn, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from app.main import main
from app.terminal.screen import TerminalScreen

SETTLE_S = 12.0
"""Seconds in which the start is over and the first clip is made."""
SPAN_S = 3.0
N_SPANS = 8


class Switched:
    """This redraws the board in every other span of time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._redraw = TerminalScreen.redraw
        self._marks: list[tuple[float, float, float]] = []
        self._n_redrawn = 0
        self._is_on = True
        self.screen: TerminalScreen | None = None

    def redraw(self, screen: TerminalScreen) -> None:
        """Stand for the screen's own method."""
        if self.screen is None:
            self.screen = screen
            screen.set_timer(SETTLE_S, self._turn)
        if self._is_on:
            self._redraw(screen)
            self._n_redrawn += bool(self._marks)

    def _turn(self) -> None:
        assert self.screen is not None
        self._marks.append((time.thread_time(), time.process_time(), time.monotonic()))
        if len(self._marks) <= 2 * N_SPANS:
            self._is_on = len(self._marks) % 2 == 1
            self.screen.set_timer(SPAN_S, self._turn)
            return
        told = {"thread": self._shares(0), "process": self._shares(1), "redrawn": self._n_redrawn / (N_SPANS * SPAN_S)}
        self._file.write_text(json.dumps(told), encoding="utf-8")
        self.screen.leave()

    def _shares(self, clock: int) -> dict[str, list[float]]:
        """Return what each span took of a core, with the redrawing and without."""
        shares = [(b[clock] - a[clock]) / (b[2] - a[2]) for a, b in zip(self._marks, self._marks[1:], strict=False)]
        return {"on": shares[::2], "off": shares[1::2]}


def _measure(file: Path) -> int:
    switched = Switched(file)

    def redraw(screen: TerminalScreen) -> None:
        switched.redraw(screen)

    TerminalScreen.redraw = redraw  # type: ignore[method-assign,assignment]
    return main(["term", "--new", "--prompt", "lofi calm rap beat, 85 bpm"])


if __name__ == "__main__":
    raise SystemExit(_measure(Path(sys.argv[1])))
