# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering runs the whole session into a file, faster than life.

The same parts as live decide: what is up next, how a transition is planned, what is made when a generator fails. Only
what they reach the world through differs: music time is the clock, jobs are done at once, and a clip is made when the
loop that plays has played for long enough, so that none is made for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import numpy as np
from psygnal import Signal

from engine.errors import StudioError
from engine.generators.jobs import CancelJob, GenerateJob
from engine.playback.file.offline import OfflinePlayer, end_fade_samples
from engine.session.baking import LoopInHand
from engine.session.options import Happening, Places, StudioOptions
from engine.session.ports import Ports
from engine.session.session import Session
from engine.units import samples_to_seconds
from engine.values import ClipResult, FloatArray, JobFailed, Lead, Recipe
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.mixes import with_change, with_lead
from engine.worker import jobs as worker_jobs
from engine.worker.jam_jobs import LoopPhraseJob, ShapeJob, TransposeJob

BLOCK_SAMPLES = 16_384
"""Samples between two looks at what comes next."""

Make = Callable[[GenerateJob], ClipResult]
"""This function makes the clip of a job. Raises StudioError."""


class MusicClock:
    """The music's clock (``engine.session.ports.Clock``) goes on as blocks are rendered."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._timers: list[MusicTimer] = []

    def now_s(self) -> float:
        """Return the seconds of music so far."""
        return self._now_s

    def timer(self, callback: Callable[[], None]) -> MusicTimer:
        """Return a timer that is not running yet."""
        self._timers.append(MusicTimer(self, callback))
        return self._timers[-1]

    def pass_s(self, seconds: float) -> None:
        """Move the clock on by the music that was rendered: timers that fell due call, in their order."""
        end_s = self._now_s + seconds
        while (first := min(self._timers, key=lambda one: one.due_s)).due_s <= end_s:
            self._now_s = first.due_s
            first.fall_due()
        self._now_s = end_s


class MusicTimer:
    """This timer belongs to a ``MusicClock`` (``engine.session.ports.Timer``)."""

    def __init__(self, clock: MusicClock, callback: Callable[[], None]) -> None:
        self._clock = clock
        self._callback = callback
        self._every_s = np.inf
        self.due_s = np.inf
        """Time at which it calls, in seconds of music; infinite while it is not running."""

    @property
    def is_active(self) -> bool:
        """Return whether the timer is running."""
        return self.due_s < np.inf

    def start(self, seconds: float) -> None:
        """Call once after so many seconds, which are counted anew if they were being counted."""
        self.due_s, self._every_s = self._clock.now_s() + seconds, np.inf

    def repeat(self, seconds: float) -> None:
        """Call every so many seconds."""
        self.due_s, self._every_s = self._clock.now_s() + seconds, seconds

    def stop(self) -> None:
        """Stop the timer, which then does not call any more."""
        self.due_s = np.inf

    def fall_due(self) -> None:
        """Call the function, and count anew if the timer repeats."""
        self.due_s += self._every_s
        self._callback()


_NEEDED = (
    worker_jobs.FindJob,
    worker_jobs.JudgeJob,
    worker_jobs.MeasureJob,
    worker_jobs.PrepareJob,
    worker_jobs.StretchClipJob,
    LoopPhraseJob,
    ShapeJob,
    TransposeJob,
)
"""Jobs that the music needs; all others are for a window."""


class ImmediateJobs:
    """This job queue does what the music needs at once, in this process, and skips what only a window shows."""

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        """Do a job and answer it, or forget it."""
        if not isinstance(job, _NEEDED):
            return
        answer(done_at_once(job))

    def withdraw(self, job_id: int) -> None:
        """Do nothing, as no job waits."""

    def clear(self) -> None:
        """Do nothing, as no job waits."""


def done_at_once(job: Any) -> object:
    """Return what a worker's job is answered by, done here and now."""
    try:
        return worker_jobs.run(job)
    except StudioError as error:
        return JobFailed(job.job_id, error)


class NoLibrary(ImmediateJobs):
    """This library keeps nothing: what is rendered is a file, not takes."""

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        """Drop the job."""


class WaitingGenerator:
    """The waiting generator holds a request until its clip is needed (``engine.session.ports.Generators``).

    Signals
    -------
    received(ClipResult | JobFailed), died: never
    """

    received = Signal(object)
    died = Signal(str, object)

    def __init__(self, make: Make) -> None:
        self._make = make
        self._asked: GenerateJob | None = None

    def send(self, _generator: str, message: object, /) -> None:
        """Remember what is to be made; a variation is needed now."""
        if isinstance(message, GenerateJob) and message.request.variation:
            self._answer(message)
        elif isinstance(message, GenerateJob):
            self._asked = message
        elif isinstance(message, CancelJob) and self._asked is not None:
            if self._asked.request.job_id == message.job_id:
                self._asked = None
            self.received.emit(JobFailed(message.job_id, StudioError(detail="cancelled")))

    def give_up(self, _generator: str, _error: StudioError, /) -> None:
        """Do nothing: a request that is held does not hang."""

    def make_now(self) -> None:
        """Make the clip that was asked for last, if any was."""
        asked, self._asked = self._asked, None
        if asked is not None:
            self._answer(asked)

    def _answer(self, asked: GenerateJob) -> None:
        self.received.emit(answer_of(self._make, asked))


def answer_of(make: Make, asked: GenerateJob) -> ClipResult | JobFailed:
    """Return what a generator answers a job, which is made at once."""
    try:
        return make(asked)
    except StudioError as error:
        return JobFailed(asked.request.job_id, error)


def render_music(
    options: StudioOptions,
    make: Make,
    *,
    total_samples: int,
    write: Callable[[FloatArray], None],
    on_made: Callable[[LoopInHand], None] = lambda _: None,
    on_happening: Callable[[Happening], None] = lambda _: None,
    leads: list[Lead] | None = None,
    n_channels: int = 2,
) -> Generator[float, None, None]:
    """Make music and play one loop into the next, by the options' own rules, at ``STUDIO_SAMPLE_RATE``.

    Parameters
    ----------
    make
        Called when another clip is needed.
    total_samples
        Length of the music, which fades out at its end.
    write
        Takes each block, float32, shape ``(n_samples, n_channels)``; the array is used again after the call.
    on_made, on_happening
        Called with each loop that was made, and with each line that the studio's console would show.
    leads
        Gets the loops that lead, each from which sample of the music on.

    Yields
    ------
    float
        Fraction done, in (0, 1]. Each yield is a cancel point: close the generator and nothing goes on.

    Raises
    ------
    StudioError
        The first clip could not be made: later ones are made in another way, as in the studio.
    """
    # A render is the music that is asked for, on each machine: no model is called in to paint.
    options = replace(options, mend_seams=False)
    clock, player = MusicClock(), OfflinePlayer(STUDIO_SAMPLE_RATE, n_channels)
    generator = WaitingGenerator(make)
    session = Session(options, Places(""), Ports(player, generator, ImmediateJobs(), NoLibrary(), clock))
    session.notices.happened.connect(on_happening)
    session.generation.made.connect(lambda loop, _lufs: on_made(loop))
    if leads is not None:
        _note_leads(session, leads, lambda: player.mixer.rendered_samples, player.mixer.latency_samples)
    # The clip that comes is held until it is needed, and not in the making.
    session.retouch.remaking.is_making = lambda: False
    block = np.zeros((BLOCK_SAMPLES, n_channels), dtype=np.float32)
    _begin(session, generator)
    n_mixed = total_samples + player.mixer.latency_samples
    fade_samples = end_fade_samples(total_samples, STUDIO_SAMPLE_RATE)
    done, fade_from = 0, total_samples - fade_samples
    while done < n_mixed:
        if done == fade_from:
            # What fades out at the end gives way to nothing more.
            player.snapshot_taken.disconnect()
            player.fade_out(samples_to_seconds(fade_samples, STUDIO_SAMPLE_RATE))
        out = block[: min(BLOCK_SAMPLES, (fade_from if done < fade_from else n_mixed) - done)]
        rendered = player.render(out)
        done += len(out)
        clock.pass_s(samples_to_seconds(len(out), STUDIO_SAMPLE_RATE))
        if len(rendered):
            write(rendered)
        yield done / n_mixed
        if done < fade_from and _is_next_needed(session, player, options):
            _make_next(session, generator)


def _note_leads(session: Session, leads: list[Lead], rendered: Callable[[], int], latency_samples: int) -> None:
    def led(frame: int, recipe: Recipe) -> None:
        leads[:] = with_lead(leads, max(0, frame - latency_samples), recipe)

    def changed(recipe: Recipe) -> None:
        leads[:] = with_change(leads, max(0, rendered() - latency_samples), recipe)

    session.recording.led.connect(led)
    session.recording.changed.connect(changed)


def _begin(session: Session, generator: WaitingGenerator) -> None:
    failures: list[StudioError] = []
    session.notices.failed.connect(failures.append)
    session.generate()
    _make_next(session, generator)
    if not session.up_next.ready:
        raise failures[0]
    session.start_with(session.up_next.ready.pop(0))


def _make_next(session: Session, generator: WaitingGenerator) -> None:
    generator.make_now()
    if session.generation.makes_again:
        # There is time for a better one: nothing plays meanwhile.
        generator.make_now()


def _is_next_needed(session: Session, player: OfflinePlayer, options: StudioOptions) -> bool:
    now, snapshot = session.presenter.now_playing, player.last
    if now is None or snapshot is None or session.up_next.n_ahead:
        return False
    heard = snapshot.endless
    return heard.loop_id == now.playing.loop_id and now.may_yield(heard, options.least_play_s)
