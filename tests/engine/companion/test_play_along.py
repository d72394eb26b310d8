# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings are continued, accompanied, filled and varied: on the beat, in key, as loud as they are."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from engine.companion.joining import LEVEL_S, loudness
from engine.companion.play_along import check_generator, play_along
from engine.errors import NotTaken, OutOfRange
from engine.generators.base import GeneratorSettings
from engine.generators.service import make_clip
from engine.listening.listen import listen
from engine.values import Clip, ClipRequest, ClipResult, Layer
from engine.values.play_along import Along, AlongOrder, PlayedAlong
from tests.engine.listening.pieces import SYNTHESISED, piece
from tests.listening import find_faults

BPM = 104.0
BEAT_S = 60.0 / BPM
RATE = 44_100


def make(request: ClipRequest) -> ClipResult:
    """Have a request made of synthesised sounds, which every machine has."""
    settings = GeneratorSettings(parameters={"composer": SYNTHESISED})
    making = make_clip(request, settings)
    while True:
        try:
            next(making)
        except StopIteration as stop:
            result: ClipResult = stop.value
            return result


def recording(n_beats: float = 30.0) -> Clip:
    """Return music that breaks off in the midst of a bar."""
    one = piece("funk", "Am | F | C | G", bpm=BPM, bars=8)
    return Clip(one.clip.samples[: round(n_beats * BEAT_S * RATE)], RATE)


@lru_cache(maxsize=4)
def continued(n_beats: float = 30.0) -> PlayedAlong:
    return play_along(recording(n_beats), AlongOrder(Along.CONTINUE, seconds=10.0, seed=7), make)


def test_a_continuation_is_as_long_as_was_asked_for_and_the_recording_stays() -> None:
    played, own = continued(), recording()
    assert played.joined.n_samples == own.n_samples + 10 * RATE
    begin = round(played.starts_s * RATE)
    np.testing.assert_array_equal(played.joined.samples[:begin], own.samples[:begin])
    assert not played.new.samples[:begin].any()
    assert find_faults(played.joined.samples, RATE) == []


def test_a_continuation_goes_on_with_the_beat_the_key_and_the_chords() -> None:
    played = continued()
    (join,) = played.joins
    assert join.at_s == pytest.approx(30 * BEAT_S, abs=0.010)
    heard = listen(played.joined)
    assert heard.beats is not None
    beats = np.array(heard.beats.times_s)
    true = np.arange(round(played.joined.duration_s / BEAT_S)) * BEAT_S
    away = np.abs(true[true > join.at_s][:, None] - beats).min(axis=1)
    assert np.median(away) < 0.015
    assert heard.key in ("A minor", "C major")
    names = {round((at - 0.1) / (4 * BEAT_S)): name for at, name in heard.chords}
    # The bar that was begun is the last of the round: the next ones are its first three again.
    assert [names.get(bar) for bar in (8, 9, 10)] == ["Am", "F", "C"]


def test_a_continuation_is_as_loud_as_what_it_follows() -> None:
    played = continued()
    at = round(played.joins[0].at_s * RATE)
    n = round(LEVEL_S * RATE)
    before, after = (
        loudness(one, RATE) for one in (played.joined.samples[at - n : at], played.joined.samples[at : at + n])
    )
    assert before is not None
    assert after is not None
    assert abs(after - before) < 1.0
    assert played.joins[0].step_lu == pytest.approx(after - before, abs=0.3)
    assert min(played.joins[0].centre_hz) > 100.0


def test_a_recording_that_ends_on_a_bar_line_is_joined_there_to_the_sample() -> None:
    played = continued(28.0)
    assert played.joins[0].at_s == pytest.approx(28 * BEAT_S, abs=0.012)


def test_stems_are_the_new_music_and_notes_lie_where_they_are_heard() -> None:
    played = continued()
    total = sum(stem.samples for stem in played.stems.values())
    np.testing.assert_allclose(total, played.new.samples, atol=1e-5)
    score = played.made.score
    assert score is not None
    placed = score.placed(round(played.zero_s * RATE), round(played.starts_s * RATE), played.joined.n_samples, 14)
    starts = sorted(note.start for part in placed.parts for note in part.notes)
    assert starts[0] >= round(played.starts_s * RATE)
    assert starts[-1] < played.joined.n_samples
    assert placed.chords[0].start == round(played.starts_s * RATE)


def test_an_accompaniment_keeps_to_beats_and_chords_and_leaves_the_recording_as_it_is() -> None:
    own = recording()
    order = AlongOrder(Along.ACCOMPANY, layer=Layer.named("drums,bass"), style="bossa nova", level_lu=-6.0, seed=3)
    played = play_along(own, order, make)
    assert played.joined.n_samples == own.n_samples
    gain = np.float32(10.0 ** (played.gain_db / 20.0))
    np.testing.assert_allclose(played.joined.samples, own.samples * gain + played.new.samples, atol=1e-5)
    assert "drums" in played.stems
    assert len(played.stems) == 2
    mine, theirs = loudness(played.new.samples, RATE), loudness(own.samples * gain, RATE)
    assert mine is not None
    assert theirs is not None
    assert mine - theirs == pytest.approx(-6.0, abs=0.7)
    score = played.made.score
    assert score is not None
    starts = np.array([hit.start for hit in score.hits]) / score.sample_rate + played.zero_s
    steps = starts / (BEAT_S / 4.0)
    assert np.quantile(np.abs(steps - np.round(steps)) * BEAT_S / 4.0, 0.95) < 0.030
    (bass,) = [part for part in score.parts if part.name != "drums"]
    assert {note.midi % 12 for note in bass.notes} <= {0, 2, 4, 5, 7, 9, 11}


def test_an_accompaniment_of_a_loop_goes_round_with_it() -> None:
    one = piece("funk", "Am | F | C | G", bpm=BPM, bars=8)
    played = play_along(one.clip, AlongOrder(Along.ACCOMPANY, layer=Layer.DRUMS, seed=3), make)
    assert played.starts_s == 0.0
    assert played.zero_s == pytest.approx(0.0, abs=0.02)
    assert loudness(played.new.samples[-RATE:], RATE) is not None


def test_silence_before_and_after_a_recording_stays_silent() -> None:
    silence = np.zeros((2 * RATE, 2), dtype=np.float32)
    own = Clip(np.concatenate([silence, recording(24.0).samples, silence]), RATE)
    played = play_along(own, AlongOrder(Along.ACCOMPANY, layer=Layer.DRUMS, seed=3), make)
    assert not played.new.samples[: round(1.8 * RATE)].any()
    assert not played.new.samples[-round(1.2 * RATE) :].any()


def test_a_gap_is_filled_from_beat_to_beat_and_all_else_stays() -> None:
    own = recording()
    from_s, to_s = 12.3 * BEAT_S, 19.6 * BEAT_S
    silent = own.samples.copy()
    silent[round(from_s * RATE) : round(to_s * RATE)] = 0.0
    played = play_along(Clip(silent, RATE), AlongOrder(Along.FILL, from_s=from_s, to_s=to_s, seed=2), make)
    first, last = played.joins
    assert first.at_s == pytest.approx(12 * BEAT_S, abs=0.03)
    assert last.at_s == pytest.approx(20 * BEAT_S, abs=0.03)
    begin, end = round(played.starts_s * RATE), round(last.at_s * RATE)
    np.testing.assert_array_equal(played.joined.samples[:begin], silent[:begin])
    np.testing.assert_array_equal(played.joined.samples[end + 2 :], silent[end + 2 :])
    middle = loudness(played.joined.samples[round(from_s * RATE) : round(to_s * RATE)], RATE)
    assert middle == pytest.approx(loudness(own.samples, RATE), abs=3.0)
    assert find_faults(played.joined.samples, RATE) == []


def test_a_variation_is_other_music_on_the_same_bars() -> None:
    own = recording()
    played = play_along(own, AlongOrder(Along.VARY, style="house", seed=2), make)
    assert played.joined.n_samples == own.n_samples
    np.testing.assert_array_equal(played.joined.samples, played.new.samples)
    heard = listen(played.joined)
    assert heard.beats is not None
    assert heard.beats.tempo_bpm == pytest.approx(BPM, rel=0.01)
    assert heard.key in ("A minor", "C major")


@pytest.mark.parametrize(("rate", "n_channels"), [(22_050, 1), (48_000, 2)])
def test_the_result_has_the_recordings_rate_and_channels(rate: int, n_channels: int) -> None:
    import soxr

    samples = soxr.resample(recording().samples[:, :n_channels], RATE, rate).astype(np.float32).reshape(-1, n_channels)
    played = play_along(Clip(samples, rate), AlongOrder(Along.CONTINUE, seconds=3.0, seed=7), make)
    assert (played.joined.sample_rate, played.joined.n_channels) == (rate, n_channels)
    assert played.joined.n_samples == len(samples) + 3 * rate
    assert played.joins[0].at_s == pytest.approx(30 * BEAT_S, abs=0.015)


def test_the_same_seed_is_the_same_music() -> None:
    one, other = (play_along(recording(), AlongOrder(Along.CONTINUE, seconds=2.0, seed=9), make) for _ in range(2))
    np.testing.assert_array_equal(one.joined.samples, other.joined.samples)


@pytest.mark.parametrize("way", list(Along))
def test_silence_and_drones_are_played_along_with(way: Along) -> None:
    at = np.arange(8 * 22_050) / 22_050
    for samples in (np.zeros_like(at), 0.2 * np.sin(2 * np.pi * 110.0 * at)):
        clip = Clip(samples.astype(np.float32)[:, None], 22_050)
        played = play_along(clip, AlongOrder(way, seconds=2.0, from_s=3.0, to_s=5.0, seed=1), make)
        assert np.isfinite(played.joined.samples).all()
        assert np.abs(played.joined.samples).max() < 1.0


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (AlongOrder(Along.CONTINUE, seconds=0.5), "seconds to continue"),
        (AlongOrder(Along.CONTINUE, seconds=61.0), "seconds to continue"),
        (AlongOrder(Along.CONTINUE, seconds=float("nan")), "seconds to continue"),
        (AlongOrder(Along.ACCOMPANY, level_lu=13.0), "level"),
        (AlongOrder(Along.FILL, from_s=2.0, to_s=2.5), "end of the gap"),
        (AlongOrder(Along.FILL, from_s=-1.0, to_s=3.0), "start of the gap"),
        (AlongOrder(Along.FILL, from_s=3.0, to_s=1000.0), "end of the gap"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(order: AlongOrder, name: str) -> None:
    with pytest.raises(OutOfRange, match=name):
        play_along(recording(), order, make)


def test_a_recording_that_is_too_short_is_refused() -> None:
    with pytest.raises(OutOfRange, match="length of the recording"):
        play_along(Clip(np.zeros((22_050 // 2, 1), dtype=np.float32), 22_050), AlongOrder(Along.CONTINUE), make)


def test_a_generator_that_cannot_is_refused() -> None:
    with pytest.raises(NotTaken, match="recording to accompany"):
        check_generator(AlongOrder(Along.ACCOMPANY, generator="musicgpt"))
    check_generator(AlongOrder(Along.CONTINUE, generator="musicgen"))
