# SPDX-License-Identifier: GPL-3.0-or-later
"""This module looks at a checkpoint in a folder before anything heavy loads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from engine.errors import CheckpointBad, ModelMissing
from engine.generators.diffusion.cards import TEXT_ENCODER
from engine.generators.diffusion.small_config import CONFIG, PIPELINE, WEIGHTS, Unreadable, read_config
from engine.models.found import model_folder

INDEX = "model_index.json"
"""Name of the file that says which class of diffusers loads a folder."""

THIRD = "StableAudio3Pipeline"
CONVERT = (
    "it is in its makers’ own format, which diffusers’ script convert_stable_audio_3_to_diffusers.py converts once; "
    "then choose the folder that it wrote as your own checkpoint"
)


class Loads(Protocol):
    """A family loads the checkpoints of one class of diffusers, or those of Stable Audio Open small."""

    title: str

    @property
    def pipeline(self) -> str: ...


def check_checkpoint(folder: Path, family: Loads) -> None:
    """Refuse a folder that does not hold a checkpoint of this family. Raises CheckpointBad."""

    def bad(detail: str) -> CheckpointBad:
        return CheckpointBad(folder=str(folder), generator=family.title, detail=detail)

    if not folder.is_dir():
        raise bad("there is no such folder")
    if family.pipeline == PIPELINE:
        _check_small(folder, bad)
        return
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise bad(_without_index(folder, family)) from None
    except (OSError, ValueError) as error:
        raise bad(f"its {INDEX} cannot be read") from error
    named = index.get("_class_name") if isinstance(index, dict) else None
    if named != family.pipeline:
        raise bad(f"it is for {named}, not for {family.pipeline}")


def _without_index(folder: Path, family: Loads) -> str:
    """Return what is to be said of a folder that is not in the format of diffusers."""
    if not (folder / CONFIG).is_file():
        return f"it has no {INDEX}"
    try:
        read_config(folder)
    except Unreadable:
        return CONVERT if family.pipeline == THIRD else "it is in its makers’ own format, and not in that of diffusers"
    return "it holds a Stable Audio Open small, which is a generator of its own"


def text_encoder_folder(folder: Path, models_folder: str) -> Path:
    """Return where the text encoder is that goes with the Stable Audio Open small in a folder.

    It is beside it where the person has put it there, else among the weights of models. Raises ModelMissing, also where
    it is there in part: other programs fetch its tokenizer alone.
    """
    beside = folder / TEXT_ENCODER.name
    found = beside if beside.is_dir() else model_folder(TEXT_ENCODER, models_folder)
    has_tokenizer = any((found / one).is_file() for one in ("tokenizer.json", "spiece.model"))
    if not has_tokenizer or not all((found / one).is_file() for one in ("config.json", WEIGHTS)):
        raise ModelMissing(model=TEXT_ENCODER.name, repository=TEXT_ENCODER.repository)
    return found


def _check_small(folder: Path, bad: Callable[[str], CheckpointBad]) -> None:
    try:
        read_config(folder)
    except Unreadable as error:
        raise bad(str(error)) from error
    if not (folder / WEIGHTS).is_file():
        has_others = any(folder.glob("*.ckpt"))
        raise bad(f"it has no {WEIGHTS}" + (", and a .ckpt may do more than hold weights" if has_others else ""))
