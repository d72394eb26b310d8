# SPDX-License-Identifier: GPL-3.0-or-later
"""This module looks at a checkpoint in a folder before anything heavy loads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from engine.errors import CheckpointBad

INDEX = "model_index.json"
"""Name of the file that says which class of diffusers loads a folder."""

CONVERT = (
    "it is in its makers’ own format, which diffusers’ script convert_stable_audio_3_to_diffusers.py converts once; "
    "then choose the folder that it wrote as your own checkpoint"
)


class Loads(Protocol):
    """A family loads the checkpoints of one class of diffusers."""

    title: str

    @property
    def pipeline(self) -> str: ...


def check_checkpoint(folder: Path, family: Loads) -> None:
    """Refuse a folder that does not hold a checkpoint of this family. Raises CheckpointBad."""

    def bad(detail: str) -> CheckpointBad:
        return CheckpointBad(folder=str(folder), generator=family.title, detail=detail)

    if not folder.is_dir():
        raise bad("there is no such folder")
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        is_theirs = (folder / "model_config.json").is_file()
        raise bad(CONVERT if is_theirs else f"it has no {INDEX}") from None
    except (OSError, ValueError) as error:
        raise bad(f"its {INDEX} cannot be read") from error
    named = index.get("_class_name") if isinstance(index, dict) else None
    if named != family.pipeline:
        raise bad(f"it is for {named}, not for {family.pipeline}")
