# SPDX-License-Identifier: GPL-3.0-or-later
"""This module names the files that recordings and what was heard go to, where no name is given."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app import paths
from engine.errors import cannot_write


class Recordings:
    """Recordings get names with day and time, each once."""

    def __init__(self) -> None:
        # A recording's file comes with its first sound, a kept one when it is whole: both may lie ahead.
        self._promised: set[Path] = set()

    def new_file(self, folder: str) -> str:
        """Return a name that is free, in a folder that is made if it is not there; "" is the system's music folder.

        Raises CannotWrite.
        """
        place = Path(folder or paths.music_folder())
        try:
            place.mkdir(parents=True, exist_ok=True)
            path = paths.dated_recording(place, datetime.now().astimezone(), promised=self._promised)
        except OSError as error:
            raise cannot_write(place, error) from error
        self._promised.add(path)
        return str(path)
