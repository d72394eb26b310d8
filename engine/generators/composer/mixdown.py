# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays a score into a stereo clip that wraps: what passes the end goes on at the start.

Buses have shape ``(2, n_samples)``, float32, and are cyclic.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from engine.generators.composer.automation import gains, opened
from engine.generators.composer.control import STEP_SAMPLES, n_points, peaks, scale
from engine.generators.composer.drum_bus import Strokes, drum_bus
from engine.generators.composer.drums import PERCUSSION
from engine.generators.composer.dynamics import punch
from engine.generators.composer.effects import add_cyclic, air, crackle, echoes, rain, reverb, wobble
from engine.generators.composer.filters import butterworth
from engine.generators.composer.kit import FORCE_LAYERS, layer_of_force
from engine.generators.composer.master import Wish, master
from engine.generators.composer.plan import Plan
from engine.generators.composer.score import Note, Part, Score, part_names
from engine.generators.composer.sounds import SYNTHESISED, Sounds
from engine.generators.composer.streams import Streams
from engine.generators.composer.tone import Tone
from engine.generators.composer.tone_balance import CENTRES_HZ, SUB_DB, goal_db, kind_of
from engine.generators.composer.width import widen
from engine.units import db_to_amplitude
from engine.values import FloatArray, Layer, PartName

# RMS of each role while it sounds, dBFS, before the style's own level.
_ROLE_DB = {"bass": -19.5, "chords": -21.0, "arp": -23.5, "pad": -26.5, "lead": -22.0, "counter": -24.5}
_ROLE_WIDTH = {"bass": 0.0, "chords": 0.5, "arp": 0.55, "pad": 0.7, "lead": 0.25, "counter": 0.4}
_STRUCK_PUNCH = 0.4
_BASS_DRIVE = 0.12
_DEEP_HZ, _CLEAR_HZ = 40.0, 110.0
_CYMBALS_HZ, _WITHOUT_DRUMS_DB, _ALONE_DB = 2500.0, 6.0, 11.0
_NOTES_PER_STEP = 16  # between two cancel points
_FRAME_STEPS = 128
_PIECE_SAMPLES = 32768
_DUCK_S = 0.17
_NOT_HEARD = ""  # the lane of what the layer leaves out


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


class _Lane:
    """A lane is a bus on its way into the mix, with what it sends to echo and room, and what an old tape plays."""

    def __init__(self) -> None:
        self.buses: dict[str, FloatArray] = {}

    def add(self, name: str, bus: FloatArray, gain: float = 1.0) -> None:
        """Add to "dry", "tape", "room" or "echo"."""
        if name not in self.buses:
            self.buses[name] = bus * np.float32(gain)
            return
        for row, more in zip(self.buses[name], bus, strict=True):
            # In pieces that stay in the cache.
            for first in range(0, row.size, _PIECE_SAMPLES):
                row[first : first + _PIECE_SAMPLES] += np.float32(gain) * more[first : first + _PIECE_SAMPLES]


class _Band:
    """A band has the players of a piece with the sounds that they made, and how loud each was: for its variations."""

    def __init__(self, score: Score, streams: Streams, sounds: Sounds) -> None:
        self.players = [
            _Player(part, score.plan, streams("sound", part.style.role, i), sounds)
            for i, part in enumerate(score.parts)
        ]
        self.levels: list[float | None] = [None] * len(score.parts)
        self.strokes = Strokes()
        self.streams, self.sounds = streams, sounds


def mix(
    score: Score,
    streams: Streams,
    sounds: Sounds = SYNTHESISED,
    *,
    stems: bool = False,
    written: Score | None = None,
    layer: Layer = Layer.EVERYTHING,
) -> Generator[float, None, Mixed]:
    """Play the score, yielding the fraction done; return the mix, and its stems where they are asked for.

    Parameters
    ----------
    written
        Where ``score`` is a variation of this one: levels, tone and loudness are set for it, and left as they are.
    layer
        What is heard, as it is in the whole mix, which is made for that.
    """
    band = _Band(written or score, streams, sounds)
    model: FloatArray | None = None
    begun = 0.0
    if written is not None:
        begun = 0.5
        buses = yield from _scaled(_buses(written, band, stems=False, layer=Layer.EVERYTHING), 0.0, begun)
        model = next(iter(buses.values()))
    buses = yield from _scaled(_buses(score, band, stems=stems, layer=layer), begun, 0.92)
    finished = master(list(buses.values()), score.plan.grid.sample_rate, _wish(written or score), model=model)
    yield 1.0
    heard = {name: bus for name, bus in zip(buses, finished, strict=True) if name != _NOT_HEARD}
    kept = list(heard.values()) or [np.zeros_like(finished[0])]
    whole = kept[0] if len(kept) == 1 else np.sum(kept, axis=0, dtype=np.float32)
    named = {name: np.ascontiguousarray(bus.T) for name, bus in heard.items()} if stems else {}
    return Mixed(np.ascontiguousarray(whole.T), named)


_Buses = Generator[float, None, dict[str, FloatArray]]


def _scaled(playing: _Buses, first: float, last: float) -> _Buses:
    """Yield the fractions of a part of the work as fractions of all of it."""
    while True:
        try:
            yield first + (last - first) * next(playing)
        except StopIteration as end:
            buses: dict[str, FloatArray] = end.value
            return buses


def _buses(score: Score, band: _Band, *, stems: bool, layer: Layer) -> _Buses:
    """Play the score, yielding the fraction done; return its buses by name: one, or one for each stem."""
    grid, style, streams = score.plan.grid, score.plan.style, band.streams
    total = sum(len(part.notes) for part in score.parts) + len(score.hits) // 3 + 200
    done = 0
    lanes: dict[str, _Lane] = {}

    def lane(name: str, part: str) -> _Lane:
        is_heard = PartName(part) in layer.parts
        return lanes.setdefault((name if stems else "mix") if is_heard else _NOT_HEARD, _Lane())

    duck = _duck_envelope(score)
    for i, (name, part) in enumerate(zip(part_names(score.parts), score.parts, strict=True)):
        bus = np.zeros((2, grid.n_samples), np.float32)
        player = band.players[i]
        for first in range(0, len(part.notes), _NOTES_PER_STEP):
            player.play(bus, part.notes[first : first + _NOTES_PER_STEP])
            done += min(_NOTES_PER_STEP, len(part.notes) - first)
            yield 0.87 * done / total
        bus, band.levels[i] = _finish(bus, part, score, duck, is_struck=player.is_struck, level=band.levels[i])
        to = lane(name, part.style.role)
        worn = style.mix.wobble > 0 and part.style.role != "bass"
        to.add("tape" if worn else "dry", bus)
        if part.style.room > 0 or part.style.echo > 0:
            # What a player sends moves half as far as the player: where it steps back, it is further away.
            if (moves := gains(tuple(-0.5 * one for one in part.level_db), grid.n_samples)) is not None:
                scale(bus, moves)
            if part.style.room > 0:
                to.add("room", bus, min(0.9, part.style.room * score.plan.room))
            if part.style.echo > 0:
                to.add("echo", bus, part.style.echo)
        yield 0.87 * done / total
    if score.hits:
        # Kit and percussion are one bus, unless just one of them is heard.
        is_split = len(layer.parts & Layer.DRUMS.parts) == 1
        drums = drum_bus(score, streams, band.sounds, band.strokes, apart=PERCUSSION if is_split else frozenset())
        names = (("kit", PartName.KIT), ("percussion", PartName.PERCUSSION)) if is_split else (("drums", PartName.KIT),)
        for (name, drum_part), (whole, room) in zip(names, drums, strict=True):
            lane(name, drum_part).add("dry", whole)
            lane(name, drum_part).add("room", room)
    yield 0.87
    if style.mix.crackle > 0:
        vinyl = crackle(grid.n_samples, grid.sample_rate, style.mix.crackle, streams("crackle"))
        lane("noise", "noise").add("dry", vinyl)
    if style.mix.air > 0:
        lane("noise", "noise").add("dry", air(grid.n_samples, grid.sample_rate, style.mix.air, streams("air")))
    if style.mix.rain > 0:
        lane("noise", "noise").add("dry", rain(grid.n_samples, grid.sample_rate, style.mix.rain, streams("rain")))
    buses = {}
    for n, (name, one) in enumerate(lanes.items()):
        buses[name] = _returned(one, score, streams)
        yield 0.87 + 0.13 * (n + 1) / len(lanes)
    return buses or {"mix": np.zeros((2, grid.n_samples), np.float32)}


def _returned(lane: _Lane, score: Score, streams: Streams) -> FloatArray:
    """Return a lane with what comes back from tape, echo and room."""
    grid, mix_style = score.plan.grid, score.plan.style.mix
    out = lane.buses.get("dry")
    if out is None:
        out = np.zeros((2, grid.n_samples), np.float32)
    room = lane.buses.get("room")
    if (tape := lane.buses.get("tape")) is not None:
        out += wobble(tape, grid.sample_rate, mix_style.wobble)
    if mix_style.echo > 0 and (send := lane.buses.get("echo")) is not None:
        repeats = echoes(send, grid.at(0, mix_style.echo_steps) - grid.at(0, 0), mix_style.echo, grid.sample_rate)
        out += repeats
        repeats *= np.float32(0.25)
        room = repeats if room is None else room + repeats
    if room is not None:
        room_s = mix_style.room_s * score.plan.room**0.5
        out += reverb(room, room_s, mix_style.room_hz, grid.sample_rate, streams("room"))
    return out


def _wish(score: Score) -> Wish:
    style = score.plan.style
    kind, bright = kind_of(style), score.plan.bright / style.bright
    goal = goal_db(kind, tilt_db=style.mix.tilt_db, low_pass_hz=style.mix.low_pass_hz * max(0.8, bright), bright=bright)
    if style.drums is not None and not score.hits:
        # Where drums are left out, what is left has no business where cymbals were; an instrument alone still less.
        fall_db = _ALONE_DB if score.plan.brief.solo else _WITHOUT_DRUMS_DB
        goal = goal - fall_db * np.log2(np.maximum(1.0, CENTRES_HZ / _CYMBALS_HZ))
    return Wish(goal, SUB_DB[kind], is_glued=bool(score.hits))


# --- pitched parts ----------------------------------------------------------------------------------------------------


class _Player:
    """A player plays one part's notes; equal notes are rendered once."""

    def __init__(self, part: Part, plan: Plan, rng: np.random.Generator, sounds: Sounds) -> None:
        self._part, self._rng = part, rng
        self._instrument = sounds.instrument(part.instrument)
        self._sample_rate = plan.grid.sample_rate
        self._bright = min(2.0, plan.bright)
        self.is_struck = self._instrument.struck
        self._cache: dict[tuple[int, int, float], FloatArray] = {}
        # A note that rings by itself is rendered as long as the longest of its kind is heard.
        self._longest_s: dict[tuple[int, int], float] = {}
        for note in part.notes if self.is_struck else ():
            which = (note.midi, layer_of_force(note.force))
            self._longest_s[which] = max(note.gate_s, self._longest_s.get(which, 0.0))

    def play(self, bus: FloatArray, notes: tuple[Note, ...]) -> None:
        style = self._part.style
        # As on a keyboard, low notes are to the left.
        spread = 0.0 if style.role in {"bass", "lead"} else 0.016
        for note in notes:
            wave = self._sound(note)
            if self._instrument.struck:
                wave = _damped(wave, note.gate_s, self._instrument.release_s, self._sample_rate)
            pan = min(0.8, max(-0.8, style.pan + spread * (note.midi - style.centre)))
            add_cyclic(bus, wave, note.start, gain=note.force**1.4, pan=pan)

    def _sound(self, note: Note) -> FloatArray:
        layer = layer_of_force(note.force)
        gate_s = 0.0 if self.is_struck else max(0.03, round(note.gate_s, 2))
        key = (note.midi, layer, gate_s)
        if key not in self._cache:
            if self.is_struck:
                gate_s = self._longest_s.get((note.midi, layer), note.gate_s) + self._instrument.release_s
            tone = Tone(note.midi, gate_s, FORCE_LAYERS[layer], self._bright, self._sample_rate)
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


def _finish(
    bus: FloatArray, part: Part, score: Score, duck: FloatArray | None, *, is_struck: bool, level: float | None
) -> tuple[FloatArray, float]:
    """Filter, level, duck, ride and spread a player's bus; return it, and its RMS level while it sounded.

    Where a ``level`` is given, the bus is brought up as one of that level would be.
    """
    style, sample_rate, n = part.style, score.plan.grid.sample_rate, bus.shape[1]
    is_bass = style.role == "bass"
    if is_bass and score.plan.style.mix.drive > 0:
        bus = _driven(bus, _BASS_DRIVE * min(2.0, score.plan.style.mix.drive))
    # Everything but the bass leaves the lowest octaves to the bass and the kick, where there are any.
    is_deep = any(other.style.role == "bass" for other in score.parts) or bool(score.hits)
    lowest_hz = 25.0 if is_bass else _CLEAR_HZ if is_deep else _DEEP_HZ
    response = butterworth(sample_rate, low_pass_hz=style.low_pass_hz, high_pass_hz=max(style.high_pass_hz, lowest_hz))
    bus, energy = opened(bus, part.openness, sample_rate, response=response)
    level = _active_rms(energy) if level is None else level
    gain = db_to_amplitude(_ROLE_DB[style.role] + style.level_db) / max(level, 1e-6)
    points = np.full(n_points(n), gain, np.float32)
    if is_struck:
        points *= punch(peaks(bus), sample_rate, _STRUCK_PUNCH)
    if duck is not None and style.duck > 0:
        points *= 1.0 - np.float32(style.duck) * duck
    if (moves := gains(part.level_db, n)) is not None:
        points *= moves
    scale(bus, points)
    widen(bus, sample_rate, _ROLE_WIDTH[style.role])
    return bus, level


def _driven(bus: FloatArray, amount: float) -> FloatArray:
    """Return a bus with overtones of its own beside it: a small loudspeaker plays those of a bass."""
    peak = np.float32(max(1e-6, float(np.abs(bus).max())))
    bent = bus * (np.float32(2.5) / peak)
    np.tanh(bent, out=bent)
    bent *= peak * np.float32(amount)
    bent += bus
    return bent


def _active_rms(energy: FloatArray) -> float:
    """Return the RMS level of a stereo bus while it sounds, from the energy of each control step."""
    n_frames = energy.size // _FRAME_STEPS
    power = energy[: n_frames * _FRAME_STEPS].reshape(n_frames, -1).mean(axis=1) / (2 * STEP_SAMPLES)
    active = power[power > 0.02 * power.max()] if power.size and power.max() > 0 else np.zeros(1)
    return float(np.sqrt(active.mean()))


def _duck_envelope(score: Score) -> FloatArray | None:
    """Return at the control points 1 at each kick, easing back to 0: as sidechain compression does to a mix."""
    kicks = [hit for hit in score.hits if hit.piece == "kick" and hit.force > 0.5]
    if not kicks or not any(part.style.duck > 0 for part in score.parts):
        return None
    grid = score.plan.grid
    rate = grid.sample_rate / STEP_SAMPLES
    lead_in = int(0.004 * rate)
    fall = np.cos(np.linspace(0, np.pi / 2, int(2.2 * _DUCK_S * rate), dtype=np.float32)) ** 2
    shape = np.concatenate([np.linspace(0, 1, lead_in, dtype=np.float32), fall])
    out = np.zeros(n_points(grid.n_samples), np.float32)
    for hit in kicks:
        where = (np.arange(shape.size) + round(hit.start / STEP_SAMPLES) - lead_in) % out.size
        out[where] = np.maximum(out[where], shape)
    return out
