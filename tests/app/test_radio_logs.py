# SPDX-License-Identifier: GPL-3.0-or-later
"""With --log-json a radio logs lines of JSON that say what happens, and no secret."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from app.paths import RESOURCES
from engine.broadcast.asking import network_of
from tests.app.radios import RadioRun, on_air
from tests.engine.serving.running import until

PASSWORD = "a-source-of-music"
BROADCAST = "engine.broadcast.process"
LOGS = (RESOURCES / "operating.md").read_text(encoding="utf-8").partition("## Logs")[2]
ALWAYS, _, EVENTS = LOGS.partition("| message | has")


def lines(run: RadioRun) -> list[dict[str, Any]]:
    """Return what a radio has logged, all of which is JSON."""
    text = (run.folder / "err").read_text(encoding="utf-8")
    return [json.loads(one) for one in text.splitlines(keepends=True) if one.endswith("\n")]


def rows(table: str) -> dict[str, set[str]]:
    """Return the rows of a table of the page: what stands first in each, and the keys beside it."""
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", table, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", words)) for name, words in found}


def test_all_that_is_logged_is_json_and_says_what_the_page_says(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    with socket.socket() as nobody:
        # Bound, and not listened at: a connection is refused, which is logged.
        nobody.bind(("127.0.0.1", 0))
        icecast = f"icecast://127.0.0.1:{nobody.getsockname()[1]}/calm.mp3"
        files = ("--icecast", icecast, "--icecast-password-file", str(secret), "--token-file", str(tmp_path / "token"))
        with on_air(tmp_path / "radio", "lofi, 90 bpm", "--public", "--log-json", "--requests", *files) as run:
            token = (tmp_path / "token").read_text(encoding="utf-8").strip()
            stream = f"GET /stream.mp3?token={token} HTTP/1.1\r\nHost: radio\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n"
            port = int(run.url.rpartition(":")[2])
            with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as listener:
                listener.sendall(stream.encode())
                until(lambda: any(told["message"] == "a listener joins" for told in lines(run)))
            assert run.post("/requests", {"prompt": "soft rain"})[0] == 202
            assert run.post("/control/skip", {}, Authorization=f"Bearer {token}")[0] == 202
            until(lambda: any(told["message"] == "a piece begins" for told in lines(run)))
            until(lambda: any(told["message"] == "a listener leaves" for told in lines(run)))
            run.children(BROADCAST)[0].kill()
            until(lambda: any("starts again" in told["message"] for told in lines(run)))
        told, text = lines(run), (run.folder / "err").read_text(encoding="utf-8")
    assert token not in text
    assert PASSWORD not in text
    assert "203.0.113.7" not in text
    always, events = set(rows(ALWAYS)) - {"exception"}, rows(EVENTS)
    for one in told:
        assert always <= set(one), one
        assert set(one) - always - {"exception"} == events.get(one["message"], set()), one
    by_message = {one["message"]: one for one in told}
    assert by_message["a listener joins"]["network"] == "203.0.113.0/24"
    assert by_message["a listener joins"]["form"] == "mp3"
    assert by_message["a listener asks for music"]["prompt"] == "soft rain"
    assert by_message["stopped"]["signal"] == signal.SIGTERM
    assert any(one["level"] == "warning" and "Icecast" in one["message"] for one in told)
    assert len({one["pid"] for one in told}) >= 2
    # It is in the place of the log file.
    assert not (run.folder / "state" / "infiniloop" / "log" / "infiniloop.log").exists()


def test_every_event_of_the_page_is_noted_somewhere() -> None:
    sources = "".join(
        one.read_text(encoding="utf-8")
        for folder in ("engine/broadcast", "app/commands")
        for one in (RESOURCES.parent / folder).glob("*.py")
    )
    for message in rows(EVENTS):
        assert f'"{message}"' in sources, message


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unknown", ""),
    ],
)
def test_a_network_is_nobodys_address(address: str, network: str) -> None:
    assert network_of(address) == network
