# SPDX-License-Identifier: GPL-3.0-or-later
"""Fragments are made of short sounds, and read as any other program would: header, data, and as much as it says."""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path

import numpy as np

from engine.fragments.folder import Fragment, SlotFolder
from engine.library.carried import CUT
from engine.values import Clip, Recipe
from tests.widgets.recipes import a_recipe

RATE = 8_000
WAIT_S = 60.0


def a_clip(level: float = 0.5, *, n_samples: int = 400, rate: int = RATE) -> Clip:
    """Return a clip whose samples all stand at one level, but for a change of sign."""
    samples = np.full((n_samples, 2), level, dtype=np.float32)
    samples[1::2] *= -1.0
    return Clip(samples, rate)


def a_fragment(level: float = 0.5, *, prompt: str = "wind", n_samples: int = 400) -> Fragment:
    """Return a fragment at one level, by which it is known again."""
    return Fragment(a_clip(level, n_samples=n_samples).samples, RATE, recipe_of(prompt), CUT)


def recipe_of(prompt: str) -> Recipe:
    return a_recipe(prompt=prompt)


def rotate(folder: SlotFolder, first: int, n: int) -> None:
    """Keep and put so many fragments, of which the one of number n has that level in steps of 16 bits."""
    for number in range(first, first + n):
        level = number / 2**15
        archived = folder.archive.keep(a_clip(level), recipe_of(str(number)))
        folder.put(a_fragment(level, prompt=str(number)), archived)


def whole(path: Path) -> int:
    """Return the level of a slot's file, read by hand; fails unless it is whole: RIFF, its chunks, one level."""
    content = path.read_bytes()
    tag, size, form = struct.unpack_from("<4sI4s", content)
    assert (tag, form) == (b"RIFF", b"WAVE")
    assert size == len(content) - 8
    at, data = 12, None
    while at < len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        if name == b"data":
            data = content[at + 8 : at + 8 + length]
            assert len(data) == length
        at += 8 + length + length % 2
    assert at == len(content)
    assert data is not None
    levels = np.abs(np.frombuffer(data, "<i2"))
    assert len(levels)
    assert (levels == levels[0]).all()
    return int(levels[0])


def assert_whole(folder: Path) -> tuple[list[int], list[int]]:
    """Return the levels of the slots and of the archive, all of which are whole, and each with its recipe."""
    slots = [whole(path) for path in sorted(folder.glob("output*.wav"))]
    archive = []
    paths = sorted((folder / "archive").glob("*.wav"), key=lambda path: int(path.stem.removeprefix("output")))
    for number, path in enumerate(paths, start=1):
        assert path.name == f"output{number:03}.wav"
        content = path.read_bytes()
        assert struct.unpack_from("<I", content, 4)[0] == len(content) - 8
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        archive.append(int(told["prompt"]))
    return slots, archive


def until(condition: object) -> None:
    """Wait until a condition holds."""
    assert callable(condition)
    give_up_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < give_up_s, "it did not happen"
        time.sleep(0.01)
