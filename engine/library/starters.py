# SPDX-License-Identifier: GPL-3.0-or-later
"""Starter loops ship with the studio and play while the first clip is made."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from engine.library.audiofile import read_clip
from engine.values import Clip, Recipe


@dataclass(frozen=True, eq=False, slots=True)
class Starter:
    """A starter is a loop made beforehand, with its recipe."""

    clip: Clip
    recipe: Recipe


def load_starters(folder: Path) -> tuple[Starter, ...]:
    """Load every ``NAME.flac`` in ``folder`` with its recipe ``NAME.json``, by name. Raises AudioFileError."""
    starters = []
    for path in sorted(folder.glob("*.flac")):
        recipe = Recipe.from_dict(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        starters.append(Starter(replace(read_clip(path), wraps=recipe.wraps), recipe))
    return tuple(starters)


def nearest_starter(starters: tuple[Starter, ...], prompt: str) -> Starter | None:
    """Return the starter that suits ``prompt`` best; the first where none does; None of none."""
    return next(iter(starters_by_likeness(starters, prompt)), None)


def starters_by_likeness(starters: tuple[Starter, ...], prompt: str) -> list[Starter]:
    """Return starters, those first whose prompt and tags share most words with ``prompt``; ties keep their order."""

    def likeness(starter: Starter) -> int:
        return len(_words(prompt) & _words(" ".join((starter.recipe.prompt, *starter.recipe.facts.tags))))

    return sorted(starters, key=likeness, reverse=True)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))
