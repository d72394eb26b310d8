# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the loop that the person chose beside its take, however fast an edge is moved."""

from __future__ import annotations

from collections.abc import Callable

from engine.session.ports import Jobs, NextId
from engine.values import JobFailed, LoopCandidate
from engine.worker.library_jobs import LoopSet, SetLoopJob

Answer = Callable[[LoopSet | JobFailed], None]


class ChosenLoops:
    """The chosen loops are written one at a time for each take; of those that are chosen meanwhile, only the last."""

    def __init__(self, jobs: Jobs, next_id: NextId) -> None:
        self._jobs = jobs
        self._next_id = next_id
        # By folder and take, what is to be written after what is being written.
        self._later: dict[tuple[str, str], LoopCandidate | None] = {}

    def write(self, folder: str, take_id: str, loop: LoopCandidate, then: Answer) -> None:
        """Have the take play this loop; ``then`` is called whenever one was written, or could not be."""
        place = folder, take_id
        if place in self._later:
            self._later[place] = loop
        else:
            self._write(place, loop, then, first=False)

    def _write(self, place: tuple[str, str], loop: LoopCandidate, then: Answer, *, first: bool) -> None:
        def answer(result: LoopSet | JobFailed) -> None:
            newer = self._later.pop(place, None)
            if newer is not None:
                # Before all that was asked after it was chosen: the take may be about to be brought back.
                self._write(place, newer, then, first=True)
            then(result)

        self._later[place] = None
        self._jobs.submit(SetLoopJob(self._next_id(), *place, loop), answer, first=first)

    def finish(self) -> None:
        """Ask for all that is still to be written, answered or not, as the studio closes."""
        later, self._later = self._later, {}
        for place, loop in later.items():
            if loop is not None:
                self._jobs.submit(SetLoopJob(self._next_id(), *place, loop), lambda _: None)
