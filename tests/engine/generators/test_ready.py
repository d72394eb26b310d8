# SPDX-License-Identifier: GPL-3.0-or-later
"""A generator whose weights are not here says so, and which command fetches them."""

from __future__ import annotations

from pathlib import Path

from engine.generators.base import GeneratorSettings
from engine.generators.ready import model_here, why_not_ready
from engine.generators.registry import generator_named
from engine.models.cache import CachedModel
from engine.values import Parameters


def here(folder: Path, model: str) -> None:
    """Lay a model of MusicGen's into a folder as the hub's library does."""
    card = next(one for one in generator_named("musicgen").capabilities().cards if one.name == model)
    root = CachedModel(card, str(folder)).folder
    (root / "refs").mkdir(parents=True)
    (root / "refs" / card.revision).write_text("a1", encoding="ascii")
    (root / "snapshots" / "a1").mkdir(parents=True)
    (root / "snapshots" / "a1" / "config.json").write_text("{}", encoding="ascii")


def test_weights_that_are_not_here_are_told_and_any_that_are_suffice(tmp_path: Path) -> None:
    musicgen, settings = generator_named("musicgen"), GeneratorSettings(models_folder=str(tmp_path))
    assert model_here(musicgen, settings) is None
    assert why_not_ready(musicgen, settings).endswith("“infiniloop models get musicgen/small” fetches its usual one")
    here(tmp_path, "large")
    assert model_here(musicgen, settings) == "large"
    assert why_not_ready(musicgen, settings) == ""


def test_what_needs_no_weights_or_fetches_its_own_is_ready(tmp_path: Path) -> None:
    settings = GeneratorSettings(models_folder=str(tmp_path))
    assert [why_not_ready(generator_named(one), settings) for one in ("composer", "musicgpt")] == ["", ""]


def test_a_checkpoint_of_ones_own_that_is_none_is_told(tmp_path: Path) -> None:
    own = {"acestep": Parameters({"folder": str(tmp_path / "nothing")})}
    settings = GeneratorSettings(parameters=own, models_folder=str(tmp_path))
    assert str(tmp_path / "nothing") in why_not_ready(generator_named("acestep"), settings)
