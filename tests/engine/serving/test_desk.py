# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk goes on to the next job, whatever has become of the one before, or of the person who was told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.generators.base import GeneratorSettings
from engine.generators.registry import generator_named
from engine.serving.desk import Desk
from engine.serving.job import Job, State
from engine.serving.limits import ServingLimits
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

GOOD = ClipResult(0, Clip(np.zeros((100, 1), dtype=np.float32), 22_050), MusicFacts(), None, {})
NOTHING: Any = None


class HandsOver:
    """This maker has results, and hands over one after the other."""

    n_at_once = 1

    def __init__(self, *results: ClipResult) -> None:
        self._results = list(results)

    def make(self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        del tell, is_wanted
        return replace(self._results.pop(0), job_id=request.job_id)

    def close(self) -> None:
        """Do nothing: it runs nothing."""


def ends_of(maker: HandsOver, n_jobs: int, tell: Callable[[str], None]) -> list[State]:
    """Return how so many jobs end at a desk."""

    async def ended(job: Job) -> State:
        async for _ in job.events(0):
            pass
        return job.state

    async def run() -> list[State]:
        desk = Desk(generator_named("composer"), GeneratorSettings(), maker, ServingLimits(), tell=tell)
        desk.open()
        request = ClipRequest(0, "lofi", "composer", "", 1.0)
        jobs = [(await desk.submit(f"{number}", "", request))[0] for number in range(n_jobs)]
        try:
            async with asyncio.timeout(20.0):
                return [await ended(one) for one in jobs]
        finally:
            await desk.close()

    return asyncio.run(run())


@pytest.fixture
def expected_logs() -> list[str]:
    return ["a clip was not made"]


def test_a_result_that_cannot_be_told_is_the_end_of_its_job_alone() -> None:
    lines: list[str] = []
    bad = replace(GOOD, facts=NOTHING)
    assert ends_of(HandsOver(bad, GOOD), 2, lines.append) == [State.FAILED, State.DONE]
    assert lines[0].startswith("clip 1: Built-in composer made no clip: AttributeError")


def test_a_terminal_that_is_gone_keeps_no_job_from_being_made() -> None:
    def tell(_line: str) -> None:
        raise BrokenPipeError

    assert ends_of(HandsOver(GOOD, GOOD), 2, tell) == [State.DONE, State.DONE]
