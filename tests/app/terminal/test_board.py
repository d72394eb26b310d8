# SPDX-License-Identifier: GPL-3.0-or-later
"""The board fits into every terminal, and shows what is known of the music."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from app.control.facts import StudioFacts
from app.settings import Settings
from app.terminal.board import LEAST_LEFT, Board
from app.terminal.drawing import ASCII, BLOCKS, Row, cell_width
from engine.errors import WorkerHung
from engine.qt.studio import StudioEngine
from engine.session.options import NextState
from engine.tape import TapeWriter
from engine.values import LoopCandidate, LoopMetrics, LoopRegion, Progress, TransportState
from tests.app.terminal.told import CANDIDATE, N_SAMPLES, a_view, stand_still, tell_playing
from tests.widgets.recipes import a_recipe

pytestmark = pytest.mark.gui

ONCE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
WORDS = st.text(max_size=120)


def texts(rows: list[Row]) -> list[str]:
    return ["".join(text for text, _style in row) for row in rows]


def assert_fits(board: Board, width: int, height: int) -> None:
    rows = board.rows(width, height)
    assert len(rows) == board.n_rows(width, height)
    assert {sum(cell_width(text) for text, _style in row) for row in rows} == {width}
    assert all(text.isprintable() for text in texts(rows))
    assert len(rows) <= max(height - LEAST_LEFT, 1)


@ONCE
@given(st.integers(10, 250), st.integers(5, 70), st.data())
def test_it_fits_into_every_terminal(
    engine: StudioEngine, facts: StudioFacts, width: int, height: int, data: st.DataObject
) -> None:
    board = Board(facts, Settings, engine.tape, data.draw(st.sampled_from([BLOCKS, ASCII])))
    assert_fits(board, width, height)
    start = data.draw(st.integers(0, N_SAMPLES - 2))
    changes: dict[str, Any] = {
        "recipe": a_recipe(title=data.draw(WORDS), artist=data.draw(WORDS), prompt=data.draw(WORDS)),
        "is_starter": data.draw(st.booleans()),
        "candidate": LoopCandidate(
            LoopRegion(start, data.draw(st.integers(start + 1, N_SAMPLES))),
            data.draw(st.floats(0.0, 1.0)),
            LoopMetrics(*(data.draw(st.floats(0.0, 1.0)) for _ in range(4))),
            data.draw(st.none() | st.integers(1, 64)),
            data.draw(st.booleans()),
            data.draw(st.none() | st.floats(30.0, 300.0)),
        ),
        "loop_id": data.draw(st.integers(1, 1 << 40)),
        "overlap_ms": data.draw(st.floats(0.0, 5000.0)),
    }
    if data.draw(st.booleans()):
        changes |= {"peaks": None, "proof": None}
    view = a_view(**changes)
    tell_playing(engine, view, place_s=data.draw(st.floats(0.0, 20.0)), turns=data.draw(st.integers(0, 10_000)))
    told = [NextState("idle"), NextState("making"), NextState("ready", data.draw(WORDS))]
    told.append(NextState("failed", error=WorkerHung(worker="composer", limit_s=9.0), retry_s=20.0))
    engine.generation.next_changed.emit(data.draw(st.sampled_from(told)))
    fraction = data.draw(st.none() | st.floats(0.0, 1.0))
    engine.generation.progress_changed.emit(
        Progress(1, fraction, "composing", data.draw(st.none() | st.floats(0, 1e5)))
    )
    switches = [data.draw(st.booleans()) for _ in range(3)]
    sleep_s = data.draw(st.none() | st.floats(0.0, 86_400.0))
    engine.transport.changed.emit(
        TransportState(
            is_running=True,
            is_paused=switches[0],
            is_held=switches[1],
            is_favourite=switches[2],
            recording="/x/y.flac",
            sleep_left_s=sleep_s,
        )
    )
    assert_fits(board, width, height)


def test_everything_is_there_in_a_usual_terminal(engine: StudioEngine, facts: StudioFacts, board: Board) -> None:
    tell_playing(engine, a_view(), place_s=4.0)
    stand_still(facts)
    engine.generation.progress_changed.emit(Progress(1, 0.5, "composing", 7.0))
    engine.transport.changed.emit(TransportState(is_running=True, is_held=True, recording="/x/y.flac"))
    rows = board.rows(80, 24)
    lines = texts(rows)
    assert len(lines) == 15
    told = "\n".join(lines)
    for words in (
        "I N F I N I L O O P",
        "playing · held · REC",
        "Velvet Antenna – The Paper Lanterns",
        "“lofi calm rap beat, dusty rhodes”",
        "4 bars · 120 bpm · A minor · composer",
        "turn 1 · 4 / 30 s · held",
        "next: composing 50%, 7 s left",
        "0.94",
        "score 93%",
        "seam quieter than 97% of its own beats",
        "overlap 30 ms",
    ):
        assert words in told, (words, told)
    wave = rows[4:8]
    heads = {sum(len(text) for text, _ in row[: [style for _, style in row].index("head")]) for row in wave}
    # 4 s into the loop, which begins 2 s into a clip of 12 s.
    assert heads == {80 * 6 // 12}
    assert [style for _text, style in wave[0]] == ["dim", "accent", "head", "accent", "dim"]
    assert lines[-1] == "─" * 80


def test_what_is_missed_most_stays_in_a_small_terminal(engine: StudioEngine, facts: StudioFacts, board: Board) -> None:
    tell_playing(engine, a_view(), place_s=4.0)
    stand_still(facts)
    shown = {height: [line.split()[0] for line in texts(board.rows(60, height))] for height in (6, 8, 10, 12)}
    assert shown == {
        6: ["turn"],
        8: ["Velvet", "turn", "next:"],
        10: ["I", "Velvet", "turn", "next:", "─" * 60],
        12: ["I", "Velvet", "“lofi", "turn", "L", "next:", "─" * 60],
    }


def test_a_large_terminal_has_a_tall_wave_and_the_metrics_in_one_row(
    engine: StudioEngine, facts: StudioFacts, board: Board
) -> None:
    tell_playing(engine, a_view())
    stand_still(facts)
    rows = board.rows(200, 50)
    lines = texts(rows)
    assert len(lines) == 20
    assert all(line.strip() for line in lines[8:]), "no row is wasted"
    (metrics,) = [line for line in lines if "Spectral" in line]
    assert "Phase" in metrics
    assert metrics.endswith(" score 93%")
    assert sum("head" in [style for _text, style in row] for row in rows) == 10


def test_rows_keep_still_while_nothing_changes(engine: StudioEngine, facts: StudioFacts, board: Board) -> None:
    tell_playing(engine, a_view(), place_s=4.0)
    stand_still(facts)
    assert board.rows(80, 24) == board.rows(80, 24)


def test_levels_are_those_of_what_was_heard_since(engine: StudioEngine, facts: StudioFacts, board: Board) -> None:
    tell_playing(engine, a_view())
    tape = TapeWriter(engine.tape)
    tape.write(np.tile(np.array([[0.5, 0.25]], dtype=np.float32), (4410, 1)))
    (level,) = [line for line in texts(board.rows(80, 24)) if line.startswith("L ")]
    assert "-6.0" in level
    assert "-12.0" in level
    (level,) = [line for line in texts(board.rows(80, 24)) if line.startswith("L ")]
    assert level.count("-∞") == 2, "nothing was heard since"


def test_what_is_wrong_stands_out(engine: StudioEngine, facts: StudioFacts, board: Board) -> None:
    tell_playing(engine, a_view(candidate=replace(CANDIDATE, weak=True)))
    engine.output.device_changed.emit("", None)
    engine.generation.next_changed.emit(
        NextState("failed", error=WorkerHung(worker="composer", limit_s=9.0), retry_s=20.0)
    )
    rows = board.rows(80, 24)
    warnings = [text for row in rows for text, style in row if style == "warning"]
    assert any(text.startswith("weak loop; seam quieter") for text in warnings), warnings
    assert any("composer process did not answer" in text for text in warnings), warnings
    assert any("without sound" in text for text in warnings), warnings


@pytest.mark.parametrize("text", ["[\u05b2] Shalom", "\u0634\u064e", "\u0e01\u0e34", "a\u20d0"])
def test_marks_above_and_below_letters_take_no_cell(text: str) -> None:
    assert cell_width(text) == cell_len(text) < len(text)
