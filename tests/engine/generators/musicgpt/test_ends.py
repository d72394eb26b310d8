# SPDX-License-Identifier: GPL-3.0-or-later
"""A warm MusicGPT ends with the generator process that keeps it, however that ends; a real process keeps it here."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from engine.generators.jobs import CancelJob, GenerateJob
from engine.generators.musicgpt import folder
from engine.processes import ChildProcess
from engine.values import ClipRequest, ClipResult, JobFailed, Progress
from tests.bystanders import is_alive
from tests.engine.generators.musicgpt.conftest import Bench
from tests.sampling import some
from tests.standins import musicgpt_settings


@pytest.fixture
def host(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChildProcess]:
    monkeypatch.setenv("TMPDIR", str(bench.scratch))
    with (bench.folder / "host.log").open("w") as log:
        process = ChildProcess("engine.generators.host", log=log)
        yield process
        process.close()


def ask(host: ChildProcess, bench: Bench, misdeed: str = "", *, job_id: int = 1, secs: float = 1.0) -> None:
    bench.install(misdeed)
    settings = musicgpt_settings(bench.folder / "bin" / "musicgpt")
    host.send(GenerateJob(ClipRequest(job_id, "calm piano", "musicgpt", "", secs), settings))


def end_of(host: ChildProcess) -> ClipResult | JobFailed:
    while True:
        assert host.poll(60.0)
        message = host.receive()
        if not isinstance(message, Progress):
            assert isinstance(message, ClipResult | JobFailed)
            return message


def until_it_plays(host: ChildProcess) -> None:
    while True:
        assert host.poll(60.0)
        message = host.receive()
        assert isinstance(message, Progress)
        if message.stage == "generating" and message.fraction:
            return


def below(host: ChildProcess) -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process(host.pid).children(recursive=True)
    return found


def wait_for_the_end_of(processes: list[psutil.Process]) -> None:
    deadline_s = time.monotonic() + 20.0
    while left := [one for one in processes if is_alive(one)]:
        assert time.monotonic() < deadline_s, left
        time.sleep(0.02)


@pytest.mark.parametrize("misdeed", some(["ignore-term,token_s:0", "", "leave-and-end"], every=3))
@pytest.mark.parametrize("how", some([signal.SIGKILL, signal.SIGTERM], every=2))
def test_a_warm_server_ends_with_its_killed_owner(
    host: ChildProcess, bench: Bench, misdeed: str, how: signal.Signals
) -> None:
    ask(host, bench, misdeed)
    assert isinstance(end_of(host), ClipResult)
    processes = below(host)
    (place,) = bench.scratch.iterdir()
    assert {path.name for path in place.iterdir()} == {"no browser"}, "the clip is gone from its working folder"
    assert len(processes) >= (3 if misdeed == "leave-and-end" else 2), "the supervisor, the server, its children"
    os.kill(host.pid, how)
    wait_for_the_end_of(processes)
    deadline_s = time.monotonic() + 20.0
    while list(bench.scratch.iterdir()):
        assert time.monotonic() < deadline_s, "its folder is cleared away"
        time.sleep(0.02)
    assert bench.files() == bench.kept


def test_one_that_is_killed_at_work_leaves_no_more_than_the_next_start_clears(host: ChildProcess, bench: Bench) -> None:
    ask(host, bench, "token_s:0.01", secs=20.0)
    until_it_plays(host)
    processes = below(host)
    os.kill(host.pid, signal.SIGKILL)
    wait_for_the_end_of(processes)
    left = bench.files() - bench.kept
    assert {path.parent.name for path in left} == {folder.CHAT_ID}, "what it said of the clip it had begun"
    bench.install("")
    bench.make(secs=1.0)
    assert bench.files() == bench.kept


def test_a_cancelled_job_ends_in_the_server_and_the_server_stays(host: ChildProcess, bench: Bench) -> None:
    ask(host, bench, "token_s:0.01", job_id=1, secs=20.0)
    until_it_plays(host)
    before = {one.pid for one in below(host)}
    host.send(CancelJob(1))
    cancelled = end_of(host)
    assert isinstance(cancelled, JobFailed)
    assert bench.files() == bench.kept
    ask(host, bench, "token_s:0.01", job_id=2)
    assert isinstance(end_of(host), ClipResult)
    assert {one.pid for one in below(host)} == before


@pytest.mark.soak
def test_where_its_supervisor_is_ended_the_next_clip_comes_all_the_same(host: ChildProcess, bench: Bench) -> None:
    ask(host, bench, job_id=1)
    assert isinstance(end_of(host), ClipResult)
    processes = below(host)
    (supervisor,) = [one for one in processes if one.ppid() == host.pid]
    supervisor.kill()
    wait_for_the_end_of(processes)
    ask(host, bench, job_id=2)
    assert isinstance(end_of(host), ClipResult)
