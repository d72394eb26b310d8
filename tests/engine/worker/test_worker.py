# SPDX-License-Identifier: GPL-3.0-or-later
"""The analysis worker as a process: every job is answered by its own result, and a failed one leaves it alive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from engine.dsp.loudness import loop_loudness
from engine.dsp.seam import bake
from engine.errors import CannotWrite, FileMissing, LibraryGone, SilentClip, StudioError
from engine.library.audiofile import read_clip
from engine.library.starters import Starter
from engine.playback.plan.beatmatch import bar_grid
from engine.processes import ChildProcess
from engine.values import FAVOURITE, Algorithm, Clip, Entry, JobFailed, LoopRegion, LoopSearch, SavePlan, TransitionWish
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.worker import jobs, library_jobs, save_jobs
from tests.starters import shipped

ANSWER_S = 60.0


@pytest.fixture(scope="module")
def starter() -> Starter:
    return shipped()[0]


class Worker:
    def __init__(self, log: Path) -> None:
        with log.open("w", encoding="utf-8") as file:
            self.process = ChildProcess("engine.worker.process", log=file)

    def do(self, job: Any) -> Any:
        self.process.send(job)
        assert self.process.poll(ANSWER_S), f"no answer to {type(job).__name__}"
        answer = self.process.receive()
        assert answer.job_id == job.job_id
        return answer

    def fails(self, job: Any, error: type[StudioError]) -> str:
        answer = self.do(job)
        assert isinstance(answer, JobFailed)
        assert type(answer.error) is error
        return str(answer.error)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path / "worker.log")
    yield worker
    worker.process.close()


def save_job(job_id: int, starter: Starter, folder: Path, region: LoopRegion) -> save_jobs.SaveJob:
    plan = SavePlan(ending=".flac")
    return save_jobs.SaveJob(job_id, str(folder), "loop", plan, starter.clip, region, 100.0, 1.0, starter.recipe)


def test_every_job_is_answered_by_its_result(worker: Worker, starter: Starter, tmp_path: Path) -> None:
    clip, recipe, library = starter.clip, starter.recipe, str(tmp_path / "library")
    found = worker.do(jobs.FindJob(1, clip, LoopSearch(Algorithm.ADVANCED, 2.0, facts=recipe.facts)))
    best = found.findings.best
    scored = worker.do(jobs.ScoreJob(2, clip, best.region, found.findings.facts, LoopSearch().overlap_ms))
    assert scored.candidate.score == pytest.approx(best.score, abs=1e-6)
    assert asdict(scored.proof) == pytest.approx(asdict(found.findings.proof), abs=1e-3)
    loop = bake(clip, best.region, overlap_ms=LoopSearch().overlap_ms)
    assert found.lufs == scored.lufs == pytest.approx(loop_loudness(loop.samples, clip.sample_rate), abs=0.01)
    pictures = worker.do(jobs.DrawJob(3, clip))
    assert pictures.peaks.n_samples == pictures.spectrogram.n_samples == clip.n_samples

    stored = worker.do(library_jobs.StoreJob(4, library, clip, recipe))
    listed = worker.do(library_jobs.ListJob(5, library))
    assert (listed.takes, listed.favourites) == ((stored.take,), ())
    rated = worker.do(library_jobs.RateJob(6, library, stored.take.take_id, FAVOURITE)).take
    assert worker.do(library_jobs.ListJob(7, library)).favourites == (rated,)
    loaded = worker.do(library_jobs.LoadJob(6, library, stored.take.take_id))
    assert loaded.take == rated
    assert np.abs(loaded.clip.samples - clip.samples).max() < 1e-4

    grid = bar_grid(loop, found.findings.facts, best, found.findings.grid)
    prepared = worker.do(jobs.PrepareJob(8, loop, grid, loop, grid, TransitionWish(Entry.NEXT_BAR, bars=1)))
    assert grid is not None
    assert len(prepared.plan.entries) == round(loop.n_samples / grid.bar_samples)
    assert prepared.plan.bass.shape == loop.samples.shape

    saving = worker.do(save_job(7, starter, tmp_path, best.region))
    assert (saving.token, saving.is_proving) == (7, True), "a loop is written at once"
    saved = worker.do(save_jobs.GoOnJob(8, saving.token))
    assert [Path(one.path).name for one in saved.files] == ["loop.flac"]
    assert saved.files[0].is_right
    assert read_clip(Path(saved.files[0].path)).n_samples == best.region.n_samples
    assert "ended" in worker.fails(save_jobs.GoOnJob(9, saving.token), StudioError)


def test_a_seam_is_proved_with_the_overlap_it_is_played_with(worker: Worker, starter: Starter) -> None:
    clip, facts = starter.clip, starter.recipe.facts
    region = LoopRegion(clip.n_samples // 5, clip.n_samples // 2)
    long, short = (worker.do(jobs.ScoreJob(at, clip, region, facts, ms)) for at, ms in enumerate((400.0, 1.0)))
    assert long.proof != short.proof
    assert long.candidate == short.candidate


def test_classic_scores_by_spectral_similarity_alone(worker: Worker, starter: Starter) -> None:
    clip, facts = starter.clip, starter.recipe.facts
    region = LoopRegion(clip.n_samples // 5, clip.n_samples // 2)
    advanced = worker.do(jobs.ScoreJob(1, clip, region, facts, 100.0)).candidate
    classic = worker.do(jobs.ScoreJob(2, clip, region, facts, 100.0, Algorithm.CLASSIC)).candidate
    assert classic == replace(advanced, score=advanced.metrics.spectral) != advanced
    found = worker.do(jobs.FindJob(3, clip, LoopSearch(Algorithm.CLASSIC, 2.0, facts=facts))).findings
    assert [one.score for one in found.candidates] == [one.metrics.spectral for one in found.candidates]


def test_failures_are_answers_and_the_worker_lives_on(worker: Worker, starter: Starter, tmp_path: Path) -> None:
    silent = Clip(np.zeros_like(starter.clip.samples), starter.clip.sample_rate)
    worker.fails(jobs.FindJob(1, silent, LoopSearch(Algorithm.ADVANCED, 2.0)), SilentClip)
    library = str(tmp_path / "library")
    worker.fails(library_jobs.LoadJob(2, library, "../../etc/passwd"), LibraryGone)
    assert worker.do(library_jobs.ListJob(2, library)).takes == ()
    worker.fails(library_jobs.LoadJob(2, library, "../../etc/passwd"), FileMissing)
    worker.fails(save_job(3, starter, tmp_path / "nowhere", starter.recipe.loop.region), CannotWrite)
    # What nobody foresaw is told by its name.
    outside = LoopRegion(0, 10 * starter.clip.n_samples)
    judged = jobs.ScoreJob(4, starter.clip, outside, starter.recipe.facts, 480.0)
    assert "ValueError" in worker.fails(judged, StudioError)
    assert "not a job: Stranger" in worker.fails(Stranger(5), StudioError)
    assert worker.do(library_jobs.ListJob(6, library)).takes == ()


def test_a_take_whose_files_were_exchanged_is_told(worker: Worker, starter: Starter, tmp_path: Path) -> None:
    library = str(tmp_path / "library")
    take = worker.do(library_jobs.StoreJob(1, library, starter.clip, replace(starter.recipe, title="Exchanged"))).take
    Path(take.audio_path).write_bytes(b"rubbish")
    answer = worker.do(library_jobs.LoadJob(2, library, take.take_id))
    assert isinstance(answer, JobFailed)
    assert take.audio_path in str(answer.error)


def test_a_takes_recipe_holds_for_a_file_that_was_given_another_rate_since(
    worker: Worker, starter: Starter, tmp_path: Path
) -> None:
    library = str(tmp_path / "library")
    loop = replace(starter.recipe.loop, region=LoopRegion(44_100, 5 * 44_100))
    recipe = replace(starter.recipe, loop=loop, wraps=False)
    take = worker.do(library_jobs.StoreJob(1, library, starter.clip, recipe)).take
    before = worker.do(library_jobs.LoadJob(2, library, take.take_id)).clip
    assert before.sample_rate == STUDIO_SAMPLE_RATE
    # As an editor does it that saves everything at 48 kHz.
    soundfile.write(take.audio_path, soxr.resample(before.samples, 44_100, 48_000), 48_000, subtype="PCM_24")
    after = worker.do(library_jobs.LoadJob(3, library, take.take_id))
    assert after.clip.sample_rate == STUDIO_SAMPLE_RATE
    region = after.take.recipe.loop.region
    assert region == loop.region
    there, here = (one.samples[region.loop_start : region.loop_end] for one in (before, after.clip))
    assert np.abs(there - here).mean() < 0.01 * np.abs(there).mean()


@dataclass(frozen=True, slots=True)
class Stranger:
    """A value that is no job."""

    job_id: int
