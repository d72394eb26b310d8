# SPDX-License-Identifier: GPL-3.0-or-later
"""A form is encoded once for all, who joins has the last seconds at once, and without listeners it costs nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.broadcast.forms import FLAC, FORMS, MP3, OPUS, StreamForm
from engine.broadcast.listener import Listener, title_block
from engine.broadcast.mount import BURST_S, Mount
from tests.engine.broadcast.streams import RATE, decoded, level_of, tone

TITLE = title_block("a title")
N_STEP = RATE // 4


class _Transport:
    """A transport takes what it is given, and is closed when it is told."""

    def __init__(self) -> None:
        self.content, self.is_closed, self.waiting = b"", False, 0

    def is_closing(self) -> bool:
        return self.is_closed

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def write(self, content: bytes) -> None:
        self.content += content

    def abort(self) -> None:
        self.is_closed = True

    close = abort


class _Played:
    """A mount that is fed a tone in steps of a quarter of a second."""

    def __init__(self, form: StreamForm, *, is_kept: bool = False) -> None:
        self.mount, self.end = Mount(form, RATE, is_kept=is_kept), 0

    def feed(self, seconds: float) -> None:
        for _ in range(round(4 * seconds)):
            sound = tone(0.25, begin=self.end)
            self.end += N_STEP
            self.mount.feed(self.end, sound, TITLE)

    def join(self) -> _Transport:
        transport = _Transport()
        self.mount.join(Listener(transport))
        return transport


@pytest.mark.parametrize("form", [MP3, OPUS, FLAC], ids=lambda one: one.name)
def test_who_joins_has_the_last_seconds_at_once_and_then_all(form: StreamForm) -> None:
    played = _Played(form)
    played.mount.wake((), TITLE)
    played.feed(10.0)

    transport = played.join()
    at_once, rate = decoded(transport.content)
    played.feed(3.0)
    after, _ = decoded(transport.content)

    assert len(at_once) / rate == pytest.approx(BURST_S, abs=0.5)
    assert (len(after) - len(at_once)) / rate == pytest.approx(3.0, abs=0.35)
    assert level_of(after[rate:, 0], rate, 440.0) == pytest.approx(0.3, rel=0.06)


def test_all_hear_the_same_bytes() -> None:
    played = _Played(MP3, is_kept=True)
    played.mount.wake((), TITLE)
    played.feed(6.0)
    first = played.join()
    played.feed(2.0)
    second = played.join()
    played.feed(2.0)

    # The late one's first byte is where the other was by then: as far behind as the other at its start.
    assert first.content.endswith(second.content[-16_000:])
    lead_s = 8.0 * (len(first.content) - len(second.content)) / 128_000
    assert lead_s == pytest.approx(2.0, abs=0.3)


def test_nobody_is_encoded_for_after_a_while() -> None:
    played = _Played(OPUS)
    played.mount.wake((), TITLE)
    transport = played.join()
    played.feed(5.0)
    transport.is_closed = True
    played.feed(5.0)
    assert played.mount.is_encoding
    assert played.mount.n_listeners == 0

    played.feed(40.0)

    assert not played.mount.is_encoding
    played.mount.wake([(played.end, tone(1.0))], TITLE)
    assert played.join().content


def test_who_does_not_read_is_dropped_and_counted() -> None:
    played = _Played(MP3)
    played.mount.wake((), TITLE)
    slow, fast = played.join(), played.join()
    slow.waiting = 1 << 20
    played.feed(2.0)

    assert slow.is_closed
    assert not fast.is_closed
    assert (played.mount.n_listeners, played.mount.n_dropped) == (1, 1)


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.name)
def test_who_reads_faster_than_it_plays_stays_and_who_does_not_read_is_dropped(form: StreamForm) -> None:
    """The burst is not there at once: a way that has twice what the form needs takes seconds for it."""
    mount, noise = Mount(form, RATE, is_kept=True), np.random.default_rng(1)
    mount.wake((), TITLE)
    sizes, reader, other = [], _Transport(), _Transport()
    for step in range(1, 61):
        sound = tone(0.25, begin=step * N_STEP) + noise.normal(0.0, 0.05, (N_STEP, 2)).astype(np.float32)
        sizes.append(len(mount.feed(step * N_STEP, sound, TITLE)))
        for transport in (reader, other):
            if step == 20:
                mount.join(Listener(transport))
            transport.waiting += len(transport.content)
            transport.content = b""
        if step >= 20:
            reader.waiting = max(0, reader.waiting - 2 * sum(sizes) // len(sizes))

    assert (reader.is_closed, other.is_closed) == (False, True)
    assert other.waiting < 2.5 * BURST_S * 4 * sum(sizes) / len(sizes)


def test_a_new_encoder_goes_on_for_those_who_can_follow() -> None:
    played = _Played(MP3)
    played.mount.wake((), TITLE)
    transport = played.join()
    played.feed(3.0)
    played.mount.renew()
    played.feed(3.0)

    heard, rate = decoded(transport.content)
    # What the old one held is lost.
    assert len(heard) / rate == pytest.approx(6.0, abs=0.3)
    assert level_of(heard[-rate:, 0], rate, 440.0) == pytest.approx(0.285, rel=0.05)

    paged = _Played(OPUS)
    paged.mount.wake((), TITLE)
    other = paged.join()
    paged.feed(1.0)
    paged.mount.renew()
    # Another head in the middle of a stream is not understood by all: they join anew.
    assert other.is_closed


def test_what_waits_for_all_who_listen_is_added_up() -> None:
    played = _Played(MP3)
    played.mount.wake((), TITLE)
    for transport, waiting in ((played.join(), 1000), (played.join(), 234), (played.join(), 0)):
        transport.waiting = waiting

    assert played.mount.n_waiting_bytes == 1234
