# SPDX-License-Identifier: GPL-3.0-or-later
"""Meters that rested show the same as those that never did, and no peak that was not heard."""

from __future__ import annotations

import numpy as np
import pytest

from engine.recording.heard_meters import HeardMeters
from engine.tape import TapeWriter, tape_block
from engine.units import SILENCE_DB
from engine.values import Meters

RATE = 44_100
TICK_S = 0.1


class Pair:
    """Two pairs of meters hear one tape; the second may rest."""

    def __init__(self) -> None:
        tape = tape_block(RATE)
        self.writer = TapeWriter(tape)
        self.awake, self.resting = (HeardMeters(tape, lambda: self.writer.n_written) for _ in range(2))
        self.n_played = 0

    def go_on(self, seconds: float, *, plays: bool = True, rests: bool = False) -> tuple[Meters, Meters]:
        """Return what both show at the end, the second after a rest of that time."""
        for _ in range(round(seconds / TICK_S)):
            if plays:
                n = round(TICK_S * RATE)
                # Another phase in each tick's place: no rest ends where the wave would go on by chance.
                wave = 0.89 * np.sin(2.0 * np.pi * 220.37 * np.arange(self.n_played, self.n_played + n) / RATE)
                self.writer.write(np.stack([wave, wave], axis=1).astype(np.float32))
                self.n_played += n
            awake = self.awake.look(TICK_S)
            if rests:
                self.resting.rest(TICK_S)
            else:
                other = self.resting.look(TICK_S)
        return awake, self.resting.look(0.0) if rests else other


@pytest.mark.parametrize("rest_s", [0.2, 2.9, 3.3, 12.3])
def test_a_rest_is_not_seen_afterwards(rest_s: float) -> None:
    pair = Pair()
    pair.go_on(1.0)
    awake, woken = pair.go_on(rest_s, rests=True)
    assert woken.short_term_lufs == pytest.approx(awake.short_term_lufs, abs=0.02)
    assert woken.true_peak_db == pytest.approx(-1.01, abs=0.02), "no step between what was heard before and now"
    awake, woken = pair.go_on(0.5)
    assert woken.short_term_lufs == pytest.approx(awake.short_term_lufs, abs=0.02)
    assert woken.true_peak_db == pytest.approx(awake.true_peak_db, abs=0.02)


def test_music_that_ended_during_the_rest_is_not_shown() -> None:
    pair = Pair()
    pair.go_on(1.0)
    pair.go_on(5.0, rests=True)
    awake, woken = pair.go_on(4.0, plays=False, rests=True)
    assert woken == awake == Meters(SILENCE_DB, SILENCE_DB)
