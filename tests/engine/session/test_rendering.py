# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering is decided by the session's own parts: loudness, matched beats, what else is made when one fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.dsp.loudness import loop_loudness
from engine.errors import GeneratorFailed, GeneratorMissing, StudioError
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.playback.file.offline import END_FADE_S
from engine.session import varying
from engine.session.options import Happening, StudioOptions
from engine.session.rendering import render_music
from engine.values import (
    BakedLoop,
    Clip,
    ClipResult,
    FloatArray,
    MusicFacts,
    TransitionPlan,
    TransitionWish,
)
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from tests.engine.loops.material import groove
from tests.engine.session.composing import made
from tests.listening import find_faults

OPTIONS = StudioOptions(
    prompt="house",
    duration_s=8.0,
    min_play_s=10.0,
    transition=TransitionWish(overlap_ms=100.0),
    generators=GeneratorSettings(),
)


@pytest.fixture
def expected_logs() -> list[str]:
    return ["it has had enough", "was not found"]


class Maker:
    """This maker makes drums, each time louder and a little faster, and fails where it is told to."""

    def __init__(self, *, failing: tuple[str, ...] = (), from_clip: int = 0) -> None:
        self.jobs: list[GenerateJob] = []
        self._failing = failing
        self._from_clip = from_clip

    def make(self, job: GenerateJob) -> ClipResult:
        self.jobs.append(job)
        n_made = len(self.jobs) - 1
        if job.request.generator in self._failing and n_made >= self._from_clip:
            raise GeneratorFailed(generator=job.request.generator, exit_code=1, detail="it has had enough")
        tempo_bpm = 120.0 + 2.0 * (n_made % 3)
        clip = groove(RATE, tempo_bpm, n_bars=4, seed=n_made)
        clip = Clip(clip.samples * np.float32(0.5 + 0.2 * n_made), RATE)
        return ClipResult(job.request.job_id, clip, MusicFacts(tempo_bpm=tempo_bpm), n_made, {})


class Rendered:
    def __init__(self, maker: Maker, seconds: float, options: StudioOptions = OPTIONS) -> None:
        self.parts: list[FloatArray] = []
        self.made: list[Any] = []
        self.lines: list[Happening] = []
        self.fractions = list(
            render_music(
                options,
                maker.make,
                total_samples=round(seconds * RATE),
                write=lambda block: self.parts.append(block.copy()),
                on_made=self.made.append,
                on_happening=self.lines.append,
            )
        )

    @property
    def samples(self) -> FloatArray:
        return np.concatenate(self.parts)


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[TransitionPlan]:
    """Return the plans that the mixer was given."""
    from engine.playback.file import offline

    given: list[TransitionPlan] = []
    take_over = offline.OfflinePlayer.take_over

    def noted(self: offline.OfflinePlayer, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan) -> None:
        given.append(plan)
        take_over(self, loop_id, loop, lead_id, plan)

    monkeypatch.setattr(offline.OfflinePlayer, "take_over", noted)
    return given


@pytest.mark.soak
def test_loops_follow_one_another_as_loud_as_the_studio_plays_them(plans: list[TransitionPlan]) -> None:
    rendered = Rendered(Maker(), 45.0)
    out = rendered.samples
    assert len(out) == 45 * RATE
    assert rendered.fractions == sorted(rendered.fractions)
    assert rendered.fractions[-1] == 1.0
    assert find_faults(out[: -round(END_FADE_S * RATE)], RATE) == []
    # Each clip was made louder than the one before it; each loop is as loud as the others.
    levels = [loop_loudness(out[at * RATE : (at + 8) * RATE], RATE) for at in (1, 17, 33)]
    assert levels == pytest.approx([OPTIONS.target_lufs] * 3, abs=1.5)
    assert len(plans) >= 2
    # Tempos 2 bpm apart: the next one begins at the pace of the one that plays, and its bass takes over as one.
    assert plans[0].lead_in is not None
    assert plans[0].bass is None, "a crossfade of 0.1 s is over before two basses are heard"
    longer = replace(OPTIONS, transition=TransitionWish(bars=1))
    plans.clear()
    Rendered(Maker(), 25.0, longer)
    assert plans[0].bass is not None


def test_no_clip_is_made_for_nothing() -> None:
    maker = Maker()
    rendered = Rendered(maker, 15.0)
    # The second one is made when the first has played for long enough, and comes at the end of its turn.
    assert len(maker.jobs) == 2
    assert [one.recipe.seed for one in rendered.made] == [0, 1]
    maker = Maker()
    Rendered(maker, 8.0)
    assert len(maker.jobs) == 1


@pytest.mark.soak
def test_what_fails_later_is_made_in_another_way_as_in_the_studio() -> None:
    maker = Maker(failing=("musicgpt",), from_clip=1)
    rendered = Rendered(maker, 30.0, replace(OPTIONS, generator="musicgpt", model="small"))
    assert maker.jobs[0].request.generator == "musicgpt"
    assert maker.jobs[-1].request.generator == "composer"
    warnings = [str(one) for one in rendered.lines if one.level == "warning"]
    assert any("the composer does, until it works again" in one for one in warnings)
    assert len(rendered.samples) == 30 * RATE
    assert find_faults(rendered.samples[: -round(END_FADE_S * RATE)], RATE) == []


def test_what_fails_at_first_is_told_and_nothing_is_made() -> None:
    def missing(job: GenerateJob) -> ClipResult:
        raise GeneratorMissing(generator="MusicGPT", hint="get it")

    written: list[int] = []
    with pytest.raises(StudioError, match="was not found"):
        list(render_music(OPTIONS, missing, total_samples=RATE, write=lambda block: written.append(len(block))))
    assert written == []


@pytest.mark.soak
def test_the_end_fades_out_and_the_same_clips_make_the_same_file() -> None:
    one, other = (Rendered(Maker(), 14.0).samples for _ in range(2))
    np.testing.assert_array_equal(one, other)
    level = float(np.sqrt(np.mean(one[2 * RATE : 8 * RATE] ** 2)))
    assert float(np.abs(one[-200:]).max()) < 0.02 * level
    short = Rendered(Maker(), 0.5).samples
    assert len(short) == RATE // 2
    assert float(np.abs(short[: RATE // 5]).max()) > 0.05


class Composing(Maker):
    """This maker composes, and remembers what was asked for."""

    def make(self, job: GenerateJob) -> ClipResult:
        self.jobs.append(job)
        return made(job.request)


@pytest.mark.soak
def test_a_composed_loop_is_varied_from_a_place_on_as_in_the_studio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(varying, "FIRST_S", 3.0)
    wanted = replace(OPTIONS, prompt="drum and bass, 174 bpm, 4 bars", duration_s=5.0, min_play_s=300.0)
    outs = []
    for vary in (False, True):
        maker = Composing()
        settings = GeneratorSettings().with_values("composer", {"sounds": "synthesised", "seed": 5, "vary": vary})
        outs.append(Rendered(maker, 12.0, replace(wanted, generators=settings)).samples)
        assert [one.request.variation for one in maker.jobs] == ([0, 1] if vary else [0])
    first = int(np.flatnonzero(np.abs(outs[0] - outs[1]).max(axis=1) > 1e-6)[0])
    turn_s = 4 * 4 * 60.0 / 174.0
    assert turn_s - 0.05 <= first / RATE < 2.0 * turn_s
    assert find_faults(outs[1][: -round(END_FADE_S * RATE)], RATE) == []


def test_closing_it_stops_everything() -> None:
    written: list[int] = []
    steps = render_music(OPTIONS, Maker().make, total_samples=10**9, write=lambda block: written.append(len(block)))
    next(steps)
    steps.close()
    assert len(written) == 1
