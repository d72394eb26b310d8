# SPDX-License-Identifier: GPL-3.0-or-later
"""The sleep timer fades for as long as is set, and no longer than a third of its time."""

from __future__ import annotations

import pytest

from engine.session.sleep_timer import TICK_S, SleepTimer
from tests.engine.session.ports import DeafPlayer, ManualClock

TIME_S = 1800.0


class Told(DeafPlayer):
    """This player remembers which fades it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.fades: list[tuple[float, float]] = []

    def set_fader(self, gain: float, ramp_s: float) -> None:
        self.fades.append((gain, ramp_s))


@pytest.mark.parametrize(("set_s", "fade_s"), [(450.0, 450.0), (1800.0, 600.0)])
def test_the_fade_is_as_long_as_was_set_or_a_third(set_s: float, fade_s: float) -> None:
    player, clock = Told(), ManualClock()
    begun_s = clock.now_s()
    timer = SleepTimer(player, clock)
    timer.longest_fade_s = set_s
    over_s: list[float] = []
    timer.is_over.connect(lambda: over_s.append(clock.now_s() - begun_s))
    timer.set(TIME_S / 60.0)
    clock.pass_s(2.0 * TIME_S)
    ((gain, ramp_s),) = player.fades
    assert gain == 0.0
    assert ramp_s == pytest.approx(fade_s, abs=TICK_S)
    assert over_s == [pytest.approx(TIME_S, abs=TICK_S)]
    assert timer.left_s is None


def test_set_anew_while_it_fades_the_music_comes_back() -> None:
    player, clock = Told(), ManualClock()
    timer = SleepTimer(player, clock)
    timer.set(1.0)
    clock.pass_s(50.0)
    assert player.fades[-1][0] == 0.0
    timer.set(30.0)
    assert player.fades[-1][0] == 1.0
    assert timer.left_s == 1800.0
    timer.turn_off()
    clock.pass_s(7200.0)
    assert len(player.fades) == 2
