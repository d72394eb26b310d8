# SPDX-License-Identifier: GPL-3.0-or-later
"""The page ``resources/control.md`` describes the protocol as it is: verbs, events and keys, limits, examples."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from app.control import facts, place, server
from app.control.server import ControlServer
from app.control.verbs import VERBS
from app.control.wire import MOST_CONNECTIONS, MOST_LINE_BYTES, VERSION, Answer, Request, request_in
from app.main import build_parser
from app.paths import RESOURCES
from engine.errors import StudioError

TEXT = (RESOURCES / "control.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the tables below a heading."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("|--")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(cell: str) -> list[str]:
    return re.findall(r"`([a-z_]+)`", cell)


def test_every_verb_is_described_and_no_other() -> None:
    found = [name for row in rows("Requests and answers") for name in named(row[0])]
    told = [name for name, verb in VERBS.items() if not verb.is_local]
    assert sorted(found) == sorted([*told, server.FOLLOW, "do", "with", "id", "do"])


def test_every_event_is_described_with_its_keys() -> None:
    described = {
        name: sorted(set(named(row[1])) - {"event", "at", "kind", "message"})
        for row in rows("Events")
        for name in named(row[0])
        if name != "event"
    }
    tree = ast.parse(Path(facts.__file__).read_text(encoding="utf-8"))
    told: dict[str, list[str]] = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "tell":
            names = {one.value for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant)}
            for name in names or {"paused", "held", "favourite"}:
                told[str(name)] = sorted(str(one.arg) for one in call.keywords)
    assert described == told


def test_places_versions_and_limits_are_as_told() -> None:
    assert f"the control protocol, version {VERSION}\n" in TEXT
    assert f"| {MOST_LINE_BYTES // 2**20} MiB |" in TEXT
    assert f"| {MOST_CONNECTIONS} | programs" in TEXT
    assert f"| {server.MOST_EXPECTED} | requests" in TEXT
    assert f"| {server.MOST_WAITING} | lines" in TEXT
    assert f"{server.UNREAD_S} s, it is left" in TEXT
    assert f"/{place.FOLDER}/PID{place.ENDING}`" in TEXT


def test_the_requests_that_are_shown_are_requests_and_the_lines_of_ctl_are_taken() -> None:
    shown = [line for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
    assert len(shown) == 5
    assert [request_in(line.encode()) for line in shown if '"do"' in line] == [Request("set", ("volume", "-6"), 7)]
    parser = build_parser("infiniloop")
    lines = re.findall(r"infiniloop (ctl [a-z-].*?)(?:  .*)?$", TEXT, re.MULTILINE)
    assert len(lines) > 8
    for line in lines:
        words = re.findall(r'"([^"]*)"|(\S+)', line.split("`")[0])
        assert parser.parse_args([one or other for one, other in words]).command == "ctl"


def test_the_example_runs(runtime: Path) -> None:
    def ask(_request: Request, reply: Callable[[Answer | StudioError], None]) -> None:
        reply(Answer("playing"))

    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    one = ControlServer({"kind": "studio", "version": "1.0"}, ask)
    with subprocess.Popen([sys.executable, "-uc", example], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        said = [program.stdout.readline() for _ in range(3)]
        one.tell({"event": "led", "title": "Rain"})
        said.append(program.stdout.readline())
        one.close()
        assert program.wait(30.0) == 0
    assert said[:2] == [f"speaks version {VERSION}\n", "playing\n"]
    assert json.loads(said[2].replace("'", '"').replace("True", "true"))["text"] == "following"
    assert "Rain" in said[3]
