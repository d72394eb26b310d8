# SPDX-License-Identifier: GPL-3.0-or-later
"""The pool chooses by speed and by what waits, forgets in time, and addresses are read as people write them."""

from __future__ import annotations

import pytest

from engine.errors import RemoteTooSlow, WrongKind
from engine.generators.capabilities import Capabilities
from engine.generators.remote.addresses import MOST_MACHINES, addresses_read
from engine.generators.remote.pool import FORGOTTEN_S, Pool
from engine.generators.remote.speaker import Machine, Offer
from engine.serving.limits import RateLimit

NEAR, FAR, NEW = Machine("http://near"), Machine("http://far"), Machine("http://new")


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def offer(n_waiting: int = 0) -> Offer:
    return Offer("x", Capabilities(1.0, 9.0, 44_100, 2), n_waiting)


def test_the_one_that_is_done_first() -> None:
    pool = Pool()
    pool.measured(NEAR, took_s=10.0, music_s=10.0)
    pool.measured(FAR, took_s=4.0, music_s=10.0)
    assert pool.best({NEAR: offer(), FAR: offer()}, 10.0) is FAR
    assert pool.best({NEAR: offer(), FAR: offer(1)}, 10.0) is FAR
    assert pool.best({NEAR: offer(), FAR: offer(2)}, 10.0) is NEAR
    # One that is not known is tried, before others that are no faster than the fastest.
    assert pool.best({NEW: offer(), NEAR: offer(), FAR: offer()}, 10.0) is NEW
    # Of equals, the one that was named first.
    assert Pool().best({NEW: offer(), NEAR: offer()}, 10.0) is NEW


def test_speeds_are_means_and_are_forgotten() -> None:
    clock = Clock()
    pool = Pool(clock=clock)
    pool.measured(NEAR, took_s=30.0, music_s=10.0)
    pool.measured(NEAR, took_s=10.0, music_s=10.0)
    assert pool.pace(NEAR) == pytest.approx(2.0)
    with pytest.raises(RemoteTooSlow):
        pool.check(NEAR, 1.9)
    pool.check(NEAR, 2.1)
    pool.check(NEW, 0.1)
    clock.now_s += FORGOTTEN_S + 1.0
    assert pool.pace(NEAR) is None
    pool.check(NEAR, 0.1)


def test_a_rate_limit_fills_again() -> None:
    clock = Clock()
    limit = RateLimit(60, clock=clock)
    assert [limit.take("a") for _ in range(60)] == [0.0] * 60
    assert limit.take("a") == pytest.approx(1.0)
    assert limit.take("b") == 0.0
    clock.now_s += 2.5
    assert [limit.take("a") for _ in range(2)] == [0.0] * 2
    assert limit.take("a") == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("192.168.1.20", "http://192.168.1.20:8420"),
        ("studio:9000", "http://studio:9000"),
        ("[::1]:9000", "http://[::1]:9000"),
        ("http://studio", "http://studio"),
        ("https://music.example/loops/", "https://music.example/loops"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    assert addresses_read(f" {text} ,{text}, ") == (url,)


@pytest.mark.parametrize(
    "text", ["a b", "http://", "ftp://x", "x:0x", "x:99999", "http://u:p@x", "x?y", "x#y", "ü", "a\nb", "[::1"]
)
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(WrongKind):
        addresses_read(text)
    with pytest.raises(WrongKind):
        addresses_read(", ".join(f"m{number}" for number in range(MOST_MACHINES + 1)))
