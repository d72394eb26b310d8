# SPDX-License-Identifier: GPL-3.0-or-later
"""Where nothing loops the answer is the clip played through, over a seam that is hardly heard."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.features import Listener
from engine.loops import finder
from engine.loops.finder import find_loops, score_region
from engine.loops.proof import prove_seam
from engine.loops.through import quieter_overlap
from engine.values import Algorithm, Clip, LoopRegion, LoopSearch, MusicFacts
from engine.values.seams import QUIET
from tests.engine.loops.material import babble, groove, noise, sweep, tune

RATE = 22_050


def _melody(seconds: float, seed: int) -> Clip:
    """Return notes of any length and pitch, one after the other."""
    rng, out = np.random.default_rng(seed), np.zeros((round(seconds * RATE), 2))
    at = 0
    while at < out.shape[0]:
        t = np.arange(min(round(rng.uniform(0.1, 0.8) * RATE), out.shape[0] - at)) / RATE
        hz = 440.0 * 2.0 ** (int(rng.integers(-9, 10)) / 12)
        wave = sum(np.sin(2 * np.pi * k * hz * t) / k for k in (1, 2, 3)) * np.exp(-3.0 * t)
        out[at : at + t.size] += 0.2 * wave[:, None] * np.minimum(1.0, t / 0.005)[:, None]
        at += t.size
    return Clip(out.astype(np.float32), RATE)


def _drifting(seconds: float, seed: int) -> Clip:
    """Return drums at a steady tempo under a melody that never comes back, growing louder."""
    melody = 3.0 * tune(RATE, round(seconds * RATE), seed)
    drums = groove(RATE, 97.0, n_bars=seconds / 2, pattern_bars=1, seed=seed).samples[: melody.shape[0]]
    return Clip(((0.2 * drums + melody) * np.linspace(0.3, 1.0, melody.shape[0])[:, None]).astype(np.float32), RATE)


CLIPS = {
    "babble": babble(RATE, 20.0, 1),
    "melody": _melody(15.0, 4),
    "longer melody": _melody(30.0, 5),
    "drifting": _drifting(20.0, 6),
    "noise": noise(RATE, 10.0),
    "sweep": sweep(RATE, 12.0),
}


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("name", CLIPS)
def test_most_of_the_clip_is_kept_and_its_seam_is_hardly_heard(name: str, algorithm: Algorithm) -> None:
    clip = CLIPS[name]
    findings = find_loops(clip, LoopSearch(algorithm))
    best = findings.best
    assert best.weak
    assert best.played_through
    assert best.overlap_ms is not None
    assert best.region.n_samples >= 0.65 * clip.n_samples
    assert not any(candidate.played_through for candidate in findings.candidates[1:])
    # The proof is of the seam with its own crossfade, for which there is room beside the region.
    assert findings.proof is not None
    _, proof = score_region(clip, best.region, findings.facts, best.overlap_for(480.0))
    assert proof.quieter_than == pytest.approx(findings.proof.quieter_than, abs=0.02)
    room = max(best.region.loop_start, clip.n_samples - best.region.loop_end)
    assert best.overlap_ms <= 1000.0 * room / RATE + 1.0
    if name != "sweep":
        assert proof.quieter_than >= 0.95


@pytest.mark.parametrize("gain", [0.05, 0.9])
def test_gain_and_channel_swap_change_nothing(gain: float) -> None:
    clip = CLIPS["drifting"]
    changed = Clip(np.ascontiguousarray(clip.samples[:, ::-1]) * np.float32(gain), RATE)
    one, other = find_loops(clip).best, find_loops(changed).best
    assert (other.region, other.overlap_ms) == (one.region, one.overlap_ms)


def test_bounds_are_kept_and_what_keeps_little_is_not_the_clip_played_through() -> None:
    clip = CLIPS["babble"]
    for longest_s in (5.0, 12.0, 17.0):
        best = find_loops(clip, LoopSearch(max_loop_s=longest_s)).best
        assert 0.6 * longest_s <= best.region.n_samples / RATE <= longest_s
        assert best.overlap_ms is not None
        assert best.played_through == (best.region.n_samples >= 0.5 * clip.n_samples)


def test_a_seam_that_is_heard_gets_a_longer_crossfade() -> None:
    clip, region = CLIPS["melody"], LoopRegion(3 * RATE + 1_000, 11 * RATE)
    hearing = finder.hearing_of(Listener(clip), finder.bounds_of(clip, LoopSearch()), MusicFacts())
    longer_ms = quieter_overlap(hearing, region, 5.0)
    short, long = (prove_seam(hearing.listener, hearing.rhythm, region, ms) for ms in (5.0, longer_ms))
    assert short.quieter_than < QUIET
    assert longer_ms > 5.0
    assert long.quieter_than > short.quieter_than
    assert longer_ms <= 1000.0 * (clip.n_samples - region.loop_end) / RATE + 1.0


def test_a_clip_that_loops_is_not_played_through() -> None:
    for candidate in find_loops(groove(RATE, 120.0)).candidates:
        assert not candidate.played_through
        assert candidate.overlap_ms is None
        assert candidate.overlap_for(123.0) == 123.0
