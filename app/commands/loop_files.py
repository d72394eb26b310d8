# SPDX-License-Identifier: GPL-3.0-or-later
"""What the loop commands share about files: which sounds are meant, one after the other, and where results go."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from app.commands.terminal import ProgressLine
from engine.errors import CannotRead, CannotWrite, StudioError

FORMATS = ("wav", "flac", "ogg")


@dataclass(frozen=True, slots=True)
class Entry:
    """A sound that is meant: its path as it was given, and where it lies below the folder that was given."""

    path: str
    below: Path = Path()
    error: StudioError | None = None

    @property
    def stem(self) -> str:
        return Path(self.path).stem


def add_file_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE… and ``--recursive``; ``Files`` reads them."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="audio files (WAV, FLAC, OGG, MP3, AIFF…), or folders of them"
    )
    parser.add_argument("-r", "--recursive", action="store_true", help="look into a folder's folders too")


def add_output_arguments(parser: argparse.ArgumentParser, *, formats: str | None = "wav") -> None:
    """``--format``, of files that are not named one by one, and ``--flat``; ``Output`` reads them."""
    if formats is not None:
        parser.add_argument(
            "--format", choices=FORMATS, default=formats, help=f"of the files put into a folder (default {formats})"
        )
    parser.add_argument("--flat", action="store_true", help="with --recursive: put all into one folder")


class Files:
    """The sounds that a command line means, in order."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.entries: list[Entry] = []
        self.one_file = len(arguments.files) == 1 and not Path(arguments.files[0]).is_dir()
        self._line = ProgressLine()
        self._now = ""
        self._interrupted = False
        for name in arguments.files:
            self.entries += _in_folder(name, arguments.recursive) if Path(name).is_dir() else [Entry(name)]

    def each(
        self, work: Callable[[Entry], None], failed: Callable[[Entry, StudioError], None] = lambda *_: None
    ) -> int:
        """Work on one sound after the other; one that fails is told and the others go on. Returns the exit code."""
        exit_code = 0
        for number, entry in enumerate(self.entries, start=1):
            self._now = "" if self.one_file else f"{number}/{len(self.entries)} {Path(entry.path).name}: "
            try:
                if entry.error is not None:
                    raise entry.error
                work(entry)
            except StudioError as error:
                exit_code = 1
                self._line.clear()
                words = str(error)
                whose = "" if self.one_file or entry.path in words else f"{entry.path}: "
                print(f"infiniloop: {whose}{words}", file=sys.stderr)
                failed(entry, error)
            finally:
                self._line.clear()
        return exit_code

    def show(self, words: str) -> None:
        """Progress of the sound that is worked on. Raises KeyboardInterrupt if it was asked for while ``writing``."""
        if self._interrupted:
            raise KeyboardInterrupt
        self._line.show(self._now + words)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A block in which Ctrl+C waits for the next ``show``; the second one does not wait.

        Raised while libsndfile calls back, it would be lost there, and a piece of the file with it.
        """

        def remember(_number: int, _frame: FrameType | None) -> None:
            if self._interrupted:
                raise KeyboardInterrupt
            self._interrupted = True

        found = signal.signal(signal.SIGINT, remember)
        try:
            yield
            if self._interrupted:
                raise KeyboardInterrupt
        finally:
            signal.signal(signal.SIGINT, found)

    def tell(self, words: str) -> None:
        """A line on stderr that stays."""
        self._line.clear()
        print(words, file=sys.stderr)


def _in_folder(folder: str, recursive: bool) -> list[Entry]:
    from engine.library.soundfiles import list_sounds

    try:
        paths = list_sounds(folder, recursive=recursive)
    except StudioError as error:
        return [Entry(folder, error=error)]
    if not paths:
        detail = "there is no sound in it" + ("" if recursive else "; --recursive looks into its folders too")
        return [Entry(folder, error=CannotRead(path=folder, detail=detail))]
    return [Entry(str(path), path.parent.relative_to(folder)) for path in paths]


class Output:
    """Where results go: ``-o`` names the one file, or a folder, which is made when something is put there.

    Parameters
    ----------
    given
        What ``-o`` says.
    is_folder
        True where it must be a folder whatever it looks like.
    """

    def __init__(self, arguments: argparse.Namespace, files: Files, given: str, *, is_folder: bool = False) -> None:
        self._given = given
        self._flat = arguments.flat
        self._taken: set[Path] = set()
        self.is_folder = is_folder or not files.one_file or given.endswith("/") or Path(given).is_dir()

    def place(self, entry: Entry, suffix: str, ending: str) -> Path:
        """Where to write: the file that was named, or ``STEM + suffix + ending`` in the folder. Raises CannotWrite."""
        path = Path(self._given)
        if self.is_folder:
            path = path / (Path() if self._flat else entry.below) / f"{entry.stem}{suffix}{ending}"
        whole = path.resolve()
        if whole == Path(entry.path).resolve():
            raise CannotWrite(path=str(path), detail="it is the sound itself")
        if whole in self._taken:
            raise CannotWrite(path=str(path), detail="another sound of the same name was put there")
        self._taken.add(whole)
        if self.is_folder:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise CannotWrite(path=str(path.parent), detail=error.strerror or str(error)) from error
        return path
