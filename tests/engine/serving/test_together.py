# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests are made together where one pass of a model makes just what each of them asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from engine.errors import GeneratorOutputBad
from engine.serving.scaled.together import alike, apart
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Parameters

PLAIN = ClipRequest(1, "lofi", "musicgen", "small", 5.0)


@dataclass(eq=False)
class Waiting:
    request: ClipRequest


def groups(*requests: ClipRequest, most: int = 4) -> list[list[int]]:
    return [[one.request.job_id for one in group] for group in alike([Waiting(one) for one in requests], most)]


def seeded(*seeds: int | None) -> list[ClipRequest]:
    return [replace(PLAIN, job_id=n, seed=seed) for n, seed in enumerate(seeds)]


def test_seeds_that_follow_one_another_are_one_request() -> None:
    assert groups(*seeded(8, 7, 9)) == [[1, 0, 2]]
    assert groups(*seeded(7, 9, 7, 8)) == [[0, 3, 1], [2]]
    assert groups(*seeded(None, None, 3)) == [[0, 1], [2]]
    # As many as a model makes at once; what waits longest comes first.
    assert groups(*seeded(5, 4, 3, 2, 1), most=2) == [[0], [2, 1], [4, 3]]


def test_what_differs_in_more_is_made_apart() -> None:
    clip = Clip(np.full((100, 1), 0.1, np.float32), 32_000)
    for change in (
        {"prompt": "rock"},
        {"model": "large"},
        {"duration_s": 6.0},
        {"bpm": 90.0},
        {"n_clips": 2},
        {"continue_from": clip},
        {"parameters": Parameters({"guidance": 2.0})},
    ):
        assert groups(PLAIN, replace(PLAIN, job_id=2, **change)) == [[1], [2]]
    # The same sound twice is not looked at: what holds one is made by itself.
    both = replace(PLAIN, continue_from=clip)
    assert groups(both, replace(both, job_id=2)) == [[1], [2]]


def test_each_request_gets_its_own_clip() -> None:
    clips = [Clip(np.full((100, 1), level, np.float32), 32_000) for level in (0.1, 0.2)]
    second = ClipResult(0, clips[1], MusicFacts(), 8, {})
    first = ClipResult(0, clips[0], MusicFacts(), 7, {}, others=(second,))
    told = apart(first, [replace(PLAIN, job_id=20), replace(PLAIN, job_id=21)], "MusicGen")
    assert [(one.job_id, one.seed, one.clip, one.others) for one in told] == [
        (20, 7, clips[0], ()),
        (21, 8, clips[1], ()),
    ]
    assert apart(first, [PLAIN], "MusicGen") == [first]
    with pytest.raises(GeneratorOutputBad, match="it made 2 clips, and 3 were asked for"):
        apart(first, [PLAIN] * 3, "MusicGen")
