# SPDX-License-Identifier: GPL-3.0-or-later
"""A knob that is turned is heard in the clip that plays: it is made again, and goes on so from a bar on."""

from __future__ import annotations

from dataclasses import replace

from psygnal import Signal

from engine.errors import UnknownChoice
from engine.generators.registry import generator_named
from engine.session.baking import LoopInHand
from engine.session.clip_request import asked_of
from engine.session.made_again import request_again
from engine.session.options import StudioOptions
from engine.session.ports import Ports
from engine.session.presenter import LoopPresenter
from engine.session.remaking import LEAST_LEAD_S, Remake, Remaking, bar_places
from engine.session.running import Running
from engine.units import seconds_to_samples
from engine.values import ClipResult, JobFailed, Parameters, PlaybackSnapshot
from engine.worker.jobs import FindJob, Found

SETTLED_S = 0.3
"""Seconds for which a knob must stand still before the clip is made again."""


class KnobTurns:
    """Knobs are heard at once from generators that make the same clip of the same seed; else from the next clip on.

    What comes back is swapped only for the clip that it was made of.

    Signals
    -------
    settled
        Knobs were turned, and stand still: what was made with them as they were is not what is wanted next.
    """

    settled = Signal()

    def __init__(self, ports: Ports, running: Running, presenter: LoopPresenter, remaking: Remaking) -> None:
        self._jobs = ports.analysis
        self._running, self._presenter, self._remaking = running, presenter, remaking
        self._options: StudioOptions | None = None
        self._remake: Remake | None = None
        self._ready: tuple[LoopInHand, float] | None = None
        self._settled = ports.clock.timer(self._begin)
        ports.player.snapshot_taken.connect(self.hear)

    def close(self) -> None:
        """Stop the timer, and wait for nothing any more."""
        self._settled.stop()
        self._forget()

    @property
    def is_busy(self) -> bool:
        """Return whether a knob was turned and is not heard yet."""
        return self._settled.is_active or self._ready is not None

    def use(self, options: StudioOptions) -> None:
        """Have what plays made again, once the knobs stand still, if one of them was turned."""
        before, self._options = self._options, options
        if before is not None and before.generator == options.generator and _knobs(before) != _knobs(options):
            self._settled.start(SETTLED_S)

    def hear(self, snapshot: PlaybackSnapshot) -> None:
        """Go on with what is ready where the next bar begins."""
        heard, now, options = snapshot.endless, self._presenter.now_playing, self._options
        if self._ready is None or now is None or options is None:
            return
        loop, lufs = self._ready
        if not self._is_playing(loop):
            self._forget()
        elif heard.loop_id == loop.loop_id and heard.incoming_id is None:
            part = now.part
            lead = seconds_to_samples(LEAST_LEAD_S + options.latency_s, part.baked.sample_rate)
            from_here = heard.position_samples + lead
            place = min(bar_places(part), key=lambda one: (one - from_here) % part.baked.n_samples)
            self._forget()
            self._presenter.retouch(loop, options, lufs, place)

    def _begin(self) -> None:
        self._forget()
        if self._running.is_on:
            self.settled.emit()
        self._remaking.ask(self._wanted, self._measure)

    def _wanted(self) -> Remake | None:
        """Return the clip that plays with the knobs as they are now; None where it sounds so already."""
        now, options = self._presenter.now_playing, self._options
        if not self._running.is_on or now is None or options is None:
            return None
        playing, knobs = now.as_it_plays(), _knobs(options)
        if playing.recipe.generator != options.generator or not knobs or not playing.clip.wraps or playing.is_starter:
            return None
        if all(playing.recipe.asked.parameters.get(name) == at for name, at in knobs.items()):
            return None
        request = request_again(self._remaking.next_id(), playing.recipe, options.generators, turned=knobs)
        if request is None:
            return None
        self._remake = Remake(request, playing, options.generators)
        return self._remake

    def _measure(self, remake: Remake, made: ClipResult) -> None:
        """Have the new clip's loudness and loop found, and keep it ready."""
        assert self._options is not None
        options, made_of = self._options, remake.made_of
        search = options.search(made.facts)

        def answer(result: Found | JobFailed) -> None:
            if self._remake is not remake:
                return
            self._remake = None
            if isinstance(result, Found):
                asked = asked_of(remake.request)
                recipe = replace(
                    made_of.recipe,
                    asked=asked,
                    family=made.family,
                    versions=made.versions,
                    chords=made.score.chords if made.score is not None else (),
                )
                loop = replace(
                    made_of, clip=made.clip, recipe=recipe, findings=result.findings, proved=None, score=made.score
                )
                # What plays of it stays what was chosen before.
                self._ready = replace(loop, chosen=made_of.candidate), result.lufs

        self._jobs.submit(FindJob(self._remaking.next_id(), made.clip, search), answer)

    def _is_playing(self, loop: LoopInHand) -> bool:
        now = self._presenter.now_playing
        return (
            now is not None
            and now.playing.loop_id == loop.loop_id
            and now.candidate.region == loop.candidate.region
            and self._running.is_on
        )

    def _forget(self) -> None:
        self._remake, self._ready = None, None


def _knobs(options: StudioOptions) -> Parameters:
    """Return what the knobs of the chosen generator stand at."""
    try:
        capabilities = generator_named(options.generator).capabilities()
    except UnknownChoice:
        return Parameters()
    values = options.generators.of(options.generator)
    return Parameters({one.name: values.get(one.name, one.default) for one in capabilities.parameters if one.eases})
