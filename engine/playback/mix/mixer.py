# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer: what sums decks. A pure core that the live stream, the file renderer and the tests share.

Commands come from one other thread: they are made ready there (curves, correlations, arrays) and handed over through
a deque that ``render`` empties when it starts, so that ``render`` itself only mixes and copies. What it lets go of is
freed by the commanding thread. What it renders depends on the samples at which commands arrive, never on the block
size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from engine.dsp.seam import gain_law
from engine.playback.commands import Began, Stopped, TookOver
from engine.playback.mix.deck import Deck, Voice
from engine.playback.mix.effects import EffectChain
from engine.playback.mix.fades import MOST_SAMPLES, CrossfadeSide, Ramp, Workspace
from engine.playback.mix.making import Maker
from engine.playback.mix.output import Output
from engine.playback.mix.takeover import Takeover
from engine.values import BakedLoop, Effects, FloatArray, TransitionPlan

VOLUME_RAMP_MS = 20.0
STOP_FADE_MS = 80.0
MOST_DECKS = 6
"""Where more would sound (takeovers asked for again and again) the oldest fade out within ``SWAP_MS``."""

_KEPT_BLOCKS = 4096


class Block(NamedTuple):
    """What one call of ``render`` played.

    ``loop_id`` (None: silence), ``position`` and ``turns`` are the leading loop's as it is heard at output sample
    ``first_sample``; it moved on by ``n_moved`` of the block's ``n_samples`` (a pause stands still, from some sample
    to the block's end). ``incoming_id`` is the loop that comes in then (None: none), ``fade`` how much of its crossfade
    is over. ``peaks`` and ``powers`` (sums of squares), one per channel, are of the samples that the call gave, which
    come ``latency_samples`` before.
    """

    first_sample: int
    n_samples: int
    loop_id: int | None
    loop_samples: int
    position: int
    turns: int
    peaks: FloatArray
    powers: FloatArray
    n_moved: int
    incoming_id: int | None
    fade: float
    is_paused: bool


@dataclass(frozen=True, slots=True)
class MixerSnapshot:
    """Where the mixer is: the leading loop (None: nothing plays), its place, and how long it has been playing.

    All at output sample ``heard_at``, the next to be mixed, which is ``latency_samples`` after the last one rendered.
    """

    loop_id: int | None
    position_samples: int
    turns: int
    played_samples: int
    heard_at: int


class Mixer:
    """Decks, takeovers, a pause, and the output they all go through.

    Parameters
    ----------
    sample_rate
        Hz; every loop must have it (``fit_rate``).
    n_channels
        Of the output. Mono loops go to every channel, others are mixed down for a mono output.

    Attributes
    ----------
    rendered_samples
        Output samples rendered so far. A command is heard ``latency_samples`` after those.
    """

    def __init__(self, sample_rate: int, n_channels: int = 2) -> None:
        self.sample_rate = sample_rate
        self.n_channels = n_channels
        self.blocks: deque[Block] = deque(maxlen=_KEPT_BLOCKS)
        """What was rendered, oldest first; whoever watches takes from the left."""
        self.events: deque[tuple[int, Began | TookOver | Stopped]] = deque(maxlen=_KEPT_BLOCKS)
        """What happened, with the output sample at which it is heard, in that order."""
        self.retired: deque[object] = deque()
        """What past calls of ``render`` have let go of, to be freed by ``tidy``."""
        self._released: deque[object] = deque()
        self.rendered_samples = 0
        self._mixed = 0
        self._quiet_from = 0
        self._output = Output(sample_rate, n_channels)
        self.latency_samples = self._output.latency_samples
        self._work = Workspace(n_channels)
        self._inbox: deque[Callable[[], None]] = deque()
        self._decks: list[Deck] = []
        self._lead: Deck | None = None
        self._incoming: Deck | None = None
        self._incoming_samples = 1
        self._pending: Takeover | None = None
        self._stops: list[int] = []
        self._pause = Ramp(1.0)
        self._maker = Maker(sample_rate, n_channels, self._released)

    # --- commands: made ready here, taken up by the next render ---

    def play(self, loop_id: int, loop: BakedLoop, *, fade_ms: float, position: int = 0) -> None:
        """Start ``loop`` at ``position`` (round its ends) within ``fade_ms``, while everything else fades out."""
        samples = self._maker.fitting(loop)
        deck = self._maker.deck(loop_id, Voice(loop, samples, position % len(samples)))
        rising = gain_law(0.0, self._maker.fade_samples(fade_ms))[1][:, 0]
        self._command(self._start, deck, rising)

    def replace(self, loop_id: int, loop: BakedLoop) -> None:
        """Go on with a re-baked loop of the same clip, wherever ``loop_id`` plays or waits; otherwise do nothing.

        The playhead keeps its place in the clip (wrapped into the new region). Where old and new sound alike nothing
        is heard before the next seam; otherwise they are crossfaded in ``SWAP_MS``.
        """
        self._command(self._swap, loop_id, loop, self._maker.fitting(loop))

    def take_over(self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan) -> None:
        """Blend into ``loop`` as planned for the loop ``lead_id`` leads.

        A takeover with entries waits for one, and for one that is being heard to be over; one without begins at once,
        over whatever plays. Each takes the place of one that waits. A loop that is heard already is replaced
        (``replace``). Nothing happens when nothing plays by then. Where another loop leads by then: see ``Takeover``.
        """
        takeover = self._maker.takeover(loop_id, loop, lead_id, plan)
        takeover.foresee(self._lead, self._decks)
        self._command(self._wait_with, takeover)

    def call_off(self) -> None:
        """Forget a takeover that still waits."""
        self._command(self._forget)

    def set_effects(self, loop_id: int, effects: Effects) -> None:
        """Put ``loop_id`` through these effects, wherever it plays or waits, now or later (16 loops are remembered)."""
        self._maker.remember_effects(loop_id, effects)
        self._command(self._put_through, loop_id, self._maker.chain(loop_id))

    def set_volume(self, gain: float, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Move the volume to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        self._command(self._output.volume.go_to, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def set_fader(self, gain: float, ramp_ms: float) -> None:
        """Move a second volume, for long fades, to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        self._command(self._output.fader.go_to, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def pause(self, fade_ms: float) -> None:
        """Fade out within ``fade_ms``, then stand still: loops, crossfades and all. Nothing where nothing leads."""
        self._command(self._stand_still, self._maker.fade_samples(fade_ms))

    def resume(self, fade_ms: float) -> None:
        """Go on where it was paused, fading in within ``fade_ms``."""
        self._command(self._go_on, self._maker.fade_samples(fade_ms))

    def stop(self, fade_ms: float = STOP_FADE_MS) -> None:
        """Fade everything out within ``fade_ms`` and forget what waits. Each stop is answered by ``Stopped``."""
        self._command(self._stop, self._maker.fade_samples(fade_ms))

    def tidy(self) -> None:
        """Free what ``render`` has let go of. Every command does it too."""
        while self.retired:
            self.retired.popleft()

    # --- what can be asked in the commanding thread ---

    @property
    def is_silent(self) -> bool:
        """Whether nothing plays or is about to, and all of it has come out. A pause is not silent in this sense."""
        return not self._decks and not self._inbox and self.rendered_samples >= self._quiet_from

    def snapshot(self) -> MixerSnapshot:
        """Where the mixer is now."""
        lead = self._lead
        heard_at = self._mixed + self.latency_samples
        if lead is None:
            return MixerSnapshot(None, 0, 0, 0, heard_at)
        return MixerSnapshot(lead.loop_id, *lead.place, lead.played, heard_at)

    # --- rendering ---

    def render(self, out: FloatArray) -> None:
        """Fill ``out``, float32 of shape ``(n_samples, n_channels)``, with what comes next, within [-1, 1]."""
        self._render(out)
        # Now nothing here holds it any more: whoever takes it is the last.
        while self._released:
            self.retired.append(self._released.popleft())

    def _render(self, out: FloatArray) -> None:
        while self._inbox:
            command = self._inbox.popleft()
            command()
            self._released.append(command)
        first, lead, incoming = self._mixed, self._lead, self._incoming
        loop_id, place, loop_samples = None, (0, 0), 1
        if lead is not None:
            loop_id, place, loop_samples = lead.loop_id, lead.place, lead.loop_samples
        incoming_id = None if incoming is None else incoming.loop_id
        fade = 0.0 if incoming is None else incoming.played / self._incoming_samples
        n_moved = self._mix(out)
        self._output.begin()
        self._output.process(out, self._work)
        self.rendered_samples += len(out)
        block = Block(
            first + self.latency_samples, len(out), loop_id, loop_samples, *place,
            self._output.peaks.copy(), self._output.powers.copy(), n_moved, incoming_id, fade, self._is_paused,
        )  # fmt: skip
        self.blocks.append(block)

    def _mix(self, out: FloatArray) -> int:
        """The sum of the decks into ``out``; how many samples they moved on (then a pause holds)."""
        done, n_samples = 0, len(out)
        while done < n_samples:
            if self._is_still:
                out[done:] = 0.0
                self._mixed += n_samples - done
                self._tell_stops()
                return done
            self._take_over_if_due()
            n = min(n_samples - done, self._straight_samples())
            self._mix_straight(out[done : done + n])
            done += n
        return n_samples

    def _straight_samples(self) -> int:
        """How far nothing bends: no seam, no end of a fade, no change of lead."""
        n = MOST_SAMPLES
        for deck in self._decks:
            n = min(n, deck.straight_samples())
        if self._pending is not None and self._lead is not None:
            n = min(n, self._pending.samples_to_entry(self._lead))
        n = min(n, self._pause.left or n)
        if self._incoming is not None and self._incoming.played < self._incoming_samples // 2:
            n = min(n, self._incoming_samples // 2 - self._incoming.played)
        return n

    def _mix_straight(self, out: FloatArray) -> None:
        decks = self._decks
        if decks:
            decks[0].render(out, self._work)
            for deck in decks[1:]:
                added = self._work.deck[: len(out)]
                deck.render(added, self._work)
                np.add(out, added, out=out)
        else:
            out.fill(0.0)
        self._pause.apply(out, self._work)
        self._mixed += len(out)
        if any(deck.ended for deck in decks):
            self._released.extend(deck for deck in decks if deck.ended)
            self._keep([deck for deck in decks if not deck.ended])
        self._tell_stops()
        incoming = self._incoming
        if incoming is not None:
            # A lead that another transition's fade took away before leads no more.
            has_left = self._lead is None or self._lead.ended
            if self._lead is not incoming and (has_left or incoming.played >= self._incoming_samples // 2):
                self._lead = incoming
                self._tell(TookOver(incoming.loop_id), self._mixed)
            if incoming.played >= self._incoming_samples:
                self._incoming = None

    def _take_over_if_due(self) -> None:
        pending, lead = self._pending, self._lead
        if pending is None:
            return
        if lead is None:
            self._forget()
        elif pending.is_at_once or (self._incoming is None and pending.is_due(lead)):
            pending.begin(lead, self._decks)
            self._decks.append(pending.deck)
            self._incoming, self._incoming_samples = pending.deck, pending.n_samples
            self._forget()
            self._thin_out()

    # --- commands, taken up between blocks ---

    def _start(self, deck: Deck, rising: FloatArray) -> None:
        self._leave_pause()
        for playing in self._decks:
            playing.fades.append(CrossfadeSide(rising, rises=False, correlation=0.0))
        deck.fades.append(CrossfadeSide(rising, rises=True, correlation=0.0))
        self._decks.append(deck)
        self._lead, self._incoming = deck, None
        self._forget()
        self._thin_out()
        self._tell(Began(deck.loop_id), self._mixed)

    def _wait_with(self, takeover: Takeover) -> None:
        deck = takeover.deck
        self._forget()
        if any(heard is not None and heard.loop_id == deck.loop_id for heard in (self._lead, self._incoming)):
            # Re-baked just as its takeover began: it goes on, and does not take over from itself.
            self._swap(deck.loop_id, deck.voice.loop, deck.voice.samples)
        else:
            self._pending = takeover

    def _forget(self) -> None:
        self._released.append(self._pending)
        self._pending = None

    def _swap(self, loop_id: int, loop: BakedLoop, samples: FloatArray) -> None:
        pending = self._pending
        for deck in self._decks:
            if deck.loop_id == loop_id and not deck.swap(loop, samples) and pending is not None:
                # The plan's entries are places in the loop as it was.
                pending.is_matched = pending.is_matched and loop_id != pending.lead_id
        if pending is not None and pending.deck.loop_id == loop_id:
            pending.deck.swap(loop, samples)

    def _put_through(self, loop_id: int, chain: EffectChain | None) -> None:
        waiting = [] if self._pending is None else [self._pending.deck]
        for deck in (*waiting, *reversed(self._decks)):
            # One chain, one deck: the newest; an older one of the same loop is fading out.
            if deck.loop_id == loop_id:
                deck.insert.change(chain, at_once=deck.played == 0)
                return

    def _stop(self, n_samples: int) -> None:
        self._leave_pause()
        for deck in self._decks:
            deck.fades.append(Ramp.falling(n_samples))
        self._stops.append(self._mixed + (n_samples if self._decks else 0))
        self._stops.sort()
        self._lead, self._incoming = None, None
        self._forget()
        self._tell_stops()

    def _stand_still(self, n_samples: int) -> None:
        if self._lead is not None and not self._is_paused:
            self._pause.go_to(0.0, n_samples)

    def _go_on(self, n_samples: int) -> None:
        if self._is_paused:
            self._pause.go_to(1.0, n_samples)

    def _leave_pause(self) -> None:
        """Something else begins or all ends: what was paused is over, within what is left of the pause's fade."""
        if not self._is_paused:
            return
        if self._is_still:
            self._released.extend(self._decks)
            self._keep([])
        for deck in self._decks:
            deck.fades.append(self._pause.rest_as_fade())
        self._pause.set(1.0)

    @property
    def _is_paused(self) -> bool:
        return self._pause.target == 0.0

    @property
    def _is_still(self) -> bool:
        return self._is_paused and self._pause.left == 0

    def _keep(self, decks: list[Deck]) -> None:
        self._quiet_from = self._mixed + self.latency_samples
        self._decks = decks

    def _thin_out(self) -> None:
        for deck in self._decks[:-MOST_DECKS]:
            if not any(isinstance(fade, Ramp) for fade in deck.fades):
                deck.fades.append(Ramp.falling(len(self._maker.swap_rising)))

    def _tell_stops(self) -> None:
        while self._stops and self._stops[0] <= self._mixed:
            self._tell(Stopped(), self._stops.pop(0))

    def _tell(self, event: Began | TookOver | Stopped, mixed: int) -> None:
        self.events.append((mixed + self.latency_samples, event))

    def _command(self, action: Callable[..., None], *values: object) -> None:
        self.tidy()
        self._inbox.append(partial(action, *values))


def _checked_gain(gain: float) -> float:
    if not 0.0 <= gain <= 1.0:
        raise ValueError(f"the volume is {gain}, and must be from 0 to 1")
    return gain
