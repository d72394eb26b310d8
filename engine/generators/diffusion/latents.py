# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes latents of noise and of sound, and sound of latents: what all families do alike.

Latents have shape ``(n_clips, n_dimensions, n_frames)``, sound has ``(n_clips, n_channels, n_samples)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.generators.diffusion.asked import PAINTED, Tell
from engine.values import FloatArray, LoopRegion

MARGIN = 16
"""Latents beside a tile that are decoded with it: farther ones do not reach into it, in any of the decoders."""


def generators(seeds: tuple[int, ...]) -> list[Any]:
    """Return a generator of noise for each seed; on the processor, so that a seed is the same music on every device."""
    import torch

    return [torch.Generator("cpu").manual_seed(seed) for seed in seeds]


def noise(shape: tuple[int, ...], sources: list[Any], device: str, dtype: Any) -> Any:
    """Return noise of ``shape`` for each of the ``sources``."""
    import torch

    rows = [torch.randn(shape, generator=one, dtype=torch.float32) for one in sources]
    return torch.stack(rows).to(device=device, dtype=dtype)


def batched(source: FloatArray, device: str, dtype: Any) -> Any:
    """Return a sound of shape ``(n_channels, n_samples)`` as a batch of one, where and as the autoencoder takes it."""
    import torch

    return torch.from_numpy(source)[None].to(device=device, dtype=dtype)


def decoded(pipe: Any, latents: Any, wanted: LoopRegion, *, hop: int, tile: int, tell: Tell) -> list[FloatArray]:
    """Return the sound of each row of ``latents``, float32, shape ``(wanted.n_samples, n_channels)``.

    Parameters
    ----------
    wanted
        The samples that are wanted of it; the rest is not decoded.
    hop
        Samples of one latent.
    tile
        Latents that are decoded at a time: that bounds the memory, and the time of decoders that are quadratic in it.
        The result is that of all of them at once.
    """
    import torch

    begin, n = wanted.loop_start // hop, -(-wanted.loop_end // hop)
    firsts = range(begin, n, tile)
    out: list[FloatArray] = []
    for row, one in enumerate(latents):
        parts: list[FloatArray] = []
        for at, first in enumerate(firsts):
            last = min(first + tile, n)
            start, end = max(0, first - MARGIN), min(latents.shape[-1], last + MARGIN)
            with torch.no_grad():
                sound = pipe.vae.decode(one[None, :, start:end]).sample[0]
            parts.append(sound[:, (first - start) * hop : (last - start) * hop].float().cpu().numpy())
            done = (row * len(firsts) + at + 1) / (len(latents) * len(firsts))
            tell(PAINTED + (1.0 - PAINTED) * done)
        skipped = wanted.loop_start - begin * hop
        whole = np.concatenate(parts, axis=1)[:, skipped : skipped + wanted.n_samples]
        out.append(np.ascontiguousarray(whole.T, dtype=np.float32))
    return out
