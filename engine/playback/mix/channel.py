# SPDX-License-Identifier: GPL-3.0-or-later
"""On a channel one loop leads and the next takes over, with the channel's own pause, gain, mute and effects."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.playback.commands import Began, Stopped, TookOver
from engine.playback.mix.clock import BarClock
from engine.playback.mix.deck import Deck
from engine.playback.mix.effects import Rack
from engine.playback.mix.fades import MOST_SAMPLES, CrossfadeSide, Ramp, Workspace
from engine.playback.mix.launch import Launch, Launched
from engine.playback.mix.locked import LockedVoice
from engine.playback.mix.strip import Strip
from engine.playback.mix.takeover import Takeover
from engine.values import BakedLoop, FloatArray

MOST_DECKS = 6
"""Number of decks of a channel that fade in their own time; of more, the oldest fade out within ``SWAP_MS``."""

Tell = Callable[[Began | TookOver | Stopped, int], None]
"""This function takes what happened, with the output sample before the mixer's latency."""


class ChannelBlock(NamedTuple):
    """A channel's block is what one call of ``render`` played on it.

    ``loop_id`` (None: silence), ``position`` and ``turns`` are the leading loop's at the block's first sample; it moved
    on by ``n_moved`` samples (a pause stands still, from some sample to the block's end). ``incoming_id`` is the loop
    that comes in then (None: none), ``fade`` how much of its crossfade is over.
    """

    loop_id: int | None
    loop_samples: int
    position: int
    turns: int
    n_moved: int
    incoming_id: int | None
    fade: float
    is_paused: bool


IDLE_BLOCK = ChannelBlock(None, 1, 0, 0, 0, None, 0.0, is_paused=False)
"""Block of a channel on which nothing plays."""


class Channel:
    """A channel has decks with a lead, what comes in, what waits, and the strip that their sum goes through.

    Everything but ``lead`` and ``decks`` (which may be looked at from another thread) belongs to ``render``.

    Parameters
    ----------
    number
        The number that commands and events give it.
    n_swap
        Length in samples of the fade by which decks are hurried away.
    tell
        Takes what happens.
    released
        Takes what is not needed any more: it is freed in another thread.
    """

    def __init__(self, number: int, n_swap: int, tell: Tell, released: deque[object]) -> None:
        self.number = number
        self.decks: list[Deck] = []
        self.lead: Deck | None = None
        self.strip = Strip(released)
        self.quiet_from = 0
        self._incoming: Deck | None = None
        self._incoming_samples = 1
        self._pending: Takeover | Launch | None = None
        self._launched: Launched | None = None
        self._pause = Ramp(1.0)
        self._tail = self._tail_end = 0
        self._now = self._next_now = 0
        # Samples for which it stood still; where it rings on in a pause, fewer than the clock did.
        self._held = 0
        self._n_swap = n_swap
        self._tell = tell
        self._released = released

    # --- what is ------------------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Return whether the channel sounds, or something waits to."""
        return bool(self.decks) or self._tail > 0 or self._pending is not None

    @property
    def is_playing(self) -> bool:
        """Return whether a loop leads, or has begun to come in: one that is stopped only fades out."""
        return self.lead is not None or self._launched is not None

    @property
    def is_paused(self) -> bool:
        return self._pause.target == 0.0

    @property
    def is_still(self) -> bool:
        """Return whether the channel is paused and has faded out."""
        return self.is_paused and self._pause.left == 0

    def own_time(self, now: int, time: int) -> int:  # noqa: ARG002
        """Return the time by which its strip is commanded: the clock's."""
        return time

    def block(self, n_samples: int) -> ChannelBlock:
        """Return what the channel is about to play, as if it moved on by ``n_samples``."""
        lead, incoming = self.lead, self._incoming
        loop_id, position, turns, loop_samples = None, 0, 0, 1
        if lead is not None:
            loop_id, loop_samples = lead.loop_id, lead.loop_samples
            position, turns = lead.place
        incoming_id, fade = None, 0.0
        if incoming is not None:
            incoming_id, fade = incoming.loop_id, incoming.played / self._incoming_samples
        return ChannelBlock(loop_id, loop_samples, position, turns, n_samples, incoming_id, fade, self.is_paused)

    # --- rendering ----------------------------------------------------------------------------------------------------

    def render(self, out: FloatArray, now: int, time: int, clock: BarClock, work: Workspace) -> int:
        """Fill ``out``, float32, ``(at most MOST_SAMPLES, n_channels)``; return how many samples the channel moved on.

        Parameters
        ----------
        now
            The output sample of the first one, before the mixer's latency.
        time
            The same on the bar clock.
        """
        if now != self._next_now:
            # Nothing sounded meanwhile: its effects go with the clock again, its gains went on.
            self._held = now - time
            self.strip.pass_by(now - self._next_now)
        self._now, self._next_now = now, now + len(out)
        n, moving = len(out), out
        if self.is_paused:
            n = min(n, self._pause.left)
            moving = out[:n]
            out[n:] = 0.0
        own_time = now - self._held
        self._held += len(out) - n
        if n:
            has_ended = self._mix(moving, time, clock, work)
            # Silence too, before a bar that is waited for: what moves goes on, whatever the block's size.
            self.strip.process(moving, own_time, clock, work)
            if has_ended:
                self._tail_end = self.quiet_from + self.strip.tail_samples
            self._tail = 0 if self.decks else max(0, self._tail_end - now - n)
            if self._tail:
                self.quiet_from = self._tail_end
            self._pause.apply(moving, work)
        self._tail_end += len(out) - n
        return n

    def _mix(self, out: FloatArray, time: int, clock: BarClock, work: Workspace) -> bool:
        """Fill ``out`` with the sum of the decks; whether there were any, and all of them ended."""
        done, had_decks = 0, bool(self.decks)
        while done < len(out):
            self._take_over_if_due(time + done, clock)
            n = min(len(out) - done, self._straight_samples(time + done, clock))
            self._mix_straight(out[done : done + n], work)
            had_decks = had_decks or bool(self.decks)
            done += n
        return had_decks and not self.decks

    def _straight_samples(self, time: int, clock: BarClock) -> int:
        """Return for how many samples nothing changes: no seam, end of a fade, change of lead, or bar waited for."""
        n = min([deck.straight_samples() for deck in self.decks], default=MOST_SAMPLES)
        pending = self._pending
        if self._launched is not None:
            n = min(n, self._launched.left)
        if isinstance(pending, Launch):
            n = min(n, pending.entry(time + 1, clock) - time)
        elif pending is not None and self.lead is not None:
            n = min(n, pending.samples_to_entry(self.lead))
        if self._incoming is not None and self._incoming.played < self._incoming_samples // 2:
            n = min(n, self._incoming_samples // 2 - self._incoming.played)
        return n

    def _mix_straight(self, out: FloatArray, work: Workspace) -> None:
        decks = self.decks
        if decks:
            decks[0].render(out, work)
            for deck in decks[1:]:
                added = work.deck[: len(out)]
                deck.render(added, work)
                np.add(out, added, out=out)
        else:
            out.fill(0.0)
        self._now += len(out)
        launched = self._launched
        if launched is not None:
            launched.left -= len(out)
            if not launched.left:
                self._lead_launched(launched)
        ended = [deck for deck in decks if deck.ended]
        if ended:
            self._released.extend(ended)
            self._keep([deck for deck in decks if not deck.ended])
        incoming = self._incoming
        if incoming is not None:
            # A lead that another transition's fade took away before leads no more.
            has_left = self.lead is None or self.lead.ended
            if self.lead is not incoming and (has_left or incoming.played >= self._incoming_samples // 2):
                self.lead = incoming
                self._tell(TookOver(incoming.loop_id, channel=self.number), self._now)
            if incoming.played >= self._incoming_samples:
                self._incoming = None

    def _take_over_if_due(self, time: int, clock: BarClock) -> None:
        pending, lead = self._pending, self.lead
        if isinstance(pending, Launch):
            if pending.entry(time, clock) == time:
                self._pending = None
                self._begin_at_line(pending, time, clock)
                self._released.append(pending)
        elif pending is None:
            return
        elif lead is None:
            self.forget()
        elif pending.is_at_once or (self._incoming is None and pending.is_due(lead)):
            pending.begin(lead, self.decks)
            self.decks.append(pending.deck)
            self._incoming, self._incoming_samples = pending.deck, pending.n_samples
            self.forget()
            self._thin_out()

    # --- commands, taken up between blocks ----------------------------------------------------------------------------

    def start(self, launch: Launch, now: int, time: int, clock: BarClock, rack: Rack | None) -> None:
        """Begin with a loop, at once or (with a lock) at a line of the clock; what plays fades out then.

        A new ``rack`` is taken where a pause is left.
        """
        self._now = now
        self._leave_pause(rack, clock)
        self.forget()
        # Its effects go with the clock again, wherever they rang on in a pause.
        self._held = now - time
        if not self.decks and now >= self.quiet_from:
            # Where an effect stood when all was over depends on the block's size; where it is now does not.
            self.strip.settle(time, clock)
        if launch.lock is not None:
            self._pending = launch
        else:
            self._begin(launch.deck, launch.rising)

    def wait_with(self, takeover: Takeover) -> None:
        """Have a takeover wait for its entry, in the place of one that waits."""
        deck = takeover.deck
        self.forget()
        if any(heard is not None and heard.loop_id == deck.loop_id for heard in (self.lead, self._incoming)):
            # Re-baked just as its takeover began: it goes on, and does not take over from itself.
            self.swap(deck.loop_id, deck.voice.loop, deck.voice.samples)
        else:
            self._pending = takeover

    def forget(self) -> None:
        """Cancel what waits."""
        self._released.append(self._pending)
        self._pending = None

    def swap(self, loop_id: int, loop: BakedLoop, samples: FloatArray, at: int | None = None) -> None:
        """Go on with a re-baked loop, wherever it plays or waits; what plays at this place in it, if one is given."""
        pending = self._pending
        takeover = None if isinstance(pending, Launch) else pending
        for deck in self.decks:
            if deck.loop_id == loop_id and not deck.swap(loop, samples, at) and takeover is not None:
                # The plan's entries are places in the loop as it was.
                takeover.is_matched = takeover.is_matched and loop_id != takeover.lead_id
        if pending is not None and pending.deck.loop_id == loop_id:
            pending.deck.swap(loop, samples)

    def stop(self, n_samples: int, now: int, clock: BarClock, rack: Rack | None) -> int:
        """Fade everything out within ``n_samples``, cancel what waits; return the output sample at which it is over."""
        self._now = now
        self._leave_pause(rack, clock)
        for deck in self.decks:
            deck.fades.append(Ramp.falling(n_samples))
        self.lead, self._incoming, self._launched = None, None, None
        self.forget()
        return now + (n_samples if self.decks else 0)

    def ends_within(self, n_samples: int) -> int:
        """Return within how many samples a stop of so many ends what is heard: a pause is sooner over."""
        return max(1, min(n_samples, self._pause.left)) if self.is_paused else n_samples

    def stand_still(self, n_samples: int) -> None:
        """Pause within ``n_samples``; do nothing where nothing leads or waits for a bar."""
        if (self.lead is not None or isinstance(self._pending, Launch)) and not self.is_paused:
            self._pause.go_to(0.0, n_samples)

    def go_on(self, n_samples: int) -> None:
        """Go on where it was paused, within ``n_samples``."""
        if self.is_paused:
            self._pause.go_to(1.0, n_samples)

    def _begin(self, deck: Deck, rising: FloatArray) -> None:
        for playing in self.decks:
            playing.fades.append(CrossfadeSide(rising, rises=False, correlation=0.0))
        deck.fades.append(CrossfadeSide(rising, rises=True, correlation=0.0))
        self.decks.append(deck)
        self.lead, self._incoming, self._launched = deck, None, None
        self._thin_out()
        self._tell(Began(deck.loop_id, channel=self.number), self._now)

    def _begin_at_line(self, launch: Launch, time: int, clock: BarClock) -> None:
        """Begin the crossfade that ends with the line: from there on the loop leads."""
        deck, rising, line = launch.deck, launch.rising, launch.line(time, clock)
        n_left = len(rising)
        if launch.retiming is not None:
            n_left = max(1, launch.retiming.time - time)
            clock = launch.retiming.clock
        if isinstance(deck.voice, LockedVoice):
            deck.voice.enter(clock, line, time)
        for playing in self.decks:
            playing.fades.append(CrossfadeSide(rising, rises=False, correlation=0.0))
        deck.fades.append(CrossfadeSide(rising, rises=True, correlation=0.0))
        self.decks.append(deck)
        self._launched = Launched(deck, line, n_left)
        self._thin_out()

    def _lead_launched(self, launched: Launched) -> None:
        deck = launched.deck
        self.lead, self._incoming, self._launched = deck, None, None
        anchor = deck.voice.anchor if isinstance(deck.voice, LockedVoice) else None
        self._tell(Began(deck.loop_id, channel=self.number, bars=launched.line, anchor=anchor), self._now)

    def _leave_pause(self, rack: Rack | None, clock: BarClock) -> None:
        """End a pause, as something else begins or all ends, within what is left of the pause's fade."""
        if not self.is_paused:
            return
        if self.is_still:
            self._released.extend(self.decks)
            self._keep([])
            self._tail = self._tail_end = 0
            self.strip.drop()
            if rack is not None:
                # What the old one still holds is not to be heard any more.
                self._released.append(self.strip.renew(rack, self._now - self._held, clock))
        left = self._pause.left
        if left and (self.strip.tail_samples or self.strip.is_holding):
            # What rings on stays at its level and comes back from there; the decks go beneath it.
            for deck in self.decks:
                deck.fades.append(Ramp.falling(left))
            self._pause.go_to(1.0, left)
            return
        for deck in self.decks:
            deck.fades.append(self._pause.rest_as_fade())
        self._pause.set(1.0)

    def _keep(self, decks: list[Deck]) -> None:
        self.quiet_from = self._now
        self.decks = decks

    def _thin_out(self) -> None:
        for deck in self.decks[:-MOST_DECKS]:
            if not any(isinstance(fade, Ramp) for fade in deck.fades):
                deck.fades.append(Ramp.falling(self._n_swap))
