# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain lines come from a pipe, one or many at a time, and end with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from app.terminal.plain import MOST_LINE, PlainLines

Piped = Callable[..., list[str]]


@pytest.fixture
def piped() -> Iterator[Piped]:
    """Yield what sends parts to a face, and returns the lines that it carried out, at last “(ended)”."""
    before = os.dup(0)

    def send(*parts: bytes) -> list[str]:
        reader, writer = os.pipe()
        os.dup2(reader, 0)
        os.close(reader)
        left = list(parts)
        heard: list[str] = []

        def listen() -> None:
            if left:
                os.write(writer, left.pop(0))
                if not left:
                    os.close(writer)

        def run(line: str) -> None:
            heard.append(line)
            if line == "quit":
                face.exit(7)

        def ended() -> None:
            heard.append("(ended)")
            face.exit(0)

        face = PlainLines(listen=listen, run=run, ended=ended)
        assert face.loop() == (7 if "quit" in heard else 0)
        if left:
            os.close(writer)
        return heard

    yield send
    os.dup2(before, 0)
    os.close(before)


def test_lines_are_carried_out_in_order_however_they_come(piped: Piped) -> None:
    assert piped(b"start ra", b"in\nnext\nsave ", b"a.wav\n") == ["start rain", "next", "save a.wav", "(ended)"]


def test_the_last_line_needs_no_end(piped: Piped) -> None:
    assert piped(b"next\nstatus") == ["next", "status", "(ended)"]
    assert piped(b"") == ["(ended)"]


def test_nothing_is_carried_out_after_leaving(piped: Piped) -> None:
    assert piped(b"next\nquit\nnext\n") == ["next", "quit"]


def test_what_is_no_text_is_a_line_too(piped: Piped) -> None:
    assert piped(b"\xff\xfe\x00\n") == ["\ufffd\ufffd\x00", "(ended)"]
    whole = b"x" * (MOST_LINE + 5000)
    heard = piped(*[whole[at : at + 4096] for at in range(0, len(whole), 4096)])
    assert "".join(heard[:-1]) == whole.decode()
    assert len(heard) > 2, "a line without an end is cut"


def test_answers_go_to_stdout_and_what_went_wrong_to_stderr(piped: Piped, capsys: pytest.CaptureFixture[str]) -> None:
    face = PlainLines(listen=lambda: None, run=lambda _line: None, ended=lambda: None)
    face.say("two\nlines\x1b[2J", "answer")
    face.say("news", "info")
    face.say("too bad", "warning")
    told = capsys.readouterr()
    assert told.out == "two\nlines [2J\nnews\n"
    assert told.err == "too bad\n"
