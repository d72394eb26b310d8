# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what every generator in the registry promises, the same for all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.dsp.loudness import integrated_lufs, true_peak_db
from engine.errors import EmptyPrompt, NotTaken, OutOfRange, UnknownChoice
from engine.generators.base import GeneratorSettings, finished
from engine.generators.musicgpt import MusicGPT
from engine.generators.registry import default_generator, generator_named, generators
from engine.generators.service import make_clip
from engine.library.importing import PEAK_DB, TARGET_LUFS
from engine.values import ClipRequest, ClipResult, Progress
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.bystanders import own_children
from tests.standins import musicgpt_settings

NAMES = ("composer", "musicgpt")
"""Names of the generators that run here as they are; the others need weights, or a machine."""
OTHERS = ("musicgen", "acestep", "stableaudio", "stableaudio3", "stableaudiosmall", "remote")
"""Names of the others, which have tests of their own."""


@pytest.fixture
def settings(musicgpt_standin: Path) -> Iterator[GeneratorSettings]:
    yield musicgpt_settings(str(musicgpt_standin))
    kept_warm = generator_named("musicgpt")
    assert isinstance(kept_warm, MusicGPT)
    kept_warm.close()
    assert not own_children()


def run(request: ClipRequest, settings: GeneratorSettings) -> tuple[list[Progress], ClipResult]:
    seen: list[Progress] = []
    return seen, finished(make_clip(request, settings), seen)


def test_the_built_in_one_comes_first() -> None:
    assert tuple(one.name for one in generators()) == (*NAMES, *OTHERS)
    assert generators()[0] is default_generator() is generator_named("composer")
    assert default_generator().title == "Built-in composer"
    assert generator_named("musicgpt").title == "MusicGPT"


@pytest.mark.parametrize("name", ["", "Composer", "suno"])
def test_an_unknown_name_lists_the_choices(name: str) -> None:
    with pytest.raises(
        UnknownChoice, match=f"no generator called “{name}”: choose one of composer, musicgpt, musicgen"
    ):
        generator_named(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_makes_studio_clips_from_its_shortest_on(name: str, settings: GeneratorSettings) -> None:
    can = generator_named(name).capabilities()
    for duration_s in (can.min_duration_s, 8.0):
        seed = 3 if can.takes.seed else None
        request = ClipRequest(5, "lofi calm rap beat, 85 bpm", name, "", duration_s, seed=seed)
        seen, result = run(request, settings)
        clip = result.clip
        assert (clip.sample_rate, clip.n_channels) == (STUDIO_SAMPLE_RATE, 2)
        assert clip.duration_s >= 0.5 * duration_s
        assert true_peak_db(clip) <= PEAK_DB + 0.01
        loudness = integrated_lufs(clip)
        assert loudness <= TARGET_LUFS + 0.05
        assert loudness > TARGET_LUFS - 6.0
        assert result.job_id == 5
        assert {one.job_id for one in seen} == {5}
        assert seen[-1].stage == "finishing"
        assert (result.seed is not None) == can.takes.seed
        if can.tells.progress:
            loaded = [one for one in seen if one.stage not in ("starting", "loading")]
            assert all(one.fraction is not None and 0.0 <= one.fraction <= 1.0 for one in loaded)
        if can.n_channels == 1:
            np.testing.assert_array_equal(clip.samples[:, 0], clip.samples[:, 1])


@pytest.mark.parametrize("name", NAMES)
def test_each_is_cancelled_at_its_first_steps(name: str, settings: GeneratorSettings) -> None:
    for n_steps in (1, 2, 3):
        steps = make_clip(ClipRequest(1, "jazz", name, "", 10.0), settings)
        for _ in range(n_steps):
            next(steps)
        steps.close()


@pytest.mark.parametrize("name", NAMES)
def test_each_is_guarded_by_the_same_gate(name: str, settings: GeneratorSettings) -> None:
    for request, error in [
        (ClipRequest(1, " \n", name, "", 10.0), EmptyPrompt),
        (ClipRequest(1, "jazz", name, "", 31.0), OutOfRange),
        (ClipRequest(1, "jazz", name, "", float("nan")), OutOfRange),
        (ClipRequest(1, "jazz", name, "no-such-model", 10.0), UnknownChoice if name == "musicgpt" else NotTaken),
    ]:
        with pytest.raises(error):
            next(make_clip(request, settings))


def test_importing_the_generators_stays_light() -> None:
    code = (
        "import sys, engine.generators.host, engine.generators.registry\n"
        "engine.generators.registry.generators()\n"
        "heavy = {'PySide6', 'librosa', 'torch', 'sounddevice', 'scipy.signal', 'pyloudnorm', 'soxr'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"
