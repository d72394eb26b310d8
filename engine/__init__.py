# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine computes: generators, loop finding, playback, the library; it is free of Qt but for ``engine.qt``.

Scripts and notebooks take a few functions from here, each of which says more in its docstring:

>>> from engine import bake, find_loops, make_clip, play, render, save
>>> clip = make_clip("lofi, 85 bpm", seed=3, duration_s=15)
>>> loop = bake(clip, find_loops(clip).best)
>>> save(loop, "loop.wav")
>>> with play(loop):
...     input("Enter ends it")

All else is imported from the module that has it; nothing is loaded before it is asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.errors import StudioError as StudioError
    from engine.interface.functions import bake as bake
    from engine.interface.functions import find_loops as find_loops
    from engine.interface.functions import make_clip as make_clip
    from engine.interface.functions import play as play
    from engine.interface.functions import render as render
    from engine.interface.functions import save as save
    from engine.interface.playing import Playing as Playing
    from engine.interface.sounds import ClipWithRecipe as ClipWithRecipe
    from engine.interface.sounds import LoopWithRecipe as LoopWithRecipe
    from engine.values import Clip as Clip
    from engine.values import LoopSearch as LoopSearch

NAMES = {
    "make_clip": "engine.interface.functions",
    "find_loops": "engine.interface.functions",
    "bake": "engine.interface.functions",
    "save": "engine.interface.functions",
    "play": "engine.interface.functions",
    "render": "engine.interface.functions",
    "ClipWithRecipe": "engine.interface.sounds",
    "LoopWithRecipe": "engine.interface.sounds",
    "Playing": "engine.interface.playing",
    "Clip": "engine.values",
    "LoopSearch": "engine.values",
    "StudioError": "engine.errors",
}
"""Modules by the name that scripts and notebooks import from here."""


def __getattr__(name: str) -> object:
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(NAMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *NAMES})
