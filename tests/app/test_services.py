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
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from app.commands import serve
from app.main import build_parser
from engine.values.radio import PORT
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


CONTAINER = SERVICES / "Containerfile"
README = (ROOT / "README.md").read_text("utf-8")


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


# --- the container file -----------------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the container file, each with what it is told, on one line."""
    text = re.sub(r"^#.*\n", "", CONTAINER.read_text("utf-8"), flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\s*\\\n\s*", " ", text).splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def told(name: str) -> list[str]:
    return [rest for one, rest in instructions() if one == name]


def test_a_container_gets_what_is_there() -> None:
    sources = [source for row in told("COPY") for source in row.split()[:-1]]
    assert len(sources) >= 7
    assert [one for one in sources if not (ROOT / one).exists()] == []
    listed = (ROOT / "resources/setup/apt.txt").read_text("utf-8").splitlines()
    (apt,) = (re.search(r"install -y --no-install-recommends (.*?) &&", row) for row in told("RUN") if "apt-get" in row)
    assert apt
    assert [one for one in apt[1].split() if one not in listed] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (extras,) = (row.removeprefix("EXTRAS=").split(",") for row in told("ARG"))
    assert set(extras) <= set(project["optional-dependencies"])
    assert any('-e ".[$EXTRAS]"' in row and "-c resources/setup/constraints.txt" in row for row in told("RUN"))
    assert json.loads(told("ENTRYPOINT")[0]) == [*project["scripts"]]


def test_a_container_runs_a_radio_as_a_user_of_its_own_and_ends_it_in_order() -> None:
    (command,) = told("CMD")
    arguments = build_parser("infiniloop").parse_args(json.loads(command))
    assert (arguments.command, arguments.host, arguments.public) == ("radio", "0.0.0.0", True)
    assert told("EXPOSE") == [f"{PORT} {serve.PORT}"]
    assert told("STOPSIGNAL") == ["SIGTERM"]
    assert told("USER") == ["infiniloop"]
    places = dict(one.split("=", 1) for row in told("ENV") for one in row.split())
    kept = {places[f"XDG_{name}_HOME"] for name in ("DATA", "STATE", "CACHE")}
    assert all(Path(one).is_relative_to(told("VOLUME")[0]) for one in kept)


def test_its_health_is_that_of_the_radio(tmp_path: Path) -> None:
    (check,) = told("HEALTHCHECK")
    code = json.loads(check.partition("CMD ")[2])[2].replace("/run/secrets/token", str(tmp_path / "secret" / "token"))

    def healthy(port: str) -> bool:
        asked = [sys.executable, "-c", code.replace(str(PORT), port)]
        return subprocess.run(asked, capture_output=True, check=False, timeout=30.0).returncode == 0

    with service(SERVICES / "infiniloop-radio.service", tmp_path) as one:
        port = one.url.rpartition(":")[2]
        until(lambda: healthy(port))
        one.process.send_signal(signal.SIGTERM)
        one.process.wait(WAIT_S)
        assert not healthy(port)


# --- what the README says of them -------------------------------------------------------------------------------------


def readme_lines(kind: str) -> list[str]:
    blocks = re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines()]


def test_what_the_readme_types_on_other_machines_is_understood() -> None:
    lines = [part for line in readme_lines("text") for part in line.split(" && ")]
    typed = [line for line in lines if re.match(r"(\S*/)?infiniloop ", line)]
    assert len(typed) >= 5
    asked = [shlex.split(line)[1:] for line in typed]
    # What a container is told stands behind its image.
    runs = [line for line in lines if line.startswith("podman run ")]
    assert len(runs) == 2
    asked += [words for line in runs if (words := shlex.split(line.partition(" infiniloop")[2]))]
    for words in asked:
        assert build_parser("infiniloop").parse_args(words).run
    for path in re.findall(r"resources/\S+(?:service|file|\.sh)\b", "\n".join(lines)):
        assert (ROOT / path).is_file(), path


def test_what_the_readme_changes_of_the_unit_is_valid(tmp_path: Path) -> None:
    unit = SERVICES / "infiniloop-radio.service"
    changes = "\n".join(readme_lines("ini"))
    assert verified(unit, f"{unit.read_text('utf-8')}\n{changes}\n", tmp_path) == ""
    (line,) = re.findall(r"^ExecStart=(\S.*)$", changes, re.MULTILINE)
    arguments = build_parser("infiniloop").parse_args(shlex.split(line)[1:])
    assert arguments.remote
    assert arguments.remote_token_file.startswith(CREDENTIALS)
    # Every secret that it names is loaded.
    loads = [*values(unit, "LoadCredential"), *re.findall(r"LoadCredential=(.*)", changes)]
    loaded = {one.partition(":")[0] for one in loads}
    assert set(re.findall(r"\$\{CREDENTIALS_DIRECTORY\}/(\w+)", line)) == loaded
