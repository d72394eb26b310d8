# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips of a family are one piece: they keep key, tempo, motif and players, and none repeats another."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NotTaken, OutOfRange
from engine.generators.composer.family import begin
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.styles import styles
from engine.generators.composer.theory import Key
from engine.generators.registry import generator_named
from engine.generators.requests import check_request
from engine.values import ClipRequest, ClipResult, Family
from engine.values.checked import Fields
from tests.engine.generators.composer.pieces import request, run


def piece(prompt: str, n_clips: int, evolve: float, *, duration_s: float = 6.0) -> list[ClipResult]:
    """Return the clips of one piece, each going on from the one before."""
    out: list[ClipResult] = []
    for seed in range(n_clips):
        follows = out[-1].family if out else None
        out.append(run(replace(request(prompt, duration_s, seed), follows=follows, evolve=evolve))[0])
    return out


def related(one: str, other: str) -> bool:
    """Return whether two keys are the same, relatives, or a fifth apart."""
    tonics = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
    flat = {"C#": "Db", "G#": "Ab"}

    def read(name: str) -> tuple[int, bool]:
        tonic, _, mode = name.partition(" ")
        return tonics.index(flat.get(tonic, tonic)), mode == "minor"

    (a, a_minor), (b, b_minor) = read(one), read(other)
    if a_minor == b_minor:
        return (a - b) % 12 in {0, 5, 7}
    return (b - a) % 12 == (3 if a_minor else 9)


def test_a_piece_that_stays_keeps_key_tempo_and_players() -> None:
    clips = piece("lofi", 5, 0.0)
    assert len({one.facts.key for one in clips}) == 1
    assert len({one.facts.tempo_bpm for one in clips}) == 1
    assert len({one.facts.bars for one in clips}) == 1
    families = [one.family for one in clips]
    assert all(one is not None for one in families)
    assert len({one.name for one in families if one is not None}) == 1
    assert [one.age for one in families if one is not None] == [0, 1, 2, 3, 4]


@pytest.mark.soak
def test_no_clip_of_a_piece_repeats_another() -> None:
    clips = piece("house, 124 bpm", 4, 0.0, duration_s=8.0)
    for i, one in enumerate(clips):
        for other in clips[:i]:
            assert one.clip.n_samples == other.clip.n_samples
            assert np.corrcoef(one.clip.samples[:, 0], other.clip.samples[:, 0])[0, 1] < 0.98


@pytest.mark.soak
def test_a_piece_that_wanders_moves_to_related_keys_in_small_steps_of_tempo() -> None:
    clips = piece("lofi", 12, 1.0, duration_s=5.0)
    keys = [one.facts.key or "" for one in clips]
    assert len(set(keys)) > 1
    assert all(related(a, b) for a, b in itertools.pairwise(keys))
    tempos = [one.facts.tempo_bpm or 0.0 for one in clips]
    assert len(set(tempos)) > 1
    assert all(abs(np.log(b / a)) < 0.07 for a, b in itertools.pairwise(tempos))


def test_without_a_clip_before_each_piece_is_its_own() -> None:
    keys = {run(request("lofi", 5.0, seed))[0].facts.key for seed in range(6)}
    assert len(keys) > 2


def test_what_the_words_say_comes_before_what_the_piece_keeps() -> None:
    first = piece("lofi", 1, 0.0)[0]
    asked = replace(request("lofi in F# minor, 77 bpm", 6.0, 3), follows=first.family, evolve=0.0)
    made = run(asked)[0]
    assert made.facts.key == "F# minor"
    assert made.facts.tempo_bpm == 77.0


def test_another_style_keeps_the_tonic_and_takes_its_own_tempo() -> None:
    first = piece("lofi in A minor", 1, 0.0)[0]
    made = run(replace(request("drum and bass", 6.0, 3), follows=first.family, evolve=0.0))[0]
    assert (made.facts.key or "").startswith("A ")
    low, high = styles()["drum and bass"].tempo
    assert low - 0.1 <= (made.facts.tempo_bpm or 0.0) <= high + 0.1


def test_the_same_request_makes_the_same_clip_of_a_piece_again() -> None:
    first = piece("ambient", 1, 0.3)[0]
    asked = replace(request("ambient", 6.0, 9), follows=first.family, evolve=0.3)
    np.testing.assert_array_equal(run(asked)[0].clip.samples, run(asked)[0].clip.samples)


def test_a_piece_rises_falls_and_breaks_down() -> None:
    name = "ab12"
    memory = piece("house", 1, 0.0)[0].family
    assert memory is not None
    energies = [
        begin(read_prompt("house"), age, Family(name, age, memory.memory), 0.0, styles()).brief.energy
        for age in range(24)
    ]
    assert max(energies) > 0.2
    assert min(energies) < -0.7
    assert 2 <= sum(one < -0.7 for one in energies) <= 4


@given(st.one_of(st.text(max_size=60), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
@settings(max_examples=60, deadline=None)
def test_a_memory_that_cannot_be_read_counts_as_none(text: str) -> None:
    beginning = begin(read_prompt("lofi"), 4, Family("x", 3, text), 0.5, styles())
    assert beginning.age == 0
    assert beginning.brief == read_prompt("lofi")


def test_a_memory_of_a_style_that_is_gone_counts_as_none() -> None:
    memory = piece("lofi", 1, 0.0)[0].family
    assert memory is not None
    gone = memory.memory.replace('"lofi"', '"gone"')
    assert begin(read_prompt("lofi"), 4, Family("x", 3, gone), 0.5, styles()).age == 0


def test_a_family_is_read_back_as_it_was_written() -> None:
    family = piece("lofi", 1, 0.0)[0].family
    assert family is not None
    assert Family.from_fields(Fields.of(json.loads(json.dumps(family.as_dict())))) == family
    with pytest.raises(ValueError, match="memory"):
        Family.from_fields(Fields.of({"name": "x", "age": 0, "memory": "x" * 5000}))


def test_only_generators_that_make_families_take_one() -> None:
    family = Family("x", 0, "{}")
    with pytest.raises(NotTaken):
        check_request(ClipRequest(1, "lofi", "musicgpt", "", 10.0, follows=family), generator_named("musicgpt"))
    with pytest.raises(OutOfRange, match=r"evolve is 1\.5"):
        check_request(ClipRequest(1, "lofi", "composer", "", 10.0, evolve=1.5), generator_named("composer"))


def test_relatives_are_told() -> None:
    assert related("A minor", "C major")
    assert related("A minor", "E minor")
    assert not related("A minor", "A major")
    assert not related("C major", Key(6, "major").name)
