# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the standard streams safe as they are found: closed, full, or unable to encode our letters.

- What a command tells on stderr never fails it, whether anybody can read it or not.
- What it prints on stdout is what it was asked for: where that cannot be written, it says so and fails.
- A file name whose bytes are not UTF-8 is printed as these bytes; a letter that the encoding lacks as the nearest one.

Nothing heavy is imported here.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any, TypeVar

ERRORS = "infiniloop"
"""Name of our handler of what cannot be encoded."""

_STDERR = 2

_PLAIN = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "×": "x",
    "·": "-",
    "→": "->",
    "≤": "<=",
    "≥": ">=",
    "\N{NO-BREAK SPACE}": " ",
}


_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Letters that steer a terminal, and those that turn the direction of what follows; not the ends of lines, nor tabs."""

_Wrapper = TypeVar("_Wrapper", bound=io.TextIOWrapper)


class _Forgiving(io.TextIOWrapper):
    """A forgiving text stream drops, silently, words that cannot be written."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except (OSError, ValueError):
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except (OSError, ValueError):
            return


class _Output(io.TextIOWrapper):
    """Standard output keeps its first error as ``lost``, as argparse passes over some; later words are dropped."""

    lost: OSError | None = None

    def write(self, text: str) -> int:
        self._trying(lambda: super(_Output, self).write(text))
        return len(text)

    def flush(self) -> None:
        self._trying(super().flush)

    def _trying(self, do: Callable[[], object]) -> None:
        if self.lost is not None:
            return
        try:
            do()
        except OSError as error:
            self.lost = error
            # What still waits in the buffer is tried again when it is closed: let it go nowhere.
            _drop(self.fileno())
            raise


def prepare() -> None:
    """Make the standard streams of this process ones that can be written to and never raise UnicodeEncodeError."""
    _occupy()
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", errors=ERRORS, closefd=False)  # noqa: SIM115 - a number, no path
    elif isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # an answer that is not UTF-8 is no yes
    # Streams that somebody else put there (pytest) stay.
    if sys.stdout is sys.__stdout__:
        sys.stdout = _rewrapped(_Output, 1, sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _rewrapped(_Forgiving, 2, sys.stderr)


def flush_output() -> None:
    """Write what waits for stdout. Raises OSError where that fails or did, BrokenPipeError where its reader is gone."""
    sys.stdout.flush()
    if isinstance(sys.stdout, _Output) and sys.stdout.lost is not None:
        raise sys.stdout.lost


def drop_output() -> None:
    """Drop what still waits for stdout, so that the interpreter does not try again at its end."""
    try:
        _drop(sys.stdout.fileno())
    except (OSError, ValueError):  # a stream in memory, as in tests
        return


def harmless(text: str) -> str:
    """Return a text in which nothing steers the terminal that shows it: a file may be named as an escape sequence."""
    return _STEERING.sub(" ", text)


def encodable(text: str, stream: IO[Any] | None = None) -> bool:
    """Return whether stdout (or ``stream``) has every letter of ``text``, no replacement needed."""
    try:
        text.encode(getattr(stream or sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _occupy() -> None:
    """Put something at each standard descriptor: a file that is opened later would get the number of a closed one."""
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            # Lower ones are taken, so it gets this number. Standard output is not to be written to: that would be lost.
            os.open(os.devnull, flags)


def _drop(number: int) -> None:
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, number)
    os.close(descriptor)


def _rewrapped(kind: type[_Wrapper], number: int, found: Any) -> _Wrapper:
    """Return a stream of that kind to a standard descriptor, with the encoding and buffering of the one found."""
    return kind(
        io.BufferedWriter(io.FileIO(number, "w", closefd=False)),
        encoding=getattr(found, "encoding", None) or "utf-8",
        errors=ERRORS,
        line_buffering=number == 2 or getattr(found, "line_buffering", False),
        write_through=getattr(found, "write_through", False),
    )


def _encode_anyhow(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return bytes of a file name as they are, other letters as the nearest that every encoding has."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    out = bytearray()
    for letter in error.object[error.start : error.end]:
        code = ord(letter)
        if 0xDC80 <= code <= 0xDCFF:
            out.append(code - 0xDC00)
        else:
            out += _PLAIN.get(letter, "?").encode("ascii")
    return bytes(out), error.end


codecs.register_error(ERRORS, _encode_anyhow)


@contextlib.contextmanager
def without_libraries_words() -> Iterator[None]:
    """Drop, inside the block, what C libraries write to stderr: libmpg123 tells of each spoilt frame, we of the file.

    Nothing of ours is to be told within.
    """
    try:
        kept = os.dup(_STDERR)
    except OSError:  # closed: there is nothing to keep clean
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STDERR)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
