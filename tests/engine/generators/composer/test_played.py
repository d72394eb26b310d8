# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer gives its score away: chords by name at their place, every note, and the parts that sum to the mix."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer.chord_names import chord_name
from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.general_midi import drum_note, kit_program, program_of
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.plan import Plan, make_plan
from engine.generators.composer.played import played_score
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.score import Hit, Note, Part, Score, part_names
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import styles
from engine.generators.composer.theory import Chord, Key, chord
from engine.generators.service import make_clip
from engine.values import ClipResult
from tests.engine.generators.composer.pieces import composed, request, run

C, A_MINOR, E_FLAT = Key(0, "major"), Key(9, "minor"), Key(3, "major")


@pytest.mark.parametrize(
    ("numeral", "key", "colour", "name"),
    [
        ("I", C, "triad", "C"),
        ("i", A_MINOR, "seventh", "Am7"),
        ("VI^3", A_MINOR, "triad", "F/A"),
        ("V7^7", C, "triad", "G7/F"),
        ("bII", C, "triad", "Db"),
        ("bVII", Key(4, "major"), "triad", "D"),
        ("IVmaj9", E_FLAT, "ninth", "Abmaj9"),
        ("V7/ii", C, "triad", "A7"),
        ("iim7b5", Key(0, "minor"), "triad", "Dm7b5"),
        ("viio7", Key(6, "harmonic minor"), "triad", "E#dim7"),
        ("V7", Key(6, "minor"), "triad", "C#7"),
        ("V^3", Key(6, "minor"), "triad", "C#/E#"),
        ("i", A_MINOR, "power", "A5"),
        ("Vsus4", C, "triad", "Gsus4"),
        ("I", C, "add9", "Cadd9"),
    ],
)
def test_chords_are_named_as_musicians_read_them(numeral: str, key: Key, colour: str, name: str) -> None:
    assert chord_name(chord(numeral, key, colour), key) == name


def test_tones_without_a_name_are_called_by_what_has_one() -> None:
    assert chord_name(Chord(0, (0, 4, 7, 11, 20)), C) == "Cmaj7"


def _plan(prompt: str) -> Plan:
    return make_plan(read_prompt(prompt), 10.0, 44100, Streams(1), every=styles())


def test_starts_lie_in_the_clip_and_lengths_are_kept() -> None:
    plan = _plan("house 120 bpm")
    n = plan.grid.n_samples
    style = plan.style.parts[0]
    notes = (Note(-5, 0.5, 60, 1.0), Note(n + 7, 0.1, 62, 0.5), Note(n - 10, 2.0, 64, 0.01))
    score = Score(plan, (Part(style, "piano", notes), Part(style, "piano", notes)), (Hit(-1, "kick", 1.0),), "909")
    told = played_score(score)
    assert [one.name for one in told.parts] == ["piano", "piano 2"]
    assert [(one.start, one.length, one.midi) for one in told.parts[0].notes] == [
        (7, 4410, 62),
        (n - 10, 88200, 64),
        (n - 5, 22050, 60),
    ]
    assert told.parts[0].notes[2].velocity == 127
    assert told.parts[0].notes[1].velocity >= 1
    assert [(one.start, one.midi) for one in told.hits] == [(n - 1, 36)]
    assert (told.bars, told.metre, told.n_samples) == (plan.grid.bars, (4, 4), n)


def test_a_bars_chord_is_at_its_place() -> None:
    plan = _plan("jazz in Bb, 8 bars")
    told = played_score(Score(plan, (Part(plan.style.parts[0], "piano", ()),), (), "jazz"))
    assert told.chords[0].start == 0
    for bar in range(plan.grid.bars):
        here = [one for one in told.chords if one.start <= plan.grid.at(bar, 0)][-1]
        assert here.name == chord_name(plan.chord_at(bar, 0), plan.key)
    assert len(told.chords) >= 4
    assert all(one.name != other.name for one, other in zip(told.chords, told.chords[1:], strict=False))


def test_every_sound_has_a_place_in_general_midi() -> None:
    assert all(0 <= program_of(name) <= 127 for name in INSTRUMENTS)
    assert all(35 <= drum_note(name) <= 81 for name in PIECES)
    assert all(0 <= kit_program(name) <= 127 for name in KITS)
    assert program_of("electric piano") == 4
    assert drum_note("snare") == 38


def test_a_clip_tells_its_score() -> None:
    made = composed("lofi in C minor")
    assert made.score is not None
    assert made.score.n_samples == made.clip.n_samples
    assert (made.score.key, made.score.bars) == (made.facts.key, made.facts.bars)
    assert len(made.score.parts) >= 2
    assert made.score.hits
    assert len(pickle.dumps(made.score)) < 200_000
    drums = run(request("lofi, drums only"))[0].score
    assert drums is not None
    assert (drums.parts, drums.chords) == ((), ())


def _made(stems: bool) -> ClipResult:
    return finished(make_clip(replace(request("lofi in C minor", 8.0, 2), stems=stems), GeneratorSettings()))


def test_stems_sum_to_the_clip_that_is_made_without_them() -> None:
    plain, made = _made(False), _made(True)
    assert plain.stems == {}
    assert made.score is not None
    assert set(made.stems) >= {*(one.name for one in made.score.parts), "drums"}
    for other in (made.clip, plain.clip):
        total = np.sum([one.samples for one in made.stems.values()], axis=0, dtype=np.float64)
        left = float(np.abs(total - other.samples).max())
        assert 20.0 * np.log10(left / float(np.abs(other.samples).max())) < -90.0
    loud = [float(np.abs(one.samples).max()) for name, one in made.stems.items() if name != "noise"]
    assert min(loud) > 0.01


def test_parts_of_one_instrument_are_told_apart() -> None:
    part = Part(_plan("house").style.parts[0], "piano", ())
    assert part_names((part, replace(part, instrument="choir"), part, part)) == ("piano", "choir", "piano 2", "piano 3")
