# SPDX-License-Identifier: GPL-3.0-or-later
"""The board is what a terminal shows of the music: card, turn, wave, levels, metrics, seam, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.control.answers import card_lines, next_words, seam_words, turn_words
from app.terminal.drawing import (
    Marks,
    Row,
    bar,
    both_ends,
    fitted,
    heights,
    levels_db,
    meter,
    wave_columns,
    wave_rows,
)
from engine.tape import TapeReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.control.facts import StudioFacts
    from app.settings import Settings
    from engine.session.options import LoopView
    from engine.shared import SharedBlock

TITLE = "I N F I N I L O O P"
LEAST_LEFT = 5
"""Number of rows that are left to the console and the prompt, if the terminal has so many."""
MOST_WAVE = 12
WIDE = 100
"""Number of columns from which on the metrics take one row."""
_METRICS = (("Spectral", "spectral"), ("Waveform", "waveform"), ("Beat", "beat"), ("Phase", "phase"))


class Board:
    """The board draws itself from the facts, as large as it is asked to.

    Parameters
    ----------
    settings
        Tells how things are set now.
    """

    def __init__(self, facts: StudioFacts, settings: Callable[[], Settings], tape: SharedBlock, marks: Marks) -> None:
        self._facts, self._settings, self._marks = facts, settings, marks
        self._tape = TapeReader(tape)
        self._levels = levels_db(self._tape.read())
        self._wave: tuple[object, int, int, list[str]] = (None, 0, 0, [])

    def n_rows(self, height: int) -> int:
        """Return how many rows the board takes of a terminal that has ``height``."""
        return max(2, min(height - LEAST_LEFT, 15 - 4 + self._n_wave(height)))

    def _n_wave(self, height: int) -> int:
        """Return how many rows the wave has: 4 of 24, more where there is room, fewer where there is none."""
        return max(0, min(MOST_WAVE, 4 + (height - 24) // 3)) if height >= 18 else 0

    def rows(self, width: int, height: int) -> list[Row]:
        """Return the rows for a terminal of that size, each as wide as that."""
        facts, view = self._facts, self._facts.view
        self._levels = levels_db(self._tape.read()) if facts.is_running else ((-120.0,) * 2, (-120.0,) * 2)
        card, turn, coming = self._card(view), self._turn(width), self._next(width)
        # Those that change all the time stand together: they are sent together.
        rows = [self._head(width), *card, *self._wave_rows(view, width, self._n_wave(height)), turn, self._level(width)]
        rows += [coming, *self._metrics(view, width), self._seam(view, width)]
        most = self.n_rows(height)
        if len(rows) >= most:
            rows = [self._head(width), *card, turn, coming]
        rows = [fitted(row, width) for row in rows[: most - 1]]
        rows += [fitted([], width)] * (most - 1 - len(rows))
        return [*rows, [(self._marks.rule * width, "dim")]]

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _head(self, width: int) -> Row:
        facts, state = self._facts, self._facts.transport
        words: Row = [("playing", "accent") if facts.is_running else ("stopped", "dim")]
        if state.is_paused:
            words = [("paused", "warning")]
        if state.is_held:
            words.append((" · held", "warning"))
        if state.recording:
            words.append((" · REC", "warning"))
        if state.is_favourite:
            words.append((" · favourite", "accent"))
        if state.sleep_left_s is not None:
            words.append((f" · stops in {state.sleep_left_s / 60.0:.0f} min", "dim"))
        if facts.is_running and not facts.device and facts.snapshot is not None:
            words.append((" · without sound", "warning"))
        return both_ends([(TITLE, "bold")], words, width)

    def _card(self, view: LoopView | None) -> list[Row]:
        if view is None:
            return [[("Nothing plays yet: “start PROMPT” starts the music", "dim")], [], []]
        lines = card_lines(view)
        title, rest = lines[0], lines[1:]
        if len(rest) < 2:
            rest = ["", *rest]
        favourite = " (ships with the studio)" if view.is_starter else ""
        return [[(title, "bold"), (favourite, "dim")], [(rest[0], "")], [(rest[1], "dim")]]

    def _turn(self, width: int) -> Row:
        facts = self._facts
        _turns, share = facts.heard
        room = min(max(width // 4, 8), 30)
        return both_ends(
            [(turn_words(facts, self._settings()), "accent" if facts.is_running else "dim")],
            [(bar(share if facts.is_running else 0.0, room, self._marks), "dim")],
            width,
        )

    def _wave_rows(self, view: LoopView | None, width: int, n_rows: int) -> list[Row]:
        if not n_rows:
            return []
        if view is None or view.peaks is None:
            return [[] for _ in range(n_rows)]
        peaks, known_width, known_rows, columns = self._wave
        if peaks is not view.peaks or (known_width, known_rows) != (width, n_rows):
            columns = wave_columns(heights(view.peaks, width), n_rows, self._marks)
            self._wave = (view.peaks, width, n_rows, columns)
        head = None
        if self._facts.is_running:
            _turns, share = self._facts.heard
            place = view.region.loop_start + share * view.region.n_samples
            head = min(int(place * width / max(view.n_samples, 1)), width - 1)
        return wave_rows(columns, view.region, view.n_samples, head, self._marks)

    def _level(self, width: int) -> Row:
        (left, right), (left_rms, right_rms) = self._levels
        half = (width - 2) // 2
        return [
            *meter("L", left, left_rms, half, self._marks),
            ("  ", ""),
            *meter("R", right, right_rms, half, self._marks),
        ]

    def _metrics(self, view: LoopView | None, width: int) -> list[Row]:
        values = {} if view is None else view.candidate.metrics.as_dict()
        per_row = 4 if width >= WIDE else 2
        room = (width - 12) // per_row - 17
        cells: list[Row] = []
        for title, name in _METRICS:
            value = values.get(name)
            figure = " –  " if value is None else f"{value:.2f}"
            cells.append(
                [(f"{title:<9}", "dim"), (bar(value or 0.0, max(room, 3), self._marks), "accent"), (f" {figure}  ", "")]
            )
        rows = [[span for cell in cells[at : at + per_row] for span in cell] for at in range(0, 4, per_row)]
        if view is not None:
            rows[-1] += [("score ", "dim"), (f"{view.candidate.score:.0%}", "bold")]
        return rows

    def _seam(self, view: LoopView | None, width: int) -> Row:
        if view is None:
            return []
        candidate = view.candidate
        words = seam_words(candidate, view.proof)
        style = "warning" if candidate.weak and not candidate.played_through else "dim"
        if candidate.played_through:
            words = f"played through; {words}"
        elif candidate.weak:
            words = f"weak loop; {words}"
        return both_ends([(words, style)], [(f"overlap {view.overlap_ms:.0f} ms", "dim")], width)

    def _next(self, width: int) -> Row:
        facts = self._facts
        fraction = facts.progress.fraction if facts.progress is not None else None
        style = "warning" if facts.next.kind == "failed" else "dim"
        left: Row = [("next: ", "dim"), (next_words(facts), style)]
        if fraction is None:
            return left
        return both_ends(left, [(bar(fraction, min(max(width // 4, 8), 30), self._marks), "accent")], width)
