# SPDX-License-Identifier: GPL-3.0-or-later
"""This module looks at weights that MusicGPT fetches by itself into its own folder, and removes them.

Some of its models share files: what another one that is here needs stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from engine.generators.musicgpt.folder import data_folder, weights_of
from engine.values import ModelCard
from engine.values.assets import Held

__all__ = ["data_folder", "held", "remove", "size_bytes", "weights_of"]


def held(card: ModelCard, others: Iterable[ModelCard]) -> Held:
    """Return how much of a model is here; a file that no other one needs tells that it was begun."""
    files = weights_of(card)
    if all(one.is_file() for one in files):
        return Held.HERE
    shared = _files_of(one for one in others if one != card)
    return Held.PARTLY if any(one.is_file() for one in files if one not in shared) else Held.MISSING


def size_bytes(card: ModelCard) -> int:
    """Return how many bytes a model's files take, those that it shares too."""
    with contextlib.suppress(OSError):
        return sum(one.stat().st_size for one in weights_of(card) if one.is_file())
    return 0


def remove(card: ModelCard, others: Iterable[ModelCard]) -> None:
    """Remove the files of a model that no other one which is here needs. Raises OSError where the system refuses."""
    known = tuple(others)
    kept = _files_of(one for one in known if one != card and held(one, known) is Held.HERE)
    for one in weights_of(card):
        if one not in kept:
            one.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                one.parent.rmdir()


def _files_of(cards: Iterable[ModelCard]) -> set[Path]:
    return {one for card in cards for one in weights_of(card)}
