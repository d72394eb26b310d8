# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays a score into a stereo clip that wraps: what passes the end goes on at the start.

Buses have shape ``(2, n_samples)``, float32, and are cyclic.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from engine.generators.composer.automation import ride
from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.dynamics import compression, punch
from engine.generators.composer.effects import add_cyclic, air, crackle, cyclic_filter, echoes, reverb, wobble
from engine.generators.composer.master import master
from engine.generators.composer.plan import Plan
from engine.generators.composer.score import Hit, Note, Part, Score, part_names
from engine.generators.composer.sounds import SYNTHESISED, Sounds
from engine.generators.composer.streams import Streams
from engine.generators.composer.tone import Tone
from engine.generators.composer.width import widened
from engine.units import db_to_amplitude
from engine.values import FloatArray

# RMS of each role while it sounds, dBFS, before the style's own level.
_ROLE_DB = {"bass": -19.5, "chords": -21.0, "arp": -23.5, "pad": -26.5, "lead": -22.0, "counter": -24.5}
_ROLE_WIDTH = {"bass": 0.0, "chords": 0.5, "arp": 0.55, "pad": 0.7, "lead": 0.25, "counter": 0.4}
_LEAN_DB, _MOST_LEAN_DB = 1.2, 2.2  # dB an octave of tone for each octave that filters are moved
_PUNCH = 0.9
_DRUM_PEAK = 0.58
_FORCE_LAYERS = (0.4, 0.65, 0.95)
_VARIANTS = 3  # of each drum, so that repeats are not copies
_NOTES_PER_STEP = 16  # between two cancel points
_FRAME_SAMPLES = 2048
_DUCK_S = 0.17


@dataclass(eq=False, slots=True)
class Mixed:
    """A mixed piece.

    Attributes
    ----------
    samples
        Shape ``(n_samples, 2)``.
    stems
        The parts it is the sum of, by name, of the same shape; empty where they were not asked for.
    """

    samples: FloatArray
    stems: dict[str, FloatArray]


@dataclass(eq=False, slots=True)
class _Lane:
    """A lane is a bus on its way into the mix, with what it sends to echo and room, and what an old tape plays."""

    dry: FloatArray
    tape: FloatArray
    room: FloatArray
    echo: FloatArray

    @classmethod
    def of(cls, n_samples: int) -> _Lane:
        return cls(*(np.zeros((2, n_samples), np.float32) for _ in range(4)))


def mix(
    score: Score, streams: Streams, sounds: Sounds = SYNTHESISED, *, stems: bool = False
) -> Generator[float, None, Mixed]:
    """Play the score, yielding the fraction done; return the mix, and its stems where they are asked for."""
    grid, style = score.plan.grid, score.plan.style
    total = sum(len(part.notes) for part in score.parts) + len(score.hits) // 3 + 200
    done = 0
    lanes: dict[str, _Lane] = {}

    def lane(name: str) -> _Lane:
        return lanes.setdefault(name if stems else "mix", _Lane.of(grid.n_samples))

    duck = _duck_envelope(score)
    for i, (name, part) in enumerate(zip(part_names(score.parts), score.parts, strict=True)):
        bus = np.zeros((2, grid.n_samples), np.float32)
        player = _Player(part, score.plan, streams("sound", part.style.role, i), sounds)
        for first in range(0, len(part.notes), _NOTES_PER_STEP):
            player.play(bus, part.notes[first : first + _NOTES_PER_STEP])
            done += min(_NOTES_PER_STEP, len(part.notes) - first)
            yield 0.8 * done / total
        bus = _finish(bus, part, score, duck)
        to = lane(name)
        worn = style.mix.wobble > 0 and part.style.role != "bass"
        (to.tape if worn else to.dry)[:] += bus
        if part.style.room > 0:
            to.room += np.float32(min(0.9, part.style.room * score.plan.room)) * bus
        if part.style.echo > 0:
            to.echo += np.float32(part.style.echo) * bus
        yield 0.8 * done / total
    if score.hits:
        _drum(lane("drums"), score, streams, sounds)
    yield 0.8
    if style.mix.crackle > 0:
        lane("noise").dry += crackle(grid.n_samples, grid.sample_rate, style.mix.crackle, streams("crackle"))
    if style.mix.air > 0:
        lane("noise").dry += air(grid.n_samples, grid.sample_rate, style.mix.air, streams("air"))
    buses = []
    for n, one in enumerate(lanes.values()):
        buses.append(_returned(one, score, streams))
        yield 0.8 + 0.12 * (n + 1) / len(lanes)
    if not buses:
        buses, lanes = [np.zeros((2, grid.n_samples), np.float32)], {"mix": _Lane.of(1)}
    # What is to be dark or bright stays so in its balance.
    lean_db = _LEAN_DB * math.log2(max(0.1, score.plan.bright / style.bright))
    tilt_db = style.mix.tilt_db + min(_MOST_LEAN_DB, max(-_MOST_LEAN_DB, lean_db))
    finished = master(buses, grid.sample_rate, tilt_db=tilt_db, low_pass_hz=style.mix.low_pass_hz)
    yield 1.0
    whole = finished[0] if len(finished) == 1 else np.sum(finished, axis=0, dtype=np.float32)
    named = {name: np.ascontiguousarray(bus.T) for name, bus in zip(lanes, finished, strict=True)} if stems else {}
    return Mixed(np.ascontiguousarray(whole.T), named)


def _returned(lane: _Lane, score: Score, streams: Streams) -> FloatArray:
    """Return a lane with what comes back from tape, echo and room."""
    grid, mix_style = score.plan.grid, score.plan.style.mix
    out = lane.dry
    if mix_style.wobble > 0 and lane.tape.any():
        out = out + wobble(lane.tape, grid.sample_rate, mix_style.wobble)
    room = lane.room
    if mix_style.echo > 0 and lane.echo.any():
        repeats = echoes(lane.echo, grid.at(0, mix_style.echo_steps), mix_style.echo, grid.sample_rate)
        out = out + repeats
        room = room + 0.25 * repeats
    if room.any():
        room_s = mix_style.room_s * score.plan.room**0.5
        out = out + reverb(room, room_s, mix_style.room_hz, grid.sample_rate, streams("room"))
    if mix_style.low_pass_hz > 0:
        corner = min(16000.0, mix_style.low_pass_hz * max(0.8, score.plan.bright / score.plan.style.bright))
        out = cyclic_filter(out, grid.sample_rate, low_pass_hz=corner)
    return out


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
    bus = widened(bus, sample_rate, _ROLE_WIDTH[style.role])
    return ride(bus, part.level_db, part.openness, sample_rate)


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


def _drum(lane: _Lane, score: Score, streams: Streams, sounds: Sounds) -> None:
    drums = score.plan.style.drums
    level = _DRUM_PEAK * db_to_amplitude(drums.level_db if drums is not None else -3.0)
    kit, sample_rate = KITS[score.kit], score.plan.grid.sample_rate
    by_piece: dict[str, list[Hit]] = {}
    for hit in score.hits:
        by_piece.setdefault(hit.piece, []).append(hit)
    whole, room = np.zeros_like(lane.dry), np.zeros_like(lane.dry)
    for name, hits in by_piece.items():
        piece, strike = PIECES[name], sounds.strike(name, score.kit)
        rng = streams("drum", name)
        gain = level * db_to_amplitude(piece.gain_db)
        share = min(0.9, piece.room * score.plan.room)
        bus = np.zeros_like(whole)
        waves: dict[tuple[int, int], FloatArray] = {}
        for i, hit in enumerate(hits):
            # A harder stroke is brighter, not only louder.
            layer = int(np.argmin([abs(hit.force - force) for force in _FORCE_LAYERS]))
            key = (layer, i % _VARIANTS)
            if key not in waves:
                wave = strike(kit, rng, sample_rate, _FORCE_LAYERS[layer])
                waves[key] = wave / np.float32(max(1e-6, np.abs(wave).max()))
            add_cyclic(bus, waves[key], hit.start, gain=gain * hit.force**1.5, pan=piece.pan)
        whole += bus
        room += np.float32(share) * bus
    whole = _glued(whole, sample_rate, score.plan.style.mix.drive)
    lane.dry += ride(whole, score.drum_level_db, score.drum_openness, sample_rate)
    lane.room += ride(room, score.drum_level_db, score.drum_openness, sample_rate)


def _glued(bus: FloatArray, sample_rate: int, drive: float) -> FloatArray:
    """Return the drums with more attack, and beside them the same drums crushed, by the style's drive."""
    crushed = bus * compression(bus, sample_rate, over_db=-6.0, ratio=4.0, attack_s=0.004, release_s=0.12)
    peak = float(np.abs(crushed).max())
    crushed = np.tanh(crushed * np.float32(1.5 / max(1e-6, peak))) * np.float32(peak / 1.5)
    out = bus * punch(bus, sample_rate, _PUNCH) + np.float32(0.22 * min(2.0, drive)) * crushed
    return np.asarray(out, dtype=np.float32)
