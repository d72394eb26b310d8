# SPDX-License-Identifier: GPL-3.0-or-later
"""RealtimeKit on a private system bus, a stand-in or Debian's own, serves a user's program that has to ask it.

Run as a program it is the stand-in: it speaks the real protocol, demands what the real one demands, gives what it may
give itself, and writes a line of JSON for each request. It misdeeds: ``refuse``, ``hang``.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self

from jeepney import DBusAddress, Message, new_error, new_method_call, new_method_return
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields, MessageType
from jeepney.wrappers import unwrap_msg

from tests import unpacked

NAME, POLICY = "org.freedesktop.RealtimeKit1", "org.freedesktop.PolicyKit1"
LIMITS = {"MaxRealtimePriority": 4, "RTTimeUSecMax": 200_000, "MinNiceLevel": -9}
"""Limits that are lower than what the studio asks for."""
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
    """Return the command that runs this Python as a user who may raise no priority."""
    return [sys.executable, "-c", _WITHOUT_RIGHTS, *arguments]


def _wait_for(is_there: Callable[[], bool], process: subprocess.Popen[str], log: Path) -> None:
    give_up = time.monotonic() + START_WAIT_S
    while not is_there():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < give_up, f"{process.args!r} does not start"
        time.sleep(0.01)


class SystemBus:
    """A system bus is a context with a message bus of its own for processes with its ``environment``, and services."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "bus"
        self._processes: list[subprocess.Popen[str]] = []
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self._socket}"}

    def __enter__(self) -> Self:
        try:
            self._start_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start_all(self) -> None:
        configuration = self._folder / "bus.conf"
        configuration.write_text(_BUS_CONFIGURATION.format(socket=self._socket))
        log = self._folder / "bus.log"
        with log.open("w") as sink:
            bus = self._start(["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile"], stderr=sink)
        _wait_for(self._socket.exists, bus, log)

    def __exit__(self, *_: object) -> None:
        while self._processes:
            process = self._processes.pop()
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def _start(self, command: list[str], **streams: Any) -> subprocess.Popen[str]:
        environment = {**os.environ, **self.environment}
        process = subprocess.Popen(command, env=environment, text=True, **streams)
        self._processes.append(process)
        return process

    def _start_standin(self, name: str, misdeed: str) -> IO[str]:
        """Start the stand-in and return what it prints once it is there."""
        command = [sys.executable, "-m", "tests.standins.realtimekit", name, misdeed]
        printed = self._start(command, stdout=subprocess.PIPE).stdout
        assert printed is not None
        assert "stand-in" in printed.readline()
        return printed


class RealtimeKit(SystemBus):
    """The stand-in for RealtimeKit on a bus of its own."""

    def __init__(self, folder: Path, misdeed: str = "") -> None:
        super().__init__(folder)
        self._misdeed = misdeed

    def _start_all(self) -> None:
        super()._start_all()
        self._printed = self._start_standin(NAME, self._misdeed)

    def next_request(self) -> dict[str, Any]:
        """Return the next request that was made, waiting for it."""
        request: dict[str, Any] = json.loads(self._printed.readline())
        return request


class GenuineRealtimeKit(SystemBus):
    """The RealtimeKit of Debian on a bus of its own; a stand-in grants all in PolicyKit's place.

    It gives what it may give itself: only root's gives anything.
    """

    def _start_all(self) -> None:
        super()._start_all()
        self._start_standin(POLICY, "")
        # As another user, in a root of its own, it would not find the bus; limited, it may write no log.
        plain = ["--no-drop-privileges", "--no-chroot", "--no-limit-resources"]
        with self.log.open("w") as log:
            daemon = self._start([unpacked.program("rtkit-daemon"), "--stderr", *plain], stderr=log)
        _wait_for(lambda: "Running." in self.log.read_text(), daemon, self.log)

    @property
    def log(self) -> Path:
        """Return RealtimeKit's words on each request."""
        return self._folder / "realtimekit.log"


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
    """Return why the real one would refuse, or ""."""
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
    if method == "CheckAuthorization":
        return new_method_return(message, "(bba{ss})", ((True, False, {}),))
    *of, thread_id, value = message.body
    pid = of[0] if of else _caller(bus, message)
    method = method.removesuffix("WithPID")
    fault = "Operation not permitted" if misdeed == "refuse" else _fault(method, pid, thread_id, value)
    print(json.dumps({"method": method, "pid": pid, "thread": thread_id, "value": value, "fault": fault}), flush=True)  # noqa: T201
    if misdeed == "hang":
        return None
    if fault:
        return new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "s", (fault,))
    _give(method, thread_id, value)
    return new_method_return(message)


def main() -> None:
    name, misdeed = sys.argv[1:]
    with open_dbus_connection("SYSTEM") as bus:
        daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        unwrap_msg(bus.send_and_get_reply(new_method_call(daemon, "RequestName", "su", (name, 0))))
        print(f"a stand-in for {name}", flush=True)  # noqa: T201
        while True:
            message = bus.receive()
            if message.header.message_type is MessageType.method_call:
                answer = _answer(bus, message, misdeed)
                if answer is not None:
                    bus.send(answer)


if __name__ == "__main__":
    main()
