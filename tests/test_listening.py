# SPDX-License-Identifier: GPL-3.0-or-later
"""The ears hear every planted fault, in composed and in made-up music, and complain of no clean music."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import gain_law
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.units import db_to_amplitude
from engine.values import ClipRequest, FloatArray
from tests.listening import Kind, align, dip_at, find_faults, short_term_loudness, worst_dip_db
from tests.sampling import some

SAMPLE_RATE = 44_100
STYLES = sorted(path.stem for path in (Path(__file__).parent.parent / "resources/styles").glob("*.toml"))
SEED = 7
CLIP_S = 6.0
NOON = 3 * SAMPLE_RATE
"""Second, more or less, at which faults are planted."""

# The composer's noise bands overflow to infinity, and so to a gain of exactly 0, far below their corner: harmless.
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered in power:RuntimeWarning")


@cache
def composed(style: str, duration_s: float = CLIP_S) -> FloatArray:
    """Return a clip of the project's own composer, which the studio plays."""
    asked = ClipRequest(1, style.replace("_", " "), "composer", "", duration_s, SEED)
    clip = finished(make_clip(asked, GeneratorSettings())).clip
    assert clip.sample_rate == SAMPLE_RATE
    return clip.samples


@cache
def drum_machine() -> FloatArray:
    """Return kick, snare and hats with hard attacks and digital silence between them, over nothing."""
    rng = np.random.default_rng(3)
    out = np.zeros((6 * SAMPLE_RATE, 2))
    for step in range(44):
        length = SAMPLE_RATE // 8
        t = np.arange(length) / SAMPLE_RATE
        kick = 0.8 * np.sin(2 * np.pi * (50.0 * t + 6.0 * (1.0 - np.exp(-40.0 * t)))) * np.exp(-t / 0.012)
        snare = 0.3 * rng.normal(size=length) * np.exp(-t / 0.01)
        hat = 0.1 * np.diff(rng.normal(size=length + 1)) * np.exp(-t / 0.006)
        hit = (kick, hat, snare, hat)[step % 4]
        start = round((step + 0.25 * (step % 2)) * SAMPLE_RATE * 0.13)
        out[start : start + length] += hit[:, None] * (0.8, 1.0)
    out[np.abs(out) < 1e-6] = 0.0
    return out.astype(np.float32)


@cache
def synthesizer() -> FloatArray:
    """Return naive (not band-limited) sawtooth and square waves whose notes change every 0.25 s."""
    rng = np.random.default_rng(4)
    notes = []
    for hz in rng.choice([55.0, 82.41, 110.0, 164.81, 220.0, 329.63, 440.0], 24):
        t = np.arange(SAMPLE_RATE // 4) / SAMPLE_RATE
        envelope = np.minimum(1.0, t / 0.003) * np.minimum(1.0, (0.25 - t) / 0.01)
        saw, square = 2.0 * (hz * t % 1.0) - 1.0, np.sign(np.sin(2.0 * np.pi * 2.0 * hz * t + 0.01))
        notes.append(envelope[:, None] * np.stack([0.3 * saw + 0.1 * square, 0.2 * saw + 0.15 * square], axis=1))
    return np.concatenate(notes).astype(np.float32)


def chord() -> FloatArray:
    """Return eight seconds of tones that meet nowhere in a common period, gently swelling."""
    t = np.arange(8 * SAMPLE_RATE) / SAMPLE_RATE
    tones = sum(np.sin(2.0 * np.pi * hz * t) for hz in (110.3, 164.9, 277.7, 415.1))
    return (0.1 * tones * (1.0 + 0.3 * np.sin(2.0 * np.pi * 0.7 * t)))[:, None].repeat(2, axis=1).astype(np.float32)


def music(name: str) -> FloatArray:
    made: dict[str, Callable[[], FloatArray]] = {
        "drum machine": drum_machine,
        "synthesizer": synthesizer,
        "chord": chord,
    }
    return made[name]() if name in made else composed(name)


MATERIAL = ("jazz", "chiptune", "techno", "cinematic", "rock", "chord")


def kinds_at(recording: FloatArray, at_s: float, *, within_s: float = 0.002) -> set[Kind]:
    return {fault.kind for fault in find_faults(recording, SAMPLE_RATE) if abs(fault.at_s - at_s) <= within_s}


def loud_place(samples: FloatArray, after: int = NOON) -> int:
    """Return the next place where both channels are well away from zero."""
    level = np.abs(samples[after:]).min(axis=1)
    return after + int(np.argmax(level > 0.3 * level[:SAMPLE_RATE].max()))


# --- clean music ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", some(STYLES, every=8))
def test_composed_music_is_clean_round_its_seam_and_at_any_gain(style: str) -> None:
    clip = composed(style)
    heard = np.concatenate([clip, clip[: SAMPLE_RATE // 2]])
    ramp = np.linspace(1.0, 0.4, len(heard), dtype=np.float32)[:, None]
    assert find_faults(heard * ramp, SAMPLE_RATE) == []


@pytest.mark.parametrize("name", ["drum machine", "synthesizer", "chord"])
def test_hard_attacks_and_edges_are_music(name: str) -> None:
    assert find_faults(music(name), SAMPLE_RATE) == []


def test_a_takeover_is_clean() -> None:
    out, into = composed("funk"), composed("ambient")
    g_out, g_in = gain_law(0.0, SAMPLE_RATE)
    cross = out[-SAMPLE_RATE:] * g_out + into[:SAMPLE_RATE] * g_in
    assert find_faults(np.concatenate([out[:-SAMPLE_RATE], cross, into[SAMPLE_RATE:]]), SAMPLE_RATE) == []


def test_silence_around_music_is_no_gap() -> None:
    second = np.zeros((SAMPLE_RATE, 2), dtype=np.float32)
    assert find_faults(np.concatenate([second, drum_machine(), second]), SAMPLE_RATE) == []
    assert find_faults(second, SAMPLE_RATE) == []


# --- planted faults ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", some([*MATERIAL, "synthesizer"], every=3))
@pytest.mark.parametrize("held", [False, True])
def test_a_gap_of_5_ms(name: str, held: bool) -> None:
    heard = music(name).copy()
    at = loud_place(heard)
    heard[at : at + 220] = heard[at - 1] if held else 0.0
    assert "gap" in kinds_at(heard, at / SAMPLE_RATE)


@pytest.mark.parametrize("name", some(MATERIAL, every=3))
def test_a_gap_that_silence_pushed_in(name: str) -> None:
    """A sound server puts silence in when the music comes late, and nothing is lost."""
    samples = music(name)
    at = loud_place(samples)
    heard = np.concatenate([samples[:at], np.zeros((1000, 2), dtype=np.float32), samples[at:]])
    assert "gap" in kinds_at(heard, at / SAMPLE_RATE)


@pytest.mark.soak
@pytest.mark.parametrize("name", some(MATERIAL, every=3))
@pytest.mark.parametrize("size", some([0.5, 4.0, 8.0], every=2))
def test_a_click_of_one_sample(name: str, size: float) -> None:
    """The click's ``size`` is full scale for 0.5, else in units of the largest step within 16 ms.

    A stroke as bright as a small one may hide it.
    """
    clean, found = music(name), []
    for after in range(NOON, len(clean) - SAMPLE_RATE, SAMPLE_RATE // 13)[:12]:
        heard = clean.copy()
        at = loud_place(heard, after)
        step = float(np.abs(np.diff(heard[at - 700 : at + 700], axis=0)).max())
        heard[at, 0] += 0.5 if size == 0.5 and step < 0.12 else max(size, 4.0) * step
        found.append(kinds_at(heard, at / SAMPLE_RATE))
    assert len(found) >= 3
    assert found.count({"click"}) >= (0.75 if size < 8.0 else 1.0) * len(found), found


@pytest.mark.soak
@pytest.mark.parametrize("name", some(MATERIAL, every=3))
def test_a_stutter_of_10_ms(name: str) -> None:
    samples = music(name)
    at = loud_place(samples)
    heard = np.concatenate([samples[:at], samples[at - 441 :]])
    assert "repeat" in kinds_at(heard, at / SAMPLE_RATE)


@pytest.mark.soak
@pytest.mark.parametrize("lost", [441, 7777])
def test_lost_blocks_are_heard_where_the_jump_stands_out(lost: int) -> None:
    """The ears hear nine splices in ten, of those that jump by 4 times the largest step within 16 ms."""
    heard_of = total = 0
    for name in MATERIAL:
        samples = music(name)
        for at in range(SAMPLE_RATE // 2, len(samples) - lost - 20_000, 17_051):
            heard = np.concatenate([samples[at - 20_000 : at], samples[at + lost : at + lost + 20_000]])
            steps = np.abs(np.diff(heard[20_000 - 700 : 20_000 + 700], axis=0))
            jump = steps[699].copy()
            steps[690:710] = 0.0
            if (jump > 4.0 * np.maximum(steps.max(axis=0), 1e-3)).any():
                total += 1
                heard_of += "click" in kinds_at(heard, 20_000 / SAMPLE_RATE)
    assert total > 10
    assert heard_of >= 0.9 * total


# --- against a reference ----------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(n_loop=st.integers(50, 3000), offset=st.integers(0, 2999), turns=st.floats(0.3, 4.0), seed=st.integers(0, 99))
def test_align_is_exact_for_any_length(n_loop: int, offset: int, turns: float, seed: int) -> None:
    offset %= n_loop
    loop = np.random.default_rng(seed).normal(size=(n_loop, 2)).astype(np.float32)
    index = np.arange(-offset, max(20, int(turns * n_loop)) - offset)
    assert align(loop.take(index, axis=0, mode="wrap"), loop) == offset


@pytest.mark.soak
def test_what_differs_from_the_loop_is_told() -> None:
    loop = composed("lofi")
    heard = np.tile(loop, (2, 1))[12_345:]
    assert align(heard, loop) == len(loop) - 12_345
    assert find_faults(heard, SAMPLE_RATE, reference=loop) == []
    heard[100_000:100_050] *= np.float32(0.99)
    (fault,) = find_faults(heard, SAMPLE_RATE, reference=loop)
    assert fault.kind == "difference"
    assert abs(fault.at_s - 100_000 / SAMPLE_RATE) < 0.001


# --- loudness ---------------------------------------------------------------------------------------------------------


def test_a_full_scale_sine_has_the_loudness_of_the_standard() -> None:
    t = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    sine = np.sin(2.0 * np.pi * 997.0 * t).astype(np.float32)
    left_only = np.stack([sine, np.zeros_like(sine)], axis=1)
    # BS.1770: a 0 dBFS sine of 997 Hz in one front channel reads -3.01 LKFS.
    np.testing.assert_allclose(short_term_loudness(left_only, SAMPLE_RATE), -3.01, atol=0.1)
    with pytest.raises(ValueError, match="less than"):
        short_term_loudness(left_only[:1000], SAMPLE_RATE)


@pytest.mark.parametrize("depth_db", [3.5, 6.0])
@pytest.mark.parametrize("style", ["house", "lofi"])
def test_a_dip_is_measured(style: str, depth_db: float) -> None:
    clip = composed(style)
    heard = np.resize(clip, (26 * SAMPLE_RATE, 2)).copy()
    clean_db = worst_dip_db(heard, SAMPLE_RATE)
    assert clean_db > -2.0
    assert dip_at(heard, SAMPLE_RATE, 13.0) > -2.0
    heard[round(11.2 * SAMPLE_RATE) : round(14.8 * SAMPLE_RATE)] *= np.float32(db_to_amplitude(-depth_db))
    assert -depth_db - 2.0 < worst_dip_db(heard, SAMPLE_RATE) < -depth_db + 1.0
    assert -depth_db - 2.0 < dip_at(heard, SAMPLE_RATE, 13.0) < -depth_db + 1.0


def test_a_softer_next_loop_is_no_dip() -> None:
    heard = np.resize(composed("house"), (30 * SAMPLE_RATE, 2)).copy()
    heard[15 * SAMPLE_RATE :] *= np.float32(0.25)
    assert worst_dip_db(heard, SAMPLE_RATE) > -2.0
    assert dip_at(heard, SAMPLE_RATE, 15.0) > -2.0
