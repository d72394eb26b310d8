# SPDX-License-Identifier: GPL-3.0-or-later
"""Given chords and beats are kept: the notes are the chords', begin on the beats, and last exactly as long."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import accumulate
from math import sin
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.dsp.chordnames import read_chord
from engine.errors import CannotRead, OutOfRange, UnknownChoice, UserError, WrongKind
from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer.declared import SOUNDS
from engine.generators.composer.guided import key_of
from engine.generators.composer.making import written
from engine.generators.composer.played import played_score
from engine.generators.composer.score import Score
from engine.generators.composer.style_text import METRE_STEPS
from engine.generators.guides import MOST_BYTES, chords_read, on_beats, read_beats
from engine.generators.registry import generator_named
from engine.generators.requests import check_request
from engine.generators.service import make_clip
from engine.generators.standard import METRES
from engine.values import ClipRequest, GivenBeats, GivenChord, Guide, Layer, Parameters
from engine.values.guide import SHORTEST_BEAT_S
from tests.engine.generators.composer.pieces import request

RATE = 44_100
SONG = "Am7 | F Dm | N.C. | G7/B E7b9"
# A player who hurries and drags by 12 %, after an up-beat of two.
TIMES = tuple(accumulate((0.55 + 0.066 * sin(i / 4.0) for i in range(33)), initial=0.31))
FREE = GivenBeats(TIMES, TIMES[-1] + 0.9, "4/4", tuple(range(2, 34, 4)))


@cache
def piece(style: str, *, is_free: bool) -> Score:
    guide = chords_read(SONG)
    asked = replace(request(style, 12.0, 2), guide=on_beats(guide, FREE) if is_free else guide)
    return written(asked, GeneratorSettings(), 2)[1]


@pytest.mark.parametrize("style", ["techno", "disco", "drum and bass", "metal", "synthpop"])
def test_notes_and_strokes_fall_on_beats_that_are_not_steady(style: str) -> None:
    score = piece(style, is_free=True)
    sixteenths = np.array([FREE.time_s(i / 4.0) for i in range(4 * len(TIMES) + 1)])
    starts_s = [one.start / RATE for one in score.hits]
    starts_s += [note.start / RATE for part in score.parts for note in part.notes]
    away_s = [float(np.abs(sixteenths - one).min()) for one in starts_s]
    assert len(away_s) > 100
    assert max(away_s) < 0.01
    assert score.plan.grid.n_samples == round(FREE.duration_s * RATE)
    steady = np.arange(0.31, FREE.duration_s, 0.55 / 4)
    assert np.mean([np.abs(steady - one).min() > 0.02 for one in starts_s]) > 0.3, "a steady grid would not do"


@pytest.mark.parametrize("style", ["bossa nova", "lofi", "rock", "baroque", "waltz", "ambient", "jazz trio", "ska"])
@pytest.mark.parametrize("is_free", [False, True])
def test_what_is_held_belongs_to_the_chord_that_is_given(style: str, is_free: bool) -> None:
    score = piece(style, is_free=is_free)
    told, n = played_score(score).chords, score.plan.grid.n_samples
    starts = [one.start for one in told]
    assert {one.name for one in told} == {"Am7", "F", "Dm", "N.C.", "G7/B", "E7b9"}
    fits: list[bool] = []
    for part in score.parts:
        for note in part.notes:
            at_s = np.arange(0.03, note.gate_s - 0.03, 0.05)
            for place in (note.start + at_s * RATE) % n:
                chord = read_chord(told[bisect.bisect_right(starts, place) - 1].name)
                assert chord is not None, "where there is no chord, no note is held"
                classes = {(chord.root + tone) % 12 for tone in chord.tones} | {chord.bass}
                if part.style.role in {"chords", "arp", "pad"} and note.gate_s >= 0.3:
                    fits.append(note.midi % 12 in classes)
    assert np.mean(fits) >= 0.95
    for note in (note for part in score.parts if part.style.role == "bass" for note in part.notes):
        for one in told:
            if abs(note.start - one.start) < 0.05 * RATE and (chord := read_chord(one.name)) is not None:
                assert note.midi % 12 == chord.bass, f"the bass says {one.name}"


def test_a_clip_lasts_as_long_as_its_guide_to_the_sample() -> None:
    beats = replace(FREE, times_s=TIMES[:13], duration_s=TIMES[12] + 0.9, downbeats=(2, 6, 10))
    guide = on_beats(chords_read("Am F"), beats)
    sounds = Parameters({SOUNDS.name: "synthesised"})
    asked = replace(request("bossa nova", 20.0, 1), guide=guide, layer=Layer.named("bass"), parameters=sounds)
    made = finished(make_clip(asked, GeneratorSettings()))
    assert made.clip.n_samples == round(beats.duration_s * RATE)
    assert made.clip.wraps
    assert (made.facts.key, made.facts.bars) == ("A minor", 4)
    assert made.score is not None
    assert [one.name for one in made.score.chords[:3]] == ["Am", "F", "Am"]
    assert np.abs(made.clip.samples[: round(0.2 * RATE)]).max() < np.abs(made.clip.samples).max()
    drums = replace(request("lofi in Eb minor", 12.0, 1), guide=on_beats(None, beats), layer=Layer.named("drums"))
    score = written(drums, GeneratorSettings(), 1)[1]
    assert (score.plan.key.name, score.plan.grid.n_samples) == ("Eb minor", made.clip.n_samples)
    chart = replace(request("bossa nova", 12.0, 1), guide=chords_read("Am | F C | G7"))
    assert written(chart, GeneratorSettings(), 1)[1].plan.grid.bars % 3 == 0
    assert written(replace(chart, bars=5, metre="3/4"), GeneratorSettings(), 1)[1].plan.grid.bars == 5


@pytest.mark.parametrize(
    ("text", "key"),
    [("C Am F G", "C major"), ("Am F C G", "A minor"), ("Dm7 | G7 | Cmaj7", "C major"),
     ("Em | Em | Am | B7", "E minor"), ("Bbm Gb Db Ab7", "Bb minor"), ("D | G | A7", "D major")],
)  # fmt: skip
def test_chords_imply_a_key(text: str, key: str) -> None:
    found = key_of(chords_read(text)).name
    relative = {"A minor": "C major", "Bb minor": "Db major"}
    assert found in {key, relative.get(key)}


def test_bars_may_be_incomplete_and_chords_are_moved_to_beats() -> None:
    assert [(bar.first, bar.n_beats, bar.missing) for bar in FREE.bars()[:3]] == [(0, 2, 2), (2, 4, 0), (6, 4, 0)]
    odd = GivenBeats(tuple(i / 2 for i in range(9)), 4.6, "4/4", (0, 6))
    assert [(bar.first, bar.n_beats) for bar in odd.bars()] == [(0, 4), (4, 2), (6, 3)]
    assert odd.end_s == pytest.approx(4.6), "what goes on at the start takes the time up to there"
    assert replace(odd, duration_s=9.0).end_s == 4.5, "and what does not lasts as long as the beat before"
    moved = Guide.on_beats(odd, [(0.1, "Am"), (1.6, "F"), (2.1, "C")])
    assert moved.chords == (GivenChord(0.0, "Am"), GivenChord(0.75, "F"), GivenChord(1.0, "C"))


def test_charts_and_beats_are_read_as_people_write_them(tmp_path: Path) -> None:
    assert chords_read("| Am | % | F . . G |").chords == (
        GivenChord(0.0, "Am"),
        GivenChord(2.0, "F"),
        GivenChord(2.75, "G"),
    )
    assert (chords_read("Am F C G").bars, chords_read("Am F | C G").bars) == (4, 2)
    path = tmp_path / "beats.txt"
    path.write_text("# found\n0,5 3\n1.0\t1\n\n1.6 2\n2.1 3\n2.7 1\n")
    beats = read_beats(path)
    assert (beats.times_s, beats.metre, beats.downbeats) == ((0.5, 1.0, 1.6, 2.1, 2.7), "3/4", (1, 4))
    path.write_text("half past two")
    with pytest.raises(WrongKind, match="line 1 of"):
        read_beats(path)
    path.write_text("0.5\nnan\n1.5\n")
    with pytest.raises(WrongKind, match="beat 2 is “nan”"):
        read_beats(path)
    path.write_text("1.5 1\n")
    with pytest.raises(WrongKind, match="“one beat”"):
        read_beats(path)
    path.write_text("0.5\n" * (MOST_BYTES // 4 + 1))
    with pytest.raises(CannotRead, match="more than"):
        read_beats(path)
    with pytest.raises(CannotRead):
        read_beats(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("name", "root", "tones"),
    [("Am7", 9, (0, 3, 7, 10)), ("Bb^7", 10, (0, 4, 7, 11)), ("F#-7b5", 6, (0, 3, 6, 10)), ("sol7", 7, (0, 4, 7, 10)),
     ("Do", 0, (0, 4, 7)), ("Fadd9", 5, (0, 4, 7, 14)), ("C6/9", 0, (0, 4, 7, 9, 14)), ("E:min", 4, (0, 3, 7))],
)  # fmt: skip
def test_chords_are_read_in_their_usual_spellings(name: str, root: int, tones: tuple[int, ...]) -> None:
    assert (chord := read_chord(name)) is not None
    assert (chord.root, chord.tones, chord.bass) == (root, tones, root)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: chords_read("Am | H7"), UnknownChoice, "no chord called “H7”"),
        (lambda: chords_read("N.C. | %"), WrongKind, "chords is “N.C.”, and must be one chord or more"),
        (lambda: chords_read(" "), WrongKind, "must be one chord or more"),
        (lambda: replace(FREE, times_s=(1.0, 0.5)), WrongKind, "beat 2 is “0.5”, and must be a number from 1 on"),
        (lambda: replace(FREE, times_s=(1.0,)), OutOfRange, "number of beats is 1"),
        (lambda: replace(FREE, duration_s=9.0), WrongKind, "and must be before the end at 9 s"),
        (lambda: replace(FREE, metre="4"), WrongKind, "metre is “4”"),
        (lambda: replace(FREE, downbeats=(3, 3)), WrongKind, "downbeats is “3, 3”"),
        (lambda: Guide((GivenChord(2.0, "Am"),), 2), WrongKind, "must be later than the one before, and within 2 bars"),
        (
            lambda: gate(guide=on_beats(chords_read("Am"), FREE), bpm=90.0),
            UserError,
            "no tempo beside beats",
        ),
        (lambda: gate(guide=Guide((GivenChord(0.0, "Xm"),), 1)), UnknownChoice, "no chord called “Xm”"),
        (lambda: gate(guide=on_beats(chords_read("Am"), replace(FREE, duration_s=900.0))), WrongKind, "300 s at most"),
        (lambda: gate(layer=Layer.named("choir")), UnknownChoice, "no layer called “choir”: choose one of everything,"),
        (lambda: gate(metre="3/5"), UnknownChoice, "no metre called “3/5”"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    make: Callable[[], object], error: type[UserError], words: str
) -> None:
    with pytest.raises(error, match=words):
        make()


def gate(**values: Any) -> None:
    check_request(ClipRequest(1, "lofi", "composer", "", 8.0, **values), generator_named("composer"))


def test_every_metre_that_can_be_asked_for_can_be_played() -> None:
    assert set(METRES) == set(METRE_STEPS)
    for metre in METRES:
        score = written(replace(request("rock", 6.0, 1), metre=metre), GeneratorSettings(), 1)[1]
        assert "{}/{}".format(*score.plan.grid.metre) == metre


def test_beats_of_the_shortest_length_are_taken_though_their_difference_is_a_hair_less() -> None:
    times = tuple(float(f"{i / 10:.1f}") for i in range(40))
    assert min(np.diff(times)) < SHORTEST_BEAT_S
    assert GivenBeats(times, 4.0, "4/4").times_s == times
