# SPDX-License-Identifier: GPL-3.0-or-later
"""Next is pressed forty times in four seconds, with hold, pause and previous, on the real mixer, sample by sample.

Without processes: the load of a machine changes nothing here.
"""

from __future__ import annotations

import itertools
import random
from collections import deque

import numpy as np
import pytest

from engine.playback.commands import TookOver
from engine.playback.mix.bus import Block
from engine.playback.mix.mixer import Mixer
from engine.session.baking import Baker, LoopInHand
from engine.session.leading import Led
from engine.session.now_playing import NowPlaying
from engine.session.running import Running
from engine.session.take_store import TakeStore
from engine.session.transition_planner import TransitionPlanner
from engine.session.transport import Transport
from engine.session.up_next import UpNext
from engine.values import (
    ENDLESS,
    BakedLoop,
    BarLock,
    ChannelSnapshot,
    Entry,
    FloatArray,
    TransitionPlan,
    TransitionWish,
)
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock
from tests.listening import find_faults
from tests.sampling import some
from tests.starters import shipped

START_FADE_MS, PAUSE_FADE_MS = 10.0, 60.0
TICK = STUDIO_SAMPLE_RATE // 50
TICKS_PER_PRESS = 5
N_PRESSES = 40


class Heard(DeafPlayer):
    """This player speaks to a mixer in this process, whose output is heard some ticks after it was mixed."""

    def __init__(self, mixer: Mixer) -> None:
        super().__init__()
        self._mixer = mixer

    def play(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, lock: BarLock | None = None) -> None:
        self._mixer.play(loop_id, loop, fade_ms=START_FADE_MS)

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        self._mixer.replace(loop_id, loop, at=at)

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        self._mixer.take_over(loop_id, loop, lead_id, plan)

    def call_off(self, *, channel: int = ENDLESS) -> None:
        self._mixer.call_off()

    def pause(self) -> None:
        self._mixer.pause(PAUSE_FADE_MS)

    def resume(self) -> None:
        self._mixer.resume(PAUSE_FADE_MS)


class Music:
    """This music is mixed a tick at a time, with the parts that decide what comes next and what is shown."""

    def __init__(self, latency_ticks: int) -> None:
        ids, clock = itertools.count(1).__next__, ManualClock()
        self.mixer = Mixer(STUDIO_SAMPLE_RATE)
        self.player = Heard(self.mixer)
        worker, self.baker = HandyWorker(), Baker(60.0, -16.0)
        takes, self.running = TakeStore(worker, ids, clock), Running()
        self.up_next = UpNext(self.player, TransitionPlanner(worker, ids), self.baker, clock)
        self.transport = Transport(self.player, self.running, self.up_next, takes, next_id=ids, clock=clock)
        starters = shipped()
        self.transport.fallback_loops.starters = starters
        loops = [LoopInHand.of_recipe(ids(), one.clip, one.recipe) for one in starters]
        for loop in loops[1:4]:
            self.up_next.add(loop)
        self.now_playing = NowPlaying(loops[0], self.baker)
        self.running.begin()
        self.transport.on_led(Led(self.now_playing))
        self.player.play(loops[0].loop_id, self.now_playing.baked)
        self._under_way: deque[Block] = deque()
        self._latency_ticks = latency_ticks
        self.out: list[FloatArray] = []
        self.led: list[int] = []
        """Ids of the loops that were heard to lead, tick by tick."""
        self.wrong: list[tuple[int, int]] = []
        """Ids of the loop that was heard to lead and of another one that was shown meanwhile."""

    def tick(self, wish: TransitionWish) -> None:
        """Mix on, hear what was mixed a latency ago, and decide."""
        out = np.zeros((TICK, 2), dtype=np.float32)
        self.mixer.render(out)
        self.out.append(out)
        self._under_way.append(self.mixer.blocks.popleft())
        if len(self._under_way) <= self._latency_ticks:
            return
        block = self._under_way.popleft()
        self._tell_events(block.first_sample)
        on = block.channels[ENDLESS]
        if on.loop_id is None:
            return
        self.led.append(on.loop_id)
        if on.loop_id != self.shown:
            self.wrong.append((on.loop_id, self.shown))
        heard = ChannelSnapshot(on.loop_id, on.position, on.turns, on.incoming_id)
        self.up_next.consider(self.now_playing, heard, wish, min_play_s=300.0)

    def _tell_events(self, heard_until: int) -> None:
        """Tell events as the session hears them: the loop that took over leads, and is shown."""
        events = self.mixer.events
        while events and events[0][0] <= heard_until:
            _, event = events.popleft()
            if not isinstance(event, TookOver):
                continue
            handed = self.up_next.took_over(event.loop_id)
            if handed is None:
                continue
            before = self.now_playing.as_it_plays()
            self.now_playing.lead(handed.loop)
            self.player.lead(event.loop_id, self.now_playing.baked)
            self.transport.on_led(Led(self.now_playing, before, handed))

    @property
    def shown(self) -> int:
        return self.now_playing.playing.loop_id


@pytest.mark.parametrize("latency_ticks", [1, 4, 12])
@pytest.mark.parametrize("entry", [Entry.NOW, Entry.NEXT_BAR])
@pytest.mark.parametrize("seed", some(range(2)))
def test_what_is_shown_is_what_leads_and_nothing_clicks(seed: int, entry: Entry, latency_ticks: int) -> None:
    rng, wish = random.Random(seed), TransitionWish(entry=entry, overlap_ms=60.0, beat_match=False, bass_swap=False)
    music = Music(latency_ticks)
    transport = music.transport

    def live(n_ticks: int) -> None:
        for _ in range(n_ticks):
            music.tick(wish)

    live(50)
    for _ in range(N_PRESSES):
        transport.next(wish)
        deed = rng.random()
        if deed < 0.15:
            transport.hold(rng.random() < 0.5)
        elif deed < 0.3:
            transport.previous(wish)
        elif deed < 0.4:
            transport.pause(not music.running.is_paused)
        live(TICKS_PER_PRESS)
    transport.pause(False)
    transport.hold(True)
    live(400)
    assert music.led[-1] == music.shown, "what leads is what is shown"
    assert music.wrong == [], "at no time another one than what is heard"
    assert len(set(music.led)) > 1, "another one came"
    assert find_faults(np.concatenate(music.out), STUDIO_SAMPLE_RATE) == []
