# SPDX-License-Identifier: GPL-3.0-or-later
"""Each radio that is on the air has a folder of its own, for its numbers, its history and its votes."""

from __future__ import annotations

from pathlib import Path

from app import paths
from engine.library.locking import OwnFolder


class RadioFolder:
    """A radio folder is this radio's alone until it is closed: a second one beside it has “radio 2”.

    Attributes
    ----------
    path, votes_file
    is_another
        Whether another radio has the usual one.
    """

    def __init__(self) -> None:
        usual = paths.data_folder() / "radio"
        self._own = OwnFolder(usual)
        self.path: Path = self._own.path
        self.votes_file = self.path / "votes.json"
        self.is_another = self.path != usual

    def close(self) -> None:
        """Leave it to others."""
        self._own.close()
