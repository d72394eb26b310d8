# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge is mir_eval, the field's own measures, kept warm in a process of its own environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.values import GivenBeats
from engine.values.guide import NO_CHORD
from tests.benchmarks.heardcases.pieces import TruePiece
from tests.benchmarks.warm_peer import WarmPeer, warm_peer

_EDGE_S = 0.07


@dataclass(frozen=True, slots=True)
class Told:
    """Told is what a listener says of a piece.

    Attributes
    ----------
    beats_s, downbeats_s
        Felt beats, and those on which bars begin, seconds.
    chords
        Each chord's first second, and its name as "F#m" or ``NO_CHORD``.
    key
        As "A minor", or None.
    """

    beats_s: tuple[float, ...]
    downbeats_s: tuple[float, ...]
    chords: tuple[tuple[float, str], ...]
    key: str | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement says how right a listener is about a piece.

    Attributes
    ----------
    f_measure, bars
        F-measures of the beats, and of the bars' beginnings, in [0, 1], to 70 ms.
    off_ms
        By how much the beats are late that match one of the piece.
    right_s, judged_s
        Seconds whose chord is right, and seconds with a chord that is judged: a major or minor triad, with or without
        a seventh.
    key
        Weighted score of MIREX: 1 is right; a fifth, the relative and the parallel key count for something.
    """

    f_measure: float
    bars: float
    off_ms: tuple[float, ...]
    right_s: float
    judged_s: float
    key: float


class Judge:
    """A judge asks one process, one piece at a time."""

    def __init__(self, warm: WarmPeer) -> None:
        self._warm = warm

    def judged(self, true: TruePiece, told: Told) -> Judgement:
        """Judge what a listener told of a piece. Raises PeerMissing when the process died."""
        said = self._warm.ask(request_of(true, told), true.name)
        return Judgement(**(said | {"off_ms": tuple(said["off_ms"])}))


@contextmanager
def judge(log: Path) -> Iterator[Judge]:
    """Yield a warm judge, whose output goes to ``log``. Raises PeerMissing."""
    with warm_peer("mir_eval", Path(__file__).with_name("judge_service.py"), log, "bench-continue") as warm:
        yield Judge(warm)


def request_of(true: TruePiece, told: Told) -> dict[str, Any]:
    """Return what the judge is asked: beats beyond the piece's first one and its end are left out."""
    first_s, last_s = true.beats_s[0] - _EDGE_S, true.end_s - _EDGE_S
    beats_s, downbeats_s = (
        [time_s for time_s in times_s if first_s <= time_s < last_s] for times_s in (told.beats_s, told.downbeats_s)
    )
    return {
        "true": {
            "beats_s": list(true.beats_s),
            "downbeats_s": [true.beats_s[number] for number in true.downbeats],
            "chords": [[time_s, "X" if name is None else label(name)] for time_s, name in true.chords],
            "key": true.key,
        },
        "heard": {
            "beats_s": beats_s,
            "downbeats_s": downbeats_s,
            "chords": [[time_s, label(name)] for time_s, name in told.chords],
            "key": told.key,
        },
        "end_s": true.end_s,
    }


def label(name: str) -> str:
    """Return a chord's name as mir_eval writes it: “F#:min” for “F#m”, “N” for none."""
    if name == NO_CHORD:
        return "N"
    found = re.fullmatch(r"([A-G][#b]?)(m?)", name)
    if found is None:
        raise ValueError(f"“{name}” is neither a major nor a minor triad")
    return f"{found[1]}:{'min' if found[2] else 'maj'}"


def felt_beats(beats: GivenBeats) -> tuple[float, ...]:
    """Return the felt beats of what was heard: in 6/8 and its like each third of the eighths, elsewhere all."""
    per, _, unit = beats.metre.partition("/")
    if unit != "8" or int(per) % 3:
        return beats.times_s
    numbers = [
        bar.first + number for bar in beats.bars() for number in range(bar.n_beats) if (bar.missing + number) % 3 == 0
    ]
    return tuple(beats.times_s[number] for number in numbers)


def weighted_chords(judgements: Sequence[Judgement]) -> float:
    """Return the part of all seconds judged whose chord is right, or NaN where none is judged."""
    judged_s = sum(one.judged_s for one in judgements)
    return sum(one.right_s for one in judgements) / judged_s if judged_s else float("nan")


def mean(values: Sequence[float]) -> float:
    """Return the mean, or NaN of nothing."""
    return float(np.mean(values)) if values else float("nan")
