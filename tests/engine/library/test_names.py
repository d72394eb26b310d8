# SPDX-License-Identifier: GPL-3.0-or-later
"""Names are cut to what a folder takes, and between letters."""

from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.library.names import MAX_NAME_BYTES, fitting


@given(st.text(max_size=400), st.text("-abc.wé", max_size=30))
def test_never_too_long_and_always_a_beginning(stem: str, rest: str) -> None:
    name = fitting(stem, rest)
    assert name.endswith(rest)
    kept = name.removesuffix(rest) if rest else name
    assert stem.startswith(kept)
    assert len(name.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES
    if len((stem + rest).encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES:
        assert kept == stem
    elif len(kept) < len(stem):
        assert not unicodedata.combining(stem[len(kept)]) or stem[len(kept) - 1 : len(kept)] == ""


@pytest.mark.parametrize(
    "letter",
    [
        "é",
        "e\u0301",
        "🇮🇹",
        "👍🏽",
        "👩‍👩‍👧‍👦",
        "각",
        "\u1100\u1161\u11a8",
        "न\u0940",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
)
def test_whole_letters(letter: str) -> None:
    n_bytes = len(letter.encode())
    for limit in range(n_bytes * 3 + 5, n_bytes * 4 + 4):
        kept = fitting(letter * 9, ".wav", limit=limit).removesuffix(".wav")
        assert kept == letter * ((limit - 4) // n_bytes)


def test_bytes_that_are_no_letters_count_one_each() -> None:
    stem = os.fsdecode(b"\xff" * 300)
    assert len(os.fsencode(fitting(stem, ".wav"))) == MAX_NAME_BYTES
