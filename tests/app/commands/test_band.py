# SPDX-License-Identifier: GPL-3.0-or-later
"""A band accompanies a file as if it were played live, and refuses in a sentence what it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.library.carried import Carried, recipe_of
from tests.app.commands.running import infiniloop
from tests.app.commands.test_json import is_as_documented
from tests.engine.companion.band.players import RATE, perform


@pytest.fixture(scope="module")
def riff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("band") / "riff.wav"
    performance = perform(104.0, bars=8, after_s=1.0)
    soundfile.write(path, performance.clip.samples, RATE)
    return path


def test_a_file_is_accompanied_and_told_as_documented(riff: Path, tmp_path: Path) -> None:
    both, alone = tmp_path / "both.wav", tmp_path / "alone.flac"
    done = infiniloop("band", riff, "-o", both, "--new", alone, "--style", "bossa nova", "--seed", "4", "--json")
    assert done.returncode == 0, done.stderr
    *looks, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(is_as_documented(one, "`band FILE`") for one in looks)
    assert is_as_documented(last, "`band FILE` at its end")
    assert len(last["beats"]) > 10
    assert last["late"] == 0
    own, whole, band = (soundfile.read(one, dtype="float32")[0] for one in (riff, both, alone))
    assert len(whole) == len(band) == len(own) + 2 * RATE
    np.testing.assert_allclose(whole[: len(own)], own + band[: len(own)], atol=1e-3)
    for path in (both, alone):
        carried = recipe_of(path)
        assert isinstance(carried, Carried)
        recipe = carried.recipe
        assert (recipe.generator, recipe.prompt, recipe.seed) == ("composer", "bossa nova", 4)
        assert recipe.title == "Band to riff"
    again = infiniloop("band", riff, "--new", tmp_path / "again.flac", "--style", "bossa nova", "--seed", "4")
    assert again.returncode == 0
    np.testing.assert_array_equal(soundfile.read(tmp_path / "again.flac", dtype="float32")[0], band)


def test_what_cannot_be_is_refused_in_a_sentence(riff: Path, tmp_path: Path) -> None:
    for words, code in (
        (("band", riff), 2),
        (("band", tmp_path / "none.wav", "-o", tmp_path / "out.wav"), 1),
        (("band", riff, "-o", tmp_path / "out.wav", "--level", "99"), 2),
        (("band", riff, "-o", tmp_path / "out.wav", "--parts", "theremin"), 2),
        (("band", riff, "-o", riff), 1),
    ):
        done = infiniloop(*words)
        assert done.returncode == code, (words, done.stderr)
        assert done.stderr.startswith(("infiniloop: ", "usage: "))
    assert not (tmp_path / "out.wav").exists()


def test_without_a_beat_nothing_is_played_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "hum.wav"
    soundfile.write(path, 0.2 * np.sin(2.0 * np.pi * 220.0 * np.arange(6 * RATE) / RATE), RATE)
    done = infiniloop("band", path, "--new", tmp_path / "out.wav")
    assert done.returncode == 0
    assert "no steady beat" in done.stderr
