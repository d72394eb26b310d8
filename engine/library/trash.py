# SPDX-License-Identifier: GPL-3.0-or-later
"""The trash of a library keeps takes that a person deleted, so that they can be had back, until they are too old.

In the library's folder, beside ``takes``::

    trash/<take_id>.flac, trash/<take_id>.json    as they were; the recipe's time is when it was deleted

One rename of the recipe is what moves a take, in either direction: its sound is in both places by then. So a process
killed at any moment leaves the take whole in one place, and at most a spare name of its sound in the other.

All of this is for one who is alone in the folder.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.library.atomic import is_temporary, replacing, sync_folder

logger = logging.getLogger(__name__)

TRASH_NAME = "trash"
KEPT_DAYS = 30.0
"""Number of days after which a deleted take is gone for good."""
FRESH_S = 600.0
"""Seconds for which a deleted take is kept even if there is no room: one may have deleted it by mistake."""
DAY_S = 86_400.0
AUDIO, RECIPE = "flac", "json"


@dataclass(frozen=True, slots=True)
class Trashed:
    """A trashed take is one in the trash, with the bytes it holds and when it was deleted, seconds of the clock."""

    take_id: str
    n_bytes: int
    deleted_s: float


class Trash:
    """The trash of one library.

    Parameters
    ----------
    folder
        Of the library.
    takes_folder
        Where its takes lie.
    is_id
        Tells names of takes from those of other files, which are left alone.
    """

    def __init__(self, folder: Path, takes_folder: Path, is_id: Callable[[str], object]) -> None:
        self._folder = folder / TRASH_NAME
        self._takes_folder = takes_folder
        self._is_id = is_id
        self._looked_at: tuple[int, tuple[Trashed, ...]] | None = None

    # --- moving -------------------------------------------------------------------------------------------------------

    def take_in(self, take_ids: Sequence[str]) -> list[str]:
        """Move takes here, which are whole, and return those moved. Raises OSError where none could be."""
        self._folder.mkdir(exist_ok=True)
        for take_id in take_ids:
            # The recipe's time goes with it.
            os.utime(self._takes_folder / f"{take_id}.{RECIPE}")
        self._looked_at = None
        return _move(take_ids, self._takes_folder, self._folder)

    def give_back(self, take_ids: Sequence[str]) -> list[str]:
        """Move takes back to the others and return those moved; one that is not here is none. Raises OSError."""
        self._looked_at = None
        return _move([one for one in take_ids if self._is_whole(one)], self._folder, self._takes_folder)

    def _is_whole(self, take_id: str) -> bool:
        names = [f"{take_id}.{ending}" for ending in (AUDIO, RECIPE)]
        is_free = not (self._takes_folder / names[1]).exists()
        return bool(self._is_id(take_id)) and is_free and all((self._folder / one).is_file() for one in names)

    # --- room ---------------------------------------------------------------------------------------------------------

    @property
    def n_bytes(self) -> int:
        """Return the bytes that the takes here hold together."""
        return sum(one.n_bytes for one in self.content())

    def content(self) -> tuple[Trashed, ...]:
        """Return what is here, what was deleted first coming first; nothing where it cannot be looked into."""
        try:
            changed_ns = self._folder.stat().st_mtime_ns
            if self._looked_at is None or self._looked_at[0] != changed_ns:
                self._looked_at = changed_ns, tuple(sorted(self._found(), key=lambda one: one.deleted_s))
        except OSError:
            return ()
        return self._looked_at[1]

    def _found(self) -> list[Trashed]:
        sizes: dict[str, dict[str, os.stat_result]] = {}
        with os.scandir(self._folder) as entries:
            for entry in entries:
                name, _, ending = entry.name.rpartition(".")
                if ending in (AUDIO, RECIPE) and self._is_id(name) and entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(FileNotFoundError):
                        sizes.setdefault(name, {})[ending] = entry.stat(follow_symlinks=False)
        return [
            Trashed(take_id, sum(one.st_size for one in both.values()), both[RECIPE].st_mtime)
            for take_id, both in sizes.items()
            if len(both) == 2
        ]

    def make_room(self, n_bytes: float) -> None:
        """Remove for good what is too old, and what was deleted first until ``n_bytes`` more are free.

        What was deleted just now stays. Raises OSError.
        """
        now_s, content = time.time(), self.content()
        self._looked_at = None
        for one in content:
            age_s = now_s - one.deleted_s
            if age_s > KEPT_DAYS * DAY_S or (n_bytes > 0.0 and age_s > FRESH_S):
                # The recipe first: without it there is no take.
                for ending in (RECIPE, AUDIO):
                    (self._folder / f"{one.take_id}.{ending}").unlink(missing_ok=True)
                n_bytes -= one.n_bytes

    def tidy(self, stale_after_s: float) -> None:
        """Remove what a killed process left here: spare names of sounds, and unfinished copies of them."""
        with contextlib.suppress(OSError):
            names = {path.name for path in self._folder.iterdir()}
            for name in names:
                take_id, _, ending = name.rpartition(".")
                is_spare = ending == AUDIO and self._is_id(take_id) and f"{take_id}.{RECIPE}" not in names
                if is_spare or is_temporary(name):
                    path = self._folder / name
                    # A new name is a change, if not of what the file holds.
                    if time.time() - path.lstat().st_ctime >= stale_after_s:
                        path.unlink(missing_ok=True)


def _move(take_ids: Sequence[str], source: Path, target: Path) -> list[str]:
    """Move whole takes from one folder to another, each step for all of them and made durable; return those moved.

    Raises OSError where none could be.
    """
    moved: list[str] = []
    trouble: OSError | None = None
    try:
        for take_id in take_ids:
            _put_beside(source / f"{take_id}.{AUDIO}", target / f"{take_id}.{AUDIO}")
        sync_folder(target)
        for take_id in take_ids:
            try:
                (source / f"{take_id}.{RECIPE}").replace(target / f"{take_id}.{RECIPE}")
            except OSError as error:
                logger.warning("The take %s cannot be moved to %s (%s)", take_id, target, error)
                trouble = error
            else:
                moved.append(take_id)
        sync_folder(target)
        sync_folder(source)
    finally:
        for take_id in take_ids:
            spare = source if take_id in moved else target
            with contextlib.suppress(OSError):
                (spare / f"{take_id}.{AUDIO}").unlink(missing_ok=True)
    if trouble is not None and not moved:
        raise trouble
    return moved


def _put_beside(source: Path, target: Path) -> None:
    """Give a file a second name, or a copy where the file system has no links."""
    with contextlib.suppress(FileExistsError):
        try:
            target.hardlink_to(source)
        except FileExistsError:
            raise
        except OSError:
            with source.open("rb") as sound, replacing(target) as copy:
                shutil.copyfileobj(sound, copy)
