# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays a score into a stereo clip that wraps: what passes the end goes on at the start.

Buses have shape ``(2, n_samples)``, float32, and are cyclic.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.effects import add_cyclic, air, crackle, cyclic_filter, echoes, reverb, wobble
from engine.generators.composer.master import master
from engine.generators.composer.plan import Plan
from engine.generators.composer.score import Hit, Note, Part, Score
from engine.generators.composer.sounds import SYNTHESISED, Sounds
from engine.generators.composer.streams import Streams
from engine.generators.composer.tone import Tone
from engine.units import db_to_amplitude
from engine.values import FloatArray

# RMS of each role while it sounds, dBFS, before the style's own level.
_ROLE_DB = {"bass": -19.5, "chords": -21.0, "arp": -23.5, "pad": -26.5, "lead": -22.0}
_DRUM_PEAK = 0.58
_FORCE_LAYERS = (0.4, 0.65, 0.95)
_VARIANTS = 3  # of each drum, so that repeats are not copies
_NOTES_PER_STEP = 16  # between two cancel points
_FRAME_SAMPLES = 2048
_DUCK_S = 0.17


def mix(score: Score, streams: Streams, sounds: Sounds = SYNTHESISED) -> Generator[float, None, FloatArray]:
    """Play the score, yielding the fraction done, and return samples of shape ``(n_samples, 2)``."""
    grid, style = score.plan.grid, score.plan.style
    shape = (2, grid.n_samples)
    total = sum(len(part.notes) for part in score.parts) + len(score.hits) // 3 + 200
    done = 0
    out = np.zeros(shape, np.float32)
    tape = np.zeros(shape, np.float32)
    room, echo = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    duck = _duck_envelope(score)
    for i, part in enumerate(score.parts):
        bus = np.zeros(shape, np.float32)
        player = _Player(part, score.plan, streams("sound", part.style.role, i), sounds)
        for first in range(0, len(part.notes), _NOTES_PER_STEP):
            player.play(bus, part.notes[first : first + _NOTES_PER_STEP])
            done += min(_NOTES_PER_STEP, len(part.notes) - first)
            yield 0.9 * done / total
        bus = _finish(bus, part, score, duck)
        worn = style.mix.wobble > 0 and part.style.role != "bass"
        (tape if worn else out)[:] += bus
        if part.style.room > 0:
            room += np.float32(min(0.9, part.style.room * score.plan.room)) * bus
        if part.style.echo > 0:
            echo += np.float32(part.style.echo) * bus
    if style.mix.wobble > 0:
        out += wobble(tape, grid.sample_rate, style.mix.wobble)
    yield 0.9 * done / total
    _drum(out, room, score, streams, sounds)
    yield 0.9 * (done + len(score.hits) // 3) / total
    if style.mix.echo > 0 and echo.any():
        repeats = echoes(echo, grid.at(0, style.mix.echo_steps), style.mix.echo, grid.sample_rate)
        out += repeats
        room += 0.25 * repeats
        yield 0.86
    if room.any():
        room_s = style.mix.room_s * score.plan.room**0.5
        out += reverb(room, room_s, style.mix.room_hz, grid.sample_rate, streams("room"))
    yield 0.9
    if style.mix.crackle > 0:
        out += crackle(grid.n_samples, grid.sample_rate, style.mix.crackle, streams("crackle"))
    if style.mix.air > 0:
        out += air(grid.n_samples, grid.sample_rate, style.mix.air, streams("air"))
    if style.mix.low_pass_hz > 0:
        corner = min(16000.0, style.mix.low_pass_hz * max(0.8, score.plan.bright / style.bright))
        out = cyclic_filter(out, grid.sample_rate, low_pass_hz=corner)
    yield 0.94
    out = master(out, grid.sample_rate, style.mix.drive)
    yield 1.0
    return np.ascontiguousarray(out.T)


# --- pitched parts ----------------------------------------------------------------------------------------------------


class _Player:
    """A player plays one part's notes; equal notes are rendered once."""

    def __init__(self, part: Part, plan: Plan, rng: np.random.Generator, sounds: Sounds) -> None:
        self._part, self._rng = part, rng
        self._instrument = sounds.instrument(part.instrument)
        self._sample_rate = plan.grid.sample_rate
        self._bright = min(2.0, plan.bright)
        self._cache: dict[tuple[int, int, float], FloatArray] = {}

    def play(self, bus: FloatArray, notes: tuple[Note, ...]) -> None:
        style = self._part.style
        # As on a keyboard, low notes are to the left.
        spread = 0.0 if style.role in {"bass", "lead"} else 0.016
        for note in notes:
            wave = self._sound(note)
            if self._instrument.struck:
                wave = _damped(wave, note.gate_s, self._instrument.release_s, self._sample_rate)
            pan = float(np.clip(style.pan + spread * (note.midi - style.centre), -0.8, 0.8))
            add_cyclic(bus, wave, note.start, gain=note.force**1.4, pan=pan)

    def _sound(self, note: Note) -> FloatArray:
        layer = int(np.argmin([abs(note.force - force) for force in _FORCE_LAYERS]))
        gate_s = 0.0 if self._instrument.struck else max(0.03, round(note.gate_s, 2))
        key = (note.midi, layer, gate_s)
        if key not in self._cache:
            tone = Tone(note.midi, gate_s, _FORCE_LAYERS[layer], self._bright, self._sample_rate)
            self._cache[key] = self._instrument.render(tone, self._rng)
        return self._cache[key]


def _damped(wave: FloatArray, gate_s: float, release_s: float, sample_rate: int) -> FloatArray:
    gate, release = max(1, int(gate_s * sample_rate)), int(release_s * sample_rate)
    if gate + release >= wave.shape[-1]:
        return wave
    out = wave[..., : gate + release].copy()
    fall = np.linspace(1.0, 0.0, release, dtype=np.float32)
    out[..., gate:] *= fall * fall
    return out


def _finish(bus: FloatArray, part: Part, score: Score, duck: FloatArray | None) -> FloatArray:
    """Filter, level and duck a player's bus."""
    style, sample_rate = part.style, score.plan.grid.sample_rate
    # Everything but the bass leaves the lowest octaves to the bass and the kick.
    high_pass_hz = max(style.high_pass_hz, 25.0 if style.role == "bass" else 110.0)
    bus = cyclic_filter(bus, sample_rate, low_pass_hz=style.low_pass_hz, high_pass_hz=high_pass_hz)
    rms = _active_rms(bus)
    bus *= np.float32(db_to_amplitude(_ROLE_DB[style.role] + style.level_db) / max(rms, 1e-6))
    if duck is not None and style.duck > 0:
        bus *= 1.0 - np.float32(style.duck) * duck
    return bus


def _active_rms(bus: FloatArray) -> float:
    n_frames = bus.shape[1] // _FRAME_SAMPLES
    power = np.square(bus[:, : n_frames * _FRAME_SAMPLES]).reshape(2, n_frames, -1).mean(axis=(0, 2))
    active = power[power > 0.02 * power.max()] if power.size and power.max() > 0 else np.zeros(1)
    return float(np.sqrt(active.mean()))


def _duck_envelope(score: Score) -> FloatArray | None:
    """Return 1 at each kick, easing back to 0: what sidechain compression does to the rest of a mix."""
    kicks = [hit for hit in score.hits if hit.piece == "kick" and hit.force > 0.5]
    if not kicks or not any(part.style.duck > 0 for part in score.parts):
        return None
    grid = score.plan.grid
    n = int(2.2 * _DUCK_S * grid.sample_rate)
    shape = np.cos(np.linspace(0, np.pi / 2, n, dtype=np.float32)) ** 2
    lead_in = int(0.004 * grid.sample_rate)
    shape = np.concatenate([np.linspace(0, 1, lead_in, dtype=np.float32), shape])
    out = np.zeros(grid.n_samples, np.float32)
    for hit in kicks:
        where = (np.arange(shape.size) + hit.start - lead_in) % grid.n_samples
        out[where] = np.maximum(out[where], shape)
    return out


# --- drums ------------------------------------------------------------------------------------------------------------


def _drum(out: FloatArray, room: FloatArray, score: Score, streams: Streams, sounds: Sounds) -> None:
    drums = score.plan.style.drums
    level = _DRUM_PEAK * db_to_amplitude(drums.level_db if drums is not None else -3.0)
    kit, sample_rate = KITS[score.kit], score.plan.grid.sample_rate
    by_piece: dict[str, list[Hit]] = {}
    for hit in score.hits:
        by_piece.setdefault(hit.piece, []).append(hit)
    for name, hits in by_piece.items():
        piece, strike = PIECES[name], sounds.strike(name, score.kit)
        rng = streams("drum", name)
        gain = level * db_to_amplitude(piece.gain_db)
        share = min(0.9, piece.room * score.plan.room)
        bus = np.zeros_like(out)
        waves: dict[tuple[int, int], FloatArray] = {}
        for i, hit in enumerate(hits):
            # A harder stroke is brighter, not only louder.
            layer = int(np.argmin([abs(hit.force - force) for force in _FORCE_LAYERS]))
            key = (layer, i % _VARIANTS)
            if key not in waves:
                wave = strike(kit, rng, sample_rate, _FORCE_LAYERS[layer])
                waves[key] = wave / np.float32(max(1e-6, np.abs(wave).max()))
            add_cyclic(bus, waves[key], hit.start, gain=gain * hit.force**1.5, pan=piece.pan)
        out += bus
        room += np.float32(share) * bus
