# SPDX-License-Identifier: GPL-3.0-or-later
"""Generators of other distributions are found where they are installed, and one that is broken spoils nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.generators.base import Limits
from engine.generators.registry import generator_named, generators, limits_of

pytestmark = pytest.mark.started

OURS = ["composer", "musicgpt", "musicgen", "acestep", "stableaudio", "stableaudio3", "stableaudiosmall", "remote"]


@pytest.fixture
def expected_logs() -> list[str]:
    return ["the generator “broken” (infiniloop_hum:Missing) cannot be loaded"]


@pytest.fixture
def with_hum(hum_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(hum_folder))
    generators.cache_clear()


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    generators.cache_clear()


def test_it_is_one_of_the_generators(with_hum: None) -> None:
    assert [one.name for one in generators()] == [*OURS, "hum"]
    assert generator_named("hum").title == "Hum"
    assert limits_of("hum") == Limits(load_s=90.0, silence_s=30.0)


def test_without_it_there_are_ours() -> None:
    assert [one.name for one in generators()] == OURS
    assert limits_of("hum") == Limits()


@pytest.mark.soak
def test_a_command_makes_a_clip_with_it(hum_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.main", "generate", "a hum", "--generator", "hum", "--duration", "8"]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "hum.wav"), "--json"],
        env={**os.environ, "PYTHONPATH": str(hum_folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["duration_s"], told["bars"]) == (8.0, 4)
    asked = ["--bars", "3", "--bpm", "90", "--seed", "4", "--negative-prompt", "the fifth", "--set", "mouth=open"]
    done = subprocess.run(
        [*command, *asked, "--set", "vibrato=2,5", "-o", str(tmp_path / "set.wav"), "--json"],
        env={**os.environ, "PYTHONPATH": str(hum_folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["bars"], told["tempo_bpm"], told["seed"]) == (3, 90.0, 4)
    assert told["tags"] == ["mouth open", "vibrato 2.5"]
