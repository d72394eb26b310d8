# SPDX-License-Identifier: GPL-3.0-or-later
"""A dragged loop is a WAV with loop, tempo, bars and recipe, named by them, which stays when the drag is over."""

from __future__ import annotations

import itertools
import os
import struct
import time
from pathlib import Path

import pytest

from engine.library.audiofile import read_clip
from engine.library.carried import Carried, recipe_of
from engine.library.iff import Form
from engine.library.looptags import read_loop_tags
from engine.library.takes import TakeLibrary
from engine.session.baking import Baker, LoopInHand
from engine.session.dragging import Dragging
from engine.session.presenter import LoopPresenter
from engine.session.take_store import TakeStore
from engine.values import LoopRegion
from engine.worker.drag_jobs import KEPT_S
from tests.engine.session.composing import OPTIONS
from tests.engine.session.ports import HandyWorker, ManualClock


class Bench:
    """A bench has a loop that plays, a library, and a worker that drags at once."""

    def __init__(self, loop: LoopInHand, folder: Path) -> None:
        worker, ids, clock = HandyWorker(), itertools.count(1).__next__, ManualClock()
        self.presenter = LoopPresenter(worker, ids, Baker(480.0, -14.0), clock, set)
        self.takes = TakeStore(worker, ids, clock)
        self.dragging = Dragging(worker, ids, self.presenter, self.takes)
        self.ready: list[tuple[str, ...]] = []
        self.dragging.ready.connect(self.ready.append)
        self.folder = str(folder)
        self.presenter.lead(loop, OPTIONS)


@pytest.fixture
def bench(composed: LoopInHand, tmp_path: Path) -> Bench:
    return Bench(composed, tmp_path / "dragged")


def test_what_plays_is_dragged_as_it_plays(bench: Bench, composed: LoopInHand) -> None:
    bench.dragging.drag_loop(bench.folder)
    ((path,),) = bench.ready
    recipe, name = composed.recipe, Path(path).name
    assert name.startswith(recipe.title)
    assert f" - {round(recipe.facts.tempo_bpm or 0.0, 1):g} bpm - {recipe.facts.key} - " in name
    assert name.endswith(f"{recipe.loop.bars} bars.wav")
    clip = read_clip(path)
    assert clip.n_samples == recipe.loop.region.n_samples
    assert read_loop_tags(path) == (LoopRegion(0, clip.n_samples),)
    with Path(path).open("rb") as handle:
        body = Form(handle).body(b"acid") or b""
    beats, tempo_bpm = struct.unpack_from("<I", body, 12)[0], struct.unpack_from("<f", body, 20)[0]
    assert beats == 4 * (recipe.loop.bars or 0)
    assert tempo_bpm == pytest.approx(recipe.facts.tempo_bpm, abs=0.01)
    carried = recipe_of(path)
    assert isinstance(carried, Carried)
    assert carried.recipe.seed == recipe.seed
    written_ns = Path(path).stat().st_mtime_ns
    bench.dragging.drag_loop(bench.folder)
    assert bench.ready[1] == bench.ready[0]
    assert Path(path).stat().st_mtime_ns == written_ns, "what is there is not written again"


def test_a_candidate_is_dragged_while_another_plays(bench: Bench) -> None:
    now = bench.presenter.now_playing
    assert now is not None
    bench.dragging.drag_loop(bench.folder, len(now.candidates) - 1)
    bench.dragging.drag_loop(bench.folder, len(now.candidates))
    ((path,),) = bench.ready
    assert read_clip(path).n_samples == now.candidates[-1].region.n_samples


def test_takes_are_dragged_together_and_old_files_go(bench: Bench, composed: LoopInHand, tmp_path: Path) -> None:
    library_folder = tmp_path / "library"
    with TakeLibrary(library_folder, make=True) as library:
        ids = tuple(library.add(composed.clip, composed.recipe).take_id for _ in range(2))
    old, young = tmp_path / "dragged" / "old", tmp_path / "dragged" / "young"
    for one in (old, young):
        one.mkdir(parents=True)
        (one / "loop.wav").write_bytes(b"RIFF")
    long_ago_s = time.time() - KEPT_S - 60.0
    os.utime(old, (long_ago_s, long_ago_s))
    bench.takes.open(str(library_folder))
    bench.dragging.drag_takes(bench.folder, ids)
    (paths,) = bench.ready
    assert len(paths) == 2
    assert read_clip(paths[0]).n_samples == composed.recipe.loop.region.n_samples
    assert (old.exists(), young.exists()) == (False, True)
