# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights are found where the hub's own cache has them, and what is not there, or not wholly, is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import ModelMissing
from engine.models.found import model_folder
from engine.values import ModelCard

CARD = ModelCard("tiny", "someone/tiny", 1, 1, "MIT", is_commercial=True)
COMMIT = "0" * 40


def in_cache(cache: Path) -> Path:
    """Lay a snapshot out as the hub's library does."""
    repository = cache / "models--someone--tiny"
    snapshot = repository / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    (snapshot / "config.json").write_text("{}")
    return snapshot


def test_weights_in_the_chosen_folder_are_found(tmp_path: Path) -> None:
    snapshot = in_cache(tmp_path)
    assert model_folder(CARD, str(tmp_path)).resolve() == snapshot.resolve()


def test_weights_that_are_not_here_are_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"“tiny” \(someone/tiny\).*infiniloop models get someone/tiny"):
        model_folder(CARD, str(tmp_path))
