# SPDX-License-Identifier: GPL-3.0-or-later
"""This module hears a sound in one pass: log-mel bands, chroma and a thin copy of its waves.

Everything here is unchanged by gain and by swapping channels, and nearly so by a constant offset: levels are relative
to the sound's loudest band, and channels are added as power.
"""

from __future__ import annotations

import copy
import math
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.dsp.ahead import map_ahead
from engine.dsp.banks import CHROMA_HIGH_HZ, N_MELS, Waves, banded, chroma_bank, mel_bank, paired
from engine.dsp.decimation import REACH, decimated
from engine.errors import BadClip, NonFiniteClip
from engine.values import FloatArray, Sound

Progress = Callable[[float], None]

ANALYSIS_RATE_HZ = 22_050
"""Rate in Hz near which sounds are analysed: each is heard at its own rate divided by the nearest whole number."""

HOP_S = 0.0116
MEL_WINDOW_S = 0.0464
CHROMA_WINDOW_S = 0.1858
"""Length of the chroma window in seconds; hop and windows are 256, 1024 and 4096 samples at 22.05 kHz, nearly."""

MAX_FRAMES = 1 << 18
"""Number of frames that a sound has at most; from 50 minutes on the hop is made twice, three times … as long."""

FLOOR_DB = -50.0
"""Level below the sound's loudest band, in dB, from which on a band counts as silent."""

CHROMA_EVERY = 8
"""Number of frames for which one chroma frame is computed: its long window moves slowly, so neighbours share it."""

THIN_RATE_HZ = 5_500
THIN_SAMPLES = 1 << 22
"""Number of samples in the thin copy of the waves at most; at about ``THIN_RATE_HZ`` for minutes, 700 Hz for hours."""

_HELD_SAMPLES = 1 << 23  # up to here (six minutes) the waves at the analysis rate are kept in memory
_SEGMENT_S = 16.0  # each thread hears one segment at a time, of about this length at most
_MAX_THREADS = 4
_AHEAD = 4  # segments that a thread is given before those heard are told: a search that is cancelled ends soon
_LOUDEST_ENERGY = 1e22  # of a segment: with more, powers leave what float32 can hold
_STEP_FRAMES = 64  # segments are a multiple of this, so that every thinning divides them
_AUDIBLE = 1e-2


@dataclass(frozen=True, eq=False, slots=True)
class Frames:
    """Frames hold the features of a sound's frames, centred at given samples.

    Attributes
    ----------
    mel_db
        Log-mel bands, shape ``(n_frames, N_MELS)``, dB re the sound's loudest band, in [FLOOR_DB, 0].
    chroma
        Strength of the twelve pitch classes from C, shape ``(n_frames, 12)``, unit length (zero where silent).
    """

    mel_db: FloatArray
    chroma: FloatArray

    @property
    def onset(self) -> FloatArray:
        """Return the onset envelope: the mean rise over the mel bands from the frame before, dB, shape ``(n_frames,)``.

        Spectral flux on log-mel bands (Böck and Widmer, "Maximum filter vibrato suppression for onset detection",
        DAFx 2013, without the maximum filter).
        """
        return _onset_of(self.mel_db)


def rises(mel_db: FloatArray) -> FloatArray:
    """Return the positive changes from frame to frame, shape ``(n_frames - 1, n_bands)``, dB."""
    out: FloatArray = np.maximum(np.diff(mel_db, axis=0), np.float32(0.0))
    return out


def _onset_of(mel_db: FloatArray) -> FloatArray:
    envelope = np.zeros(mel_db.shape[0], dtype=np.float32)
    np.matmul(rises(mel_db), np.full(mel_db.shape[1], 1.0 / mel_db.shape[1], dtype=np.float32), out=envelope[1:])
    return envelope


class Listener:
    """A listener hears a sound in one pass, piece by piece on all cores, and afterwards any place of the sound again.

    Parameters
    ----------
    sound
        A sound that wraps is heard round its end; beyond the ends of others their first or last sample stands still.
    progress
        Called with the fraction heard, in (0, 1]; whatever it raises ends the pass.

    Attributes
    ----------
    divisor, rate_hz
        The analysis rate is ``rate_hz = sample_rate / divisor``.
    hop_length
        Samples of the sound from frame to frame.
    whole, onset
        Features of the whole sound, and their onset envelope: frame ``k`` is centred at sample ``k * hop_length``.
    level
        Power of the whole's frames, in no unit, shape ``(n_frames,)``.
    thin, thin_divisor
        The waves once more at ``sample_rate / thin_divisor``, shape ``(n, n_pairs)``: each pair of channels is one
        complex wave, left + i·right, so that products of waves join both channels; a single channel stays real.
    span
        What moves by less than this, peak to peak, moves by less than twice it: half the largest peak-to-peak of a
        channel, or, of audible sounds, a lower bound of that. A constant offset is as silent as nothing.
    rms
        Of all channels.

    Raises
    ------
    NonFiniteClip
        The sound holds samples that are no numbers.
    BadClip
        Its samples are so far beyond full scale that nothing can be computed from them.
    """

    def __init__(self, sound: Sound, progress: Progress | None = None) -> None:
        self.sound = sound
        self._one_reader = threading.Lock()  # a file has one place at a time: who seeks must also be who reads
        self.sample_rate = sound.sample_rate
        self.n_samples = sound.n_samples
        self.wraps = sound.wraps
        self.divisor = max(1, round(sound.sample_rate / ANALYSIS_RATE_HZ))
        self.rate_hz = sound.sample_rate / self.divisor
        hop = max(1, round(HOP_S * self.rate_hz))
        self._hop = hop * max(1, -(-sound.n_samples // (self.divisor * hop * MAX_FRAMES)))
        self.hop_length = self._hop * self.divisor
        # Chroma is heard at the analysis rate divided by this, the thin copy at that rate or less.
        self._slowing = 1 << max(0, int(math.log2(self.rate_hz / (2 * CHROMA_HIGH_HZ))))
        self._n_mel = _fast_length(MEL_WINDOW_S * self.rate_hz)
        self._n_chroma = _fast_length(CHROMA_WINDOW_S * self.rate_hz / self._slowing)
        n_analysis = -(-sound.n_samples // self.divisor)
        thinning = max(self._slowing, 1 << max(0, round(math.log2(self.rate_hz / THIN_RATE_HZ))))
        while n_analysis > thinning * THIN_SAMPLES:
            thinning *= 2
        self.thin_divisor = self.divisor * thinning
        self._hear(progress, thinning, holds=n_analysis <= _HELD_SAMPLES)

    def frames(self, first_centre: int, n_frames: int, every: int = 1) -> Frames:
        """Return the features of ``n_frames`` frames, ``every`` hops apart, the first centred at ``first_centre``.

        Their place is kept to ``divisor`` samples. ``every`` divides ``CHROMA_EVERY``.
        """
        # On the grid of the slow waves, at which those of the whole are.
        first, margin = round(first_centre / self.divisor) // self._slowing, self._n_chroma
        n = n_frames * every * self._hop // self._slowing + 2 * margin + self._hop
        chroma = self._chroma(self._slowed(first - margin, n), margin, n_frames * every)
        return Frames(self.mel_db(first_centre, n_frames, every), self._unit(chroma, n_frames, every))

    def mel_db(self, first_centre: int, n_frames: int, every: int = 1) -> FloatArray:
        """Return ``Frames.mel_db`` of ``frames``, without the other features."""
        first, margin = round(first_centre / self.divisor), self._n_mel
        waves = self.excerpt(first - margin, n_frames * every * self._hop + 2 * margin)
        return self._in_db(self.mel(waves, margin, n_frames, every))

    def joined_onset(self, end: int, start: int, near: int) -> FloatArray:
        """Return the onset envelope of ``2 * near + 1`` frames around the joint from sample ``end`` to ``start``."""
        n = (near + 1) * self._hop + self._n_mel
        before = self.excerpt(round(end / self.divisor) - n, n)
        after = self.excerpt(round(start / self.divisor), n)
        mel = self.mel(np.concatenate([before, after]), n - near * self._hop, 2 * near + 1)
        return _onset_of(self._in_db(mel))

    def folded(self) -> Listener:
        """Return a listener to the same sound, in which the sound's start follows its end."""
        other = copy.copy(self)
        other.wraps = True
        return other

    @property
    def margin_samples(self) -> int:
        """Number of samples that ``mel_db_of`` needs before its first frame's centre and after its last."""
        return (REACH + self._n_mel) * self.divisor

    def mel_db_of(self, samples: FloatArray, n_frames: int) -> FloatArray:
        """Return log-mel bands, on the sound's scale, of other samples at its rate: frames a hop apart.

        The first frame is centred ``margin_samples`` after the beginning of ``samples`` ``(n_samples, n_channels)``.
        """
        return self._in_db(self.mel(decimated(paired(samples), self.divisor), self._n_mel, n_frames))

    def onset_near(self, at: int, near: int) -> FloatArray:
        """Return the onset envelope of the frames at most ``near`` hops from sample ``at``, folded round the ends."""
        row = round(at / self.hop_length)
        return self.onset[np.arange(row - near, row + near + 1) % self.onset.size]

    def rows(self, first: int, n_frames: int, every: int = 1) -> Frames | None:
        """Return rows ``first``, ``first + every``, … of ``whole``; None where some of them are missing."""
        if first < 0 or first + n_frames * every > self.whole.mel_db.shape[0]:
            return None
        chosen = slice(first, first + n_frames * every, every)
        return Frames(self.whole.mel_db[chosen], self.whole.chroma[chosen])

    def samples(self, first: int, n: int) -> FloatArray | None:
        """Return samples ``[first, first + n)``, folded round if the sound wraps; None where the sound has none."""
        if not self.wraps and (first < 0 or first + n > self.n_samples):
            return None
        return self._read(first, n)

    def excerpt(self, first: int, n: int) -> Waves:
        """Return ``n`` samples at the analysis rate from the sound's sample ``first`` on; they may leave the sound."""
        if self._held is None:
            samples = self._read((first - REACH) * self.divisor, (n + 2 * REACH) * self.divisor)
            return decimated(paired(samples), self.divisor)[:n]
        return _cut(self._held, first, n, wraps=self.wraps)

    def _slowed(self, first: int, n: int) -> Waves:
        """Return ``n`` samples at the rate at which chroma is heard, from that rate's sample ``first`` on."""
        if self._slow is None or (self.wraps and not 0 <= first <= len(self._slow) - n):
            # Round the end of a sound, too, which need not be whole steps of the slow waves long.
            waves = self.excerpt((first - REACH) * self._slowing, (n + 2 * REACH) * self._slowing)
            return decimated(waves, self._slowing)[:n]
        return _cut(self._slow, first, n, wraps=self.wraps)

    # --- the pass -----------------------------------------------------------------------------------------------------

    def _hear(self, progress: Progress | None, thinning: int, *, holds: bool) -> None:
        n_frames = -(-self.n_samples // self.hop_length)
        n_threads = min(_MAX_THREADS, os.cpu_count() or 1)
        turns = max(1, math.ceil(n_frames * self._hop / (_SEGMENT_S * self.rate_hz * n_threads)))
        step = -(-n_frames // (turns * n_threads * _STEP_FRAMES)) * _STEP_FRAMES
        # Beside a segment: half the longest window, around a chroma that may stand for hops beyond, and the filters'.
        beside = self._slowing * self._n_chroma // 2 + CHROMA_EVERY * self._hop + 2 * REACH * thinning
        beside = -(-beside // thinning) * thinning
        n_analysis, n_pairs = -(-self.n_samples // self.divisor), -(-self.sound.n_channels // 2)
        kind = np.float32 if self.sound.n_channels == 1 else np.complex64
        mel = np.empty((n_frames, N_MELS), dtype=np.float32)
        chroma = np.empty((-(-n_frames // CHROMA_EVERY), 12), dtype=np.float32)
        thin: Waves = np.empty((-(-n_analysis // thinning), n_pairs), dtype=kind)
        held: Waves | None = np.empty((n_analysis, n_pairs), dtype=kind) if holds else None
        slow: Waves | None = None
        if holds:
            slow = (
                thin if thinning == self._slowing else np.empty((-(-n_analysis // self._slowing), n_pairs), dtype=kind)
            )

        @np.errstate(over="ignore", invalid="ignore")  # what cannot be computed with may lie just beside a segment
        def hear(first: int) -> _Heard:
            n = min(step, n_frames - first)
            start, margin = first * self.hop_length, (beside + REACH) * self.divisor
            samples = self._read(start - margin, n * self.hop_length + 2 * margin)
            part = _Heard.of(samples[margin : margin + min(n * self.hop_length, self.n_samples - start)], n)
            if part.n_bad or part.overload:  # said at the end, with how many there are
                return part
            waves = decimated(paired(samples), self.divisor)
            mel[first : first + n] = self.mel(waves, beside, n)
            slowed, skip = decimated(waves, self._slowing), beside // self._slowing - REACH
            chroma[first // CHROMA_EVERY : -(-(first + n) // CHROMA_EVERY)] = self._chroma(slowed, skip, n)
            at, until = first * self._hop, min((first + n) * self._hop, n_analysis)
            if held is not None and slow is not None:
                held[at:until] = waves[beside : beside + until - at]
                low, high = at // self._slowing, -(-until // self._slowing)
                slow[low:high] = slowed[skip : skip + high - low]
                if slow is thin:
                    return part
            low, high = at // thinning, -(-until // thinning)
            if thinning > self._slowing:
                thinner, late = thinning // self._slowing, -REACH % (thinning // self._slowing)
                slowed = decimated(slowed[late:], thinner)
                skip = beside // thinning - (REACH + late) // thinner - REACH
            thin[low:high] = slowed[skip : skip + high - low]
            return part

        with ThreadPoolExecutor(n_threads) as pool:
            try:
                self._sum_up(map_ahead(pool, hear, range(0, n_frames, step), _AHEAD * n_threads), n_frames, progress)
            finally:
                pool.shutdown(cancel_futures=True)
        self.thin, self._held, self._slow = thin, held, slow
        self._loudest = max(float(mel.max()), 1e-30)
        self.level: FloatArray = mel.sum(axis=1)
        self.whole = Frames(self._in_db(mel), self._unit(chroma, n_frames))
        self.onset = self.whole.onset

    def _sum_up(self, heard: Iterable[_Heard], n_frames: int, progress: Progress | None) -> None:
        parts: list[_Heard] = []
        for part in heard:
            parts.append(part)
            if progress is not None:
                progress(sum(one.n_frames for one in parts) / n_frames)
        n_bad = sum(part.n_bad for part in parts)
        if n_bad:
            raise NonFiniteClip(n_bad=n_bad)
        overload = max(part.overload for part in parts)
        if overload:
            raise BadClip(detail=f"its samples reach {overload:.0e}, and full scale is 1")
        self.span = max(part.span for part in parts)
        self.rms = math.sqrt(sum(part.energy for part in parts) / (self.n_samples * self.sound.n_channels))

    def _read(self, first: int, n: int) -> FloatArray:
        """Return samples ``[first, first + n)`` of the sound, folded round or standing still beyond its ends."""
        if self.wraps:
            pieces, at = [], first % self.n_samples
            while n > 0:
                pieces.append(self._read_inside(at, min(n, self.n_samples - at)))
                n -= pieces[-1].shape[0]
                at = 0
            return np.concatenate(pieces)
        low, high = min(max(first, 0), self.n_samples - 1), min(max(first + n, 1), self.n_samples)
        inner = self._read_inside(low, high - low)
        if high - low == n:
            return inner
        return np.pad(inner, ((low - first, first + n - high), (0, 0)), mode="edge")

    def _read_inside(self, first: int, n: int) -> FloatArray:
        with self._one_reader:
            return self.sound.read(first, n)

    def _in_db(self, mel: FloatArray) -> FloatArray:
        """Return mel power in dB, as ``Frames.mel_db`` has it."""
        relative = mel * np.float32(1.0 / self._loudest)
        np.maximum(relative, np.float32(10.0 ** (FLOOR_DB / 10.0)), out=relative)
        np.log10(relative, out=relative)
        relative *= np.float32(10.0)
        return relative

    def _unit(self, chroma: FloatArray, n_frames: int, every: int = 1) -> FloatArray:
        """Return pitch-class power with a norm of 1, as ``Frames.chroma`` has it."""
        strength = np.sqrt(chroma)
        length = np.sqrt((strength**2).sum(axis=1, keepdims=True))
        # The chroma window is longer than the mel window, and its sums of power grow with the square.
        audible = length > math.sqrt(self._loudest) * (self._n_chroma / self._n_mel) * 10.0 ** (FLOOR_DB / 20.0)
        unit = np.where(audible, strength / np.where(audible, length, 1.0), 0.0).astype(np.float32)
        return np.repeat(unit, CHROMA_EVERY // every, axis=0)[:n_frames]

    def mel(self, waves: Waves, first: int, n_frames: int, every: int = 1) -> FloatArray:
        """Return the power in mel bands of frames, the first centred at ``waves[first]``."""
        return banded(waves, first, self._hop * every, n_frames, mel_bank(self._n_mel, self.rate_hz))

    def _chroma(self, slowed: Waves, first: int, n_hops: int) -> FloatArray:
        """Return the pitch-class power of every ``CHROMA_EVERY``-th hop, the first of them centred at ``first``."""
        # Centred in the middle of the hops it stands for.
        hop = self._hop * CHROMA_EVERY // self._slowing
        middle = first + self._hop * (CHROMA_EVERY - 1) // 2 // self._slowing
        bank = chroma_bank(self._n_chroma, self.rate_hz / self._slowing)
        return banded(slowed, middle, hop, -(-n_hops // CHROMA_EVERY), bank)


@dataclass(frozen=True, eq=False, slots=True)
class _Heard:
    """The collected features of all segments of a sound."""

    n_frames: int
    energy: float
    n_bad: int
    span: float
    overload: float = 0.0  # the peak, where it is too high

    @classmethod
    def of(cls, samples: FloatArray, n_frames: int) -> _Heard:
        flat = samples.ravel()
        with np.errstate(all="ignore"):
            energy = float(np.dot(flat, flat))
            pairs = paired(samples)  # added up as pairs, it takes a tenth of the time
            means = np.abs(pairs.sum(axis=0)) / samples.shape[0]
            moving = energy / samples.shape[0] - float((means**2).sum())
        if not energy < _LOUDEST_ENERGY:
            n_bad = int(flat.size - np.count_nonzero(np.isfinite(flat)))
            return cls(n_frames, energy, n_bad, 0.0, overload=float(np.abs(flat).max()))
        # What moves this much on average moves at least so far; only next to silence the peaks must be looked for.
        span = math.sqrt(max(moving, 0.0) / samples.shape[1])
        if span < _AUDIBLE:
            span = float((samples.max(axis=0) - samples.min(axis=0)).max()) / 2
        return cls(n_frames, energy, 0, span)


def _cut(waves: Waves, first: int, n: int, *, wraps: bool) -> Waves:
    """Return ``waves[first : first + n]``, folded round or standing still beyond its ends."""
    if first >= 0 and first + n <= waves.shape[0]:
        return waves[first : first + n]
    out: Waves = waves.take(np.arange(first, first + n), axis=0, mode="wrap" if wraps else "clip")
    return out


def _fast_length(length: float) -> int:
    """Return an even transform length near ``length`` that is quick to compute."""
    from scipy.fft import next_fast_len

    return 2 * int(next_fast_len(max(8, round(length / 2))))
