# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer: what sums decks. A pure core that the live stream, the file renderer and the tests share.

Commands may come from one other thread: they are made ready there (curves, correlations, arrays) and handed over
through a deque that ``render`` empties when it starts, so that ``render`` itself only mixes and copies. What it renders
depends on the samples at which commands arrive, never on the block size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from engine.dsp.seam import correlation, cyclic, gain_law, soft_limit
from engine.errors import TooManyChannels
from engine.playback.commands import Stopped, TookOver
from engine.playback.deck import Deck, Fade
from engine.units import ms_to_samples
from engine.values import BakedLoop, FloatArray

VOLUME_RAMP_MS = 10.0
SWAP_MS = 20.0
"""Length of the crossfade by which a re-baked loop replaces the one that plays."""
STOP_FADE_MS = 100.0

_CHUNK_SAMPLES = 4096
"""Most samples mixed in one go; longer blocks are mixed in several."""
_KEPT_BLOCKS = 4096
_KEPT_LOOPS = 4
_Curves = tuple[FloatArray, FloatArray]


class Block(NamedTuple):
    """What one call of ``render`` played.

    ``first_sample`` counts from the mixer's first; ``loop_id`` (None: silence), ``position`` and ``turns`` are the
    leading loop's at that sample; ``peaks`` and ``powers`` (sums of squares) are the output's, one per channel.
    """

    first_sample: int
    n_samples: int
    loop_id: int | None
    loop_samples: int
    position: int
    turns: int
    peaks: FloatArray
    powers: FloatArray


@dataclass(frozen=True, slots=True)
class MixerSnapshot:
    """Where the mixer is: the leading loop (None: nothing plays), its place, and how long it has been playing."""

    loop_id: int | None
    position_samples: int
    turns: int
    played_samples: int
    rendered_samples: int


@dataclass(slots=True)
class _Pending:
    """A takeover that waits for an entry; ``laws`` are gain curves (out, in) by the id of the loop that leads then."""

    deck: Deck
    laws: dict[int, _Curves]
    unknown: _Curves
    entries: tuple[int, ...]

    def is_due(self, lead: Deck) -> bool:
        return lead.played > 0 and (lead.position == 0 or lead.position in self.entries)

    def samples_to_entry(self, lead: Deck) -> int:
        """From the lead's position to its next entry (its seam is looked after by the deck)."""
        return min((entry - lead.position for entry in self.entries if entry > lead.position), default=_CHUNK_SAMPLES)


class Mixer:
    """Decks, a volume, and a takeover at the next seam.

    Parameters
    ----------
    sample_rate
        Hz; every loop must have it (``fit_rate``).
    n_channels
        Of the output. Mono loops go to every channel, others are mixed down for a mono output.
    """

    def __init__(self, sample_rate: int, n_channels: int = 2) -> None:
        self.sample_rate = sample_rate
        self.n_channels = n_channels
        self.blocks: deque[Block] = deque(maxlen=_KEPT_BLOCKS)
        """What was rendered, oldest first; whoever watches takes from the left."""
        self.events: deque[tuple[int, TookOver | Stopped]] = deque(maxlen=_KEPT_BLOCKS)
        """What happened, with the sample at which it did."""
        self.rendered_samples = 0
        self._inbox: deque[Callable[[], None]] = deque()
        self._decks: list[Deck] = []
        self._lead: Deck | None = None
        self._incoming: Deck | None = None
        self._incoming_samples = 0
        self._pending: _Pending | None = None
        # Loops lately commanded: who may lead when a takeover starts, and nobody's memory is freed in render.
        self._recent: deque[tuple[int, FloatArray]] = deque(maxlen=_KEPT_LOOPS)
        n_ramp = max(1, ms_to_samples(VOLUME_RAMP_MS, sample_rate))
        self._ramp: FloatArray = (np.arange(1, n_ramp + 1, dtype=np.float32) / np.float32(n_ramp))[:, None]
        self._ramp_done = n_ramp
        self._gain = self._gain_from = np.float32(1.0)
        # Equal gain: what a swap mixes is mostly the same sound.
        self._swap_curves = gain_law(1.0, max(1, ms_to_samples(SWAP_MS, sample_rate)))
        self._scratch = np.zeros((2, _CHUNK_SAMPLES, n_channels), dtype=np.float32)
        self._peaks = np.zeros(n_channels, dtype=np.float32)
        self._powers = np.zeros(n_channels, dtype=np.float32)

    # --- commands: made ready here, taken up by the next render ---

    def play(self, loop_id: int, loop: BakedLoop, *, fade_ms: float) -> None:
        """Start ``loop`` from its first sample within ``fade_ms``, while everything else fades out."""
        deck = self._deck(loop_id, loop)
        curves = gain_law(0.0, self._fade_samples(fade_ms))
        self._inbox.append(partial(self._start, deck, curves))

    def replace(self, loop_id: int, loop: BakedLoop) -> None:
        """Go on with a re-baked loop of the same clip, wherever ``loop_id`` plays or waits; otherwise do nothing.

        The playhead keeps its place in the clip (wrapped into the new region). Where old and new sound alike nothing
        is heard before the next seam; otherwise they are crossfaded in ``SWAP_MS``.
        """
        samples = self._fitting_samples(loop)
        self._recent.append((loop_id, samples))
        self._inbox.append(partial(self._swap, loop_id, loop, samples))

    def take_over(self, loop_id: int, loop: BakedLoop, *, overlap_ms: float, entries: tuple[int, ...] = ()) -> None:
        """At the leading loop's next seam start ``loop``, fading it in while the old one carries on and fades out.

        ``entries`` are more places in the leading loop where it may start, in samples: its bars, for one that is
        awaited. There the two sides are taken for unlike (equal power); at the seam the gain law follows them.
        A takeover that still waits is replaced by this one; one that is being heard is finished first. A loop that is
        heard already is replaced (``replace``). Nothing happens when nothing plays by then.
        """
        n_overlap = self._fade_samples(overlap_ms)
        partners = dict(self._recent)
        partners.update({deck.loop_id: deck.samples for deck in (self._lead, self._incoming) if deck is not None})
        deck = self._deck(loop_id, loop)
        coming = cyclic(deck.samples, 0, n_overlap)
        laws = {
            partner_id: gain_law(correlation(*np.broadcast_arrays(cyclic(samples, 0, n_overlap), coming)), n_overlap)
            for partner_id, samples in partners.items()
        }
        pending = _Pending(deck, laws, gain_law(0.0, n_overlap), entries)
        self._inbox.append(partial(self._wait_with, pending, loop))

    def set_volume(self, gain: float) -> None:
        """Move the volume to ``gain`` (linear, in [0, 1]) within ``VOLUME_RAMP_MS``."""
        if not 0.0 <= gain <= 1.0:
            raise ValueError(f"the volume is {gain}, and must be from 0 to 1")
        self._inbox.append(partial(self._ramp_to, np.float32(gain)))

    def stop(self, *, fade_ms: float = STOP_FADE_MS) -> None:
        """Fade everything out within ``fade_ms`` and forget what waits."""
        self._inbox.append(partial(self._stop, self._falling(fade_ms)))

    @property
    def is_silent(self) -> bool:
        """Whether nothing plays and nothing is about to."""
        return not self._decks and not self._inbox

    def snapshot(self) -> MixerSnapshot:
        """Where the mixer is now, in samples rendered (what is heard lags by the device's latency)."""
        lead = self._lead
        if lead is None:
            return MixerSnapshot(None, 0, 0, 0, self.rendered_samples)
        return MixerSnapshot(lead.loop_id, lead.position, lead.turns, lead.played, self.rendered_samples)

    # --- rendering ---

    def render(self, out: FloatArray) -> None:
        """Fill ``out``, float32 of shape ``(n_samples, n_channels)``, with what comes next, within [-1, 1]."""
        while self._inbox:
            self._inbox.popleft()()
        lead, first_sample = self._lead, self.rendered_samples
        loop_id, position, turns, loop_samples = None, 0, 0, 1
        if lead is not None:
            loop_id, position, turns, loop_samples = lead.loop_id, lead.position, lead.turns, len(lead.samples)
        self._peaks.fill(0.0)
        self._powers.fill(0.0)
        done, n_samples = 0, len(out)
        while done < n_samples:
            self._take_over_if_due()
            n = min(n_samples - done, self._straight_samples())
            self._render_straight(out[done : done + n])
            done += n
        block = Block(
            first_sample, n_samples, loop_id, loop_samples, position, turns, self._peaks.copy(), self._powers.copy()
        )
        self.blocks.append(block)

    def _straight_samples(self) -> int:
        """How far nothing bends: no seam, no end of a fade, no change of lead."""
        n = _CHUNK_SAMPLES
        for deck in self._decks:
            n = min(n, deck.straight_samples())
        if self._pending is not None and self._lead is not None:
            n = min(n, self._pending.samples_to_entry(self._lead))
        if self._ramp_done < len(self._ramp):
            n = min(n, len(self._ramp) - self._ramp_done)
        if self._incoming is not None and self._incoming.played < self._incoming_samples // 2:
            n = min(n, self._incoming_samples // 2 - self._incoming.played)
        return n

    def _render_straight(self, out: FloatArray) -> None:
        n = len(out)
        mix, scratch = self._scratch[0, :n], self._scratch[1, :n]
        decks = self._decks
        if decks:
            decks[0].render(out, scratch)
            for deck in decks[1:]:
                deck.render(mix, scratch)
                np.add(out, mix, out=out)
        else:
            out.fill(0.0)
        self._apply_volume(out, scratch)
        if len(decks) > 1:
            # A loop alone was limited when it was baked and passes bit for bit.
            soft_limit(out)
        np.abs(out, out=scratch)
        np.maximum(self._peaks, scratch.max(axis=0), out=self._peaks)
        np.multiply(out, out, out=scratch)
        self._powers += scratch.sum(axis=0)
        self.rendered_samples += n
        if any(deck.ended for deck in decks):
            self._decks = [deck for deck in decks if not deck.ended]
        incoming = self._incoming
        if incoming is not None:
            if self._lead is not incoming and incoming.played >= self._incoming_samples // 2:
                self._lead = incoming
                self.events.append((self.rendered_samples, TookOver(incoming.loop_id)))
            if incoming.played >= self._incoming_samples:
                self._incoming = None

    def _apply_volume(self, out: FloatArray, scratch: FloatArray) -> None:
        done = self._ramp_done
        if done < len(self._ramp):
            n = len(out)
            gains = scratch[:, :1]
            np.multiply(self._ramp[done : done + n], self._gain - self._gain_from, out=gains)
            np.add(gains, self._gain_from, out=gains)
            np.multiply(out, gains, out=out)
            self._ramp_done = done + n
        elif self._gain != 1.0:
            np.multiply(out, self._gain, out=out)

    def _take_over_if_due(self) -> None:
        pending, lead = self._pending, self._lead
        if pending is None:
            return
        if lead is None:
            self._pending = None
        elif self._incoming is None and pending.is_due(lead):
            laws = pending.laws if lead.position == 0 else {}
            g_out, g_in = laws.get(lead.loop_id, pending.unknown)
            lead.fades.append(Fade(g_out, ends_deck=True))
            pending.deck.fades.append(Fade(g_in, ends_deck=False))
            self._decks.append(pending.deck)
            self._incoming, self._incoming_samples, self._pending = pending.deck, len(g_in), None

    # --- commands, taken up between blocks ---

    def _start(self, deck: Deck, curves: _Curves) -> None:
        g_out, g_in = curves
        for playing in self._decks:
            playing.fades.append(Fade(g_out, ends_deck=True))
        deck.fades.append(Fade(g_in, ends_deck=False))
        self._decks.append(deck)
        self._lead, self._incoming, self._pending = deck, None, None

    def _wait_with(self, pending: _Pending, loop: BakedLoop) -> None:
        heard = [deck.loop_id for deck in (self._lead, self._incoming) if deck is not None]
        if pending.deck.loop_id in heard:
            # Re-baked just as its takeover began: it goes on, and does not take over from itself.
            self._swap(pending.deck.loop_id, loop, pending.deck.samples)
        else:
            self._pending = pending

    def _swap(self, loop_id: int, loop: BakedLoop, samples: FloatArray) -> None:
        for deck in self._decks:
            if deck.loop_id == loop_id:
                deck.swap(loop, samples)
        if self._pending is not None and self._pending.deck.loop_id == loop_id:
            self._pending.deck = Deck(loop_id, loop, samples, self._swap_curves)

    def _ramp_to(self, gain: np.float32) -> None:
        if self._ramp_done < len(self._ramp):
            reached = self._ramp[self._ramp_done - 1, 0] if self._ramp_done else np.float32(0.0)
            self._gain_from = (self._gain - self._gain_from) * reached + self._gain_from
        else:
            self._gain_from = self._gain
        self._gain, self._ramp_done = gain, 0

    def _stop(self, curve: FloatArray) -> None:
        for deck in self._decks:
            deck.fades.append(Fade(curve, ends_deck=True))
        self.events.append((self.rendered_samples + (len(curve) if self._decks else 0), Stopped()))
        self._lead, self._incoming, self._pending = None, None, None

    # --- made ready in the commanding thread ---

    def _deck(self, loop_id: int, loop: BakedLoop) -> Deck:
        samples = self._fitting_samples(loop)
        self._recent.append((loop_id, samples))
        return Deck(loop_id, loop, samples, self._swap_curves)

    def _fitting_samples(self, loop: BakedLoop) -> FloatArray:
        if loop.sample_rate != self.sample_rate:
            raise ValueError(f"a loop at {loop.sample_rate} Hz in a mixer at {self.sample_rate} Hz")
        n_channels = loop.samples.shape[1]
        if n_channels in (1, self.n_channels):
            return loop.samples
        if self.n_channels == 1:
            mono: FloatArray = loop.samples.mean(axis=1, keepdims=True, dtype=np.float32)
            return mono
        raise TooManyChannels(n_channels=n_channels, limit=self.n_channels)

    def _fade_samples(self, fade_ms: float) -> int:
        return max(1, ms_to_samples(fade_ms, self.sample_rate))

    def _falling(self, fade_ms: float) -> FloatArray:
        n = self._fade_samples(fade_ms)
        curve: FloatArray = (0.5 + 0.5 * np.cos((np.arange(n) + 0.5) * (np.pi / n))).astype(np.float32)[:, None]
        return curve
