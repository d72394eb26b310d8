# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam is kept as a project, and opened as one: each clip is shaped for its groove."""

from __future__ import annotations

from engine.session.jam.jam import Jam
from engine.session.jam.shaping import Material
from engine.values.jam import LayerName
from engine.values.jam_project import JamProject, KeptLayer, KeptLoop


def project_of(jam: Jam) -> JamProject:
    """Return what a project keeps of a jam."""
    layers = {
        name: KeptLayer(
            layer.prompt,
            layer.mix,
            None if layer.playing is None else KeptLoop.of(layer.playing),
            {number: KeptLoop.of(loop) for number, loop in enumerate(layer.slots, 1) if loop is not None},
            layer.style,
            dict(layer.values),
        )
        for name, layer in jam.layers.items()
    }
    return JamProject(jam.groove, jam.bars, jam.swap_at, jam.fade_ms, layers, jam.mix.whole, jam.takes)


def open_project(jam: Jam, project: JamProject) -> None:
    """Stop a jam and have it be this project; its loops are there as soon as they are shaped.

    What cannot be shaped is told by ``jam.failed``, and left out.
    """
    jam.stop()
    jam.lay_out(project.groove, project.bars)
    jam.takes = project.takes
    jam.set_swap(project.swap_at, project.fade_ms)
    for name, layer in project.layers.items():
        jam.set_prompt(name, layer.prompt)
        # A generator that is not known here has values that are not either: they are kept.
        jam.layers[name].style, jam.layers[name].values = layer.style, dict(layer.values)
        for number, loop in layer.slots.items():
            _shape(jam, name, loop, number)
        if layer.playing is not None:
            _shape(jam, name, layer.playing, None)
    jam.mix.set_all({name: layer.mix for name, layer in project.layers.items()}, project.mix)


def _shape(jam: Jam, name: LayerName, kept: KeptLoop, slot: int | None) -> None:
    material = Material(name, kept.clip, kept.recipe, kept.facts, kept.bars)
    jam.shaper.shape(material, jam.groove, jam.unless_failed(lambda loop: jam.take(name, loop, slot)), folds=True)
