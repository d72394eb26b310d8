# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes recipes and takes for the panels that show them."""

from __future__ import annotations

from typing import Any

from engine.values import Algorithm, LoopCandidate, LoopMetrics, LoopRegion, MusicFacts, Recipe, Take


def a_recipe(**changes: Any) -> Recipe:
    """Return a full recipe, with ``changes``."""
    fields: dict[str, Any] = {
        "prompt": "lofi calm rap beat, dusty rhodes",
        "generator": "composer",
        "model": "",
        "duration_s": 20.0,
        "seed": 1207,
        "versions": {},
        "title": "Velvet Antenna",
        "artist": "The Paper Lanterns",
        "facts": MusicFacts(88.9, "A minor", 4, 8),
        "wraps": True,
        "algorithm": Algorithm.ADVANCED,
        "loop": LoopCandidate(LoopRegion(0, 1000), 0.93, LoopMetrics(0.94, 0.88, 0.98, 0.81), 4, False),
        "created_utc": "2026-01-01T00:00:00Z",
    }
    return Recipe(**{**fields, **changes})


def a_take(take_id: str, **changes: Any) -> Take:
    return Take(take_id, a_recipe(**changes), f"{take_id}.flac")
