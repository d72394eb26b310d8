# SPDX-License-Identifier: GPL-3.0-or-later
"""Times are read as they are written, and what no sound could make sense of is refused with its name."""

from __future__ import annotations

import argparse

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands.loop_arguments import add_choice_arguments, check_choice, search_of
from app.commands.numbers import format_time, time
from engine.errors import OutOfRange
from engine.values import Algorithm, Clip, LoopRegion

CLIP = Clip(np.zeros((48_000, 1), np.float32), 8_000)  # six seconds


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_choice_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("text", "n_samples"),
    [
        ("90", 720_000), ("90s", 720_000), ("1.5", 12_000), (".5", 4_000), ("2:37", 1_256_000), ("0:01.25", 10_000),
        ("1:02:03", 29_784_000), ("1h", 28_800_000), ("1h30m", 43_200_000), ("1m5s", 520_000), ("250ms", 2_000),
        ("2m", 960_000), ("@123456", 123_456), ("@0", 0), ("35%", 16_800), ("100%", 48_000), ("200 %".replace(" ", ""),
        96_000), ("1H", 28_800_000),
    ],
)  # fmt: skip
def test_times(text: str, n_samples: int) -> None:
    assert time(text).samples(CLIP) == n_samples
    assert time(text).seconds(CLIP) == pytest.approx(n_samples / 8_000)


@pytest.mark.parametrize(
    "text", ["", " ", "x", "-1", "1e3", "nan", "inf", "1:", ":30", "1:2:3:4", "@1.5", "@-3", "5x", "%", "1s1h", "１"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a time"):
        time(text)


@given(n_samples=st.integers(0, 10**9), rate=st.sampled_from([8_000, 44_100, 48_000, 192_000]))
def test_what_is_told_is_read_back(n_samples: int, rate: int) -> None:
    clip = Clip(np.zeros((1, 1), np.float32), rate)
    assert time("@" + format_time(n_samples, rate, "samples")).samples(clip) == n_samples
    assert time(format_time(n_samples, rate, "seconds")).samples(clip) == n_samples
    assert abs(time(format_time(n_samples, rate)).seconds(clip) - n_samples / rate) < 0.00051


def test_a_search_is_what_was_asked_for() -> None:
    plain = search_of(parsed(), CLIP, top=7)
    assert (plain.algorithm, plain.min_loop_s, plain.max_loop_s, plain.top) == (Algorithm.ADVANCED, None, None, 7)
    assert plain.facts.tempo_bpm is None
    words = "--algorithm classic --min-loop 10% --max-loop @40000 --whole-bars --near 1 0:04 --near-window 250ms"
    asked = search_of(parsed(*words.split(), "--bar-length", "2s", "--beats-per-bar", "3"), CLIP, top=1)
    assert (asked.algorithm, asked.max_loop_s) == (Algorithm.CLASSIC, 5.0)
    assert asked.min_loop_s == pytest.approx(0.6)
    assert asked.whole_bars
    assert (asked.near, asked.near_s) == (LoopRegion(8_000, 32_000), 0.25)
    assert (asked.facts.tempo_bpm, asked.facts.beats_per_bar) == (90.0, 3)
    assert search_of(parsed("--tempo", "93.5"), CLIP, top=1).facts.tempo_bpm == 93.5
    assert search_of(parsed("--bar-length", "2"), CLIP, top=1).facts.tempo_bpm == 120.0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("--min-loop 0", "--min-loop is 0"),
        ("--min-loop 25h", "--min-loop is 25h"),
        ("--min-loop 5 --max-loop 4", "--max-loop is 4"),
        ("--max-loop 0%", "--max-loop is 0%"),
        ("--near-window 0", "--near-window"),
        ("--tempo 5", "--tempo is 5"),
        ("--tempo nan", "--tempo is nan"),
        ("--bar-length 0", "--bar-length"),
        ("--beats-per-bar 0", "--beats-per-bar is 0"),
        ("--candidate 0", "--candidate is 0"),
        ("--candidate 101", "--candidate is 101"),
    ],
)
def test_what_makes_no_sense_is_named(words: str, named: str) -> None:
    with pytest.raises(OutOfRange) as caught:
        check_choice(parsed(*words.split()))
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("--near 1 7", "--near’s end is 7"),
        ("--near 3 2", "--near’s start is 3"),
        ("--min-loop 50% --max-loop 2", "--max-loop is 2"),
    ],
)
def test_what_this_sound_cannot_give_is_named(words: str, named: str) -> None:
    arguments = parsed(*words.split())
    check_choice(arguments)
    with pytest.raises(OutOfRange) as caught:
        search_of(arguments, CLIP, top=1)
    assert named in str(caught.value)


@pytest.mark.parametrize("words", ["--loop 1 2 --tagged", "--tempo 90 --bar-length 2", "--candidate 2 --loop 1 2"])
def test_what_excludes_each_other(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed(*words.split())
    assert "not allowed with" in capsys.readouterr().err
