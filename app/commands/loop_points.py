# SPDX-License-Identifier: GPL-3.0-or-later
"""Loop points are a text file, as ``export --points`` prints it: START END [SCORE] FILE, a line a loop."""

from __future__ import annotations

import argparse
import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.numbers import Time, time
from engine.errors import AudioFileError, CannotRead, FileMissing, OutOfRange
from engine.values import LoopRegion

if TYPE_CHECKING:
    from app.commands.loop_files import Entry
    from engine.values import Sound

MAX_BYTES = 1 << 26
"""Largest size of the text file in bytes; a million loops have less."""

_LINE = re.compile(r"\s*(\S+)\s+(\S+)\s+(.*\S)\s*")
_SCORE = re.compile(r"(?:-|[01](?:[.,][0-9]+)?)\s+")
_SAMPLES = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: Time
    end: Time
    name: str
    """Name of the sound's file, with the score before it if the line has one."""


class LoopPoints:
    """Loop points are the loops that a text file names, for files of the same names below another folder.

    Raises FileMissing, CannotRead; AudioFileError names the line that cannot be understood.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._by_name: dict[str, list[_Line]] = {}
        for number, text in enumerate(_text_of(path).splitlines(), start=1):
            if not text.strip() or text.lstrip().startswith("#"):
                continue
            line = _read_line(path, number, text)
            # "0.9312 kick.wav" may be a score and a name, or a name.
            for name in dict.fromkeys((line.name, _SCORE.sub("", line.name, count=1))):
                self._by_name.setdefault(_plain(name), []).append(line)

    def region_of(self, entry: Entry, sound: Sound, candidate: int) -> LoopRegion:
        """Return the ``candidate``-th loop of a sound, 1 the first. Raises AudioFileError, OutOfRange."""
        lines = self._lines_of(entry)
        if not lines:
            raise AudioFileError(path=entry.path, detail=f"“{self.path}” has no loop points for it")
        if candidate > len(lines):
            raise OutOfRange(name="--candidate", value=candidate, low=1, high=len(lines))
        line = lines[candidate - 1]
        start, end = line.start.samples(sound), line.end.samples(sound)
        if not start < end <= sound.n_samples:
            detail = f"line {line.number} of “{self.path}” names {start} to {end}, and it has {sound.n_samples} samples"
            raise AudioFileError(path=entry.path, detail=detail)
        return LoopRegion(start, end)

    def _lines_of(self, entry: Entry) -> list[_Line]:
        """Return the lines of a sound by its path below the folder, else by its name or stem where only one fits."""
        whole = _plain(str(entry.below / Path(entry.path).name))
        if whole in self._by_name:
            return self._by_name[whole]
        for shorter in (_name_of, _stem_of):
            found = {name for name in self._by_name if shorter(name) == shorter(whole)}
            if len(found) == 1:
                return self._by_name[found.pop()]
        return []


def _text_of(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            if not Path(path).is_file():
                raise CannotRead(path=path, detail="it is not a regular file")
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise FileMissing(path=path) from error
    except OSError as error:
        raise CannotRead(path=path, detail=error.strerror or str(error)) from error
    if len(content) > MAX_BYTES:
        raise CannotRead(path=path, detail="it is too long for a list of loop points")
    # Bytes of a name that is not UTF-8 stay what they are.
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _read_line(path: str, number: int, text: str) -> _Line:
    match = _LINE.fullmatch(text)
    if match is not None:
        with contextlib.suppress(argparse.ArgumentTypeError):
            return _Line(number, _place(match[1]), _place(match[2]), match[3])
    raise CannotRead(path=path, detail=f"its line {number} is not START END FILE, as “export --points” prints it")


def _place(word: str) -> Time:
    """Return a place: a whole number is samples, everything else a TIME. Raises ArgumentTypeError."""
    return time(f"@{word}" if _SAMPLES.fullmatch(word) else word)


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def _name_of(name: str) -> str:
    return name.rpartition("/")[2]


def _stem_of(name: str) -> str:
    return name.rpartition(".")[0] or name
