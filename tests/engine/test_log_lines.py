# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs are lines of JSON where they are to be, and a log file stays short whichever process writes to it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.log_lines import MOST_BYTES, VARIABLE, JsonLines, keep_short, note
from tests.engine.library.making import files_limited_to


def test_a_line_has_what_is_always_there_and_its_own_fields() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.Logger("engine.some.room")
    logger.addHandler(handler)
    logger.info("“%s”\nplays", "è", extra={"fields": {"number": 3, "level": "loud", "path": Path("/a")}})
    try:
        json.loads("{")
    except ValueError:
        logger.exception("that failed")

    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "info",
        "logger": "engine.some.room",
        "pid": os.getpid(),
        "message": "“è”\nplays",
        "number": 3,
        "path": "/a",
    }
    assert second["exception"].startswith("Traceback")
    assert "JSONDecodeError" in second["exception"]


def test_what_happens_is_noted_in_json_alone(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        note(logging.getLogger("engine.room"), "a piece begins", number=1)
        assert not caplog.records
        monkeypatch.setenv(VARIABLE, "json")
        note(logging.getLogger("engine.room"), "a piece begins", number=1)
    assert [(one.message, vars(one)["fields"]) for one in caplog.records] == [("a piece begins", {"number": 1})]


def test_a_long_log_begins_anew_for_all_who_write_to_it(tmp_path: Path) -> None:
    path, before = tmp_path / "a.log", tmp_path / "a.log.1"
    with path.open("a", encoding="utf-8", buffering=1) as log:
        log.write("first\n")
        keep_short(log)
        assert path.read_text() == "first\n"
        writer = "import sys; sys.stderr.write('x' * int(sys.argv[1]) + '\\nlast\\n')"
        subprocess.run([sys.executable, "-c", writer, str(MOST_BYTES)], stderr=log, check=True, timeout=60)
        keep_short(log)
        assert path.read_text() == ""
        subprocess.run([sys.executable, "-c", writer, "3"], stderr=log, check=True, timeout=60)
        log.write("and on\n")
    # Where it was written to before, there are no holes.
    assert path.read_text() == "xxx\nlast\nand on\n"
    assert before.read_text().endswith("xxx\nlast\n")
    assert before.stat().st_size == MOST_BYTES


def test_on_a_full_disk_a_long_log_gives_its_room_back(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"x" * (MOST_BYTES + 1))
    with path.open("a", encoding="utf-8") as log, files_limited_to(1000):
        keep_short(log)
    assert path.stat().st_size == 0
