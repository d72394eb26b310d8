# SPDX-License-Identifier: GPL-3.0-or-later
"""The harmony network learns here, by PyTorch, what ``engine.listening.harmony`` then does in numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from engine.listening.harmony import CONTEXT, HarmonyNetwork, chroma_of_beats, key_features, smoothed
from engine.values import FloatArray
from tests.benchmarks.heardcases.features import Lesson
from tests.benchmarks.loopcases.cases import DoubleArray

HIDDEN = 32
BATCH = 256
BEST_RATE = 6e-3
NOISE = 0.03
"""Standard deviation of what is added to the chroma that is learnt from."""
KEY_FEATURES = 60
KEY_STEPS = 400

_ROTATED = (np.arange(12)[None, :] + np.arange(12)[:, None]) % 12


class Network(nn.Module):  # type: ignore[misc]  # PyTorch is not read through
    """The network as PyTorch has it: chroma round a beat ``(n, 2 * CONTEXT + 1, 12)`` becomes ``(n, N_CHORDS)``."""

    def __init__(self, n_hidden: int = HIDDEN) -> None:
        super().__init__()
        n_heard = (2 * CONTEXT + 1) * 12
        self.layers = nn.ModuleList(
            [nn.Linear(n_heard, n_hidden), nn.Linear(n_hidden, n_hidden), nn.Linear(n_hidden, 2)]
        )
        self.drop = nn.Dropout(0.1)

    def forward(self, around: Any) -> Any:
        # The same layers hear the chroma from each of the twelve roots on.
        hidden = around[:, :, torch.from_numpy(_ROTATED)].permute(0, 2, 1, 3).flatten(2)
        hidden = self.drop(functional.relu(self.layers[0](hidden)))
        odds = self.layers[2](functional.relu(self.layers[1](hidden)))
        return torch.cat([odds[:, :, 0], odds[:, :, 1]], 1)


def in_numpy(network: Network, key: FloatArray) -> HarmonyNetwork:
    """Return the network, with the weights of the key, as the studio runs it."""
    layers = tuple((one.weight.detach().numpy().T, one.bias.detach().numpy()) for one in network.layers)
    return HarmonyNetwork(layers, key)


def learn(
    lessons: Sequence[Lesson], *, epochs: int, seed: int = 0, tell: Callable[[str], None] = print
) -> tuple[HarmonyNetwork, list[float]]:
    """Return a network that has learnt chords, then keys from what it hears of them; and the loss of each epoch."""
    torch.manual_seed(seed)
    heard = [(lesson, chroma_of_beats(lesson.chroma.astype(np.float32), lesson.edges())) for lesson in lessons]
    network, losses = _chords(heard, epochs)
    tell(f"chords: loss {losses[0]:.3f} at first, {losses[-1]:.3f} at last")
    untold = in_numpy(network, np.zeros((KEY_FEATURES, 2), dtype=np.float32))
    key, right = _key([(lesson.key, key_features(chroma, smoothed(untold.chords(chroma)))) for lesson, chroma in heard])
    tell(f"keys: {right:.3f} of those learnt are right")
    return in_numpy(network, key), losses


def around_beats(chroma: DoubleArray) -> FloatArray:
    """Return the chroma of each beat with that of ``CONTEXT`` beats before and after, of unit length each."""
    unit = chroma / np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9)
    padded = np.pad(unit, ((CONTEXT, CONTEXT), (0, 0)), mode="edge")
    return np.stack([padded[step : step + len(chroma)] for step in range(2 * CONTEXT + 1)], axis=1).astype(np.float32)


def _chords(heard: Sequence[tuple[Lesson, DoubleArray]], epochs: int) -> tuple[Network, list[float]]:
    numbers = np.concatenate([lesson.chords_of_beats() for lesson, _ in heard])
    is_told = numbers >= 0
    around = torch.from_numpy(np.concatenate([around_beats(chroma) for _, chroma in heard])[is_told])
    wanted = torch.from_numpy(numbers[is_told])
    network = Network()
    batch = min(BATCH, len(wanted))
    steps = len(wanted) // batch
    optimiser = torch.optim.AdamW(network.parameters(), BEST_RATE, weight_decay=1e-4)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, BEST_RATE, total_steps=max(2, epochs * steps))
    losses = []
    for _ in range(epochs):
        network.train()
        total = 0.0
        for some in torch.randperm(len(wanted))[: steps * batch].split(batch):
            noisy = around[some] + NOISE * torch.randn(len(some), 1, 12)
            loss = functional.cross_entropy(network(noisy), wanted[some], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rates.step()
            total += float(loss.item())
        losses.append(total / steps)
    network.eval()
    return network, losses


def _key(told: Sequence[tuple[int, DoubleArray]]) -> tuple[FloatArray, float]:
    """Return the weights of the key's features, ``(KEY_FEATURES, 2)``, and how many of the keys they tell."""
    features = torch.from_numpy(np.stack([one for _, one in told]).astype(np.float32))
    wanted = torch.tensor([key for key, _ in told])
    weights = nn.Parameter(torch.zeros(KEY_FEATURES, 2))
    optimiser = torch.optim.AdamW([weights], 0.05, weight_decay=0.01)

    def odds() -> Any:
        both = features @ weights
        return torch.cat([both[:, :, 0], both[:, :, 1]], 1)

    for _ in range(KEY_STEPS):
        loss = functional.cross_entropy(odds(), wanted, label_smoothing=0.02)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    right = float((odds().argmax(1) == wanted).float().mean().item())
    return weights.detach().numpy(), right
