# SPDX-License-Identifier: GPL-3.0-or-later
"""These stand-ins are for the session's ports: a clock moved by hand, workers that answer at once, a deaf player."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from psygnal import Signal

from engine.errors import StudioError, WorkerLacksPart
from engine.playback.commands import Retime
from engine.session.ports import Opening
from engine.shared import SharedBlock
from engine.values import ENDLESS, Automation, BakedLoop, BarLock, ChannelParameter, Effects, TransitionPlan
from engine.values.auditions import OneShot
from engine.values.held import HeldEffect
from engine.worker import jobs


class ManualTimer:
    """A manual timer calls when its clock is moved to where it is due."""

    def __init__(self, clock: ManualClock, callback: Callable[[], None]) -> None:
        self._clock = clock
        self._callback = callback
        self._every_s: float | None = None
        self.due_s: float | None = None

    @property
    def is_active(self) -> bool:
        return self.due_s is not None

    def start(self, seconds: float) -> None:
        self.due_s, self._every_s = self._clock.now_s() + seconds, None

    def repeat(self, seconds: float) -> None:
        self.due_s, self._every_s = self._clock.now_s() + seconds, seconds

    def stop(self) -> None:
        self.due_s = None

    def fall_due(self) -> None:
        assert self.due_s is not None
        self.due_s = None if self._every_s is None else self.due_s + self._every_s
        self._callback()


class ManualClock:
    """A manual clock stands still until it is moved."""

    def __init__(self) -> None:
        self._now_s = 1000.0
        self._timers: list[ManualTimer] = []

    def now_s(self) -> float:
        return self._now_s

    def timer(self, callback: Callable[[], None]) -> ManualTimer:
        self._timers.append(ManualTimer(self, callback))
        return self._timers[-1]

    def pass_s(self, seconds: float) -> None:
        """Have so many seconds pass; timers call in their order."""
        end_s = self._now_s + seconds
        while True:
            due = [one for one in self._timers if one.due_s is not None and one.due_s <= end_s]
            if not due:
                break
            first = min(due, key=lambda one: one.due_s or 0.0)
            self._now_s = first.due_s or self._now_s
            first.fall_due()
        self._now_s = end_s


class SlowProcess:
    """A slow process is a worker that answers when it is told to."""

    received = Signal(object)
    died = Signal(object)

    def __init__(self, name: str = "library") -> None:
        self.name = name
        self.sent: list[Any] = []

    def send(self, message: object) -> None:
        self.sent.append(message)

    def give_up(self, error: StudioError) -> None:
        raise AssertionError(error)


class SlowGenerators:
    """Slow generators make a clip when a test says so."""

    received = Signal(object)
    died = Signal(str, object)

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.sent_to: list[str] = []
        self.given_up: list[tuple[str, StudioError]] = []

    def send(self, generator: str, message: object) -> None:
        self.sent.append(message)
        self.sent_to.append(generator)

    def give_up(self, generator: str, error: StudioError) -> None:
        self.given_up.append((generator, error))


class HandyWorker:
    """A handy worker does each job at once, in this process; with ``is_busy`` never."""

    def __init__(self) -> None:
        self.is_busy = False

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        if not self.is_busy:
            answer(jobs.run(job))

    def withdraw(self, job_id: int) -> None:
        pass

    def clear(self) -> None:
        pass


class DeafPlayer:
    """A deaf player does nothing of what it is told."""

    snapshot_taken = Signal(object)
    received = Signal(object)
    died = Signal(object)

    def __init__(self) -> None:
        self.gain = 1.0
        self.is_opening = False
        self.lacking: WorkerLacksPart | None = None

    def start(self) -> None:
        pass

    def renew(self, error: StudioError) -> None:
        pass

    def expect(self, device: tuple[str, str] | None, latency_s: float) -> None:
        pass

    def open(self, opening: Opening) -> None:
        pass

    def watch(self, *, is_watched: bool) -> None: ...

    def list_devices(self) -> None:
        pass

    def set_volume(self, gain: float) -> None:
        pass

    def set_fader(self, gain: float, ramp_s: float) -> None:
        pass

    def play(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, lock: BarLock | None = None) -> None:
        pass

    def play_on(self) -> None:
        pass

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        pass

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        pass

    def call_off(self, *, channel: int = ENDLESS) -> None:
        pass

    def lead(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS) -> None:
        pass

    def set_gain(self, channel: int, gain: float) -> None:
        pass

    def set_mute(self, channel: int, *, is_muted: bool) -> None:
        pass

    def set_effects(self, channel: int, effects: Effects, ramp_ms: float) -> None:
        pass

    def automate(self, channel: int, parameter: ChannelParameter, automation: Automation | None) -> None:
        pass

    def hold(self, channel: int, effect: HeldEffect | None) -> None:
        pass

    def set_clock(self, bpm: Fraction, beats_per_bar: int, *, bars: Fraction | None = None) -> None:
        pass

    def retime(self, retiming: Retime) -> None:
        pass

    def play_audition(self, audition_id: int, shot: OneShot) -> bool:
        return True

    def end_audition(self) -> None:
        pass

    def count_in(self, n_bars: int) -> None:
        pass

    def record_stems(self, block: SharedBlock | None) -> None:
        pass

    def pause(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def stop(self, *, channel: int | None = None) -> None:
        pass
