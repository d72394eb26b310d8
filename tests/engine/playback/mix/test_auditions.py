# SPDX-License-Identifier: GPL-3.0-or-later
"""An audition is heard as it is, over music that is ducked smoothly and goes on in its place."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from engine.playback.commands import AuditionEnded
from engine.playback.mix.audition import CANCEL_MS, DUCK_MS, UNDUCK_MS
from engine.playback.mix.mixer import Mixer
from engine.units import db_to_amplitude
from engine.values import FloatArray
from engine.values.auditions import DUCKED_DB, OneShot
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, tone
from tests.engine.playback.mixing import Command, n_overlap, play, rendered, told

BLOCKS = (1, 7, 64, 513, 4096, 9000)
LARGER_BLOCKS = (17, 513, 4096, 9000)
DUCKED = np.float32(db_to_amplitude(DUCKED_DB))
TOTAL = 40_000


def shot(samples: FloatArray, times: int = 1, gap_samples: int = 0) -> OneShot:
    return OneShot(samples, RATE, times, gap_samples)


def hear(audition_id: int, what: OneShot) -> Command:
    return lambda mixer: mixer.play_audition(audition_id, what)


def end(mixer: Mixer) -> None:
    mixer.end_audition()


def hum(n_samples: int) -> FloatArray:
    """Return a sound that begins and ends in silence, as a one-shot does."""
    sound = tone(n_samples, turns=round(n_samples * 220.0 / RATE), level=0.3)
    return (sound * np.hanning(n_samples)[:, None]).astype(np.float32)


@pytest.mark.parametrize("block", BLOCKS)
def test_alone_it_is_the_sound_itself(block: int) -> None:
    sound = noise(900, level=0.1)
    mixer = Mixer(RATE)
    out = rendered([(100, hear(1, shot(sound, times=3, gap_samples=70)))], 4000, block, mixer)
    wanted = np.zeros_like(out)
    for first in (100, 1070, 2040):
        wanted[first : first + 900] = sound
    np.testing.assert_array_equal(out, wanted)
    assert told(mixer) == [(2940, AuditionEnded(1))]


def test_what_plays_is_ducked_and_comes_back_in_its_place() -> None:
    loop = noise(3000, level=0.1)
    sound = hum(20_000)
    script = [(0, play(1, loop, fade_ms=0.1)), (5000, hear(1, shot(sound)))]
    total = 25_000 + n_overlap(UNDUCK_MS) + 3000
    out = rendered(script, total, 512)
    plain = rendered(script[:1], total, 512)
    heard = out.copy()
    heard[5000:25_000] -= sound
    down, up = n_overlap(DUCK_MS), n_overlap(UNDUCK_MS)
    np.testing.assert_array_equal(out[:5000], plain[:5000])
    np.testing.assert_allclose(heard[5000 + down : 25_000], plain[5000 + down : 25_000] * DUCKED, atol=1e-6)
    np.testing.assert_array_equal(out[25_000 + up :], plain[25_000 + up :])
    assert up > down > 0


def test_the_duck_goes_by_ramps_without_a_step() -> None:
    steady = np.full((1000, 2), 0.5, dtype=np.float32)
    silence = np.zeros((9000, 2), dtype=np.float32)
    out = rendered([(0, play(1, steady, fade_ms=0.1)), (4000, hear(1, shot(silence)))], TOTAL, 300)[1000:]
    # The steepest step of 3x² - 2x³ is 1.5 times that of a straight line.
    assert largest_step(out) <= 1.6 * 0.5 * (1.0 - DUCKED) / n_overlap(DUCK_MS)
    assert out.min() == pytest.approx(0.5 * DUCKED, abs=1e-6)
    assert (np.diff(out[: 3000 + n_overlap(DUCK_MS)], axis=0) <= 0.0).all()
    assert (np.diff(out[3000 + n_overlap(DUCK_MS) :], axis=0) >= 0.0).all()


def test_no_block_size_is_heard() -> None:
    sounds = [hum(n) for n in (3000, 900, 12_000, 2500)]
    script = [
        (0, play(1, noise(2000, level=0.1))),
        (3001, hear(1, shot(sounds[0], times=2, gap_samples=450))),
        (6000, hear(2, shot(sounds[1], times=4, gap_samples=1))),
        (6100, hear(3, shot(sounds[2]))),
        (7000, lambda mixer: mixer.pause(20.0)),
        (12_000, end),
        (12_050, hear(4, shot(sounds[3]))),
        (13_000, lambda mixer: mixer.resume(20.0)),
        (22_000, hear(5, shot(sounds[0]))),
        (23_500, lambda mixer: mixer.stop(30.0)),
    ]
    events, first = [], None
    for block in LARGER_BLOCKS:
        mixer = Mixer(RATE)
        out = rendered(script, 30_000, block, mixer)
        first = out if first is None else first
        np.testing.assert_array_equal(out, first)
        events.append(told(mixer))
    assert all(one == events[0] for one in events)
    # Those that made way or were ended are not told of.
    assert [event for _, event in events[0] if isinstance(event, AuditionEnded)] == [AuditionEnded(4)]


def test_the_next_one_takes_its_place_at_once_without_a_click() -> None:
    long, short = tone(20_000, turns=100, level=0.3), hum(4000)
    mixer = Mixer(RATE)
    out = rendered([(0, hear(1, shot(long))), (5000, hear(2, shot(short)))], 10_000, 256, mixer)
    n = n_overlap(CANCEL_MS)
    np.testing.assert_array_equal(out[5000 + n : 9000], short[n:])
    assert largest_step(out) < 1.1 * largest_step(long) + largest_step(short)
    assert told(mixer) == [(9000, AuditionEnded(2))]


def test_what_has_not_begun_is_never_heard() -> None:
    first, second = noise(5000, seed=1), hum(3000)
    out = rendered([(0, hear(1, shot(first))), (0, hear(2, shot(second)))], 4000, 64)
    np.testing.assert_array_equal(out[:3000], second)
    assert not rendered([(0, hear(1, shot(first))), (0, end)], 4000, 64).any()


def test_ending_fades_it_out_and_brings_the_music_back() -> None:
    loop = noise(3000, level=0.1)
    script = [(0, play(1, loop, fade_ms=0.1))]
    plain = rendered(script, TOTAL, 512)
    out = rendered([*script, (5000, hear(1, shot(hum(30_000)))), (9000, end)], TOTAL, 512)
    back = 9000 + n_overlap(UNDUCK_MS)
    np.testing.assert_array_equal(out[back:], plain[back:])


def test_it_is_heard_while_all_stands_still_which_then_goes_on_where_it_was() -> None:
    loop = noise(3000, level=0.1)
    script = [(0, play(1, loop, fade_ms=0.1)), (4000, lambda mixer: mixer.pause(10.0))]
    go_on = (30_000, lambda mixer: mixer.resume(10.0))
    sound = hum(8000)
    mixer = Mixer(RATE)
    out = rendered([*script, (10_000, hear(1, shot(sound))), go_on], TOTAL, 512, mixer)
    plain = rendered([*script, go_on], TOTAL, 512)
    np.testing.assert_array_equal(out[10_000:18_000], sound)
    plain[10_000:18_000] = sound
    np.testing.assert_array_equal(out, plain)
    assert mixer.snapshot().loop_id == 1


def test_a_stop_of_all_ends_it_and_one_of_a_channel_does_not() -> None:
    sound = tone(30_000, turns=150, level=0.3)
    begin = (0, hear(1, shot(sound)))
    stopped = rendered([begin, (5000, lambda mixer: mixer.stop(20.0))], 9000, 512)
    assert not stopped[5000 + n_overlap(20.0) :].any()
    going_on = rendered([begin, (5000, lambda mixer: mixer.stop(20.0, channel=0))], 9000, 512)
    np.testing.assert_array_equal(going_on, sound[:9000])


def test_the_mixer_is_silent_when_all_of_it_has_come_out_and_keeps_nothing_of_it() -> None:
    sound = hum(6000)
    kept = weakref.ref(sound)
    mixer = Mixer(RATE)
    mixer.play_audition(1, shot(sound))
    del sound
    assert not mixer.is_silent
    out = np.zeros((500, 2), dtype=np.float32)
    sounding = 0
    while not mixer.is_silent:
        mixer.render(out)
        sounding += bool(out.any())
    assert sounding * 500 >= 6000
    assert not out.any()
    mixer.tidy()
    gc.collect()
    assert kept() is None
    # What begins next is as loud as ever.
    loop = noise(700, level=0.1)
    mixer.play(1, loop_of(loop), fade_ms=0.1)
    late = np.zeros((4000, 2), dtype=np.float32)
    mixer.render(late)
    assert np.abs(late[2000:]).max() == np.abs(loop).max()


def test_mono_goes_to_both_sides_and_another_rate_is_refused() -> None:
    mono = noise(3000, n_channels=1)
    out = rendered([(0, hear(1, shot(mono)))], 3000, 100)
    np.testing.assert_array_equal(out, np.repeat(mono, 2, axis=1))
    with pytest.raises(ValueError, match="48000 Hz"):
        Mixer(RATE).play_audition(1, OneShot(mono, 48_000))
