# SPDX-License-Identifier: GPL-3.0-or-later
"""The beat network says of each frame of music how likely it is a beat, and the first one of a bar.

Dilated convolutions over log-mel bands hear some twelve seconds to either side (Davies and Böck, "Temporal
convolutional networks for musical audio beat tracking", EUSIPCO 2019). It has learnt from pieces whose beats are known
to the sample (``tests/benchmarks/heardcases``), and runs in plain numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from engine.dsp.banks import N_MELS
from engine.dsp.features import FLOOR_DB
from engine.values import FloatArray

WEIGHTS_FILE = Path(__file__).resolve().parents[2] / "resources" / "listening" / "beats.npz"
KERNEL = 5
"""Number of frames that a convolution takes in, ``dilation`` apart."""
RISE_SCALE_DB = 10.0
"""Rise of a band from frame to frame that the network takes for one."""


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """A block adds to what passes through it what its convolution finds.

    Attributes
    ----------
    taps, bias
        Of the convolution, ``(KERNEL, n_channels, n_channels)`` and ``(n_channels,)``.
    mix, mix_bias
        Of what follows it within each frame, ``(n_channels, n_channels)`` and ``(n_channels,)``.
    """

    dilation: int
    taps: FloatArray
    bias: FloatArray
    mix: FloatArray
    mix_bias: FloatArray

    def __call__(self, hidden: FloatArray) -> FloatArray:
        n, reach = len(hidden), self.dilation * (KERNEL // 2)
        out = np.broadcast_to(self.bias, hidden.shape).copy()
        for tap, weights in enumerate(self.taps):
            shift = tap * self.dilation - reach
            first, last = max(0, -shift), min(n, n - shift)
            if first < last:
                out[first:last] += hidden[first + shift : last + shift] @ weights
        added: FloatArray = hidden + (_elu(out) @ self.mix + self.mix_bias)
        return added


@dataclass(frozen=True, eq=False, slots=True)
class BeatNetwork:
    """A beat network holds its weights."""

    entry: FloatArray
    entry_bias: FloatArray
    blocks: tuple[Block, ...]
    exit: FloatArray
    exit_bias: FloatArray

    def __call__(self, mel_db: FloatArray) -> FloatArray:
        """Return the log odds of a beat, and of a downbeat, in each frame, ``(n_frames, 2)``.

        ``mel_db`` is ``Frames.mel_db``, frames of ``HOP_S``.
        """
        hidden = _elu(beat_features(mel_db) @ self.entry + self.entry_bias)
        for block in self.blocks:
            hidden = block(hidden)
        out: FloatArray = _elu(hidden) @ self.exit + self.exit_bias
        return out

    def arrays(self) -> dict[str, FloatArray]:
        """Return the weights by their names in a file."""
        out = {"entry": self.entry, "entry_bias": self.entry_bias, "exit": self.exit, "exit_bias": self.exit_bias}
        for name in ("taps", "bias", "mix", "mix_bias"):
            out[name] = np.stack([getattr(block, name) for block in self.blocks])
        out["dilations"] = np.array([block.dilation for block in self.blocks], dtype=np.float32)
        return {name: one.astype(np.float16) for name, one in out.items()}

    @classmethod
    def of(cls, arrays: dict[str, FloatArray]) -> Self:
        """Return the inverse of ``arrays``. Raises KeyError where one is missing."""
        plain = {name: np.asarray(one, dtype=np.float32) for name, one in arrays.items()}
        blocks = tuple(
            Block(int(dilation), *of_one)
            for dilation, *of_one in zip(
                plain["dilations"], plain["taps"], plain["bias"], plain["mix"], plain["mix_bias"], strict=True
            )
        )
        return cls(plain["entry"], plain["entry_bias"], blocks, plain["exit"], plain["exit_bias"])


def beat_features(mel_db: FloatArray) -> FloatArray:
    """Return what the network takes in, ``(n_frames, 2 * N_MELS)``: each band's level, and its rise."""
    out = np.empty((len(mel_db), 2 * N_MELS), dtype=np.float32)
    np.subtract(1.0, mel_db / np.float32(FLOOR_DB), out=out[:, :N_MELS])
    out[:1, N_MELS:] = 0.0
    rising = out[1:, N_MELS:]
    np.maximum(np.diff(mel_db, axis=0), 0.0, out=rising)
    rising /= RISE_SCALE_DB
    return out


@lru_cache(maxsize=1)
def beat_network() -> BeatNetwork:
    """Return the network that the studio is shipped with."""
    with np.load(WEIGHTS_FILE) as arrays:
        return BeatNetwork.of(dict(arrays))


def _elu(values: FloatArray) -> FloatArray:
    out: FloatArray = np.where(values > 0.0, values, np.expm1(np.minimum(values, 0.0)))
    return out
