# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer's report measures what it says, on signals and scores whose answers are known."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.values import MusicFacts
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.benchmarks.composerreport import (
    corpus,
    harmony,
    keys,
    measured,
    midi,
    obeyed,
    references,
    rhythm,
    score_access,
    session,
    tempo,
)
from tests.benchmarks.composerreport.notes import Line, Played, Stroke, Written, chroma_of
from tests.benchmarks.composerreport.table import figure, share
from tests.builtpieces import FIVE, FOUR, ONE, RATE, SIX, clicks, piece, sounded

# They prove a report that `make bench-composer` prints, and that has changed little of late.
pytestmark = pytest.mark.soak

# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_cadence_in_c_major_is_named_c_major_on_the_notes() -> None:
    on_notes = chroma_of(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48]).of())
    assert keys.named(on_notes, "albrecht") == keys.named(on_notes, "krumhansl") == "C major"


# librosa compiles itself for half a minute where it runs first: so do all that hear by it.
@pytest.mark.soak
def test_a_cadence_in_c_major_is_named_c_major_by_ear() -> None:
    heard = keys.heard_chroma(sounded(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48])))
    assert keys.named(heard, "albrecht") == "C major"


def test_transposed_chroma_is_the_transposed_key() -> None:
    chroma = chroma_of(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48]).of())
    assert keys.named(np.roll(chroma, 6), "albrecht") == "F# major"


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        ("C major", "A minor", "relative"),
        ("A minor", "C major", "relative"),
        ("C major", "G major", "fifth"),
        ("E minor", "A minor", "fifth"),
        ("C major", "C minor", "parallel"),
        ("C major", "F# major", "other"),
        ("Eb minor", "Eb minor", "same"),
    ],
)
def test_how_keys_are_related(one: str, other: str, related: str) -> None:
    assert keys.relation(one, other) == related
    assert keys.are_related(one, other) == (related != "other")


def test_a_key_two_signatures_away_is_not_related_but_the_dominants_relative_is() -> None:
    assert not keys.are_related("C major", "D major")
    assert keys.are_related("C major", "E minor")


# --- tempo and rhythm -------------------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize("bpm", [84.0, 112.0, 137.0])
def test_the_tempo_of_clicks_is_found(bpm: float) -> None:
    assert tempo.is_tempo(tempo.heard_tempo(clicks(bpm, 60.0 / bpm * 24)), bpm)


def test_a_tempo_is_right_to_four_per_cent_and_at_its_octave_only_where_that_is_allowed() -> None:
    assert tempo.is_tempo(103.0, 100.0)
    assert not tempo.is_tempo(105.0, 100.0)
    assert not tempo.is_tempo(200.0, 100.0)
    assert tempo.is_tempo(200.0, 100.0, octave=True)
    assert not tempo.is_tempo(150.0, 100.0, octave=True)
    assert not tempo.is_tempo(0.0, 100.0, octave=True)


def strokes(*bars: str, bar_s: float = 2.0) -> tuple[Stroke, ...]:
    return tuple(
        Stroke((bar + step / 16) * bar_s, "kick" if sign == "k" else "snare", 0.8)
        for bar, steps in enumerate(bars)
        for step, sign in enumerate(steps)
        if sign != "."
    )


def test_likeness_of_known_bars() -> None:
    same = "k...s...k...s..."
    assert rhythm.bar_likeness(strokes(same, same), 2.0, 2) == 1.0
    assert rhythm.bar_likeness(strokes(same, "k...s...k...k..."), 2.0, 2) == pytest.approx(3 / 5)
    assert rhythm.bar_likeness(strokes(same, same, "s...k...s...k..."), 2.0, 3) == pytest.approx(0.5)
    assert np.isnan(rhythm.bar_likeness((), 2.0, 4))


@pytest.mark.parametrize(("memory", "low", "high"), [(0.0, -0.2, 0.2), (0.8, 0.6, 0.9)])
def test_timing_that_drifts_has_memory_and_white_timing_has_none(memory: float, low: float, high: float) -> None:
    rng = np.random.default_rng(1)
    late, out = 0.0, []
    for one in strokes(*["k.k.s.k.k.k.s.kk"] * 40):
        late = memory * late + np.sqrt(1 - memory**2) * rng.normal(0.0, 0.006)
        swung = 0.03 if round(one.at_s * 8) % 2 else 0.0
        out.append(Stroke(one.at_s + swung + late, one.piece, one.force))
    assert low < rhythm.timing_memory(tuple(out), 2.0) < high


def test_timing_without_deviations_has_no_correlation() -> None:
    assert np.isnan(rhythm.timing_memory(strokes(*["k.k.s.k.k.k.s.kk"] * 8), 2.0))


# --- harmony ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tones", "bass", "root", "kind"),
    [
        (ONE, 48, 0, "major"),
        (SIX, 45, 9, "minor"),
        ((62, 65, 67, 71), 43, 7, "dominant"),
        ((59, 62, 65), 59, 11, "diminished"),
        ((60, 64, 67, 69), 45, 9, "minor seventh"),
    ],
)
def test_chords_are_named(tones: tuple[int, ...], bass: int, root: int, kind: str) -> None:
    found = harmony.chord_of(chroma_of([Played(0.0, 1.0, midi, 0.8) for midi in (*tones, bass)]), bass % 12)
    assert found is not None
    assert (found.root, found.kind) == (root, kind)


@pytest.mark.parametrize(
    ("last", "bass", "leads"),
    [
        (FIVE, 43, True),
        ((62, 65, 67, 71), 43, True),
        ((59, 62, 65), 47, True),
        ((58, 62, 65), 46, True),
        (ONE, 48, False),
        (FOUR, 53, False),
        (SIX, 45, False),
        ((60, 64, 67, 71), 48, False),
    ],
)
def test_which_last_bars_lead_back(last: tuple[int, ...], bass: int, leads: bool) -> None:
    assert harmony.leads_back(piece([ONE, FOUR, SIX, last], [48, 53, 45, bass])) is leads


def test_music_without_notes_neither_leads_back_nor_not() -> None:
    assert harmony.leads_back(Written("", 0, False, 4, 2.0, 4, 16, (), ())) is None


def test_inversions_are_counted() -> None:
    assert harmony.inversions(piece([ONE, FOUR, FIVE, SIX], [48, 53, 43, 45])) == (0, 4)
    assert harmony.inversions(piece([ONE, FOUR, FIVE, SIX], [52, 53, 47, 45])) == (2, 4)


def test_a_melody_that_climbs_in_each_bar_climbs_though_it_begins_low_again() -> None:
    step, rising, falling = harmony.mean_step(piece([ONE] * 4, [48] * 4, [[60, 62, 64, 65]] * 3 + [[67, 66]]))
    assert step == pytest.approx((3 * 5 - 1) / 10)
    assert (rising, falling) == (3, 1)


# --- what is read, and the session ------------------------------------------------------------------------------------


def test_the_score_that_is_measured_is_the_one_that_is_played() -> None:
    request = score_access.request_of("rock in E minor", 3, 6.0)
    written, result = score_access.written(request), score_access.compose(request)
    assert written.duration_s == result.clip.duration_s
    assert (written.bars, written.beats_per_bar) == (result.facts.bars, result.facts.beats_per_bar)
    assert (written.tonic, written.is_minor) == (4, True)
    assert {line.role for line in written.lines} >= {"bass", "lead"}
    assert {one.piece for one in written.strokes} >= {"kick", "snare"}


def test_what_a_prompt_leaves_out_is_looked_for_by_name_and_by_role() -> None:
    written = piece([ONE], [48])
    assert obeyed.has(written, "piano")
    assert obeyed.has(written, "bass")
    assert not obeyed.has(written, "drums")
    electric = replace(written, lines=(Line("chords", "electric piano", ()), Line("lead", "steel guitar", ())))
    assert not obeyed.has(electric, "piano")
    assert obeyed.has(electric, "guitar")


def test_midi_is_read_in_seconds_and_its_drums_in_beats() -> None:
    def message(kind: str, seconds: float, **values: float) -> SimpleNamespace:
        return SimpleNamespace(type=kind, time=seconds, **values)

    reader = midi.Reader()
    for one in (
        message("set_tempo", 0.0, tempo=1_000_000),
        message("time_signature", 0.0, numerator=3, denominator=4),
        message("note_on", 0.0, channel=0, note=60, velocity=127),
        message("note_on", 1.0, channel=9, note=36, velocity=64),
        message("note_on", 1.0, channel=0, note=60, velocity=0),
        message("set_tempo", 0.0, tempo=500_000),
        message("note_on", 1.0, channel=9, note=38, velocity=64),
    ):
        reader.hear(one)
    assert reader.notes == [Played(0.0, 2.0, 60, 1.0)]
    assert [(one.at_s, one.piece) for one in reader.strokes] == [(1.0, "36"), (4.0, "38")]
    assert reader.beats_per_bar == 3.0


@pytest.mark.soak
@pytest.mark.parametrize(("other_hz", "goes_on"), [(220.0, True), (311.1, False)])
def test_a_session_of_one_piece_goes_on_and_another_does_not(other_hz: float, goes_on: bool) -> None:
    told = session.Heard()
    for hz in (220.0, other_hz):
        told.began_s.append(told.n_samples / STUDIO_SAMPLE_RATE)
        t = np.arange(20 * STUDIO_SAMPLE_RATE) / STUDIO_SAMPLE_RATE
        told.write(np.repeat(0.1 * np.sin(2 * np.pi * hz * t)[:, None], 2, axis=1).astype(np.float32))
        told.requests.append(score_access.request_of("folk", 5 if goes_on else int(hz), 8.0))
        told.facts.append(
            MusicFacts(tempo_bpm=90.0 if goes_on else hz, key="A minor" if goes_on or hz < 300 else "Eb major")
        )
    found = session.measured(told)
    assert found.n == 1
    assert (found.same_key, found.same_tempo) == ((1, 1) if goes_on else (0, 0))
    assert (found.chroma > 0.9) is goes_on
    assert found.chroma_within > 0.9
    assert (found.motif == 1.0) is goes_on


@pytest.mark.soak
def test_a_styles_spectrum_is_held_against_what_is_here() -> None:
    tune = np.stack([sounded(piece([ONE], [48]), RATE)] * 2, axis=1)
    sound = measured.sound_of(tune, RATE, measured.heard(tune, RATE))
    assert references.References().thirds_db("techno") is None
    only_gm = references.References(sounds={"GM": [sound]})
    assert only_gm.thirds_db("techno") == pytest.approx(np.array(sound.colour.thirds_db))


# --- the corpus and the table -----------------------------------------------------------------------------------------


def test_the_corpus_asks_for_more_than_three_hundred_clips_and_for_some_seventy_when_quick() -> None:
    every, quick = corpus.asks(), corpus.asks(quick=True)
    assert len(every) >= 300
    assert 50 <= len(quick) <= 80
    assert {ask.group for ask in quick} == {ask.group for ask in every}
    assert len({(ask.group, ask.prompt, ask.seed) for ask in every}) == len(every)
    assert len(set(corpus.STYLE_WORDS)) == 45
    assert set(corpus.PICTURED) <= set(corpus.STYLE_WORDS)


def test_figures_are_told_plainly() -> None:
    assert share([True, True, False, True]) == "3 of 4 = 75 %"
    assert share([]) == "–"
    assert figure(-3.14159, 2, "dB") == "−3.14 dB"
    assert figure(float("nan")) == "–"
