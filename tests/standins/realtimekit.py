# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for RealtimeKit on a private system bus, and a program of an ordinary user's that has to ask it.

Run as a program it is the service: it speaks the real protocol, demands what the real one demands, gives what it may
give itself, and writes a line of JSON for each request. It misdeeds: ``refuse``, ``hang``.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from jeepney import DBusAddress, Message, new_error, new_method_call, new_method_return
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields, MessageType
from jeepney.wrappers import unwrap_msg

NAME = "org.freedesktop.RealtimeKit1"
LIMITS = {"MaxRealtimePriority": 4, "RTTimeUSecMax": 200_000, "MinNiceLevel": -9}
"""Lower than what the studio wishes."""
START_WAIT_S = 20.0

_BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_destination="*" eavesdrop="false"/> <allow receive_sender="*"/>
  </policy>
</busconfig>
"""

# CAP_SYS_NICE is dropped from what any later program may have, so that root is refused like anybody else.
_WITHOUT_RIGHTS = """
import ctypes, os, resource, sys
PR_CAPBSET_DROP, CAP_SYS_NICE = 24, 23
ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_SYS_NICE, 0, 0, 0)
resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
resource.setrlimit(resource.RLIMIT_NICE, (0, 0))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def without_rights(*arguments: str) -> list[str]:
    """The command for this Python with these arguments as a user who may raise no priority runs it."""
    return [sys.executable, "-c", _WITHOUT_RIGHTS, *arguments]


class RealtimeKit:
    """A context manager: a message bus of its own, reached by whoever gets ``environment``, and the stand-in on it."""

    def __init__(self, folder: Path, misdeed: str = "") -> None:
        self._folder, self._misdeed = folder, misdeed
        self._socket = folder / "bus"
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self._socket}"}

    def __enter__(self) -> Self:
        configuration = self._folder / "bus.conf"
        configuration.write_text(_BUS_CONFIGURATION.format(socket=self._socket))
        log = self._folder / "bus.log"
        with log.open("wb") as sink:
            self._bus = subprocess.Popen(
                ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile"], stderr=sink
            )
        give_up = time.monotonic() + START_WAIT_S
        while not self._socket.exists():
            assert self._bus.poll() is None, log.read_text()
            assert time.monotonic() < give_up, "the message bus does not start"
            time.sleep(0.01)
        self._service = subprocess.Popen(
            [sys.executable, "-m", "tests.standins.realtimekit", self._misdeed],
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._service.stdout is not None
        assert "stand-in" in self._service.stdout.readline()
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._service, self._bus):
            process.kill()
            process.wait()
        assert self._service.stdout is not None
        self._service.stdout.close()

    def next_request(self) -> dict[str, Any]:
        """The next one that was made, waiting for it."""
        assert self._service.stdout is not None
        request: dict[str, Any] = json.loads(self._service.stdout.readline())
        return request


# --- the service ------------------------------------------------------------------------------------------------------


def _caller(bus: DBusConnection, message: Message) -> int:
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    sender = message.header.fields[HeaderFields.sender]
    ask = new_method_call(daemon, "GetConnectionUnixProcessID", "s", (sender,))
    return int(unwrap_msg(bus.send_and_get_reply(ask))[0])


def _hard_limit_us(pid: int) -> str:
    for line in Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines():
        if line.startswith("Max realtime timeout"):
            return line.split()[4]
    return "unlimited"


def _fault(method: str, pid: int, thread_id: int, value: int) -> str:
    """Why the real one would refuse, or ""."""
    if not Path(f"/proc/{pid}/task/{thread_id}").exists():
        return "No such thread"
    if method == "MakeThreadHighPriority":
        return "" if LIMITS["MinNiceLevel"] <= value <= 0 else "Operation not permitted"
    limit_us = _hard_limit_us(pid)
    is_limited = limit_us != "unlimited" and int(limit_us) <= LIMITS["RTTimeUSecMax"]
    return "" if is_limited and 0 < value <= LIMITS["MaxRealtimePriority"] else "Operation not permitted"


def _give(method: str, thread_id: int, value: int) -> None:
    # Where these tests have no rights themselves, saying so must do.
    with contextlib.suppress(PermissionError):
        if method == "MakeThreadHighPriority":
            os.setpriority(os.PRIO_PROCESS, thread_id, value)
        else:
            os.sched_setscheduler(thread_id, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(value))


def _answer(bus: DBusConnection, message: Message, misdeed: str) -> Message | None:
    method = message.header.fields[HeaderFields.member]
    if method == "Get":
        return new_method_return(message, "v", (("x", LIMITS[message.body[1]]),))
    thread_id, value = message.body
    pid = _caller(bus, message)
    fault = "Operation not permitted" if misdeed == "refuse" else _fault(method, pid, thread_id, value)
    print(json.dumps({"method": method, "pid": pid, "thread": thread_id, "value": value, "fault": fault}), flush=True)  # noqa: T201
    if misdeed == "hang":
        return None
    if fault:
        return new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "s", (fault,))
    _give(method, thread_id, value)
    return new_method_return(message)


def main() -> None:
    misdeed = sys.argv[1]
    with open_dbus_connection("SYSTEM") as bus:
        daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        unwrap_msg(bus.send_and_get_reply(new_method_call(daemon, "RequestName", "su", (NAME, 0))))
        print("a stand-in for RealtimeKit", flush=True)  # noqa: T201
        while True:
            message = bus.receive()
            if message.header.message_type is MessageType.method_call:
                answer = _answer(bus, message, misdeed)
                if answer is not None:
                    bus.send(answer)


if __name__ == "__main__":
    main()
