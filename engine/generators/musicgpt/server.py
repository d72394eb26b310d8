# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is MusicGPT's server, a process that keeps one model loaded and answers on a port of this machine.

It binds its port only once its model is loaded, minutes later perhaps, and ends when somebody else has taken it
meanwhile. Whatever answers there is believed only when it says that it has the model that was asked for.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Generator as Steps
from pathlib import Path

from engine.errors import GeneratorError, GeneratorFailed
from engine.generators.musicgpt.client import HOST, Connection, ConnectionLost, Info, NotMusicGPT
from engine.generators.musicgpt.declared import POLL_S, TITLE, TITLES, Order, Patience
from engine.generators.musicgpt.running import WorkClock, exit_code_of, start
from engine.generators.musicgpt.words import UNKNOWN_FLAG_EXIT, failure, lines_of
from engine.outside.scratch import ScratchFolder
from engine.values import Progress

_log = logging.getLogger(__name__)

BROWSERS = ("xdg-open", "gio", "gnome-open", "kde-open", "wslview", "x-www-browser", "www-browser", "sensible-browser")
"""Programs by which a web page is opened on Linux, the first that MusicGPT tries first."""
PORTS_AT_MOST = 3
"""How many ports are tried where others take them."""
_PORT_TAKEN = "Address already in use"
_CPU = "Cpu"


class ServerCannotRun(Exception):
    """MusicGPT cannot run as a server here; ``is_for_good`` says whether this version never can."""

    def __init__(self, reason: str, *, is_for_good: bool = False) -> None:
        super().__init__(reason)
        self.is_for_good = is_for_good


class ServerLost(Exception):
    """The server ended or hangs, with what it was doing; ``error`` says so to a person."""

    def __init__(self, error: GeneratorError) -> None:
        super().__init__(str(error))
        self.error = error


class _PortTaken(Exception):
    """Something else answers on the port."""


class Server:
    """A server is a process of MusicGPT's with the model of ``order``; ``started`` makes one that answers.

    Raises GeneratorError when no process can be started, CannotWrite when there is no room for its files.

    Attributes
    ----------
    port
        Where it answers.
    scratch
        Its working folder.
    """

    def __init__(self, order: Order, port: int) -> None:
        self.port = port
        self._executable, self._model, self._is_gpu = order.executable, order.model, order.is_gpu
        self.scratch = ScratchFolder("musicgpt")
        try:
            environment = _no_browser(self.scratch.path)
            # --ui-no-open is understood and not heeded by 0.3.28; one that heeds it is welcome.
            command = [str(order.executable), *order.options, "--ui-port", str(port), "--ui-no-open"]
            self._program = start(command, self.scratch, environment)
        except BaseException:
            self.scratch.remove()
            raise

    def serves(self, order: Order) -> bool:
        """Return whether it has what the order needs, the program, its model and its device, and still runs."""
        wanted = (order.executable, order.model, order.is_gpu)
        if (self._executable, self._model, self._is_gpu) != wanted:
            return False
        try:
            self.look()
        except ServerLost as error:
            _log.info("%s", error)
            return False
        return True

    def look(self) -> None:
        """Look whether it still runs. Raises ServerLost."""
        try:
            exit_code = exit_code_of(self._program, self._executable, 0.0)
        except GeneratorError as error:
            raise ServerLost(error) from error
        if exit_code is not None:
            detail = failure(exit_code, lines_of(self._program.output))
            raise ServerLost(GeneratorFailed(generator=TITLE, exit_code=exit_code, detail=detail))

    def connection(self) -> Connection:
        """Return a new connection. Raises ConnectionLost, and NotMusicGPT when it is not this server that answers."""
        connection = Connection(self.port)
        if not self._is_ours(connection.info):
            connection.close()
            raise NotMusicGPT(f"“{connection.info.model}” on {connection.info.device} answers")
        return connection

    def wait(self, job_id: int, patience: Patience) -> Steps[Progress, None, None]:
        """Wait until it answers, which it does once its model is loaded.

        Raises ServerCannotRun, GeneratorFailed when the system ended it, GeneratorHung when a download does not end.
        """
        clock = WorkClock(patience)
        while not self._answers():
            try:
                exit_code = exit_code_of(self._program, self._executable, POLL_S)
            except GeneratorError as error:
                raise ServerCannotRun(str(error)) from error
            if exit_code is not None:
                lines = lines_of(self._program.output)
                if any(_PORT_TAKEN in line for line in lines):
                    raise _PortTaken
                detail = failure(exit_code, lines)
                if exit_code < 0:
                    raise GeneratorFailed(generator=TITLE, exit_code=exit_code, detail=detail)
                raise ServerCannotRun(detail, is_for_good=exit_code == UNKNOWN_FLAG_EXIT)
            clock.look(self._program.output)
            if clock.work_s > patience.load_s:
                raise ServerCannotRun(f"it did not answer within {patience.load_s:.0f} s")
            yield Progress(job_id, None, "downloading" if clock.is_downloading else "loading")

    def close(self) -> None:
        """End it, with all that it started."""
        self._program.close()
        self.scratch.remove()

    def _answers(self) -> bool:
        try:
            self.connection().close()
        except ConnectionLost:
            return False
        except NotMusicGPT as error:
            _log.info("port %d is somebody else's: %s", self.port, error)
            raise _PortTaken from error
        return True

    def _is_ours(self, info: Info) -> bool:
        return info.model == TITLES[self._model] and (info.device != _CPU) == self._is_gpu


def started(order: Order, patience: Patience) -> Steps[Progress, None, Server]:
    """Start a server on a free port and return it once it answers.

    Raises as ``Server.wait`` does.
    """
    for _ in range(PORTS_AT_MOST):
        try:
            port = _free_port()
        except OSError as error:
            raise ServerCannotRun(f"no port is free ({error.strerror})") from error
        server = Server(order, port)
        try:
            yield from server.wait(order.job_id, patience)
        except _PortTaken:
            server.close()
        except BaseException:
            server.close()
            raise
        else:
            return server
    raise ServerCannotRun("other programs answer on each port that was free")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
        return port


def _no_browser(folder: Path) -> dict[str, str]:
    """Put programs into the folder that open no web page, and return the environment in which they are found first.

    It gets no screen either (``engine.outside.environment``): a browser that is started all the same shows nothing.
    """
    stubs = folder / "no browser"
    stubs.mkdir()
    for name in BROWSERS:
        path = stubs / name
        path.write_text("#!/bin/sh\n", encoding="ascii")
        path.chmod(0o700)
    return {"PATH": f"{stubs}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "BROWSER": str(stubs / BROWSERS[0])}
