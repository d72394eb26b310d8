# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's takes are kept with it, cut to bars to the sample, written in other formats, renamed, heard and forgotten."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import soundfile
from psygnal import Signal

from engine.errors import NotAudio, StudioError
from engine.library.jam_folder import read_project, write_project
from engine.session.audition import Auditions
from engine.session.jam.autosave import JamKeeper
from engine.session.jam.keeping import open_project, project_of
from engine.session.jam.recording import JamRecorder
from engine.session.jam.takes import MOST_HEARD_S, JamTakes
from engine.values import Clip, JobFailed
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam_recording import BarRun, JamTake
from engine.worker import jam_take_jobs
from engine.worker.jobs import run
from engine.worker.save_jobs import LOST
from tests.engine.recording.played import decoded, frames, steps
from tests.engine.session.jam.jamming import Stage

BAR = 20_000.5
RUNS = (BarRun(0, -0.25, BAR), BarRun(3, 3 * BAR - 0.25, 10_000.0))
N_BARS = 7
N_SAMPLES = 100_001


class Ears:
    """These ears stand for the auditions, and note what is to be heard."""

    take_changed = Signal(bool)

    def __init__(self) -> None:
        self.clips: list[Clip] = []

    def ask_take(self, clip: Clip) -> None:
        self.clips.append(clip)
        self.take_changed.emit(True)

    def end_take(self) -> None:
        self.take_changed.emit(False)


class Disk:
    """The library's process, which does each job at once.

    Attributes
    ----------
    jobs
        The kinds of the jobs that it did.
    """

    def __init__(self) -> None:
        self.jobs: list[type] = []

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        self.jobs.append(type(job))
        try:
            answer(run(job))
        except StudioError as error:
            answer(JobFailed(job.job_id, error))

    def withdraw(self, job_id: int) -> None: ...

    def clear(self) -> None: ...


class Source:
    """A source tells what a recorder or a keeper does."""

    took = Signal(object)
    opened = Signal(str)


class Shelf:
    """A jam with takes."""

    def __init__(self) -> None:
        self.jam, self.ears, self.source, self.disk = Stage().jam, Ears(), Source(), Disk()
        self.takes = JamTakes(
            self.jam,
            cast("JamRecorder", self.source),
            cast("JamKeeper", self.source),
            auditions=cast("Auditions", self.ears),
            jobs=self.disk,
            next_id=itertools.count(1).__next__,
        )
        self.told: list[tuple[JamTake, ...]] = []
        self.written: list[str] = []
        self.failed: list[StudioError] = []
        self.heard: list[bool] = []
        self.takes.changed.connect(self.told.append)
        self.takes.written.connect(self.written.append)
        self.takes.failed.connect(self.failed.append)
        self.takes.heard.connect(self.heard.append)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def take(tmp_path: Path) -> JamTake:
    path = tmp_path / "jam.flac"
    soundfile.write(path, steps(frames(0, N_SAMPLES)) << 8, RATE, subtype="PCM_24")
    return JamTake(str(path), RUNS, N_SAMPLES)


def test_a_take_is_listed_from_its_beginning_on_and_not_where_nothing_came_of_it(shelf: Shelf, take: JamTake) -> None:
    shelf.source.took.emit(JamTake(take.path))
    assert [one.path for one in shelf.told[-1]] == [take.path]
    assert (shelf.told[-1][0].n_samples, shelf.told[-1][0].n_bars) == (N_SAMPLES, 1), "by its file, and the jam's tempo"
    shelf.source.took.emit(take)
    assert shelf.told[-1] == (take,)
    assert take.n_bars == N_BARS
    shelf.source.took.emit(JamTake("none.flac"))
    shelf.source.took.emit(JamTake("none.flac"))
    assert shelf.jam.takes == (take,)


def test_a_take_whose_name_no_file_can_have_is_not_listed(shelf: Shelf, take: JamTake) -> None:
    shelf.jam.takes = (JamTake("a" * 5000, RUNS, N_SAMPLES), JamTake("a\0b", RUNS, N_SAMPLES), take)
    assert shelf.takes.told() == (take,)


def test_some_bars_are_a_take_of_their_own(shelf: Shelf, take: JamTake) -> None:
    shelf.source.took.emit(take)
    shelf.takes.cut(take.path, 2, 5)
    (target,) = shelf.written
    part = shelf.told[-1][-1]
    assert (part.path, part.n_bars) == (target, 3)
    first, end = 40_001, 80_002
    assert (part.n_samples, part.frame_of(1)) == (end - first, 60_002 - first)
    found = decoded(Path(target))
    assert len(found) == part.n_samples
    assert np.array_equal(found[100:-100], steps(frames(first, end))[100:-100])
    shelf.takes.cut(take.path, 2, 5)
    assert len({one.path for one in shelf.jam.takes}) == 3


def test_it_is_exported_renamed_and_forgotten(shelf: Shelf, take: JamTake, tmp_path: Path) -> None:
    shelf.source.took.emit(take)
    shelf.takes.export(take.path, str(tmp_path / "whole.flac"), 0, N_BARS)
    shelf.takes.export(take.path, str(tmp_path / "part.wav"), 0, 3)
    assert np.array_equal(decoded(tmp_path / "whole.flac"), decoded(Path(take.path))), "all of it is left as it is"
    assert soundfile.info(tmp_path / "part.wav").frames == 60_002
    shelf.takes.rename(take.path, str(tmp_path / "part.wav"))
    assert [one.path for one in shelf.told[-1]] == [str(tmp_path / "part.wav")]
    shelf.takes.forget(str(tmp_path / "part.wav"))
    assert shelf.told[-1] == ()
    shelf.takes.export(take.path, str(tmp_path / "no.wav"), 0, 3)
    assert not (tmp_path / "no.wav").exists()


def test_hours_are_written_in_slices_between_which_others_work(
    shelf: Shelf, take: JamTake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jam_take_jobs, "SLICE_S", 0.0)
    shelf.source.took.emit(take)
    for ending in (".flac", ".opus"):
        target = tmp_path / f"whole{ending}"
        shelf.takes.export(take.path, str(target), 0, N_BARS)
        assert shelf.written.pop() == str(target)
        assert soundfile.info(target).duration == pytest.approx(N_SAMPLES / RATE, abs=1e-4)
    one = [jam_take_jobs.WriteTakeJob, *[jam_take_jobs.GoOnTakeJob] * 4]
    assert shelf.disk.jobs == 2 * one, "a job a piece, and one that ends it"
    assert np.array_equal(decoded(tmp_path / "whole.flac"), decoded(Path(take.path)))
    with pytest.raises(StudioError, match=LOST):
        run(jam_take_jobs.GoOnTakeJob(1, 999))


def test_some_bars_are_heard_a_minute_at_most(shelf: Shelf, tmp_path: Path, take: JamTake) -> None:
    shelf.source.took.emit(take)
    shelf.takes.hear(take.path, 3, 4)
    assert (shelf.ears.clips[-1].n_samples, shelf.heard) == (10_000, [True])
    shelf.takes.hush()
    assert shelf.heard[-1] is False
    path = tmp_path / "long.opus"
    soundfile.write(path, np.zeros((70 * 48_000, 2), np.float32), 48_000, format="OGG", subtype="OPUS")
    shelf.takes.take(JamTake(str(path), (BarRun(0, 0.0, RATE),), 70 * RATE))
    shelf.takes.hear(str(path), 0, 70)
    assert shelf.ears.clips[-1].n_samples == MOST_HEARD_S * RATE
    assert shelf.ears.clips[-1].sample_rate == RATE
    Path(take.path).write_bytes(b"nothing")
    shelf.takes.hear(take.path, 0, 1)
    assert [type(one) for one in shelf.failed] == [NotAudio]


def test_they_are_kept_with_the_jam_within_its_folder_and_elsewhere(
    shelf: Shelf, take: JamTake, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    within = JamTake(str(folder / "takes" / "one.flac"), RUNS, N_SAMPLES)
    shelf.jam.takes = (take, within)
    write_project(folder, project_of(shelf.jam))
    folder.rename(tmp_path / "moved")
    project = read_project(tmp_path / "moved")
    assert project.takes == (take, JamTake(str(tmp_path / "moved" / "takes" / "one.flac"), RUNS, N_SAMPLES))
    other = Shelf()
    open_project(other.jam, project)
    other.source.opened.emit(str(folder))
    assert other.told[-1] == (take,), "those whose files are there"
