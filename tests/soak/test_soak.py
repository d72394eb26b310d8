# SPDX-License-Identifier: GPL-3.0-or-later
"""The soak's own parts work: memory that grows is told, the GIL is held, takeovers and turns are counted."""

from __future__ import annotations

import mmap
import threading
import time

import numpy as np
import pytest

from tests.soak.busy import gaps_s
from tests.soak.hearing import SAMPLE_RATE
from tests.soak.memory import Held, growths, held, least
from tests.soak.takeovers import period_drift, soak_takeovers
from tests.soak.trouble import GilHolder


@pytest.mark.parametrize(("step_mib", "is_flat"), [(0.0, True), (0.05, True), (1.0, False), (-1.0, False)])
def test_growth_after_the_warm_up_is_told(step_mib: float, is_flat: bool) -> None:
    warm_up = [20.0, 60.0, 90.0, 99.0, 100.0]
    values = warm_up + [100.0 + step_mib * number + (-1) ** number for number in range(15)]
    (growth,) = growths([[Held("audio", value, 10)] for value in values])
    assert growth.is_flat == is_flat
    assert growth.grown_mib == pytest.approx(10.0 * step_mib, abs=2.5)


def test_what_is_held_for_a_job_is_no_growth_and_what_stays_is() -> None:
    def steps(base_mib: list[float]) -> list[list[Held]]:
        return [least([[Held("host", one + job, 10)] for job in (40.0, 0.0, 70.0)]) for one in base_mib]

    (flat,) = growths(steps([100.0] * 20))
    assert (flat.is_flat, flat.last_mib) == (True, 100.0)
    (grown,) = growths(steps([100.0 + number for number in range(20)]))
    assert grown.grown_mib == pytest.approx(10.0)


def test_descriptors_that_pile_up_are_told() -> None:
    (growth,) = growths([[Held("audio", 100.0, 10 + number)] for number in range(20)])
    assert not growth.is_flat


def test_what_this_process_holds_is_told() -> None:
    before = held()[0]
    # New pages: a large process may have as much left over that it freed.
    block = mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    block.write(bytes(64 << 20))
    after = held()[0]
    assert 60.0 < after.own_mib - before.own_mib < 100.0
    assert before.name == after.name == "parent"


def test_silences_longer_than_5_ms_are_gaps() -> None:
    heard = np.full((SAMPLE_RATE, 2), 0.1, np.float32)
    heard[1000 : 1000 + round(0.004 * SAMPLE_RATE)] = 0.0
    heard[20_000 : 20_000 + SAMPLE_RATE // 50, 0] = 0.0  # in one channel alone
    assert gaps_s(heard) == []
    heard[30_000 : 30_000 + SAMPLE_RATE // 50] = 0.0
    heard[-SAMPLE_RATE // 100 :] = 0.0
    assert gaps_s(heard) == pytest.approx([0.02, 0.01], abs=1e-4)


def test_nobody_runs_while_the_gil_is_held() -> None:
    longest_s, ending = 0.0, threading.Event()

    def run() -> None:
        nonlocal longest_s
        last = time.monotonic()
        while not ending.is_set():
            now = time.monotonic()
            longest_s, last = max(longest_s, now - last), now

    watcher = threading.Thread(target=run)
    with GilHolder(hold_s=0.3, every_s=0.4) as holder:
        watcher.start()
        while len(holder.held_s) < 2:
            time.sleep(0.05)
        ending.set()
    watcher.join()
    assert min(holder.held_s) >= 0.3
    assert longest_s >= 0.29


@pytest.mark.started
def test_some_takeovers_and_some_turns() -> None:
    said: list[str] = []
    soaked = soak_takeovers(16, say=said.append)
    assert len(soaked.memory) == len(said) == 16
    # Beside them there may be the screen and the sound server of tests before this one.
    assert {one.name for one in soaked.memory[-1]} >= {"parent", "audio_process"}
    assert {one.name for one in growths(soaked.memory)} >= {"parent", "audio_process"}
    n_wrong, n_turns = period_drift(0.02)
    assert n_wrong == 0
    assert n_turns >= 20.0
