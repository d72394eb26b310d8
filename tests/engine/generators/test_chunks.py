# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a clip come at the studio's rate as one stream: between two of them there is no seam."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import GeneratorOutputBad
from engine.generators.base import Generation, finished
from engine.generators.chunks import with_fitted_chunks
from engine.library.importing import fitted
from engine.values import Clip, ClipResult, MusicFacts, Progress
from engine.values.audio import STUDIO_SAMPLE_RATE

RATE = 32_000
T = np.arange(3 * RATE) / RATE
WHOLE = Clip(
    (0.3 * np.sin(2.0 * np.pi * 330.0 * T) + 0.1 * np.sin(2.0 * np.pi * 5000.0 * T))[:, None].astype("f4"), RATE
)


def told(chunks: list[Clip]) -> Generation:
    for chunk in chunks:
        yield Progress(1, None, "generating", chunk=chunk)
    return ClipResult(1, WHOLE, MusicFacts(), None, {})


def cut(*places: int) -> list[Clip]:
    return [Clip(one, RATE) for one in np.split(WHOLE.samples, places)]


def fit(chunks: list[Clip]) -> list[Clip]:
    heard: list[Progress] = []
    finished(with_fitted_chunks(told(chunks), "Test"), heard)
    return [one.chunk for one in heard if one.chunk is not None]


def test_together_they_are_the_clip() -> None:
    parts = fit(cut(1, 640, 20_000, 64_000))
    assert {(one.sample_rate, one.n_channels) for one in parts} == {(STUDIO_SAMPLE_RATE, 2)}
    stream, whole = np.concatenate([one.samples for one in parts]), fitted(WHOLE).samples
    # The filter's last few milliseconds come with what follows.
    assert len(whole) - 0.05 * STUDIO_SAMPLE_RATE < len(stream) <= len(whole)
    np.testing.assert_allclose(stream[2000:-2000], whole[2000 : len(stream) - 2000], atol=1e-4)


@pytest.mark.parametrize(
    ("chunks", "says"),
    [
        ([Clip(np.full((9, 1), np.nan, "f4"), RATE)], "not numbers"),
        ([cut(9)[0], Clip(np.ones((9, 1), "f4"), 44_100)], "44100 Hz, and the one before 32000 Hz"),
    ],
)
def test_what_cannot_be_a_part_is_refused(chunks: list[Clip], says: str) -> None:
    with pytest.raises(GeneratorOutputBad, match=says):
        fit(chunks)
