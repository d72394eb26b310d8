# SPDX-License-Identifier: GPL-3.0-or-later
"""The dropout detector finds one planted sample repeated, dropped or zeroed in a minute of music, and nothing else."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.values import FloatArray
from tests.dropouts import Dropout, NotOnTape, follow, follow_itself, follow_loop
from tests.sampling import some
from tests.test_listening import MATERIAL, SAMPLE_RATE, STYLES, music

MINUTE = 60 * SAMPLE_RATE
EDGE = 64
"""Number of samples from the ends within which a window cannot tell a place."""

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered in power:RuntimeWarning")


@cache
def minute(name: str) -> FloatArray:
    """Return a minute as it is played: a loop again and again, another that comes in, that one again and again."""
    first, second = music(name), music("funk" if name != "funk" else "jazz")
    n = min(SAMPLE_RATE, len(first), len(second))
    fade = np.linspace(0.0, 1.0, n, dtype=np.float32)[:, None]
    turns = np.tile(first, (-(-MINUTE // (2 * len(first))), 1))
    turns[-n:] = turns[-n:] * (1.0 - fade) + second[:n] * fade
    whole: FloatArray = np.concatenate([turns, second[n:], np.tile(second, (6, 1))])[:MINUTE]
    return whole


def plant(tape: FloatArray, kind: str, at: int, n: int = 1) -> FloatArray:
    """Return the samples with ``n`` from ``at`` on dropped, played twice, zeroed or pushed back by zeros."""
    if kind == "dropped":
        return np.concatenate([tape[:at], tape[at + n :]])
    if kind == "repeated":
        return np.concatenate([tape[: at + n], tape[at:]])
    zeros = np.zeros((n, tape.shape[1]), dtype=np.float32)
    return np.concatenate([tape[:at], zeros, tape[at + n if kind == "zeroed" else at :]])


def audible_place(tape: FloatArray, at: int) -> int:
    """Return the next place at which a sample differs from its neighbours and from zero, and a fault is audible."""
    part = tape[at:]
    differs = (part[1:-1] != part[:-2]).any(axis=1) & (part[1:-1] != part[2:]).any(axis=1) & part[1:-1].any(axis=1)
    return at + 1 + int(differs.argmax())


def wanted(kind: str, at: int, n: int = 1) -> Dropout:
    n_heard, n_on_tape = {"dropped": (0, n), "repeated": (n, 0), "zeroed": (n, n), "silence": (n, 0)}[kind]
    place = at + n if kind == "repeated" else at
    return Dropout(kind, place, place, n_heard, n_on_tape)  # type: ignore[arg-type]


KINDS = ["dropped", "repeated", "zeroed"]


@pytest.mark.parametrize("kind", some(KINDS))
@settings(max_examples=3, deadline=None)
@given(name=st.sampled_from([*MATERIAL, "drum machine", "synthesizer"]), place=st.integers(EDGE, MINUTE - SAMPLE_RATE))
def test_one_sample_anywhere_in_a_minute(kind: str, name: str, place: int) -> None:
    tape = minute(name)
    at = audible_place(tape, place)
    heard = follow(plant(tape, kind, at), tape)
    assert heard.dropouts == (wanted(kind, at),)
    assert heard.first_samples == heard.first_tape_samples == 0
    assert heard.n_samples == MINUTE + {"dropped": -1, "repeated": 1, "zeroed": 0}[kind]


@pytest.mark.soak
@settings(max_examples=3, deadline=None)
@given(
    name=st.sampled_from(MATERIAL),
    faults=st.lists(st.tuples(st.sampled_from([*KINDS, "silence"]), st.integers(1, 9000)), min_size=1, max_size=8),
    seed=st.integers(0, 999),
)
def test_many_faults_of_any_length_are_told_one_by_one(name: str, faults: list[tuple[str, int]], seed: int) -> None:
    tape = minute(name)
    rng = np.random.default_rng(seed)
    places = np.sort(rng.choice(np.arange(1, 58), len(faults), replace=False)) * SAMPLE_RATE
    heard, moved, found = tape, 0, []
    for (kind, n), rough in zip(faults, places.tolist(), strict=True):
        at = audible_place(tape, rough + int(rng.integers(0, SAMPLE_RATE // 2)))
        heard = plant(heard, kind, at + moved, n)
        found.append((kind, n))
        moved += {"dropped": -n, "zeroed": 0}.get(kind, n)
    dropouts = follow(heard, tape).dropouts
    net = sum(one.n_heard - one.n_on_tape for one in dropouts)
    assert net == moved
    assert len(dropouts) == len(found)
    for one, (kind, n) in zip(dropouts, found, strict=True):
        # A block may begin or end with samples that are right by chance.
        assert one.kind == kind or (kind == "zeroed" and one.kind == "changed")
        assert abs(max(one.n_heard, one.n_on_tape) - n) <= 2


@pytest.mark.parametrize("name", some([*STYLES, "drum machine", "synthesizer", "chord"], every=14))
def test_clean_music_has_none_wherever_the_recording_began(name: str) -> None:
    tape = minute(name)
    rng = np.random.default_rng(len(name))
    silence = np.zeros((int(rng.integers(1, SAMPLE_RATE)), 2), dtype=np.float32)
    begun = int(rng.integers(0, 10 * SAMPLE_RATE))
    before = follow(np.concatenate([silence, tape[: 50 * SAMPLE_RATE]]), tape)
    assert before.dropouts == ()
    assert before.first_samples - before.first_tape_samples == len(silence)
    during = follow(tape[begun : begun + 45 * SAMPLE_RATE], tape)
    assert during.dropouts == ()
    assert during.n_samples == 45 * SAMPLE_RATE
    assert np.array_equal(tape[during.first_tape_samples :][: 45 * SAMPLE_RATE], tape[begun:][: 45 * SAMPLE_RATE])


@pytest.mark.parametrize("kind", some(KINDS))
def test_one_sample_of_a_known_loop_and_of_one_whose_length_is_known(kind: str) -> None:
    loop = music("rock")
    turns = np.tile(loop, (7, 1))[12_345 : 12_345 + 30 * SAMPLE_RATE]
    assert follow_loop(turns, loop).dropouts == ()
    assert follow_itself(turns, len(loop)).dropouts == ()
    for rough in (100, 20 * SAMPLE_RATE):
        at = audible_place(turns, rough)
        heard = plant(turns, kind, at)
        (fault,) = follow_loop(heard, loop).dropouts
        assert (fault.kind, fault.at_samples) == (kind, wanted(kind, at).at_samples)
        assert follow_itself(heard, len(loop)).dropouts


def test_volume_is_part_of_the_tape_and_other_music_is_not_on_it() -> None:
    tape = minute("jazz")[: 10 * SAMPLE_RATE]
    softer = tape.copy()
    softer[100_000:100_100] *= np.float32(0.999)
    (fault,) = follow(softer, tape).dropouts
    assert (fault.kind, fault.at_samples, fault.n_heard) == ("changed", 100_000, 100)
    with pytest.raises(NotOnTape):
        follow(minute("techno")[:SAMPLE_RATE], tape[: SAMPLE_RATE * 2])
    with pytest.raises(NotOnTape):
        follow(np.zeros((SAMPLE_RATE, 2), dtype=np.float32), tape)
