# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays a sound for longer than it lasts: its intro, its loop turn after turn, then its outro or a fade.

Everything is read piece by piece: hours need no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from engine.dsp.seam import Seam, crossfaded
from engine.values import FloatArray

BLOCK_SAMPLES = 65_536


class Extension:
    """An extension is a sound whose loop turns ``turns`` times, or for ever: intro, turns, outro.

    A seam lies between two turns only: the way into the first and out of the last is the sound's own. So one turn is
    the sound itself, and a listener meets nothing but the loop's own seam, however many turns there are.

    Parameters
    ----------
    turns
        At least 1; None is for ever, and then there is no outro.
    """

    def __init__(self, seam: Seam, *, turns: int | None = None) -> None:
        if turns is not None and turns < 1:
            raise ValueError(f"{turns} turns")
        self.seam = seam
        self.turns = turns
        self.intro_samples = seam.region.loop_start

    @property
    def sample_rate(self) -> int:
        return self.seam.sound.sample_rate

    @property
    def n_channels(self) -> int:
        return self.seam.sound.n_channels

    @property
    def n_samples(self) -> int | None:
        """Return the number of samples in all; None is for ever."""
        if self.turns is None:
            return None
        return self.seam.sound.n_samples + (self.turns - 1) * self.seam.n_samples

    def place_of(self, position: int) -> tuple[int, int]:
        """Return which sample of the sound is heard at ``position``, and how many turns are over by then."""
        into = position - self.intro_samples
        if into < 0:
            return position, 0
        done, at = divmod(into, self.seam.n_samples)
        if self.turns is not None and done >= self.turns:
            done = self.turns - 1
            at = into - done * self.seam.n_samples
        return self.intro_samples + at, done

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)``, float32 ``(n_samples, n_channels)``: a new array."""
        end = self.n_samples
        if first < 0 or n_samples < 0 or (end is not None and first + n_samples > end):
            raise ValueError(f"[{first}, {first + n_samples}) leaves the extension")
        out = np.empty((n_samples, self.n_channels), np.float32)
        done = 0
        while done < n_samples:
            part = self._straight(first + done, n_samples - done)
            out[done : done + len(part)] = part
            done += len(part)
        return out

    def _straight(self, position: int, most: int) -> FloatArray:
        """Return what comes at ``position``, up to a seam or the loop's first start, at most ``most`` samples."""
        seam, (place, turn) = self.seam, self.place_of(position)
        if place < self.intro_samples:
            return self._own(place, min(most, self.intro_samples - place))
        is_last = self.turns is not None and turn == self.turns - 1
        if is_last and not (seam.at_head and turn > 0):
            return self._own(place, most)
        left = seam.region.loop_start + seam.n_samples - place
        if is_last and left <= 0:
            return self._own(place, most)
        n = min(most, left)
        if turn == 0 and seam.at_head:
            return self._own(place, n)
        return seam.read(place - seam.region.loop_start, n)

    def _own(self, place: int, n_samples: int) -> FloatArray:
        return _own(self.seam, place, n_samples)


def turns_for(seam: Seam, total_samples: int) -> int:
    """Return the least number of turns, at least 1, that lasts ``total_samples`` or more with the outro."""
    missing = total_samples - seam.sound.n_samples
    return 1 + max(0, -(-missing // seam.n_samples))


def render_extension(
    extension: Extension,
    *,
    total_samples: int,
    fade_samples: int,
    write: Callable[[FloatArray], None],
    block_samples: int = BLOCK_SAMPLES,
) -> Generator[float, None, None]:
    """Write the first ``total_samples`` of an extension, the last ``fade_samples`` of them fading out (raised cosine).

    Yields
    ------
    float
        Fraction done, in (0, 1]. Each yield is a cancel point.
    """
    fade_samples = min(fade_samples, total_samples)
    fade_from = total_samples - fade_samples
    done = 0
    while done < total_samples:
        block = extension.read(done, min(block_samples, total_samples - done))
        over = max(0, fade_from - done)
        if over < len(block):
            at = np.arange(done + over - fade_from, done + len(block) - fade_from) + 0.5
            block[over:] *= (0.5 + 0.5 * np.cos(at * (np.pi / fade_samples))).astype(np.float32)[:, None]
        write(block)
        done += len(block)
        yield done / total_samples


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sound, its first or its last samples crossfaded with another stretch."""

    seam: Seam
    first: int
    n_samples: int
    crossfade: FloatArray
    crossfade_at: int

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)`` of the piece: a new array."""
        out = _own(self.seam, self.first + first, n_samples)
        low = max(first, self.crossfade_at)
        high = min(first + n_samples, self.crossfade_at + len(self.crossfade))
        if low < high:
            out[low - first : high - first] = self.crossfade[low - self.crossfade_at : high - self.crossfade_at]
        return out


def split(seam: Seam) -> tuple[Piece, Seam, Piece]:
    """Split a sound in three: its intro, its loop and its outro; the intro and the outro may be empty.

    Intro, loop as often as wished, outro follow each other without a step: on the side where the loop's crossfade left
    the sound's own way, the intro's end or the outro's start is crossfaded likewise. With one turn they are together as
    long as the sound, and without overlap they are the sound.
    """
    sound, region, overlap = seam.sound, seam.region, seam.overlap_samples
    start, end = region.loop_start, region.loop_end
    n_outro = sound.n_samples - end
    into, out_of = sound.read(0, 0), sound.read(0, 0)
    if seam.at_head:
        n = min(overlap, start)
        into = _crossed(seam, start - n, end - n, n)
    else:
        n = min(overlap, n_outro)
        out_of = _crossed(seam, start, end, n)
    return Piece(seam, 0, start, into, start - len(into)), seam, Piece(seam, end, n_outro, out_of, 0)


def _crossed(seam: Seam, out_at: int, in_at: int, n_samples: int) -> FloatArray:
    """Return ``n_samples`` in which the sound at ``out_at`` gives way to the sound at ``in_at``."""
    sides = _own(seam, out_at, n_samples), _own(seam, in_at, n_samples)
    return crossfaded(*sides, seam.sound.sample_rate)[0]


def _own(seam: Seam, place: int, n_samples: int) -> FloatArray:
    """Return the sound without the seam's crossfade: a new array."""
    return seam.sound.read(place, n_samples).copy()
