# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the parts that a sound is the sum of, each as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from engine.library.atomic import new_folder, numbered
from engine.library.audiofile import writing_audio
from engine.library.metadata import Metadata
from engine.library.names import fitting
from engine.library.room import least_bytes, refuse_beyond_free
from engine.values import BakedLoop, FloatArray, LoopRegion

STEM_BITS = "32f"
"""Bits of a sample in stems: floats, so that the sum of the files is the sound."""


def stem_files(folder: Path, names: Iterable[str]) -> dict[Path, str]:
    """Return where each stem goes, by letters, digits and blanks of its name, with a number where two are alike."""
    paths: dict[Path, str] = {}
    for name in names:
        plain = re.sub(r"[^\w \-]", "", name).strip() or "stem"
        path = next(one for one in numbered(folder / fitting(plain, ".wav")) if one not in paths)
        paths[path] = name
    return paths


def write_stem(
    path: Path, samples: FloatArray, sample_rate: int, *, is_loop: bool, metadata: Metadata | None = None
) -> None:
    """Write float32 samples ``(n_samples, n_channels)``, tagged as one loop if they are one. Raises CannotWrite."""
    n_samples, n_channels = samples.shape
    region = LoopRegion(0, n_samples) if is_loop else None
    with writing_audio(
        path,
        sample_rate,
        n_channels,
        bits=STEM_BITS,
        n_samples=n_samples,
        loop_region=region,
        metadata=metadata,
    ) as out:
        out.write(samples)


def write_stems(
    folder: Path, stems: Mapping[str, BakedLoop], metadata: Callable[[str], Metadata | None] = lambda _: None
) -> Path:
    """Write stems, each a loop, into a new folder, and return where: under the first numbered name that is free.

    The folder appears whole or not at all; ``metadata`` says what the file of a stem says of itself, by the stem's
    name. Raises CannotWrite, TooLarge.
    """
    sizes = (least_bytes("WAV", "FLOAT", *one.samples.shape) for one in stems.values())
    refuse_beyond_free([(folder, sum(sizes))])

    def fill(temporary: Path) -> None:
        for path, name in stem_files(temporary, stems).items():
            stem = stems[name]
            write_stem(path, stem.samples, stem.sample_rate, is_loop=True, metadata=metadata(name))

    return new_folder(folder, fill)
