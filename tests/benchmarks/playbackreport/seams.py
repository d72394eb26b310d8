# SPDX-License-Identifier: GPL-3.0-or-later
"""What the seams of composed loops do, beside what fading every turn to zero does to the same loops."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.dsp.seam import bake
from engine.generators.base import GeneratorSettings
from engine.generators.service import make_clip
from engine.loops.finder import find_loops
from engine.units import ms_to_samples
from engine.values import BakedLoop, ClipRequest, LoopSearch

ROOT = Path(__file__).parents[3]
STYLES = tuple(sorted(path.stem for path in (ROOT / "resources/styles").glob("*.toml")))
OVERLAP_MS = 480.0
ENERGY_MS = 20.0
FADE_MS = 50.0
"""Over which a player that fades every turn to zero does so; any length shows the same dip."""


@dataclass(frozen=True, slots=True)
class SeamOf:
    """One loop's: see ``SeamProof``; ``faded_dip_db`` is of the same loop with every turn faded to zero."""

    style: str
    step: float
    dip_db: float
    faded_dip_db: float


def seams(styles: tuple[str, ...] = STYLES) -> list[SeamOf]:
    """The best loop of one clip of each style."""
    told = []
    for number, style in enumerate(styles):
        request = ClipRequest(number, style.replace("_", " "), "composer", "", 12.0, 7 + number)
        steps = make_clip(request, GeneratorSettings())
        while True:
            try:
                next(steps)
            except StopIteration as end:
                made = end.value
                break
        found = find_loops(made.clip, LoopSearch(facts=made.facts, overlap_ms=OVERLAP_MS))
        assert found.proof is not None
        loop = bake(made.clip, found.best.region, overlap_ms=OVERLAP_MS)
        told.append(SeamOf(style, found.proof.step, found.proof.dip_db, _faded_dip_db(loop)))
    return told


def _faded_dip_db(loop: BakedLoop) -> float:
    """How far the energy over 20 ms falls at the seam when every turn fades in and out, against the loop as it is."""
    n_fade, n_energy = ms_to_samples(FADE_MS, loop.sample_rate), ms_to_samples(ENERGY_MS, loop.sample_rate)
    fade = np.linspace(0.0, 1.0, n_fade)[:, None]
    faded = loop.samples.astype(np.float64)
    faded[:n_fade] *= fade
    faded[-n_fade:] *= fade[::-1]

    def energy(samples: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
        around = np.concatenate([samples[-n_energy // 2 :], samples[: n_energy // 2]])
        return float((around**2).mean())

    return 10.0 * float(np.log10(energy(loop.samples.astype(np.float64)) / max(energy(faded), 1e-12)))
