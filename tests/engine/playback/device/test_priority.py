# SPDX-License-Identifier: GPL-3.0-or-later
"""Priorities are asked of the right giver, the answers are used, and a refusal never ends the music."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.playback.device import priority
from engine.playback.device.priority import NICENESS, REAL_TIME_PRIORITY, Giver
from tests.soundserver import SoundServer
from tests.standins.realtimekit import LIMITS, GenuineRealtimeKit, RealtimeKit, without_rights

pytestmark = pytest.mark.started

TRY = ("-m", "engine.playback.device.priority")

# Its second thread is the callback's in place of PortAudio's. It tells what it got, then what became of it.
PROGRAM = """
import json, os, resource, sys, threading, time
from engine.playback.device import priority

def policy(thread_id):
    return os.sched_getscheduler(thread_id) & ~os.SCHED_RESET_ON_FORK

priority.go_first()
spin = threading.Event()
done = threading.Event()
def run():
    spin.wait()
    while policy(0) != os.SCHED_OTHER:
        pass
    done.wait()
thread = threading.Thread(target=run, daemon=True)
thread.start()
granted = priority.hurry_all(thread.native_id)
told = {
    "granted": granted,
    "policy": policy(thread.native_id),
    "reset_on_fork": bool(os.sched_getscheduler(thread.native_id) & os.SCHED_RESET_ON_FORK),
    "priority": os.sched_getparam(thread.native_id).sched_priority,
    "niceness": os.getpriority(os.PRIO_PROCESS, os.getpid()),
    "limits_us": resource.getrlimit(resource.RLIMIT_RTTIME),
    "pid": os.getpid(),
    "thread": thread.native_id,
}
if "spin" in sys.argv:
    spin.set()
    give_up = time.monotonic() + 60.0
    while policy(thread.native_id) != os.SCHED_OTHER and time.monotonic() < give_up:
        # Each look takes the interpreter's lock from the thread, which is a rest to the kernel: it counts anew.
        time.sleep(4.0 * priority.LONGEST_RUN_S)
    told["policy_then"] = policy(thread.native_id)
print(json.dumps(told))
"""


def told_by(command: list[str], **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True, timeout=120
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def may(what: str) -> bool:
    """Return whether a child of ours is permitted this by the kernel."""
    return (
        subprocess.run([sys.executable, "-c", f"import os; {what}"], capture_output=True, check=False).returncode == 0
    )


def may_real_time() -> bool:
    return may("os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(5))")


def without_system_bus(folder: Path) -> dict[str, str]:
    """Return the environment of a machine without a system bus."""
    return {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder / 'nothing'}"}


def test_the_kernel_is_asked_first(tmp_path: Path) -> None:
    told = told_by([sys.executable, "-c", PROGRAM], **without_system_bus(tmp_path))
    gets_real_time, gets_niceness = may_real_time(), may(f"os.setpriority(os.PRIO_PROCESS, 0, {NICENESS})")
    real_time, niceness, refusal = told["granted"]
    assert real_time == (Giver.SYSTEM if gets_real_time else Giver.NOBODY)
    assert niceness == (Giver.SYSTEM if gets_niceness else Giver.NOBODY)
    assert bool(refusal) == (not gets_real_time or not gets_niceness)
    assert told["policy"] == (os.SCHED_RR if gets_real_time else os.SCHED_OTHER)
    assert told["priority"] == (REAL_TIME_PRIORITY if gets_real_time else 0)
    assert told["niceness"] == (NICENESS if gets_niceness else os.getpriority(os.PRIO_PROCESS, 0))
    assert told["reset_on_fork"] == gets_real_time


def test_what_the_kernel_refuses_realtime_kit_gives(tmp_path: Path) -> None:
    with RealtimeKit(tmp_path) as kit:
        told = told_by(without_rights("-c", PROGRAM), **kit.environment)
        hurried, nice = kit.next_request(), kit.next_request()
    assert told["granted"] == [Giver.REALTIME_KIT, Giver.REALTIME_KIT, ""]
    # Never more than it gives.
    expected = {"pid": told["pid"], "thread": told["pid"], "value": LIMITS["MinNiceLevel"], "fault": ""}
    assert nice == {"method": "MakeThreadHighPriority", **expected}
    expected = {"pid": told["pid"], "thread": told["thread"], "value": LIMITS["MaxRealtimePriority"], "fault": ""}
    assert hurried == {"method": "MakeThreadRealtime", **expected}
    soft_us, hard_us = told["limits_us"]
    assert 0 < soft_us < hard_us <= LIMITS["RTTimeUSecMax"]
    if may_real_time():
        assert (told["policy"], told["reset_on_fork"]) == (os.SCHED_RR, True)
        assert told["priority"] == LIMITS["MaxRealtimePriority"]
        assert told["niceness"] == LIMITS["MinNiceLevel"]


@pytest.mark.skipif(os.geteuid() != 0, reason="RealtimeKit gives what it may give itself: root's does")
def test_so_does_debians_own(tmp_path: Path) -> None:
    with GenuineRealtimeKit(tmp_path) as kit:
        told = told_by(without_rights("-c", PROGRAM), **kit.environment)
    assert told["granted"] == [Giver.REALTIME_KIT, Giver.REALTIME_KIT, ""]
    if may_real_time():
        assert (told["policy"], told["reset_on_fork"]) == (os.SCHED_RR, True)
        assert (told["priority"], told["niceness"]) == (REAL_TIME_PRIORITY, NICENESS)


@pytest.mark.parametrize("misdeed", ["refuse", "hang"])
def test_a_service_that_gives_nothing_costs_nothing(tmp_path: Path, misdeed: str) -> None:
    with RealtimeKit(tmp_path, misdeed) as kit:
        told = told_by(without_rights("-c", PROGRAM), **kit.environment)
    assert told["granted"][:2] == [Giver.NOBODY, Giver.NOBODY]
    assert told["granted"][2]
    assert (told["policy"], told["niceness"]) == (os.SCHED_OTHER, os.getpriority(os.PRIO_PROCESS, 0))


@pytest.mark.parametrize("bus", ["none", "silent", "of another kind", "not an address"])
def test_a_bus_that_does_not_answer_costs_nothing(tmp_path: Path, bus: str) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        address = {
            "none": f"unix:path={tmp_path / 'none'}",
            "silent": f"unix:path={tmp_path / 'silent'}",
            "of another kind": "tcp:host=localhost,port=1",
            "not an address": "somewhere",
        }[bus]
        told = told_by(without_rights(*TRY), DBUS_SYSTEM_BUS_ADDRESS=address)
    assert (told["real_time"], told["niceness"]) == (Giver.NOBODY, Giver.NOBODY)
    assert told["refusal"]


WEIGHED = """
import os
from engine.child import weigh_session
from engine.playback.device.priority import go_first
os.nice(5)
weigh_session(5)
go_first()
print(open("/proc/self/autogroup").read().split()[-1])
"""


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel does not weigh sessions")
def test_started_with_niceness_the_sound_of_an_ordinary_user_gives_way_to_no_session() -> None:
    done = subprocess.run(
        without_rights("-c", WEIGHED), start_new_session=True, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "0\n"


@pytest.mark.alone
def test_a_thread_that_is_out_of_hand_is_made_ordinary_and_the_process_lives(tmp_path: Path) -> None:
    told = told_by([sys.executable, "-c", PROGRAM, "spin"], **without_system_bus(tmp_path))
    assert told["limits_us"][0] > 0
    assert told["policy_then"] == os.SCHED_OTHER


def test_what_speaks_to_the_bus_is_loaded_only_when_it_is_needed() -> None:
    program = "import sys, engine.playback.device.audio_process; print('jeepney' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- the audio process ------------------------------------------------------------------------------------------------

LISTEN = """
import json, os
from pathlib import Path
from tests.engine.playback.parent import Parent, noise_loop

parent = Parent()
parent.open()
parent.player.play(1, noise_loop(44_100), fade_ms=1.0)
parent.wait_until(lambda snapshot: snapshot.endless.position_samples > 22_050)
print(parent.player.pid, flush=True)
input()
print(parent.taped_s(0.5), flush=True)
parent.player.close()
"""


@pytest.mark.audio
def test_the_audio_process_asks_for_its_callback_and_for_what_carries_its_samples(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    with (
        RealtimeKit(tmp_path) as kit,
        subprocess.Popen(
            without_rights("-c", LISTEN),
            env={**os.environ, **kit.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as program,
    ):
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        requests: list[dict[str, Any]] = []
        # The main thread's may be made at the start and, where that takes long, once more.
        while sum(request["method"] == "MakeThreadRealtime" for request in requests) < 2:
            requests.append(kit.next_request())
        tasks = {int(task.name): (task / "comm").read_text() for task in Path(f"/proc/{pid}/task").iterdir()}
        told, errors = program.communicate("\n", timeout=60)
    assert {request["pid"] for request in requests} == {pid}
    assert {request["fault"] for request in requests} == {""}
    callback, carrier = (one["thread"] for one in requests if one["method"] == "MakeThreadRealtime")
    assert {one["thread"] for one in requests if one["method"] == "MakeThreadHighPriority"} <= {pid}
    assert callback != pid
    assert tasks[callback] == tasks[pid], "PortAudio's thread has no name of its own"
    assert tasks[carrier] != tasks[pid]
    assert float(told) > 0.0, "the music does not go on"
    assert "real time by RealtimeKit, niceness by RealtimeKit" in errors


@pytest.mark.parametrize(
    ("told", "overloaded"),
    [
        ("0.10 0.20 0.30 1/200 4711\n", False),
        ("{over} 0.20 0.30 1/200 4711\n", True),  # until a minute ago
        ("0.10 0.20 0.30 {running}/200 4711\n", True),  # since a moment ago
        ("not a load\n", False),
        (None, False),
    ],
)
def test_overload_is_more_that_wants_to_run_than_processors(
    told: str | None, overloaded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_cores = len(os.sched_getaffinity(0))
    load = tmp_path / "loadavg"
    if told is not None:
        load.write_text(told.format(over=f"{n_cores + 0.5:.2f}", running=n_cores + 2), encoding="ascii")
    monkeypatch.setattr(priority, "_LOAD", load)
    assert priority.is_overloaded() is overloaded


def test_the_kernel_tells_of_overload() -> None:
    n_cores = len(os.sched_getaffinity(0))
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(n_cores + 2)]
    try:
        give_up = time.monotonic() + 60.0
        while not priority.is_overloaded() and time.monotonic() < give_up:
            time.sleep(0.05)
        assert priority.is_overloaded()
    finally:
        for one in busy:
            one.kill()
            one.wait()
