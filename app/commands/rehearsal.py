# SPDX-License-Identifier: GPL-3.0-or-later
"""``infiniloop doctor --rehearse`` kills the parts of a studio that plays one by one, and measures the silence.

Measured on the tape, onto which everything that is played is written as it is rendered: it stands still, or is blank,
for as long as there is nothing to hear; and it is not heard while no device plays it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.choices import studio_options
from app.commands import terminal
from app.commands.health import Verdict
from app.headless import POLL_S, Headless
from engine.errors import StudioError
from engine.generators.registry import default_generator
from engine.repeating import Repeating
from engine.tape import TapeReader

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.shared import SharedBlock

UNDISTURBED_S = 0.2
"""Seconds of silence that disturb: longer than any device's period, shorter than what people call a pause."""
KILLED_S = 1.0
STOPPED_S = 3.0
DEVICE_LOST_S = 2.0
WELL_S = 2.0
"""Seconds of music after which it counts as back."""
OPENING_S = 8.0
"""Seconds in which the audio process is to have opened its device, or given that up for a while."""
GIVE_UP_S = 20.0
AUDIBLE = 1e-4
"""Level above which the tape is heard, linear (-80 dBFS): blank tape is exactly 0."""
_PACTL_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome is that of one step of the rehearsal.

    Attributes
    ----------
    silent_s
        The longest time without sound.
    disturbed
        Which other parts had to be started again.
    """

    step: str
    silent_s: float
    goal_s: float
    verdict: Verdict
    disturbed: tuple[str, ...] = ()


class TapeWatch(Repeating):
    """The tape watch is a thread that looks at the tape 250 times a second and knows when it was last heard to move.

    Attributes
    ----------
    has_device
        To be told: whether a device plays what is on the tape.
    """

    def __init__(self, tape: SharedBlock) -> None:
        super().__init__("tape watch", POLL_S)
        self.has_device = True
        self._reader = TapeReader(tape)
        self._lock = threading.Lock()
        self._longest_s, self._since_s = 0.0, time.monotonic()
        self._well_since_s = time.monotonic()

    def begin(self) -> None:
        """Forget what was measured, and measure from now on."""
        with self._lock:
            self._longest_s, self._since_s = 0.0, time.monotonic()
            self._well_since_s = self._since_s

    @property
    def silent_s(self) -> float:
        """Return the seconds of the longest silence since ``begin``, one that still lasts included."""
        with self._lock:
            return max(self._longest_s, time.monotonic() - self._since_s)

    @property
    def well_s(self) -> float:
        """Return for how many seconds music has been heard without a pause of more than ``UNDISTURBED_S``."""
        with self._lock:
            return time.monotonic() - self._well_since_s

    def _again(self) -> None:
        heard = self.has_device and bool((np.abs(self._reader.read()) > AUDIBLE).any())
        now = time.monotonic()
        with self._lock:
            if heard:
                self._longest_s = max(self._longest_s, now - self._since_s)
                self._since_s = now
            elif now - self._since_s > UNDISTURBED_S:
                self._well_since_s = now


class Rehearsal:
    """A rehearsal is a studio without a window that plays; ``playing`` makes it.

    Attributes
    ----------
    watch
        On its tape.
    device
        On which it began to play; "" is the silent clock.
    """

    def __init__(self, studio: Headless, watch: TapeWatch) -> None:
        self._studio, self._engine, self.watch = studio, studio.engine, watch
        self.device = self.device_now
        self._needs_device = bool(self.device)

    @property
    def device_now(self) -> str:
        """Return the device on which the studio plays; "" is the silent clock."""
        return "" if self._studio.snapshot is None else self._studio.snapshot.device

    def wants_device(self, *, wanted: bool) -> None:
        """Return whether music that no device plays is silence: it is from the start, unless there is no device."""
        self._needs_device = wanted
        self._look_for_device()

    def live(self, seconds: float) -> None:
        """Let the studio play on for so many seconds, and what it tells arrive."""
        end = time.monotonic() + seconds
        while (left_s := end - time.monotonic()) > 0.0:
            self._studio.live(min(POLL_S, left_s))
            self._look_for_device()

    def _look_for_device(self) -> None:
        self.watch.has_device = not self._needs_device or bool(self.device_now)

    def steps(self) -> Iterator[Outcome]:
        """Yield the steps, each part in turn."""
        yield self._step("nothing is done", lambda: None, UNDISTURBED_S, "")
        yield self._step("the audio process is killed", lambda: self._signal("audio", "SIGKILL"), KILLED_S, "audio")
        yield self._step("the audio process is stopped", lambda: self._signal("audio", "SIGSTOP"), STOPPED_S, "audio")
        for name in ("analysis", default_generator().name):
            kill, stop = self._signaller(name, "SIGKILL"), self._signaller(name, "SIGSTOP")
            yield self._step(f"the {name} process is killed", kill, UNDISTURBED_S, name)
            yield self._step(f"the {name} process is stopped", stop, UNDISTURBED_S, name)
            self._signal(name, "SIGCONT")
        stream = _stream_of(self._engine.process_ids()["audio"]) if self.device else None
        if stream is not None:
            yield self._step("the sound server ends the stream", lambda: _end_stream(stream), DEVICE_LOST_S, "")

    def _signaller(self, name: str, which: str) -> Callable[[], None]:
        return lambda: self._signal(name, which)

    def _signal(self, name: str, which: str) -> None:
        # It may have been replaced already, or be about to be.
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.kill(self._engine.process_ids()[name], getattr(signal, which))

    def _step(self, step: str, act: Callable[[], None], goal_s: float, victim: str) -> Outcome:
        # One that waits for a device is given more time, without one it tries again and again: that is no music's.
        opened_by = time.monotonic() + OPENING_S
        while self._engine.is_opening_device() and time.monotonic() < opened_by:
            self.live(POLL_S)
        before = self._engine.process_ids()
        self.watch.begin()
        act()
        give_up = time.monotonic() + GIVE_UP_S
        self.live(WELL_S)
        while self.watch.well_s < WELL_S and time.monotonic() < give_up:
            self.live(POLL_S)
        silent_s = self.watch.silent_s
        after = self._engine.process_ids()
        disturbed = tuple(name for name, pid in before.items() if name != victim and after.get(name) != pid)
        verdict = Verdict.OK if silent_s <= goal_s and not disturbed else Verdict.FAILURE
        return Outcome(step, round(silent_s, 3), goal_s, verdict, disturbed)


@contextmanager
def playing(settings: Settings) -> Iterator[Rehearsal]:
    """Yield a studio that plays, with a library of its own that is thrown away. Raises WorkerHung."""
    with tempfile.TemporaryDirectory(prefix="infiniloop-") as folder:
        settings = replace(
            settings,
            data_folder=folder,
            generator=default_generator().name,
            model="",
            duration_s=8.0,
            generator_parameters={},
        )
        with Headless(studio_options(settings)) as studio, TapeWatch(studio.engine.tape) as watch:
            studio.start()
            studio.live(WELL_S)
            yield Rehearsal(studio, watch)


def rehearse(settings: Settings, *, as_json: bool) -> int:
    """Tell each step as it ends; return 1 where it was silent for too long, or another part was disturbed."""
    # Each death is told as a step.
    logging.getLogger("engine").setLevel(logging.ERROR)
    if not as_json:
        print("Music plays for about a minute while its parts are killed one by one.", file=sys.stderr)
    outcomes = []
    with playing(settings) as rehearsal:
        device = rehearsal.device
        if not as_json and not device:
            print("No sound output: measured on the silent clock.", file=sys.stderr)
        for outcome in rehearsal.steps():
            outcomes.append(outcome)
            if not as_json:
                print(line_of(outcome), flush=True)
    failed = any(one.verdict is not Verdict.OK for one in outcomes)
    if as_json:
        verdict = Verdict.FAILURE if failed else Verdict.OK
        terminal.print_json({"verdict": verdict, "device": device, "steps": [asdict(one) for one in outcomes]})
    return 1 if failed else 0


def line_of(outcome: Outcome) -> str:
    """Return a line like ``ok       the audio process is killed: silent for 0.41 s (at most 1 s)``."""
    words = f"{outcome.verdict:<8} {outcome.step}: silent for {outcome.silent_s:.2f} s (at most {outcome.goal_s:g} s)"
    return words + (f"; started again as well: {', '.join(outcome.disturbed)}" if outcome.disturbed else "")


# --- the sound server -------------------------------------------------------------------------------------------------


def _stream_of(pid: int) -> str | None:
    """Return the number of the stream that a process plays by PulseAudio or PipeWire; None if that cannot be told."""
    if shutil.which("pactl") is None:
        return None
    number = None
    for line in _pactl("list", "sink-inputs").splitlines():
        words = line.strip()
        if words.startswith("Sink Input #"):
            number = words.removeprefix("Sink Input #")
        elif words == f'application.process.id = "{pid}"':
            return number
    return None


def _end_stream(number: str) -> None:
    """End this stream alone, as when the device goes."""
    _pactl("kill-sink-input", number)


def _pactl(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["pactl", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PACTL_LIMIT_S,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StudioError(detail=f"the sound server does not answer ({error})") from error
    return done.stdout
