# SPDX-License-Identifier: GPL-3.0-or-later
"""A deck is one baked loop that plays, with its place in the loop and the fades laid over it."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from engine.dsp.seam import cyclic
from engine.playback.mix.fades import MOST_SAMPLES, DeckFade, Workspace
from engine.values import PLACE_HOP_SAMPLES, BakedLoop, FloatArray, IntArray


class LeadIn:
    """A lead-in is what a loop plays before its own samples, and where in the loop each of its samples belongs.

    Parameters
    ----------
    samples, bass
        float32, shape ``(n_samples, n_channels)``; ``bass`` is their low band, or None.
    places
        The loop's position at every ``PLACE_HOP_SAMPLES``-th sample, ascending, or round the loop's end.
    start_at, loop_samples
        The loop's position after the last sample, and its length.
    """

    def __init__(
        self, samples: FloatArray, bass: FloatArray | None, places: IntArray | None, start_at: int, loop_samples: int
    ) -> None:
        self.samples = samples
        self.bass = bass
        known = np.asarray([] if places is None else places, dtype=np.float64)[: -(-len(samples) // PLACE_HOP_SAMPLES)]
        # Round the loop's end it goes back: a turn more from there on.
        turned = np.concatenate([[0.0], np.cumsum(np.diff(known) < 0.0)])[: len(known)]
        known = known + loop_samples * turned
        at = PLACE_HOP_SAMPLES * np.arange(len(known), dtype=np.float64)
        expected = known[-1] + len(samples) - at[-1] if len(known) else float(len(samples))
        end = start_at + loop_samples * round((expected - start_at) / loop_samples)
        if not len(known):
            at, known = np.zeros(1), np.asarray([end - len(samples)], dtype=np.float64)
        self._at: npt.NDArray[np.float64] = np.append(at, len(samples))
        self._places: npt.NDArray[np.float64] = np.append(known, end)
        self.turns = int(end // loop_samples)

    def place(self, done: int) -> int:
        """Return the place of its sample ``done``, in the loop's samples from the start of the first turn on."""
        return int(np.interp(done, self._at, self._places))


class Voice:
    """A voice reads a loop: its lead-in first, then its samples round and round."""

    def __init__(
        self,
        loop: BakedLoop,
        samples: FloatArray,
        position: int,
        *,
        lead_in: LeadIn | None = None,
        bass: FloatArray | None = None,
        turns: int = 0,
    ) -> None:
        self.loop = loop
        self.samples = samples
        self.bass = bass
        self.lead_in = lead_in
        self._lead_in_done = 0
        # What is over where the lead-in is entered.
        self._lead_in_turns = 0
        self._position = position
        self._turns = turns

    @property
    def place(self) -> tuple[int, int]:
        """Return the position in the loop of the next sample, and the whole turns before it."""
        # Read once: the commanding thread asks too, and it may end meanwhile.
        lead_in = self.lead_in
        if lead_in is None:
            return self._position, self._turns
        turns, position = divmod(lead_in.place(self._lead_in_done), len(self.samples))
        return position, turns - self._lead_in_turns

    def begin_at(self, at: int) -> None:
        """Begin at this sample of the lead-in, or of the loop where there is no lead-in."""
        if self.lead_in is None:
            self._position = at % len(self.samples)
        else:
            self._lead_in_done = at = min(at, len(self.lead_in.samples) - 1)
            self._lead_in_turns = self.lead_in.place(at) // len(self.samples)

    def ahead(self, n_samples: int, bass: FloatArray | None) -> FloatArray:
        """Return the next ``n_samples``, less their low band if ``bass``, the loop's, is given."""
        lead_in, done = self.lead_in, self._lead_in_done
        n_begun = 0 if lead_in is None else min(n_samples, len(lead_in.samples) - done)
        own = _rest(self.samples, bass, self._position, n_samples - n_begun)
        if lead_in is None:
            return own
        begun = _rest(lead_in.samples, None if bass is None else lead_in.bass, done, n_begun)
        return np.concatenate([begun, own])

    def straight_samples(self) -> int:
        if self.lead_in is None:
            return len(self.samples) - self._position
        return len(self.lead_in.samples) - self._lead_in_done

    def read(self, n_samples: int) -> tuple[FloatArray, FloatArray | None]:
        """Return the next ``n_samples`` (at most ``straight_samples()``) and their low band."""
        source: Voice | LeadIn = self if self.lead_in is None else self.lead_in
        first = self._position if self.lead_in is None else self._lead_in_done
        bass = source.bass
        return source.samples[first : first + n_samples], None if bass is None else bass[first : first + n_samples]

    def move_on(self, n_samples: int, retired: deque[object]) -> None:
        if self.lead_in is None:
            self._position += n_samples
            if self._position == len(self.samples):
                self._position = 0
                self._turns += 1
            return
        self._lead_in_done += n_samples
        if self._lead_in_done == len(self.lead_in.samples):
            self._turns = self.lead_in.turns - self._lead_in_turns
            retired.append(self.lead_in)
            self.lead_in = None

    def can_take(self, bass: FloatArray) -> bool:
        """Return whether ``bass`` is a low band of this loop's shape, and what plays now has one too."""
        lead_in = self.lead_in
        return bass.shape == self.samples.shape and (lead_in is None or lead_in.bass is not None)

    def take_bass(self, bass: FloatArray) -> bool:
        """Use ``bass`` as the loop's low band, and return whether it fits."""
        if not self.can_take(bass):
            return False
        self.bass = bass
        return True

    def has_shape_of(self, loop: BakedLoop, samples: FloatArray) -> bool:
        """Return whether another bake covers the same region, to the sample."""
        return self.loop.region == loop.region and self.samples.shape == samples.shape

    def begun_anew(self, loop: BakedLoop, samples: FloatArray) -> Voice:
        """Return another bake of the same clip, from its start."""
        return Voice(loop, samples, 0)

    def re_baked(self, loop: BakedLoop, samples: FloatArray) -> Voice:
        """Return another bake of the same clip at the same place in the clip, without lead-in and low band."""
        position, turns = self.place
        position = (self.loop.region.loop_start + position - loop.region.loop_start) % len(samples)
        return Voice(loop, samples, position, turns=turns)


class Deck:
    """A playing deck is made ready in the commanding thread, then moved on by ``render`` alone.

    Parameters
    ----------
    voice
        With the mixer's channels (or one).
    rising
        Incoming gains of the short crossfade by which a re-baked loop replaces this one, float32, ``(n_samples,)``.
    retired
        Takes what is let go of: it is freed in another thread.
    """

    def __init__(self, loop_id: int, voice: Voice, rising: FloatArray, retired: deque[object]) -> None:
        self.loop_id = loop_id
        self.voice = voice
        self.played = 0
        self.fades: list[DeckFade] = []
        self.ended = False
        self._rising, self._falling = rising, rising[::-1]
        self._retired = retired
        self._old: Voice | None = None
        self._swap_done = 0
        self._queued: tuple[BakedLoop, FloatArray] | None = None
        self._planned: tuple[BakedLoop, FloatArray, int] | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Return the position in the loop of the next sample, and the whole turns since it came in."""
        return self.voice.place

    @property
    def loop_samples(self) -> int:
        return len(self.voice.samples)

    def swap(self, loop: BakedLoop, samples: FloatArray, at: int | None = None) -> bool:
        """Go on with a re-baked loop of the same clip at the same place; return whether its region is the same.

        Where both sound alike for the length of the crossfade the change is immediate and cannot be heard; otherwise
        they are crossfaded. A swap that comes during another waits for its end (a few ms), the last one winning. A
        loop that was not heard yet begins anew. With another region the lead-in and the low band, which are not its
        own, are dropped.

        A loop of the same region that is to come ``at`` a place in it waits until the place is reached, unless another
        swap comes before.
        """
        voice = self.voice
        is_same = voice.has_shape_of(loop, samples)
        self._retired.append(self._planned)
        self._planned = None
        if at is not None and is_same and self.played and 0 <= at < len(samples):
            self._planned = loop, samples, at
            return True
        if self._old is not None:
            self._retired.append(self._queued)
            self._queued = (loop, samples)
            return is_same
        if is_same and (self.played == 0 or voice.lead_in is not None):
            # Not heard now: what sounds is the lead-in, or nothing yet.
            self._retired.append((voice.loop, voice.samples))
            voice.loop, voice.samples = loop, samples
            return True
        self.voice = (voice.begun_anew if self.played == 0 else voice.re_baked)(loop, samples)
        if is_same:
            self.voice.bass = voice.bass
        if self.played == 0 or _alike(voice, self.voice, len(self._rising)):
            self._retired.append(voice)
        else:
            self._old, self._swap_done = voice, 0
        return is_same

    def straight_samples(self) -> int:
        """Return how many samples can be rendered before something changes: a seam, a fade's end, a swap's end."""
        straight = min(self.voice.straight_samples(), MOST_SAMPLES, self._samples_to_planned())
        for fade in self.fades:
            straight = min(straight, fade.left)
        if self._old is not None:
            straight = min(straight, self._old.straight_samples(), len(self._rising) - self._swap_done)
        return straight

    def _samples_to_planned(self) -> int:
        """Return for how many samples the swap that waits for its place waits at least."""
        if self._planned is None or self.voice.lead_in is not None:
            return MOST_SAMPLES
        n_samples = len(self.voice.samples)
        return (self._planned[2] - self.voice.place[0] - 1) % n_samples + 1

    def render(self, out: FloatArray, work: Workspace) -> None:
        """Write ``len(out)`` samples (at most ``straight_samples()``) into ``out`` and move on.

        ``out`` has shape ``(n_samples, n_channels)``.
        """
        n = len(out)
        ratios = self._bass_ratios(n, work) if self.fades else None
        _read(self.voice, out, ratios, work)
        if self._old is not None:
            done = self._swap_done
            np.multiply(out, self._rising[done : done + n, None], out=out)
            old = work.third[:n]
            _read(self._old, old, ratios, work)
            np.multiply(old, self._falling[done : done + n, None], out=old)
            np.add(out, old, out=out)
        if self.fades:
            gains = self.fades[0].gains(n, work)
            if len(self.fades) > 1:
                product = work.product[:n]
                np.copyto(product, gains)
                for fade in self.fades[1:]:
                    np.multiply(product, fade.gains(n, work), out=product)
                gains = product
            for channel in range(out.shape[1]):
                # By channels, as numpy is slow across the short axis.
                np.multiply(out[:, channel], gains, out=out[:, channel])
        self._move_on(n)

    def _bass_ratios(self, n: int, work: Workspace) -> FloatArray | None:
        """Return the gain of the low band over that of the rest, all fades together; None where it has no own gain."""
        product: FloatArray | None = None
        for fade in self.fades:
            if not fade.has_bass:
                continue
            ratios = fade.bass_ratios(n, work)
            if product is None:
                product = work.product[:n]
                np.copyto(product, ratios)
            else:
                np.multiply(product, ratios, out=product)
        return product

    def _move_on(self, n: int) -> None:
        self.played += n
        self.voice.move_on(n, self._retired)
        if self.fades:
            for fade in self.fades:
                fade.move_on(n)
                if not fade.left:
                    self.ended = self.ended or fade.ends_deck
                    self._retired.append(fade)
            self.fades = [fade for fade in self.fades if fade.left]
        voice = self.voice
        if voice.bass is not None and voice.lead_in is None and not any(fade.has_bass for fade in self.fades):
            self._retired.append(voice.bass)
            voice.bass = None
        if self._old is not None:
            self._old.move_on(n, self._retired)
            self._swap_done += n
            if self._swap_done == len(self._rising):
                self._retired.append(self._old)
                self._old = None
                if self._queued is not None:
                    queued, self._queued = self._queued, None
                    self.swap(*queued)
        planned = self._planned
        if planned is not None and self.voice.lead_in is None and self.voice.place[0] == planned[2]:
            self.swap(planned[0], planned[1])


def _read(voice: Voice, out: FloatArray, ratios: FloatArray | None, work: Workspace) -> None:
    """Return the voice's next samples, with the low band at its own gain."""
    samples, bass = voice.read(len(out))
    if bass is None or ratios is None:
        np.copyto(out, samples)
        return
    # samples + bass (ratio - 1)
    ratios_less_one, weighed = work.spare[: len(out)], work.other[: len(out)]
    np.subtract(ratios, np.float32(1.0), out=ratios_less_one)
    np.multiply(bass, ratios_less_one[:, None], out=weighed)
    np.add(samples, weighed, out=out)


def _rest(samples: FloatArray, bass: FloatArray | None, first: int, n_samples: int) -> FloatArray:
    """Return ``n_samples`` from ``first`` on, read round the end, less their low band."""
    rest = cyclic(samples, first, n_samples)
    return rest if bass is None else rest - cyclic(bass, first, n_samples)


def _alike(a: Voice, b: Voice, n_samples: int) -> bool:
    """Return whether two voices, read round their loops' ends, are the same for the next ``n_samples``."""
    if a.lead_in is not None or a.bass is not b.bass:
        return False
    at_a, at_b = a.place[0], b.place[0]
    while n_samples > 0:
        step = min(n_samples, len(a.samples) - at_a, len(b.samples) - at_b)
        if not np.array_equal(a.samples[at_a : at_a + step], b.samples[at_b : at_b + step]):
            return False
        at_a, at_b = (at_a + step) % len(a.samples), (at_b + step) % len(b.samples)
        n_samples -= step
    return True
