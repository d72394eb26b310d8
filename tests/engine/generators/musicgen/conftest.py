# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiny MusicGens in a folder laid out as the hub's cache; torch is imported by the tests that need it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.generators.base import GeneratorSettings
from tests.standins.tiny_musicgen import install

if TYPE_CHECKING:
    from engine.generators.musicgen.loading import Loaded, Shelf

FORMS: dict[str, dict[str, Any]] = {
    "small": {},
    "stereo-small": {"n_channels": 2},
    "melody": {"melody": True},
    "stereo-melody": {"n_channels": 2, "melody": True},
}


@pytest.fixture(scope="module")
def one_core() -> Iterator[None]:
    """Compute with one thread: beside other tests, two wait for one another at every step."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def cache(one_core: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as the hub's cache, with a tiny model of each form."""
    folder = tmp_path_factory.mktemp("hub")
    for name, shape in FORMS.items():
        install(folder, name, **shape)
    return folder


@pytest.fixture(scope="module")
def models(cache: Path) -> dict[str, Loaded]:
    """Return a model of each form, loaded."""
    from engine.generators.musicgen.loading import Wanted, loaded

    return {name: loaded(Wanted(name, next(cache.glob(f"*gen-{name}/snapshots/*")), "cpu", "full")) for name in FORMS}


@pytest.fixture
def settings(cache: Path) -> GeneratorSettings:
    """Return the settings of somebody whose models are in that folder."""
    return GeneratorSettings(models_folder=str(cache)).with_values("musicgen", {"precision": "full", "device": "cpu"})


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Return a shelf that keeps a model between tests, as the generator process does between clips."""
    from engine.generators.musicgen.loading import Shelf

    return Shelf()
