# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has gains that change while music plays: ramps of a volume, and the two sides of a crossfade.

What is computed for a sample is the same in whatever pieces it is asked for: only arithmetic is used that rounds alike
for every array length.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

MOST_SAMPLES = 4096
"""Largest number of samples that are mixed in one go."""

SWAP_MS = 20.0
"""Length in milliseconds of the crossfades in which what a deck plays, or its effects, are exchanged."""


class Workspace:
    """A workspace is arrays for the intermediate results of ``render``, made once and shared by a mixer's decks."""

    def __init__(self, n_channels: int) -> None:
        shape = (MOST_SAMPLES, n_channels)
        self.deck = np.zeros(shape, dtype=np.float32)
        self.other = np.zeros(shape, dtype=np.float32)
        self.third = np.zeros(shape, dtype=np.float32)
        self.by_channel = np.zeros(shape[::-1], dtype=np.float32)
        self.gain = np.zeros(MOST_SAMPLES, dtype=np.float32)
        self.ratio = np.zeros(MOST_SAMPLES, dtype=np.float32)
        self.product = np.zeros(MOST_SAMPLES, dtype=np.float32)
        self.spare = np.zeros(MOST_SAMPLES, dtype=np.float32)
        self.wide = np.zeros((2, MOST_SAMPLES), dtype=np.float64)


_COUNT: npt.NDArray[np.float64] = np.arange(1, MOST_SAMPLES + 1, dtype=np.float64)


class DeckFade(Protocol):
    """A deck's fade is a gain that runs once over it; one with ``ends_deck`` ends the deck with itself."""

    ends_deck: bool

    @property
    def left(self) -> int:
        """Return the samples to the fade's end."""
        ...

    @property
    def has_bass(self) -> bool:
        """Return whether the low band has a gain of its own."""
        ...

    def gains(self, n_samples: int, work: Workspace) -> FloatArray:
        """Return the gains of the next ``n_samples`` (at most ``left``), one a sample; valid until the next call."""
        ...

    def bass_ratios(self, n_samples: int, work: Workspace) -> FloatArray:
        """Return the low band's gain over that of the rest, likewise. Overwrites ``work.gain`` and ``work.spare``."""
        ...

    def move_on(self, n_samples: int) -> None: ...


class Ramp:
    """A ramp is a gain that goes from one value to another on a smooth step (3x² - 2x³), and stays there.

    Takes no memory, however long it is.
    """

    has_bass = False

    def __init__(self, gain: float, *, ends_deck: bool = False) -> None:
        self.target = gain
        self.ends_deck = ends_deck
        self._from = gain
        self._n = 1
        self._done = 1

    @classmethod
    def falling(cls, n_samples: int) -> Ramp:
        """Return a ramp from 1 to 0 within ``n_samples``, which ends its deck."""
        ramp = cls(1.0, ends_deck=True)
        ramp.go_to(0.0, n_samples)
        return ramp

    def go_to(self, gain: float, n_samples: int) -> None:
        """Move from the present gain to ``gain`` within ``n_samples``, at least 1."""
        self._from, self.target = self.value, gain
        self._n, self._done = n_samples, 0

    def set(self, gain: float) -> None:
        """Set the gain to ``gain`` from now on."""
        self._from = self.target = gain
        self._n = self._done = 1

    def rest_as_fade(self) -> Ramp:
        """Return what is left of a ramp to 0, as a deck's last fade."""
        rest = Ramp(self.target, ends_deck=True)
        rest._from, rest._n, rest._done = self._from, self._n, self._done
        return rest

    @property
    def left(self) -> int:
        """Return the samples until the target is reached."""
        return self._n - self._done

    @property
    def value(self) -> float:
        """Return the gain of the last sample."""
        if self._done == self._n:
            return self.target
        share = self._done / self._n
        return self._from + (self.target - self._from) * (share * share * (3.0 - 2.0 * share))

    def gains(self, n_samples: int, work: Workspace) -> FloatArray:
        share, step = work.wide[0, :n_samples], work.wide[1, :n_samples]
        np.add(_COUNT[:n_samples], self._done, out=share)
        np.divide(share, self._n, out=share)
        np.multiply(share, -2.0, out=step)
        np.add(step, 3.0, out=step)
        np.multiply(step, share, out=step)
        np.multiply(step, share, out=step)
        np.multiply(step, self.target - self._from, out=step)
        np.add(step, self._from, out=step)
        gains = work.gain[:n_samples]
        np.copyto(gains, step, casting="same_kind")
        return gains

    def bass_ratios(self, n_samples: int, work: Workspace) -> FloatArray:
        ratios = work.ratio[:n_samples]
        ratios.fill(1.0)
        return ratios

    def move_on(self, n_samples: int) -> None:
        self._done = min(self._n, self._done + n_samples)

    def apply(self, samples: FloatArray, work: Workspace) -> None:
        """Multiply ``samples``, shape ``(at most MOST_SAMPLES, n_channels)``, with what is left and then the target."""
        n = min(self.left, len(samples))
        if n:
            np.multiply(samples[:n], self.gains(n, work)[:, None], out=samples[:n])
            self.move_on(n)
        if n < len(samples) and self.target != 1.0:
            np.multiply(samples[n:], np.float32(self.target), out=samples[n:])


class CrossfadeSide:
    """A crossfade's side follows ``g / sqrt(1 + 2ρ·g·g')`` over a rising gain ``g`` and its mirror ``g'``.

    With ``engine.dsp.seam.gain_law(0, n)`` for the rising gain it is ``gain_law(ρ, n)``, without an array for each ρ.

    Parameters
    ----------
    rising
        float32, shape ``(n_samples,)``, above 0.
    rises
        True for the incoming side; the outgoing one ends its deck.
    correlation
        ρ; below 0 it counts as 0.
    bass
        The low band's own gains (rising, falling), of the same shape, at least 0; None where it goes with the rest.
    """

    def __init__(
        self, rising: FloatArray, *, rises: bool, correlation: float, bass: tuple[FloatArray, FloatArray] | None = None
    ) -> None:
        self.ends_deck = not rises
        self.n_samples = len(rising)
        self._twice_rho = np.float32(2.0 * min(max(correlation, 0.0), 1.0))
        falling = rising[::-1]
        self._own, self._mirror = (rising, falling) if rises else (falling, rising)
        self._bass = None if bass is None else (bass if rises else bass[::-1])
        self._done = 0

    @property
    def left(self) -> int:
        return self.n_samples - self._done

    @property
    def has_bass(self) -> bool:
        return self._bass is not None

    def gains(self, n_samples: int, work: Workspace) -> FloatArray:
        return self._law(self._own, self._mirror, n_samples, work.gain)

    def bass_ratios(self, n_samples: int, work: Workspace) -> FloatArray:
        ratios = work.ratio[:n_samples]
        if self._bass is None:
            ratios.fill(1.0)
            return ratios
        bass = self._law(*self._bass, n_samples, work.spare)
        np.divide(bass, self._law(self._own, self._mirror, n_samples, work.gain), out=ratios)
        return ratios

    def move_on(self, n_samples: int) -> None:
        self._done += n_samples

    def _law(self, own: FloatArray, mirror: FloatArray, n_samples: int, out: FloatArray) -> FloatArray:
        own, mirror = own[self._done : self._done + n_samples], mirror[self._done : self._done + n_samples]
        if not self._twice_rho:
            return own
        out = out[:n_samples]
        np.multiply(own, mirror, out=out)
        np.multiply(out, self._twice_rho, out=out)
        np.add(out, np.float32(1.0), out=out)
        np.sqrt(out, out=out)
        np.divide(own, out, out=out)
        return out


def bass_swap(n_samples: int, rising: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return gains (rising, falling) of low bands that are swapped in a crossfade of ``n_samples``.

    The swap (``rising``, shape ``(n_swap,)``, and its mirror image) ends with the crossfade's middle: where that is a
    downbeat, its kick is the incoming loop's alone. ``n_swap`` is at most half of ``n_samples``, or 1.
    """
    gains = np.zeros((2, n_samples), dtype=np.float32)
    middle = max(n_samples // 2, len(rising))
    first = middle - len(rising)
    gains[0, first:middle], gains[1, first:middle] = rising, rising[::-1]
    gains[0, middle:], gains[1, :first] = 1.0, 1.0
    return gains[0], gains[1]
