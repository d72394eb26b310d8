# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes what each layer of a rendered jam plays beside the mix, as a file of its own, equally long."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from engine.library.unwritten import make_folder
from engine.values.jam import LayerName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.library.audiofile import AudioWriter
    from engine.values import FloatArray, Lead

_PIECE_SAMPLES = 1 << 16


def stem_paths(folder: str) -> dict[LayerName, Path]:
    """Return where each layer's stem goes."""
    return {layer: Path(folder) / f"{layer}.wav" for layer in LayerName}


class StemFiles:
    """The stem files appear as their block ends without an error; a layer that is never heard has none.

    Their samples are floats of 32 bits: the sum of the files is the mix before what is done to all of it.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._stack = contextlib.ExitStack()
        self._writers: dict[LayerName, AudioWriter] = {}
        self._n_taken = dict.fromkeys(LayerName, 0)

    def __enter__(self) -> Self:
        self._stack.__enter__()
        return self

    def __exit__(self, *exception: Any) -> bool | None:
        return self._stack.__exit__(*exception)

    def write(self, layer: LayerName, samples: FloatArray) -> None:
        """Take what a layer plays next. Raises CannotWrite."""
        writer = self._writers.get(layer)
        if writer is None and samples.any():
            writer = self._begin(layer)
        if writer is not None:
            writer.write(samples)
        self._n_taken[layer] += len(samples)

    def say(self, leads: Sequence[Lead]) -> None:
        """Have each file say which loops are in it."""
        from engine.library.carried import said_of_mix
        from engine.values import MixKind, MixRecipe
        from engine.values.audio import STUDIO_SAMPLE_RATE

        for layer, writer in self._writers.items():
            own = tuple(lead for lead in leads if lead.layer == layer)
            writer.metadata = said_of_mix(MixRecipe(MixKind.JAM, STUDIO_SAMPLE_RATE, max(1, writer.n_samples), own))

    def _begin(self, layer: LayerName) -> AudioWriter:
        import numpy as np

        from engine.library.audiofile import writing_audio
        from engine.library.stems import STEM_BITS
        from engine.values.audio import STUDIO_SAMPLE_RATE

        make_folder(Path(self._folder))
        path = stem_paths(self._folder)[layer]
        writer = self._stack.enter_context(writing_audio(path, STUDIO_SAMPLE_RATE, 2, bits=STEM_BITS))
        silence = np.zeros((_PIECE_SAMPLES, 2), dtype=np.float32)
        for done in range(0, self._n_taken[layer], _PIECE_SAMPLES):
            writer.write(silence[: self._n_taken[layer] - done])
        self._writers[layer] = writer
        return writer
