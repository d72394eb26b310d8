# SPDX-License-Identifier: GPL-3.0-or-later
"""An endless layer of a jam is played by MusicGen, each part of which goes on from the sound of the last one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.generators.base import GeneratorSettings, finished
from engine.generators.jobs import GenerateJob
from engine.generators.service import make_clip
from engine.values import ClipResult
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import LayerName, LayerPrompt
from tests.engine.session.jam.jamming import Stage, Studio
from tests.standins.tiny_musicgen import install

DRUMS = LayerName.DRUMS


class WithModel(Studio):
    """A studio with a tiny MusicGen."""

    def make(self, job: GenerateJob) -> ClipResult:
        if job.request.generator != "musicgen":
            return super().make(job)
        self.asked.append(job.request)
        return finished(make_clip(job.request, job.settings))


@pytest.fixture(scope="module")
def folder(one_core: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as the hub's cache, with one tiny model."""
    folder = tmp_path_factory.mktemp("hub")
    install(folder, "small")
    return folder


@pytest.mark.soak
def test_each_part_goes_on_from_the_last_one(folder: Path) -> None:
    settings = GeneratorSettings(models_folder=str(folder))
    stage = Stage(WithModel(), settings=settings.with_values("musicgen", {"precision": "full", "device": "cpu"}))
    jam = stage.jam
    jam.set_tempo(200.0)
    jam.set_bars(1)
    # What noise makes has no bars to be found: the first part goes on from a loop of clicks.
    jam.set_prompt(DRUMS, LayerPrompt("clicks", "composer"))
    jam.make(DRUMS)
    loop = jam.layers[DRUMS].playing
    assert loop is not None
    jam.layers[DRUMS].playing = replace(loop, recipe=replace(loop.recipe, generator="musicgen"))
    jam.set_prompt(DRUMS, LayerPrompt("a drum", "musicgen", "small"))
    jam.start()
    jam.set_endless(DRUMS, 0.3)
    stage.play(3.0)
    assert stage.studio.failed == []
    begun = [loop for loop, _ in stage.studio.began]
    assert len(begun) >= 3
    parts = stage.studio.asked[1:]
    assert parts[0].continue_from is not None
    for part, before in zip(parts[1:], begun, strict=False):
        assert part.continue_from is not None
        np.testing.assert_array_equal(part.continue_from.samples, before.baked.samples)
    # The first bar of what was made is what is heard, and no part is the one before.
    assert {loop.clip.n_samples for loop in begun} == {round(1.2 * STUDIO_SAMPLE_RATE)}
    for one, other in pairwise(begun):
        assert np.abs(one.baked.samples - other.baked.samples).max() > 0.01
