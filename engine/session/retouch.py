# SPDX-License-Identifier: GPL-3.0-or-later
"""Retouching composes the clip that plays again when a knob is turned, and swaps it at a bar, at its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.errors import Cancelled, StudioError, UnknownChoice
from engine.generators.registry import generator_named
from engine.generators.requests import check_request, completed
from engine.generators.service import GenerateJob
from engine.session.baking import LoopInHand
from engine.session.clip_request import asked_of
from engine.session.options import StudioOptions
from engine.session.ports import NextId, Ports
from engine.session.presenter import LoopPresenter
from engine.session.running import Running
from engine.values import (
    ChannelSnapshot,
    ClipRequest,
    ClipResult,
    JobFailed,
    LoopSearch,
    Parameters,
    PlaybackSnapshot,
    Progress,
)
from engine.worker.jobs import FindJob, Found

SETTLED_S = 0.3
"""Seconds for which a knob must stand still before the clip is composed again."""
LONGEST_WAIT_S = 10.0
"""Seconds until a clip that was asked for and does not come is given up."""


class Retouch:
    """Retouching is for generators that make the same clip of the same seed; others hear a knob from the next clip on.

    What comes back is swapped only for the clip that it was made of, and only if it is exactly as long.

    Parameters
    ----------
    is_making
        Tells whether a generator is busy with the music that comes, which goes first.
    """

    def __init__(
        self,
        ports: Ports,
        next_id: NextId,
        running: Running,
        presenter: LoopPresenter,
        is_making: Callable[[], bool],
    ) -> None:
        self._generators, self._jobs, self._next_id = ports.generators, ports.analysis, next_id
        self._running, self._presenter, self._is_making = running, presenter, is_making
        self._options: StudioOptions | None = None
        self._request: ClipRequest | None = None
        self._made_of: LoopInHand | None = None
        self._ready: tuple[LoopInHand, float] | None = None
        self._bar: int | None = None
        self._settled = ports.clock.timer(self._begin)
        self._patience = ports.clock.timer(self._give_up)
        ports.generators.received.connect(self._on_received)
        ports.player.snapshot_taken.connect(self.hear)

    def close(self) -> None:
        """Stop every timer, and wait for nothing any more."""
        self._settled.stop()
        self._give_up()

    def turn(self, before: StudioOptions, options: StudioOptions) -> None:
        """Compose what plays again, once the knobs stand still, if one of them was turned."""
        self._options = options
        if before.generator == options.generator and _knobs(before) != _knobs(options):
            self._settled.start(SETTLED_S)

    def hear(self, snapshot: PlaybackSnapshot) -> None:
        """Swap what is ready where a bar begins."""
        bar, self._bar = self._bar, self._bar_of(snapshot.endless)
        if self._ready is not None and self._bar is not None and bar is not None and bar != self._bar:
            loop, lufs = self._ready
            self._give_up()
            if self._is_playing(loop) and self._options is not None:
                self._presenter.retouch(loop, self._options, lufs)

    def _begin(self) -> None:
        """Ask for the clip that plays with the knobs as they are now."""
        self._give_up()
        now, options = self._presenter.now_playing, self._options
        if not self._running.is_on or now is None or options is None:
            return
        playing = now.as_it_plays()
        request = _request(self._next_id(), playing, options)
        if request is None or all(
            playing.recipe.asked.parameters.get(name) == at for name, at in _knobs(options).items()
        ):
            return
        if self._is_making():
            # The generator makes one clip at a time, and the music must not run out.
            self._settled.start(SETTLED_S)
            return
        self._request, self._made_of = request, playing
        self._patience.start(LONGEST_WAIT_S)
        self._generators.send(request.generator, GenerateJob(request, options.generators))

    def _on_received(self, message: Any) -> None:
        request, made_of = self._request, self._made_of
        if request is None or made_of is None or message.job_id != request.job_id or isinstance(message, Progress):
            return
        if isinstance(message, ClipResult) and _is_alike(message, made_of):
            self._measure(request, made_of, message)
            return
        self._give_up()
        if isinstance(message, JobFailed) and isinstance(message.error, Cancelled):
            # Another clip was asked for meanwhile: after that one.
            self._settled.start(SETTLED_S)

    def _measure(self, request: ClipRequest, made_of: LoopInHand, made: ClipResult) -> None:
        """Have the new clip's loudness and loop found, and keep it ready."""
        assert self._options is not None
        options = self._options
        search = LoopSearch(options.algorithm, options.min_loop_s, facts=made.facts, overlap_ms=options.overlap_ms)

        def answer(result: Found | JobFailed) -> None:
            if self._request is request and isinstance(result, Found):
                recipe = replace(made_of.recipe, asked=asked_of(request), family=made.family, versions=made.versions)
                loop = replace(made_of, clip=made.clip, recipe=recipe, findings=result.findings, proved=None)
                # What plays of it stays what was chosen before.
                self._ready = replace(loop, chosen=made_of.candidate), result.lufs

        self._jobs.submit(FindJob(self._next_id(), made.clip, search), answer)

    def _is_playing(self, loop: LoopInHand) -> bool:
        now = self._presenter.now_playing
        return (
            now is not None
            and now.playing.loop_id == loop.loop_id
            and now.candidate.region == loop.candidate.region
            and self._running.is_on
        )

    def _bar_of(self, heard: ChannelSnapshot) -> int | None:
        """Return which bar is heard, counted from the loop's first; None where that cannot be told."""
        now = self._presenter.now_playing
        if now is None or heard.loop_id != now.playing.loop_id or heard.incoming_id is not None:
            return None
        grid = now.part.grid
        if grid is None:
            return heard.turns
        return int((heard.position_samples - grid.first_samples) // grid.bar_samples)

    def _give_up(self) -> None:
        self._patience.stop()
        self._request, self._made_of, self._ready = None, None, None


def _knobs(options: StudioOptions) -> Parameters:
    """Return what the knobs of the chosen generator stand at."""
    try:
        capabilities = generator_named(options.generator).capabilities()
    except UnknownChoice:
        return Parameters()
    values = options.generators.of(options.generator)
    return Parameters({one.name: values.get(one.name, one.default) for one in capabilities.parameters if one.eases})


def _request(job_id: int, playing: LoopInHand, options: StudioOptions) -> ClipRequest | None:
    """Return the request for the same clip with these knobs; None where it would not be the same."""
    recipe, asked, knobs = playing.recipe, playing.recipe.asked, _knobs(options)
    if recipe.generator != options.generator or recipe.seed is None or not knobs or not playing.clip.wraps:
        return None
    if playing.is_starter or asked.continue_from or asked.restyle:
        return None
    generator = generator_named(recipe.generator)
    request = ClipRequest(
        job_id,
        recipe.prompt,
        recipe.generator,
        recipe.model,
        recipe.duration_s,
        seed=recipe.seed,
        negative_prompt=asked.negative_prompt,
        bars=asked.bars,
        bpm=asked.bpm,
        key=asked.key,
        metre=asked.metre,
        layer=asked.layer,
        guide=asked.guide,
        follows=asked.follows,
        evolve=asked.evolve,
        parameters=Parameters({**asked.parameters, **knobs}),
    )
    request = completed(request, generator, options.generators)
    try:
        check_request(request, generator)
    except StudioError:
        # Its recipe may be older than the generator.
        return None
    return request


def _is_alike(made: ClipResult, made_of: LoopInHand) -> bool:
    """Return whether the place in one clip is the place in the other."""
    clip, old = made.clip, made_of.clip
    return (clip.samples.shape, clip.sample_rate) == (old.samples.shape, old.sample_rate)
