# SPDX-License-Identifier: GPL-3.0-or-later
"""The takes of a jam are its recordings: kept with it, heard again, cut to bars, and written in other formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from psygnal import Signal

from engine.session.audition import Auditions
from engine.session.jam.autosave import JamKeeper
from engine.session.jam.jam import Jam
from engine.session.jam.recording import JamRecorder
from engine.session.ports import Jobs, NextId
from engine.units import seconds_to_samples
from engine.values import JobFailed
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam_recording import BarRun, JamTake
from engine.worker.jam_take_jobs import GoOnTakeJob, ReadTakeJob, TakeRead, TakeWriting, TakeWritten, WriteTakeJob

MOST_HEARD_S = 60.0
"""Seconds of a take that are heard at most: it is heard as a whole from memory."""


class JamTakes:
    """The takes of a jam; bars of a take are counted from 0, half open.

    Signals
    -------
    changed(tuple of JamTake), written(target), failed(StudioError), heard(bool): whether one is heard from now on
    """

    changed = Signal(object)
    written = Signal(str)
    failed = Signal(object)
    heard = Signal(bool)

    def __init__(
        self,
        jam: Jam,
        recorder: JamRecorder,
        keeper: JamKeeper,
        *,
        auditions: Auditions,
        jobs: Jobs,
        next_id: NextId,
    ) -> None:
        self._jam, self._auditions, self._jobs, self._next_id = jam, auditions, jobs, next_id
        recorder.took.connect(self.take)
        keeper.opened.connect(self._on_opened)
        auditions.take_changed.connect(self.heard.emit)

    def take(self, take: JamTake) -> None:
        """Keep a recording with the jam, or what is known of it by now; with nothing recorded there is none."""
        others = [one for one in self._jam.takes if one.path != take.path]
        before = len(others) < len(self._jam.takes)
        ended_empty = before and not take.n_samples
        self._set((*others, *(() if ended_empty else (take,))))

    def forget(self, path: str) -> None:
        """Keep a recording no longer; its file is left alone."""
        self._set(tuple(one for one in self._jam.takes if one.path != path))

    def rename(self, path: str, new_path: str) -> None:
        """Take note that a recording's file has another name."""
        self._set(tuple(replace(one, path=new_path) if one.path == path else one for one in self._jam.takes))

    def cut(self, path: str, first: int, end: int) -> None:
        """Write some bars of a take beside it, as a take of its own: ``written``."""
        from engine.recording.cut import free_target

        take = self._known(path)
        if take is None:
            return
        target = str(free_target(path, first + 1, end))
        begins, ends = take.frame_of(first), take.frame_of(end)
        part = JamTake(target, _part_of(take, first, end), ends - begins)

        def answer(result: TakeWritten | JobFailed) -> None:
            if isinstance(result, TakeWritten):
                self.take(part)
            self._tell(result)

        self._write(WriteTakeJob(self._next_id(), path, target, begins, ends, STUDIO_SAMPLE_RATE), answer)

    def export(self, path: str, target: str, first: int, end: int) -> None:
        """Write some bars of a take, or all of it where these are all, in another place or format: ``written``."""
        take = self._known(path)
        if take is None:
            return
        is_whole = first == 0 and end >= take.n_bars
        begins, ends = (0, None) if is_whole else (take.frame_of(first), take.frame_of(end))
        self._write(WriteTakeJob(self._next_id(), path, target, begins, ends, STUDIO_SAMPLE_RATE), self._tell)

    def hear(self, path: str, first: int, end: int) -> None:
        """Have some bars of a take be heard beside what plays, a minute of them at most."""
        take = self._known(path)
        if take is None:
            return
        begins = take.frame_of(first)
        ends = min(take.frame_of(end), begins + seconds_to_samples(MOST_HEARD_S, STUDIO_SAMPLE_RATE))
        self._jobs.submit(
            ReadTakeJob(self._next_id(), path, begins, ends, STUDIO_SAMPLE_RATE), self._on_read, instead=True
        )

    def hear_file(self, path: str, from_s: float) -> None:
        """Have a file be heard beside what plays from a place on, a minute of it at most."""
        begins = seconds_to_samples(from_s, STUDIO_SAMPLE_RATE)
        ends = begins + seconds_to_samples(MOST_HEARD_S, STUDIO_SAMPLE_RATE)
        self._jobs.submit(
            ReadTakeJob(self._next_id(), path, begins, ends, STUDIO_SAMPLE_RATE), self._on_read, instead=True
        )

    def hush(self) -> None:
        """Fade out what is heard of a take."""
        self._auditions.end_take()

    def _write(self, job: WriteTakeJob, then: Callable[[TakeWritten | JobFailed], None]) -> None:
        def answer(result: TakeWriting | TakeWritten | JobFailed) -> None:
            if isinstance(result, TakeWriting):
                self._jobs.submit(GoOnTakeJob(self._next_id(), result.token), answer)
            else:
                then(result)

        self._jobs.submit(job, answer)

    def _on_read(self, result: TakeRead | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self._auditions.ask_take(result.clip)

    def _tell(self, result: TakeWritten | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self.written.emit(result.target)

    def _known(self, path: str) -> JamTake | None:
        """Return a take with its bars: where they are not known, those of the jam's tempo, from the file's length."""
        take = next((one for one in self._jam.takes if one.path == path), None)
        return None if take is None else self._measured(take)

    def _measured(self, take: JamTake) -> JamTake:
        if take.runs and take.n_samples:
            return take
        groove = self._jam.groove
        length = groove.beats_per_bar * 60.0 * STUDIO_SAMPLE_RATE / groove.bpm
        return replace(take, runs=take.runs or (BarRun(0, 0.0, length),), n_samples=take.n_samples or _n_samples(take))

    def told(self) -> tuple[JamTake, ...]:
        """Return the takes whose files are there, newest last."""
        return tuple(self._measured(one) for one in self._jam.takes if _is_there(one.path))

    def _set(self, takes: tuple[JamTake, ...]) -> None:
        self._jam.takes = takes
        self.changed.emit(self.told())
        # The jam is kept with them.
        self._jam.changed.emit(self._jam.state())

    def _on_opened(self, _folder: str) -> None:
        self.changed.emit(self.told())


def _is_there(path: str) -> bool:
    try:
        return Path(path).is_file()
    except OSError:  # a name that is too long
        return False


def _n_samples(take: JamTake) -> int:
    """Return how long a take's file is, in frames of the studio's rate, by its header; 0 where that cannot be read."""
    from engine.errors import StudioError
    from engine.library.soundfiles import MAX_CHANNELS, decoding

    try:
        with decoding(take.path, MAX_CHANNELS) as file:
            return round(int(file.frames) * STUDIO_SAMPLE_RATE / int(file.samplerate))
    except StudioError:
        return 0


def _part_of(take: JamTake, first: int, end: int) -> tuple[BarRun, ...]:
    """Return the runs of some bars, counted from the first of them."""
    begins, runs = take.frame_of(first), []
    for run, following in zip(take.runs, (*take.runs[1:], None), strict=True):
        bar = max(run.bar, first)
        if bar < end and (following is None or following.bar > first):
            frame = run.frame + (bar - run.bar) * run.bar_samples - begins
            runs.append(BarRun(bar - first, frame, run.bar_samples))
    return tuple(runs)
