# SPDX-License-Identifier: GPL-3.0-or-later
"""This module synthesises percussion that is played by hand: skins, shakers, bells and woods."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.kit import USUAL_FORCE, Kit, Strike, falling, harder
from engine.generators.composer.synth import Floats, band_noise, decay, ramp_ends, ring
from engine.values import FloatArray


def _struck(
    modes: tuple[Floats, Floats, Floats], length_s: float, sr: int, force: float, tick: FloatArray | None = None
) -> FloatArray:
    """Return modes of which a harder stroke wakes the upper ones."""
    hz, times_s, gains = modes
    upper = np.linspace(0.0, 1.0, hz.size) if hz.size > 1 else np.zeros(1)
    out = ring(hz, times_s, gains * harder(force, 2.5) ** upper, int(length_s * sr), sr)
    if tick is not None:
        out[: tick.size] += tick
    return ramp_ends(out, int(0.002 * sr), int(0.25 * length_s * sr))


def _tick(rng: np.random.Generator, sr: int, band_hz: tuple[float, float], time_s: float, gain: float) -> FloatArray:
    n = int((8 * time_s + 0.004) * sr)
    return np.asarray(
        np.float32(gain) * band_noise(rng, n, sr, band_hz[0], min(16000.0, band_hz[1])) * decay(n, sr, time_s),
        np.float32,
    )


def clap(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a drum machine's clap: three short bursts and a tail."""
    n = int(0.32 * sr)
    env: FloatArray = 0.55 * decay(n, sr, 0.05 + 0.025 * force)
    for at in (0.0, 0.011 * rng.uniform(0.9, 1.1), 0.023, 0.034):
        start = int(at * sr)
        env[start:] += decay(n - start, sr, 0.005 if at < 0.03 else 0.02)
    noise = band_noise(rng, n, sr, 850, 4400 * harder(force, 1.6)) * env
    noise += 0.12 * force * band_noise(rng, n, sr, 6000, 14000) * env
    return ramp_ends(0.55 * noise, int(0.002 * sr), int(0.05 * sr))


def handclap(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return some people clapping together, each in his own time, with hands of his own size."""
    n = int(0.22 * sr)
    out = np.zeros(n, np.float32)
    for _ in range(5):
        start = int(abs(rng.normal(0.0, 0.006)) * sr)
        centre = rng.uniform(900, 1900) * harder(force, 0.8)
        one = band_noise(rng, n - start, sr, 0.6 * centre, 2.6 * centre) * decay(
            n - start, sr, rng.uniform(0.008, 0.02)
        )
        out[start:] += one + 0.25 * force * band_noise(rng, n - start, sr, 5000, 13000) * decay(n - start, sr, 0.004)
    return ramp_ends(0.3 * out, int(0.0015 * sr), int(0.04 * sr))


def snap(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a snap of two fingers."""
    pop = _tick(rng, sr, (1500, 4200 * harder(force, 1.5)), 0.009, 1.0)
    hz = np.array([1750.0, 2600, 3900]) * rng.uniform(0.97, 1.03)
    return _struck((hz, np.array([0.012, 0.01, 0.006]), np.array([0.5, 0.7, 0.4])), 0.14, sr, force, pop)


def skin(hz: float, time_s: float, slap: float) -> Strike:
    """Return a hand drum of that pitch and ringing time; ``slap`` in [0, 1] is how sharply the hand strikes."""

    def render(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE, /) -> FloatArray:
        tick = _tick(rng, sr, (900, 5500 * harder(force, 2.0)), 0.006, 1.2 * slap * force)
        ratios = np.array([1.0, 1.61, 2.14, 2.38, 3.0])
        times_s = time_s * np.array([1.0, 0.5, 0.33, 0.25, 0.2])
        gains = np.array([1.0, 0.4, 0.25, 0.25, 0.15])
        n = int(3.2 * time_s * sr)
        # The skin is tightened by the stroke, and falls back.
        pitch = hz * rng.uniform(0.99, 1.01)
        body = np.sin(falling(pitch, ((0.1 * force, 0.02),), n, sr)).astype(np.float32) * decay(n, sr, time_s)
        upper = ring(pitch * ratios[1:], times_s[1:], gains[1:] * harder(force, 2.5), n, sr)
        out = body + upper
        out[: tick.size] += tick[:n]
        return ramp_ends(out, int(0.002 * sr), int(0.3 * n))

    return render


def timbale(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a timbale: a metal shell that rings with its tight head."""
    hz = 345.0 * np.array([1.0, 1.59, 2.3, 2.92, 3.9, 5.2, 8.1])
    times_s = np.array([0.14, 0.12, 0.1, 0.1, 0.08, 0.06, 0.04])
    gains = np.array([0.9, 0.7, 0.5, 0.45, 0.35, 0.25, 0.2])
    tick = _tick(rng, sr, (2000, 11000 * harder(force, 1.5)), 0.005, 0.6 * force)
    return _struck((hz, times_s, gains), 0.6, sr, force, tick)


def tabla(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return the right drum's open stroke: its paste makes the modes harmonic (Raman 1934)."""
    hz = 292.0 * np.arange(1.0, 7.0)
    times_s = np.array([0.12, 0.3, 0.22, 0.16, 0.1, 0.07])
    gains = np.array([0.5, 1.0, 0.7, 0.45, 0.3, 0.2])
    tick = _tick(rng, sr, (1200, 7000 * harder(force, 1.5)), 0.004, 0.5 * force)
    return _struck((hz, times_s, gains), 0.9, sr, force, tick)


def tabla_low(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return the left drum, whose pitch the heel of the hand pushes up."""
    n = int(0.7 * sr)
    push = 1.0 + 0.32 * np.clip(np.arange(n) / sr / 0.16, 0, 1)
    body = np.sin(2 * np.pi * 82.0 * np.cumsum(push) / sr).astype(np.float32) * decay(n, sr, 0.17)
    body += 0.25 * ring(np.array([190.0, 300]), np.array([0.08, 0.05]), np.array([1, 0.6]) * harder(force, 2.0), n, sr)
    tick = _tick(rng, sr, (300, 2500 * harder(force, 2.0)), 0.007, 0.4 * force)
    body[: tick.size] += tick
    return ramp_ends(body, int(0.003 * sr), int(0.15 * sr))


def _jingles(rng: np.random.Generator, sr: int, force: float, length_s: float, *, n: int, low_hz: float) -> FloatArray:
    freqs = rng.uniform(low_hz, 15500, n)
    gains = rng.uniform(0.04, 0.1, n) * np.where(freqs > 9000, harder(force, 2.0), 1.0)
    times_s = rng.uniform(0.25, 1.0, n) * 0.3 * length_s
    return ring(freqs, times_s, gains, int(length_s * sr), sr, phases=rng.uniform(0, 6.28, n))


def pandeiro(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a Brazilian frame drum with jingles, struck."""
    n = int(0.3 * sr)
    out = 0.5 * _jingles(rng, sr, force, 0.3, n=18, low_hz=4500)
    out += ring(np.array([115.0, 245, 390]), np.array([0.07, 0.04, 0.03]), np.array([0.7, 0.35, 0.2]), n, sr)
    out += 0.2 * force * band_noise(rng, n, sr, 3500, 12000 * harder(force, 1.0)) * decay(n, sr, 0.012)
    return ramp_ends(out, int(0.002 * sr), int(0.06 * sr))


def tambourine(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a tambourine, shaken so that its jingles meet at once."""
    n = int(0.3 * sr)
    out = _jingles(rng, sr, force, 0.3, n=28, low_hz=5000)
    out += 0.3 * band_noise(rng, n, sr, 4500, min(16000.0, 13500 * harder(force, 1.2))) * decay(n, sr, 0.02)
    return ramp_ends(out, int(0.003 * sr), 1500)


def sleigh(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return many small bells, none of them quite at once."""
    n = int(0.4 * sr)
    out = np.zeros(n, np.float32)
    for _ in range(4):
        start = int(rng.uniform(0, 0.035) * sr)
        out[start:] += _jingles(rng, sr, force, 0.4, n=10, low_hz=3800)[: n - start]
    return ramp_ends(out, int(0.003 * sr), int(0.1 * sr))


def shaker(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return one push of a shaker: grains that gather and fall."""
    n = int((0.075 + 0.045 * force) * sr)
    env = np.sin(np.linspace(0, np.pi, n)) ** 2 * decay(n, sr, 0.05)
    return (0.5 * band_noise(rng, n, sr, 4800, min(16000.0, 13500 * harder(force, 1.3))) * env).astype(np.float32)


def cabasa(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return steel beads rubbed round a cylinder."""
    n = int(0.1 * sr)
    rise = np.linspace(0, 1, n)
    env = rise**0.6 * np.exp(-6 * np.clip(rise - 0.35, 0, 1)) * (1 + 0.5 * np.sin(2 * np.pi * 26 * rise))
    noise = band_noise(rng, n, sr, 3500, min(16000.0, 12500 * harder(force, 1.5)))
    return ramp_ends(0.5 * noise * env, int(0.002 * sr), int(0.03 * sr))


def guiro(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a stick drawn over the notches of a gourd, quicker towards the end."""
    n = int(0.26 * sr)
    out = np.zeros(n, np.float32)
    at_s = 0.002
    gap_s = 0.0115
    while at_s < 0.2:
        tick = _tick(rng, sr, (1600, 5200 * harder(force, 1.6)), 0.0012, rng.uniform(0.6, 1.0))
        start = int(at_s * sr)
        out[start : start + tick.size] += tick[: n - start]
        gap_s *= 0.975
        at_s += gap_s * rng.uniform(0.93, 1.07)
    out += 0.3 * ring(np.array([820.0, 2450]), np.array([0.05, 0.03]), np.array([0.3, 0.2]), n, sr)
    return ramp_ends(out, int(0.002 * sr), int(0.03 * sr))


def cowbell(_kit: Kit, _rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a cowbell struck on its mouth."""
    hz = np.array([540.0, 800, 1620, 2400, 2700, 4000])
    gains = np.array([0.6, 0.6, 0.25, 0.25, 0.15, 0.15])
    return _struck((hz, np.array([0.12, 0.12, 0.06, 0.06, 0.03, 0.03]), gains), 0.45, sr, force)


def agogo(hz: float) -> Strike:
    """Return one bell of an agogô, tuned to ``hz``."""

    def render(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE, /) -> FloatArray:
        modes = hz * np.array([1.0, 2.02, 2.75, 4.1, 5.4, 7.9])
        gains = np.array([0.9, 0.6, 0.4, 0.3, 0.2, 0.1])
        tick = _tick(rng, sr, (3000, 11000), 0.003, 0.25 * force)
        return _struck((modes, np.array([0.16, 0.13, 0.1, 0.07, 0.05, 0.03]), gains), 0.6, sr, force, tick)

    return render


def clave(_kit: Kit, _rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return one stick of hard wood struck on another."""
    hz, gains = np.array([2450.0, 4900, 7300]), np.array([1.0, 0.15, 0.08])
    return _struck((hz, np.array([0.022, 0.01, 0.006]), gains), 0.15, sr, force)


def woodblock(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a hollow block of wood, struck."""
    hz = np.array([930.0, 1520, 2330, 3500])
    tick = _tick(rng, sr, (1500, 7000 * harder(force, 1.5)), 0.003, 0.35 * force)
    return _struck((hz, np.array([0.035, 0.022, 0.015, 0.01]), np.array([1.0, 0.5, 0.35, 0.2])), 0.22, sr, force, tick)


def triangle(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a triangle left to ring."""
    hz = np.array([1710.0, 2920, 4310, 5230, 6840, 8490, 10350, 12300, 14800])
    gains = np.array([0.15, 0.3, 0.6, 0.5, 0.6, 0.45, 0.35, 0.25, 0.2])
    times_s = np.array([0.5, 0.6, 0.9, 0.8, 0.8, 0.6, 0.5, 0.35, 0.25])
    tick = _tick(rng, sr, (5000, 15000), 0.002, 0.4 * force)
    return _struck((hz, times_s, gains), 2.0, sr, force, tick)
