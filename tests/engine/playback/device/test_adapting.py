# SPDX-License-Identifier: GPL-3.0-or-later
"""The latency adapts to what is lost, by steps, within bounds, and never in a row."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.playback.device.adapting import (
    BOUT_S,
    CALM_S,
    LONGEST_CALM_S,
    LONGEST_S,
    N_BOUTS,
    OVERLOADED_STEP,
    STEP,
    WITHIN_S,
    AdaptingLatency,
)

ASKED_S = 0.06
TICK_S = 0.5


class Machine:
    """A machine that plays, and loses sound when it is told to."""

    def __init__(self, asked_s: float = ASKED_S) -> None:
        self.is_overloaded = False
        self.latency = AdaptingLatency(asked_s, lambda: self.is_overloaded)
        self.now_s = 1000.0
        self.n_losses = 7  # of an earlier stream
        self.changes: list[tuple[float, float]] = []
        self.live(TICK_S)

    def live(self, seconds: float, *, every_s: float = float("inf"), n_each: int = 1) -> None:
        """Live for so long, losing ``n_each`` times at once every ``every_s`` seconds."""
        begun_s = lost_s = self.now_s
        while self.now_s - begun_s < seconds:
            self.now_s += TICK_S
            if self.now_s - lost_s >= every_s:
                lost_s, self.n_losses = self.now_s, self.n_losses + n_each
            if self.latency.hear(self.now_s, self.n_losses):
                self.changes.append((self.now_s, self.latency.seconds))


def test_what_was_lost_before_and_single_stalls_change_nothing() -> None:
    machine = Machine()
    for _ in range(N_BOUTS - 1):
        machine.live(1.5, every_s=1.5, n_each=20)
    machine.live(WITHIN_S)
    # As many losses, but all of one stall.
    machine.live(BOUT_S, every_s=TICK_S, n_each=9)
    machine.live(3600.0, every_s=WITHIN_S / (N_BOUTS - 1) + 1.0)
    assert machine.changes == []
    assert not machine.latency.is_raised


@pytest.mark.parametrize("every_s", [2.0, 14.0])
def test_losses_that_go_on_raise_it_by_steps_up_to_its_bound(every_s: float) -> None:
    machine = Machine()
    machine.live(40 * every_s, every_s=every_s)
    assert [latency_s for _, latency_s in machine.changes] == pytest.approx([0.12, 0.24, LONGEST_S])
    times = [machine.now_s - 40 * every_s, *(at_s for at_s, _ in machine.changes)]
    assert all(after - before >= N_BOUTS * every_s for before, after in pairwise(times))


def test_what_was_asked_for_may_be_longer_than_the_bound_and_is_kept() -> None:
    machine = Machine(asked_s=2.0 * LONGEST_S)
    machine.live(600.0, every_s=2.0)
    assert machine.changes == []


def test_after_a_calm_while_it_comes_down_step_by_step_and_no_further_than_asked() -> None:
    machine = Machine()
    machine.live(2.0 * N_BOUTS * 2.0, every_s=2.0)
    assert machine.latency.seconds == pytest.approx(ASKED_S * STEP**2)
    lost_s = machine.now_s
    machine.changes.clear()
    machine.live(10.0 * CALM_S)
    assert [latency_s for _, latency_s in machine.changes] == pytest.approx([ASKED_S * STEP, ASKED_S])
    assert [at_s - lost_s for at_s, _ in machine.changes] == pytest.approx([CALM_S, 2.0 * CALM_S], abs=2.0 * TICK_S)


def test_one_loss_now_and_then_keeps_it_up() -> None:
    machine = Machine()
    machine.live(2.0 * N_BOUTS, every_s=2.0)
    machine.changes.clear()
    machine.live(10.0 * CALM_S, every_s=0.9 * CALM_S)
    assert machine.changes == []


def test_a_step_down_that_fails_is_tried_ever_more_seldom() -> None:
    machine = Machine()
    calm_s: list[float] = []
    for _ in range(6):
        # Too short for this machine, whenever it is tried.
        machine.live(2.0 * N_BOUTS, every_s=2.0)
        assert machine.latency.is_raised
        raised_s = machine.changes[-1][0]
        while machine.latency.is_raised:
            machine.live(10.0)
        calm_s.append(machine.changes[-1][0] - raised_s)
    wanted = [min(CALM_S * 2.0**n, LONGEST_CALM_S) for n in range(6)]
    assert calm_s == pytest.approx(wanted, abs=12.0)


def test_a_machine_that_slept_was_not_calm() -> None:
    machine = Machine()
    machine.live(2.0 * N_BOUTS, every_s=2.0)
    machine.changes.clear()
    machine.now_s += 10.0 * CALM_S
    machine.live(0.5 * CALM_S)
    assert machine.changes == []


def test_on_an_overloaded_machine_it_rises_at_once_to_what_holds_and_stays_while_that_lasts() -> None:
    machine = Machine()
    machine.is_overloaded = True
    machine.live(1.5 * N_BOUTS * 2.0, every_s=2.0)
    assert [latency_s for _, latency_s in machine.changes] == pytest.approx([ASKED_S * OVERLOADED_STEP])
    machine.changes.clear()
    machine.live(10.0 * CALM_S)
    assert machine.changes == []
    machine.is_overloaded = False
    over_s = machine.now_s
    machine.live(3.0 * CALM_S)
    assert [latency_s for _, latency_s in machine.changes] == pytest.approx([ASKED_S * STEP, ASKED_S])
    assert machine.changes[0][0] - over_s <= CALM_S + TICK_S
