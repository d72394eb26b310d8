# SPDX-License-Identifier: GPL-3.0-or-later
"""Files and takes are brought to a jam: in step, in its key where that is asked for, on a layer or in a slot."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from engine.errors import FileMissing
from engine.library.audiofile import write_clip
from engine.library.carried import said_of
from engine.library.loop_files import read_loop
from engine.playback.mix.clock import BarClock
from engine.session.jam.acting import act
from engine.values import Clip, LoopRegion, MusicFacts, Recipe
from engine.values import jam_acts as acts
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam import Groove, JamLoop, LayerName
from tests.engine.session.jam.jamming import Stage, clicks, onsets

DRUMS, PIANO = LayerName.DRUMS, LayerName.INSTRUMENTS


def recipe_of(clip: Clip, key: str | None = None, bpm: float = 100.0) -> Recipe:
    """Return the recipe of a take with all of its clip for a loop."""
    stage = Stage()
    stage.jam.make(DRUMS)
    loop = stage.jam.layers[DRUMS].playing
    assert loop is not None
    facts = MusicFacts(bpm, key, 4, 2)
    candidate = replace(loop.recipe.loop, region=LoopRegion(0, clip.n_samples), bars=2)
    return replace(loop.recipe, title="Brought", facts=facts, loop=candidate, wraps=True)


def tones(hz: float, bpm: float = 100.0) -> Clip:
    """Return two bars of a tone on each beat."""
    n_samples = round(8 * 60 * RATE / bpm)
    at_s = np.arange(n_samples) / RATE
    sound = 0.5 * np.sin(2 * np.pi * hz * at_s) * np.exp(-3.0 * (at_s % (60 / bpm)))
    return Clip(np.stack([sound] * 2, axis=1).astype(np.float32), RATE, wraps=True)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a file that says how it was made: two bars in A minor at 100 bpm."""
    path = tmp_path_factory.mktemp("takes") / "take.wav"
    clip = tones(440.0)
    write_clip(path, clip, metadata=said_of(recipe_of(clip, "A minor")))
    return str(path)


def playing(stage: Stage, name: LayerName) -> JamLoop:
    loop = stage.jam.layers[name].playing
    assert loop is not None
    return loop


def pitch(clip: Clip) -> float:
    spectrum = np.abs(np.fft.rfft(clip.samples[:, 0]))
    return float(np.argmax(spectrum)) * clip.sample_rate / clip.n_samples


def test_a_take_comes_in_step_with_what_it_says_of_itself(take: str) -> None:
    stage = Stage()
    stage.jam.set_tempo(110.0)
    act(stage.jam, acts.Bring(PIANO, take))
    loop = playing(stage, PIANO)
    assert stage.studio.failed == []
    assert (loop.bars, loop.title, loop.facts.bars) == (2, "Brought", 2)
    assert len(loop.baked.samples) == round(8 * 60 * RATE / 110.0 + 0.5)
    assert loop.recipe.facts.key == "A minor"
    assert abs(pitch(loop.clip) - 440.0) < 3.0


@pytest.mark.parametrize(
    ("layer", "key", "is_transposed", "hz"),
    [
        (PIANO, "B minor", True, 440.0 * 2 ** (2 / 12)),
        (PIANO, "C major", True, 440.0),
        (PIANO, "B minor", False, 440.0),
        (PIANO, "", True, 440.0),
        (DRUMS, "B minor", True, 440.0),
    ],
)
def test_it_is_moved_to_the_jams_key_if_wished(
    take: str, layer: LayerName, key: str, *, is_transposed: bool, hz: float
) -> None:
    stage = Stage()
    stage.jam.set_key(key)
    act(stage.jam, acts.Bring(layer, take, is_transposed=is_transposed))
    loop = playing(stage, layer)
    assert abs(1200 * np.log2(pitch(loop.clip) / hz)) < 15
    assert loop.recipe.facts.key == ("B minor" if hz > 440.0 else "A minor")


def test_it_is_laid_into_a_slot_and_what_is_none_is_told(take: str, tmp_path: Path) -> None:
    stage = Stage()
    act(stage.jam, acts.Bring(DRUMS, take, 3))
    assert (stage.jam.state().layers[0].slots[2], stage.jam.layers[DRUMS].playing) == ("Brought", None)
    act(stage.jam, acts.Bring(DRUMS, str(tmp_path / "nothing.wav")))
    assert isinstance(stage.studio.failed[0], FileMissing)


def test_a_file_of_another_program_is_played_by_its_bars_in_a_script(tmp_path: Path) -> None:
    path = tmp_path / "beat of mine.wav"
    write_clip(path, clicks(90.0, 2))
    stage = Stage()
    out = stage.studio.render(f"0 bars 2\n0 bring drums '{path}'", 4, Groove(bpm=120.0))
    clock = BarClock(RATE, Fraction(120))
    assert stage.studio.failed == []
    found = np.array(onsets(out, 0.1)[:16])
    expected = np.array([clock.line_of(Fraction(beat, 4)) for beat in range(16)])
    # What is stretched rises a little later, the same at each beat.
    assert np.abs(found - expected).max() < 0.008 * RATE
    assert [loop.title for loop, _ in stage.studio.began] == ["beat of mine"]


def test_the_loop_of_a_take_is_what_is_read(tmp_path: Path) -> None:
    clip = tones(300.0)
    recipe = recipe_of(clip)
    half = LoopRegion(0, clip.n_samples // 2)
    recipe = replace(recipe, wraps=False, loop=replace(recipe.loop, region=half, bars=1))
    write_clip(tmp_path / "take.wav", replace(clip, wraps=False), metadata=said_of(recipe))
    file = read_loop(str(tmp_path / "take.wav"))
    assert (file.clip.n_samples, file.clip.wraps, file.facts.bars) == (half.n_samples, True, 1)
