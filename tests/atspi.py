# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the other end of the wire that a screen reader hangs on: a private accessibility bus, and a listener.

It starts a message bus and the desktop's own accessibility bus (at-spi2-core) in a folder of its own, says as a screen
reader does that it is there, and reads what a program tells: roles, names, descriptions, values, and events.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHER: Final = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
"""Where distributions put it."""
WAIT_S: Final = 120.0
"""Seconds after which something does not come any more. A busy machine takes half a minute to show all windows."""
ACCESSIBLE, VALUE, TEXT, COMPONENT = (f"org.a11y.atspi.{name}" for name in ("Accessible", "Value", "Text", "Component"))
ROOT: Final = "/org/a11y/atspi/accessible/root"
REGISTRY: Final = "org.a11y.atspi.Registry"
LABELLED_BY: Final = 2
"""Relation of an object to its label."""
FOCUSABLE_BIT: Final = 11
"""Bit of an object's states that says that it takes the keyboard."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as a screen reader hears it: what changed ("accessible-value"), of which object, and what came along."""

    kind: str
    path: str
    data: Any


@dataclass(frozen=True)
class Node:
    """A node is an object in the tree that a program shows to screen readers."""

    bus: AccessibilityBus
    program: str
    path: str

    def _get(self, name: str, interface: str = ACCESSIBLE) -> Any:
        return self.bus.ask(Properties(DBusAddress(self.path, self.program, interface)).get(name))[0][1]

    def call(self, method: str, signature: str = "", *arguments: object, interface: str = ACCESSIBLE) -> Any:
        """Return what the object answers."""
        address = DBusAddress(self.path, self.program, interface)
        answer = self.bus.ask(new_method_call(address, method, signature or None, arguments))
        return answer[0] if answer else None

    @property
    def role(self) -> str:
        return str(self.call("GetRoleName"))

    @property
    def name(self) -> str:
        return str(self._get("Name"))

    @property
    def description(self) -> str:
        return str(self._get("Description"))

    @property
    def interfaces(self) -> list[str]:
        return list(self.call("GetInterfaces"))

    @property
    def takes_keyboard(self) -> bool:
        return bool(self.call("GetState")[0] >> FOCUSABLE_BIT & 1)

    @property
    def number(self) -> float:
        """Return the value as a number."""
        return float(self._get("CurrentValue", VALUE))

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the least and the greatest number."""
        return float(self._get("MinimumValue", VALUE)), float(self._get("MaximumValue", VALUE))

    @property
    def text(self) -> str:
        """Return the whole text of something that holds text."""
        return str(self.call("GetText", "ii", 0, -1, interface=TEXT))

    def labels(self) -> list[str]:
        """Return the names of what labels it."""
        relations = self.call("GetRelationSet")
        return [Node(self.bus, *one).name for kind, others in relations if kind == LABELLED_BY for one in others]

    def set_number(self, number: float) -> None:
        """Set the value as assistive technology does."""
        address = Properties(DBusAddress(self.path, self.program, VALUE))
        self.bus.ask(address.set("CurrentValue", "d", number))

    def take_keyboard(self) -> None:
        """Bring the keyboard to it, as assistive technology does."""
        assert self.call("GrabFocus", interface=COMPONENT)

    def children(self) -> list[Node]:
        return [Node(self.bus, program, path) for program, path in self.call("GetChildren")]

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it."""
        yield self
        for child in self.children():
            yield from child.walk()


class AccessibilityBus:
    """A private accessibility bus with a listener on it. Used as a context manager."""

    def __init__(self) -> None:
        # A socket's path has room for about 100 characters.
        self._home = Path(tempfile.mkdtemp(prefix="atspi-"))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._connections: list[DBusConnection] = []

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a program that is to be heard here."""
        bus = f"unix:path={self._home / 'bus'}"
        return {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_RUNTIME_DIR": str(self._home)}

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _open(self) -> None:
        bus = self.environment["DBUS_SESSION_BUS_ADDRESS"]
        self._start("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={bus}")
        self.wait((self._home / "bus").exists)
        launcher = next((one for one in LAUNCHER if Path(one).exists()), "")
        assert launcher, "at-spi2-core is not installed: see resources/setup/apt-test.txt"
        self._start(launcher)
        session = self._connect(bus)
        door = "/org/a11y/bus", "org.a11y.Bus"
        # Asked before it is there, the bus would start another one.
        self.wait(lambda: _answer(session, message_bus.NameHasOwner(door[1]))[0])
        address = _answer(session, new_method_call(DBusAddress(*door, "org.a11y.Bus"), "GetAddress"))[0]
        # Said by a screen reader when it starts: from then on programs show themselves.
        status = Properties(DBusAddress(*door, "org.a11y.Status"))
        _answer(session, status.set("IsEnabled", "b", True))
        _answer(session, status.set("ScreenReaderEnabled", "b", True))
        address = str(address).partition(",guid")[0]
        self._asking = self._connect(address)
        # Events come on a connection of their own, so that no answer is taken for one.
        self._hearing = self._connect(address)
        registry = DBusAddress("/org/a11y/atspi/registry", REGISTRY, REGISTRY)
        _answer(self._hearing, new_method_call(registry, "RegisterEvent", "s", ("object:",)))
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object")
        _answer(self._hearing, message_bus.AddMatch(rule))

    def _start(self, *command: str) -> None:
        log = (self._home / "log").open("ab")
        with log:
            one = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._processes.append(one)

    def _connect(self, address: str) -> DBusConnection:
        def is_open() -> bool:
            # A socket is in its folder a moment before anybody listens there.
            with contextlib.suppress(ConnectionRefusedError):
                self._connections.append(open_dbus_connection(address))
                return True
            return False

        self.wait(is_open)
        return self._connections[-1]

    def __exit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()
        # The launcher ends its bus, and that its registry.
        for process in reversed(self._processes):
            process.terminate()
            process.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    def wait(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so."""
        give_up = time.monotonic() + WAIT_S
        while not is_so():
            assert time.monotonic() < give_up, (self._home / "log").read_text()
            time.sleep(0.01)

    def ask(self, message: Message) -> tuple[Any, ...]:
        """Return the body of the answer. Raises AssertionError where there is none."""
        return _answer(self._asking, message)

    def program(self, process: subprocess.Popen[str]) -> Node:
        """Return the root of the one program that shows itself, once it does."""
        root = Node(self, REGISTRY, ROOT)
        self.wait(lambda: process.poll() is not None or root.children())
        assert process.poll() is None, "it ended before it showed itself"
        (program,) = root.children()
        return program

    def hear(self, kind: str, path: str) -> Event:
        """Return the next event of this kind of the object at ``path``; others before it are dropped."""
        give_up = time.monotonic() + WAIT_S
        while True:
            event = self._next(give_up - time.monotonic())
            if (event.kind, event.path) == (kind, path):
                return event

    def heard(self, seconds: float = 0.0) -> list[Event]:
        """Return the events that came until now, and for so many seconds more."""
        events, until = [], time.monotonic() + seconds
        try:
            while True:
                events.append(self._next(max(until - time.monotonic(), 0.0)))
        except TimeoutError:
            return events

    def _next(self, seconds: float) -> Event:
        while True:
            message = self._hearing.receive(timeout=seconds)
            if message.header.message_type is MessageType.signal:
                fields = message.header.fields
                member, path = fields[HeaderFields.member], fields[HeaderFields.path]
                detail, _, _, (_, data), *_ = message.body
                return Event(detail or member, path, data)


def _answer(connection: DBusConnection, message: Message) -> tuple[Any, ...]:
    answer = connection.send_and_get_reply(message, timeout=WAIT_S)
    assert answer.header.message_type is MessageType.method_return, (message.header.fields, answer.body)
    return tuple(answer.body)
