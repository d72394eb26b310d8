# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers are run as a user runs them: “infiniloop serve”, in a process of its own, on a free port of the loopback."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from engine.generators.base import GeneratorSettings
from engine.generators.remote import Remote
from engine.values import ClipRequest, Parameters, ParameterValue
from tests.app.commands.running import ROOT, command
from tests.standins import install_slow

TOKEN = "a-token-that-nobody-guesses"
WAIT_S = 60.0


@dataclass
class Server:
    """A server that runs, and what it said."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def children(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def wait_for(self, words: str) -> None:
        """Wait until it has said that."""
        until(lambda: words in self.said)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(WAIT_S)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it by a signal; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(WAIT_S)


def until(condition: object, limit_s: float = WAIT_S) -> None:
    """Wait until a condition holds."""
    assert callable(condition)
    give_up_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < give_up_s, "it did not happen"
        time.sleep(0.02)


@contextlib.contextmanager
def serving(folder: Path, *arguments: str, token: str = "") -> Iterator[Server]:
    """Run a server with the slow generator installed until the block ends; then no process of it is left."""
    folder.mkdir(parents=True, exist_ok=True)
    installed = folder / "installed"
    if not installed.exists():
        install_slow(installed)
    words = ["serve", "--port", "0", *arguments]
    if token:
        (folder / "token").write_text(token + "\n", encoding="ascii")
        words += ["--token-file", str(folder / "token")]
    log = folder / f"log-{len(list(folder.glob('log-*')))}"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    with log.open("wb") as sink:
        process = subprocess.Popen(command(*words), cwd=ROOT, stderr=sink, stdout=sink, env=environment)
    try:
        until(lambda: "is offered at" in log.read_text(encoding="utf-8") or process.poll() is not None)
        found = re.search(r"http://\S+", log.read_text(encoding="utf-8"))
        assert found, log.read_text(encoding="utf-8")
        children = []
        yield (server := Server(process, log, found[0]))
        if process.poll() is None:
            children = server.children()
            server.end()
        assert not psutil.wait_procs(children, timeout=5.0)[1]
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(WAIT_S)


def asked(prompt: str, *, duration_s: float = 2.0, n_clips: int = 1, seed: int | None = None) -> ClipRequest:
    """Return a request to another machine, without where it is."""
    return ClipRequest(7, prompt, "remote", "", duration_s, n_clips=n_clips, seed=seed)


def settings_of(*servers: Server | str, token_file: str = "", **values: ParameterValue) -> GeneratorSettings:
    """Return settings that name these servers."""
    addresses = ", ".join(one if isinstance(one, str) else one.url for one in servers)
    set_values = {"addresses": addresses, "token_file": token_file, **values}
    return GeneratorSettings(parameters={Remote.name: Parameters(set_values)})
