# SPDX-License-Identifier: GPL-3.0-or-later
"""This module raises the audio process's priorities, so that its threads run before those of ordinary programs.

The kernel is asked first. What it refuses an ordinary user, RealtimeKit is asked for, the system service that desktops
have for this (github.com/heftig/rtkit). ``python -m engine.playback.device.priority`` tries it and prints who gives
what.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from engine.child import weigh_session

REAL_TIME_PRIORITY = 5
"""Priority under SCHED_RR, 1 to 99: enough to go before whatever is not in real time itself."""
NICENESS = -11
LONGEST_RUN_S = 0.05
"""Seconds without a rest after which a thread in real time is out of hand, and made an ordinary one.

RealtimeKit has the process ended after 0.2 s.
"""

_ANSWER_LIMIT_S = 3.0
"""Seconds that all questions to RealtimeKit may take, which may have to be started first."""
_KIT, _KIT_PATH = "org.freedesktop.RealtimeKit1", "/org/freedesktop/RealtimeKit1"
_KIT_LIMITS = ("RTTimeUSecMax", "MaxRealtimePriority", "MinNiceLevel")
_OWN_TASKS = Path("/proc/self/task")
_LOAD = Path("/proc/loadavg")

_log = logging.getLogger(__name__)


class Giver(StrEnum):
    """The giver is the part of the system that gave a priority."""

    SYSTEM = "the system"
    REALTIME_KIT = "RealtimeKit"
    NOBODY = "nobody"


class Granted(NamedTuple):
    """Givers of the callback's real time and of the main thread's niceness, and why RealtimeKit refused."""

    real_time: Giver
    niceness: Giver
    refusal: str = ""


_so_far = {"niceness": Giver.NOBODY}
_most: dict[str, int] = {}
"""Limits of RealtimeKit by name, once it told them."""


def is_overloaded() -> bool:
    """Return whether more threads want to run than there are processors, now or over the last minute.

    False where the system does not tell (it is Linux that does: proc_loadavg(5)).
    """
    try:
        last_minute, _, _, running, *_ = _LOAD.read_text(encoding="ascii").split()
        # Who asks is running, too.
        n_wanting = max(float(last_minute), int(running.partition("/")[0]) - 1.0)
        return n_wanting > len(os.sched_getaffinity(0))
    except (OSError, ValueError, AttributeError):
        return False


def go_first() -> None:
    """Let this process go before ordinary ones, if the kernel permits it; call this in the main thread, before others.

    All its threads: those of a sound server's client library, which carry the samples, are not ours to set.
    """
    # The kernel's word that a thread is out of hand; unheard, it ends the process.
    with contextlib.suppress(AttributeError):
        signal.signal(signal.SIGXCPU, lambda *_: _calm_down())
    with contextlib.suppress(OSError, AttributeError):
        # Not os.nice(), which would add to the niceness that the studio was started with.
        os.setpriority(os.PRIO_PROCESS, 0, min(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
        _so_far["niceness"] = Giver.SYSTEM
    # Measured: without it, its threads waited up to 170 ms for a core at niceness -11.
    # An ordinary user's at least gives way to nobody, were the studio started with niceness.
    if not weigh_session(NICENESS) and os.getpriority(os.PRIO_PROCESS, 0) > 0:
        weigh_session(0)


def get_ready() -> None:
    """Start RealtimeKit where it is needed, before the first sound's thread is there to be hurried.

    May wait for an answer: for a thread that nobody waits for.
    """
    if _so_far["niceness"] is Giver.NOBODY:
        hurry_all(None)


def hurry(thread_id: int) -> bool:
    """Put a thread of ours (the kernel's number) into real time, if the kernel permits it; one system call."""
    try:
        # What the thread starts is ordinary again: RealtimeKit asks for that, too.
        policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(thread_id, policy, os.sched_param(REAL_TIME_PRIORITY))
    except (OSError, AttributeError):
        return False
    return True


def hurry_carriers() -> None:
    """Hurry the threads of a sound server's client library, if the kernel permits it, before there is a callback."""
    for one in _strangers():
        if not _is_in_real_time(one):
            hurry(one)


def hurry_all(callback_id: int | None) -> Granted:
    """Hurry the callback's thread, those that carry its samples on, and the main thread, by kernel or RealtimeKit.

    May wait for an answer: for a thread that nobody waits for.
    """
    _limit_runs()
    threads = [] if callback_id is None else [callback_id, *_strangers()]
    refused = [one for one in threads if not _is_in_real_time(one) and not hurry(one)]
    is_hurried = callback_id is not None and callback_id not in refused
    granted = Granted(Giver.SYSTEM if is_hurried else Giver.NOBODY, _so_far["niceness"])
    if refused or granted.niceness is Giver.NOBODY:
        granted = _asked_of_realtime_kit(refused, granted)
        _so_far["niceness"] = granted.niceness
    _log.info("real time by %s, niceness by %s%s", *granted[:2], granted.refusal and f" ({granted.refusal})")
    return granted


def _is_in_real_time(thread_id: int) -> bool:
    """Return whether a thread is in real time already, as some client libraries see to themselves."""
    with contextlib.suppress(OSError, AttributeError):
        return os.sched_getscheduler(thread_id) & ~os.SCHED_RESET_ON_FORK in {os.SCHED_RR, os.SCHED_FIFO}
    return False


def _strangers() -> Iterator[int]:
    """Yield the threads that are neither Python's nor PortAudio's: a sound server's client library names its own."""
    ours = {thread.native_id for thread in threading.enumerate()}
    with contextlib.suppress(OSError):
        own_name = Path("/proc/self/comm").read_bytes()
        for task in _OWN_TASKS.iterdir():
            with contextlib.suppress(OSError):
                if int(task.name) not in ours and (task / "comm").read_bytes() != own_name:
                    yield int(task.name)


def _limit_runs(most_us: int | None = None) -> None:
    """Have the kernel warn of a thread that runs in real time for too long, and end the process after ``most_us``."""
    soft_us = round(1e6 * LONGEST_RUN_S)
    with contextlib.suppress(OSError, AttributeError, ValueError):
        hard_us = resource.getrlimit(resource.RLIMIT_RTTIME)[1]
        limits_us = [one for one in (hard_us, most_us) if one is not None and one != resource.RLIM_INFINITY]
        if limits_us:
            # Time to calm down must be left.
            hard_us = min(limits_us)
            soft_us = min(soft_us, hard_us // 2)
        resource.setrlimit(resource.RLIMIT_RTTIME, (soft_us, hard_us))


def _calm_down() -> None:
    """Make ordinary threads of all that are in real time: music that may stutter is better than none."""
    with contextlib.suppress(OSError):
        for task in _OWN_TASKS.iterdir():
            with contextlib.suppress(OSError):
                # Without the flag it would be refused where the thread has it.
                os.sched_setscheduler(int(task.name), os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
        # Not logged: this may have come in the middle of logging.
        os.write(2, b"audio: a thread ran in real time for too long; they are ordinary ones now\n")


# --- RealtimeKit ------------------------------------------------------------------------------------------------------


def _asked_of_realtime_kit(refused: list[int], granted: Granted) -> Granted:
    """Ask RealtimeKit for what the kernel refused, and return what was granted in all."""
    try:
        # What is not needed where the kernel permits all is not loaded there.
        from jeepney import DBusAddress, DBusErrorResponse, Properties, new_method_call
        from jeepney.io.blocking import open_dbus_connection
        from jeepney.wrappers import unwrap_msg
    except ImportError as error:
        return granted._replace(refusal=str(error))

    kit = DBusAddress(_KIT_PATH, _KIT, _KIT)
    give_up = time.monotonic() + _ANSWER_LIMIT_S
    try:
        with open_dbus_connection("SYSTEM") as bus:

            def asked(message: Any) -> Any:
                return unwrap_msg(bus.send_and_get_reply(message, timeout=give_up - time.monotonic()))

            for name in _KIT_LIMITS:
                if name not in _most:
                    _most[name] = int(asked(Properties(kit).get(name))[0][1])
            if refused:
                # It gives none to a process that the kernel would not end in time.
                _limit_runs(_most["RTTimeUSecMax"])
            # What matters most comes first. Where one of the two is in a container a number means another thread to it,
            # and it refuses.
            for thread_id in refused:
                priority = min(REAL_TIME_PRIORITY, _most["MaxRealtimePriority"])
                asked(new_method_call(kit, "MakeThreadRealtime", "tu", (thread_id, priority)))
                # The first is the callback's, if that was refused.
                if granted.real_time is Giver.NOBODY:
                    granted = granted._replace(real_time=Giver.REALTIME_KIT)
            if granted.niceness is Giver.NOBODY:
                niceness = max(NICENESS, _most["MinNiceLevel"])
                asked(new_method_call(kit, "MakeThreadHighPriority", "ti", (os.getpid(), niceness)))
                granted = granted._replace(niceness=Giver.REALTIME_KIT)
    except DBusErrorResponse as error:
        return granted._replace(refusal=" ".join(map(str, error.data)) or str(error.name))
    except TimeoutError:
        return granted._replace(refusal="no answer")
    except (OSError, RuntimeError, ValueError) as error:
        # RuntimeError: an address of a kind that is not supported; ValueError: the bus does not want us.
        return granted._replace(refusal=f"no system bus, {error}")
    return granted


def main() -> None:
    """Ask for every priority, and print the giver of each."""
    go_first()
    release = threading.Event()
    thread = threading.Thread(target=release.wait, daemon=True)
    thread.start()
    assert thread.native_id is not None
    sys.stdout.write(json.dumps(hurry_all(thread.native_id)._asdict()))
    release.set()


if __name__ == "__main__":
    main()
