# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on what is heard of a recording judges right what is right, and wrong what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.values import Clip, GivenBeats
from tests.benchmarks.continuereport import bars, beats, chords, keys
from tests.benchmarks.continuereport.judge import (
    Judgement,
    Told,
    felt_beats,
    judge,
    label,
    request_of,
    weighted_chords,
)
from tests.benchmarks.continuereport.plain import plainly_heard
from tests.benchmarks.continuereport.speed import at_length
from tests.benchmarks.continuereport.tables import Outcome, groups
from tests.benchmarks.heardcases.pieces import TruePiece
from tests.benchmarks.warm_peer import PYTHON

BEATS_S = tuple(0.5 * number for number in range(1, 17))
TRUE = TruePiece(
    name="try",
    source="song",
    clip=Clip(np.zeros((9 * 22_050, 1), dtype=np.float32), 22_050),
    beats_s=BEATS_S,
    end_s=8.5,
    downbeats=(0, 4, 8, 12),
    chords=((0.5, "C"), (2.5, None), (4.5, "F#m"), (6.5, "C")),
    key="C major",
    tempo_kind="steady",
    swing=0.6,
)
RIGHT = Told(BEATS_S, BEATS_S[::4], ((0.5, "C"), (4.5, "F#m"), (6.5, "C")), "C major")
ALL, NONE = Judgement(1.0, 1.0, (0.0,), 6.0, 6.0, 1.0), Judgement(0.0, 0.0, (), 0.0, 6.0, 0.0)


def test_chords_are_labelled_as_the_judge_has_them() -> None:
    assert [label(name) for name in ("C", "F#m", "Bb", "N.C.")] == ["C:maj", "F#:min", "Bb:maj", "N"]
    with pytest.raises(ValueError, match="C7"):
        label("C7")


def test_beats_outside_a_piece_are_not_judged() -> None:
    told = replace(RIGHT, beats_s=(0.0, *BEATS_S, 8.5, 9.0), downbeats_s=(*BEATS_S[::4], 8.5))
    asked = request_of(TRUE, told)
    assert asked["heard"]["beats_s"] == asked["true"]["beats_s"] == list(BEATS_S)
    assert asked["heard"]["downbeats_s"] == asked["true"]["downbeats_s"] == list(BEATS_S[::4])


@pytest.mark.parametrize(
    ("metre", "downbeats", "felt"),
    [("4/4", (), range(12)), ("6/8", (), (0, 3, 6, 9)), ("6/8", (1, 7), (1, 4, 7, 10)), ("5/8", (), range(12))],
)
def test_felt_beats_of_six_eighths_are_its_thirds(metre: str, downbeats: tuple[int, ...], felt: range) -> None:
    given = GivenBeats(tuple(range(12)), 12.0, metre, downbeats)
    assert felt_beats(given) == tuple(felt)


def test_chords_count_by_the_seconds_that_they_last() -> None:
    assert weighted_chords([Judgement(0, 0, (), 1.0, 2.0, 0), Judgement(0, 0, (), 6.0, 6.0, 0)]) == 7.0 / 8.0
    assert np.isnan(weighted_chords([]))


def test_tables_have_a_row_for_each_source_and_tempo_that_there_is() -> None:
    outcomes = [Outcome(TRUE, ALL, NONE), Outcome(replace(TRUE, tempo_kind="drift", swing=0.5), ALL, ALL)]
    rows = ["all", "songs", "tempo: steady", "tempo: drift", "swung"]
    assert [title for title, _ in groups(outcomes)] == rows
    assert "| all | 2 | 1.000 | 0.500 |" in beats.text(outcomes)
    assert "| all | 2 | 1.000 | 0.500 |" in bars.text(outcomes)
    assert "| all | 2 | 1.000 | 0.500 |" in chords.text(outcomes)
    assert "| swung | 1 | 1.000 | 0.000 | 1.000 | 0.000 |" in keys.text(outcomes)
    # No beat of the plain listener matches in the piece that swings.
    assert "| swung | 1 | 0.0 | – | 0.0 | – | 0.0 | – |" in beats.text(outcomes)


@pytest.mark.parametrize("length_s", [4.0, 30.0])
def test_a_clip_is_brought_to_a_length(length_s: float) -> None:
    clip = at_length(TRUE.clip, length_s)
    assert clip.n_samples == round(length_s * 22_050)


@pytest.mark.skipif(not PYTHON.exists(), reason="mir_eval comes with make bench-continue")
def test_the_judge_knows_right_from_wrong(tmp_path: Path) -> None:
    late = tuple(time_s + 0.05 for time_s in BEATS_S)
    with judge(tmp_path / "log") as judge_:
        right = judge_.judged(TRUE, RIGHT)
        off = judge_.judged(TRUE, Told(late, late[2::4], ((0.5, "C"),), "A minor"))
        wrong = judge_.judged(TRUE, Told((), (), (), None))
    assert right == Judgement(1.0, 1.0, (0.0,) * 16, 6.0, 6.0, 1.0)
    assert (off.f_measure, off.bars) == (1.0, 0.0)
    assert off.off_ms == pytest.approx([50.0] * 16)
    # The chord that is neither major nor minor is not judged.
    assert (off.right_s, off.judged_s, off.key) == (4.0, 6.0, 0.3)
    assert (wrong.f_measure, wrong.bars, wrong.right_s, wrong.judged_s, wrong.key) == (0.0, 0.0, 0.0, 6.0, 0.0)


# librosa compiles itself for half a minute where it runs first.
@pytest.mark.soak
def test_the_plain_listener_hears_what_is_plain() -> None:
    rate = 44_100
    time_s = np.arange(16 * rate) / rate
    within_s = time_s % 0.5
    tones = np.where((time_s // 2.0)[:, None] % 2 == 0, np.array([[60, 64, 67]]), np.array([[69, 72, 76]]))
    waves = np.sin(2.0 * np.pi * 440.0 * 2.0 ** ((tones - 69) / 12.0) * time_s[:, None]).sum(axis=1)
    told = plainly_heard(Clip((0.2 * waves * np.exp(-6.0 * within_s))[:, None].astype(np.float32), rate))
    off_s = np.abs(np.array(told.beats_s) - np.round(np.array(told.beats_s) / 0.5) * 0.5)
    assert np.median(off_s) < 0.03
    names = {name for second, name in told.chords if 1.0 < second % 4.0 < 1.9}
    assert names == {"C"}
