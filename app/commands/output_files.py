# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says where the commands write: under which names, and over no file unless that was allowed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from app.commands import dry_run
from app.commands.loop_arguments import add_choice_arguments, add_overlap_argument
from app.commands.loop_files import Entry, Files, is_folder_there
from app.commands.terminal import ask, can_ask
from engine.errors import FileExists, FilesExist, IsInput
from engine.library.atomic import leave_alone
from engine.library.unwritten import make_folder

FORMATS = ("wav", "flac", "ogg")


def add_force_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--force``, which ``refuse_to_replace`` obeys, and ``--dry-run``."""
    parser.add_argument(
        "-f",
        "--force",
        action="store_true",
        help="replace files that are there; without it one file is asked about on a terminal, else left alone and told",
    )
    dry_run.add_dry_run_argument(parser)


def add_making_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what commands share that make sounds of sounds: JSON, the output, the seam, and which loop to take."""
    parser.add_argument("--json", action="store_true", help="print what was made, one JSON object a file")
    add_output_arguments(parser)
    add_overlap_argument(parser)
    add_choice_arguments(parser)


def add_output_arguments(parser: argparse.ArgumentParser, *, formats: str | None = "wav") -> None:
    """Declare ``--format``, of files that are not named one by one, ``--flat`` and ``--force``, for ``Output``."""
    if formats is not None:
        parser.add_argument(
            "--format", choices=FORMATS, default=formats, help=f"of the files put into a folder (default {formats})"
        )
    parser.add_argument("--flat", action="store_true", help="with --recursive: put all into one folder")
    add_force_argument(parser)


def refuse_to_replace(
    targets: Sequence[Path], *, force: bool, may_ask: bool, inputs: Sequence[str | Path] = ()
) -> None:
    """Raise unless all of ``targets`` may be written.

    Parameters
    ----------
    force
        Files that are there may be replaced, though not the inputs.
    may_ask
        Whether to ask about them, if somebody sits at a terminal.
    inputs
        Files that are read.

    Raises
    ------
    FileExists, FilesExist, IsInput
    """
    for target in targets:
        if any(_is_same(target, one) for one in inputs):
            raise IsInput(path=str(target))
    dry_run.note(targets)
    there = [target for target in targets if os.path.lexists(target) and not target.is_dir()]
    leave_alone([] if force else [target for target in targets if not os.path.lexists(target)], others=targets)
    if not there or force:
        return
    if dry_run.is_on() and may_ask and can_ask():
        dry_run.about("asks before it is replaced")
        return
    first, n_more = str(there[0]), len(there) - 1
    if n_more:
        if not (may_ask and ask(f"“{first}” and {n_more} more are there already. Replace them?")):
            raise FilesExist(path=first, n_more=n_more)
    elif not (may_ask and ask(f"“{first}” is there already. Replace it?")):
        raise FileExists(path=first)


class Output:
    """The output is where results go: ``-o`` names the one file, or a folder, which is made when it is needed.

    Sounds of one name (``a/kick.wav b/kick.wav``, ``kick.wav kick.flac``) get distinct ones: ``kick``, ``kick (2)``.

    Parameters
    ----------
    given
        What ``-o`` says.
    ending
        With its dot, of files that are put into a folder; None: of the sound itself.
    is_folder
        True where it must be a folder whatever it looks like.
    longest_suffix
        Of those that ``place`` is asked for: long names are cut so far that it fits behind them.
    also_read
        Other files that are read, and so not written over.
    """

    def __init__(
        self,
        arguments: argparse.Namespace,
        files: Files,
        given: str,
        ending: str | None,
        *,
        is_folder: bool = False,
        longest_suffix: str = "",
        also_read: Sequence[str] = (),
    ) -> None:
        self._given = given
        self._ending = ending
        self._force = arguments.force
        self._may_ask = files.one_file
        self._inputs = [entry.path for entry in files.entries if entry.error is None]
        self._inputs += also_read
        self.is_folder = is_folder or not files.one_file or given.endswith("/") or is_folder_there(given)
        self._folders = [Path() if arguments.flat else entry.below for entry in files.entries]
        self._stems = _distinct_stems(
            self._folders,
            [entry.stem for entry in files.entries],
            [self._ending_of(entry) for entry in files.entries],
            longest_suffix,
        )
        self._numbers = {id(entry): number for number, entry in enumerate(files.entries)}

    def place(self, entry: Entry, suffix: str) -> Path:
        """Return where one result of a sound goes: the named file, or ``STEM + suffix + ending`` in the folder.

        Raises FileExists, IsInput, CannotWrite.
        """
        return self.places(entry, (suffix,))[0]

    def places(self, entry: Entry, suffixes: Sequence[str]) -> list[Path]:
        """Return where the results of a sound go: all of them, or none. Raises FileExists, IsInput, CannotWrite."""
        paths = [Path(self._given)]
        if self.is_folder:
            number = self._numbers[id(entry)]
            folder, ending = paths[0] / self._folders[number], self._ending_of(entry)
            paths = [folder / f"{self._stems[number]}{suffix}{ending}" for suffix in suffixes]
        return self._allowed(paths)

    def _allowed(self, paths: list[Path]) -> list[Path]:
        refuse_to_replace(paths, force=self._force, may_ask=self._may_ask, inputs=self._inputs)
        if self.is_folder:
            make_folder(paths[0].parent)
        return paths

    def stem(self, entry: Entry) -> str:
        """Return the name of a sound's results, without an ending; no other sound has it."""
        return self._stems[self._numbers[id(entry)]]

    def named(self, entry: Entry, names: Sequence[str]) -> list[Path]:
        """Return where a sound's results go in the folder, by their names: all, or none. Raises as ``places``."""
        folder = Path(self._given) / self._folders[self._numbers[id(entry)]]
        return self._allowed([folder / name for name in names])

    def _ending_of(self, entry: Entry) -> str:
        return Path(entry.path).suffix if self._ending is None else self._ending


def _distinct_stems(
    folders: Sequence[Path], stems: Sequence[str], endings: Sequence[str], longest_suffix: str
) -> list[str]:
    """Return the stems, with numbers where two would be one file; a number never makes a name that another has.

    They are cut first to what fits before the suffix and the ending: two that are unlike may be alike then.
    """
    from engine.library.names import MAX_NAME_BYTES, fitting

    limits = [MAX_NAME_BYTES - len(os.fsencode(f"{longest_suffix}{ending}")) for ending in endings]
    cut = [fitting(stem, limit=limit) for stem, limit in zip(stems, limits, strict=True)]
    given = set(zip(folders, cut, endings, strict=True))
    taken: set[tuple[Path, str, str]] = set()
    distinct = []
    for folder, stem, ending, limit in zip(folders, cut, endings, limits, strict=True):
        name, number = stem, 1
        while (folder, name, ending) in taken or (number > 1 and (folder, name, ending) in given):
            number += 1
            name = fitting(stem, f" ({number})", limit=limit)
        taken.add((folder, name, ending))
        distinct.append(name)
    return distinct


def _is_same(target: Path, source: str | Path) -> bool:
    try:
        return target.resolve() == Path(source).resolve() or target.samefile(source)
    except (OSError, RuntimeError):  # not there, or a link to itself
        return False
