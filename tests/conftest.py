# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test gets a home of its own, a screen when it asks for one, and fails for a leak or a warning."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, settings

from engine.child import weigh_session
from tests.xvfb import screen

pytest_plugins = [
    "tests.chromium",
    "tests.forked",
    "tests.jackserver",
    "tests.soundserver",
    "tests.standins",
    "tests.standins.hub",
]

LEAK_WAIT_S = 2.0

# On a busy machine an example may take long to be thought of, or tried: that is no fault.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def pytest_configure(config: pytest.Config) -> None:
    """Let a nice xdist worker lead a session that is nice, as Linux weighs sessions (see ``weigh_session``)."""
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    if hasattr(config, "workerinput") and niceness > 0:
        os.setsid()
        weigh_session(niceness)


def pytest_collection_finish() -> None:
    """Have no later collection of garbage look through what was collected here, which lives to the end.

    That is a million objects, and tests that list what a process holds open have garbage collected.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a temporary home, so that no test reads or writes the user's files."""
    folder = tmp_path_factory.mktemp("home")
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    changed = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_RUNTIME_DIR": str(runtime),
        "LC_ALL": "C.UTF-8",
    }
    removed = ["INFINILOOP_MUSICGPT", "DISPLAY", "WAYLAND_DISPLAY", "PULSE_SERVER", "QT_SCALE_FACTOR", "LANGUAGE"]
    # In a shell's background SIGINT is ignored, and so it would be by every program that is started to be ended by it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changed.items():
            patch.setenv(name, value)
        for name in removed:
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(scope="session")
def display(home: Path) -> Iterator[str]:
    """Start a screen, an Xvfb of our own; sets DISPLAY and yields its name."""
    with screen() as environment, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", environment["DISPLAY"])
        patch.setenv("QT_QPA_PLATFORM", environment["QT_QPA_PLATFORM"])
        yield environment["DISPLAY"]


@pytest.fixture(scope="session")
def qapp_args(display: str) -> list[str]:
    """Give pytest-qt the arguments for its application, once there is a screen."""
    return ["infiniloop"]


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture
def expected_logs() -> list[str]:
    """Texts that a test expects in warnings; a log line that holds one of them is no failure."""
    return []


@pytest.fixture(autouse=True)
def _no_unexpected_logs(expected_logs: list[str]) -> Iterator[None]:
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    unexpected = [line for line in listener.heard if not any(text in line for text in expected_logs)]
    assert not unexpected, f"unexpected log lines: {unexpected}"


def _active_qt() -> set[str]:
    """Return descriptions of running QThreads and active QTimers."""
    import sys

    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return set()
    import shiboken6

    found = set()
    # Shiboken's own list, not the garbage collector's: that one holds a million things, and this is asked twice a test.
    for thing in shiboken6.getAllValidWrappers():
        if isinstance(thing, core.QThread) and thing.isRunning():
            if thing is not core.QThread.currentThread():
                found.add(f"QThread {thing.objectName()!r} {id(thing):#x}")
        elif isinstance(thing, core.QTimer) and thing.isActive():
            found.add(f"QTimer {thing.objectName()!r} of {thing.parent()!r} {id(thing):#x}")
    return found


@pytest.fixture(autouse=True)
def _no_leaks(request: pytest.FixtureRequest, forked: None) -> Iterator[None]:
    """Fail a test that leaves threads, processes, QThreads or timers behind."""
    uses_qt = "qapp" in request.fixturenames or "qtbot" in request.fixturenames
    shared = ("display", "sound_server")
    for name in shared:
        if name in request.fixturenames:
            request.getfixturevalue(name)
    threads = set(threading.enumerate())
    processes = _children(of_others=set())
    qt_things = _active_qt() if uses_qt else set()
    yield
    deadline = time.monotonic() + LEAK_WAIT_S
    while True:
        leaked: list[object] = [thread for thread in set(threading.enumerate()) - threads if not _is_pool(thread)]
        leaked += [one for one in _children(of_others=processes) if _alive(one)]
        if uses_qt:
            leaked += sorted(_active_qt() - qt_things)
        if not leaked:
            return
        if time.monotonic() > deadline:
            pytest.fail(f"left behind: {leaked}")
        time.sleep(0.02)


def _children(*, of_others: set[psutil.Process]) -> set[psutil.Process]:
    """Return the processes below this one, without others and what is below those.

    A program that ran before the test, a module's radio or browser, starts and ends processes as it likes, until the
    fixture that runs it ends them all.

    Asked twice a test: the kernel's own lists of children cost little, where psutil reads of each process there is.
    """
    found: set[psutil.Process] = set()
    unread = [os.getpid()]
    while unread:
        for one in Path(f"/proc/{unread.pop()}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # a thread that ended since
                for pid in map(int, one.read_text().split()):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        if (child := psutil.Process(pid)) not in of_others:
                            found.add(child)
                            unread.append(pid)
    return found


def _is_pool(thread: threading.Thread) -> bool:
    # What Python calls a dummy is a thread of Qt's that it once met; QThreads are looked for by themselves.
    # AnyIO's wait for what an event loop has for them next, which may live as long as a module's server.
    if thread.name.startswith(("Dummy-", "AnyIO worker thread")):
        return True
    # Numerical libraries keep their own pools for the life of the process.
    return thread.daemon and thread.name.startswith(("OpenBLAS", "numba", "pyqtgraph"))


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
