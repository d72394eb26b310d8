# SPDX-License-Identifier: GPL-3.0-or-later
"""Varying has a loop live while it plays: now and then a variation of it is heard, then the loop as it is written.

A variation is only heard. What is shown, kept and saved is the loop as it is written.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.errors import UnknownChoice
from engine.generators.registry import generator_named
from engine.generators.standard import EVOLVE, VARY
from engine.session.baking import LoopInHand
from engine.session.made_again import request_again
from engine.session.now_playing import NowPlaying
from engine.session.options import StudioOptions
from engine.session.ports import Ports
from engine.session.presenter import LoopPresenter
from engine.session.remaking import LEAST_LEAD_S, Remake, Remaking, bar_places
from engine.session.running import Running
from engine.units import db_to_amplitude, samples_to_seconds
from engine.values import ChannelSnapshot, Clip, ClipResult, LoopOrigin, LoopRegion, PlaybackSnapshot

FIRST_S = 12.0
"""Seconds for which a loop plays as it is written before it is varied: whole turns, one at least."""
BETWEEN_S, BETWEEN_LESS_S = 24.0, 16.0
"""Seconds between two variations for a piece that stays, and how many less for one that wanders."""
VARIED_S = 6.0
"""Seconds for which a variation is heard: whole turns, one at least."""
LEAST_TURN_S = 3.0
"""Seconds of the shortest loop that is varied."""
AHEAD_S = 10.0
"""Seconds before its place at which a variation is asked for."""
TELL_S = 1.5
"""Seconds within which the audio process is told of a place, after the latest moment for it less these."""
TWO_IN_A_ROW = 0.5
"""Share of ``EVOLVE`` from which on a second variation follows the first."""
MOST_UNHEARD = 9
"""Variations in a row that are not heard in a loop, after which no more are made of it."""
HEARD_DB = -50.0
"""Level against the loop's own from which on a difference counts as a variation, dB."""
_OURS = "infiniloop-studio"


class Varying:
    """Varying follows the loop that plays, and has variations of it made a few seconds before they are heard.

    Parameters
    ----------
    is_disturbed
        Tells whether the loop is about to be left or changed in another way.

    Attributes
    ----------
    options
        What the person set.
    """

    def __init__(
        self,
        ports: Ports,
        running: Running,
        presenter: LoopPresenter,
        remaking: Remaking,
        is_disturbed: Callable[[], bool],
    ) -> None:
        self.options: StudioOptions | None = None
        self._running, self._presenter, self._remaking = running, presenter, remaking
        self._is_disturbed = is_disturbed
        # Which loop it is about, and since which sample, counted from its first turn on, it is heard as it is.
        self._about: tuple[int, LoopRegion, int] | None = None
        self._since = 0
        self._number = 0
        self._was_varied = False
        self._n_in_a_row = 0
        self._ready: tuple[int, Clip] | None = None
        self._asked_for = -1
        # What is made again of it is other music, or there is nothing in it to vary.
        self._is_unlike = False
        self._n_unheard = 0
        ports.player.snapshot_taken.connect(self.hear)
        running.changed.connect(self._on_running_changed)

    def hear(self, snapshot: PlaybackSnapshot) -> None:
        """Vary the loop that plays, or have it be heard as it is written again, where that is due."""
        heard, now, options = snapshot.endless, self._presenter.now_playing, self.options
        if now is None or options is None or not self._running.is_on or heard.incoming_id is not None:
            return
        if heard.loop_id != now.playing.loop_id:
            return
        self._look_whether_it_is_another(now, heard)
        part = now.part
        n_samples, rate = part.baked.n_samples, part.baked.sample_rate
        ahead = (bar_places(part)[0] - heard.position_samples) % n_samples
        place = heard.turns * n_samples + heard.position_samples + ahead
        ahead_s = samples_to_seconds(ahead, rate)
        if self._is_disturbed() or ahead_s < LEAST_LEAD_S + options.latency_s:
            return
        is_time = ahead_s < LEAST_LEAD_S + options.latency_s + TELL_S
        if self._is_unlike or not _is_to_vary(now, options):
            if now.variation and is_time:
                self._go_on(None, bar_places(part)[0], place)
            return
        if samples_to_seconds(place - self._since, rate) < self._least_s(now):
            return
        if self._is_to_return(now):
            if is_time:
                self._go_on(None, bar_places(part)[0], place)
        elif self._ready is None:
            if ahead_s <= AHEAD_S and place != self._asked_for and not self._remaking.is_busy:
                self._asked_for = place
                self._remaking.ask(self._wanted, self._keep)
        elif is_time:
            self._go_on(self._ready, bar_places(part)[0], place)

    def _look_whether_it_is_another(self, now: NowPlaying, heard: ChannelSnapshot) -> None:
        about = now.playing.loop_id, now.candidate.region, id(now.playing.clip)
        if about != self._about or (not now.variation and self._n_in_a_row):
            is_other = self._about is None or about[0] != self._about[0]
            self._about, self._ready, self._asked_for, self._n_in_a_row = about, None, -1, 0
            self._since = heard.turns * now.part.baked.n_samples + heard.position_samples
            if is_other:
                self._number, self._n_unheard, self._is_unlike, self._was_varied = 0, 0, False, False

    def _least_s(self, now: NowPlaying) -> float:
        """Return for how many seconds what is heard of the loop now is heard at least."""
        if now.variation:
            return VARIED_S
        if not self._was_varied:
            return max(FIRST_S, 0.75 * now.turn_s)
        return BETWEEN_S - BETWEEN_LESS_S * _evolve(now.playing)

    def _is_to_return(self, now: NowPlaying) -> bool:
        """Return whether the loop as it is written comes after what is heard."""
        most = 2 if _evolve(now.playing) >= TWO_IN_A_ROW else 1
        return now.variation > 0 and self._n_in_a_row >= most

    def _go_on(self, varied: tuple[int, Clip] | None, at: int, place: int) -> None:
        self._ready = None
        self._since = place
        self._n_in_a_row = 0 if varied is None else self._n_in_a_row + 1
        self._was_varied = True
        self._presenter.vary(varied, at)

    def _wanted(self) -> Remake | None:
        """Return the next variation of the loop that plays; None where there is to be none any more."""
        now, options = self._presenter.now_playing, self.options
        if now is None or options is None or not self._running.is_on or not _is_to_vary(now, options):
            return None
        playing = now.as_it_plays()
        number = self._number + 1
        request = request_again(self._remaking.next_id(), playing.recipe, options.generators, variation=number)
        return None if request is None else Remake(request, playing, options.generators)

    def _keep(self, remake: Remake, made: ClipResult) -> None:
        """Keep a variation ready, if it is one of the loop that plays, and can be told from it."""
        now, made_of = self._presenter.now_playing, remake.made_of
        if now is None or now.playing.clip is not made_of.clip:
            return
        if not _is_of(made, made_of):
            self._is_unlike = True
            return
        self._number = remake.request.variation
        if _is_heard(made.clip, made_of.clip, now.candidate.region):
            self._ready, self._n_unheard = (self._number, made.clip), 0
        else:
            # What is varied lies outside of the loop: the next one, if there is time. One bar has nothing to vary.
            self._asked_for, self._n_unheard = -1, self._n_unheard + 1
            self._is_unlike = self._n_unheard >= MOST_UNHEARD

    def _on_running_changed(self, is_on: bool) -> None:
        if not is_on and self._presenter.now_playing is not None:
            # What plays when it begins again is as it is written.
            self._presenter.now_playing.vary(None)
            self._about = None


def _is_to_vary(now: NowPlaying, options: StudioOptions) -> bool:
    """Return whether the loop that plays is to be varied: never one that the person set by hand."""
    name = now.playing.recipe.generator
    try:
        takes = generator_named(name).capabilities().takes
    except UnknownChoice:
        return False
    is_on = options.generators.of(name).get(VARY.name, VARY.default)
    candidate = now.candidate
    is_by_hand = candidate.origin is LoopOrigin.HAND or candidate.region != now.playing.recipe.loop.region
    is_long = now.turn_s >= LEAST_TURN_S and not candidate.played_through
    is_made_whole = now.playing.clip.wraps and not now.playing.is_starter and not now.playing.recipe.asked.variation
    return bool(is_on and takes.variations and is_long and is_made_whole and not is_by_hand)


def _evolve(loop: LoopInHand) -> float:
    evolve: float | None = loop.recipe.asked.evolve
    return EVOLVE.default_number if evolve is None else evolve


def _is_of(made: ClipResult, loop: LoopInHand) -> bool:
    """Return whether what was made is the music of the loop: by the same versions, over the same chords."""
    versions, before = (
        {name: one for name, one in some.items() if name != _OURS} for some in (made.versions, loop.recipe.versions)
    )
    chords = made.score.chords if made.score is not None else ()
    return bool(versions == before and chords == loop.recipe.chords)


def _is_heard(varied: Clip, written: Clip, region: LoopRegion) -> bool:
    """Return whether two clips differ in the loop by more than nothing."""
    inside = slice(region.loop_start, region.loop_end)
    was = written.samples[inside]
    power = float(np.square(varied.samples[inside] - was).mean())
    return power > db_to_amplitude(HEARD_DB) ** 2 * float(np.square(was).mean())
