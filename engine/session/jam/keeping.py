# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam is kept as a project, and opened as one: each clip is shaped for its groove."""

from __future__ import annotations

from engine.errors import StudioError
from engine.session.jam.jam import Jam
from engine.session.jam.layer import PLAYS, JamLayer
from engine.session.jam.shaping import Material, unless_failed
from engine.values.jam import JamLoop, LayerName
from engine.values.jam_project import JamProject, KeptLayer, KeptLoop


def project_of(jam: Jam) -> JamProject:
    """Return what a project keeps of a jam; loops of the project that it was are in it that are not shaped yet."""
    layers = {}
    for name, layer in jam.layers.items():
        loops = _loops_of(layer)
        playing = loops.pop(PLAYS, None)
        layers[name] = KeptLayer(layer.prompt, layer.mix, playing, loops, layer.style, dict(layer.values))
    return JamProject(jam.groove, jam.bars, jam.swap_at, jam.fade_ms, layers, jam.mix.whole, jam.takes)


def _loops_of(layer: JamLayer) -> dict[int, KeptLoop]:
    loops = {PLAYS: layer.playing, **dict(enumerate(layer.slots, 1))}
    return {**{at: KeptLoop.of(one) for at, one in loops.items() if one is not None}, **layer.unshaped}


def open_project(jam: Jam, project: JamProject) -> None:
    """Stop a jam and have it be this project; its loops are there as soon as they are shaped.

    What cannot be shaped is told by ``jam.failed``: it is not played, but kept on.
    """
    jam.stop()
    jam.scenes.cancel()
    jam.lay_out(project.groove, project.bars)
    jam.takes = project.takes
    jam.set_swap(project.swap_at, project.fade_ms)
    for name, layer in project.layers.items():
        jam.set_prompt(name, layer.prompt)
        # A generator that is not known here has values that are not either: they are kept.
        jam.layers[name].style, jam.layers[name].values = layer.style, dict(layer.values)
        playing = {} if layer.playing is None else {PLAYS: layer.playing}
        jam.layers[name].unshaped = {**layer.slots, **playing}
    jam.mix.set_all({name: layer.mix for name, layer in project.layers.items()}, project.mix)
    # All of it is known before any of it is there: whoever keeps the jam meanwhile keeps all.
    for name in project.layers:
        for number, loop in tuple(jam.layers[name].unshaped.items()):
            _shape(jam, name, loop, number)


def _shape(jam: Jam, name: LayerName, kept: KeptLoop, number: int) -> None:
    def answer(result: JamLoop | StudioError) -> None:
        # A performer may have laid another loop there meanwhile, or opened another project.
        if jam.layers[name].unshaped.get(number) is kept:
            unless_failed(jam.failed.emit, lambda loop: jam.take(name, loop, number or None))(result)

    material = Material(name, kept.clip, kept.recipe, kept.facts, kept.bars)
    jam.shaper.shape(material, jam.groove, answer, folds=True)
