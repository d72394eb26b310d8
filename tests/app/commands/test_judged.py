# SPDX-License-Identifier: GPL-3.0-or-later
"""A model's clip is judged by the command as in the studio: told, stretched or made again; the composer's is not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from app.commands.judged import fit_dict, fit_words, judged_clip
from engine.errors import GeneratorOutputBad
from engine.library.importing import admitted
from engine.values import Clip, ClipRequest, ClipResult, Dullness, Fit, KeyFit, Misfit, MusicFacts, MusicFit, TempoFit
from tests.engine.session.composing import composed_loop

ASKED = ClipRequest(1, "house, 120 bpm", "musicgpt", "", 8.0)


@cache
def groove() -> Clip:
    """Return music at 124 bpm, as a model may have made it: nothing of it is told."""
    clip = composed_loop().clip
    return admitted(Clip(clip.samples, clip.sample_rate))


def hiss() -> Clip:
    return Clip(0.1 * np.random.default_rng(1).standard_normal((44_100 * 4, 1)).astype(np.float32), 44_100)


def result(clip: Clip, facts: MusicFacts | None = None) -> ClipResult:
    return ClipResult(1, clip, facts or MusicFacts(), None, {})


def test_another_tempo_is_measured_and_told() -> None:
    judged = judged_clip(ASKED, Misfit.KEEP, lambda _request: result(groove()))
    assert judged.made.clip is groove()
    (words,) = fit_words(judged.fit)
    assert words == "124 bpm, and 120 bpm were asked for"
    told = fit_dict(judged)
    assert (told["asked_tempo_bpm"], told["tempo_fit"], told["n_made"]) == (120.0, "other", 1)


def test_it_is_stretched_and_then_as_asked() -> None:
    judged = judged_clip(ASKED, Misfit.STRETCH, lambda _request: result(groove()))
    assert judged.facts.tempo_bpm == pytest.approx(120.0, abs=0.5)
    assert judged.request.speed == pytest.approx(120.0 / 124.0, abs=0.005)
    assert judged.made.clip.n_samples == pytest.approx(groove().n_samples * 124.0 / 120.0, rel=0.005)
    assert fit_words(judged.fit) == [f"{judged.facts.tempo_bpm:.5g} bpm as asked for"]


def test_a_dull_clip_is_made_again_with_the_seed_that_follows(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[int | None] = []

    def make(request: ClipRequest) -> ClipResult:
        asked.append(request.seed)
        return result(hiss() if len(asked) == 1 else groove())

    judged = judged_clip(replace(ASKED, seed=4), Misfit.KEEP, make)
    assert (asked, judged.request.seed, judged.dullness, judged.n_made) == ([4, 5], 5, None, 2)
    assert "did not change over its length: another one is made" in capsys.readouterr().err


def test_a_clip_that_is_dull_each_time_is_written_and_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    judged = judged_clip(ASKED, Misfit.KEEP, lambda _request: result(hiss()))
    assert (judged.dullness, judged.n_made) == (Dullness.UNCHANGING, 3)
    assert capsys.readouterr().err.count("another one is made") == 2


def test_what_is_silent_each_time_is_an_error() -> None:
    nothing = np.zeros((44_100 * 4, 1), dtype=np.float32)
    nothing[:2000] = 0.3
    with pytest.raises(GeneratorOutputBad, match="nothing is heard in it"):
        judged_clip(ASKED, Misfit.KEEP, lambda _request: result(Clip(nothing, 44_100)))


def test_an_exact_generators_clip_is_as_it_tells() -> None:
    facts = MusicFacts(120.0, "A minor", 4, 8)
    judged = judged_clip(replace(ASKED, generator="composer"), Misfit.AGAIN, lambda _request: result(hiss(), facts))
    assert (judged.facts, judged.fit, judged.n_made) == (facts, MusicFit(), 1)


def test_each_way_to_fit_has_its_words() -> None:
    assert fit_words(MusicFit(TempoFit(85.0, 170.0, Fit.DOUBLE), KeyFit("A minor", "C major", Fit.RELATIVE))) == [
        "170 bpm, double the 85 bpm asked for",
        "C major, the relative key of the A minor asked for",
    ]
    assert fit_words(MusicFit(TempoFit(85.0, None, Fit.NOT_HEARD), KeyFit("A minor", "E major", Fit.OTHER))) == [
        "no tempo is heard (85 bpm asked for)",
        "E major, and A minor was asked for",
    ]
