# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark has thousands listen to a radio, and as many to Icecast with the same stream, on the same machine.

The listeners are another process on the same processors: what they take is the same for both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.benchmarks.rows import BenchRow
from tests.engine.broadcast.webservers import PASSWORD, icecast

N_LISTENERS = int(os.environ.get("RADIO_LISTENERS", "2000"))
SECONDS = float(os.environ.get("RADIO_SECONDS", "60"))
MODULE = "engine.broadcast.process"
_ICECAST = "<limits> <clients>{n}</clients> <sources>2</sources> <burst-size>65536</burst-size> </limits>"


def rows() -> list[BenchRow]:
    """Return the table's lines: the radio's figure, and Icecast's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        secret = folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        with icecast(folder, more=_ICECAST.format(n=N_LISTENERS + 100)) as peer:
            mount = f"icecast://127.0.0.1:{peer.port}/radio.mp3"
            with _radio(folder, "--icecast", mount, "--icecast-password-file", str(secret)) as (radio, port):
                family = radio.children(recursive=True)
                ours = _listened(port, "/stream.mp3", next(one for one in family if MODULE in one.cmdline()))
                told = httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).json()
                assert peer.process is not None
                theirs = _listened(peer.port, "/radio.mp3", psutil.Process(peer.process.pid))
    what = f"{ours['players']} listeners, MP3 of 128 kbit/s"
    return [
        BenchRow(f"{what}: starved", ours["starved"], "", "Icecast", theirs["starved"], "0"),
        BenchRow(f"{what}: dropped", ours["closed"], "", "Icecast", theirs["closed"], "0"),
        BenchRow("processor for 1,000 of them", ours["cpu"], "% core", "Icecast", theirs["cpu"], "told"),
        BenchRow("memory of a listener", ours["kib"], "KiB", "Icecast", theirs["kib"], "<= 64 KiB"),
        BenchRow("spread among them", ours["spread_s"], "s", "Icecast", theirs["spread_s"], "<= 1 s"),
        BenchRow("longest wait for it", ours["longest_join_s"], "s", "Icecast", theirs["longest_join_s"], "<= 1 s"),
        BenchRow("longest dead air meanwhile", told["most_dead_air_s"], "s", "a pause", 0.2, "<= 0.2 s"),
    ]  # fmt: skip


@contextmanager
def _radio(folder: Path, *arguments: str) -> Iterator[tuple[psutil.Process, int]]:
    """Have a radio on the air whose address may have all connections."""
    homes = {f"XDG_{name}_HOME": str(folder / name) for name in ("DATA", "CONFIG", "CACHE")}
    command = [sys.executable, "-m", "app.main", "radio", "calm piano, 70 bpm", "--port", "0", "--json"]
    command += ["--per-address", str(N_LISTENERS + 100), *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **homes}
    ) as process:
        try:
            assert process.stdout is not None
            address = json.loads(process.stdout.readline())["address"]
            # Its first clips are made by then.
            time.sleep(20.0)
            yield psutil.Process(process.pid), int(address.rstrip("/").rpartition(":")[2])
        finally:
            process.terminate()


def _listened(port: int, path: str, server: psutil.Process) -> dict[str, Any]:
    """Have all listen, and return what they heard, and what the server took for it."""
    before, began = server.memory_info().rss, server.cpu_times()
    command = [sys.executable, "-m", "tests.benchmarks.radio_load", "127.0.0.1", str(port), path]
    began_s = time.monotonic()
    with subprocess.Popen([*command, str(N_LISTENERS), str(SECONDS)], stdout=subprocess.PIPE, text=True) as load:
        time.sleep(N_LISTENERS / 200 + SECONDS / 2)
        after = server.memory_info().rss
        assert load.stdout is not None
        told: dict[str, Any] = json.loads(load.stdout.read())
    ended = server.cpu_times()
    cpu_s = ended.user + ended.system - began.user - began.system
    told["cpu"] = 100.0 * cpu_s / (time.monotonic() - began_s) / N_LISTENERS * 1000.0
    told["kib"] = (after - before) / 1024.0 / N_LISTENERS
    return told
