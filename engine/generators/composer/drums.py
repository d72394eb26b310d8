# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: ARG001 (every piece takes the same three things)
"""This module synthesises drums and percussion piece by piece; a kit is a set of dials for the same pieces.

To add a kit: a line in ``KITS``. To add a piece: a function below and a line in ``PIECES``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.generators.composer.synth import band_noise, decay, ramp_ends, ring
from engine.values import FloatArray


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit holds the dials of its drums.

    Attributes
    ----------
    kick_hz, kick_s, kick_drop, kick_click, kick_drive
        The kick's resting pitch, decay, how many octaves it falls, its beater, its saturation.
    snare_hz, snare_s, snare_wires
        The snare's shell pitch, decay and how loud its wires are.
    hat_hz, hat_s
        Where the hats' noise begins and how long a closed one lasts.
    metal
        How much of the hats is ringing metal rather than noise, in [0, 1].
    """

    kick_hz: float
    kick_s: float
    kick_drop: float
    kick_click: float
    kick_drive: float
    snare_hz: float
    snare_s: float
    snare_wires: float
    hat_hz: float
    hat_s: float
    metal: float


KITS: dict[str, Kit] = {
    "acoustic": Kit(58, 0.16, 1.1, 0.5, 1.2, 196, 0.13, 0.8, 6500, 0.045, 0.6),
    "rock": Kit(54, 0.19, 1.3, 0.9, 1.8, 182, 0.17, 1.0, 5500, 0.06, 0.6),
    "jazz": Kit(66, 0.2, 0.7, 0.25, 1.0, 215, 0.12, 0.6, 6200, 0.05, 0.8),
    "lofi": Kit(55, 0.18, 1.2, 0.3, 2.2, 188, 0.11, 0.7, 5200, 0.035, 0.3),
    "808": Kit(48, 0.3, 1.6, 0.35, 1.4, 178, 0.13, 1.0, 7500, 0.03, 0.35),
    "909": Kit(52, 0.19, 2.0, 0.9, 2.0, 200, 0.15, 1.0, 7000, 0.04, 0.6),
    "techno": Kit(49, 0.2, 2.2, 0.8, 3.0, 190, 0.12, 0.9, 7800, 0.035, 0.5),
    "break": Kit(62, 0.14, 1.2, 0.9, 1.8, 224, 0.14, 1.0, 6000, 0.045, 0.7),
    "electro": Kit(50, 0.22, 1.7, 0.7, 1.6, 186, 0.24, 1.0, 6800, 0.045, 0.5),
    "dub": Kit(52, 0.2, 1.0, 0.3, 1.4, 235, 0.1, 0.5, 6400, 0.04, 0.5),
    "chip": Kit(60, 0.1, 2.4, 0.6, 3.0, 210, 0.09, 1.4, 4500, 0.025, 0.0),
    "cinematic": Kit(42, 0.5, 0.8, 0.5, 1.3, 130, 0.25, 0.5, 5500, 0.06, 0.5),
}

_METAL_RATIOS = np.array([2.0, 3.0, 4.16, 5.43, 6.79, 8.21]) * 205.0


def _kick(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(sr * min(1.2, 5 * kit.kick_s))
    t = np.arange(n) / sr
    hz = kit.kick_hz * (1 + (2**kit.kick_drop - 1) * np.exp(-t / 0.014) + 0.5 * np.exp(-t / 0.06))
    body = np.sin(2 * np.pi * np.cumsum(hz) / sr) * decay(n, sr, kit.kick_s)
    body = np.tanh(kit.kick_drive * body) / np.tanh(kit.kick_drive)
    click = band_noise(rng, int(0.012 * sr), sr, 1200, 6000) * decay(int(0.012 * sr), sr, 0.0025)
    body[: click.size] += 0.22 * kit.kick_click * click
    return ramp_ends(body.astype(np.float32), int(0.002 * sr), int(0.05 * sr))


def _snare(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(sr * (0.1 + 3.5 * kit.snare_s))
    f = kit.snare_hz * rng.uniform(0.985, 1.015)
    shell = ring(
        f * np.array([1.0, 1.59, 2.14, 2.9]),
        kit.snare_s * np.array([0.55, 0.4, 0.25, 0.2]),
        np.array([0.9, 0.6, 0.3, 0.2]),
        n,
        sr,
    )
    wires = band_noise(rng, n, sr, 1400, 9500) * (decay(n, sr, kit.snare_s) + 0.6 * decay(n, sr, 0.012))
    return ramp_ends(shell + 0.42 * kit.snare_wires * wires, int(0.002 * sr), int(0.03 * sr))


def _rim(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(0.12 * sr)
    out = ring(
        np.array([515.0, 1190, 1710, 2520]), np.array([0.016, 0.013, 0.01, 0.006]), np.array([0.6, 1, 0.8, 0.5]), n, sr
    )
    return ramp_ends(out + 0.2 * band_noise(rng, n, sr, 1500, 8000) * decay(n, sr, 0.004), int(0.002 * sr), 400)


def _clap(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(0.32 * sr)
    env: FloatArray = 0.55 * decay(n, sr, 0.07)
    for at in (0.0, 0.011 * rng.uniform(0.9, 1.1), 0.023, 0.034):
        start = int(at * sr)
        env[start:] += decay(n - start, sr, 0.005 if at < 0.03 else 0.02)
    return ramp_ends(
        (0.55 * band_noise(rng, n, sr, 850, 4200) * env).astype(np.float32), int(0.002 * sr), int(0.05 * sr)
    )


def _cymbal(kit: Kit, rng: np.random.Generator, sr: int, time_s: float, low_hz: float) -> FloatArray:
    n = int(sr * min(2.2, 0.02 + 5 * time_s))
    noise = band_noise(rng, n, sr, low_hz, 14500, order=3) * decay(n, sr, time_s)
    freqs = np.concatenate([_METAL_RATIOS * k for k in (3.1, 5.3, 7.9)]) * rng.uniform(0.99, 1.01)
    bank = ring(
        freqs, np.full(freqs.size, time_s), np.full(freqs.size, 0.16), n, sr, phases=rng.uniform(0, 6.28, freqs.size)
    )
    out = (1 - 0.55 * kit.metal) * noise + kit.metal * bank
    return ramp_ends(0.5 * out, int(0.002 * sr), int(0.02 * sr))


def _hat(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    return _cymbal(kit, rng, sr, kit.hat_s * rng.uniform(0.85, 1.2), kit.hat_hz)


def _open_hat(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    return _cymbal(kit, rng, sr, kit.hat_s * 4.5, kit.hat_hz * 0.9)


def _ride(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(1.4 * sr)
    freqs = rng.uniform(2600, 11000, 46)
    wash = ring(freqs, rng.uniform(0.15, 0.55, 46), rng.uniform(0.03, 0.12, 46), n, sr, phases=rng.uniform(0, 6.28, 46))
    ping = ring(np.array([3150.0, 4480, 5630]), np.array([0.12, 0.1, 0.07]), np.array([0.35, 0.3, 0.25]), n, sr)
    stick = 0.25 * band_noise(rng, n, sr, 3000, 12000) * decay(n, sr, 0.006)
    return ramp_ends(0.7 * (wash + ping + stick), int(0.002 * sr), int(0.2 * sr))


def _crash(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(2.2 * sr)
    freqs = rng.uniform(1200, 13000, 90)
    bank = ring(freqs, rng.uniform(0.2, 0.9, 90), rng.uniform(0.02, 0.07, 90), n, sr, phases=rng.uniform(0, 6.28, 90))
    wash = 0.3 * band_noise(rng, n, sr, 3200, 13000) * decay(n, sr, 0.5)
    return ramp_ends(bank + wash, int(0.004 * sr), int(0.5 * sr))


def _tom(hz: float) -> Callable[[Kit, np.random.Generator, int], FloatArray]:
    def render(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
        n = int(0.6 * sr)
        t = np.arange(n) / sr
        body = np.sin(2 * np.pi * np.cumsum(hz * (1 + 0.45 * np.exp(-t / 0.05))) / sr) * decay(n, sr, 0.16)
        skin = band_noise(rng, n, sr, 300, 3500) * decay(n, sr, 0.015)
        return ramp_ends((body + 0.2 * skin).astype(np.float32), int(0.002 * sr), int(0.1 * sr))

    return render


def _conga(hz: float, slap: float) -> Callable[[Kit, np.random.Generator, int], FloatArray]:
    def render(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
        n = int(0.4 * sr)
        out = ring(hz * np.array([1.0, 1.61, 2.38]), np.array([0.13, 0.06, 0.03]), np.array([1.0, 0.35, 0.25]), n, sr)
        out += slap * band_noise(rng, n, sr, 900, 5000) * decay(n, sr, 0.006)
        return ramp_ends(out, int(0.002 * sr), int(0.05 * sr))

    return render


def _shaker(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(0.11 * sr)
    env = np.sin(np.linspace(0, np.pi, n)) ** 2 * decay(n, sr, 0.05)
    return (0.5 * band_noise(rng, n, sr, 5200, 12500) * env).astype(np.float32)


def _tambourine(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(0.3 * sr)
    freqs = rng.uniform(5000, 12000, 24)
    jingle = ring(
        freqs, rng.uniform(0.03, 0.11, 24), rng.uniform(0.04, 0.1, 24), n, sr, phases=rng.uniform(0, 6.28, 24)
    )
    return ramp_ends(jingle + 0.3 * band_noise(rng, n, sr, 4500, 13000) * decay(n, sr, 0.02), int(0.003 * sr), 1000)


def _brush(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    """Return a brush swept over the head: a swish, not a hit."""
    n = int(0.34 * sr)
    env = np.sin(np.linspace(0, np.pi, n)) ** 1.5
    return (0.3 * band_noise(rng, n, sr, 1600, 7500) * env).astype(np.float32)


def _brush_tap(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    n = int(0.2 * sr)
    head = ring(np.array([210.0, 340]), np.array([0.05, 0.03]), np.array([0.4, 0.25]), n, sr)
    return ramp_ends(head + 0.4 * band_noise(rng, n, sr, 1500, 8500) * decay(n, sr, 0.035), int(0.003 * sr), 800)


def _cowbell(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    k = np.array([1.0, 3, 5])
    freqs = np.concatenate([540 * k, 800 * k])
    out = ring(freqs, np.tile([0.12, 0.06, 0.03], 2), np.tile([0.6, 0.25, 0.15], 2), int(0.4 * sr), sr)
    return ramp_ends(out, int(0.002 * sr), 1000)


def _clave(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    out = ring(np.array([2450.0, 4900]), np.array([0.022, 0.01]), np.array([1.0, 0.15]), int(0.15 * sr), sr)
    return ramp_ends(out, int(0.002 * sr), 500)


def _boom(kit: Kit, rng: np.random.Generator, sr: int) -> FloatArray:
    """Return a big drum in a big room."""
    n = int(1.6 * sr)
    t = np.arange(n) / sr
    body = np.sin(2 * np.pi * np.cumsum(44 * (1 + 0.5 * np.exp(-t / 0.06))) / sr) * decay(n, sr, 0.4)
    skin = band_noise(rng, n, sr, 80, 1200) * decay(n, sr, 0.06)
    return ramp_ends((body + 0.25 * skin).astype(np.float32), int(0.004 * sr), int(0.3 * sr))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a kit has a sound, a level (dB) in a balanced kit, a place (-1 left to 1 right) and a room share."""

    render: Callable[[Kit, np.random.Generator, int], FloatArray]
    gain_db: float
    pan: float
    room: float


PIECES: dict[str, Piece] = {
    "kick": Piece(_kick, -2.5, 0.0, 0.03),
    "snare": Piece(_snare, 1.5, 0.05, 0.25),
    "rim": Piece(_rim, 0.0, -0.2, 0.25),
    "clap": Piece(_clap, 1.0, 0.0, 0.3),
    "hat": Piece(_hat, -4.5, 0.28, 0.06),
    "open": Piece(_open_hat, -7.0, 0.28, 0.1),
    "ride": Piece(_ride, -7.5, 0.38, 0.12),
    "crash": Piece(_crash, -7.0, -0.35, 0.25),
    "tom_high": Piece(_tom(155), -3.0, 0.3, 0.2),
    "tom_mid": Piece(_tom(116), -3.0, 0.0, 0.2),
    "tom_low": Piece(_tom(84), -2.0, -0.35, 0.2),
    "conga_high": Piece(_conga(310, 0.5), -2.5, 0.4, 0.2),
    "conga_low": Piece(_conga(205, 0.2), -3.0, 0.25, 0.2),
    "shaker": Piece(_shaker, -5.0, -0.45, 0.1),
    "tambourine": Piece(_tambourine, -6.5, -0.4, 0.15),
    "brush": Piece(_brush, -3.0, -0.1, 0.15),
    "brush_tap": Piece(_brush_tap, 0.0, 0.05, 0.2),
    "cowbell": Piece(_cowbell, -9.0, -0.3, 0.15),
    "clave": Piece(_clave, -5.0, 0.35, 0.3),
    "boom": Piece(_boom, 0.0, 0.0, 0.3),
}
