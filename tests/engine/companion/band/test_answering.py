# SPDX-License-Identifier: GPL-3.0-or-later
"""Music goes to a GigMate server in blocks, and what it answers is laid where it belongs."""

from __future__ import annotations

import numpy as np
import pytest

from engine.companion.band.answering import BLOCK_S, SAMPLE_RATE, Answering
from engine.companion.band.band import BandState, Planned
from engine.errors import PartnerLost
from engine.serving.limits import ServingLimits
from tests.engine.serving.companions import told_server
from tests.engine.serving.running import until

RATE = 44_100
PIECE = 1024


def spoken(partner: Answering, seconds: float, first: int = 0) -> int:
    """Play a hum to a partner, and return the frame after it."""
    n = round(seconds * RATE)
    hum = (0.2 * np.sin(np.arange(n) * 0.05)).astype(np.float32)[:, None].repeat(2, axis=1)
    for at in range(0, n, PIECE):
        partner.hear(hum[at : at + PIECE], first + at)
    return first + n


def answer(partner: Answering) -> Planned:
    found: list[Planned] = []

    def comes() -> bool:
        planned = partner.plan(0, 0)
        if planned is not None:
            found.append(planned)
        return bool(found)

    until(comes)
    return found[-1]


def test_an_answer_begins_where_what_was_sent_ends() -> None:
    with told_server(ServingLimits(per_minute=1000)) as (url, companion):
        partner = Answering(url, "", RATE)
        try:
            assert partner.told().state is BandState.LISTENING
            end = spoken(partner, 2.2, first=10 * RATE)
            until(lambda: bool(companion.heard))
            assert companion.heard == [pytest.approx(4 * BLOCK_S, abs=0.01)]
            companion.play()
            planned = answer(partner)
            # Four blocks were sent; what is left waits for the fifth.
            assert planned.first == pytest.approx(10 * RATE + 2.0 * RATE, abs=0.01 * RATE)
            assert planned.samples.shape == (8 * RATE, 2)
            assert np.median(planned.samples) == pytest.approx(0.5, abs=0.01)
            assert partner.told().state is BandState.PLAYING
            spoken(partner, 2.0, first=end)
            companion.play()
            assert answer(partner).first > planned.first
        finally:
            partner.close()


def test_the_latest_answer_counts_and_one_that_is_older_is_passed_over() -> None:
    with told_server(ServingLimits(per_minute=1000)) as (url, companion):
        partner = Answering(url, "", RATE)
        try:
            spoken(partner, 8.2)
            companion.play(4)
            until(lambda: len(companion.heard) >= 2)
            first = answer(partner).first
            assert partner.plan(0, 0) is None or first < 8 * RATE
        finally:
            partner.close()


def test_a_server_that_is_not_there_or_goes_is_told_in_a_sentence() -> None:
    with pytest.raises(PartnerLost, match="does not play along"):
        Answering("http://127.0.0.1:1", "", RATE)
    with told_server(ServingLimits(per_minute=1000)) as (url, _):
        partner = Answering(url, "", RATE)
    with pytest.raises(PartnerLost):
        until(lambda: partner.plan(0, 0) is not None)
    partner.close()


def test_blocks_are_as_gigmates_client_writes_them() -> None:
    assert round(BLOCK_S * SAMPLE_RATE) == 11_025
