# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays instruments and drums from a SoundFont, behind the same calls as the synthesised ones.

General MIDI gives programs and drum notes their numbers. A note's velocity chooses its timbre alone: its level is made
the same for every force and pitch, as the mix has the force's loudness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.generators.composer.drums import Kit, Strike
from engine.generators.composer.instruments import Instrument
from engine.generators.composer.soundfont import DRUM_BANK, SoundFont
from engine.generators.composer.synth import midi_hz
from engine.generators.composer.tone import Tone
from engine.values import FloatArray

_LOUDNESS = 0.15
_LOUDEST_S = 0.05
_BLOCK_SAMPLES = 256
_ATTACK_SAMPLES = 32
_UNHEARD_S = 0.2  # in which a note that is cut off is faded out, and what it is played through ends
VARIATION_CENTS = 12.0
"""By how much each stroke of a drum is higher or lower than recorded, at most."""
_OPEN_HZ = 20_000.0
_VARIATION_VELOCITY = 5.0

KIT_PROGRAMS: dict[str, int] = {
    "acoustic": 0,
    "rock": 16,
    "break": 8,
    "dub": 8,
    "jazz": 32,
    "brush": 40,
    "latin": 0,
    "cinematic": 48,
}
"""General MIDI drum kits of the kits that are recorded; all others are machines, and stay synthesised."""

_STANDARD_KIT = 0
_BRUSH_KIT = 40


@dataclass(frozen=True, slots=True)
class _Where:
    """A place says on which note of a drum kit a piece lies.

    Attributes
    ----------
    program
        The kit that has it, or None for the one that is played.
    by_hand
        Whether it belongs to no kit, so that a drum machine has it too.
    """

    note: int
    program: int | None = None
    by_hand: bool = False


def _hand(note: int) -> _Where:
    return _Where(note, _STANDARD_KIT, by_hand=True)


PIECE_NOTES: dict[str, _Where] = {
    "kick": _Where(36),
    "snare": _Where(38),
    "rim": _Where(37),
    "hat": _Where(42),
    "pedal": _Where(44),
    "open": _Where(46),
    "ride": _Where(51),
    "ride_bell": _Where(53),
    "crash": _Where(49),
    "tom_high": _Where(50),
    "tom_mid": _Where(47),
    "tom_low": _Where(43),
    "brush": _Where(40, _BRUSH_KIT),
    "brush_tap": _Where(38, _BRUSH_KIT),
    "tambourine": _hand(54),
    "cowbell": _hand(56),
    "bongo_high": _hand(60),
    "bongo_low": _hand(61),
    "conga_high": _hand(63),
    "conga_low": _hand(64),
    "timbale": _hand(65),
    "agogo": _hand(67),
    "agogo_low": _hand(68),
    "cabasa": _hand(69),
    "shaker": _hand(70),
    "guiro": _hand(73),
    "clave": _hand(75),
    "woodblock": _hand(76),
    "triangle": _hand(81),
}
"""General MIDI drum notes of the pieces that are recorded well; what a SoundFont lacks is synthesised."""


def velocity(force: float) -> int:
    """Return the MIDI velocity of a force in (0, 1]."""
    return int(np.clip(round(127.0 * force**0.8), 1, 127))


def sampled_instrument(font: SoundFont, instrument: Instrument) -> Instrument:
    """Return the instrument as the SoundFont has it, or as it is where the SoundFont does not have it."""
    program = instrument.program
    if program is None or not font.has(0, program):
        return instrument
    return replace(instrument, render=_player(font, instrument, program))


def _player(font: SoundFont, instrument: Instrument, program: int) -> Callable[[Tone, np.random.Generator], FloatArray]:
    def render(tone: Tone, rng: np.random.Generator) -> FloatArray:
        # What will not be heard of a note that rings is not played.
        heard_s = tone.gate_s + _UNHEARD_S
        is_cut = instrument.struck and heard_s < instrument.ring_s
        wave = font.note(
            0,
            program,
            tone.midi,
            velocity=velocity(tone.force),
            gate_s=heard_s if is_cut else instrument.ring_s if instrument.struck else tone.gate_s,
            cutoff_cents=_cutoff_cents(tone.midi, tone.force, tone.bright),
            is_cut=is_cut,
        )
        if wave.size == 0:  # a preset may leave out some notes
            return instrument.render(tone, rng)
        wave = levelled(wave, tone.sample_rate)
        return instrument.effect(wave, tone, rng) if instrument.effect is not None else wave

    return render


def sampled_piece(font: SoundFont, kit: str, name: str, otherwise: Strike) -> Strike:
    """Return a drum piece of a kit as the SoundFont has it, or ``otherwise`` where it does not have it."""
    where = PIECE_NOTES.get(name)
    if where is None or not (where.by_hand or kit in KIT_PROGRAMS):
        return otherwise
    wanted = where.program if where.program is not None else KIT_PROGRAMS[kit]
    program = next((one for one in (wanted, _STANDARD_KIT) if font.has(DRUM_BANK, one)), None)
    if program is None or (where.program == _BRUSH_KIT and program != _BRUSH_KIT):
        return otherwise

    def strike(dials: Kit, rng: np.random.Generator, sample_rate: int, force: float = 0.8) -> FloatArray:
        cents = float(rng.uniform(-VARIATION_CENTS, VARIATION_CENTS))
        hit = velocity(force) + rng.uniform(-_VARIATION_VELOCITY, _VARIATION_VELOCITY)
        wave = font.note(
            DRUM_BANK,
            program,
            where.note,
            velocity=int(np.clip(round(hit), 1, 127)),
            gate_s=0.4,
            cents=cents,
            cutoff_cents=_cutoff_cents(76, force, 1.0),
        )
        if wave.size == 0:
            return otherwise(dials, rng, sample_rate, force)
        # The mix places the piece.
        mono = wave.mean(axis=0) if wave.ndim == 2 else wave
        return levelled(np.asarray(mono, dtype=np.float32), sample_rate)

    return strike


def _cutoff_cents(midi: int, force: float, bright: float) -> float:
    """Return how far a preset's low-pass is closed for a soft note: many presets have one recording for all forces."""
    top_hz = max(1500.0 * 2.0 ** (3.2 * force), midi_hz(midi) * 2.0 ** (1.6 + 4.4 * force))
    octaves = np.log2(top_hz / _OPEN_HZ) + 2.5 * np.log2(np.clip(bright, 0.25, 1.0))
    return 1200.0 * min(0.0, float(octaves))


def levelled(wave: FloatArray, sample_rate: int) -> FloatArray:
    """Return the wave with the same RMS in its loudest 50 ms as every other, begun without a click."""
    sides = wave.reshape(-1, wave.shape[-1])
    n_blocks = -(-sides.shape[1] // _BLOCK_SAMPLES)
    padded = np.zeros((sides.shape[0], n_blocks * _BLOCK_SAMPLES), np.float32)
    padded[:, : sides.shape[1]] = sides
    blocks = padded.reshape(-1, n_blocks, _BLOCK_SAMPLES)
    energy = np.einsum("ijk,ijk->j", blocks, blocks) / sides.shape[0]
    n = max(1, int(_LOUDEST_S * sample_rate / _BLOCK_SAMPLES))
    loudest = np.convolve(energy, np.ones(n)).max() / (n * _BLOCK_SAMPLES)
    out: FloatArray = wave * np.float32(_LOUDNESS / max(1e-6, float(np.sqrt(loudest))))
    out[..., :_ATTACK_SAMPLES] *= np.linspace(0.0, 1.0, _ATTACK_SAMPLES, dtype=np.float32)[: out.shape[-1]]
    return out
