# SPDX-License-Identifier: GPL-3.0-or-later
"""The feed is what a device or a clock pulls: the mixer's output, written to the tape as the device takes it."""

from __future__ import annotations

import logging

import numpy as np

from engine.playback.mix.mixer import Mixer
from engine.shared import SharedBlock
from engine.stem_tape import StemTape
from engine.tape import TapeWriter
from engine.values import MIXER_CHANNELS, FloatArray

_PIECE_SAMPLES = 256
_log = logging.getLogger(__name__)


class Feed:
    """A feed joins the mixer and the tape that it plays onto, for one puller at a time.

    Attributes
    ----------
    tape_offset
        What to add to one of the mixer's output samples for its frame on the tape.
    """

    def __init__(self, mixer: Mixer, tape: TapeWriter | None) -> None:
        if tape is not None and tape.sample_rate != mixer.sample_rate:
            _log.error("a tape of %d Hz takes nothing at %d Hz", tape.sample_rate, mixer.sample_rate)
            tape = None
        self.mixer = mixer
        self.sample_rate = mixer.sample_rate
        self._tape = tape
        self.tape_offset = 0 if tape is None else tape.n_written - mixer.rendered_samples

    def record_stems(self, block: SharedBlock | None) -> None:
        """Put down what each layer plays, by the tape's frames, from now on; None ends it."""
        if block is None:
            self.mixer.tap(None)
            return
        n_ahead = self.mixer.latency_samples
        stems = StemTape(block, self.tape_offset + n_ahead)
        if self.n_pulled < self.sample_rate:
            # As it has only begun: what a process before this one put down ahead of the tape was never played. It died
            # at any place, as soon as it had mixed a buffer of which no sample is on the tape.
            for channel in range(MIXER_CHANNELS):
                stems.rest(channel, -n_ahead, n_ahead + self.sample_rate)
        self.mixer.tap(stems)

    @property
    def n_pulled(self) -> int:
        """Return the number of output samples rendered so far."""
        return self.mixer.rendered_samples

    def pull(self, out: FloatArray) -> None:
        """Fill ``out``, float32 of shape ``(n_samples, mixer.n_channels)``, with what comes next."""
        self.mixer.render(out)
        if self._tape is not None:
            self._tape.write(out)


class Adapter:
    """An adapter gives a feed at the device's rate (resampled as one stream, by soxr) and in one channel or two."""

    def __init__(self, feed: Feed, sample_rate: int, n_channels: int) -> None:
        self.feed = feed
        self._is_exact = sample_rate == feed.sample_rate
        self._is_plain = self._is_exact and n_channels == feed.mixer.n_channels
        self._piece = np.zeros((_PIECE_SAMPLES, feed.mixer.n_channels), dtype=np.float32)
        self._left: FloatArray = self._piece[:0]
        if not self._is_exact:
            # Imported here: few devices need it.
            import soxr

            self._ratio = feed.sample_rate / sample_rate
            self._resampler = soxr.ResampleStream(
                feed.sample_rate, sample_rate, feed.mixer.n_channels, dtype="float32", quality="VHQ"
            )

    @property
    def n_given(self) -> int:
        """Return which of the mixer's output samples the next ``pull`` begins with."""
        if self._is_exact:
            return self.feed.n_pulled
        n_waiting = float(self._resampler.delay()) + len(self._left)
        return self.feed.n_pulled - round(n_waiting * self._ratio)

    def pull(self, out: FloatArray) -> None:
        """Fill ``out``, float32 of shape ``(n_samples, n_channels)``."""
        if self._is_plain:
            self.feed.pull(out)
            return
        done, n_samples = 0, len(out)
        while done < n_samples:
            if not len(self._left):
                piece = self._piece[: n_samples - done] if self._is_exact else self._piece
                self.feed.pull(piece)
                self._left = piece if self._is_exact else self._resampler.resample_chunk(piece)
            n = min(len(self._left), n_samples - done)
            taken, self._left = self._left[:n], self._left[n:]
            if out.shape[1] == taken.shape[1]:
                out[done : done + n] = taken
            else:
                np.mean(taken, axis=1, keepdims=True, out=out[done : done + n])
            done += n
