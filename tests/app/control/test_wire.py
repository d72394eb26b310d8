# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of the control protocol are read as they were written, and what is wrong with a line is said."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.control.wire import VERSION, Answer, Request, answer_line, line_of, request_in, request_line
from engine.errors import NotAbsolute

WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), max_size=4)


@given(WORDS, st.one_of(st.none(), st.integers(), st.text(max_size=9)))
def test_a_request_is_read_as_it_was_written_and_is_one_line(words: list[str], given_id: int | str | None) -> None:
    request = Request("set", tuple(words), given_id)
    line = request_line(request)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert request_in(line) == request


def test_file_names_that_are_no_text_keep_their_bytes() -> None:
    name = b"/tmp/caf\xe9.wav".decode("utf-8", "surrogateescape")
    assert request_in(request_line(Request("save", (name,)))).words == (name,)


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        (b'{"do":"next"}', Request("next")),
        (b'{"do": "set", "with": ["volume", "-6"], "id": 7}\r\n', Request("set", ("volume", "-6"), 7)),
        (b'{"do":"start","with":"warm house","id":"a"}', Request("start", ("warm house",), "a")),
        (b'{"protocol":1,"do":"stop","more":[1,2]}', Request("stop")),
    ],
)
def test_a_good_line_is_a_request(line: bytes, request_: Request) -> None:
    assert request_in(line) == request_


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"next\n", "no JSON"),
        (b"\xff\xfe\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"do":"next"', "no JSON"),
        (b'{"id":' + b"9" * 5000 + b',"do":"next"}', "no JSON"),
        (b'["next"]', "no JSON object"),
        (b"7", "no JSON object"),
        (b"{}", "“do” names no command"),
        (b'{"do":7}', "“do” names no command"),
        (b'{"do":"  "}', "“do” names no command"),
        (b'{"do":"set","with":7}', "no list of texts"),
        (b'{"do":"set","with":["volume",-6]}', "no list of texts"),
        (b'{"do":"save","with":["/tmp/a\\u0000.wav"]}', "no list of texts"),
        (b'{"do":"save","with":["/tmp/\\ud800.wav"]}', "no list of texts"),
        (b'{"do":"next","id":true}', "“id”"),
        (b'{"do":"next","id":1.5}', "“id”"),
        (b'{"do":"next","id":[1]}', "“id”"),
        (b'{"do":"next","protocol":2}', f"protocol is not {VERSION}"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        request_in(line)


def test_an_answer_names_its_request_and_what_failed_its_kind() -> None:
    assert json.loads(answer_line(7, Answer("paused", {"paused": True}))) == {
        "id": 7,
        "ok": True,
        "text": "paused",
        "data": {"paused": True},
    }
    assert json.loads(answer_line(None, NotAbsolute(path="a.wav"))) == {
        "ok": False,
        "error": {"kind": "NotAbsolute", "message": "“a.wav” does not begin with “/”: name the whole path."},
    }


def test_a_line_is_in_ascii_and_numbers_are_numbers() -> None:
    assert line_of({"title": "caffè 🎵"}).isascii()
    with pytest.raises(ValueError, match="JSON compliant"):
        line_of({"score": float("nan")})
