# SPDX-License-Identifier: GPL-3.0-or-later
"""States of a jam, as panels are shown them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

from engine.values import BakedLoop, Clip, LoopRegion, MusicFacts
from engine.values.jam import (
    N_SLOTS,
    Groove,
    JamLoop,
    JamState,
    LayerMix,
    LayerName,
    LayerPrompt,
    LayerState,
    SwapAt,
)
from tests.widgets.pictures import a_clip
from tests.widgets.recipes import a_recipe

GROOVE = Groove(96.0, "4/4", "A minor")
DRUMS, INSTRUMENTS = LayerName.DRUMS, LayerName.INSTRUMENTS


@cache
def _clip() -> Clip:
    return a_clip(2.0, 8_000)


def a_loop(loop_id: int, layer: LayerName = DRUMS, title: str = "Paper Moon", bars: int = 4) -> JamLoop:
    """Return a loop of a jam; how it sounds is not asked."""
    clip = _clip()
    baked = BakedLoop(clip.samples, clip.sample_rate, LoopRegion(0, clip.n_samples), 0, 0.0)
    recipe = replace(a_recipe(), title=title)
    return JamLoop(loop_id, layer, clip, MusicFacts(96.0, None, 4, bars), recipe, bars, GROOVE, baked, -14.0)


def a_layer(name: LayerName, *, loop: JamLoop | None = None, waiting: JamLoop | None = None) -> LayerState:
    """Return a layer on which these loops play and wait."""
    slots = ("Paper Moon", *("",) * (N_SLOTS - 1)) if loop is not None else ("",) * N_SLOTS
    return LayerState(
        name,
        LayerPrompt(f"some {name}", "musicgen", "small", 7),
        LayerMix(),
        playing=loop,
        anchor=Fraction(0) if loop is not None else None,
        waiting=waiting,
        comes_at=Fraction(8) if waiting is not None else None,
        n_versions=1 if loop is not None else 0,
        n_later=1 if loop is not None else 0,
        slots=slots,
    )


def a_state(*, is_running: bool = True, **layers: LayerState) -> JamState:
    """Return a jam with drums that play and have another loop queued, and instruments that play; or other layers."""
    usual = {
        DRUMS: a_layer(DRUMS, loop=a_loop(1), waiting=a_loop(3, title="Tin Roof")),
        INSTRUMENTS: a_layer(INSTRUMENTS, loop=a_loop(2, INSTRUMENTS, "Slow Lagoon")),
    }
    shown = tuple(layers.get(str(name)) or usual.get(name) or a_layer(name) for name in LayerName)
    return JamState(is_running, GROOVE, 4, SwapAt.LOOP_END, 10.0, shown)
