# SPDX-License-Identifier: GPL-3.0-or-later
"""An outside program is started, heard and ended, with all that it started, whatever it or its owner does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.outside import supervisor
from engine.outside.program import Program
from engine.outside.scratch import MARK, ScratchFolder
from tests.bystanders import is_alive, own_children
from tests.descriptors import open_descriptors

STUBBORN = "trap '' TERM INT HUP; "


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScratchFolder]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ScratchFolder("test") as folder:
        yield folder


def shell(script: str, scratch: ScratchFolder, **environment: str) -> Program:
    return Program(["/bin/sh", "-c", script], scratch, environment=environment)


def ready(scratch: ScratchFolder, n_processes: int) -> list[psutil.Process]:
    """Return the processes below us once the program has made the file "ready"."""
    deadline_s = time.monotonic() + 20
    while not (scratch.path / "ready").exists() or len(own_children()) < n_processes:
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
    return own_children()


@pytest.mark.parametrize(
    ("script", "exit_code", "output"),
    [
        ("echo out; echo err >&2", 0, b"out\nerr\n"),
        ("exit 7", 7, b""),
        ("kill -9 $$", -9, b""),
        ("kill -SEGV $$", -11, b""),
        ('read x; echo "$? $x"; pwd; ls -A', 0, None),
        ("yes | head -c 3000000 | tr y x; echo end", 0, None),
    ],
)
def test_its_exit_code_and_the_last_of_its_output_are_told(
    scratch: ScratchFolder, script: str, exit_code: int, output: bytes | None
) -> None:
    program = shell(script, scratch)
    assert program.poll(20) == exit_code
    assert program.poll(0) == exit_code
    if output is not None:
        assert program.output == output
    elif "pwd" in script:
        assert program.output.decode() == f"1 \n{scratch.path}\n", "no input, its own folder, with nothing in it"
    else:
        assert program.output.endswith(b"x\nx\nend\n")
        assert len(program.output) == supervisor.LOG_TAIL_BYTES
    program.close()
    assert not own_children()


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel does not weigh sessions")
def test_it_gives_way_among_sessions_as_its_niceness_says(scratch: ScratchFolder) -> None:
    told: list[bytes] = []

    def run() -> None:
        # Of this thread alone, and of what it starts.
        niceness = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(19, niceness + 3))
        program = shell("nice; cat /proc/self/autogroup", scratch)
        program.poll(20)
        told.append(program.output)
        program.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    niceness, *_, weight = told[0].split()
    assert int(weight) == int(niceness) > 0


def test_it_is_heard_while_it_runs(scratch: ScratchFolder) -> None:
    program = shell("echo one; sleep 600", scratch)
    while not program.output:
        assert program.poll(0.02) is None
    assert program.output == b"one\n"
    program.close()


@pytest.mark.parametrize("command", ["/nowhere/at/all", "/", __file__])
def test_what_cannot_be_run_is_told(scratch: ScratchFolder, command: str) -> None:
    program = Program([command], scratch, environment={})
    with pytest.raises(OSError, match=r"No such file|Permission denied|Exec format"):
        program.poll(20)
    program.close()
    assert not own_children()


@pytest.mark.parametrize(
    ("script", "n_processes"),
    [
        ("touch ready; exec sleep 600", 2),
        ("touch ready; sleep 600; exit 0", 3),
        (STUBBORN + "touch ready; while true; do sleep 600; done", 3),
        ("setsid sleep 600 & nohup sleep 601 & touch ready; sleep 602; exit 0", 5),
        (f'(({STUBBORN} setsid sh -c "{STUBBORN} sleep 600; true")& )& touch ready; sleep 600; exit 0', 4),
    ],
)
@pytest.mark.parametrize("ending", ["close", "kill the supervisor", "terminate the supervisor"])
def test_every_ending_ends_all_it_started(scratch: ScratchFolder, script: str, n_processes: int, ending: str) -> None:
    program = shell(script, scratch)
    processes = ready(scratch, n_processes)
    if ending != "close":
        # Not the test run's own screen or sound server, where an earlier test wanted one.
        boss = own_children()[0]
        boss.send_signal(signal.SIGKILL if "kill" in ending else signal.SIGTERM)
        assert (program.poll(20) or 0) < 0
    program.close()
    assert not [one for one in processes if is_alive(one)]


def test_it_is_asked_before_it_is_ended(scratch: ScratchFolder) -> None:
    program = shell("trap 'echo asked >../asked; exit 0' TERM; touch ready; while true; do sleep 0.02; done", scratch)
    ready(scratch, 2)
    program.close()
    assert (scratch.path.parent / "asked").read_text() == "asked\n"


def test_what_it_leaves_when_it_ends_is_ended_too(scratch: ScratchFolder) -> None:
    program = shell(f"({STUBBORN} setsid sleep 600)& echo $!; exit 3", scratch)
    assert program.poll(20) == 3
    left = int(program.output)
    assert not psutil.pid_exists(left) or not is_alive(psutil.Process(left))
    program.close()


@pytest.mark.parametrize("is_stopped", [False, True])
def test_it_ends_and_its_folder_goes_when_its_owner_is_killed(tmp_path: Path, is_stopped: bool) -> None:
    script = f"""
        import os, signal, tempfile, time
        import psutil
        from engine.outside.program import Program
        from engine.outside.scratch import ScratchFolder
        tempfile.tempdir = {str(tmp_path)!r}
        scratch = ScratchFolder("test")
        program = Program(["/bin/sh", "-c", "{STUBBORN} sleep 600 & sleep 601; true"], scratch, environment={{}})
        children = []
        while [child.name() for child in children].count("sleep") < 2:
            time.sleep(0.05)
            children = psutil.Process().children(recursive=True)
        if {is_stopped}:
            for child in children[1:]:
                child.suspend()
        print(*(child.pid for child in children), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    owner = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
    )
    assert owner.returncode == -signal.SIGKILL, owner.stderr
    pids = list(map(int, owner.stdout.split()))
    assert len(pids) >= 4
    deadline_s = time.monotonic() + 20
    while left := [pid for pid in pids if psutil.pid_exists(pid) and is_alive(psutil.Process(pid))]:
        assert time.monotonic() < deadline_s, left
        time.sleep(0.02)
    assert list(tmp_path.iterdir()) == []


def test_it_starts_with_stdin_stdout_and_stderr_closed(tmp_path: Path) -> None:
    script = f"""
        import os, tempfile
        from engine.outside.program import Program
        from engine.outside.scratch import ScratchFolder
        tempfile.tempdir = {str(tmp_path)!r}
        with ScratchFolder("test") as scratch:
            program = Program(["/bin/sh", "-c", "echo heard"], scratch, environment={{}})
            code = program.poll(20)
            program.close()
            os._exit(42 if code == 0 and program.output == b"heard\\\\n" else 1)
    """
    command = 'exec "$0" -c "$1" <&- >&- 2>&-'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = ["sh", "-c", command, sys.executable, textwrap.dedent(script).replace("\\\\", "\\")]
    assert subprocess.run(arguments, env=environment, check=False, timeout=60).returncode == 42


def test_its_processes_are_known_by_its_folder_and_hold_nothing_of_ours(
    scratch: ScratchFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "secret")
    script = "env; ls /proc/self/fd | wc -l; cat /proc/$PPID/environ | tr '\\0' '\\n' | grep -c TOKEN"
    program = shell(script, scratch, A="b")
    assert program.poll(20) is not None
    lines = program.output.decode().splitlines()
    assert {f"{MARK}={scratch.path}", "A=b"} <= set(lines)
    assert lines[-2:] == ["4", "0"], (
        "three descriptors and the folder that ls reads; no token with its supervisor either"
    )
    program.close()


def test_no_process_for_it_is_told(scratch: ScratchFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    held = open_descriptors()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(FileNotFoundError):
        shell("true", scratch)
    assert open_descriptors() <= held
