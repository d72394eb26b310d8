# SPDX-License-Identifier: GPL-3.0-or-later
"""The finder takes the composer's music whole where it wraps, and whole bars of it where its ends are cut off."""

from __future__ import annotations

import numpy as np
import pytest

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer.composer import Composer
from engine.loops.finder import find_loops
from engine.values import Algorithm, Clip, ClipRequest, ClipResult, LoopRegion, LoopSearch, MusicFacts


def _compose(prompt: str, seed: int) -> ClipResult:
    return finished(Composer().generate(ClipRequest(1, prompt, "composer", "", 24.0, seed), GeneratorSettings()))


@pytest.mark.parametrize(
    ("prompt", "seed", "is_sure"),
    [
        ("techno 128 bpm", 5, True),
        ("house 124 bpm", 7, True),
        ("house 124 bpm", 5, False),
        ("disco 118 bpm", 5, True),
        ("hip hop 92 bpm", 5, False),
    ],
)
def test_composed_clip_loops_whole_and_its_cut_in_whole_bars(prompt: str, seed: int, is_sure: bool) -> None:
    """A cut of music whose bars differ much is played through in whole bars, and not said to be sure."""
    result = _compose(prompt, seed)
    clip, facts = result.clip, result.facts
    assert facts.tempo_bpm is not None
    assert facts.beats_per_bar is not None
    best = find_loops(clip, LoopSearch(Algorithm.ADVANCED, 4.0, facts=facts)).best
    assert best.region == LoopRegion(0, clip.n_samples)
    assert best.bars == facts.bars
    assert best.score > 0.95
    untagged = find_loops(Clip(clip.samples, clip.sample_rate), LoopSearch())
    assert untagged.best.region == LoopRegion(0, clip.n_samples)

    rate = clip.sample_rate
    cut = Clip(np.ascontiguousarray(clip.samples[int(0.37 * rate) : -int(1.1 * rate)]), rate)
    bar = facts.beats_per_bar * 60.0 / facts.tempo_bpm * rate
    for known in (MusicFacts(tempo_bpm=facts.tempo_bpm, beats_per_bar=facts.beats_per_bar), MusicFacts()):
        findings = find_loops(cut, LoopSearch(Algorithm.ADVANCED, 4.0, facts=known))
        n_bars = findings.best.region.n_samples / bar
        assert abs(n_bars - round(n_bars)) * bar / rate < 0.003
        assert findings.best.weak is not is_sure
