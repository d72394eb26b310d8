# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists the sounds that the loop commands are given, and works on one after the other."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import streams
from app.commands import dry_run, endings
from app.commands.terminal import ProgressLine, print_failure
from engine.errors import CannotRead, StudioError
from engine.errors.requests import exit_code_of
from engine.library.unwritten import NotWritten

if TYPE_CHECKING:
    from engine.library.soundfiles import AudioFile


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry is a sound that is meant: its path as it was given, and its place below the folder that was given."""

    path: str
    below: Path = Path()
    error: StudioError | None = None

    @property
    def stem(self) -> str:
        return Path(self.path).stem


def add_file_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare FILE… and ``--recursive``, which ``Files`` reads."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="audio files (WAV, FLAC, OGG, MP3, AIFF…), or folders of them"
    )
    parser.add_argument("-r", "--recursive", action="store_true", help="look into a folder's folders too")


def is_folder_there(path: str) -> bool:
    """Return whether a folder is there; False for a path too long to be one, which is told when it is opened."""
    try:
        return Path(path).is_dir()
    except OSError:
        return False


class Files:
    """These files are the sounds that a command line means, in order."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.entries: list[Entry] = []
        self.one_file = len(arguments.files) == 1 and not is_folder_there(arguments.files[0])
        self._as_json = bool(getattr(arguments, "json", False))
        self._line = ProgressLine()
        self._now = ""
        for name in arguments.files:
            self.entries += _in_folder(name, arguments.recursive) if is_folder_there(name) else [Entry(name)]

    def each(self, work: Callable[[Entry], None]) -> int:
        """Work on one sound after the other; one that fails is told and the others go on. Return the exit code."""
        errors: list[Exception] = []
        for number, entry in enumerate(self.entries, start=1):
            self._now = "" if self.one_file else f"{number}/{len(self.entries)} {Path(entry.path).name}: "
            dry_run.forget()
            try:
                if entry.error is not None:
                    raise entry.error
                work(entry)
            except NotWritten as stopped:
                self._line.clear()
                dry_run.tell(stopped, file=entry.path)
            except StudioError as error:
                errors.append(error)
                dry_run.fails()
                self._line.clear()
                words = str(error)
                whose = "" if self.one_file or entry.path in words else f"{entry.path}: "
                print(f"infiniloop: {streams.harmless(whose + words)}", file=sys.stderr)
                if self._as_json:
                    print_failure(error, file=entry.path)
            finally:
                self._line.clear()
        return exit_code_of(errors)

    @contextlib.contextmanager
    def sound(self, entry: Entry, *, whole: bool = False) -> Iterator[AudioFile]:
        """Open the sound of an entry. One that is damaged is refused if it is to be ``whole``, else told.

        Raises StudioError.
        """
        from engine.library.soundfiles import open_sound

        with contextlib.ExitStack() as stack:
            with streams.without_libraries_words():
                sound = stack.enter_context(open_sound(entry.path, whole=whole))
            if sound.damage is not None:
                self.tell(f"infiniloop: {sound.damage}")
            yield sound

    def show(self, words: str) -> None:
        """Show progress of the sound that is worked on. Raises Ended if that was asked for while it was held back."""
        endings.checkpoint()
        self._line.show(self._now + words)

    def tell_left_out(self, target: Path, left_out: Sequence[str]) -> None:
        """Tell what a written file has no room for, of what it was to say of itself."""
        for words in left_out:
            self.tell(f"infiniloop: {target}: {words}")

    def tell(self, words: str) -> None:
        """Write a line on stderr that stays."""
        self._line.clear()
        print(words, file=sys.stderr)


def _in_folder(folder: str, recursive: bool) -> list[Entry]:
    from engine.library.sound_folders import list_sounds

    try:
        paths = list_sounds(folder, recursive=recursive)
    except StudioError as error:
        return [Entry(folder, error=error)]
    if not paths:
        detail = "there is no sound in it" + ("" if recursive else "; --recursive looks into its folders too")
        return [Entry(folder, error=CannotRead(path=folder, detail=detail))]
    return [Entry(str(path), path.parent.relative_to(folder)) for path in paths]
