# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal's studio puts engine, control, shell and screen together, and takes them apart in order."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer

from app import logs, paths
from app.choices import studio_options
from app.commands import endings
from app.control.control import Control
from app.control.wire import Answer, Request
from app.headless import Headless
from app.terminal.board import Board
from app.terminal.completing import Completer
from app.terminal.drawing import marks_for
from app.terminal.history import History
from app.terminal.plain import PlainLines
from app.terminal.shell import Shell
from engine.session.options import Places

if TYPE_CHECKING:
    from app.settings import Settings
    from app.terminal.run_settings import RunSettings
    from engine.errors import StudioError

FADE_MS = 300
"""Milliseconds from the word to leave until the music has faded out."""
PIPE_MS = 500
"""Milliseconds after which music that a pipe's last line started is there: else there is nothing to stay for."""
HELLO = "“start PROMPT” starts the music, “help” lists what can be said."

_log = logging.getLogger(__name__)


class Face(Protocol):
    """A face of the studio in a terminal shows it, and is where it is spoken to."""

    def say(self, text: str, level: str) -> None:
        """Write lines."""


class TerminalStudio(QObject):
    """The terminal's studio.

    Parameters
    ----------
    owner
        Of the settings.
    prompted
        Whether the music begins at once.
    quiet
        Whether only answers and what went wrong are said.
    record
        Path of a FLAC file that is recorded to from the beginning, or "".
    """

    def __init__(
        self, owner: RunSettings, *, prompted: bool, quiet: bool = False, debug: bool = False, record: str = ""
    ) -> None:
        super().__init__()
        log = logs.open_log(paths.log_file())
        logs.catch_everything()
        self._owner, self._quiet = owner, quiet
        self._prompted, self._record = prompted, record
        places = Places(
            str(paths.RESOURCES / "starters"),
            log=log,
            cache_folder=str(paths.cache_folder()),
            pace_file=str(paths.pace_file()),
        )
        self._headless = Headless(studio_options(owner.settings), places)
        engine = self._headless.engine
        self.control = Control(engine, owner, self.leave, kind="terminal", parent=self)
        self.facts = self.control.facts
        self.shell = Shell(self.control.steering, self._say)
        self.shell.set_debug(debug)
        self._face: Face | None = None
        self._exit: Callable[[int], None] = lambda _code: None
        self._exit_code = 0
        self._is_leaving = False
        self._answered = ""
        owner.changed.connect(self._on_settings_changed)
        owner.failed.connect(self._on_failed)
        self.facts.said.connect(self._on_said)
        engine.loop.changed.connect(self._on_loop_changed)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.timeout.connect(self._on_left)

    def run(self, *, on_screen: bool) -> int:
        """Stay until it is left; return the exit code."""
        before = self._catch_signals()
        try:
            self._headless.engine.start()
            self.control.listen()
            return self._run_screen() if on_screen else self._run_plain()
        finally:
            self.shell.set_debug(False)
            self.control.close()
            self._headless.close()
            self._owner.finish()
            for number, handler in before.items():
                signal.signal(number, handler)

    def leave(self) -> None:
        """Fade out and leave; said again, leave at once."""
        if self._is_leaving:
            self._on_left()
            return
        self._is_leaving = True
        steering = self.control.steering
        steering.do(Request("stop"), lambda _answer: None)
        self._leaving.start(FADE_MS if self.facts.is_running else 0)

    # --- faces --------------------------------------------------------------------------------------------------------

    def _run_screen(self) -> int:
        from app.terminal.screen import TerminalScreen

        marks = marks_for(getattr(sys.__stderr__, "encoding", None) or "utf-8")
        board = Board(self.facts, lambda: self._owner.settings, self._headless.engine.tape, marks)
        completer = Completer(lambda: self._owner.settings, self._n_candidates)
        screen = TerminalScreen(
            board,
            marks,
            History(paths.terminal_history()),
            completer,
            listen=self._listen,
            run=self._run_line,
            leave=self.leave,
            said=() if self._quiet else ((HELLO, "info"),),
        )
        self._face, self._exit = screen, screen.exit
        found = sys.__stderr__
        # Textual draws there, and is to outlive a terminal that is closed.
        sys.__stderr__ = sys.stderr  # type: ignore[misc,assignment]
        try:
            screen.run(mouse=False)
        finally:
            sys.__stderr__ = found  # type: ignore[misc]
        if screen.failure is not None:
            raise screen.failure
        return self._exit_code

    def _run_plain(self) -> int:
        face = PlainLines(listen=self._listen, run=self._run_line, ended=self._on_lines_ended)
        self._face, self._exit = face, face.exit
        if not self._quiet and not self._prompted:
            face.say(HELLO, "info")
        return face.loop()

    def _listen(self) -> None:
        self._headless.application.processEvents()

    def _run_line(self, line: str) -> None:
        try:
            self.shell.run(line)
        except Exception as error:  # noqa: BLE001 - what one line did is no reason to end the music
            _log.exception("the line %r could not be carried out", line)
            self._say(f"something went wrong: {type(error).__name__}: {error} (more in {paths.log_file()})", "error")

    def _on_lines_ended(self) -> None:
        # Answered by the engine after all that was said before.
        self.control.steering.do(Request("devices"), self._on_all_heard)

    def _on_all_heard(self, _told: object) -> None:
        QTimer.singleShot(PIPE_MS, self, self._leave_silence)

    def _leave_silence(self) -> None:
        if self._prompted:
            # It begins with the first loop.
            QTimer.singleShot(PIPE_MS, self, self._leave_silence)
        elif not self.facts.is_running:
            self.leave()

    # --- what is told -------------------------------------------------------------------------------------------------

    def _say(self, text: str, level: str) -> None:
        if level == "answer":
            self._answered = text
        if self._face is not None:
            self._face.say(text, level)

    def _on_said(self, text: str, level: str) -> None:
        if level not in ("warning", "error") and (self._quiet or _file_of(text) in self._answered):
            return
        self._say(text, level)

    def _on_failed(self, error: StudioError) -> None:
        self._say(str(error), "warning")

    def _on_settings_changed(self, settings: Settings) -> None:
        self._headless.engine.options_changed.emit(studio_options(settings))

    def _on_loop_changed(self, _view: object) -> None:
        """Begin when there is a first loop, which plays until there is a better one."""
        if not self._prompted:
            return
        self._prompted = False
        self.shell.run("start")
        if self._record:
            self.control.steering.do(Request("record", (self._record,)), self._on_recording)

    def _on_recording(self, answer: Answer | StudioError) -> None:
        self._on_said(*((answer.text, "info") if isinstance(answer, Answer) else (str(answer), "warning")))

    def _n_candidates(self) -> int:
        view = self.facts.view
        return 0 if view is None else len(view.candidates)

    # --- leaving ------------------------------------------------------------------------------------------------------

    def _on_left(self) -> None:
        self._exit(self._exit_code)

    def _catch_signals(self) -> dict[int, Any]:
        """Leave by signals as by keys; return what they did before."""
        endings.step_aside()

        def on_signal(number: int, _frame: object) -> None:
            if number != signal.SIGINT:
                self._exit_code = 128 + number
            QTimer.singleShot(0, self, self.leave)

        ours = [number for number in endings.NUMBERS if signal.getsignal(number) is not signal.SIG_IGN]
        return {number: signal.signal(number, on_signal) for number in ours}


def _file_of(text: str) -> str:
    """Return the file that a line tells was written, by which it is known that an answer told of it; else the line."""
    _word, _space, file = text.partition(" ")
    return file if file.startswith("/") else text
