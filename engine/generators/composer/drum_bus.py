# SPDX-License-Identifier: GPL-3.0-or-later
"""The drum bus: pieces as loud as they are heard, glued, with attack, and a crushed copy beside them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from engine.generators.composer.automation import gains, opened
from engine.generators.composer.control import peaks, powers, scale
from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.dynamics import compression, punch
from engine.generators.composer.effects import add_cyclic
from engine.generators.composer.kit import FORCE_LAYERS, layer_of_force, tuned
from engine.generators.composer.score import Hit, Score
from engine.generators.composer.sounds import Sounds
from engine.generators.composer.streams import Streams
from engine.units import db_to_amplitude
from engine.values import FloatArray

_LEVEL = 0.58
_PUNCH = 0.9
_VARIANTS = 3  # of each drum, so that repeats are not copies
_HEARD_S = 0.03
_USUAL_CREST = 3.2  # of a drum within that time
_QUIET = np.float32(1e-6)
_CRUSH = {"over_db": -6.0, "ratio": 4.0, "attack_s": 0.004, "release_s": 0.12}


class Strokes:
    """The strokes of a piece are kept, so that a variation of it strikes what is left of it alike."""

    def __init__(self) -> None:
        self.waves: dict[tuple[str, int, int], FloatArray] = {}
        self.variants: dict[Hit, int] = {}
        self.streams: dict[str, np.random.Generator] = {}


def drum_bus(
    score: Score,
    streams: Streams,
    sounds: Sounds,
    strokes: Strokes | None = None,
    *,
    apart: Collection[str] = (),
) -> list[tuple[FloatArray, FloatArray]]:
    """Return the drums of a piece, and what they send to the room: both of shape ``(2, n_samples)``.

    Pieces that are to be ``apart`` come second, all others first; both are what they are in the sum.

    Parameters
    ----------
    strokes
        Filled with those of a piece, and then used for its variations.
    """
    strokes = strokes or Strokes()
    is_first = not strokes.variants
    grid, drums = score.plan.grid, score.plan.style.drums
    level = _LEVEL * db_to_amplitude(drums.level_db if drums is not None else -3.0)
    kit, tonic = KITS[score.kit], score.plan.key.tonic
    # A drum out of tune with the piece is heard as a wrong note under all others.
    kit = replace(kit, kick_hz=tuned(kit.kick_hz, tonic), snare_hz=tuned(kit.snare_hz, tonic))
    by_piece: dict[str, list[Hit]] = {}
    for hit in score.hits:
        by_piece.setdefault(hit.piece, []).append(hit)
    buses = [(np.zeros((2, grid.n_samples), np.float32), np.zeros((2, grid.n_samples), np.float32))]
    if apart:
        buses.append((np.zeros_like(buses[0][0]), np.zeros_like(buses[0][0])))
    for name, hits in by_piece.items():
        whole, room = buses[name in apart]
        piece, strike = PIECES[name], sounds.strike(name, score.kit)
        rng = strokes.streams.setdefault(name, streams("drum", name))
        gain = level * db_to_amplitude(piece.gain_db)
        share = min(0.9, piece.room * score.plan.room)
        for i, hit in enumerate(hits):
            variant = i % _VARIANTS if is_first else strokes.variants.get(hit, i % _VARIANTS)
            if is_first:
                strokes.variants[hit] = variant
            # A harder stroke is brighter, not only louder.
            layer = layer_of_force(hit.force)
            key = (name, layer, variant)
            if key not in strokes.waves:
                strokes.waves[key] = _even(strike(kit, rng, grid.sample_rate, FORCE_LAYERS[layer]), grid.sample_rate)
            wave = strokes.waves[key]
            force = gain * hit.force**1.5
            add_cyclic(whole, wave, hit.start, gain=force, pan=piece.pan)
            if share > 0.0:
                add_cyclic(room, wave, hit.start, gain=force * share, pan=piece.pan)
    drive = score.plan.style.mix.drive
    if apart:
        glued = _glued_together([whole for whole, _room in buses], grid.sample_rate, drive)
    else:
        glued = [_glued(buses[0][0], grid.sample_rate, drive)]
    return [(_ridden(whole, score), _ridden(room, score)) for whole, (_, room) in zip(glued, buses, strict=True)]


def _even(wave: FloatArray, sample_rate: int) -> FloatArray:
    """Return a stroke between equal in peak and equal in loudness: of two drums the sharper one has the higher peak."""
    peak = max(1e-6, float(np.abs(wave).max()))
    n = max(1, int(_HEARD_S * sample_rate))
    power = np.square(wave[..., : 8 * n].reshape(-1, wave[..., : 8 * n].shape[-1])).mean(axis=0)
    loudest = max(
        float(power[first : first + n].mean()) for first in range(0, max(1, power.size - n // 2), n // 2 or 1)
    )
    heard = _USUAL_CREST * max(1e-6, loudest**0.5)
    return wave * np.float32(1.0 / (peak * float(np.clip(heard / peak, 0.5, 2.0)) ** 0.5))


def _glued(bus: FloatArray, sample_rate: int, drive: float) -> FloatArray:
    """Return the drums with more attack, and beside them the same drums crushed, by the style's drive."""
    amount = np.float32(0.22 * min(2.0, drive))
    crushed = bus.copy()
    scale(crushed, compression(powers(bus), sample_rate, **_CRUSH))
    peak = np.float32(max(1e-6, float(np.abs(crushed).max())))
    crushed *= np.float32(1.5) / peak
    np.tanh(crushed, out=crushed)
    crushed *= amount * peak / np.float32(1.5)
    scale(bus, punch(peaks(bus), sample_rate, _PUNCH))
    crushed += bus
    return crushed


def _glued_together(buses: list[FloatArray], sample_rate: int, drive: float) -> list[FloatArray]:
    """Return two buses with what gluing does to their sum: each sample of both with the gain that the sum has there."""
    before = buses[0] + buses[1]
    after = _glued(before.copy(), sample_rate, drive)
    quiet = np.abs(before) < _QUIET * max(1e-9, float(np.abs(before).max()))
    gain = np.where(quiet, np.float32(1.0), after / np.where(quiet, np.float32(1.0), before))
    first = buses[0] * gain
    return [first, after - first]


def _ridden(bus: FloatArray, score: Score) -> FloatArray:
    bus, _energy = opened(bus, score.drum_openness, score.plan.grid.sample_rate)
    level = gains(score.drum_level_db, bus.shape[1])
    if level is not None:
        scale(bus, level)
    return bus
