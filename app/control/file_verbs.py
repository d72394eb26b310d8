# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs of files: the loop that plays, what was heard, what is heard from now on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app import paths
from app.control.waiting import Until
from app.control.wire import Answer
from app.control.words import is_off, is_same, new_file
from app.recordings import Recordings
from engine.errors import NameTaken, NothingPlays, cannot_write

if TYPE_CHECKING:
    from app.control.facts import StudioFacts
    from app.control.owner import SettingsOwner
    from app.control.waiting import Reply, Waiting
    from engine.qt.studio import StudioEngine

SAVE_ENDINGS = (".wav", ".flac", ".ogg")
TAPE_ENDINGS = (".flac",)
CUE_ENDING = ".cue"


class FileVerbs(QObject):
    """These verbs write files, under the name that is given or one of their own in the folder that is set."""

    aside_wanted = Signal()
    save_wanted = Signal(str)
    keep_wanted = Signal(str)
    record_wanted = Signal(str)
    record_end_wanted = Signal()

    def __init__(
        self, engine: StudioEngine, facts: StudioFacts, owner: SettingsOwner, waiting: Waiting, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._facts, self._owner, self._waiting = facts, owner, waiting
        self._recordings = Recordings()
        self.aside_wanted.connect(engine.saving.set_aside)
        self.save_wanted.connect(engine.saving.save)
        self.keep_wanted.connect(engine.output.keep_heard)
        self.record_wanted.connect(engine.output.start_recording)
        self.record_end_wanted.connect(engine.output.stop_recording)

    def do_save(self, words: Sequence[str], reply: Reply) -> None:
        view = self._facts.view
        if view is None:
            raise NothingPlays
        from app.save_words import name_of

        path = " ".join(words) or self._named(f"{name_of(view)}.wav")
        path = self._free(new_file(path, SAVE_ENDINGS))
        self._waiting.wait(path, reply, f"{path} is still being written")
        self.aside_wanted.emit()
        self.save_wanted.emit(path)

    def do_keep(self, words: Sequence[str], reply: Reply) -> None:
        path = self._tape_file(words)
        if words:
            # Its cue sheet replaces no file either.
            new_file(str(Path(path).with_suffix(CUE_ENDING)), (CUE_ENDING,))
        self._waiting.wait(path, reply, f"{path} is still being written")
        self.keep_wanted.emit(path)

    def do_record(self, words: Sequence[str], reply: Reply) -> Answer | None:
        recording = self._facts.transport.recording
        if is_off(words) or (recording and not words):
            if not recording:
                return Answer("nothing is recorded", {"file": None})
            self._waiting.wait(recording, reply, f"{recording} is still being written", Until.RECORDED)
            self.record_end_wanted.emit()
            return None
        path = self._tape_file(words)
        self._waiting.wait(path, reply, f"{path} is not yet recorded to", Until.RECORDING)
        self.record_wanted.emit(path)
        return None

    def _tape_file(self, words: Sequence[str]) -> str:
        if not words:
            return self._recordings.new_file(self._owner.settings.save_folder)
        path = self._free(new_file(" ".join(words), TAPE_ENDINGS))
        if is_same(path, self._facts.transport.recording):
            # Its file comes with the first sound.
            raise NameTaken(path=path)
        return path

    def _free(self, path: str) -> str:
        """Return a path at which no file is being written either. Raises NameTaken."""
        if self._waiting.is_under_way(path):
            raise NameTaken(path=path)
        return path

    def _named(self, name: str) -> str:
        """Return a free path of this name in the folder that is set."""
        from engine.library.atomic import numbered

        folder = Path(self._owner.settings.save_folder or paths.music_folder())
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(folder, error) from error
        names = map(str, numbered(folder / name))
        return next(one for one in names if not os.path.lexists(one) and not self._waiting.is_under_way(one))
