# SPDX-License-Identifier: GPL-3.0-or-later
"""A private JACK server with a dummy driver, over which MIDI goes from program to program as between real ports."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests import unpacked

RATE, PERIOD = 48_000, 128
"""Samples a second, and in each round: the server waits for its programs, as who misses one loses what came."""
START_WAIT_S, END_WAIT_S = 20.0, 5.0
FULL = "Too many servers"
"""Words of a system in whose list of eight stand too many servers that were killed: it is begun anew then."""
_LIST = Path("/dev/shm/jack-shm-registry")


@pytest.fixture
def jack_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a server of this process's own, to which it and its children connect; yield its name."""
    name = f"tests-{os.getpid()}"
    drivers = next(unpacked.FOLDER.glob("usr/lib/*/jack"), None)
    own = {} if drivers is None else {"JACK_DRIVER_DIR": str(drivers)}
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    log, environment = tmp_path / "jack.log", {**os.environ, **own, "JACK_NO_AUDIO_RESERVATION": "1"}
    process = _started(name, log, environment)
    if process.poll() is not None and FULL in log.read_text() and not _is_any_running():
        # Its own option for that is one that it does not know (1.9.21).
        _LIST.unlink(missing_ok=True)
        process = _started(name, log, environment)
    assert process.poll() is None, log.read_text()
    yield name
    process.terminate()
    try:
        process.wait(END_WAIT_S)
    except subprocess.TimeoutExpired:
        # It waits for a client that was killed.
        process.kill()
        process.wait()
    for left in Path("/dev/shm").glob(f"jack*_{name}_*"):
        left.unlink(missing_ok=True)


def _is_any_running() -> bool:
    return any(one.name() == "jackd" for one in psutil.process_iter())


def _started(name: str, log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Return a server that answers, or that ended as it could not start."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                unpacked.program("jackd"), "--no-realtime", "--sync", "--timeout", "10000", "-n", name,
                "-d", "dummy", "-r", str(RATE), "-p", str(PERIOD),
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )  # fmt: skip
    give_up = time.monotonic() + START_WAIT_S
    while process.poll() is None and not any(Path("/dev/shm").glob(f"jack_{name}_{os.getuid()}_*")):
        assert time.monotonic() < give_up, log.read_text()
        time.sleep(0.01)
    return process
