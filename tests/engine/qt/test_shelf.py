# SPDX-License-Identifier: GPL-3.0-or-later
"""The shelf with a worker that answers as it is told: what the library cannot keep is told once, and is no take."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.paths import RESOURCES
from engine.errors import CannotWrite, StudioError
from engine.library.starters import load_starters
from engine.qt.baking import LoopInHand
from engine.qt.shelf import Shelf
from engine.values import FAVOURITE, JobFailed, Take
from engine.worker.jobs import Stored, StoreJob

pytestmark = pytest.mark.gui


class FullDisk:
    """Answers when it is asked to: a take is stored, or there is no room for it."""

    def __init__(self) -> None:
        self.has_room = False
        self._waiting: list[tuple[Any, Callable[[Any], None]]] = []

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        self._waiting.append((job, answer))

    def answer_all(self) -> None:
        while self._waiting:
            job, answer = self._waiting.pop(0)
            if isinstance(job, StoreJob):
                path = f"/library/take-{job.job_id}.flac"
                error = CannotWrite(path=path, detail="No space left on device")
                take = Take(str(job.job_id), job.recipe, path)
                answer(Stored(job.job_id, take) if self.has_room else JobFailed(job.job_id, error))


@pytest.fixture
def disk() -> FullDisk:
    return FullDisk()


@pytest.fixture
def shelf(qapp: QObject, disk: FullDisk) -> Iterator[Shelf]:
    parent = QObject()
    yield Shelf(disk, itertools.count(100).__next__, parent)  # type: ignore[arg-type]
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="module")
def loops() -> list[LoopInHand]:
    starter = load_starters(RESOURCES / "starters")[0]
    return [LoopInHand.of_recipe(loop_id, starter.clip, starter.recipe) for loop_id in range(4)]


def test_a_full_disk_is_told_once_until_there_was_room(shelf: Shelf, disk: FullDisk, loops: list[LoopInHand]) -> None:
    told: list[StudioError] = []
    shelf.failed.connect(told.append)
    for loop in loops[:3]:
        shelf.keep(loop)
        disk.answer_all()
    assert len(told) == 1
    disk.has_room = True
    shelf.keep(loops[3])
    disk.answer_all()
    disk.has_room = False
    shelf.keep(loops[0])
    disk.answer_all()
    assert len(told) == 2


def test_what_was_not_kept_is_no_favourite(shelf: Shelf, disk: FullDisk, loops: list[LoopInHand]) -> None:
    changes: list[object] = []
    shelf.takes_changed.connect(changes.append)
    loop = loops[0]
    shelf.keep(loop)
    assert shelf.can_rate(loop.loop_id), "it is about to be a take"
    shelf.rate(loop.loop_id, FAVOURITE)
    assert shelf.rating(loop.loop_id) == FAVOURITE
    disk.answer_all()
    assert shelf.rating(loop.loop_id) == ""
    assert not shelf.can_rate(loop.loop_id)
    assert changes, "whoever shows it is told"
    shelf.rate(loop.loop_id, FAVOURITE)
    assert shelf.rating(loop.loop_id) == ""
