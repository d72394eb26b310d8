# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process of ours receives what is sent, has its death told, and leaves nothing behind when it is closed."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.child import HEADER
from engine.errors import WorkerDied, WorkerFailed, WorkerLacksPart
from engine.processes import LACKS_PART, ChildProcess
from tests.descriptors import open_descriptors
from tests.sampling import some

pytestmark = pytest.mark.started

MODULE = "tests.engine.child"


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    process = ChildProcess(MODULE)
    yield process
    process.close()


def has_ended(pid: int) -> bool:
    """Return whether a process that is not our child ends within moments; init may leave it a zombie."""
    deadline_s = time.monotonic() + 10
    while time.monotonic() < deadline_s:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


def test_large_values_go_round(child: ChildProcess) -> None:
    array = np.random.default_rng(1).standard_normal((2_000_000, 2)).astype(np.float32)
    child.send(("echo", array))
    np.testing.assert_array_equal(child.receive(), array)


def test_what_was_sent_and_dropped_is_held_by_nobody(child: ChildProcess) -> None:
    held = open_descriptors()
    child.send(("echo", np.zeros(2_000_000, np.float32)))
    child.receive()
    give_up = time.monotonic() + 10.0
    while not open_descriptors() <= held:
        assert time.monotonic() < give_up
        time.sleep(0.005)


def test_sending_does_not_wait_for_a_child_that_is_writing_itself(child: ChildProcess) -> None:
    # Two pipes full in both directions: with a send that waits, both ends would wait for ever.
    array = np.zeros(2_000_000, np.float32)
    for _ in range(3):
        child.send(("flood", array))
    for _ in range(3):
        assert len(child.receive()) == len(array)
        assert child.receive() == "flooded"


def test_messages_keep_their_order_and_the_last_is_sent_before_closing(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        child = ChildProcess(MODULE, log=log)
        for number in range(200):
            child.send(("write", f"{number} "))
        child.close(timeout_s=20)
    # Each is written to stdout and to stderr, both of which are the log.
    assert (tmp_path / "log").read_text().split() == [str(number) for number in range(200) for _ in "12"]


def test_poll_tells_whether_something_waits(child: ChildProcess) -> None:
    assert not child.poll()
    child.send(("echo", 1))
    assert child.poll(20)
    assert child.receive() == 1
    assert not child.poll()
    child.send(("exit", 0))
    assert child.poll(20)


@pytest.mark.parametrize(
    ("word", "value", "exit_code"),
    [("exit", 0, 0), ("exit", 7, 7), ("kill", signal.SIGKILL, -9), ("kill", signal.SIGSEGV, -11)],
)
def test_its_death_is_told_with_its_exit_code(child: ChildProcess, word: str, value: int, exit_code: int) -> None:
    child.send((word, value))
    for use in (child.receive, child.receive, lambda: child.send(("echo", 1))):
        with pytest.raises(WorkerDied) as caught:
            use()
        assert caught.value.fields == {"worker": "child", "exit_code": exit_code}
    assert not child.is_alive()


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (RuntimeError("not in\ntwo lines."), "RuntimeError: not in two lines"),
        (FileNotFoundError(2, "gone", "file"), "FileNotFoundError: [Errno 2] gone: 'file'"),
        (MemoryError(), "MemoryError"),
        (ValueError("x" * 1000), "ValueError: " + "x" * 287 + "…"),
    ],
)
def test_why_it_died_is_told(tmp_path: Path, error: Exception, detail: str) -> None:
    with (tmp_path / "log").open("w") as log:
        child = ChildProcess(MODULE, log=log)
        child.send(("raise", error))
        with pytest.raises(WorkerFailed) as caught:
            child.receive()
        assert caught.value.fields == {"worker": "child", "exit_code": 1, "detail": detail}
        with pytest.raises(WorkerFailed):
            child.receive()
        child.close()
    assert "Traceback" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    "error",
    [
        ImportError("libnone.so: cannot open\nshared object file."),
        # As ctypes and cffi tell it, and so sounddevice and soundfile.
        OSError("libnone.so: cannot open shared object file"),
    ],
)
def test_a_library_that_is_missing_is_told_with_the_way_out(tmp_path: Path, error: Exception) -> None:
    with (tmp_path / "log").open("w") as log:
        child = ChildProcess(MODULE, log=log)
        child.send(("raise", error))
        assert child.poll(20)
        while child.is_alive():
            time.sleep(0.01)
        for use in (lambda: child.send(("echo", 1)), child.receive):
            with pytest.raises(WorkerLacksPart) as caught:
                use()
            told = str(caught.value)
            assert told.startswith("The child process cannot start: quit, and enter “make run”")
            assert told.endswith("(libnone.so: cannot open shared object file).")
        child.close()
    assert (tmp_path / "log").read_text() == "", "the parent tells: whose stderr it is need not hear of it twice"


def test_what_a_person_misses_is_said_first() -> None:
    for module, kind in LACKS_PART.items():
        assert importlib.util.find_spec(module) is not None
        assert not str(kind(worker="w", exit_code=1, detail="d")).startswith("The w process")


@pytest.mark.parametrize(
    "rubbish", [b"rubbish" * 10, b"\xff" * 100, HEADER.pack(4, 0, 0) + b"none", HEADER.pack(9, 0, 0)]
)
def test_one_that_writes_rubbish_is_told_as_dead(child: ChildProcess, rubbish: bytes, expected_logs: list[str]) -> None:
    expected_logs.append("wrote what is no message")
    child.send(("rubbish", rubbish))
    child.send(("exit", 0))
    with pytest.raises(WorkerDied):
        child.receive()


def test_what_cannot_be_started_leaves_nothing(tmp_path: Path) -> None:
    script = f"""
        import psutil, resource, threading
        from engine.processes import ChildProcess
        before = psutil.Process().num_fds(), threading.active_count()
        told = []
        for room in range(0, 2 ** 25, 2 ** 20):
            used = psutil.Process().memory_info().vms
            resource.setrlimit(resource.RLIMIT_AS, (used + room, resource.RLIM_INFINITY))
            try:
                ChildProcess({MODULE!r}).kill()
            except OSError as error:
                told.append(error.errno)
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert told and all(told), told
        assert (psutil.Process().num_fds(), threading.active_count()) == before
        assert not psutil.Process().children()
    """
    run = run_script(script)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("closing", ["<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_it_starts_with_standard_descriptors_closed(closing: str) -> None:
    script = f"""
        import os
        from engine.processes import ChildProcess
        child = ChildProcess({MODULE!r})
        child.send(("echo", 42))
        answer = child.receive()
        child.close()
        os._exit(answer)
    """
    command = ["sh", "-c", f'exec "$0" -c "$1" {closing}', sys.executable, textwrap.dedent(script)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run(command, env=environment, check=False, timeout=60).returncode == 42


def test_a_module_that_cannot_start_is_a_death(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        child = ChildProcess("tests.engine.no_such_module", log=log)
        with pytest.raises(WorkerLacksPart, match="no_such_module"):
            child.receive()
        child.close()


def test_a_child_that_closes_its_end_but_lives_on_is_told_and_ended(child: ChildProcess) -> None:
    child.send(("close", None))
    with pytest.raises(WorkerDied) as caught:
        child.receive()
    assert caught.value.fields["exit_code"] is None
    child.close(timeout_s=0.0)
    assert not psutil.pid_exists(child.pid)


@pytest.mark.parametrize("end", [ChildProcess.close, ChildProcess.kill])
@pytest.mark.parametrize("before", some(["idle", "asleep", "full", "dead"], every=2))
def test_closing_leaves_nothing(end: object, before: str) -> None:
    held = open_descriptors()
    child = ChildProcess(MODULE)
    child.send(("grandchild", None))
    grandchild = child.receive()
    if before in ("asleep", "full"):
        child.send(("sleep", None))
        assert child.receive() == "asleep"
    if before == "full":
        child.send(("echo", np.zeros(1_000_000)))  # which nobody will read
    if before == "dead":
        child.send(("exit", 3))
        with pytest.raises(WorkerDied):
            child.receive()
        assert psutil.pid_exists(grandchild)
    end(child)  # type: ignore[operator]
    end(child)  # type: ignore[operator]
    assert not psutil.pid_exists(child.pid)  # waited for: not even a zombie
    assert has_ended(grandchild)
    assert open_descriptors() <= held
    assert not child.is_alive()
    with pytest.raises(WorkerDied):
        child.send(("echo", 1))
    with pytest.raises(WorkerDied):
        child.receive()


def test_it_leads_a_session_and_imports_nothing_from_the_folder_it_starts_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    child = ChildProcess(MODULE)
    child.send(("facts", None))
    assert child.receive() == {"cwd_first": False, "sid": child.pid}
    child.close()


def run_script(script: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", textwrap.dedent(script)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)


def test_every_child_ends_when_its_parent_is_killed() -> None:
    """Children end that wait, were stopped, or hang and hear no SIGTERM, with the processes they started."""
    script = f"""
        import os, signal
        from engine.processes import ChildProcess
        pids = []
        for state in ("waits", "hangs", "is stopped"):
            child = ChildProcess({MODULE!r})
            pids.append(child.pid)
            if state == "hangs":
                child.send(("grandchild", None))
                pids.append(child.receive())
                child.send(("sleep", None))
                child.receive()
            if state == "is stopped":
                child.send(("echo", 1))
                child.receive()
                os.kill(child.pid, signal.SIGSTOP)
        print(*pids, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    parent = run_script(script)
    assert parent.returncode == -signal.SIGKILL, parent.stderr
    pids = list(map(int, parent.stdout.split()))
    assert len(pids) == 4
    for pid in pids:
        assert has_ended(pid), pid
