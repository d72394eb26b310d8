# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that are alike but for their seeds are found here: one pass of a model makes their clips together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from engine.errors import GeneratorOutputBad
from engine.values import ClipRequest, ClipResult


class Asking(Protocol):
    """This is what asks for a clip."""

    @property
    def request(self) -> ClipRequest: ...


One = TypeVar("One", bound=Asking)


def alike(waiting: Sequence[One], most: int) -> list[list[One]]:
    """Return groups of at most ``most`` that can be made of one request for several clips, each in its order.

    The clips of one request have the seeds that follow one another: so have those of a group, or none has a seed.
    """
    groups: list[list[One]] = []
    for one in sorted(waiting, key=lambda one: -1 if one.request.seed is None else one.request.seed):
        group = next((some for some in groups if len(some) < most and _goes_on(some[-1].request, one.request)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    # Whoever waits longest comes first.
    return sorted(groups, key=lambda group: min(waiting.index(one) for one in group))


def _goes_on(before: ClipRequest, request: ClipRequest) -> bool:
    """Return whether a clip of ``request`` is the next one of the request ``before``."""
    for one in (before, request):
        # What holds sounds is of one request alone, and who asks for several clips is given them as they are.
        if one.n_clips != 1 or one.guide or one.continue_from or one.restyle or one.follows:
            return False
    if (before.seed is None) != (request.seed is None):
        return False
    if before.seed is not None and request.seed != before.seed + 1:
        return False
    return replace(before, job_id=0, seed=None) == replace(request, job_id=0, seed=None)


def apart(result: ClipResult, requests: Sequence[ClipRequest], title: str) -> list[ClipResult]:
    """Return the result of each request of a group. Raises GeneratorOutputBad where there are not as many clips."""
    if len(requests) == 1:
        return [result]
    clips = (result, *result.others)
    if len(clips) != len(requests):
        detail = f"it made {len(clips)} clips, and {len(requests)} were asked for"
        raise GeneratorOutputBad(generator=title, detail=detail)
    return [replace(one, job_id=request.job_id, others=()) for one, request in zip(clips, requests, strict=True)]
