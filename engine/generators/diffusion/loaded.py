# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps a family's model loaded between clips, and loads another when that is asked for."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import CheckpointBad
from engine.generators.diffusion.checkpoint import Loads, check_checkpoint
from engine.generators.diffusion.machine import Place, is_out_of_memory
from engine.generators.diffusion.small_loaded import load_small


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wanted pipeline is the checkpoint in a folder, on a place; some have a text encoder that is elsewhere."""

    folder: Path
    place: Place
    text_folder: Path | None = None


class Keeper:
    """A keeper has one pipeline at most: two would rarely fit."""

    def __init__(self) -> None:
        self._has: Wanted | None = None
        self._pipe: Any = None

    def has(self, wanted: Wanted) -> bool:
        """Return whether that is loaded."""
        return self._pipe is not None and self._has == wanted

    def load(self, wanted: Wanted, family: Loads) -> Any:
        """Return the pipeline, loaded now unless it is there. Nothing is fetched.

        Raises
        ------
        CheckpointBad
            The folder holds none, or one that is damaged.
        """
        if self.has(wanted):
            return self._pipe
        self.drop()
        check_checkpoint(wanted.folder, family)
        self._pipe, self._has = _loaded(wanted, family), wanted
        return self._pipe

    def rest(self) -> None:
        """Take what is offloaded off the card again: a call that was cancelled leaves a part of it there."""
        if self._pipe is not None:
            self._pipe.maybe_free_model_hooks()

    def drop(self) -> None:
        """Forget the pipeline, and give its memory back."""
        if self._pipe is None:
            return
        self._pipe, self._has = None, None
        gc.collect()
        import torch

        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _loaded(wanted: Wanted, family: Loads) -> Any:
    import diffusers
    import transformers

    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    try:
        if wanted.text_folder is not None:
            pipe = load_small(wanted.folder, wanted.text_folder, wanted.place)
        else:
            pipe = getattr(diffusers, family.pipeline).from_pretrained(
                str(wanted.folder), dtype=wanted.place.dtype, local_files_only=True, use_safetensors=True
            )
    except Exception as error:
        if is_out_of_memory(error):
            raise
        # Libraries refuse a damaged checkpoint in more ways than can be listed.
        detail = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise CheckpointBad(folder=str(wanted.folder), generator=family.title, detail=detail.rstrip(".")) from error
    pipe.set_progress_bar_config(disable=True)
    if wanted.place.is_offloaded:
        pipe.enable_model_cpu_offload(device=wanted.place.device)
        return pipe
    return pipe.to(wanted.place.device)
