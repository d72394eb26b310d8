# SPDX-License-Identifier: GPL-3.0-or-later
"""SALVA writes the loop, then its notes and its parts: cut as it is, from the same clip, beside it, or not at all."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest

from engine.errors import Cancelled, CannotWrite, GeneratorFailed, NameTaken, OnlyLoopSaved, StudioError, WorkerHung
from engine.generators.jobs import CancelJob, GenerateJob
from engine.library.audiofile import read_clip
from engine.session.baking import Baker, LoopInHand
from engine.session.ports import PART_MAKER, Ports
from engine.session.presenter import LoopPresenter
from engine.session.saving import NOT_AGAIN, STOPPED, Saving
from engine.session.take_store import TakeStore
from engine.values import ClipRequest, ClipResult, FloatArray, JobFailed, LoopRegion, Progress
from engine.worker.score_saving import OTHER_SOUND, OTHER_SUM, ScoreWritten
from tests.engine.playback.material import noise
from tests.engine.session.composing import OPTIONS, made
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock, SlowGenerators

SUM_DB = -90.0


@dataclass
class Bench:
    """A bench has one loop playing, a part maker that answers when it is told to, and a library that writes at once."""

    loop: LoopInHand

    def __post_init__(self) -> None:
        self.clock, self.generators, worker = ManualClock(), SlowGenerators(), LibraryWorker()
        ids = itertools.count(100).__next__
        # Louder than the clip: the limiter has work to do.
        self.presenter = LoopPresenter(worker, ids, Baker(480.0, -8.0), self.clock, set)
        ports = Ports(DeafPlayer(), self.generators, worker, worker, self.clock)
        takes = TakeStore(worker, ids, self.clock)
        self.saving = Saving(ports, ids, self.presenter, takes, lambda: OPTIONS.generators)
        self.saved: list[str] = []
        self.written: list[ScoreWritten] = []
        self.failures: list[StudioError] = []
        self.progress: list[Progress | None] = []
        self.saving.saved.connect(self.saved.append)
        self.saving.score_saved.connect(self.written.append)
        self.saving.failed.connect(self.failures.append)
        self.saving.progressed.connect(lambda _title, progress: self.progress.append(progress))
        self.presenter.lead(self.loop, OPTIONS)

    @property
    def asked(self) -> list[ClipRequest]:
        return [one.request for one in self.generators.sent if isinstance(one, GenerateJob)]

    def answer(self, result: ClipResult) -> None:
        self.generators.received.emit(replace(result, job_id=self.asked[-1].job_id))


class LibraryWorker(HandyWorker):
    """This worker answers as a process does: an error is a result."""

    def submit(self, job: Any, answer: Callable[[Any], None], **how: bool) -> None:
        try:
            super().submit(job, answer, **how)
        except StudioError as error:
            answer(JobFailed(job.job_id, error))


@pytest.fixture
def bench(composed: LoopInHand) -> Bench:
    return Bench(composed)


@pytest.fixture(scope="module")
def again(composed: LoopInHand) -> ClipResult:
    """Return the composed clip made again, as the part maker is asked to."""
    asked = composed.recipe.asked
    return made(
        ClipRequest(
            1, composed.recipe.prompt, "composer", "", 8.0, seed=3, stems=True, follows=asked.follows,
            evolve=asked.evolve, parameters=asked.parameters,
        )
    )  # fmt: skip


def notes_in(path: Path) -> list[tuple[float, float]]:
    """Return when each note of a MIDI file begins and ends, seconds; the file's own end is checked, too."""
    file = mido.MidiFile(path)
    notes, now, sounding = [], 0.0, {}
    for one in file:
        now += one.time
        if one.type == "note_on":
            sounding[one.channel, one.note] = now
        elif one.type == "note_off":
            notes.append((sounding.pop((one.channel, one.note)), now))
    assert not sounding
    return notes


def sum_of(folder: Path) -> FloatArray:
    clips = [read_clip(one) for one in sorted(folder.glob("*.wav"))]
    assert len(clips) > 2
    total: FloatArray = np.sum([one.samples.astype(np.float64) for one in clips], axis=0).astype(np.float32)
    return total


@pytest.mark.parametrize(
    "share",
    [
        pytest.param((0.0, 1.0), marks=pytest.mark.soak, id="whole"),
        pytest.param((0.25, 0.75), marks=pytest.mark.soak, id="two bars"),
        pytest.param((0.1, 0.43), id="dragged"),
    ],
)
def test_notes_and_parts_are_cut_as_the_loop_is(
    bench: Bench, again: ClipResult, tmp_path: Path, share: tuple[float, float]
) -> None:
    n = bench.loop.clip.n_samples
    region = LoopRegion(round(share[0] * n), round(share[1] * n))
    bench.presenter.set_region(region)
    bench.saving.save(str(tmp_path / "Rain.wav"), notes=True, parts=True)
    assert bench.saved == [str(tmp_path / "Rain.wav")], "the loop does not wait for them"
    assert bench.generators.sent_to == [PART_MAKER]
    (request,) = bench.asked
    assert request.stems
    assert (request.seed, request.follows, request.evolve) == (3, bench.loop.recipe.asked.follows, 0.3)
    # What plays by now is another matter.
    bench.presenter.set_region(LoopRegion(0, n // 2))
    # As a SoundFont may play it the second time: all but the same.
    first = next(iter(again.stems))
    nearly = (again.stems[first].samples + np.float32(0.0001) * noise(n, level=0.3)).astype(np.float32)
    bench.answer(replace(again, stems={**again.stems, first: replace(again.stems[first], samples=nearly)}))
    assert bench.failures == []
    (written,) = bench.written
    assert (written.midi_path, written.stems_folder) == (str(tmp_path / "Rain.mid"), str(tmp_path / "Rain stems"))
    loop = read_clip(tmp_path / "Rain.wav")
    assert loop.n_samples == region.n_samples
    off = np.abs(sum_of(tmp_path / "Rain stems") - loop.samples).max()
    assert 20.0 * np.log10(off) < SUM_DB
    notes = notes_in(tmp_path / "Rain.mid")
    assert len(notes) > 20
    assert min(start for start, _ in notes) >= 0.0
    assert max(end for _, end in notes) <= loop.duration_s + 0.001
    assert mido.MidiFile(tmp_path / "Rain.mid").length == pytest.approx(loop.duration_s, abs=0.002)
    assert bench.progress[-1] is None


def test_a_clip_that_sounds_different_leaves_only_the_loop(bench: Bench, again: ClipResult, tmp_path: Path) -> None:
    other = replace(again, clip=replace(again.clip, samples=again.clip.samples * np.float32(0.99)))
    shorter = replace(again, clip=replace(again.clip, samples=again.clip.samples[:-1]))
    fewer = replace(again, stems=dict(list(again.stems.items())[1:]))
    for at, result in enumerate((other, shorter, fewer)):
        bench.saving.save(str(tmp_path / f"Rain {at}.wav"), notes=True, parts=True)
        bench.answer(result)
    assert [(type(one), one.fields["detail"]) for one in bench.failures] == [
        (OnlyLoopSaved, OTHER_SOUND),
        (OnlyLoopSaved, OTHER_SOUND),
        (OnlyLoopSaved, OTHER_SUM),
    ]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["Rain 0.wav", "Rain 1.wav", "Rain 2.wav"]


def test_what_is_there_stays_there(bench: Bench, again: ClipResult, tmp_path: Path) -> None:
    (tmp_path / "Rain.wav").write_text("mine")
    bench.saving.save(str(tmp_path / "Rain.wav"))
    assert [type(one) for one in bench.failures] == [NameTaken]
    assert (tmp_path / "Rain.wav").read_text() == "mine"
    (tmp_path / "Rain.mid").write_text("mine")
    (tmp_path / "Rain stems").mkdir()
    bench.failures.clear()
    bench.saving.save(str(tmp_path / "Rain.flac"), notes=True, parts=True)
    bench.answer(again)
    (written,) = bench.written
    assert (Path(written.midi_path).name, Path(written.stems_folder).name) == ("Rain (2).mid", "Rain stems (2)")
    assert (tmp_path / "Rain.mid").read_text() == "mine"
    assert list((tmp_path / "Rain stems").iterdir()) == []


def test_notes_that_are_known_are_written_at_once(composed: LoopInHand, again: ClipResult, tmp_path: Path) -> None:
    bench = Bench(replace(composed, score=again.score))
    bench.saving.save(str(tmp_path / "Rain.ogg"), notes=True)
    assert bench.asked == []
    assert [Path(one.midi_path).name for one in bench.written] == ["Rain.mid"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["Rain.mid", "Rain.ogg"]


def test_one_after_the_other_and_cancelled_one_by_one(bench: Bench, again: ClipResult, tmp_path: Path) -> None:
    for name in ("one", "two"):
        bench.saving.save(str(tmp_path / f"{name}.wav"), parts=True)
    assert len(bench.asked) == 1
    bench.generators.received.emit(Progress(bench.asked[0].job_id, 0.4, "composing"))
    assert bench.progress[-1] is not None
    bench.saving.cancel()
    assert isinstance(bench.generators.sent[1], CancelJob)
    assert len(bench.asked) == 2, "the next one is made"
    bench.generators.received.emit(JobFailed(bench.asked[0].job_id, Cancelled()))
    bench.answer(again)
    assert [Path(one.stems_folder).name for one in bench.written] == ["two stems"]
    assert bench.written[0].midi_path == ""
    assert bench.failures == []


def test_a_part_maker_that_hangs_fails_or_dies_is_told(bench: Bench, tmp_path: Path) -> None:
    bench.saving.save(str(tmp_path / "one.wav"), parts=True)
    bench.clock.pass_s(100.0)
    assert [(name, type(error)) for name, error in bench.generators.given_up] == [(PART_MAKER, WorkerHung)]
    bench.generators.died.emit("composer", bench.generators.given_up[0][1])
    assert bench.failures == [], "another process is another matter"
    bench.generators.died.emit(PART_MAKER, bench.generators.given_up[0][1])
    bench.saving.save(str(tmp_path / "two.wav"), parts=True)
    failed = GeneratorFailed(generator="composer", exit_code=3, detail="no")
    bench.generators.received.emit(JobFailed(bench.asked[-1].job_id, failed))
    assert [one.fields["detail"] for one in bench.failures] == [STOPPED, "composer stopped with exit code 3: no"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one.wav", "two.wav"]
    assert bench.progress[-1] is None


def test_what_cannot_be_made_again_is_told_and_a_loop_that_cannot_be_written_has_nothing_beside_it(
    composed: LoopInHand, tmp_path: Path
) -> None:
    bench = Bench(replace(composed, recipe=replace(composed.recipe, seed=None)))
    bench.saving.save(str(tmp_path / "one.wav"), parts=True)
    bench.saving.save(str(tmp_path / "nowhere" / "two.wav"), notes=True, parts=True)
    assert [type(one) for one in bench.failures] == [OnlyLoopSaved, CannotWrite]
    assert bench.failures[0].fields["detail"] == NOT_AGAIN
    assert bench.asked == []
