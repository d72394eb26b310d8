# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes what the mixer's commands need, in the commanding thread: decks, effects, takeovers, auditions."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import numpy as np

from engine.dsp.click import click
from engine.dsp.seam import gain_law
from engine.errors import TooManyChannels
from engine.playback.mix.audition import Shot
from engine.playback.mix.count_in import CountIn
from engine.playback.mix.deck import Deck, LeadIn, Voice
from engine.playback.mix.effects import Rack
from engine.playback.mix.fades import SWAP_MS
from engine.playback.mix.held.base import Held
from engine.playback.mix.held.gate import Gates
from engine.playback.mix.held.history import History
from engine.playback.mix.held.repeats import BeatRepeats, Stutters
from engine.playback.mix.held.tape import Brakes, TapeStops
from engine.playback.mix.launch import Launch
from engine.playback.mix.locked import LockedVoice
from engine.playback.mix.takeover import Takeover
from engine.units import ms_to_samples
from engine.values import BakedLoop, BarLock, FloatArray, TransitionPlan
from engine.values.auditions import OneShot
from engine.values.held import BeatRepeat, Brake, Gate, HeldEffect, Stutter, TapeStop


class Maker:
    """The maker makes decks and takeovers that fit a mixer.

    Attributes
    ----------
    swap_rising
        Incoming gains of the short crossfades, float32, shape ``(n_samples,)``.
    """

    def __init__(self, sample_rate: int, n_channels: int, retired: deque[object]) -> None:
        self._sample_rate = sample_rate
        self._n_channels = n_channels
        self._retired = retired
        self._racks: dict[int, Rack] = {}
        self._histories: dict[int, History] = {}
        # Equal gain: what a swap mixes is mostly the same sound.
        self.swap_rising: FloatArray = gain_law(1.0, self.fade_samples(SWAP_MS))[1][:, 0]

    def fade_samples(self, fade_ms: float) -> int:
        """Return a fade's length in samples, at least 1."""
        return max(1, ms_to_samples(fade_ms, self._sample_rate))

    def fitting(self, loop: BakedLoop) -> FloatArray:
        """Return the loop's samples in the mixer's channels, or in one.

        Raises ValueError for another rate or no samples, TooManyChannels.
        """
        if loop.sample_rate != self._sample_rate:
            raise ValueError(f"a loop at {loop.sample_rate} Hz in a mixer at {self._sample_rate} Hz")
        if not loop.n_samples:
            raise ValueError("a loop of no samples")
        return self._in_channels(loop.samples)

    def launch(self, loop_id: int, loop: BakedLoop, position: int, lock: BarLock | None, fade_ms: float) -> Launch:
        """Return a loop that begins within ``fade_ms``, at once at ``position`` or as ``lock`` says."""
        samples = self.fitting(loop)
        voice = Voice(loop, samples, position % len(samples)) if lock is None else LockedVoice.made(loop, samples, lock)
        rising = gain_law(0.0, self.fade_samples(fade_ms))[1][:, 0]
        return Launch(self.deck(loop_id, voice), rising, lock)

    def deck(self, loop_id: int, voice: Voice) -> Deck:
        """Return a deck that plays ``voice``."""
        return Deck(loop_id, voice, self.swap_rising, self._retired)

    def shot(self, audition_id: int, shot: OneShot) -> Shot:
        """Return ``shot`` ready to be played. Raises ValueError for another rate, TooManyChannels."""
        if shot.sample_rate != self._sample_rate:
            raise ValueError(f"a one-shot at {shot.sample_rate} Hz in a mixer at {self._sample_rate} Hz")
        return Shot(audition_id, self._in_channels(shot.samples), shot.times, shot.gap_samples)

    def count_in(self, n_bars: int) -> CountIn:
        """Return a count-in of so many bars."""
        accent, beat = (click(self._sample_rate, is_accented=is_accented) for is_accented in (True, False))
        return CountIn(accent, beat, n_bars)

    def rack(self, channel: int) -> Rack:
        """Return the effects of a channel, made when they are needed first, and kept."""
        if channel not in self._racks:
            self._racks[channel] = Rack(self._sample_rate, self._n_channels)
        return self._racks[channel]

    def new_rack(self, channel: int) -> Rack | None:
        """Make a rack in which nothing rings, in the place of a channel's; None where that has none."""
        if channel not in self._racks:
            return None
        del self._racks[channel]
        return self.rack(channel)

    def history(self, channel: int) -> History:
        """Return what remembers a channel's sound for held effects, made when it is needed first, and kept."""
        if channel not in self._histories:
            self._histories[channel] = History(self._n_channels)
        return self._histories[channel]

    def held(self, effect: HeldEffect) -> Held:
        """Return a held effect, ready to begin."""
        match effect:
            case Stutter(beats):
                return Stutters(self._sample_rate, self._n_channels, beats)
            case BeatRepeat(beats):
                return BeatRepeats(self._sample_rate, self._n_channels, beats, Fraction(1))
            case TapeStop(beats):
                return TapeStops(self._sample_rate, beats)
            case Brake(beats):
                return Brakes(self._sample_rate, beats)
            case Gate(levels, bars):
                return Gates(self._sample_rate, levels, bars)

    def takeover(self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan) -> Takeover:
        """Return the takeover that ``plan`` describes.

        Low bands are swapped where the plan has every one that is needed.
        """
        if plan.n_samples < 1:
            raise ValueError(f"a crossfade of {plan.n_samples} samples")
        samples = self.fitting(loop)
        start_at = plan.start_at % len(samples)
        bass, lead_bass, begun_bass = plan.bass, plan.lead_bass, plan.lead_in_bass
        has_lead_in = plan.lead_in is not None and len(plan.lead_in) > 0
        if bass is None or bass.shape != loop.samples.shape or (has_lead_in and begun_bass is None):
            bass = lead_bass = begun_bass = None
        lead_in = None
        if plan.lead_in is not None and has_lead_in:
            lead_in = LeadIn(
                self._in_channels(plan.lead_in),
                None if begun_bass is None else self._in_channels(begun_bass),
                plan.lead_in_places,
                start_at,
                len(samples),
            )
        own_bass = None if bass is None else self._in_channels(bass)
        voice = Voice(loop, samples, start_at, lead_in=lead_in, bass=own_bass)
        lead_bass = None if lead_bass is None else self._in_channels(lead_bass)
        return Takeover(self.deck(loop_id, voice), lead_id, plan, lead_bass=lead_bass, sample_rate=self._sample_rate)

    def _in_channels(self, samples: FloatArray) -> FloatArray:
        n_channels = samples.shape[1]
        if n_channels in (1, self._n_channels):
            return samples
        if self._n_channels == 1:
            mono: FloatArray = samples.mean(axis=1, keepdims=True, dtype=np.float32)
            return mono
        raise TooManyChannels(n_channels=n_channels, limit=self._n_channels)
