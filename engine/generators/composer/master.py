# SPDX-License-Identifier: GPL-3.0-or-later
"""The master evens out a mix, sets its loudness and holds a ceiling; all of it is cyclic.

Everything done to a mix is linear (a filter, a gain, the step over the seam made smooth), and the same for each of the
buses that it is the sum of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.generators.composer.control import STEP_SAMPLES, powers, scale
from engine.generators.composer.dynamics import compression, limiting, punch, true_peaks
from engine.generators.composer.filters import Blocks, Response, frequencies_hz, k_weighting, limited, single, sound
from engine.generators.composer.tone_balance import Floats, balancing
from engine.generators.composer.width import made_sides, side_gains, sides_open
from engine.units import db_to_amplitude
from engine.values import FloatArray

TARGET_LUFS = -16.0
TRUE_PEAK_DB = -1.15
"""Highest true peak, dBTP."""
_TURNS = 3
_BASS_HZ, _THIN = 120.0, 1e-3
_LEAST_PLR_DB = 13.6
_PUNCHES = (0.0, 0.25, 0.5, 0.75)
_BLOCK_S, _HOP_S = 0.4, 0.1
_JOIN_SAMPLES, _BESIDE_SAMPLES = 16, 4
_JOIN = np.linspace(1.0 / _JOIN_SAMPLES, 1.0, _JOIN_SAMPLES, dtype=np.float32)
_GLUE = {"over_db": 2.0, "ratio": 1.5, "attack_s": 0.03, "release_s": 0.18}


@dataclass(frozen=True, slots=True)
class Wish:
    """A mix is brought to these goals.

    Attributes
    ----------
    goal_db
        Its long-term spectrum, as ``tone_balance.goal_db`` gives it.
    sub_db
        The most that may lie below 60 Hz, dB of the whole.
    is_glued
        Whether its loud moments hold the others down a little.
    """

    goal_db: Floats
    sub_db: float
    is_glued: bool


def master(
    buses: list[FloatArray], sample_rate: int, wish: Wish, *, model: FloatArray | None = None
) -> list[FloatArray]:
    """Return buses ``(2, n_samples)`` as they are in the finished mix, which their sum is.

    The sum has the tone and width of a record, ``TARGET_LUFS``, and no true peak over ``TRUE_PEAK_DB``; where there is
    a ``model``, the sum of other buses, all but the peaks is set as it is for that one.
    """
    total = _sides_of(buses[0] if len(buses) == 1 else np.sum(buses, axis=0, dtype=np.float32))
    first = total if model is None else _sides_of(model)
    space = _Space.of(first, sample_rate, wish)
    whole, weighted = space.heard(first, k_weighting(sample_rate))
    points, level = _levelled(whole, weighted, sample_rate, wish)
    if model is not None:
        whole = space.placed(total)
        points = level.points(whole, sample_rate)
    placed = (whole if len(buses) == 1 else space.placed(_sides_of(bus)) for bus in buses)
    return [_ridden(one, points, sample_rate, is_thin=space.is_thin) for one in placed]


def _ridden(bus: FloatArray, points: FloatArray, sample_rate: int, *, is_thin: bool) -> FloatArray:
    """Return a bus with a gain that moves, and without what that adds at the bottom: an offset, and sides."""
    scale(bus, points)
    bus -= bus.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)
    return _with_mono_bass(bus, sample_rate) if is_thin else bus


def _joined(bus: FloatArray) -> FloatArray:
    """Return a bus that steps from its last sample to its first as it does beside them.

    A stroke may be at its steepest just there, which is heard where a player turns late or early. What is too much of
    the step goes to both sides.
    """
    n = _BESIDE_SAMPLES
    beside = (bus[:, n : n + 1] - bus[:, :1] + bus[:, -1:] - bus[:, -n - 1 : -n]) / np.float32(2 * n)
    half = 0.5 * (bus[:, :1] - bus[:, -1:] - beside)
    bus[:, :_JOIN_SAMPLES] -= half * _JOIN[::-1]
    bus[:, -_JOIN_SAMPLES:] += half * _JOIN
    return bus


def _with_mono_bass(bus: FloatArray, sample_rate: int) -> FloatArray:
    """Return a bus without sides in the bass.

    A gain that moves spreads a little of the sides downwards, which shows only where there is no bass beside it.
    """
    side = Blocks(0.5 * (bus[:1] - bus[1:])).through(limited(sides_open(sample_rate) ** 3))[0]
    middle = 0.5 * (bus[0] + bus[1])
    return np.stack([middle + side, middle - side])


def _sides_of(bus: FloatArray) -> Blocks:
    """Return the blocks of the middle and the sides of a bus."""
    both = np.empty(bus.shape, np.float32)
    np.add(bus[0], bus[1], out=both[0])
    np.subtract(bus[0], bus[1], out=both[1])
    both *= np.float32(0.5)
    return Blocks(both)


@dataclass(frozen=True, slots=True)
class _Space:
    """Tone and width are three filters: of the middle, of the sides, and from the middle to the sides.

    ``is_thin`` says that there is next to no bass.
    """

    middle: Response
    side: Response
    across: Response | None
    is_thin: bool

    @classmethod
    def of(cls, total: Blocks, sample_rate: int, wish: Wish) -> _Space:
        power = total.powers()
        even = balancing(power.sum(axis=0), wish.goal_db, wish.sub_db, sample_rate)
        power *= np.square(np.abs(even))
        side, made = side_gains(power[0], power[1], sample_rate)
        across = even * made_sides(sample_rate) * made if made > 0.0 else None
        is_thin = power[0][frequencies_hz(sample_rate) < _BASS_HZ].sum() < _THIN * power[0].sum()
        sides = limited(even * sides_open(sample_rate) * side)
        return cls(limited(even), sides, across if across is None else limited(across), bool(is_thin))

    def placed(self, bus: Blocks) -> FloatArray:
        """Return left and right of a bus, whose middle and sides are given."""
        return self.heard(bus, None)[0]

    def heard(self, bus: Blocks, weighting: Response | None) -> tuple[FloatArray, FloatArray]:
        """Return left and right of a bus, and the energy in each step of both through a weighting."""
        middle, side = single(self.middle), single(self.side)
        across = None if self.across is None else single(self.across)
        out = np.empty((2, bus.n_samples), np.float32)
        energy = np.empty((2, bus.n_samples), np.float32)
        for at, spectra in bus:
            spectra[1] *= side
            if across is not None:
                spectra[1] += spectra[0] * across
            spectra[0] *= middle
            both = sound(spectra, at)
            np.add(both[0], both[1], out=out[0, at])
            np.subtract(both[0], both[1], out=out[1, at])
            if weighting is not None:
                energy[:, at] = sound(spectra * single(weighting), at)
        # The power of both channels is twice that of middle and sides.
        return _joined(out), 2.0 * powers(energy) if weighting is not None else energy


@dataclass(frozen=True, slots=True)
class _Level:
    """A level is how a mix was glued and brought up.

    Attributes
    ----------
    mean_power
        Of what the glue listened to; None where there is none.
    gain
        Of all of it, before the limiter.
    lift
        How far attacks were lifted, as ``punch`` takes it.
    """

    mean_power: float | None
    gain: float
    lift: float

    def points(self, wave: FloatArray, sample_rate: int) -> FloatArray:
        """Return the gain at the control points for another mix that is to be as this one."""
        power = powers(wave)
        gains = np.ones(power.size, np.float32)
        if self.mean_power is not None:
            gains *= compression(power, sample_rate, mean_power=self.mean_power, **_GLUE)
        gains *= np.float32(self.gain)
        most = np.float32(max(1e-9, float(gains.max())))
        peak = true_peaks(wave * most, db_to_amplitude(TRUE_PEAK_DB)) / most
        if self.lift > 0.0:
            gains *= punch(peak, sample_rate, self.lift)
        return gains * limiting(_lifted(peak, gains), sample_rate, TRUE_PEAK_DB)


def _levelled(wave: FloatArray, weighted: FloatArray, sample_rate: int, wish: Wish) -> tuple[FloatArray, _Level]:
    """Return the gain at the control points that glues, levels and limits a mix with this weighted energy."""
    n_samples = wave.shape[1]
    power = weighted.astype(np.float64)
    gains = np.ones(weighted.size, np.float32)
    mean_power = None
    if wish.is_glued:
        heard = powers(wave)
        mean_power = float(heard.mean())
        gains *= compression(heard, sample_rate, **_GLUE)
    gain = _gain_to_target(power * np.square(gains), n_samples, sample_rate)
    gains *= gain
    most = np.float32(max(1e-9, float(gains.max())))
    peak = true_peaks(wave * most, db_to_amplitude(TRUE_PEAK_DB)) / most
    # Where a mix is flatter than records, its attacks are lifted until it is as they are.
    for amount in _PUNCHES:
        lifted = gains * punch(peak, sample_rate, amount) if amount > 0.0 else gains
        again = _gain_to_target(power * np.square(lifted), n_samples, sample_rate)
        lifted = lifted * again
        if float((peak * lifted).max()) >= db_to_amplitude(TARGET_LUFS + _LEAST_PLR_DB):
            break
    gains, gain = lifted, gain * again
    for _turn in range(_TURNS):
        held = gains * limiting(_lifted(peak, gains), sample_rate, TRUE_PEAK_DB)
        # The limiter takes a little loudness away, which is given back before it.
        back = _gain_to_target(power * np.square(held), n_samples, sample_rate)
        if back < 1.0005:
            break
        gains, gain = gains * np.float32(back), gain * back
    return held, _Level(mean_power, float(gain), amount)


def _lifted(peak: FloatArray, gains: FloatArray) -> FloatArray:
    """Return the highest that the peak of each step becomes: its gain goes in a straight line to the next one's."""
    return peak * np.maximum(gains, np.roll(gains, -1))


def _gain_to_target(power: Floats, n_samples: int, sample_rate: int) -> np.float32:
    measured = _gated_lufs(power, n_samples, sample_rate)
    return np.float32(1.0 if not np.isfinite(measured) else db_to_amplitude(TARGET_LUFS - measured))


def loudness_lufs(bus: FloatArray, sample_rate: int) -> float:
    """Return the integrated loudness of a cyclic bus ``(2, n)``, LUFS, gated (BS.1770-4); -inf for silence."""
    weighted = Blocks(bus).through(k_weighting(sample_rate))
    return _gated_lufs(powers(weighted).astype(np.float64), bus.shape[1], sample_rate)


def _gated_lufs(power: Floats, n_samples: int, sample_rate: int) -> float:
    """Return the loudness of what has this K-weighted energy in each step."""
    total = np.concatenate([[0.0], np.cumsum(power)])
    block, hop = _BLOCK_S * sample_rate, _HOP_S * sample_rate
    starts = np.arange(0.0, max(1.0, n_samples - block + 1.0), hop)
    ends = np.minimum(starts + block, n_samples)
    # Between the steps, straight lines.
    at = np.minimum(np.arange(total.size) * STEP_SAMPLES, n_samples)
    means = (np.interp(ends, at, total) - np.interp(starts, at, total)) / (ends - starts)
    loud = means[means > 10 ** ((-70.0 + 0.691) / 10)]
    if loud.size == 0:
        return float("-inf")
    kept = loud[loud > 0.1 * loud.mean()]
    return float(-0.691 + 10 * np.log10(kept.mean()))
