# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk counts a vote once, and passes on no more requests than its limits let it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broadcast.air_log import AirLog
from engine.broadcast.desk import (
    HOUR_S,
    LATE_PIECES,
    MOST_CHARACTERS,
    MOST_WAITING,
    REQUESTS_PER_HOUR,
    Desk,
)
from engine.broadcast.word_filter import WordFilter
from engine.serving.answers import Refusal
from engine.values.radio import AirPiece, MusicRequest, ProgrammeState, RadioPlan, Vote


class Scene:
    """A desk with a clock of its own, and what it passed on."""

    def __init__(self, *filtered: str, delay_s: float = 0.0) -> None:
        self.now_s = 0.0
        self.told: list[Any] = []
        self.log = AirLog(None, delay_s=delay_s, wall_s=lambda: self.now_s)
        plan = RadioPlan(takes_votes=True, takes_requests=True, filtered_words=filtered)
        self.desk = Desk(plan, self.log, self.told.append, clock=lambda: self.now_s)

    def play(self, title: str, mood: str = "rain") -> int:
        self.now_s += 1.0
        self.log.expect(0, AirPiece(title, key=title, mood=mood))
        self.log.go_to(10)
        assert self.log.current is not None
        return self.log.current.number

    def kind(self, act: object, *arguments: object) -> str:
        """Return the kind of refusal that this meets."""
        assert callable(act)
        with pytest.raises(Refusal) as caught:
            act(*arguments)
        assert str(caught.value).endswith(".")
        return str(caught.value.error["kind"])


def test_an_address_votes_once_for_a_piece() -> None:
    scene = Scene()
    number = scene.play("one")
    assert scene.desk.vote("10.0.0.1", number, "more").title == "one"
    assert scene.kind(scene.desk.vote, "10.0.0.1", number, "less") == "twice"
    scene.desk.vote("10.0.0.2", number, "less")
    assert scene.told == [Vote("rain", True), Vote("rain", False)]
    scene.desk.vote("10.0.0.1", scene.play("two"), "less")


def test_what_a_radio_begins_with_is_voted_for_as_soon_as_it_is_told() -> None:
    scene = Scene(delay_s=4.0)
    number = scene.play("one")
    scene.desk.vote("10.0.0.1", number, "more")
    assert scene.told == [Vote("rain", True)]


@pytest.mark.parametrize("number", [0, 99, True, "1", None, 1.5, [1]])
def test_only_what_plays_is_voted_for(number: object) -> None:
    scene = Scene()
    scene.play("one")
    assert scene.kind(scene.desk.vote, "10.0.0.1", number, "more") == "over"
    assert scene.kind(scene.desk.vote, "10.0.0.1", 1, "most") == "value"
    assert scene.told == []


def test_a_piece_that_is_long_over_is_not_voted_for() -> None:
    scene = Scene()
    first = scene.play("one")
    for n in range(LATE_PIECES):
        scene.play(f"another {n}")
    assert scene.kind(scene.desk.vote, "10.0.0.1", first, "more") == "over"
    assert scene.kind(scene.desk.vote, "10.0.0.1", scene.play("of no mood", mood=""), "more") == "mood"


def test_a_network_of_ipv6_is_one_listener_and_a_mapped_address_the_same() -> None:
    scene = Scene()
    number = scene.play("one")
    scene.desk.vote("2001:db8::1", number, "more")
    assert scene.kind(scene.desk.vote, "2001:db8::ffff:2", number, "more") == "twice"
    scene.desk.vote("2001:db8:0:1::1", number, "more")
    scene.desk.vote("::ffff:10.0.0.1", number, "more")
    assert scene.kind(scene.desk.vote, "10.0.0.1", number, "more") == "twice"


def test_an_address_has_so_many_requests_an_hour() -> None:
    scene = Scene()
    for n in range(REQUESTS_PER_HOUR):
        assert scene.desk.request("10.0.0.1", f"rain  {n}\n") == (f"rain {n}", n + 1)
    assert scene.kind(scene.desk.request, "10.0.0.1", "more rain") == "rate"
    scene.desk.request("10.0.0.2", "more rain")
    scene.now_s = HOUR_S
    scene.desk.request("10.0.0.1", "still more rain")
    assert [one.prompt for one in scene.told] == ["rain 0", "rain 1", "rain 2", "more rain", "still more rain"]


def test_only_so_many_wait_until_the_programme_takes_them() -> None:
    scene = Scene()
    for n in range(MOST_WAITING):
        scene.desk.request(f"10.0.0.{n}", f"rain {n}")
    assert scene.kind(scene.desk.request, "10.0.1.1", "snow") == "full"
    assert len(scene.desk.waiting) == MOST_WAITING
    # The studio has them, and plays the first.
    prompts = tuple(f"rain {n}" for n in range(MOST_WAITING))
    scene.desk.follow(ProgrammeState(requested=prompts[0], waiting=prompts[1:]))
    assert scene.desk.waiting == prompts[1:]
    assert scene.kind(scene.desk.request, "10.0.1.1", "rain 0") == "waits"
    assert scene.kind(scene.desk.request, "10.0.1.1", "rain 5") == "waits"
    scene.desk.request("10.0.1.1", "snow")


@pytest.mark.parametrize("prompt", [None, 7, ["rain"], "", " \n\t", "\x00", "\u200b\u200b", "\u0301" * 200, "\u202e"])
def test_a_request_that_says_nothing(prompt: object) -> None:
    scene = Scene()
    assert scene.kind(scene.desk.request, "10.0.0.1", prompt) == "empty"
    assert scene.kind(scene.desk.request, "10.0.0.1", "x" * (MOST_CHARACTERS + 1)) == "long"


def test_a_request_turns_nothing_round_beyond_itself() -> None:
    scene = Scene()
    assert scene.desk.request("10.0.0.1", "rain \u202eevil\u2066") == ("rain evil", 1)
    # What belongs to letters stays.
    assert scene.desk.request("10.0.0.1", "می\u200cخواهم 👩\u200d💻 café")[0] == "می\u200cخواهم 👩\u200d💻 café"


@given(st.text(max_size=MOST_CHARACTERS))
def test_whatever_is_written_is_passed_on_in_one_line_or_refused(text: str) -> None:
    scene = Scene()
    try:
        scene.desk.request("10.0.0.1", text)
    except Refusal:
        assert scene.told == []
        return
    (told,) = scene.told
    assert isinstance(told, MusicRequest)
    assert told.prompt == told.prompt.strip() != ""
    assert len(told.prompt.splitlines()) == 1
    told.prompt.encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "polka",
        "a POLKA, please",
        "pólka",
        "ｐｏｌｋａ",
        "p0lk4",
        "po\u200blka!",
        "(polka)",
        "big-band swing",
        "B1G  b4nd",
        "b!g band!",
    ],
)
def test_unwanted_words_are_found_however_they_are_dressed(text: str) -> None:
    assert WordFilter(["Polka", "big band"]).finds(text)
    scene = Scene("polka", "big band")
    assert scene.kind(scene.desk.request, "10.0.0.1", text) == "words"


@pytest.mark.parametrize("text", ["polkas of Prague", "big jazz band", "lofi, 80 bpm", "", "0"])
def test_other_words_are_not(text: str) -> None:
    assert not WordFilter(["Polka", "big band", "", " - "]).finds(text)
    assert not WordFilter([]).finds(text)
