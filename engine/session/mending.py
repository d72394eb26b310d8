# SPDX-License-Identifier: GPL-3.0-or-later
"""Mending has the music around the seam that plays painted anew, and goes on with that where it is better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from psygnal import Signal

from engine.errors import Cancelled, EmptyPrompt, GeneratorHung, LoopTooShort, NothingPaints, StudioError
from engine.generators.jobs import CancelJob, GenerateJob
from engine.generators.registry import generator_named, limits_of
from engine.generators.requests import check_request
from engine.loops.mending import SHORTEST_S, wound_of
from engine.session.baking import LoopInHand
from engine.session.clip_request import alike
from engine.session.licences import licence_of_recipe
from engine.session.made_again import MENDED_BY
from engine.session.options import Happening, LoopView, StudioOptions
from engine.session.ports import NextId, Ports
from engine.session.presenter import LoopPresenter
from engine.units import samples_to_seconds
from engine.values import ClipRequest, ClipResult, JobFailed, Licence, LoopRegion, Progress, Recipe
from engine.values.mending import MendingState
from engine.values.options import OVERLAP
from engine.worker.mending_jobs import MendedClip, MendJob, MendJudged, Painter, PainterJob

WAIT_S = 0.5
"""Seconds after which it is looked again whether the generator is free: the music that comes goes first."""
MOST_TRIES = 5
"""How often a seam is begun to be painted at most, where the music that comes took the generator away."""


@dataclass(eq=False, slots=True)
class _Work:
    """Work on a seam: which loop it is of, who paints, and the job of a generator that is going on."""

    loop: LoopInHand
    region: LoopRegion
    overlap_ms: float
    painter: Painter | None = None
    job_id: int | None = None
    n_tries: int = 0
    is_by_itself: bool = False
    licence: Licence | None = None


class Mending:
    """Mending works on one seam at a time, that of the loop that plays; when another leads, it is dropped.

    Parameters
    ----------
    is_making
        Tells whether the generator of that name is busy with the music that comes.

    Signals
    -------
    changed(MendingState), happened(Happening): what became of it, failed(StudioError),
    mended(LoopInHand): what plays now

    Attributes
    ----------
    options
        What the person set.
    state
        How it stands.
    """

    changed = Signal(object)
    happened = Signal(object)
    failed = Signal(object)
    mended = Signal(object)

    def __init__(
        self, ports: Ports, next_id: NextId, presenter: LoopPresenter, is_making: Callable[[str], bool]
    ) -> None:
        self.options: StudioOptions | None = None
        self.state = MendingState()
        self._ports, self._next_id = ports, next_id
        self._presenter, self._is_making = presenter, is_making
        self._work: _Work | None = None
        self._waiting = ports.clock.timer(self._paint)
        self._silence = ports.clock.timer(self._on_silence)
        presenter.loop_changed.connect(self._on_loop_changed)
        ports.generators.received.connect(self._on_received)
        ports.generators.died.connect(self._on_died)

    def look(self) -> None:
        """Look who would paint, and tell it."""

        def answer(result: Painter | JobFailed) -> None:
            if self._work is None:
                self._tell(MendingState(result.title if isinstance(result, Painter) else ""))

        self._look(answer)

    def begin(self, *, by_itself: bool = False) -> None:
        """Mend the seam that plays, unless one is being mended; by itself, what goes wrong is a line."""
        now, options = self._presenter.now_playing, self.options
        if self._work is not None or now is None or options is None:
            return
        loop, region = now.as_it_plays(), now.candidate.region
        seconds = samples_to_seconds(region.n_samples, loop.clip.sample_rate)
        if by_itself and (loop.is_growing or seconds < SHORTEST_S):
            return
        if loop.is_growing:
            self.happened.emit(
                Happening("“{title}” is still being made: its seam can be mended after that", _named(loop), "warning")
            )
            return
        if seconds < SHORTEST_S:
            self.failed.emit(LoopTooShort(seconds=seconds, least_s=SHORTEST_S))
            return
        work = self._work = _Work(loop, region, now.overlap_ms, is_by_itself=by_itself)
        self._tell(MendingState(self.state.painter, is_working=True))

        def answer(result: Painter | JobFailed) -> None:
            if self._work is not work:
                return
            if isinstance(result, JobFailed) or not result.generator:
                self._end(NothingPaints() if isinstance(result, Painter) else result.error, painter="")
                return
            work.painter = result
            self._tell(MendingState(result.title, is_working=True))
            self._paint()

        self._look(answer)

    def cancel(self) -> None:
        """Leave the seam as it is."""
        if self._work is not None:
            title = _named(self._work.loop)
            self._drop()
            self.happened.emit(Happening("The seam of “{title}” is not mended: it was called off", title))

    def close(self) -> None:
        """Stop every timer, and wait for nothing any more."""
        self._waiting.stop()
        self._silence.stop()
        self._work = None

    # --- painting -----------------------------------------------------------------------------------------------------

    def _look(self, answer: Callable[[Painter | JobFailed], None]) -> None:
        now, options = self._presenter.now_playing, self.options
        if options is None:
            return
        own = now.playing.recipe if now is not None else None
        generator, model = ("", "") if own is None else (own.generator, own.model)
        # The library's process: weights are looked for on a disk.
        self._ports.library.submit(PainterJob(self._next_id(), options.generators, generator, model), answer)

    def _paint(self) -> None:
        work, options = self._work, self.options
        if work is None or work.painter is None or options is None:
            return
        name = work.painter.generator
        if self._is_making(name):
            # It makes one clip at a time, and the music must not run out.
            self._waiting.start(WAIT_S)
            return
        work.n_tries += 1
        try:
            request = _asked(self._next_id(), work, work.painter)
        except StudioError as error:
            self._end(error)
            return
        work.job_id = request.job_id
        self._silence.start(limits_of(name).load_s)
        self._ports.generators.send(name, GenerateJob(request, options.generators))

    def _on_received(self, message: Progress | ClipResult | JobFailed) -> None:
        work = self._work
        if work is None or work.painter is None or message.job_id != work.job_id:
            return
        if isinstance(message, Progress):
            self._silence.start(limits_of(work.painter.generator).silence_s)
            self._tell(MendingState(work.painter.title, is_working=True, fraction=message.fraction))
            return
        self._silence.stop()
        work.job_id = None
        if isinstance(message, ClipResult):
            self._judge(work, message)
        elif isinstance(message.error, Cancelled) and work.n_tries < MOST_TRIES:
            # The music that comes took its generator.
            self._waiting.start(WAIT_S)
        else:
            self._end(message.error)

    def _on_silence(self) -> None:
        if self._work is not None and self._work.painter is not None:
            painter = self._work.painter
            error = GeneratorHung(generator=painter.title, limit_s=limits_of(painter.generator).silence_s)
            self._ports.generators.give_up(painter.generator, error)
            self._end(error)

    def _on_died(self, generator: str, error: StudioError) -> None:
        work = self._work
        if work is None or work.painter is None or work.job_id is None:
            return
        if work.painter.generator == generator:
            self._end(error)

    # --- judging ------------------------------------------------------------------------------------------------------

    def _judge(self, work: _Work, made: ClipResult) -> None:
        options = self.options
        assert options is not None
        assert work.painter is not None
        work.licence = made.licence
        job = MendJob(
            self._next_id(),
            work.loop.clip,
            work.region,
            made.clip,
            work.overlap_ms,
            OVERLAP.high or work.overlap_ms,
            options.search(work.loop.recipe.facts),
            generator_named(work.painter.generator).capabilities().max_duration_s,
        )

        def answer(result: MendJudged | JobFailed) -> None:
            if self._work is not work:
                return
            if isinstance(result, JobFailed):
                self._end(result.error)
            else:
                self._settle(work, result)

        self._ports.analysis.submit(job, answer)

    def _settle(self, work: _Work, judged: MendJudged) -> None:
        assert work.painter is not None
        now, options = self._presenter.now_playing, self.options
        assert options is not None
        self._end()
        if now is None or now.playing.clip is not work.loop.clip:
            # A knob was turned meanwhile: what plays is another clip.
            self._tell_left(work)
            return
        fields: dict[str, object] = _named(work.loop) | {
            "before": f"{100.0 * max(judged.before[0], 0.0):.0f}",
            "after": f"{100.0 * max(judged.after[0], 0.0):.0f}",
            "step_before": f"{judged.before[1]:.1f}",
            "step_after": f"{judged.after[1]:.1f}",
            "generator": work.painter.title,
        }
        if judged.mended is None:
            self.happened.emit(
                Happening("{generator} painted no better seam for “{title}”: it stays at {before} %", fields)
            )
            return
        loop = _mended(now.as_it_plays(), work, judged.mended)
        self._presenter.retouch(loop, options, judged.mended.lufs, None)
        self.mended.emit(loop)
        self.happened.emit(
            Happening(
                "{generator} mended the seam of “{title}”: {before} → {after} %, step {step_before} → {step_after}",
                fields,
            )
        )

    # --- ends ---------------------------------------------------------------------------------------------------------

    def _on_loop_changed(self, view: LoopView) -> None:
        work = self._work
        if work is not None and (view.loop_id, view.region) != (work.loop.loop_id, work.region):
            self._drop()
            self._tell_left(work)

    def _tell_left(self, work: _Work) -> None:
        self.happened.emit(
            Happening("The seam of “{title}” is not mended: something else plays by now", _named(work.loop))
        )

    def _drop(self) -> None:
        work = self._work
        if work is not None and work.painter is not None and work.job_id is not None:
            self._ports.generators.send(work.painter.generator, CancelJob(work.job_id))
        self._end()

    def _end(self, error: Exception | None = None, *, painter: str | None = None) -> None:
        work = self._work
        self.close()
        self._tell(MendingState(self.state.painter if painter is None else painter))
        if error is None:
            return
        told = error if isinstance(error, StudioError) else StudioError(detail=str(error))
        if work is None or not work.is_by_itself:
            self.failed.emit(told)
        elif not isinstance(told, NothingPaints):
            fields = _named(work.loop) | {"why": told}
            self.happened.emit(Happening("The seam of “{title}” is not mended: {why}", fields, "warning"))

    def _tell(self, state: MendingState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)


def _named(loop: LoopInHand) -> dict[str, object]:
    return {"title": loop.recipe.title}


def _asked(job_id: int, work: _Work, painter: Painter) -> ClipRequest:
    """Return the request for what is around a seam, in the words, time and key of its loop. Raises StudioError.

    What is not to be heard is not said: models without guidance refuse that, and the music on both sides says it.
    """
    recipe, generator = work.loop.recipe, generator_named(painter.generator)
    can = generator.capabilities()
    takes = can.takes
    wound = wound_of(work.loop.clip, work.region, recipe.facts.tempo_bpm, longest_s=can.max_duration_s)
    request = ClipRequest(
        job_id,
        recipe.prompt.strip() or recipe.title,
        painter.generator,
        painter.model,
        wound.excerpt.duration_s,
        repaint=wound.repaint,
    )
    request = alike(request, recipe.facts, takes)
    try:
        check_request(request, generator)
    except EmptyPrompt:
        request = replace(request, prompt=painter.title)
    return request


def _mended(loop: LoopInHand, work: _Work, mended: MendedClip) -> LoopInHand:
    """Return the loop with its mended clip, whose recipe says who mended it and under which licence."""
    assert work.painter is not None
    recipe: Recipe = loop.recipe
    by = f"{work.painter.title} {work.painter.model}".strip()
    # A recipe of the time before they were kept has that of its model.
    licence = licence_of_recipe(recipe)
    if work.licence is not None and (licence is None or licence.is_commercial):
        # Of two licences the narrower one holds for both.
        licence = work.licence
    recipe = replace(recipe, versions={**recipe.versions, MENDED_BY: by}, licence=licence)
    return replace(loop, clip=mended.clip, recipe=recipe, findings=mended.findings, proved=None, chosen=loop.candidate)
