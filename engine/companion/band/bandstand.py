# SPDX-License-Identifier: GPL-3.0-or-later
"""The bandstand has a score played at once: notes and strokes are sounds that were made before, laid in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.effects import add_cyclic
from engine.generators.composer.kit import FORCE_LAYERS, layer_of_force, tuned
from engine.generators.composer.score import Hit, Note, Part, Score
from engine.generators.composer.sounds import Sounds
from engine.generators.composer.tone import Tone
from engine.units import db_to_amplitude
from engine.values import FloatArray

ROLE_DB = {"bass": -19.5, "chords": -21.0, "arp": -23.5, "pad": -26.5, "lead": -22.0, "counter": -24.5}
"""RMS of each role while it sounds, dBFS, as the composer mixes them."""
DRUMS_LEVEL = 0.58
"""Level of the drums, linear, beside those."""
GATE_STEP_S = 0.06
"""Seconds by which the lengths of held notes differ that are made: a tempo that drifts has few new ones."""
LONGEST_S = 6.0
"""Seconds of the longest sound."""
_VARIANTS = 2
_FADE_SAMPLES = 256


@dataclass(frozen=True, eq=False, slots=True)
class Sounding:
    """A sound begins at a frame, with a gain and a pan in [-1, 1]; ``wave`` is ``(n,)`` or ``(2, n)``."""

    start: int
    wave: FloatArray
    gain: float
    pan: float

    @property
    def end(self) -> int:
        return self.start + int(self.wave.shape[-1])


class Bandstand:
    """A bandstand keeps its players' sounds and how loud each plays.

    Parameters
    ----------
    usual
        A score by which levels are set, and sounds made, before anybody waits for them.
    """

    def __init__(self, usual: Score, sounds: Sounds, seed: int) -> None:
        self._sounds, self._rng = sounds, np.random.default_rng(seed)
        self.sample_rate = usual.plan.grid.sample_rate
        self._waves: dict[tuple[object, ...], FloatArray] = {}
        self._levels: dict[str, float] = {}
        drums = usual.plan.style.drums
        self._drums = DRUMS_LEVEL * db_to_amplitude(drums.level_db if drums is not None else -3.0)
        kit, tonic = KITS[usual.kit], usual.plan.key.tonic
        self._kit = replace(kit, kick_hz=tuned(kit.kick_hz, tonic), snare_hz=tuned(kit.snare_hz, tonic))
        self._kit_name = usual.kit
        self._bright = min(2.0, usual.plan.bright)
        for part in usual.parts:
            self._levels[part.instrument] = self._level_of(part)
        whole = list(self.sounds(usual))
        self.usual_rms = _rms(laid(whole, 0, usual.plan.grid.n_samples))

    def sounds(self, score: Score, start: int = 0) -> Iterator[Sounding]:
        """Yield the sounds of a score whose sample 0 is a frame."""
        for part in score.parts:
            gain = self._levels.get(part.instrument)
            if gain is None:
                gain = self._levels[part.instrument] = self._level_of(part)
            spread = 0.0 if part.style.role in ("bass", "lead") else 0.016
            for note in part.notes:
                pan = min(0.8, max(-0.8, part.style.pan + spread * (note.midi - part.style.centre)))
                yield Sounding(start + note.start, self._note(part, note), gain * note.force**1.4, pan)
        for number, hit in enumerate(score.hits):
            piece = PIECES[hit.piece]
            gain = self._drums * db_to_amplitude(piece.gain_db) * hit.force**1.5
            yield Sounding(start + hit.start, self._stroke(hit, number % _VARIANTS), gain, piece.pan)

    def _note(self, part: Part, note: Note) -> FloatArray:
        instrument = self._sounds.instrument(part.instrument)
        layer = layer_of_force(note.force)
        steps = max(1, round(min(note.gate_s, LONGEST_S) / GATE_STEP_S))
        gate_s = steps * GATE_STEP_S
        key = (part.instrument, note.midi, layer, steps)
        if key not in self._waves:
            release_s = instrument.release_s if instrument.struck else 0.0
            length_s = gate_s + release_s
            tone = Tone(note.midi, length_s, FORCE_LAYERS[layer], self._bright, self.sample_rate)
            wave = instrument.render(tone, self._rng)
            if instrument.struck:
                wave = wave[..., : round(length_s * self.sample_rate)]
            self._waves[key] = _ended(
                wave, round((instrument.release_s if instrument.struck else 0.0) * self.sample_rate)
            )
        return self._waves[key]

    def _stroke(self, hit: Hit, variant: int) -> FloatArray:
        layer = layer_of_force(hit.force)
        key = (hit.piece, layer, variant)
        if key not in self._waves:
            strike = self._sounds.strike(hit.piece, self._kit_name)
            wave = strike(self._kit, self._rng, self.sample_rate, FORCE_LAYERS[layer])
            peak = max(1e-6, float(np.abs(wave).max()))
            self._waves[key] = _ended(wave * np.float32(1.0 / peak), 0)
        return self._waves[key]

    def _level_of(self, part: Part) -> float:
        """Return the gain that brings a part to its role's level."""
        sounds = [Sounding(note.start, self._note(part, note), note.force**1.4, 0.0) for note in part.notes]
        if not sounds:
            return 0.0
        end = max(one.end for one in sounds)
        samples = laid(sounds, 0, end)
        power = np.square(samples).mean(axis=1)
        n = max(1, len(power) // 2048)
        blocks = power[: n * 2048].reshape(n, -1).mean(axis=1)
        active = blocks[blocks > 0.02 * blocks.max()] if blocks.max() > 0.0 else blocks
        level = float(np.sqrt(active.mean()))
        return db_to_amplitude(ROLE_DB[part.style.role] + part.style.level_db) / max(level, 1e-6)


def laid(sounds: list[Sounding], first: int, end: int) -> FloatArray:
    """Return what is heard of sounds between two frames, float32 ``(n_frames, 2)``."""
    out = np.zeros((2, end - first), dtype=np.float32)
    for one in sounds:
        begin, stop = max(first, one.start), min(end, one.end)
        if begin < stop:
            wave = one.wave[..., begin - one.start : stop - one.start]
            add_cyclic(out[:, begin - first : stop - first], wave, 0, gain=one.gain, pan=one.pan)
    return np.ascontiguousarray(out.T)


def _ended(wave: FloatArray, n_release: int) -> FloatArray:
    """Return a sound that goes out without a click."""
    out = np.array(wave, dtype=np.float32)
    n = min(max(_FADE_SAMPLES, n_release), out.shape[-1])
    if n:
        out[..., -n:] *= np.linspace(1.0, 0.0, n, dtype=np.float32) ** 2
    return out


def _rms(samples: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) if samples.size else 0.0
