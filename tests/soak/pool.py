# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio has its generators elsewhere; they are killed and come back again and again while somebody listens."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.app.commands.running import ROOT, command
from tests.app.radio_listening import RadioListener
from tests.app.radios import RadioRun, on_air
from tests.engine.serving.running import until

AFTERWARDS_S = 7.0
"""Seconds of music after which all that happened was heard: a listener is some behind."""
LIMIT_S = 180.0
"""Seconds in which music of other takes follows, or of new ones, at the latest."""


@dataclass(frozen=True, slots=True)
class PoolSoaked:
    """The radio as it was heard while its generators went and came.

    Attributes
    ----------
    dead_s
        The longest time without a sound in each round.
    most_encoded_dead_s
        The same by the radio's own watch, over all of it.
    n_connections
        Number of times that the listener connected.
    """

    dead_s: tuple[float, ...]
    most_encoded_dead_s: float
    n_connections: int


@contextlib.contextmanager
def _machines(ports: tuple[int, ...], folder: Path) -> Iterator[None]:
    """Have a generator at each port; at the end each is killed with all that it started."""
    running = []
    with (folder / "servers.log").open("ab") as log:
        for port in ports:
            words = command("serve", "--generator", "composer", "--port", str(port), "--per-minute", "1000")
            running.append(subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log))
    try:
        yield
    finally:
        for one in running:
            with contextlib.suppress(psutil.NoSuchProcess):
                for child in psutil.Process(one.pid).children(recursive=True):
                    child.kill()
            one.kill()
            one.wait()


def _free_ports(count: int) -> tuple[int, ...]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return tuple(one.getsockname()[1] for one in taken)


def _number_of_new(run: RadioRun) -> int:
    """Return the number of the piece that plays if it was just made, else -1."""
    told = run.get("/current")
    return -1 if told["recycled"] or not told["number"] else int(told["number"])


def soak_pool(n_rounds: int) -> PoolSoaked:
    """Kill both generators so many times, and wait each time until other takes play, and then new ones again."""
    dead_s = []
    with tempfile.TemporaryDirectory(prefix="pool-") as place, contextlib.ExitStack() as stack:
        folder, ports = Path(place), _free_ports(2)
        addresses = ", ".join(f"http://127.0.0.1:{port}" for port in ports)
        settings = {
            "generator": "remote",
            "generator_parameters": {"remote": {"addresses": addresses}},
            "duration_s": 6.0,
            "min_play_s": 10.0,
        }
        with _machines(ports, folder):
            run = stack.enter_context(on_air(folder / "radio", "lofi, 90 bpm", settings=settings))
            listener = stack.enter_context(RadioListener(run.url))
            until(lambda: listener.heard_s > 1.0 and _number_of_new(run) > 0, LIMIT_S)
        for _ in range(n_rounds):
            # They are gone: what was made before plays on, until they are there again.
            until(lambda: run.get("/current")["recycled"], LIMIT_S)
            with _machines(ports, folder):
                before = run.get("/current")["number"]
                until(lambda before=before: _number_of_new(run) > before, LIMIT_S)
            begun_s = listener.heard_s
            until(lambda begun_s=begun_s: listener.heard_s > begun_s + AFTERWARDS_S, LIMIT_S)
            dead_s.append(listener.dead_s)
            listener.dead_s = 0.0
        told = run.get("/health")
    return PoolSoaked(tuple(dead_s), told["most_dead_air_s"], listener.n_connections)
