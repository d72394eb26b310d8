# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell carries out a typed line: by the verbs that every studio knows, and two of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.control.verbs import Takes, Verb, help_lines, verb_named
from app.control.wire import Answer, Request
from app.control.words import from_here, is_off
from engine.errors import NeedsWords, StudioError, WrongKind

if TYPE_CHECKING:
    from app.control.steering import Steering

HELP = "Tab completes, ↑ is what was said before, Page Up what was told; Ctrl+C fades out and leaves."


class Shell(QObject):
    """The shell says what came of each line.

    Parameters
    ----------
    say
        Told a text, and its level: ``info``, ``warning`` or ``answer``.
    """

    _logged = Signal(str)

    def __init__(self, steering: Steering, say: Callable[[str, str], None]) -> None:
        super().__init__()
        self._steering, self._say = steering, say
        self._debug: logging.Handler | None = None
        self._logged.connect(lambda text: say(text, "debug"))

    def run(self, line: str) -> None:
        """Carry a line out; nothing is an empty one."""
        word, _space, rest = line.strip().partition(" ")
        if not word:
            return
        try:
            verb = verb_named(word)
            if verb.is_local:
                self._run_local(verb, rest.strip())
            else:
                self._steering.do(Request(verb.name, _words(verb, rest.strip())), self._on_answer)
        except StudioError as error:
            self._say(str(error), "warning")

    def _on_answer(self, answer: Answer | StudioError) -> None:
        if isinstance(answer, StudioError):
            self._say(str(answer), "warning")
        elif answer.text:
            self._say(answer.text, "answer")

    # --- its own verbs --------------------------------------------------------------------------------------------

    def _run_local(self, verb: Verb, text: str) -> None:
        if verb.name == "help":
            for line in help_lines(text):
                self._say(line, "answer")
            if not text:
                self._say(HELP, "answer")
            return
        if text not in ("on", "off"):
            raise (
                NeedsWords(verb="debug", usage="debug on, or debug off")
                if not text
                else WrongKind(name="debug", value=text[:40], kind="on or off")
            )
        self.set_debug(text == "on")
        self._say(f"debug is {text}", "answer")

    def set_debug(self, is_on: bool) -> None:
        """Say from now on also what the log is told, or no longer."""
        root = logging.getLogger()
        if self._debug is not None:
            root.removeHandler(self._debug)
            self._debug = None
        if is_on:
            self._debug = _Telling(self._logged.emit)
            root.addHandler(self._debug)


class _Telling(logging.Handler):
    """This handler tells log lines, from whichever thread."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(f"{record.name}: {record.getMessage()}")


def _words(verb: Verb, rest: str) -> tuple[str, ...]:
    """Return what follows a verb: prompts and file names as one, without quotes around them."""
    if verb.takes is Takes.SETTING_AND_VALUE:
        name, _space, value = rest.partition(" ")
        return tuple(one for one in (name, _unquoted(value.strip())) if one)
    if verb.takes in (Takes.FILE, Takes.FILES):
        name = _unquoted(rest)
        return () if not name else (name,) if is_off((name,)) else (from_here(name),)
    return (_unquoted(rest),) if rest else ()


def _unquoted(text: str) -> str:
    for quotes in ('""', "''", "“”"):
        if len(text) >= 2 and text[0] == quotes[0] and text[-1] == quotes[1]:
            return text[1:-1]
    return text
