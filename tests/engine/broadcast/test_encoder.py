# SPDX-License-Identifier: GPL-3.0-or-later
"""Every form of the stream is heard as it was played, by listeners who join at any piece."""

from __future__ import annotations

import numpy as np
import pytest

from engine.broadcast.encoder import PAGE_S, StreamEncoder
from engine.broadcast.forms import FORMS, MP3, StreamForm
from tests.engine.broadcast.streams import RATE, decoded, level_of, tone


def _pieces(form: StreamForm, seconds: float, n_piece: int = RATE // 4) -> tuple[bytes, list[bytes]]:
    encoder, sound = StreamEncoder(form, RATE), tone(seconds)
    pieces = [encoder.encode(sound[at : at + n_piece]) for at in range(0, len(sound), n_piece)]
    head = encoder.head
    encoder.close()
    return head, pieces


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.name)
@pytest.mark.parametrize("joins_at", [0, 9])
def test_who_joins_hears_what_is_played(form: StreamForm, joins_at: int) -> None:
    head, pieces = _pieces(form, 6.0)

    heard, rate = decoded(head + b"".join(pieces[joins_at:]))

    assert len(heard) / rate == pytest.approx(6.0 - 0.25 * joins_at, abs=2 * PAGE_S + 0.15)
    middle = heard[rate // 2 : rate * 2]
    for channel, hz in ((0, 440.0), (1, 660.0)):
        # LAME takes half a decibel, so that nothing clips.
        level = 0.285 if form is MP3 else 0.3
        assert level_of(middle[:, channel], rate, hz) == pytest.approx(level, rel=0.02)
        assert level_of(middle[:, 1 - channel], rate, hz) < 0.003


@pytest.mark.parametrize("form", [one for one in FORMS if one.bit_rate], ids=lambda one: one.name)
def test_a_form_takes_the_bits_that_it_says(form: StreamForm) -> None:
    _, pieces = _pieces(form, 8.0)

    assert form.bit_rate is not None
    bits_per_s = 8.0 * len(b"".join(pieces[4:])) / 7.0
    # Opus is free to take more for what needs it.
    assert 0.9 * form.bit_rate < bits_per_s < (1.5 if form.name == "opus" else 1.1) * form.bit_rate


def test_mp3_is_the_same_in_whatever_pieces_it_comes() -> None:
    _, quarters = _pieces(MP3, 3.0)
    _, odd = _pieces(MP3, 3.0, 1013)

    whole = b"".join(quarters)
    assert b"".join(odd)[: len(whole) - 1000] == whole[: len(whole) - 1000]


def test_nothing_becomes_nothing() -> None:
    encoder = StreamEncoder(MP3, RATE)

    assert encoder.encode(np.zeros((0, 2), dtype=np.float32)) == b""
    encoder.close()
