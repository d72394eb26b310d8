# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows a model's place in the hub's cache: which files of it are there, whole or begun, and how they go.

The cache is laid out as the hub's library documents it: ``blobs`` has the files under their checksums, ``snapshots``
links to them by commit and name, ``refs`` says which commit a branch was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.errors import ModelMissing
from engine.models.found import model_folder
from engine.models.hub import matching, usual_folder
from engine.values import ModelCard
from engine.values.assets import Held

PART_SUFFIX = ".infiniloop-part"
"""End of the names of blobs that the studio has begun to fetch."""


class CachedModel:
    """A cached model is what the cache has of a card.

    Parameters
    ----------
    models_folder
        The folder that the person chose for weights; "" is the cache that all programs share.
    """

    def __init__(self, card: ModelCard, models_folder: str = "") -> None:
        self.card = card
        self.root = Path(models_folder or usual_folder()).expanduser().resolve()
        self.folder = self.root / f"models--{card.repository.replace('/', '--')}"

    def blob(self, name: str) -> Path:
        """Return the place of a file, by its checksum."""
        return self.folder / "blobs" / name

    def part(self, name: str) -> Path:
        """Return the place of a file that is being fetched."""
        return self.folder / "blobs" / (name + PART_SUFFIX)

    def files(self) -> dict[str, Path]:
        """Return the files of its snapshot by their names in the repository, whether what they link to is there."""
        try:
            commit = (self.folder / "refs" / self.card.revision).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            commit = self.card.revision
        there = dict(_files_below(self.folder / "snapshots" / commit))
        return {path: there[path] for path in matching(there, self.card.files)}

    def is_whole(self) -> bool:
        """Return whether all its files are here, as far as the cache knows which these are."""
        try:
            model_folder(self.card, str(self.root))
        except ModelMissing:
            return False
        files = self.files()
        return bool(files) and all(one.exists() for one in files.values())

    def held(self) -> Held:
        """Return how much of it is here."""
        if self.is_whole():
            return Held.HERE
        return Held.PARTLY if self._begun() or self.files() else Held.MISSING

    def size_bytes(self) -> int:
        """Return how many bytes of the disk its files take, those that are begun too."""
        with contextlib.suppress(OSError):
            sizes = {one.resolve(): one.stat().st_size for one in self.files().values() if one.exists()}
            return sum(sizes.values()) + sum(one.stat().st_size for one in self._begun())
        return 0

    def discard_begun(self) -> None:
        """Remove what a download has brought so far and no snapshot uses, and what is then empty."""
        used = {os.path.realpath(one) for _, one in self._linked()}
        for blob in self._blobs():
            if str(blob.resolve()) not in used:
                with contextlib.suppress(OSError):
                    blob.unlink()
        self._tidy()

    def remove(self, others: tuple[ModelCard, ...] = ()) -> None:
        """Remove its files but for those that ``others`` of the same repository need, which are here wholly.

        Raises OSError where the system refuses.
        """
        kept = {
            one
            for other in others
            if other.repository == self.card.repository and other != self.card
            if (cached := CachedModel(other, str(self.root))).is_whole()
            for one in cached.files().values()
        }
        linked = {str(path): path for _, path in self._linked()}
        names = {str(path): name for name, path in self._linked()}
        going = set(matching(names.values(), self.card.files))
        for key, path in linked.items():
            if names[key] in going and path not in kept:
                path.unlink()
        self.discard_begun()

    def _begun(self) -> list[Path]:
        used = {os.path.realpath(one) for _, one in self._linked()}
        return [one for one in self._blobs() if one.name.endswith(PART_SUFFIX) or str(one.resolve()) not in used]

    def _blobs(self) -> list[Path]:
        try:
            return [one for one in (self.folder / "blobs").iterdir() if one.is_file() and not _is_others(one)]
        except OSError:
            return []

    def _linked(self) -> Iterator[tuple[str, Path]]:
        """Yield every file of every snapshot, whether what it links to is there or not."""
        with contextlib.suppress(OSError):
            for snapshot in sorted((self.folder / "snapshots").iterdir()):
                yield from _files_below(snapshot)

    def _tidy(self) -> None:
        """Remove folders that nothing is in any more: at last the model's own."""
        snapshots = self.folder / "snapshots"
        with contextlib.suppress(OSError):
            for folder, _, _ in os.walk(snapshots, topdown=False):
                with contextlib.suppress(OSError):
                    Path(folder).rmdir()
        if not snapshots.exists() and not any(map(_is_others, self._all_blobs())):
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.rmtree(self.root / ".locks" / self.folder.name, ignore_errors=True)

    def _all_blobs(self) -> list[Path]:
        try:
            return list((self.folder / "blobs").iterdir())
        except OSError:
            return []


def _files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _is_others(blob: Path) -> bool:
    """Return whether another program is fetching this file: the hub's library ends such names so."""
    return blob.name.endswith(".incomplete")
