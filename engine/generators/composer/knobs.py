# SPDX-License-Identifier: GPL-3.0-or-later
"""Knobs lean a composed piece one way or another, beside what its prompt says."""

from __future__ import annotations

from dataclasses import replace

from engine.generators.composer.prompt import Brief
from engine.values import Kind, Parameter, Parameters


def _knob(name: str, title: str, tooltip: str) -> Parameter:
    return Parameter(name, Kind.NUMBER, 0.0, title, tooltip, low=-1.0, high=1.0, step=0.05, slides=True, eases=True)


KNOBS = (
    _knob("energy", "Energy", "From -1, with most players at rest, to 1, with everybody playing"),
    _knob("density", "Density", "From -1, with few notes and strokes, to 1, with many"),
    _knob("brightness", "Brightness", "From -1, dark, to 1, bright"),
    _knob("space", "Space", "From -1, dry and near, to 1, in a large room"),
)
"""All knobs; each is added to what the prompt says of it."""


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
