# SPDX-License-Identifier: GPL-3.0-or-later
"""Knobs lean a composed piece one way or another, beside what its prompt says."""

from __future__ import annotations

from dataclasses import replace

from engine.generators.composer.prompt import Brief
from engine.values import Parameters


def turned(brief: Brief, parameters: Parameters) -> Brief:
    """Return the brief with what the knobs add to it, each sum within [-1, 1]."""

    def summed(said: float, name: str) -> float:
        return min(1.0, max(-1.0, said + float(parameters.get(name, 0.0))))

    return replace(
        brief,
        energy=summed(brief.energy, "energy"),
        density=summed(brief.density, "density"),
        brightness=summed(brief.brightness, "brightness"),
        space=summed(brief.space, "space"),
    )
