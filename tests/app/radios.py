# SPDX-License-Identifier: GPL-3.0-or-later
"""Radios are run as a user runs them: “infiniloop radio”, in a process of its own, on a free port of the loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from prometheus_client.parser import text_string_to_metric_families as families

from tests.app.commands.running import ROOT, command
from tests.engine.serving.running import WAIT_S, until


@dataclass
class RadioRun:
    """A radio that runs in folders of its own."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str

    @property
    def log(self) -> str:
        """Return what it wrote to its log."""
        return (self.folder / "state" / "infiniloop" / "log" / "infiniloop.log").read_text(encoding="utf-8")

    @property
    def told(self) -> str:
        """Return what it told on stderr."""
        return (self.folder / "err").read_text(encoding="utf-8")

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=10.0) as answer:
            return json.load(answer)

    def metrics(self) -> dict[str, float]:
        """Return the metrics by their names, with the labels' names, all values of a label added up."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10.0) as answer:
            text = answer.read().decode()
        found: dict[str, float] = {}
        for family in families(text):
            assert family.documentation
            for sample in family.samples:
                name = sample.name + (f"{{{','.join(sample.labels)}}}" if sample.labels else "")
                found[name] = found.get(name, 0.0) + sample.value
        return found

    def post(self, path: str, said: object, **headers: str) -> tuple[int, Any]:
        """Post JSON; return the status, and what was answered."""
        request = urllib.request.Request(self.url + path, json.dumps(said).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10.0) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def children(self, module: str) -> list[psutil.Process]:
        """Return the processes that run a module of ours, the oldest first."""
        found = []
        for one in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if module in one.cmdline() and one.status() != psutil.STATUS_ZOMBIE:
                    found.append(one)
        return sorted(found, key=lambda one: one.create_time())


def library_of(folder: Path) -> Path:
    """Return where the takes lie of a radio that runs in a folder."""
    return folder / "data" / "infiniloop"


@contextlib.contextmanager
def on_air(folder: Path, *arguments: str, settings: object = None, before: Sequence[str] = ()) -> Iterator[RadioRun]:
    """Have a radio on the air until the block ends; then no process of it is left.

    ``before`` are words of a command that becomes the radio's.
    """
    folders = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    if settings is not None:
        place = folder / "config" / "infiniloop" / "settings.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(settings), encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    told, said = folder / "out", folder / "err"
    words = [*before, *command("radio", *arguments, "--port", "0", "--json")]
    with told.open("wb") as out, said.open("wb") as err:
        process = subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=err, env={**os.environ, **folders})
    children: list[psutil.Process] = []
    try:
        until(lambda: b"address" in told.read_bytes() or process.poll() is not None)
        assert process.poll() is None, said.read_text(encoding="utf-8")
        run = RadioRun(process, folder, json.loads(told.read_text(encoding="utf-8"))["address"].partition("/?")[0])
        run.url = run.url.rstrip("/")
        yield run
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_S) == 128 + signal.SIGTERM
        assert not psutil.wait_procs(children, timeout=5.0)[1]
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(WAIT_S)
