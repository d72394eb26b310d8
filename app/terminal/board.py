# SPDX-License-Identifier: GPL-3.0-or-later
"""The board is what a terminal shows of the music: card, turn, wave, levels, metrics, seam, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.control.answers import card_lines, next_words, percent, seam_words, turn_words
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
LEAST_WAVE, USUAL_WAVE, MOST_WAVE = 2, 4, 10
"""Number of rows of the wave: at least, in a terminal of 24 rows, and at most."""
WIDE = 100
"""Number of columns from which on the metrics take one row."""
_METRICS = (("Spectral", "spectral"), ("Waveform", "waveform"), ("Beat", "beat"), ("Phase", "phase"))
_ORDER = ("head", "title", "prompt", "facts", "wave", "turn", "level", "next", "metrics", "seam", "rule")
"""Rows from the top down; those that change all the time stand together, as they are sent together."""
_RANKS = ("turn", "title", "next", "head", "rule", "level", "prompt", "facts", "seam", "metrics")
"""Rows by how much they are missed where there is no room for all of them."""


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
        self._still: tuple[LoopView | None, int, dict[str, list[Row]]] = (None, 0, {})

    def n_rows(self, width: int, height: int) -> int:
        """Return how many rows the board takes of a terminal of that size."""
        n_wave = min(USUAL_WAVE + (height - 24) // 2, MOST_WAVE)
        return max(1, min(height - LEAST_LEFT, _n_others(width) + (n_wave if n_wave >= LEAST_WAVE else 0)))

    def rows(self, width: int, height: int) -> list[Row]:
        """Return the rows for a terminal of that size, each as wide as that."""
        facts, view = self._facts, self._facts.view
        self._levels = levels_db(self._tape.read()) if facts.is_running else ((-120.0,) * 2, (-120.0,) * 2)
        n_rows = self.n_rows(width, height)
        told = dict(self._still_rows(view, width))
        told["head"], told["turn"] = [self._head(width)], [self._turn(width)]
        told["level"], told["next"] = [self._level(width)], [self._next(width)]
        n_wave = n_rows - _n_others(width)
        if n_wave >= LEAST_WAVE:
            told["wave"] = self._wave_rows(view, width, n_wave)
        else:
            told = _most_missed(told, n_rows)
        rows = [row for name in _ORDER for row in told.get(name, ())]
        return rows + [fitted([], width, self._marks)] * (n_rows - len(rows))

    # --- rows that change with the loop -------------------------------------------------------------------------------

    def _still_rows(self, view: LoopView | None, width: int) -> dict[str, list[Row]]:
        of_view, of_width, rows = self._still
        if not rows or of_view is not view or of_width != width:
            title, prompt, facts = self._card(view)
            rows = {
                "title": [title],
                "prompt": [prompt],
                "facts": [facts],
                "metrics": self._metrics(view, width),
                "seam": [self._seam(view, width)],
                "rule": [[(self._marks.rule * width, "dim")]],
            }
            rows = {name: [fitted(row, width, self._marks) for row in some] for name, some in rows.items()}
            self._still = (view, width, rows)
        return rows

    def _card(self, view: LoopView | None) -> tuple[Row, Row, Row]:
        if view is None:
            return [("Nothing plays yet: “start PROMPT” starts the music", "dim")], [], []
        lines = card_lines(view)
        prompt = lines[1] if len(lines) > 2 else ""
        origin = " (ships with the studio)" if view.is_starter else ""
        return [(lines[0], "bold"), (origin, "dim")], [(prompt, "")], [(lines[-1], "dim")]

    def _metrics(self, view: LoopView | None, width: int) -> list[Row]:
        values = {} if view is None else view.candidate.metrics.as_dict()
        per_row = _n_metrics_in_row(width)
        score: Row = [] if view is None else [("score ", "dim"), (percent(view.candidate.score), "bold")]
        # “ score 100%”
        room = (width - 11) // per_row - 16
        cells: list[Row] = []
        for title, name in _METRICS:
            value = values.get(name)
            figure = " –  " if value is None else f"{value:.2f}"
            shape = f"{bar(value or 0.0, room, self._marks)} " if room > 2 else ""
            cells.append([(f"{title:<8} ", "dim"), (shape, "accent"), (f"{figure}  ", "")])
        rows = [[span for cell in cells[at : at + per_row] for span in cell] for at in range(0, 4, per_row)]
        return [*rows[:-1], both_ends(rows[-1], score, width, self._marks)]

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
        return both_ends([(words, style)], [(f"overlap {view.overlap_ms:.0f} ms", "dim")], width, self._marks)

    # --- rows that change all the time --------------------------------------------------------------------------------

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
        return both_ends([(TITLE, "bold")], words, width, self._marks)

    def _turn(self, width: int) -> Row:
        facts = self._facts
        _turns, share = facts.heard
        return both_ends(
            [(turn_words(facts, self._settings()), "accent" if facts.is_running else "dim")],
            [(bar(share if facts.is_running else 0.0, _room(width), self._marks), "dim")],
            width,
            self._marks,
        )

    def _level(self, width: int) -> Row:
        (left, right), (left_rms, right_rms) = self._levels
        half = (width - 2) // 2
        sides = meter("L", left, left_rms, half, self._marks), meter("R", right, right_rms, half, self._marks)
        return fitted([*sides[0], ("  ", ""), *sides[1]], width, self._marks)

    def _next(self, width: int) -> Row:
        facts = self._facts
        fraction = facts.progress.fraction if facts.progress is not None else None
        style = "warning" if facts.next.kind == "failed" else "dim"
        left: Row = [("next: ", "dim"), (next_words(facts), style)]
        progress: Row = [] if fraction is None else [(bar(fraction, _room(width), self._marks), "accent")]
        return both_ends(left, progress, width, self._marks)

    def _wave_rows(self, view: LoopView | None, width: int, n_rows: int) -> list[Row]:
        if view is None or view.peaks is None:
            return [fitted([], width, self._marks)] * n_rows
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


def _n_others(width: int) -> int:
    """Return how many rows there are beside the wave's."""
    return 9 + len(_METRICS) // _n_metrics_in_row(width)


def _n_metrics_in_row(width: int) -> int:
    return 4 if width >= WIDE else 2


def _room(width: int) -> int:
    """Return how many cells a bar has at the right end of a row."""
    return min(max(width // 4, 8), 40)


def _most_missed(told: dict[str, list[Row]], n_rows: int) -> dict[str, list[Row]]:
    """Return those rows that are missed most, as many as there is room for."""
    out: dict[str, list[Row]] = {}
    for name in _RANKS:
        n_rows -= len(told[name])
        if n_rows < 0:
            break
        out[name] = told[name]
    return out
