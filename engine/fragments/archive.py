# SPDX-License-Identifier: GPL-3.0-or-later
"""The archive keeps every fragment as its generator delivered it, under the next free number: none is ever replaced."""

from __future__ import annotations

import os
import re
from pathlib import Path

from engine.errors import cannot_write
from engine.library.atomic import put_new, sync_folder, write_bytes
from engine.library.audiofile import writing_audio
from engine.library.carried import Carried, carried_by, said_of
from engine.library.recipefile import text_of
from engine.values import Clip, LoopRegion, Recipe

_NUMBERED = re.compile(r"output([0-9]{3,9})\.(?:wav|json)")


class Archive:
    """An archive is a folder of sounds ``output001.wav``, each with its recipe inside, and beside as JSON.

    Parameters
    ----------
    folder
        Made where there is none.
    work
        A folder of the same file system, for what is unfinished.

    Raises
    ------
    CannotWrite
    """

    def __init__(self, folder: Path, work: Path) -> None:
        self.folder = folder
        self._unfinished = work / "raw.wav"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found = (_NUMBERED.fullmatch(one.name) for one in folder.iterdir())
            self._last = max((int(one[1]) for one in found if one), default=0)
        except OSError as error:
            raise cannot_write(folder, error) from error
        self._mend()

    @property
    def last(self) -> int:
        """Return the highest number that is taken; 0 for an empty archive."""
        return self._last

    def keep(self, clip: Clip, recipe: Recipe) -> str:
        """Keep a clip, bit for bit, and its recipe; return the file's name. Raises CannotWrite."""
        rate, n_samples = clip.sample_rate, clip.n_samples
        loop_region = LoopRegion(0, n_samples) if clip.wraps else None
        with writing_audio(
            self._unfinished,
            rate,
            clip.n_channels,
            bits="32f",
            n_samples=n_samples,
            loop_region=loop_region,
            metadata=said_of(recipe),
        ) as out:
            out.write(clip.samples)
        try:
            path = self._path(self._last + 1)
            while os.path.lexists(path.with_suffix(".json")) or not put_new(self._unfinished, path):
                self._last += 1
                path = self._path(self._last + 1)
            self._last += 1
            sync_folder(self.folder)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        write_bytes(path.with_suffix(".json"), text_of(recipe).encode())
        return path.name

    def _path(self, number: int) -> Path:
        return self.folder / f"output{number:03}.wav"

    def _mend(self) -> None:
        """Put the last sound's recipe beside it, should its station have been killed before. Raises CannotWrite."""
        path = self._path(self._last)
        beside = path.with_suffix(".json")
        if path.is_file() and not os.path.lexists(beside) and isinstance(carried := carried_by(path), Carried):
            write_bytes(beside, text_of(carried.recipe).encode())
