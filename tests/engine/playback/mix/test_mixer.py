# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer renders the same bits whatever the block size, repeats loops exactly and holds its ceiling."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import bake
from engine.dsp.true_peak import true_peak
from engine.errors import TooManyChannels
from engine.playback.commands import Began, Stopped
from engine.playback.mix.channel import IDLE_BLOCK, ChannelBlock
from engine.playback.mix.mixer import STOP_FADE_MS, Mixer
from engine.units import ms_to_samples
from engine.values import ENDLESS, MIXER_CHANNELS, BakedLoop, Effects, FadeCurve, LoopRegion, TransitionPlan
from engine.values.auditions import OneShot
from tests.engine.playback.material import RATE, clip_of, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import Command, blend, blocks_of, play, rendered, skip, told

BLOCKS = (7, 64, 513, 4096)

_KINDS = (
    "play", "replace", "take_over", "skip", "call_off", "volume", "fader", "pause", "resume", "stop", "effects",
    "audition", "end_audition",
)  # fmt: skip
_commands = st.lists(
    st.tuples(st.integers(0, 12_000), st.sampled_from(_KINDS), st.integers(0, 3), st.floats(0.1, 60.0)), max_size=12
)
_lengths = st.lists(st.integers(2, 3000), min_size=4, max_size=4)


def _acts(lengths: list[int]) -> dict[str, Any]:
    """Return a command of each kind, for a loop and an amount in [0.1, 60]."""
    loops = [np.clip(noise(n, seed=i, level=0.4), -1, 1) for i, n in enumerate(lengths)]
    low = [samples * np.float32(0.25) for samples in loops]
    lead_in = noise(1500, seed=11, level=0.4)
    curves = tuple(FadeCurve)

    def plan(which: int, amount: float) -> TransitionPlan:
        lead = (which + 1) % 4
        n_entries = 1 + int(amount) % 3
        has_lead_in = amount > 20.0
        return TransitionPlan(
            n_samples=max(1, int(amount * 40)),
            curve=curves[int(amount) % 4],
            entries=tuple(range(0, lengths[lead], -(-lengths[lead] // n_entries))),
            correlations=tuple(np.linspace(-0.5, 1.0, n_entries)),
            lead_in=lead_in if has_lead_in else None,
            lead_in_places=np.array([0, lengths[which] // 2]) if has_lead_in else None,
            start_at=int(amount) % lengths[which],
            bass=low[which] if amount > 10.0 else None,
            lead_in_bass=lead_in * np.float32(0.25) if has_lead_in else None,
            lead_bass=low[lead] if amount > 10.0 else None,
        )

    return {
        "play": lambda which, amount: play(which, loops[which], amount, position=int(amount)),
        "replace": lambda which, _: (
            lambda mixer: mixer.replace(which, loop_of(loops[which][len(loops[which]) // 3 :], loop_start=10))
        ),
        "take_over": lambda which, amount: (
            lambda mixer: mixer.take_over(which, loop_of(loops[which]), (which + 1) % 4, plan(which, amount))
        ),
        "skip": lambda which, amount: skip(which, loops[which], (which + 1) % 4, amount),
        "call_off": lambda *_: lambda mixer: mixer.call_off(),
        "volume": lambda _, amount: lambda mixer: mixer.set_volume(amount / 60.0, amount),
        "fader": lambda _, amount: lambda mixer: mixer.set_fader(1.0 - amount / 60.0, 3.0 * amount),
        "pause": lambda _, amount: lambda mixer: mixer.pause(amount),
        "resume": lambda _, amount: lambda mixer: mixer.resume(amount),
        "stop": lambda _, amount: lambda mixer: mixer.stop(amount),
        "audition": lambda which, amount: (
            lambda mixer: mixer.play_audition(which, OneShot(loops[which], RATE, 1 + int(amount) % 3, int(amount)))
        ),
        "end_audition": lambda *_: lambda mixer: mixer.end_audition(),
        "effects": lambda which, amount: (
            lambda mixer: mixer.set_effects(
                which % 2, Effects(lowpass_hz=50.0 * amount, reverb=0.3) if amount < 40.0 else Effects(), amount
            )
        ),
    }


@given(commands=_commands, lengths=_lengths, block=st.integers(1, 5000))
@settings(max_examples=7, deadline=None)
def test_output_knows_no_block_size(
    commands: list[tuple[int, str, int, float]], lengths: list[int], block: int
) -> None:
    acts = _acts(lengths)
    script = [(0, play(3, noise(700, seed=9)))]
    script += [(at, acts[kind](which, amount)) for at, kind, which, amount in commands]
    whole, parts = Mixer(RATE), Mixer(RATE)
    reference = rendered(script, 14_000, 20_000, whole)
    assert np.isfinite(reference).all()
    assert np.abs(reference).max() <= 1.0
    np.testing.assert_array_equal(rendered(script, 14_000, block, parts), reference)
    assert list(parts.events) == list(whole.events)
    assert [sample for sample, _ in whole.events] == sorted(sample for sample, _ in whole.events)
    assert parts.snapshot() == whole.snapshot()


@pytest.mark.parametrize("block", [1, *BLOCKS])
def test_a_script_of_everything_knows_no_block_size(block: int) -> None:
    acts = _acts([2500, 1700, 900, 311])
    kinds = [("take_over", 2, 30.0), ("effects", 2, 20.0), ("pause", 0, 8.0), ("resume", 0, 3.0), ("skip", 1, 45.0)]
    kinds += [("skip", 0, 30.0), ("replace", 0, 1.0), ("take_over", 1, 25.0), ("volume", 0, 30.0), ("stop", 0, 20.0)]
    script = [(0, play(3, noise(700, seed=9)))]
    script += [(400 + 500 * i, acts[kind](which, amount)) for i, (kind, which, amount) in enumerate(kinds)]
    np.testing.assert_array_equal(rendered(script, 8000, block), rendered(script, 8000, 20_000))


@pytest.mark.parametrize("n", [1, 2, 63, 1000, 44_100])
@pytest.mark.parametrize("block", [64, 4096])
def test_a_loop_repeats_bit_for_bit(n: int, block: int) -> None:
    samples = noise(n, level=0.1)
    total = 2 * n + 3000
    out = rendered([(0, play(1, samples, fade_ms=1.0))], total, block)
    fade = ms_to_samples(1.0, RATE)
    np.testing.assert_array_equal(out[fade:], samples[np.arange(fade, total) % n])


def test_a_baked_loop_is_periodic() -> None:
    baked = bake(clip_of(noise(30_000, level=0.1)), LoopRegion(5000, 20_000), overlap_ms=80.0)
    mixer = Mixer(RATE)
    mixer.play(1, baked, fade_ms=0.0)
    out = rendered([], 60_000, 513, mixer)
    np.testing.assert_array_equal(out[1:45_000], out[15_001:])


@pytest.mark.soak
def test_an_hour_drifts_by_no_sample() -> None:
    rate = 8000  # so that it takes seconds
    samples = noise(10_007, level=0.1)
    mixer = Mixer(rate)
    mixer.play(1, loop_of(samples, sample_rate=rate), fade_ms=0.0)
    out = np.zeros((1 << 20, 2), dtype=np.float32)
    n_blocks = -(-3600 * rate // len(out))
    for _ in range(n_blocks):
        mixer.render(out)
    first = (n_blocks - 1) * len(out) - mixer.latency_samples
    np.testing.assert_array_equal(out, samples[np.arange(first, first + len(out)) % 10_007])
    mixed = n_blocks * len(out)
    snapshot = mixer.snapshot()
    assert (snapshot.position_samples, snapshot.turns) == (mixed % 10_007, mixed // 10_007)


def test_a_loop_begins_where_it_is_told() -> None:
    samples = noise(1000)
    mixer = Mixer(RATE)
    out = rendered([(100, play(1, samples, 0.0, position=2345))], 3000, 64, mixer)
    assert not out[:100].any()
    np.testing.assert_array_equal(out[101:], samples[np.arange(346, 346 + 2899) % 1000])
    assert told(mixer) == [(100, Began(1))]


def test_the_sum_of_loud_loops_keeps_below_the_ceiling() -> None:
    loud = [np.sign(tone(3000, turns=30 + i)).astype(np.float32) * np.float32(0.85) for i in range(4)]
    script = [(0, play(0, loud[0]))] + [(1000 * i, skip(i, loud[i], 0, 400.0)) for i in range(1, 4)]
    out = rendered(script, 30_000, 512)
    assert true_peak(out).max() <= 10 ** (-1 / 20) + 1e-6
    assert true_peak(out[3000:8000]).max() > 0.8


def test_mono_loops_and_mono_outputs() -> None:
    mono, stereo = noise(500, n_channels=1), noise(500)
    out = rendered([(0, play(1, mono, 0.0))], 400, 64)
    np.testing.assert_array_equal(out[1:], np.repeat(mono, 2, axis=1)[1:400])
    out = rendered([(0, play(1, stereo, 0.0))], 400, 64, Mixer(RATE, n_channels=1))
    np.testing.assert_allclose(out[1:, 0], stereo.mean(axis=1)[1:400], atol=1e-7)
    with pytest.raises(TooManyChannels):
        Mixer(RATE).play(1, loop_of(noise(500, n_channels=8)), fade_ms=0.0)


def test_gate() -> None:
    with pytest.raises(ValueError, match="48000"):
        Mixer(RATE).play(1, loop_of(noise(10), sample_rate=48_000), fade_ms=1.0)
    with pytest.raises(ValueError, match="volume"):
        Mixer(RATE).set_volume(float("nan"))
    with pytest.raises(ValueError, match="volume"):
        Mixer(RATE).set_fader(1.5, 100.0)
    with pytest.raises(ValueError, match="no samples"):
        Mixer(RATE).replace(1, BakedLoop(noise(10)[:0], RATE, LoopRegion(0, 10), 0, 0.0))
    with pytest.raises(ValueError, match="0 samples"):
        Mixer(RATE).take_over(1, loop_of(noise(10)), 0, TransitionPlan(0))


# --- volume, fader, stop ----------------------------------------------------------------------------------------------


def test_volume_and_fader_multiply() -> None:
    samples = noise(1000)
    script: list[tuple[int, Command]] = [(0, play(1, samples)), (2000, lambda m: m.set_volume(0.5))]
    out = rendered(script, 9000, 333)
    np.testing.assert_array_equal(out[8000:9000], samples * np.float32(0.5))
    script += [(4000, lambda m: m.set_fader(0.25, 50.0))]
    out = rendered(script, 9000, 333)
    np.testing.assert_array_equal(out[8000:9000], samples * np.float32(0.125))
    out = rendered([(0, play(1, samples)), (0, lambda m: m.set_volume(0.0, 10.0))], 9000, 333)
    assert not out[ms_to_samples(10.0, RATE) :].any()


def test_a_volume_turned_during_its_ramp_goes_on_from_where_it_is() -> None:
    steady = np.full((1000, 2), 0.5, dtype=np.float32)
    script: list[tuple[int, Command]] = [(0, play(1, steady, 0.0)), (1000, lambda m: m.set_volume(0.0, 100.0))]
    script += [(3000, lambda m: m.set_volume(1.0, 100.0)), (4000, lambda m: m.set_volume(0.2, 30.0))]
    out = rendered(script, 9000, 512)
    assert largest_step(out[10:]) < 0.001
    np.testing.assert_array_equal(out[-100:], np.float32(0.5) * np.float32(0.2))


def test_stop_is_silence_after_its_fade_and_music_may_begin_meanwhile() -> None:
    samples = noise(5000)
    mixer = Mixer(RATE)
    fade = ms_to_samples(STOP_FADE_MS, RATE)
    out = rendered([(0, play(1, samples)), (8000, lambda m: m.stop())], 20_000, 512, mixer)
    assert rms(out[8000 : 8000 + fade // 4]) > 0.1
    assert not out[8000 + fade :].any()
    assert told(mixer) == [(0, Began(1)), (8000 + fade, Stopped())]
    assert mixer.is_silent
    assert mixer.snapshot().loop_id is None
    out = rendered([(0, play(1, samples)), (8000, lambda m: m.stop()), (9000, play(2, samples, 5.0))], 20_000, 512)
    np.testing.assert_array_equal(out[9000 + fade : 14_000], samples[fade:])


def test_silence_is_told_when_it_has_come_out() -> None:
    mixer = Mixer(RATE)
    mixer.play(1, loop_of(noise(100)), fade_ms=0.0)
    assert not mixer.is_silent
    mixer.render(np.zeros((10, 2), dtype=np.float32))
    mixer.stop(fade_ms=1.0)
    n = ms_to_samples(1.0, RATE)
    mixer.render(np.zeros((n + mixer.latency_samples - 1, 2), dtype=np.float32))
    assert not mixer.is_silent
    mixer.render(np.zeros((1, 2), dtype=np.float32))
    assert mixer.is_silent


def test_every_stop_is_answered_in_time() -> None:
    mixer = Mixer(RATE)
    rendered([(0, lambda m: m.stop()), (10, lambda m: m.stop())], 100, 64, mixer)
    assert told(mixer) == [(0, Stopped()), (10, Stopped())]
    mixer = Mixer(RATE)
    script = [(0, play(1, noise(500))), (100, lambda m: m.stop(10.0)), (200, lambda m: m.stop(1.0))]
    rendered([*script, (300, play(2, noise(500)))], 1000, 64, mixer)
    assert told(mixer) == [(0, Began(1)), (244, Stopped()), (300, Began(2)), (541, Stopped())]


# --- what is told -----------------------------------------------------------------------------------------------------


def test_blocks_tell_what_is_heard() -> None:
    mixer = Mixer(RATE)
    samples, latency = noise(1000), mixer.latency_samples
    raw = np.concatenate([np.zeros((latency, 2), np.float32), rendered([(0, play(3, samples))], 2600, 512, mixer)])
    block = mixer.blocks[4]
    assert (block.first_sample, block.n_samples) == (2048 + latency, 512)
    assert block.channels[ENDLESS] == ChannelBlock(3, 1000, 48, 2, 512, None, 0.0, is_paused=False)
    assert block.channels[1:] == (IDLE_BLOCK,) * (MIXER_CHANNELS - 1)
    np.testing.assert_array_equal(raw[block.first_sample], samples[48])
    np.testing.assert_allclose(block.peaks, np.abs(raw[2048:2560]).max(axis=0))
    np.testing.assert_allclose(block.powers, np.square(raw[2048:2560]).sum(axis=0), rtol=1e-4)


def test_blocks_tell_of_a_crossfade() -> None:
    mixer = Mixer(RATE)
    script = [(0, play(1, noise(1000))), (0, blend(2, noise(5000), 1, 100.0))]
    rendered(script, 1000 + 4410, 500, mixer)
    seen = [(block.incoming_id, block.fade) for _, block in blocks_of(mixer)]
    assert seen[:3] == [(None, 0.0), (None, 0.0), (None, 0.0)]  # at its first sample nothing is over yet
    assert seen[3][0] == 2
    assert seen[3][1] == pytest.approx(500 / 4410)
    assert seen[-1][0] is None
    fades = [fade for incoming_id, fade in seen if incoming_id == 2]
    assert fades == sorted(fades)


def test_commands_from_another_thread_while_it_renders() -> None:
    mixer, acts, rng = Mixer(RATE), _acts([2500, 1700, 900, 311]), np.random.default_rng(5)
    ending = threading.Event()

    def command() -> None:
        # What it raises, pytest tells.
        while not ending.is_set():
            acts[_KINDS[rng.integers(len(_KINDS))]](int(rng.integers(4)), float(rng.uniform(0.1, 60.0)))(mixer)
            mixer.snapshot()
            # Far more often than any person, and no more than can be taken up.
            time.sleep(0.0003)

    commanding = threading.Thread(target=command)
    out = np.zeros((512, 2), dtype=np.float32)
    commanding.start()
    try:
        for _ in range(1500):
            mixer.render(out)
            assert np.abs(out).max() <= 1.0
            time.sleep(0.0)
    finally:
        ending.set()
        commanding.join()


@pytest.mark.soak
def test_what_render_lets_go_of_is_freed_by_the_commanding_thread() -> None:
    mixer, out = Mixer(RATE), np.zeros((4096, 2), dtype=np.float32)
    alive: list[weakref.ref[Any]] = []
    for i in range(12):
        loop = loop_of(noise(2000, seed=i))
        alive.append(weakref.ref(loop.samples))
        if i % 3 == 0:
            mixer.play(i, loop, fade_ms=1.0)
        elif i % 3 == 1:
            mixer.take_over(i, loop, i - 1, TransitionPlan(100))
        else:
            mixer.replace(i - 1, loop)
        del loop
        before = sum(ref() is not None for ref in alive)
        for _ in range(3):
            mixer.render(out)
        gc.collect()
        assert sum(ref() is not None for ref in alive) == before, "render frees nothing"
    mixer.tidy()
    gc.collect()
    assert sum(ref() is not None for ref in alive) == 1
    mixer.stop(fade_ms=1.0)
    mixer.render(out)
    mixer.tidy()
    assert not any(ref() is not None for ref in alive)
