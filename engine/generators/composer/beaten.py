# SPDX-License-Identifier: GPL-3.0-or-later
"""This module synthesises the pieces of a drum kit, each by the kit's dials and the force of the stroke."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.kit import USUAL_FORCE, Kit, Strike, falling, harder
from engine.generators.composer.synth import band_noise, decay, ramp_ends, ring
from engine.values import FloatArray

_METAL_RATIOS = np.array([2.0, 3.0, 4.16, 5.43, 6.79, 8.21]) * 205.0
_TOP_HZ = 16500.0


def kick(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a bass drum: a body whose pitch falls after the stroke, and the beater's click."""
    n = int(sr * min(1.2, 5 * kit.kick_s))
    drop = 2 ** (kit.kick_drop * (0.6 + 0.5 * force)) - 1
    # A short drum settles sooner: what is heard of it is its own pitch.
    phase = falling(kit.kick_hz, ((drop, 0.014), (0.5, min(0.06, 0.3 * kit.kick_s))), n, sr)
    drive = 1.0 + (kit.kick_drive - 0.6) * (0.4 + 0.75 * force)
    body = np.tanh(drive * np.sin(phase).astype(np.float32) * decay(n, sr, kit.kick_s * (0.85 + 0.19 * force)))
    n_click = int(0.014 * sr)
    click = band_noise(rng, n_click, sr, 1200, 6500 * harder(force, 1.6)) * decay(n_click, sr, 0.0025)
    body[:n_click] += 0.28 * kit.kick_click * force**1.2 * click
    return ramp_ends(body, int(0.002 * sr), int(0.05 * sr))


def snare(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a snare drum: a ringing shell and the wires that rattle under it."""
    n = int(sr * (0.1 + 3.5 * kit.snare_s))
    f = kit.snare_hz * rng.uniform(0.985, 1.015) * (0.985 + 0.02 * force)
    upper = harder(force, 2.0)
    shell = ring(
        f * np.array([1.0, 1.59, 2.14, 2.9, 3.6]),
        kit.snare_s * np.array([0.55, 0.4, 0.25, 0.2, 0.14]),
        np.array([0.9, 0.6, 0.3 * upper, 0.2 * upper, 0.12 * upper]),
        n,
        sr,
    )
    # A soft stroke hardly shakes the wires: they answer late, dull and short.
    length_s = kit.snare_s * (0.55 + 0.55 * force)
    wires = band_noise(rng, n, sr, 1400, min(_TOP_HZ, 10500 * harder(force, 1.7)))
    wires *= decay(n, sr, length_s) + 0.75 * kit.stick * force * decay(n, sr, 0.012)
    return ramp_ends(shell + 0.42 * kit.snare_wires * (0.45 + 0.7 * force) * wires, int(0.002 * sr), int(0.03 * sr))


def rim(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a stick laid across the head and struck on the rim."""
    n = int(0.12 * sr)
    up = harder(force, 1.5)
    out = ring(
        np.array([515.0, 1190, 1710, 2520, 4100]),
        np.array([0.016, 0.013, 0.01, 0.006, 0.004]),
        np.array([0.6, 1, 0.8 * up, 0.5 * up, 0.3 * up]),
        n,
        sr,
    )
    tick = band_noise(rng, n, sr, 1500, 8000 * harder(force, 1.2)) * decay(n, sr, 0.004)
    return ramp_ends(out + 0.25 * force * tick, int(0.002 * sr), 400)


def _cymbal(
    kit: Kit, rng: np.random.Generator, sr: int, force: float, *, time_s: float, low_hz: float, chick: float = 0.5
) -> FloatArray:
    n = int(sr * min(2.2, 0.03 + 5 * time_s))
    top_hz = min(_TOP_HZ, 14500 * harder(force, 1.6))
    noise = band_noise(rng, n, sr, low_hz * harder(force, 0.5), top_hz, order=3) * decay(n, sr, time_s)
    # The very top dies first: what a recording has above 10 kHz is mostly in the stroke itself.
    noise += 0.8 * force * band_noise(rng, n, sr, 9000, _TOP_HZ, order=3) * decay(n, sr, 0.35 * time_s)
    freqs = np.concatenate([_METAL_RATIOS * k for k in (3.1, 5.3, 7.9)]) * rng.uniform(0.99, 1.01)
    gains = 0.16 * np.where(freqs > 7000, harder(force, 1.5), 1.0)
    bank = ring(freqs, np.full(freqs.size, time_s), gains, n, sr, phases=rng.uniform(0, 6.28, freqs.size))
    out = (1 - 0.55 * kit.metal) * noise + kit.metal * bank
    stick = band_noise(rng, n, sr, 2500, 9000) * decay(n, sr, 0.004)
    return ramp_ends(0.5 * out + chick * kit.stick * 0.35 * force * stick, int(0.002 * sr), int(0.02 * sr))


def hat(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a closed hi-hat, struck."""
    return _cymbal(
        kit, rng, sr, force, time_s=kit.hat_s * rng.uniform(0.85, 1.2) * (0.6 + 0.5 * force), low_hz=kit.hat_hz
    )


def pedal(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a hi-hat that the foot closes, without a stick."""
    return _cymbal(kit, rng, sr, 0.75 * force, time_s=kit.hat_s * 0.8, low_hz=kit.hat_hz * 0.7, chick=0.0)


def open_hat(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return an open hi-hat, which sizzles on."""
    return _cymbal(kit, rng, sr, force, time_s=kit.hat_s * 4.5 * (0.75 + 0.31 * force), low_hz=kit.hat_hz * 0.9)


def ride(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a ride cymbal: the stick's ping over a wash."""
    n = int(1.6 * sr)
    freqs = np.concatenate([rng.uniform(2200, 9000, 40), rng.uniform(9000, 16000, 24)])
    up = np.where(freqs > 7000, harder(force, 2.2), harder(force, 0.8))
    gains = rng.uniform(0.03, 0.11, freqs.size) * up
    wash = ring(
        freqs, rng.uniform(0.12, 0.6, freqs.size) * (6000 / freqs) ** 0.4, gains, n, sr,
        phases=rng.uniform(0, 6.28, freqs.size),
    )  # fmt: skip
    ping = ring(np.array([3150.0, 4480, 5630]), np.array([0.12, 0.1, 0.07]), np.array([0.35, 0.3, 0.25]), n, sr)
    n_stick = int(0.05 * sr)
    stick = band_noise(rng, n_stick, sr, 3000, 13500 * harder(force, 1.0)) * decay(n_stick, sr, 0.006)
    out = 0.7 * wash + 0.7 * kit.stick * ping
    out[:n_stick] += 0.25 * force * (0.3 + kit.stick) * stick
    return ramp_ends(out, int(0.002 * sr), int(0.3 * sr))


def ride_bell(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a ride cymbal struck on its bell, a clear tone over little wash."""
    n = int(1.3 * sr)
    freqs = np.array([725.0, 1475, 2310, 3240, 4460, 5800, 7300, 9600, 12100])
    gains = np.array([0.25, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.14, 0.1]) * np.linspace(1, harder(force, 2.5), 9)
    bell = ring(freqs * rng.uniform(0.995, 1.005), np.linspace(0.5, 0.12, 9), gains, n, sr)
    return ramp_ends(bell + 0.15 * ride(kit, rng, sr, force)[:n], int(0.002 * sr), int(0.3 * sr))


def crash(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a crash cymbal, whose highs come at once and whose body blooms."""
    n = int(2.4 * sr)
    freqs = np.concatenate([rng.uniform(700, 6000, 40), rng.uniform(6000, 16000, 40)])
    times_s = rng.uniform(0.25, 1.0, freqs.size) * (4000 / freqs) ** 0.35
    gains = rng.uniform(0.02, 0.07, freqs.size) * np.where(freqs > 6000, harder(force, 2.0), 1.0)
    out = ring(freqs, times_s, gains, n, sr, phases=rng.uniform(0, 6.28, freqs.size))
    # Highs come at once and go first; the body blooms after the stroke.
    for low_hz, high_hz, share, time_s in ((2200, 6000, 0.22, 0.65), (6000, _TOP_HZ, 0.4 * harder(force, 1.5), 0.4)):
        out += share * band_noise(rng, n, sr, low_hz, high_hz) * decay(n, sr, time_s)
    out *= 1.0 - 0.45 * decay(n, sr, 0.012)
    return ramp_ends(out, int(0.002 * sr), int(0.6 * sr))


def tom(hz: float) -> Strike:
    """Return a tom whose head is tuned to ``hz``."""

    def render(kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE, /) -> FloatArray:
        n = int(0.8 * sr)
        body = np.sin(falling(hz, ((0.2 + 0.3 * force, 0.05),), n, sr)).astype(np.float32) * decay(n, sr, 0.17)
        body += ring(
            hz * np.array([1.59, 2.14, 2.65]),
            np.array([0.09, 0.06, 0.04]),
            0.35 * force * np.array([1, 0.6, 0.5]),
            n,
            sr,
        )
        n_skin = int(0.12 * sr)
        skin = band_noise(rng, n_skin, sr, 300, 4200 * harder(force, 2.0)) * decay(n_skin, sr, 0.015)
        body[:n_skin] += 0.3 * kit.stick * force * skin
        return ramp_ends(body, int(0.002 * sr), int(0.2 * sr))

    return render


def brush(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a brush swept over the head: a swish, not a hit."""
    n = int(0.34 * sr)
    rise = np.linspace(0, 1, n, dtype=np.float32)
    env = np.maximum(np.sin(np.pi * rise**0.8), 0.0) ** 1.5 * (1 + 0.25 * np.sin(2 * np.pi * rng.uniform(9, 14) * rise))
    return np.asarray(0.3 * band_noise(rng, n, sr, 1300, 9500 * harder(force, 1.5)) * env, dtype=np.float32)


def brush_tap(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a tap with a brush: a soft head under a fan of wires."""
    n = int(0.24 * sr)
    head = ring(np.array([208.0, 338, 470]), np.array([0.06, 0.035, 0.02]), np.array([0.45, 0.28, 0.15]), n, sr)
    # A fan of wires: each reaches the head in its own time.
    env = np.zeros(n, np.float32)
    for _ in range(6):
        start = int(rng.uniform(0, 0.009) * sr)
        env[start:] += 0.3 * decay(n - start, sr, 0.01 + 0.02 * force)
    wires = band_noise(rng, n, sr, 1500, 10500 * harder(force, 1.5)) * (env + 0.3 * decay(n, sr, 0.05))
    return ramp_ends(head + 0.4 * wires, int(0.002 * sr), 1500)


def _big(
    rng: np.random.Generator, sr: int, force: float, *, hz: float, fall: float, time_s: float, skin_hz: float
) -> FloatArray:
    n = int(min(1.8, 4 * time_s) * sr)
    body = np.sin(falling(hz, ((fall * (0.5 + 0.6 * force), 0.06),), n, sr)).astype(np.float32) * decay(n, sr, time_s)
    body += ring(hz * np.array([1.5, 1.98, 2.44]), np.array([0.6, 0.4, 0.3]) * time_s, 0.3 * force * np.ones(3), n, sr)
    n_skin = min(n, int(0.35 * sr))
    skin = band_noise(rng, n_skin, sr, 80, skin_hz * harder(force, 2.0)) * decay(n_skin, sr, 0.05)
    body[:n_skin] += 0.3 * force * skin
    return ramp_ends(body, int(0.003 * sr), int(0.3 * sr))


def boom(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a big drum in a big room."""
    return _big(rng, sr, force, hz=44, fall=0.5, time_s=0.4, skin_hz=1200)


def taiko(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return a Japanese barrel drum, struck with a thick stick."""
    return _big(rng, sr, force, hz=72, fall=0.35, time_s=0.3, skin_hz=2600)


def surdo(_kit: Kit, rng: np.random.Generator, sr: int, force: float = USUAL_FORCE) -> FloatArray:
    """Return the low drum that carries a samba, struck with a mallet."""
    return _big(rng, sr, force, hz=68, fall=0.18, time_s=0.22, skin_hz=700)
