# SPDX-License-Identifier: GPL-3.0-or-later
"""The control server lets this user's programs steer a studio that runs, by a socket that no other user can open."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from app.control import place
from app.control.wire import (
    MOST_CONNECTIONS,
    MOST_LINE_BYTES,
    VERSION,
    Answer,
    Request,
    answer_line,
    error_as_dict,
    line_of,
    request_in,
)
from engine.errors import LineUnclear, StudioBusy, StudioError, cannot_write

MOST_EXPECTED = 16
"""Number of a program's requests that are carried out before it has read their answers; further ones wait."""
MOST_WAITING = 1000
"""Number of lines that wait for a program that does not read them; with more it is left."""
UNREAD_S = 30
"""Seconds for which a program may read nothing while much waits for it; then it is left."""
ACCEPT_AGAIN_S = 0.2
"""Seconds until a server that could take no further program, for want of descriptors, tries again."""
LEAVE_S = 2.0
"""Seconds that a thread may take to end."""
FOLLOW = "follow"

_log = logging.getLogger(__name__)

Ask = Callable[[Request, Callable[[Answer | StudioError], None]], None]
"""Has a request carried out on another thread; the answer may be given there, once, at any time."""


class ControlServer:
    """The control server listens, with threads of its own, until it is closed.

    Parameters
    ----------
    greeting
        Said to each program first, beside the protocol's version.
    ask
        Carries a request out.

    Raises
    ------
    StudioError
        It cannot listen.
    """

    def __init__(self, greeting: Mapping[str, Any], ask: Ask) -> None:
        self._greeting = line_of({"protocol": VERSION, "pid": os.getpid(), **greeting})
        self._ask = ask
        self._lock = threading.Lock()
        self._lines: dict[socket.socket, _Lines] = {}
        self._threads: set[threading.Thread] = set()
        self._is_closed = False
        place.made_folder()
        self.path: Path = place.socket_of(os.getpid())
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # Under its own name there is only a socket that answers: one that does not is removed by whoever meets it.
        unready = self.path.with_suffix(".new")
        try:
            unready.unlink(missing_ok=True)
            self._listening.bind(str(unready))
            unready.chmod(0o600)
            self._listening.listen(MOST_CONNECTIONS * 4)
            # A process of this number that was killed may have left one.
            unready.replace(self.path)
        except OSError as error:
            self._listening.close()
            raise cannot_write(self.path, error) from error
        self._accepting = threading.Thread(target=self._accept, name="control", daemon=True)
        self._accepting.start()

    def tell(self, event: Mapping[str, Any]) -> None:
        """Tell every program that follows what happened; for any thread."""
        with self._lock:
            following = [one for one in self._lines.values() if one.is_following]
        if following:
            line = line_of(event)
            for one in following:
                one.put(line)

    def close(self) -> None:
        """Leave every program, and remove the socket; once more does nothing."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            lines = list(self._lines.values())
        self.path.unlink(missing_ok=True)
        # Wakes the thread that accepts.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        for one in lines:
            one.finish()
        self._listening.close()
        self._accepting.join(LEAVE_S)
        for thread in tuple(self._threads):
            thread.join(LEAVE_S / MOST_CONNECTIONS)
        for one in lines:
            one.finish(at_once=True)
        for thread in tuple(self._threads):
            thread.join(LEAVE_S)

    # --- threads ------------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listening.accept()
            except OSError:
                if self._is_closed:
                    return
                time.sleep(ACCEPT_AGAIN_S)
                continue
            with self._lock:
                if self._is_closed or len(self._lines) >= MOST_CONNECTIONS:
                    _turn_away(connection)
                    continue
                lines = self._lines[connection] = _Lines(connection)
                lines.put(self._greeting)
            self._start(partial(self._write, lines), "control answers")
            self._start(partial(self._read, lines), "control requests")

    def _start(self, run: Callable[[], None], name: str) -> None:
        def running() -> None:
            try:
                run()
            except Exception:  # noqa: BLE001 - a thread's boundary: one program's trouble is not another's
                _log.exception("a program that steers the studio was left")
            finally:
                self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=running, name=name, daemon=True)
        self._threads.add(thread)
        thread.start()

    def _read(self, lines: _Lines) -> None:
        connection = lines.connection
        try:
            with connection.makefile("rb") as file:
                while line := file.readline(MOST_LINE_BYTES + 1):
                    if len(line) > MOST_LINE_BYTES:
                        lines.put(_refusal(f"it is longer than {MOST_LINE_BYTES} bytes"))
                        while line and not line.endswith(b"\n"):
                            line = file.readline(MOST_LINE_BYTES)
                    elif line.strip():
                        self._take(line, lines)
                lines.rest()
                # It says no more, and may still listen: until it has closed its other half too.
                is_gone = select.poll()
                is_gone.register(connection, 0)
                is_gone.poll()
        except OSError:
            pass  # it was left meanwhile
        finally:
            lines.finish(at_once=True)

    def _write(self, lines: _Lines) -> None:
        try:
            lines.write()
        finally:
            with self._lock:
                self._lines.pop(lines.connection, None)

    def _take(self, line: bytes, lines: _Lines) -> None:
        try:
            request = request_in(line)
        except ValueError as error:
            lines.put(_refusal(str(error)))
            return
        if request.verb == FOLLOW:
            lines.is_following = True
            lines.put(answer_line(request.id, Answer("following")))
            return
        if lines.expect():
            self._ask(request, lambda answer: lines.answer(_answer_of(request, answer)))


class _Lines:
    """These lines wait to be written to one program: a slow one keeps no other one waiting."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.is_following = False
        # Lines, and whether each is an answer; None ends them.
        self._waiting: queue.Queue[tuple[bytes, bool] | None] = queue.Queue()
        self._changed = threading.Condition()
        self._n_expected = 0
        self._rests = self._is_finished = False
        # Not ``settimeout``: that would be for reading too, and a program may say nothing for as long as it likes.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", UNREAD_S, 0))

    def put(self, line: bytes, *, is_answer: bool = False) -> None:
        """Have a line written; a program that reads none is left."""
        if self._waiting.qsize() >= MOST_WAITING:
            self.finish(at_once=True)
        else:
            self._waiting.put((line, is_answer))

    def expect(self) -> bool:
        """Keep the connection for one more ``answer``, when not too many wait; return whether the program is there."""
        with self._changed:
            self._changed.wait_for(lambda: self._n_expected < MOST_EXPECTED or self._is_finished)
            self._n_expected += 1
            return not self._is_finished

    def answer(self, line: bytes) -> None:
        """Have the line of an expected answer written."""
        self.put(line, is_answer=True)

    def rest(self) -> None:
        """Finish when what is expected was written: the program says nothing more. One that follows stays."""
        with self._changed:
            self._rests = True
            is_over = not self._n_expected and not self.is_following
        if is_over:
            self.finish()

    def finish(self, *, at_once: bool = False) -> None:
        """Leave the program when it has what waits, or at once."""
        with self._changed:
            self._is_finished = True
            self._changed.notify_all()
        self._waiting.put(None)
        if at_once:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def write(self) -> None:
        """Write the lines as they come, until ``finish``."""
        try:
            while (waiting := self._waiting.get()) is not None:
                line, is_answer = waiting
                self.connection.sendall(line)
                if is_answer and self._answered():
                    return
        except OSError:
            pass  # the program is gone, or reads nothing
        finally:
            self.finish(at_once=True)
            self.connection.close()

    def _answered(self) -> bool:
        """Return whether that was the last answer to a program that says nothing more."""
        with self._changed:
            self._n_expected -= 1
            self._changed.notify_all()
            return self._rests and not self._n_expected and not self.is_following


def _answer_of(request: Request, answer: Answer | StudioError) -> bytes:
    """Return the line of an answer; one that cannot be written is answered as a failure."""
    try:
        return answer_line(request.id, answer)
    except (TypeError, ValueError) as error:
        _log.exception("the answer to “%s” is no JSON", request.verb)
        return answer_line(request.id, StudioError(detail=str(error)))


def _turn_away(connection: socket.socket) -> None:
    """Tell a program that there is no room for it, and leave it."""
    error = StudioBusy(pid=os.getpid(), limit=MOST_CONNECTIONS)
    with contextlib.suppress(OSError):
        connection.sendall(line_of({"ok": False, "error": error_as_dict(error)}))
    connection.close()


def _refusal(reason: str) -> bytes:
    return line_of({"ok": False, "error": error_as_dict(LineUnclear(detail=reason))})
