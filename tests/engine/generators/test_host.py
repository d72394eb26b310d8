# SPDX-License-Identifier: GPL-3.0-or-later
"""The generator process is run for real: it tells progress and results, fails, cancels, and ends with its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.errors import Cancelled, EmptyPrompt, GeneratorError, GeneratorFailed, GeneratorMissing, UnknownChoice
from engine.generators.base import GeneratorSettings
from engine.generators.host import NICENESS, PROGRESS_INTERVAL_S
from engine.generators.jobs import CancelJob, GenerateJob
from engine.processes import ChildProcess
from engine.values import ClipRequest, ClipResult, JobFailed, Progress
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.bystanders import is_alive
from tests.sampling import some
from tests.standins import install_musicgpt, musicgpt_settings

MISDEEDS = [
    ("ignore-term", True),
    ("hang", False),
    ("hang", True),
    ("ignore-term", False),
    ("leave-behind", False),
    ("leave-behind", True),
]
"""Misdeeds of MusicGPT, and whether a shell is between it and us."""

HOST = "engine.generators.host"


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the host and MusicGPT put temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def host(tmp_path: Path) -> Iterator[ChildProcess]:
    with (tmp_path / "host.log").open("w") as log:
        process = ChildProcess(HOST, log=log)
        yield process
        process.close()


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., GenerateJob]:
    """Return a function that makes jobs for a MusicGPT that commits ``misdeed``."""

    def make(job_id: int, misdeed: str = "", *, wrapped: bool = False, **changes: Any) -> GenerateJob:
        executable = install_musicgpt(tmp_path / misdeed.replace(":", "-"), misdeed=misdeed, wrapped=wrapped)
        values: dict[str, Any] = {
            "prompt": "calm piano",
            "generator": "musicgpt",
            "model": "",
            "duration_s": 2.0,
        } | changes
        return GenerateJob(ClipRequest(job_id=job_id, **values), musicgpt_settings(str(executable)))

    return make


def next_end(host: ChildProcess) -> tuple[list[Progress], ClipResult | JobFailed]:
    """Return what the host says up to the end of a job."""
    seen: list[Progress] = []
    while True:
        assert host.poll(60), f"nothing after {seen}"
        message = host.receive()
        if not isinstance(message, Progress):
            return seen, message
        seen.append(message)


def wait_for_musicgpt(host: ChildProcess, scratch: Path) -> list[psutil.Process]:
    """Return what runs below the host once MusicGPT hangs: its supervisor, itself, and its children."""
    deadline_s = time.monotonic() + 30
    while not any(scratch.rglob("hanging")):
        assert time.monotonic() < deadline_s, "MusicGPT was not started"
        time.sleep(0.02)
    return list(psutil.Process(host.pid).children(recursive=True))


def wait_for_the_end_of(processes: list[psutil.Process]) -> None:
    deadline_s = time.monotonic() + 10
    while left := [one for one in processes if is_alive(one)]:
        assert time.monotonic() < deadline_s, left
        time.sleep(0.02)


def test_a_job_ends_in_a_studio_clip(host: ChildProcess, job: Callable[..., GenerateJob], scratch: Path) -> None:
    host.send(job(3, "token_s:0.003"))
    seen, result = next_end(host)
    assert isinstance(result, ClipResult)
    assert result.job_id == 3
    assert (result.clip.sample_rate, result.clip.n_channels) == (STUDIO_SAMPLE_RATE, 2)
    assert result.clip.duration_s == pytest.approx(2.94, abs=0.01)
    assert {one.job_id for one in seen} == {3}
    stages = [one.stage for one in seen]
    assert stages[0] == "starting"
    assert stages[-1] == "finishing"
    fractions = [one.fraction for one in seen if one.stage == "generating"]
    assert len(fractions) > 2
    assert None not in fractions
    children = psutil.Process(host.pid).children(recursive=True)
    assert len(children) == 2, "MusicGPT and its supervisor stay"
    host.close()
    wait_for_the_end_of(children)
    assert not list(scratch.iterdir())


def test_progress_is_rate_limited(host: ChildProcess) -> None:
    host.send(GenerateJob(ClipRequest(1, "house 124 bpm", "composer", "", 30.0, seed=1), GeneratorSettings()))
    started_s = time.monotonic()
    seen, result = next_end(host)
    taken_s = time.monotonic() - started_s
    assert isinstance(result, ClipResult)
    stages = {one.stage for one in seen}
    assert len(seen) <= taken_s / PROGRESS_INTERVAL_S + len(stages) + 1
    fractions = [one.fraction for one in seen if one.fraction is not None]
    assert fractions == sorted(fractions)


def test_it_outlives_whatever_fails(host: ChildProcess, job: Callable[..., GenerateJob], tmp_path: Path) -> None:
    missing = musicgpt_settings(str(tmp_path / "nowhere"))
    failing: list[tuple[GenerateJob, type[Exception], str]] = [
        (job(1, "exit-1"), GeneratorFailed, "no space left on device"),
        (job(2, "die-half-way"), GeneratorFailed, "SIGKILL"),
        (job(3, "nan"), GeneratorError, "NaN"),
        (job(4, prompt="  "), EmptyPrompt, "prompt"),
        (job(5, generator="orchestra"), UnknownChoice, "composer, musicgpt"),
        (job(6, model="huge"), UnknownChoice, "small"),
        (GenerateJob(job(7).request, missing), GeneratorMissing, "nowhere"),
        # Not even a request: what nobody foresaw is told too.
        (job(8, duration_s="long"), GeneratorError, "musicgpt made no clip: TypeError"),
    ]
    for asked, error, words in failing:
        host.send(asked)
        _, answer = next_end(host)
        assert isinstance(answer, JobFailed)
        assert answer.job_id == asked.request.job_id
        assert isinstance(answer.error, error)
        assert words in str(answer.error)
    host.send("rubbish")
    host.send(job(9))
    _, answer = next_end(host)
    assert isinstance(answer, ClipResult)
    log = (tmp_path / "host.log").read_text()
    assert "Traceback" in log
    assert "not a message: 'rubbish'" in log


def test_cancel_ends_musicgpt(host: ChildProcess, job: Callable[..., GenerateJob], scratch: Path) -> None:
    host.send(job(1, "ignore-term", wrapped=True))
    processes = wait_for_musicgpt(host, scratch)
    host.send(CancelJob(99))  # of another job: not meant for this one
    host.send(CancelJob(1))
    _, answer = next_end(host)
    assert isinstance(answer, JobFailed)
    assert answer.job_id == 1
    assert isinstance(answer.error, Cancelled)
    assert not [one for one in processes if is_alive(one)]
    assert not list(scratch.iterdir())
    host.send(CancelJob(1))  # too late, and harmless
    host.send(job(2))
    assert isinstance(next_end(host)[1], ClipResult)


@pytest.mark.soak
def test_the_latest_job_wins(host: ChildProcess, job: Callable[..., GenerateJob], scratch: Path) -> None:
    host.send(job(1, "hang"))
    wait_for_musicgpt(host, scratch)
    for asked in (job(2, "hang"), job(3, "hang"), CancelJob(3), job(4)):
        host.send(asked)
    ends = [next_end(host)[1] for _ in range(4)]
    cancelled = [end for end in ends if isinstance(end, JobFailed)]
    assert sorted(end.job_id for end in cancelled) == [1, 2, 3]
    assert all(isinstance(end.error, Cancelled) for end in cancelled)
    assert isinstance(ends[-1], ClipResult)
    assert ends[-1].job_id == 4
    assert len(psutil.Process(host.pid).children(recursive=True)) == 2, "one server, one supervisor"


@pytest.mark.parametrize(("misdeed", "wrapped"), some(MISDEEDS))
def test_closing_it_in_the_middle_leaves_nothing(
    host: ChildProcess, job: Callable[..., GenerateJob], scratch: Path, misdeed: str, wrapped: bool
) -> None:
    host.send(job(1, misdeed, wrapped=wrapped))
    processes = wait_for_musicgpt(host, scratch)
    host.close(timeout_s=20)
    assert not psutil.pid_exists(host.pid)
    assert not [one for one in processes if is_alive(one)]
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(("misdeed", "wrapped"), some(MISDEEDS))
def test_killing_it_ends_musicgpt_too_and_clears_its_folder(
    host: ChildProcess, job: Callable[..., GenerateJob], scratch: Path, misdeed: str, wrapped: bool
) -> None:
    host.send(job(1, misdeed, wrapped=wrapped))
    processes = wait_for_musicgpt(host, scratch)
    host.kill()
    wait_for_the_end_of(processes)
    assert not list(scratch.iterdir())


def test_killing_the_supervisor_ends_musicgpt_and_is_told(
    host: ChildProcess, job: Callable[..., GenerateJob], scratch: Path
) -> None:
    host.send(job(1, "leave-behind", wrapped=True))
    supervisor, *others = wait_for_musicgpt(host, scratch)
    supervisor.kill()
    _, answer = next_end(host)
    assert isinstance(answer, JobFailed)
    assert "the system ended it (SIGKILL)" in str(answer.error)
    wait_for_the_end_of(others)
    assert not list(scratch.iterdir())


@pytest.mark.soak
def test_what_was_left_when_all_were_killed_at_once_is_swept_at_the_next_start(
    host: ChildProcess, job: Callable[..., GenerateJob], scratch: Path, tmp_path: Path
) -> None:
    host.send(job(1, "leave-behind", wrapped=True))
    supervisor, *others = wait_for_musicgpt(host, scratch)
    os.kill(host.pid, signal.SIGSTOP)  # it is not to see its supervisor go
    supervisor.kill()
    host.kill()
    assert list(scratch.iterdir())
    assert [one for one in others if is_alive(one)]
    (tmp_path / "elsewhere").mkdir()
    not_ours = [scratch / "infiniloop-musicgpt-x", scratch / "infiniloop-musicgpt-1-2-0a1b2c3d"]
    not_ours[0].mkdir()
    not_ours[1].symlink_to(tmp_path / "elsewhere")
    with (tmp_path / "next.log").open("w") as log:
        following = ChildProcess(HOST, log=log)
        following.send(job(2))
        assert isinstance(next_end(following)[1], ClipResult)
        following.close()
    wait_for_the_end_of(others)
    assert sorted(scratch.iterdir()) == sorted(not_ours)
    assert (tmp_path / "elsewhere").is_dir()


def test_it_goes_with_an_owner_that_is_killed(tmp_path: Path, job: Callable[..., GenerateJob], scratch: Path) -> None:
    executable = job(1, "leave-behind", wrapped=True).settings.of("musicgpt").text("path")
    script = tmp_path / "owner.py"
    script.write_text(f"""
import os, signal, time
from pathlib import Path
import psutil
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.processes import ChildProcess
from engine.values import ClipRequest
host = ChildProcess({HOST!r})
settings = GeneratorSettings().with_values("musicgpt", {{"path": {executable!r}}})
host.send(GenerateJob(ClipRequest(1, "piano", "musicgpt", "", 2.0), settings))
while not any(Path({str(scratch)!r}).rglob("hanging")):
    time.sleep(0.02)
print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
""")
    owner = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    pids = list(map(int, owner.stdout.split()))
    assert len(pids) >= 4, "the host, the supervisor, the shell, MusicGPT"
    deadline_s = time.monotonic() + 10
    while left := [pid for pid in pids if psutil.pid_exists(pid) and is_alive(psutil.Process(pid))]:
        assert time.monotonic() < deadline_s, left
        time.sleep(0.02)
    assert not list(scratch.iterdir())


def test_it_starts_without_the_window_and_gives_way_to_what_plays(host: ChildProcess) -> None:
    host.send(GenerateJob(ClipRequest(1, "", "composer", "", 10.0), GeneratorSettings()))
    next_end(host)
    niceness = min(19, psutil.Process().nice() + NICENESS)
    assert psutil.Process(host.pid).nice() == niceness
    # Among sessions, too: it leads one of its own.
    if (group := Path(f"/proc/{host.pid}/autogroup")).exists():
        assert group.read_text().split()[-1] == str(niceness)
    loaded = Path(f"/proc/{host.pid}/maps").read_text()
    assert "PySide6" not in loaded
    assert "portaudio" not in loaded
