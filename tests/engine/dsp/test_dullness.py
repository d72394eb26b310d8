# SPDX-License-Identifier: GPL-3.0-or-later
"""Each dull sound is told and named, at any level and as a model's mono file; music is never dull."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from app.paths import RESOURCES
from engine.dsp.dullness import dullness_of
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.library.importing import admitted
from engine.values import Clip, ClipRequest, Dullness
from tests.engine.session.composing import composed_loop
from tests.sampling import some
from tests.starters import shipped

RATE, SECONDS = 32_000, 12.0
DoubleArray = npt.NDArray[np.float64]


@cache
def times() -> DoubleArray:
    return np.arange(round(RATE * SECONDS)) / RATE


def saw(hz: float) -> DoubleArray:
    wave: DoubleArray = 2.0 * ((hz * times()) % 1.0) - 1.0
    return wave


def noise(level: float) -> DoubleArray:
    return level * np.random.default_rng(1).standard_normal(times().size)


def strokes(period_s: float, hz: float, decay: float, *, uneven: float = 0.0) -> DoubleArray:
    """Return strokes as regular as a metronome's, some louder than others by a share of up to ``uneven``."""
    wave, one, random = np.zeros(times().size), times()[: RATE // 4], np.random.default_rng(2)
    stroke = np.exp(-decay * one) * np.sin(2.0 * np.pi * hz * one)
    for at in np.arange(0.1, SECONDS - 0.3, period_s):
        first = round(at * RATE)
        wave[first : first + stroke.size] += stroke * (1.0 - uneven * random.random())
    return wave


def starter(number: int) -> DoubleArray:
    clip = shipped()[number].clip
    wave: DoubleArray = clip.samples.mean(axis=1).astype(np.float64)
    return wave


DULL: dict[str, tuple[Callable[[], DoubleArray], Dullness]] = {
    "a sine": (lambda: np.sin(2.0 * np.pi * 440.0 * times()), Dullness.TONE),
    "a saw": (lambda: saw(110.0), Dullness.TONE),
    "a chord": (lambda: saw(110.0) + saw(138.6) + saw(164.8), Dullness.TONE),
    "a tone with vibrato in faint noise": (
        lambda: np.sin(2.0 * np.pi * 220.0 * times() + 2.0 * np.sin(2.0 * np.pi * 5.0 * times())) + noise(0.003),
        Dullness.TONE,
    ),
    "hiss": (lambda: noise(0.1), Dullness.UNCHANGING),
    "a metronome": (lambda: strokes(0.5, 1000.0, 40.0), Dullness.METRONOME),
    "a kick drum, some strokes softer, in hum": (
        lambda: strokes(0.47, 60.0, 12.0, uneven=0.1) + 0.003 * np.sin(2.0 * np.pi * 50.0 * times()),
        Dullness.METRONOME,
    ),
    "one stroke and silence": (
        lambda: strokes(100.0, 440.0, 6.0) + noise(1e-5),
        Dullness.SILENT,
    ),
    "music 24 dB too loud": (lambda: np.clip(16.0 * starter(1), -0.9, 0.9), Dullness.CLIPPED),
}


def clip_of(wave: DoubleArray, level: float, rate: int = RATE) -> Clip:
    """Return a model's mono clip as the studio's gate lets it in."""
    return admitted(Clip((level * wave / np.abs(wave).max())[:, None].astype(np.float32), rate))


@pytest.mark.parametrize("name", DULL)
@pytest.mark.parametrize("level", some([0.05, 0.9]))
def test_a_dull_sound_is_named(name: str, level: float) -> None:
    make, dullness = DULL[name]
    assert dullness_of(clip_of(make(), level)) is dullness


@pytest.mark.parametrize("number", range(4))
def test_a_starter_is_not_dull(number: int) -> None:
    clip = shipped()[number].clip
    assert dullness_of(clip) is None
    assert dullness_of(Clip(0.02 * clip.samples[:, :1], clip.sample_rate)) is None


def test_a_composed_clip_is_not_dull() -> None:
    assert dullness_of(composed_loop().clip) is None


def test_music_a_little_too_loud_is_not_clipped_flat() -> None:
    assert dullness_of(clip_of(np.clip(3.0 * starter(2), -0.9, 0.9), 0.9)) is None


@pytest.mark.soak
@pytest.mark.parametrize("style", sorted(one.stem for one in (RESOURCES / "styles").glob("*.toml")))
def test_no_style_of_the_composer_is_dull(style: str) -> None:
    prompt = f"{Path(style).stem.replace('_', ' ')}, synthesised"
    made = finished(make_clip(ClipRequest(1, prompt, "composer", "", 12.0, seed=3), GeneratorSettings()))
    assert dullness_of(made.clip) is None
