# SPDX-License-Identifier: GPL-3.0-or-later
"""A deck: one baked loop that plays, with its place in the loop and the fades laid over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.values import BakedLoop, FloatArray


@dataclass(slots=True)
class Fade:
    """A gain curve that runs once over a deck; a falling one ends the deck with it.

    ``curve`` is float32, shape ``(n_samples, 1)``.
    """

    curve: FloatArray
    ends_deck: bool
    done: int = 0

    @property
    def left(self) -> int:
        return len(self.curve) - self.done


class Deck:
    """A playing loop. Made ready in the commanding thread, then moved on by ``render`` alone.

    Parameters
    ----------
    samples
        The loop's samples with the mixer's channels (or one), shape ``(n_samples, n_channels)``.
    swap_curves
        Gains (out, in) of the short crossfade by which a re-baked loop replaces this one.
    """

    def __init__(
        self, loop_id: int, loop: BakedLoop, samples: FloatArray, swap_curves: tuple[FloatArray, FloatArray]
    ) -> None:
        self.loop_id = loop_id
        self.loop = loop
        self.samples = samples
        self.position = 0
        self.turns = 0
        self.played = 0
        self.fades: list[Fade] = []
        self.ended = False
        self._swap_out, self._swap_in = swap_curves
        self._old: FloatArray | None = None
        self._old_position = 0
        self._swap_done = 0
        self._queued: tuple[BakedLoop, FloatArray] | None = None

    def swap(self, loop: BakedLoop, samples: FloatArray) -> None:
        """Go on with a re-baked loop of the same clip at the same place in the clip.

        Where both sound alike for the length of the crossfade the change is immediate and cannot be heard; otherwise
        they are crossfaded. A swap that comes during another waits for its end (a few ms), the last one winning.
        """
        if self._old is not None:
            self._queued = (loop, samples)
            return
        old, old_position = self.samples, self.position
        in_clip = self.loop.region.loop_start + self.position
        self.loop, self.samples = loop, samples
        self.position = (in_clip - loop.region.loop_start) % len(samples)
        if not _alike(old, old_position, samples, self.position, len(self._swap_in)):
            self._old, self._old_position, self._swap_done = old, old_position, 0

    def straight_samples(self) -> int:
        """How many samples can be rendered before something bends: a seam, a fade's end, a swap's end."""
        straight = len(self.samples) - self.position
        for fade in self.fades:
            straight = min(straight, fade.left)
        if self._old is not None:
            straight = min(straight, len(self._old) - self._old_position, len(self._swap_in) - self._swap_done)
        return straight

    def render(self, out: FloatArray, scratch: FloatArray) -> None:
        """Write ``len(out)`` samples (at most ``straight_samples()``) into ``out`` and move on.

        ``out`` and ``scratch`` have shape ``(n_samples, n_channels)``; ``scratch`` is overwritten.
        """
        n = len(out)
        end = self.position + n
        if self._old is None:
            np.copyto(out, self.samples[self.position : end])
        else:
            swap_end = self._swap_done + n
            np.multiply(self.samples[self.position : end], self._swap_in[self._swap_done : swap_end], out=out)
            old = self._old[self._old_position : self._old_position + n]
            np.multiply(old, self._swap_out[self._swap_done : swap_end], out=scratch)
            np.add(out, scratch, out=out)
        for fade in self.fades:
            np.multiply(out, fade.curve[fade.done : fade.done + n], out=out)
        self._move_on(n)

    def _move_on(self, n: int) -> None:
        self.played += n
        self.position += n
        if self.position == len(self.samples):
            self.position = 0
            self.turns += 1
        if self.fades:
            for fade in self.fades:
                fade.done += n
                self.ended = self.ended or (fade.ends_deck and fade.left == 0)
            self.fades = [fade for fade in self.fades if fade.left]
        if self._old is not None:
            self._old_position = (self._old_position + n) % len(self._old)
            self._swap_done += n
            if self._swap_done == len(self._swap_in):
                self._old = None
                if self._queued is not None:
                    queued, self._queued = self._queued, None
                    self.swap(*queued)


def _alike(a: FloatArray, a_position: int, b: FloatArray, b_position: int, n_samples: int) -> bool:
    """Whether the next ``n_samples`` of two loops, read round their ends, are the same samples."""
    while n_samples > 0:
        step = min(n_samples, len(a) - a_position, len(b) - b_position)
        if not np.array_equal(a[a_position : a_position + step], b[b_position : b_position + step]):
            return False
        a_position, b_position = (a_position + step) % len(a), (b_position + step) % len(b)
        n_samples -= step
    return True
