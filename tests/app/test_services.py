# SPDX-License-Identifier: GPL-3.0-or-later
"""The units and the container file in ``resources/services`` are valid, and run as they say."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from app.main import build_parser
from tests.engine.serving.running import TOKEN, WAIT_S, until

pytestmark = pytest.mark.started

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "resources" / "services"
UNITS = sorted(SERVICES.glob("*.service"))
INSTALLED = "/opt/infiniloop"
"""Where the clone lies of which the units speak."""
PROGRAM = f"{INSTALLED}/.venv/bin/infiniloop"
CREDENTIALS = "${CREDENTIALS_DIRECTORY}"
PLACES = {"%S": "state", "%C": "cache", "%t": "run", "/etc": "etc", CREDENTIALS: "secret"}
"""Folders here for those that systemd gives a service, by how a unit names them."""


def values(unit: Path, name: str) -> list[str]:
    """Return what a unit says under a name, line by line."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def verified(unit: Path, text: str, folder: Path) -> str:
    """Return what systemd says against a unit, whose program is here; nothing where it takes all of it."""
    there = folder / unit.name
    there.write_text(text.replace(PROGRAM, shlex.quote(sys.executable)), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(there)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60.0).stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_every_line(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text("utf-8")
    assert verified(unit, text, tmp_path) == ""
    assert "ProtectSytem" in verified(unit, text.replace("ProtectSystem", "ProtectSytem"), tmp_path)


@dataclass
class Service:
    """A service that runs as its unit says, without systemd."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text("utf-8")

    @property
    def url(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        assert found, self.said
        return found[0]


@contextlib.contextmanager
def service(unit: Path, folder: Path) -> Iterator[Service]:
    """Run what a unit starts, with the environment that it gives and no other, on a free port of the loopback."""
    places = {name: folder / place for name, place in PLACES.items()}
    for place in (*places.values(), *(folder / "state" / one for one in values(unit, "StateDirectory"))):
        place.mkdir(parents=True, exist_ok=True)
    (places[CREDENTIALS] / "token").write_text(TOKEN + "\n", "ascii")

    def here(text: str) -> str:
        for name, place in places.items():
            text = text.replace(name, str(place))
        return text

    (line,) = values(unit, "ExecStart")
    assert line.startswith(f"{PROGRAM} ")
    words = [str(Path(sys.executable).with_name("infiniloop")), *shlex.split(here(line))[1:]]
    environment = dict(one.split("=", 1) for row in values(unit, "Environment") for one in here(row).split())
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [*words, "--host", "127.0.0.1", "--port", "0"],
            cwd=here(values(unit, "WorkingDirectory")[0]),
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment},
            stdout=said,
            stderr=said,
        )
    one = Service(process, folder)
    try:
        until(lambda: "http://127.0.0.1:" in one.said or process.poll() is not None)
        yield one
    finally:
        process.kill()
        process.wait(WAIT_S)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_it_runs_with_what_its_unit_gives_it_and_ends_as_the_unit_knows(unit: Path, tmp_path: Path) -> None:
    with service(unit, tmp_path) as one:
        family = [one.process.pid, *(child.pid for child in psutil.Process(one.process.pid).children(recursive=True))]
        assert TOKEN not in "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in family)
        if reload := values(unit, "ExecReload"):
            assert "kill -HUP $MAINPID" in reload[0]
            one.process.send_signal(signal.SIGHUP)
            until(lambda: json.load(urllib.request.urlopen(f"{one.url}/health", timeout=10.0))["healthy"])
            assert one.process.poll() is None
        one.process.send_signal(signal.SIGTERM)
        assert str(one.process.wait(WAIT_S)) in values(unit, "SuccessExitStatus")
        assert TOKEN not in one.said
        # Nothing was written where the unit lets nothing be written.
        assert not any((tmp_path / "etc").iterdir())
        assert {path.name for path in tmp_path.iterdir()} == {*PLACES.values(), "said"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_its_wrong_usage_is_not_tried_again(unit: Path) -> None:
    (line,) = values(unit, "ExecStart")
    with pytest.raises(SystemExit) as ended:
        build_parser("infiniloop").parse_args([*shlex.split(line)[1:], "--no-such-option"])
    assert [str(ended.value.code)] == values(unit, "RestartPreventExitStatus")
