# SPDX-License-Identifier: GPL-3.0-or-later
"""True pieces are what they say: their truth lies where their sound begins, and those judged are not learnt from."""

from __future__ import annotations

import random
import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from engine.values import Clip
from tests.benchmarks.heardcases.abcnotation import Song, read_songs
from tests.benchmarks.heardcases.arranging import Arrangement, Player, arranged, random_arrangement
from tests.benchmarks.heardcases.composed import composed_piece
from tests.benchmarks.heardcases.corpus import FIRST_JUDGED, LAST_LEARNT, PieceName, judged, learnt, piece
from tests.benchmarks.heardcases.leadsheets import METRES, random_sheet
from tests.benchmarks.heardcases.patterns import BASS, CHORDS, DRUMS, KIT
from tests.benchmarks.heardcases.pieces import TEMPO_KINDS, TempoKind, triad_name
from tests.benchmarks.heardcases.rendering import Playing, rendered, soundfonts
from tests.benchmarks.heardcases.songs import ARRANGEMENTS, songs
from tests.benchmarks.heardcases.timing import Timing, moved_beats

needs_synth = pytest.mark.skipif(shutil.which("fluidsynth") is None, reason="FluidSynth comes with make bench-continue")
SAMPLED = Player("beats", 0, 90, 100)

# --- songs ------------------------------------------------------------------------------------------------------------


def _read(text: str, folder: Path) -> Song:
    path = folder / "songs.abc"
    path.write_text(f"% a comment\n{text}", encoding="utf-8")
    (song,) = read_songs(path)
    return song


def test_a_tune_is_read_with_its_pick_up_lengths_accidentals_and_chords(tmp_path: Path) -> None:
    tune = 'X:1\nT:Try\nR:waltz, drift\nM:3/4\nL:1/4\nQ:90\nK:D\nA, | "D"F3/2G/ ^G | "A7/E"c\'2 z | G F _B |]\n'
    song = _read(tune, tmp_path)
    sheet = song.sheet
    assert (song.title, song.bpm, song.manner) == ("Try", 90.0, ("waltz", "drift"))
    assert (sheet.key, sheet.n_bars, sheet.n_beats) == ("D major", 4, 12)
    # The pick-up is the last beat of a whole bar, in which the first chord sounds; a sharp holds to the bar's end.
    assert [one.at for one in sheet.melody] == [2, 3, 4.5, 5, 6, 9, 10, 11]
    assert [one.pitch for one in sheet.melody] == [57, 66, 67, 68, 85, 67, 66, 70]
    assert sheet.melody[1].length == 1.5
    assert [(one.at, triad_name(one.root, one.tones)) for one in sheet.changes] == [(0, "D"), (6, "A")]


def test_six_eighths_are_two_felt_beats(tmp_path: Path) -> None:
    song = _read('X:1\nT:Try\nR:waltz, drift\nM:6/8\nL:1/8\nQ:90\nK:Am\n"Am"A2 c e3 | "E"^G6 |]\n', tmp_path)
    assert [one.at for one in song.sheet.melody] == pytest.approx([0, 2 / 3, 1, 2])
    assert song.sheet.key == "A minor"


@pytest.mark.parametrize("bar", ["A A A A", "A A H", '"Hm"A A A', '"N.C."A A A'])
def test_a_tune_that_cannot_be_read_is_refused(bar: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"Try|chord"):
        _read(f'X:1\nT:Try\nR:waltz, drift\nM:3/4\nL:1/4\nQ:90\nK:D\n"D"A A A | {bar} |]\n', tmp_path)


def test_there_are_songs_of_every_metre_tempo_and_mode() -> None:
    assert len(songs()) >= 20
    assert len({song.title for song in songs()}) == len(songs())
    assert {song.sheet.metre for song in songs()} == set(METRES)
    assert {song.manner[1] for song in songs()} == set(TEMPO_KINDS)
    assert {song.manner[0] for song in songs()} == set(ARRANGEMENTS)
    assert sum(song.sheet.is_minor for song in songs()) >= 7


@pytest.mark.parametrize("song", songs(), ids=lambda song: song.title)
def test_a_song_is_of_one_piece(song: Song) -> None:
    sheet = song.sheet
    assert 15.0 <= 60.0 * sheet.n_beats / song.bpm <= 50.0
    assert all(
        one.at >= 0 and one.at + one.length <= sheet.n_beats + 1e-9 and 55 <= one.pitch <= 86 for one in sheet.melody
    )
    # Where bars begin the tune is of the chord, but for suspensions: a chord that is a bar late would not fit.
    first = [one for one in sheet.melody if Fraction(one.at).limit_denominator(12) % sheet.per_bar == 0]
    fits = [
        (one.pitch - sheet.chord_at(one.at).root) % 12 in {t % 12 for t in sheet.chord_at(one.at).tones}
        for one in first
    ]
    assert len(fits) >= 4
    assert np.mean(fits) >= 0.6
    # It ends at home.
    assert sheet.changes[-1].root == sheet.tonic


# --- what is drawn at random ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TEMPO_KINDS)
def test_tempos_move_as_they_are_called(kind: TempoKind) -> None:
    lengths = np.array([np.diff(moved_beats(kind, 64, 4, 120.0, random.Random(seed))) for seed in range(60)])
    assert np.allclose(lengths.mean(), 0.5, rtol=0.02)
    assert lengths.min() > 0.4
    assert lengths.max() < 0.6
    if kind == "steady":
        assert np.allclose(lengths, 0.5)
        return
    ends = np.abs(lengths[:, :16].mean(axis=1) / lengths[:, -16:].mean(axis=1) - 1.0)
    halves = np.abs(lengths[:, :32].mean(axis=1) / lengths[:, 32:].mean(axis=1) - 1.0)
    assert (np.median(ends) > 0.02) == (kind != "rubato")
    assert (np.median(halves) < 0.01) == (kind == "rubato")


def test_the_second_half_of_a_beat_swings_and_beats_stay() -> None:
    timing = Timing(np.array([0.0, 1.0, 3.0]), 0.6)
    assert [timing.at_s(at) for at in (0, 0.5, 0.75, 1, 1.5, 2)] == pytest.approx([0.0, 0.6, 0.8, 1.0, 2.2, 3.0])


def test_random_sheets_and_arrangements_are_whole() -> None:
    seen = set()
    for seed in range(200):
        rng = random.Random(seed)
        metre = rng.choice(("4/4", "3/4", "6/8"))
        bpm = rng.choice((100.0, 180.0))
        sheet = random_sheet(rng, bpm=bpm, metre=metre, duration_s=20.0)
        assert abs(sheet.n_beats * 60.0 / bpm - 20.0) <= 60.0 / bpm * sheet.per_bar
        assert sheet.changes[0].at == 0.0
        assert (sheet.changes[-1].at, sheet.changes[-1].root) == (sheet.n_beats - sheet.per_bar, sheet.tonic)
        assert all(one.at < sheet.n_beats for one in sheet.melody)
        arrangement = random_arrangement(rng, metre, bpm)
        notes = arranged(sheet, arrangement, rng)
        channels = {one.channel for one in notes}
        assert channels - {9}, "of drums alone no chord can be told"
        assert channels <= set(arrangement.players)
        assert all(0 <= one.at < sheet.n_beats and 0 < one.pitch < 128 and one.length > 0 for one in notes)
        if bpm > 135.0 and metre != "6/8":
            assert not {"rolling", "sixteenths"} & {player.pattern for player in arrangement.players.values()}
        seen |= {player.pattern for player in arrangement.players.values()}
    assert len(seen) >= 28


def test_what_the_band_plays_is_of_the_chord() -> None:
    sheet = songs()[0].sheet
    for pattern, rows in CHORDS.items():
        if sheet.metre in rows:
            band = Arrangement((Player(pattern, 0, 80, 90),), Player("long", 32, 80, 90), None, None)
            notes = arranged(sheet, band, random.Random(0))
            assert notes
            for one in notes:
                chord = sheet.chord_at(one.at)
                classes = {(chord.root + tone) % 12 for tone in (*chord.tones, 7)}
                assert one.pitch % 12 in classes


def test_every_pattern_fits_its_metre() -> None:
    for rows in (*CHORDS.values(), *BASS.values()):
        assert set(rows) <= set(METRES)
        assert all(len(row) in {1, *(METRES[metre].beats * n for n in (1, 2, 3, 4))} for metre, row in rows.items())
    assert all(set(rows) - {"metre"} <= set(KIT) for rows in DRUMS.values())
    for metre in METRES:
        assert any(rows["metre"] == metre for rows in DRUMS.values())


# --- the truth, and the sound -----------------------------------------------------------------------------------------


def _off_s(clip: Clip, beats_s: tuple[float, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return by how much the sharpest rise of the sound's power near each beat is late, seconds."""
    step = clip.sample_rate // 1000
    per_s = clip.sample_rate / step
    n = clip.n_samples // step
    power = (clip.samples[: n * step].astype(np.float64) ** 2).sum(axis=1).reshape(n, step).sum(axis=1)
    # A rise is told from 6 ms to the next 6.
    level = np.convolve(power, np.ones(6), mode="full")[:n] + 1e-9
    rise = np.zeros(n)
    rise[:-6] = np.log(level[6:] / level[:-6])
    off = []
    for beat_s in beats_s[1:]:
        at = round(beat_s * per_s)
        near = rise[max(0, at - 60) : at + 60]
        if near.size == 120 and near.max() > 1.0:
            off.append((int(near.argmax()) - 60) / per_s)
    return np.array(off)


@needs_synth
@pytest.mark.parametrize("kind", TEMPO_KINDS)
def test_a_rendered_piece_sounds_where_its_beats_are(kind: TempoKind) -> None:
    rng = random.Random(3)
    sheet = random_sheet(rng, bpm=100.0, metre="4/4", duration_s=12.0)
    knots_s = moved_beats(kind, sheet.n_beats, 4, 100.0, rng)
    playing = Playing(kind, Timing(knots_s), lead_s=0.7, human_s=0.0, room=0.0, soundfont=soundfonts()[0])
    band = Arrangement((SAMPLED,), None, None, None)
    true = rendered("try", "arranged", sheet, band, playing=playing, rng=rng)
    assert len(true.beats_s) == sheet.n_beats
    assert true.beats_s[0] == pytest.approx(0.7)
    off_s = _off_s(true.clip, true.beats_s)
    assert len(off_s) > 0.9 * sheet.n_beats
    assert np.quantile(np.abs(off_s), 0.95) < 0.02
    # Before the first beat there is silence.
    assert np.abs(true.clip.samples[: round(0.69 * true.clip.sample_rate)]).max() < 1e-3
    assert true.clip.duration_s == pytest.approx(true.end_s + 0.5, abs=0.01)


@pytest.mark.parametrize("seed", [4, 12])
def test_a_composed_piece_sounds_where_its_beats_are(seed: int) -> None:
    true = composed_piece(seed)
    off_s = _off_s(true.clip, true.beats_s)
    assert len(off_s) > 8
    assert abs(float(np.median(off_s))) < 0.02
    assert np.all(np.diff(true.beats_s) > 0.0)
    assert true.beats_s[-1] < true.end_s
    assert set(np.diff(true.downbeats)) <= {2, 3, 4}
    assert true.chords[0][0] == pytest.approx(0.0, abs=3.0)


@needs_synth
@pytest.mark.parametrize("name", [PieceName("arranged", 5), PieceName("composer", 5), PieceName("song", 5)], ids=str)
def test_a_piece_is_always_the_same(name: PieceName) -> None:
    one, other = piece(name), piece(name)
    assert np.array_equal(one.clip.samples, other.clip.samples)
    assert (one.beats_s, one.chords, one.key) == (other.beats_s, other.chords, other.key)


def test_no_piece_that_is_judged_was_learnt_from() -> None:
    learned, held = set(learnt(500)), list(judged(20))
    assert len(held) == len(set(held)) == 2 * 20 + min(20, len(songs()))
    assert not learned & set(held)
    assert all(name.number < LAST_LEARNT < FIRST_JUDGED and name.source != "song" for name in learned)
    with pytest.raises(ValueError, match="at most"):
        next(learnt(LAST_LEARNT + 1))
