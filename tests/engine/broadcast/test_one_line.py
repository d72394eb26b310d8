# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners are shown one line of text, however it was written."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broadcast.listener import title_block
from engine.broadcast.one_line import in_one_line, says_something
from engine.qt.radio import piece_of
from tests.engine.library.making import recipe


@given(st.text())
def test_any_text_is_one_line_that_can_be_written(text: str) -> None:
    line = in_one_line(text)
    assert len(line.splitlines()) <= 1
    assert line.encode().decode() == line == in_one_line(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rain\r\nSet-Cookie: a=b", "rain Set-Cookie: a=b"),
        ("calm \x1b[31m\x9b31m", "calm [31m 31m"),
        ("rain \u202elived\u2066", "rain lived"),
        ("caf\udce9", "caf"),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"),
    ],
)
def test_a_line_keeps_what_belongs_to_its_letters(text: str, line: str) -> None:
    assert in_one_line(text) == line


@pytest.mark.parametrize(("text", "is_seen"), [("rain", True), ("☔", True), ("\u200b", False), ("\u0301" * 9, False)])
def test_what_says_something_is_seen(text: str, is_seen: bool) -> None:
    assert says_something(text) is is_seen


def test_a_piece_is_told_whatever_its_recipe_says() -> None:
    piece = piece_of(replace(recipe("calm\ud800\nrain"), title="a\udce9\r\nb", artist="\x1b[2J\u202eband"))
    assert (piece.title, piece.artist, piece.prompt) == ("a b", "[2Jband", "calm rain")
    assert json.loads(json.dumps(asdict(piece), ensure_ascii=False).encode())["key"] == piece.key
    assert title_block(piece.title) == b"\x02StreamTitle='a b';".ljust(33, b"\0")
