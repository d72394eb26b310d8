# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio tells once that its generator makes nothing, and once that it works again."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.app.radios import on_air
from tests.engine.serving.running import serving, until

pytestmark = pytest.mark.started

WORKING = "infiniloop_radio_generator_working"


def test_an_icecast_that_is_not_reached_is_told_of(tmp_path: Path) -> None:
    with socket.socket() as taken:
        # Bound, and not listened at: it is nobody's else meanwhile.
        taken.bind(("127.0.0.1", 0))
        mount = f"127.0.0.1:{taken.getsockname()[1]}/a.mp3"
        (tmp_path / "password").write_text("hackme", encoding="ascii")
        others = ("--icecast", f"icecast://{mount}", "--icecast-password-file", str(tmp_path / "password"))
        with on_air(tmp_path / "radio", "lofi, 90 bpm", *others) as radio:
            until(lambda: f"infiniloop: Icecast at {mount}: Connection refused\n" in radio.told)


def test_a_machine_that_is_away_and_comes_is_told_of(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    machine = f"http://127.0.0.1:{port}"
    settings = {"duration_s": 6.0, "min_play_s": 10.0}
    with on_air(tmp_path / "radio", "lofi, 90 bpm", "--remote", machine, settings=settings) as radio:
        until(lambda: radio.get("/health")["generator"] == "failing")
        assert radio.metrics()[WORKING] == 0.0
        assert radio.get("/health")["healthy"]
        # What the composer makes in its place says nothing of it.
        until(lambda: radio.metrics()["infiniloop_radio_made_music_seconds_total"] > 0.0)
        assert radio.get("/health")["generator"] == "failing"
        with serving(tmp_path / "server", "--generator", "composer", "--port", str(port)):
            until(lambda: radio.get("/health")["generator"] == "working")
            assert radio.metrics()[WORKING] == 1.0
            until(lambda: "works again" in radio.told)
        # It may be asked before the radio is on the air.
        failing, working = [one for one in radio.told.splitlines() if "on the air" not in one]
    assert failing.startswith(f"infiniloop: 127.0.0.1:{port} refuses connections: is a server (“infiniloop serve”)")
    assert working == "infiniloop: the generator works again"
