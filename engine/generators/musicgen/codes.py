# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is how MusicGen's codes lie in time, and how the next ones are chosen.

A frame (20 ms) has one code of each codebook. They are chosen with a delay, one step later for each codebook (for each
pair of codebooks, left and right, in stereo), so that each knows the ones before it. A **step** is a column of that
delayed order: step 0 is the start, and at step ``1 + delay + n`` the codebook's code of frame ``n`` is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

FREE = -1
"""Value in a pattern where the model chooses the code."""

MOST_CHOICES = 250
"""Number of the likeliest codes among which one is chosen at most: the most that is sorted at each step."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Sampling says how boldly codes are chosen: see the parameters of ``engine.generators.musicgen.declared``."""

    temperature: float = 1.0
    top_k: int = MOST_CHOICES
    top_p: float = 1.0


def delays(n_codebooks: int, n_channels: int) -> tuple[int, ...]:
    """Return by how many steps each codebook's codes are late."""
    return tuple(range(n_codebooks)) if n_channels == 1 else tuple(book // 2 for book in range(n_codebooks))


def n_steps(n_frames: int, late: tuple[int, ...]) -> int:
    """Return the number of steps of so many frames, the start among them."""
    return 1 + n_frames + late[-1]


def delayed_pattern(prompt: torch.Tensor, n_frames: int, late: tuple[int, ...], padding: int) -> torch.Tensor:
    """Return what is known of each step's codes before any is chosen.

    Parameters
    ----------
    prompt
        The codes of the first frames, which are given; int64, shape ``(n_clips, n_codebooks, n_given)``.
    n_frames
        The number of all frames, the given ones among them.
    padding
        The code that stands where a codebook has none: before its first frame and after its last.

    Returns
    -------
    torch.Tensor
        int64, shape ``(n_clips, n_codebooks, n_steps)``; ``FREE`` where a code is to be chosen.
    """
    n_given = prompt.shape[-1]
    pattern = prompt.new_full((*prompt.shape[:2], n_steps(n_frames, late)), padding)
    for book, delay in enumerate(late):
        first = 1 + delay
        pattern[:, book, first : first + n_given] = prompt[:, book]
        pattern[:, book, first + n_given : first + n_frames] = FREE
    return pattern


def frames_between(codes: torch.Tensor, first: int, last: int, late: tuple[int, ...]) -> torch.Tensor:
    """Return the codes of frames ``[first, last)`` out of those in delayed order.

    ``codes`` has the shape ``(n_clips, n_codebooks, n_steps)``, the result ``(n_clips, n_codebooks, last - first)``.
    """
    import torch

    return torch.stack([codes[:, book, 1 + one + first : 1 + one + last] for book, one in enumerate(late)], dim=1)


def chances(generators: list[torch.Generator], n: int, n_codebooks: int) -> torch.Tensor:
    """Return a number in [0, 1) for each code of ``n`` steps, from each clip's own generator.

    They are drawn on the processor, so that a clip's codes depend on its seed alone: not on what computes them, nor on
    how many clips are made beside it. float32, shape ``(n_clips, n_codebooks, n)``.
    """
    import torch

    return torch.stack([torch.rand(n, n_codebooks, generator=one).t() for one in generators])


def chosen(
    logits: torch.Tensor, weights: torch.Tensor, chance: torch.Tensor, settings: torch.Tensor, most: int
) -> torch.Tensor:
    """Return the next code of each codebook. Nothing here waits for the device.

    Parameters
    ----------
    logits
        float32, shape ``(n_conditions, n_clips, n_codebooks, n_codes)``: what the model expects under each condition.
    weights
        Shape ``(n_conditions, 1, 1, 1)``: what each counts; classifier-free guidance has ``(scale, 1 - scale)``.
    chance
        In [0, 1), shape ``(n_clips, n_codebooks, 1)``.
    settings
        float32, shape ``(3,)``: temperature, top_k, top_p.
    most
        ``top_k`` at most: so many are sorted.
    """
    import torch

    temperature, top_k, top_p = settings[0], settings[1], settings[2]
    guided = (logits * weights).sum(0)
    values, codes = guided.div(temperature).topk(most, dim=-1)
    rank = torch.arange(most, device=values.device)
    likely = values.masked_fill(rank >= top_k, float("-inf")).softmax(-1)
    # The likeliest that have ``top_p`` together, the one that reaches it among them.
    likely = likely * (likely.cumsum(-1) - likely < top_p)
    heaped = likely.cumsum(-1)
    place = (heaped <= chance * heaped[..., -1:]).sum(-1, keepdim=True)
    place = place.minimum((likely > 0.0).sum(-1, keepdim=True) - 1)
    return codes.gather(-1, place)
