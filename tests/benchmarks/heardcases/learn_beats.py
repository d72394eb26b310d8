# SPDX-License-Identifier: GPL-3.0-or-later
"""The beat network learns here, by PyTorch, what ``engine.listening.beat_network`` then does in numpy."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from engine.dsp.banks import N_MELS
from engine.listening.beat_network import KERNEL, BeatNetwork
from engine.values import FloatArray
from tests.benchmarks.heardcases.beat_samples import sample
from tests.benchmarks.heardcases.features import Lesson

CHANNELS = 28
DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BATCH = 8
BEST_RATE = 5e-3


class Network(nn.Module):  # type: ignore[misc]  # PyTorch is not read through
    """The network as PyTorch has it: features ``(n, 2 * N_MELS, n_frames)`` become log odds ``(n, 2, n_frames)``."""

    def __init__(self, n_channels: int = CHANNELS, dilations: Sequence[int] = DILATIONS) -> None:
        super().__init__()
        self.dilations = tuple(dilations)
        self.entry = nn.Conv1d(2 * N_MELS, n_channels, 1)
        self.taps = nn.ModuleList(
            nn.Conv1d(n_channels, n_channels, KERNEL, dilation=one, padding=KERNEL // 2 * one) for one in dilations
        )
        self.mix = nn.ModuleList(nn.Conv1d(n_channels, n_channels, 1) for _ in dilations)
        self.exit = nn.Conv1d(n_channels, 2, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, features: Any) -> Any:
        hidden = functional.elu(self.entry(features))
        for taps, mix in zip(self.taps, self.mix, strict=True):
            hidden = hidden + self.drop(mix(functional.elu(taps(hidden))))
        return self.exit(functional.elu(hidden))


def in_numpy(network: Network) -> BeatNetwork:
    """Return the network as the studio runs it."""

    def weights(layer: Any) -> tuple[FloatArray, FloatArray]:
        # (channels out, channels in, taps), and the same the other way round.
        return layer.weight.detach().numpy().transpose(2, 1, 0), layer.bias.detach().numpy()

    entry, entry_bias = weights(network.entry)
    leaving, leaving_bias = weights(network.exit)
    taps, mix = ([weights(layer) for layer in layers] for layers in (network.taps, network.mix))
    return BeatNetwork.of(
        {
            "entry": entry[0],
            "entry_bias": entry_bias,
            "exit": leaving[0],
            "exit_bias": leaving_bias,
            "taps": np.stack([one for one, _ in taps]),
            "bias": np.stack([bias for _, bias in taps]),
            "mix": np.stack([one[0] for one, _ in mix]),
            "mix_bias": np.stack([bias for _, bias in mix]),
            "dilations": np.array(network.dilations, dtype=np.float32),
        }
    )


def learn(
    lessons: Sequence[Lesson],
    *,
    epochs: int,
    seed: int = 0,
    n_channels: int = CHANNELS,
    tell: Callable[[int, float, float, Network], None] | None = None,
) -> tuple[Network, list[float]]:
    """Return a network that has learnt from pieces, and the mean loss of each epoch.

    ``tell`` is called after each epoch with its number, its loss, that of the tenth of the pieces that is not learnt
    from (NaN if that has none), and the network.
    """
    torch.manual_seed(seed)
    rng, order = np.random.default_rng(seed), random.Random(seed)
    shuffled = order.sample(list(lessons), len(lessons))
    held, kept = shuffled[: len(lessons) // 10], shuffled[len(lessons) // 10 :]
    network = Network(n_channels)
    batch = min(BATCH, len(kept))
    steps = len(kept) // batch
    optimiser = torch.optim.AdamW(network.parameters(), BEST_RATE, weight_decay=1e-3)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, BEST_RATE, total_steps=max(2, epochs * steps))
    losses: list[float] = []
    for epoch in range(epochs):
        network.train()
        order.shuffle(kept)
        total = 0.0
        for step in range(steps):
            loss = _loss(network, [sample(one, rng) for one in kept[step * batch : (step + 1) * batch]])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            rates.step()
            total += float(loss.item())
        losses.append(total / steps)
        network.eval()
        if tell is not None:
            with torch.no_grad():
                others = [float(_loss(network, [sample(one, None)]).item()) for one in held]
            tell(epoch, losses[-1], float(np.mean(others)) if others else float("nan"), network)
    return network, losses


def _loss(network: Network, samples: Sequence[tuple[FloatArray, FloatArray, FloatArray]]) -> Any:
    features, marks, counts = (torch.from_numpy(np.stack(some)) for some in zip(*samples, strict=True))
    # Beats are rare: what is one weighs more.
    losses = functional.binary_cross_entropy_with_logits(network(features), marks, reduction="none") * (
        1.0 + 3.0 * marks
    )
    return (losses * counts[:, None]).sum() / counts.sum()
