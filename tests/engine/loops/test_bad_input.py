# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop finder answers any input rightly or with one clear sentence: no other error, no warning."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.errors import StudioError
from engine.loops import find_loops, score_region
from engine.values import LoopRegion
from tests.engine.loops.anything import Case, cases, check_candidate, check_findings, check_proof

N_EXAMPLES = int(os.environ.get("INFINILOOP_EXAMPLES", "50"))
"""Number of sounds to try."""

CALM = settings(max_examples=N_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.fixture(autouse=True, scope="module")
def _strides_stay_within() -> Iterator[None]:
    """Check that views made by hand do not leave their array, as numpy does not look."""
    real = np.lib.stride_tricks.as_strided

    def checked(x: Any, shape: Any = None, strides: Any = None, **more: Any) -> Any:
        reach = sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
        own = sum((n - 1) * step for n, step in zip(x.shape, x.strides, strict=True))
        assert 0 in shape or (x.size and 0 <= reach <= own), (shape, strides, x.shape, x.strides)
        return real(x, shape, strides, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np.lib.stride_tricks, "as_strided", checked)
        yield


@given(case=cases())
@CALM
def test_any_sound_and_any_wish(case: Case) -> None:
    clip = case.clip()
    try:
        findings = find_loops(clip, case.search)
    except StudioError as error:
        event(type(error).__name__)
        return
    event("found")
    assert np.isfinite(clip.samples).all()
    check_findings(clip, case.search, findings)


@given(case=cases(), ends=st.tuples(st.floats(0, 1), st.floats(0, 1)))
@CALM
def test_any_region_of_any_sound(case: Case, ends: tuple[float, float]) -> None:
    clip = case.clip()
    start, end = (min(int(share * clip.n_samples), clip.n_samples - 1) for share in sorted(ends))
    region = LoopRegion(start, max(end, start + 1))
    try:
        candidate, proof = score_region(clip, region, case.search.facts, case.search.overlap_ms)
    except StudioError as error:
        event(type(error).__name__)
        return
    assert candidate.region == region
    check_candidate(clip, candidate)
    check_proof(proof)
