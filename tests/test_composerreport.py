# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer's report measures what it says, on signals and scores whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.composerreport import colour, corpus, harmony, keys, levels, likeness, rhythm, seams, tempo
from tests.benchmarks.composerreport.classifier import named_right
from tests.benchmarks.composerreport.notes import Line, Played, Stroke, Written, chroma_of
from tests.benchmarks.composerreport.table import figure, share
from tests.benchmarks.loopcases.cases import DoubleArray

HEARD_RATE, RATE = 22_050, 44_100
ONE, FOUR, FIVE, SIX = (60, 64, 67), (60, 65, 69), (59, 62, 67), (60, 64, 69)


def piece(
    chords: list[tuple[int, ...]], basses: list[int], lead: list[list[int]] | None = None, bar_s: float = 2.0
) -> Written:
    """Return a piece of one chord a bar, with a bass note under each and melodies of even eighths."""
    held = tuple(Played(bar * bar_s, bar_s, midi, 0.7) for bar, tones in enumerate(chords) for midi in tones)
    low = tuple(Played(bar * bar_s, bar_s, midi, 0.8) for bar, midi in enumerate(basses))
    tune = tuple(
        Played((bar + i / 8) * bar_s, bar_s / 8, midi, 0.8)
        for bar, pitches in enumerate(lead or [])
        for i, midi in enumerate(pitches)
    )
    lines = (Line("chords", "piano", held), Line("bass", "upright", low), Line("lead", "flute", tune))
    return Written("test", 0, False, len(chords), bar_s, 4, 16, lines, ())


def sounded(written: Written, rate: int = HEARD_RATE) -> DoubleArray:
    """Return a piece played on plain tones with four partials."""
    out = np.zeros(round(written.duration_s * rate))
    for note in written.of():
        start, n = round(note.at_s * rate), round(note.length_s * rate)
        t = np.arange(min(n, out.size - start)) / rate
        hz = 440.0 * 2.0 ** ((note.midi - 69) / 12)
        tone = sum(np.sin(2 * np.pi * hz * k * t) / k**1.5 for k in range(1, 5))
        out[start : start + t.size] += tone * np.exp(-t)
    return np.asarray(0.1 * out)


def clicks(bpm: float, seconds: float, rate: int = HEARD_RATE) -> DoubleArray:
    """Return short noises on the beat, each second one softer."""
    rng = np.random.default_rng(5)
    out = np.zeros(round(seconds * rate))
    n = round(0.03 * rate)
    for i, at in enumerate(np.arange(0.0, seconds - 0.04, 60.0 / bpm)):
        start = round(at * rate)
        out[start : start + n] += (0.8 - 0.3 * (i % 2)) * rng.standard_normal(n) * np.exp(-np.arange(n) / (0.2 * n))
    return out


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_cadence_in_c_major_is_named_c_major_by_ear_and_on_the_notes() -> None:
    written = piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48])
    heard, on_notes = keys.heard_chroma(sounded(written)), chroma_of(written.of())
    assert keys.named(heard, "albrecht") == "C major"
    assert keys.named(on_notes, "albrecht") == keys.named(on_notes, "krumhansl") == "C major"


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


# --- sound ------------------------------------------------------------------------------------------------------------


def noise(seconds: float = 6.0) -> DoubleArray:
    return 0.1 * np.random.default_rng(2).standard_normal((round(seconds * RATE), 2))


def test_width_of_known_signals() -> None:
    both = noise()
    middle, side = both[:, 0], both[:, 1]
    assert colour.colour(np.stack([middle, middle], axis=1), RATE).width_db == pytest.approx(-120.0)
    apart = colour.colour(np.stack([middle + 0.5 * side, middle - 0.5 * side], axis=1), RATE)
    assert apart.width_db == pytest.approx(-6.0, abs=0.2)
    assert apart.low_width_db == pytest.approx(-6.0, abs=1.0)
    assert colour.colour(both, RATE).width_db == pytest.approx(0.0, abs=0.2)


def test_levels_of_a_sine_with_an_offset() -> None:
    t = np.arange(5 * RATE) / RATE
    wave = np.repeat((0.5 * np.sin(2 * np.pi * 1000.0 * t) + 0.01)[:, None], 2, axis=1)
    found = levels.levels(wave, RATE)
    assert found.true_peak_db == pytest.approx(20 * np.log10(0.51), abs=0.1)
    assert found.crest_db == pytest.approx(3.2, abs=0.1)
    assert found.dc_db == pytest.approx(-40.0, abs=0.1)
    assert found.mono_loss_db == pytest.approx(0.0, abs=1e-6)
    assert found.micro_db == pytest.approx(0.0, abs=0.1)
    assert found.plr_db == found.true_peak_db - found.lufs


def test_loudness_that_moves_is_told_and_sides_are_lost_in_mono() -> None:
    wave = noise(8.0)
    wave[: wave.shape[0] // 2] *= 0.5
    assert levels.levels(wave, RATE).micro_db == pytest.approx(6.0, abs=0.6)
    assert levels.levels(wave, RATE).mono_loss_db == pytest.approx(3.0, abs=0.3)


def test_the_peak_between_two_samples_is_heard() -> None:
    wave = np.sin(np.pi / 2 * np.arange(4096) + np.pi / 4)[:, None]
    assert np.abs(wave).max() == pytest.approx(np.sqrt(0.5))
    assert levels.true_peak_db(wave) == pytest.approx(0.0, abs=0.1)


def test_third_octaves_of_pink_noise_are_level_and_a_fall_of_them_is_an_octave_off() -> None:
    white = np.fft.rfft(noise(20.0)[:, 0])
    hz = np.fft.rfftfreq(round(20.0 * RATE), 1.0 / RATE)
    pink = np.fft.irfft(white / np.sqrt(np.maximum(hz, 20.0)))
    thirds = np.array(colour.colour(np.stack([pink, pink], axis=1), RATE).thirds_db)
    assert thirds.shape == colour.THIRDS_HZ.shape
    assert np.ptp(thirds) < 2.0
    fallen = thirds - np.where(colour.THIRDS_HZ > 3000.0, 10.0, 0.0)
    assert np.abs(colour.octaves_off(fallen, thirds)).max() == pytest.approx(10.0)
    assert np.abs(colour.octaves_off(thirds - 5.0, thirds)).max() == pytest.approx(0.0, abs=1e-9)


def test_a_filter_that_opens_moves_timbre_and_a_wall_does_not() -> None:
    from scipy.signal import butter, lfilter

    wave = noise(10.0)[: 10 * HEARD_RATE, 0]
    dull = lfilter(*butter(2, 500.0, fs=HEARD_RATE), wave)
    opening = np.linspace(0.0, 1.0, wave.size)
    assert colour.timbre_motion(wave) < 0.8
    assert colour.timbre_motion(dull * (1 - opening) + wave * opening) > 2.0


def test_brightness_onsets_and_drums_are_heard() -> None:
    tune = sounded(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48]))
    drums = np.resize(clicks(120.0, 8.0), tune.size)
    assert colour.brightness_hz(tune) < colour.brightness_hz(drums)
    assert colour.onset_rate(clicks(120.0, 12.0)) == pytest.approx(2.0, abs=0.25)
    assert colour.percussion_db(tune + drums) > colour.percussion_db(tune) + 10.0


# --- seams, likeness, styles ------------------------------------------------------------------------------------------


def test_a_click_at_the_join_and_a_step_of_the_wave_are_told() -> None:
    n = 8 * RATE
    t = np.arange(n) / RATE
    wave = np.repeat(0.2 * np.sin(2 * np.pi * 110.0 * t)[:, None], 2, axis=1)
    for bar in range(4):
        wave[bar * n // 4 + 50 : bar * n // 4 + 450] += 0.1 * np.random.default_rng(3).standard_normal((400, 1))
    clean = seams.join(wave, RATE, 4)
    assert clean.onset == pytest.approx(1.0, abs=0.25)
    assert clean.step < 1.0
    wave[50:450] *= 6.0
    wave[-1] = -0.9
    faulty = seams.join(wave, RATE, 4)
    assert faulty.onset > 1.2
    assert faulty.step > 1.0


def test_takes_are_alike_in_any_key_and_unlike_others() -> None:
    one = likeness.picture(sounded(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48])))
    up = [tuple(midi + 3 for midi in chord) for chord in (ONE, FOUR, FIVE, ONE)]
    moved = likeness.picture(sounded(piece(up, [51, 56, 58, 51])))
    other = likeness.picture(clicks(97.0, 8.0))
    assert likeness.take_likeness(one, one) == pytest.approx(1.0)
    assert likeness.take_likeness(one, moved) > 0.85
    assert likeness.take_likeness(one, other) < 0.5


def test_a_motif_is_known_again_in_another_key_and_at_another_tempo() -> None:
    tune = [[60, 62, 64, 67, 65], [64, 62, 60, 59, 60]]
    one = piece([ONE, FIVE], [48, 43], tune)
    moved = piece([ONE, FIVE], [48, 43], [[midi + 5 for midi in bar] for bar in tune], bar_s=1.5)
    half = piece([ONE, FIVE], [48, 43], [tune[0], [72, 65, 71, 60, 70]])
    assert likeness.motif_likeness(one, moved) == 1.0
    assert 0.2 < likeness.motif_likeness(one, half) < 0.8
    assert likeness.motif_likeness(one, piece([ONE, FIVE], [48, 43], [[60, 67, 60, 67]] * 2)) < 0.2
    assert np.isnan(likeness.motif_likeness(one, piece([ONE], [48])))


def test_the_classifier_names_what_differs_and_guesses_what_does_not() -> None:
    rng = np.random.default_rng(7)
    names = [f"style {i}" for i in range(8)]
    centres = {name: rng.standard_normal(40) for name in names}
    clips = [(name, centres[name] + 0.2 * rng.standard_normal(40)) for _ in range(4) for name in names]
    assert all(named_right(clips[:16], clips[16:]))
    same = [(name, rng.standard_normal(40)) for name, _ in clips]
    assert sum(named_right(same[:16], same[16:])) < 8


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
