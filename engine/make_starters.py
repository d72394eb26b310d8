# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the starter loops of ``resources/starters``: ``python -m engine.make_starters OUT_FOLDER``.

Run it whenever the composer's sound changes (a test compares what ships with what it makes).
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.errors import StudioError
from engine.generators.base import Generator, GeneratorSettings, finished
from engine.generators.composer import Composer
from engine.generators.composer.declared import SOUNDS
from engine.generators.conform import conform
from engine.library.atomic import write_bytes
from engine.library.audiofile import write_clip
from engine.library.carried import said_of
from engine.library.titles import made_up_title
from engine.loops.finder import score_region
from engine.values import Algorithm, Asked, Clip, ClipRequest, LoopRegion, Parameters, Recipe

_log = logging.getLogger(__name__)

BITS = 18
"""Bits of each sample: finer steps are below -108 dBFS and would make the files half as big again."""

_CREATED_UTC = "2026-11-21T00:00:00+00:00"  # the same files whenever they are made


@dataclass(frozen=True, slots=True)
class StarterOrder:
    """A starter order names a file's stem and what the composer is asked for."""

    stem: str
    prompt: str
    duration_s: float
    bars: int
    seed: int


ORDERS = (
    StarterOrder("starter-lofi", "lofi calm rap beat, 85 bpm, electric piano", 22.5, 8, 7),
    StarterOrder("starter-house", "warm deep house, 122 bpm", 15.8, 8, 7),
    StarterOrder("starter-jazz", "jazz trio with brushes, warm evening, 112 bpm", 17.2, 8, 3),
    StarterOrder("starter-ambient", "slow ambient, wide and warm, in D major", 16.6, 4, 3),
)


def make_starters(folder: Path) -> list[Path]:
    """Write each order's ``STEM.flac`` and its recipe ``STEM.json`` into ``folder``; returns the audio files.

    Raises CannotWrite, UnknownFormat.
    """
    written = []
    for order in ORDERS:
        clip, recipe = make_starter(order)
        path = folder / f"{order.stem}.flac"
        write_clip(path, clip, metadata=said_of(recipe))
        text = json.dumps(recipe.as_dict(), indent=2, ensure_ascii=False)
        write_bytes(path.with_suffix(".json"), f"{text}\n".encode())
        written.append(path)
    return written


def make_starter(order: StarterOrder) -> tuple[Clip, Recipe]:
    """Compose, conform and judge one starter; the loop is the whole clip, which wraps."""
    composer: Generator = Composer()
    # The same on every machine, whatever is installed there.
    sounds = Parameters({SOUNDS.name: "synthesised"})
    request = ClipRequest(
        0, order.prompt, composer.name, "", order.duration_s, order.seed, bars=order.bars, parameters=sounds
    )
    result = finished(composer.generate(request, GeneratorSettings()))
    clip = conform(result.clip, generator=composer.title, requested_s=order.duration_s)
    grain = 2.0 ** (BITS - 1)
    clip = replace(clip, samples=(np.round(clip.samples * grain) / grain).astype(np.float32))
    title, artist = made_up_title(f"{order.prompt} {order.seed}")
    recipe = Recipe(
        prompt=order.prompt,
        generator=composer.name,
        model="",
        duration_s=order.duration_s,
        seed=result.seed,
        versions={composer.name: result.versions[composer.name]},
        title=title,
        artist=artist,
        facts=result.facts,
        wraps=True,
        algorithm=Algorithm.ADVANCED,
        loop=score_region(clip, LoopRegion(0, clip.n_samples), result.facts)[0],
        created_utc=_CREATED_UTC,
        asked=Asked.of(request),
        chords=result.score.chords if result.score is not None else (),
    )
    return clip, recipe


def main(arguments: list[str]) -> int:
    """Run the command: one folder, which must exist. Exit code 0, 1 a failure, 2 usage."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        _log.error("usage: python -m engine.make_starters OUT_FOLDER (which must exist)")
        return 2
    try:
        for path in make_starters(Path(arguments[0])):
            _log.info("%s", path)
    except StudioError as error:
        _log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
