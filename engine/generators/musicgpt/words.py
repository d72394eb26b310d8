# SPDX-License-Identifier: GPL-3.0-or-later
"""This module puts words into MusicGPT's mouth, and makes sense of what it says.

It logs, errors included, to stdout; without a terminal it tells no progress there; it exits 0 (older versions even
after an error), 1 on an error, 2 on flags it does not know, 101 on a crash.
"""

from __future__ import annotations

import re
import signal

from engine.errors import EmptyPrompt
from engine.values import Parameters

DETAIL_CHARACTERS = 300
UNKNOWN_FLAG_EXIT, CRASH_EXIT = 2, 101

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ERROR_LINE = re.compile(r"^\S+ \S+ +ERROR (.*)$")
_DOWNLOAD_STARTS = re.compile(r"need to be downloaded|Downloading them from")
_DOWNLOAD_ENDS = re.compile(r"downloaded (correctly|successfully)|libraries downloaded$")


def prompt_of(text: str, parameters: Parameters) -> str:
    """Return the prompt on one line: no NUL, no broken surrogates; with the loop words where they are to be.

    Raises EmptyPrompt where nothing is left of it.
    """
    printable = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    prompt = " ".join(printable.split())
    if not prompt:
        raise EmptyPrompt
    loop_words = " ".join(parameters.text("loop_words").split())
    return f"{prompt}, {loop_words}" if parameters.flag("add_loop_words") and loop_words else prompt


def lines_of(output: bytes) -> list[str]:
    """Return the last lines of the program's words, plain: no colours, no control characters, no empty lines."""
    text = _ANSI.sub("", output.decode("utf-8", "replace"))
    lines = ("".join(c if c.isprintable() else " " for c in line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def is_downloading(lines: list[str]) -> bool:
    """Return whether what it said last of downloads is that one began."""
    for line in reversed(lines):
        if _DOWNLOAD_ENDS.search(line):
            return False
        if _DOWNLOAD_STARTS.search(line):
            return True
    return False


def last_error(lines: list[str]) -> str | None:
    """Return the last line logged as an error, without its time stamp."""
    errors = [match[1] for line in lines if (match := _ERROR_LINE.match(line))]
    return shorten(errors[-1]) if errors else None


def shorten(text: str) -> str:
    """Return the text without its last full stop, at most ``DETAIL_CHARACTERS`` long."""
    text = text if len(text) <= DETAIL_CHARACTERS else text[: DETAIL_CHARACTERS - 1] + "…"
    return text.rstrip(". ")


def failure(exit_code: int, lines: list[str]) -> str:
    """Return why the program failed, in words that fit a sentence."""
    if exit_code < 0:
        return _killed(-exit_code)
    last_words = shorten(lines[-1]) if lines else "it said nothing"
    if exit_code == UNKNOWN_FLAG_EXIT:
        refusals = [shorten(line.removeprefix("error: ")) for line in lines if line.startswith("error: ")]
        return f"it does not know the studio's options ({(refusals or [last_words])[0]}); version 0.3.28 does"
    if exit_code == CRASH_EXIT:
        # "thread 'main' panicked at src/main.rs:1:2:", and what happened on the line after it.
        panic = next((i for i, line in enumerate(lines) if "panicked at" in line), None)
        return f"it crashed ({shorten(' '.join(lines[panic : panic + 2])) if panic is not None else last_words})"
    return last_error(lines) or last_words


def _killed(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    why = ", often a sign that memory ran out" if number == signal.SIGKILL else ""
    return f"the system ended it ({name}){why}"
