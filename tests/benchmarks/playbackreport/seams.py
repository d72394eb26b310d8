# SPDX-License-Identifier: GPL-3.0-or-later
"""This module compares the seams of composed loops with fading every turn of the same loops to zero."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.dsp.seam import Seam, bake, read_round
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.loops.finder import find_loops
from engine.units import ms_to_samples
from engine.values import BakedLoop, ClipRequest, ClipResult, FloatArray, LoopRegion, LoopSearch

ROOT = Path(__file__).parents[3]
STYLES = tuple(sorted(path.stem for path in (ROOT / "resources/styles").glob("*.toml")))
OVERLAP_MS = 480.0
ENERGY_MS = 20.0
FADE_MS = 50.0
"""Milliseconds over which a player that fades every turn to zero does so; any length shows the same dip."""


@dataclass(frozen=True, slots=True)
class SeamOf:
    """One loop's seam: see ``SeamProof``; ``faded_dip_db`` is of the same loop with every turn faded to zero."""

    style: str
    step: float
    dip_db: float
    faded_dip_db: float


def seams(styles: tuple[str, ...] = STYLES) -> list[SeamOf]:
    """Return the seam of the best loop of one clip of each style."""
    told = []
    for number, style in enumerate(styles):
        made = _made(number, style)
        found = find_loops(made.clip, LoopSearch(facts=made.facts, overlap_ms=OVERLAP_MS))
        assert found.proof is not None
        loop = bake(made.clip, found.best.region, overlap_ms=OVERLAP_MS)
        told.append(SeamOf(style, found.proof.step, found.proof.dip_db, _faded_dip_db(loop)))
    return told


def _made(number: int, style: str) -> ClipResult:
    request = ClipRequest(number, style.replace("_", " "), "composer", "", 12.0, 7 + number)
    return finished(make_clip(request, GeneratorSettings()))


@dataclass(frozen=True, slots=True)
class Dips:
    """The fall of the energy over 20 ms below that 20 ms before and after, at most, dB; median and 90th percentile.

    ``music`` is of as long stretches of the clips themselves: waves that are unlike fluctuate without any seam.
    """

    overlap_ms: float
    n_regions: int
    below_sides: tuple[float, float]
    around: tuple[float, float]
    music: tuple[float, float]


def dragged(overlap_ms: float, styles: tuple[str, ...] = STYLES, *, n_each: int = 20) -> Dips:
    """Return the dips of regions whose edges lie anywhere, as if dragged by hand: nothing about them fits.

    ``below_sides`` is told against the lower of the two stretches that are crossfaded, as ``SeamProof.dip_db`` is.
    """
    generator = np.random.default_rng(0)
    below_sides, around, music = [], [], []
    for clip in (_made(number, style).clip for number, style in enumerate(styles)):
        near = ms_to_samples(ENERGY_MS, clip.sample_rate)
        n_fade = ms_to_samples(overlap_ms, clip.sample_rate)
        n_least = max(n_fade, clip.sample_rate // 2)
        floor = 1e-6 * float((clip.samples.astype(np.float64) ** 2).sum(axis=1).mean())
        for _ in range(n_each):
            start = int(generator.integers(n_fade + 2 * near, clip.n_samples - n_least - 2 * near))
            end = int(generator.integers(start + n_least, clip.n_samples - 2 * near))
            seam = Seam(clip, LoopRegion(start, end), overlap_ms=overlap_ms)
            length = n_fade + 4 * near
            at = (seam.crossfade_at - 2 * near) % seam.n_samples
            mixed = _energies(read_round(seam, at, length), near) + floor
            # The crossfade's own side of the loop, and the other one a loop's length away.
            first = start + seam.crossfade_at - 2 * near - (0 if seam.at_head else seam.n_samples)
            sides = [
                _energies(clip.samples[place : place + length], near) + floor
                for place in (first, first + seam.n_samples)
                if 0 <= place <= clip.n_samples - length
            ]
            place = int(generator.integers(0, clip.n_samples - length))
            below_sides.append(max(0.0, float(10.0 * np.log10(np.minimum.reduce(sides) / mixed).max())))
            around.append(_dip_db(mixed, near))
            music.append(_dip_db(_energies(clip.samples[place : place + length], near) + floor, near))
    return Dips(overlap_ms, len(music), *(_median_and_90th(dips) for dips in (below_sides, around, music)))


def _median_and_90th(values: list[float]) -> tuple[float, float]:
    return float(np.median(values)), float(np.quantile(values, 0.9))


def _energies(samples: FloatArray, n: int) -> npt.NDArray[np.float64]:
    """Return the mean power of every ``n`` samples in a row."""
    sums = np.concatenate([[0.0], np.cumsum((samples.astype(np.float64) ** 2).sum(axis=1))])
    energies: npt.NDArray[np.float64] = (sums[n:] - sums[:-n]) / n
    return energies


def _dip_db(energies: npt.NDArray[np.float64], n_apart: int) -> float:
    around = np.minimum(energies[: -2 * n_apart], energies[2 * n_apart :])
    return max(0.0, float(10.0 * np.log10(around / energies[n_apart:-n_apart]).max()))


def _faded_dip_db(loop: BakedLoop) -> float:
    """Return how far the energy over 20 ms falls at the seam when every turn fades to zero, beside the loop itself."""
    n_fade, n_energy = ms_to_samples(FADE_MS, loop.sample_rate), ms_to_samples(ENERGY_MS, loop.sample_rate)
    fade = np.linspace(0.0, 1.0, n_fade)[:, None]
    faded = loop.samples.astype(np.float64)
    faded[:n_fade] *= fade
    faded[-n_fade:] *= fade[::-1]

    def energy(samples: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
        around = np.concatenate([samples[-n_energy // 2 :], samples[: n_energy // 2]])
        return float((around**2).mean())

    return 10.0 * float(np.log10(energy(loop.samples.astype(np.float64)) / max(energy(faded), 1e-12)))
