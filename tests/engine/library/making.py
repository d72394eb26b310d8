# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes clips, recipes and hostile surroundings for the library's tests."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.values import (
    Algorithm,
    BakedLoop,
    Clip,
    FloatArray,
    LoopCandidate,
    LoopMetrics,
    LoopRegion,
    MusicFacts,
    Recipe,
)

HALF_STEP = 0.5 / 2**23
"""Half of the least significant of 24 bits, as an amplitude."""

NOBODY = 65534


def noise(n_samples: int, n_channels: int, seed: int = 1) -> FloatArray:
    """Return noise unlike in every sample and channel, so that a shift, a swap or a gap shows."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.99, 0.99, (n_samples, n_channels)).astype(np.float32)


def noise_clip(n_samples: int = 1000, n_channels: int = 2, sample_rate: int = 44_100, seed: int = 1) -> Clip:
    return Clip(noise(n_samples, n_channels, seed), sample_rate)


def noise_loop(n_samples: int, n_channels: int, sample_rate: int) -> BakedLoop:
    region = LoopRegion(100, 100 + n_samples)
    return BakedLoop(noise(n_samples, n_channels), sample_rate, region, overlap_samples=10, correlation=0.2)


def recipe(prompt: str = "lofi calm rap beat, 85 bpm", *, wraps: bool = False) -> Recipe:
    return Recipe(
        prompt=prompt,
        generator="composer",
        model="house",
        duration_s=8.0,
        seed=7,
        versions={"composer": "1"},
        title="Velvet Antenna",
        artist="The Paper Lanterns",
        facts=MusicFacts(tempo_bpm=85.0, key="A minor", beats_per_bar=4, bars=4, tags=("lofi", "calm")),
        wraps=wraps,
        algorithm=Algorithm.ADVANCED,
        loop=LoopCandidate(LoopRegion(10, 900), 0.9, LoopMetrics(0.8, 0.9, 1.0, 0.7), bars=4, weak=False),
        created_utc="2026-01-02T03:04:05+00:00",
    )


@contextlib.contextmanager
def files_limited_to(n_bytes: int) -> Iterator[None]:
    """Keep files of this process from growing beyond ``n_bytes``: the kernel refuses, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Have permissions count, even when the tests are run by root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextlib.contextmanager
def public_folder() -> Iterator[Path]:
    """Make a folder that everybody may enter and read, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
