# SPDX-License-Identifier: GPL-3.0-or-later
"""These effects are cyclic: what leaves a stereo bus at the end comes back at the start, so that a loop has no seam."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.control import STEP_SAMPLES, drawn_out, n_points, scale
from engine.generators.composer.filters import cyclic_filter
from engine.generators.composer.synth import band_noise, decay, ramp_ends
from engine.values import FloatArray

_N_ECHOES = 5
_RAIN, _DROPS_PER_S, _DROP_KINDS = 0.024, 30.0, 24
_PRE_DELAY_S = 0.014
_LEAST_BLOCK_BITS, _BLOCK_ROOMS = 16, 2.5  # a block is at least so many rooms long


def add_cyclic(bus: FloatArray, wave: FloatArray, start: int, *, gain: float, pan: float) -> None:
    """Add a mono or stereo ``wave`` to ``bus`` from sample ``start`` (any integer), equal-power panned, in place."""
    angle = (pan + 1.0) * np.pi / 4.0
    sides = (np.float32(gain * np.cos(angle)), np.float32(gain * np.sin(angle)))
    n, length = bus.shape[1], wave.shape[-1]
    start %= n
    done = 0
    while done < length:
        take = min(length - done, n - start)
        for side in range(2):
            source = wave[side] if wave.ndim == 2 else wave
            bus[side, start : start + take] += sides[side] * source[done : done + take]
        done += take
        start = 0


def echoes(send: FloatArray, delay_samples: int, feedback: float, sample_rate: int) -> FloatArray:
    """Return repeats that change sides and grow darker; the dry sound is not included."""
    out = np.zeros_like(send)
    tap = cyclic_filter(send, sample_rate, low_pass_hz=4500.0, high_pass_hz=220.0)
    for i in range(1, _N_ECHOES + 1):
        gain = np.float32(0.8 * feedback ** (i - 1))
        if gain < 0.02:
            break
        shift = i * delay_samples % send.shape[1]
        # Each repeat leans to one side.
        for side, lean in enumerate((1.0, 0.45) if i % 2 else (0.45, 1.0)):
            repeat = np.float32(gain * lean) * tap[1 - side if i % 2 else side]
            out[side, shift:] += repeat[: repeat.size - shift]
            out[side, :shift] += repeat[repeat.size - shift :]
    return out


def reverb(send: FloatArray, time_s: float, damp_hz: float, sample_rate: int, rng: np.random.Generator) -> FloatArray:
    """Return the bus convolved cyclically with a synthetic room: reflections, then noise whose highs die first.

    After Moorer, 1979.
    """
    from scipy.fft import irfft, rfft

    n = send.shape[1]
    out = np.zeros_like(send)
    for played, wet in zip(send, out, strict=True):
        impulse = _room(time_s, damp_hz, sample_rate, rng)
        # In blocks, whose transforms stay in the processor's cache.
        n_fft = 1 << max(_LEAST_BLOCK_BITS, int(np.ceil(np.log2(_BLOCK_ROOMS * impulse.size))))
        step = n_fft - impulse.size + 1
        room = rfft(impulse, n_fft)
        for first in range(0, n, step):
            block = rfft(played[first : first + step], n_fft)
            block *= room
            sounds = np.asarray(irfft(block, n_fft))[: min(step, n - first) + impulse.size - 1]
            done = 0
            while done < sounds.size:
                at = (first + done) % n
                take = min(sounds.size - done, n - at)
                wet[at : at + take] += sounds[done : done + take]
                done += take
    return out


def _room(time_s: float, damp_hz: float, sample_rate: int, rng: np.random.Generator) -> FloatArray:
    n = int((time_s * 1.05 + 0.05) * sample_rate)
    pre_delay = int(_PRE_DELAY_S * sample_rate)
    out = np.zeros(n + pre_delay, np.float32)
    tau = time_s / 6.9  # 60 dB in time_s
    for low, high, share, factor in (
        (160.0, 700.0, 0.9, 1.1),
        (700.0, damp_hz * 0.6, 1.0, 1.0),
        (damp_hz * 0.6, damp_hz * 1.8, 0.6, 0.5),
    ):
        out[pre_delay:] += (
            np.float32(share) * band_noise(rng, n, sample_rate, low, high) * decay(n, sample_rate, tau * factor)
        )
    rise = min(n, int(0.012 * sample_rate))
    out[pre_delay : pre_delay + rise] *= np.linspace(0.15, 1.0, rise, dtype=np.float32)
    out[-n // 10 :] *= np.linspace(1.0, 0.0, n // 10 + (1 if n % 10 else 0), dtype=np.float32)[: out[-n // 10 :].size]
    for _ in range(7):
        at = pre_delay // 3 + int(rng.uniform(0.001, 0.045) * sample_rate)
        if at < out.size:
            out[at] += np.float32(rng.choice([-1.0, 1.0]) * rng.uniform(2.0, 5.0))
    return out / np.float32(np.sqrt(np.sum(np.square(out))))


def wobble(bus: FloatArray, sample_rate: int, depth: float) -> FloatArray:
    """Play a bus like an uneven tape: slow wow, a little flutter, whole numbers of turns per clip so that it wraps."""
    n = bus.shape[1]
    seconds = n / sample_rate
    turn = (2 * np.pi * STEP_SAMPLES / n) * np.arange(n_points(n))
    slow, quick = max(1, round(0.55 * seconds)), max(1, round(6.3 * seconds))
    shift = depth * sample_rate * (0.0011 * np.sin(slow * turn) + 0.00004 * np.sin(quick * turn))
    # Whole samples apart, for a place in the millions has no room for fractions in float32.
    moved = drawn_out(shift, n)
    whole = np.floor(moved)
    weight = moved - whole
    here = np.arange(n, dtype=np.int32) + whole.astype(np.int32)
    out = np.empty_like(bus)
    for side, played in zip(bus, out, strict=True):
        first = np.take(side, here, mode="wrap")
        played[:] = first + weight * (np.take(side, here + 1, mode="wrap") - first)
    return out


def air(n_samples: int, sample_rate: int, amount: float, rng: np.random.Generator) -> FloatArray:
    """Return wind, or waves far away: noise that swells slowly, each side in its own time."""
    out = _noise(n_samples, sample_rate, rng, low_pass_hz=7500.0, high_pass_hz=1400.0)
    _swell(out, 0.012 * amount, rng, times=round(n_samples / sample_rate / 6.5), slow=0.6, quick=0.3)
    return out


def _swell(bus: FloatArray, level: float, rng: np.random.Generator, *, times: int, slow: float, quick: float) -> None:
    """Have each side of a bus swell in its own time, so often per clip and, less, twice as often."""
    times = max(1, times)
    turn = (2 * np.pi * STEP_SAMPLES / bus.shape[1]) * np.arange(n_points(bus.shape[1]))
    for row in range(2):
        first, second = rng.uniform(0, 2 * np.pi, 2)
        swell = 1.0 + slow * np.sin(times * turn + first) + quick * np.sin((2 * times + 1) * turn + second)
        scale(bus[row : row + 1], level * swell)


def rain(n_samples: int, sample_rate: int, amount: float, rng: np.random.Generator) -> FloatArray:
    """Return rain: a hiss that comes and goes a little, and drops near by, some of which ring as water does."""
    out = _noise(n_samples, sample_rate, rng, low_pass_hz=9000.0, high_pass_hz=700.0)
    _swell(out, _RAIN * amount, rng, times=round(n_samples / sample_rate / 4.5), slow=0.25, quick=0.15)
    drops = [_drop(rng, sample_rate, rings=kind % 4 == 0) for kind in range(_DROP_KINDS)]
    n_drops = int(rng.poisson(_DROPS_PER_S * min(1.0, amount) * n_samples / sample_rate))
    starts, kinds = rng.integers(0, n_samples, n_drops), rng.integers(0, _DROP_KINDS, n_drops)
    for start, kind, size, pan in zip(starts, kinds, rng.random(n_drops), rng.uniform(-0.9, 0.9, n_drops), strict=True):
        add_cyclic(out, drops[int(kind)], int(start), gain=amount * (0.009 + 0.07 * float(size) ** 4), pan=float(pan))
    return out


def _drop(rng: np.random.Generator, sample_rate: int, *, rings: bool) -> FloatArray:
    """Return a drop on something hard, or one on water, whose bubble rings higher and higher (Minnaert, 1933)."""
    n = int(sample_rate * rng.uniform(0.004, 0.01))
    if rings:
        n = int(0.04 * sample_rate)
        t = np.arange(n, dtype=np.float32) / np.float32(sample_rate)
        hz = float(rng.uniform(1100.0, 2600.0))
        wave = np.sin(2 * np.pi * hz * (t + np.float32(3.0) * t * t)) * decay(n, sample_rate, 0.009)
        return ramp_ends(0.6 * wave, int(0.0005 * sample_rate), int(0.004 * sample_rate))
    low_hz = float(rng.uniform(1200.0, 3500.0))
    wave = band_noise(rng, n, sample_rate, low_hz, 2.5 * low_hz) * decay(n, sample_rate, 0.0015)
    return ramp_ends(wave, int(0.0004 * sample_rate), n // 3)


def _noise(
    n_samples: int, sample_rate: int, rng: np.random.Generator, *, low_pass_hz: float, high_pass_hz: float
) -> FloatArray:
    white = rng.standard_normal((1, n_samples), dtype=np.float32)
    one = cyclic_filter(white, sample_rate, low_pass_hz=low_pass_hz, high_pass_hz=high_pass_hz)[0]
    # Seconds apart, the same noise is another.
    return np.stack([one, np.roll(one, n_samples // 2)])


def crackle(n_samples: int, sample_rate: int, amount: float, rng: np.random.Generator) -> FloatArray:
    """Return the noise of vinyl: sparse ticks of all sizes and a little surface noise."""
    out = _noise(n_samples, sample_rate, rng, low_pass_hz=5200.0, high_pass_hz=500.0)
    out *= np.float32(0.0011 * amount)
    n_ticks = int(rng.poisson(9.0 * n_samples / sample_rate))
    for start, size, pan in zip(
        rng.integers(0, n_samples, n_ticks), rng.random(n_ticks), rng.uniform(-0.7, 0.7, n_ticks), strict=True
    ):
        n = int(sample_rate * (0.003 + 0.003 * size))
        tick = band_noise(rng, n, sample_rate, 900.0, 5200.0) * decay(n, sample_rate, 0.0007)
        tick[:88] *= np.linspace(0, 1, 88, dtype=np.float32)
        add_cyclic(out, tick, int(start), gain=amount * (0.006 + 0.05 * float(size) ** 5), pan=float(pan))
    return out
