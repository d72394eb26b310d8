# SPDX-License-Identifier: GPL-3.0-or-later
"""A generator process that plays endless music elsewhere ends it when it is told to, and when it ends itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob, LeaveJob
from engine.processes import ChildProcess
from engine.values import ClipRequest, ClipResult, EndlessMusic, Progress
from tests.standins.magenta import MagentaServer


@pytest.fixture
def host(tmp_path: Path) -> Iterator[ChildProcess]:
    with (tmp_path / "host.log").open("w") as log:
        process = ChildProcess("engine.generators.host", log=log)
        yield process
        process.close()


def play(host: ChildProcess, server: MagentaServer, music: str) -> None:
    settings = GeneratorSettings().with_values("remote", {"protocol": "magentart", "addresses": server.url})
    request = ClipRequest(1, "techno", "remote", "", 8.0, bars=4, bpm=120.0, part_of=EndlessMusic(music))
    host.send(GenerateJob(request, settings))
    while isinstance(answer := host.receive(), Progress):
        pass
    assert isinstance(answer, ClipResult)


def until_it_has_none(server: MagentaServer) -> None:
    ends_s = time.monotonic() + 20.0
    while server.jams and time.monotonic() < ends_s:
        time.sleep(0.05)
    assert not server.jams


def test_music_is_left_when_it_ends_and_with_the_process(host: ChildProcess) -> None:
    with MagentaServer() as server:
        play(host, server, "one")
        host.send(LeaveJob("one"))
        until_it_has_none(server)
        play(host, server, "two")
        assert list(server.jams) == ["jam-2"]
        host.close()
        until_it_has_none(server)
