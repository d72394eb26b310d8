# SPDX-License-Identifier: GPL-3.0-or-later
"""This module ends a command when it is asked to: by Ctrl+C, a polite kill or a terminal that is closed.

``watching`` turns these signals into ``Ended``, raised where the command stands, so that its ``with`` blocks and
``finally`` clauses remove what is unfinished and end the children. What must not be torn apart holds them back with
``held`` until its next ``checkpoint``. A way out that takes longer than ``LIMIT_S`` is cut short by a thread that
waits for the signal too, wherever the command hangs.

Imported before anything else: nothing heavy here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

NUMBERS: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIMIT_S = 10.0
"""Seconds after which a command that was asked to end is ended, whatever it does."""


class Ended(BaseException):
    """This exception says that the process was asked to end, by a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class _State:
    """This state holds what was asked of the process, and how far its ending is."""

    def __init__(self) -> None:
        self.has_begun = False
        self.is_aside = False
        self.asked: int | None = None
        self.n_held = 0
        self.is_raised = False
        self.taken: dict[int, Callable[[], None]] = {}
        self.had_terminal = _has_terminal()

    def is_taken(self, number: int) -> bool:
        """Return whether a signal has another meaning; one that a terminal sends as it is closed has none."""
        return number in self.taken and not (self.had_terminal and not _has_terminal())


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


_state = _State()


def asked() -> int | None:
    """Return the signal by which this process was asked to end, or None."""
    return _state.asked


def checkpoint() -> None:
    """Raise Ended if that was asked for while it was held back, or was lost where Python could not raise it."""
    if _state.asked is not None:
        _state.is_raised = True
        raise Ended(_state.asked)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Have a signal wait, inside the block, for the next ``checkpoint`` or the block's end; a second one does not wait.

    Raised while a C library calls back, it would be lost there, and what was being written with it.
    """
    _state.n_held += 1
    try:
        yield
    finally:
        _state.n_held -= 1
    if not _state.n_held and not _state.is_raised:
        checkpoint()


@contextlib.contextmanager
def taken(number: signal.Signals, act: Callable[[], None]) -> Iterator[None]:
    """Have a signal do this inside the block, in the place of ending the command; ``act`` may be called anywhere."""
    _state.taken[number] = act
    try:
        yield
    finally:
        del _state.taken[number]


def begin() -> None:
    """Have a signal raise Ended from now on; before, it ends the process at once, as there is nothing to clear away."""
    _state.has_begun = True


def step_aside() -> None:
    """Leave signals to the programme from now on, whose way out may take as long as it likes."""
    _state.is_aside = True


@contextlib.contextmanager
def watching() -> Iterator[None]:
    """Have signals, inside the block, end the process, or raise Ended once it has begun. Needs the main thread.

    What was set for them before is restored.
    """
    global _state  # noqa: PLW0603 - signals come to the process, not to an object
    _state = _State()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # What this process is meant to ignore, as under nohup, stays ignored.
    ours = [number for number in NUMBERS if signal.getsignal(number) is not signal.SIG_IGN]
    before: dict[int, Any] = {number: signal.signal(number, _on_signal) for number in ours}
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    wakeup_before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    hook_before, sys.unraisablehook = sys.unraisablehook, _quiet_about_endings(sys.unraisablehook)
    over = threading.Event()
    watchdog = threading.Thread(target=_watch, args=(reader, over), name="endings", daemon=True)
    watchdog.start()
    try:
        yield
    finally:
        _state.is_raised = True  # too late to be raised
        over.set()
        signal.set_wakeup_fd(wakeup_before)
        os.close(writer)
        watchdog.join()
        os.close(reader)
        sys.unraisablehook = hook_before
        for number, handler in before.items():
            signal.signal(number, handler)


def _on_signal(number: int, _frame: FrameType | None) -> None:
    if not _state.has_begun:
        os._exit(128 + number)
    if _state.is_taken(number):
        _state.taken[number]()
        return
    first = _state.asked is None
    _state.asked = _state.asked or number
    # The way out is not interrupted; the watchdog bounds it.
    if _state.is_raised or (_state.n_held and first):
        return
    _state.is_raised = True
    raise Ended(_state.asked)


def _watch(reader: int, over: threading.Event) -> None:
    while True:
        told = os.read(reader, 1)
        if not told:
            return
        if told[0] in NUMBERS and not _state.is_aside and not _state.is_taken(told[0]):
            if not over.wait(LIMIT_S):
                _give_up(told[0])
            return


def _give_up(number: int) -> None:
    """End a process whose main thread does not come to an end. Its children end when their channels close."""
    atomic = sys.modules.get("engine.library.atomic")
    if atomic is not None:
        atomic.remove_unfinished()
    os._exit(128 + number)


def _quiet_about_endings(hook: Any) -> Any:
    """Return a hook for exceptions where Python cannot raise them (a destructor, a C callback): Ended is not told."""

    def on_unraisable(what: Any) -> None:
        if isinstance(what.exc_value, Ended):
            # Lost here: the next checkpoint raises it, or the next signal.
            _state.is_raised = False
        else:
            hook(what)

    return on_unraisable
