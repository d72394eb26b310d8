# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners ask by HTTP for what is switched on, and control is for those with the token."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from engine.values.radio import AirPiece, MoodChoice, MusicRequest, ProgrammeState, RadioPlan, Skip, Vote
from tests.engine.broadcast.airing import Airing

TOKEN = "a-token-that-nobody-guesses"
PROGRAMME = ProgrammeState("rain", moods=("rain", "night"), waiting=("bells",))


def asked(airing: Airing, path: str, said: object = None, **headers: str) -> tuple[int, Any]:
    """Ask for a path, with a body where there is one; return the status, and what was answered."""
    body = None if said is None else said if isinstance(said, bytes) else json.dumps(said).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(airing.url + path, body, names)
    try:
        with urllib.request.urlopen(request, timeout=10.0) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def on_air(**plan: Any) -> Airing:
    airing = Airing(RadioPlan(port=0, **plan))
    airing.transmitter.log.expect(0, AirPiece("one", key="one", mood="rain"))
    airing.server.follow(PROGRAMME)
    return airing


@pytest.fixture(scope="module")
def public() -> Iterator[Airing]:
    with on_air(token=TOKEN, is_public=True, takes_votes=True, takes_requests=True) as airing:
        airing.fill()
        yield airing


def test_a_vote_and_a_request_are_passed_on(public: Airing) -> None:
    number = asked(public, "/current")[1]["number"]
    assert asked(public, "/vote", {"value": "more", "number": number}) == (
        200,
        {"number": number, "mood": "rain", "value": "more"},
    )
    status, said = asked(public, "/vote", {"value": "more", "number": number})
    assert (status, said["error"]["kind"]) == (409, "twice")
    assert asked(public, "/requests", {"prompt": " rain \n on tin"}) == (202, {"place": 2, "prompt": "rain on tin"})
    assert asked(public, "/requests")[1]["waiting"] == ["bells", "rain on tin"]
    assert public.asks == [Vote("rain", True), MusicRequest("rain on tin")]


def test_who_follows_is_told_what_waits(public: Airing) -> None:
    waiting = asked(public, "/requests")[1]["waiting"]
    with httpx.stream("GET", f"{public.url}/events", trust_env=False) as answer:
        lines = answer.iter_lines()
        # What came a moment ago may be told a moment later.
        told = (json.loads(data[6:]) for event, data in pairwise(lines) if event == "event: requests")
        assert {"on": None, "waiting": waiting} in told
        assert asked(public, "/requests", {"prompt": "hail"}, X_Forwarded_For="10.8.0.1")[0] == 202
        assert {"on": None, "waiting": [*waiting, "hail"]} in told


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"7", b"{", b"\xff\xfe", b'{"prompt": NaN}', b"[" * 3000, b'{"prompt": "\\ud800"}', b"x" * 5000],
)
def test_bodies_that_are_none_are_refused_in_a_sentence(public: Airing, body: bytes) -> None:
    n_told = len(public.asks)
    for path in ("/vote", "/requests"):
        status, said = asked(public, path, body)
        assert status in (400, 413, 422)
        assert said["error"]["message"].endswith(".")
    assert len(public.asks) == n_told


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1.evil.example", ""])
def test_other_sites_pages_do_not_speak_for_listeners(public: Airing, origin: str) -> None:
    n_told = len(public.asks)
    for path in ("/vote", "/requests"):
        status, said = asked(public, path, {"value": "more", "number": 1, "prompt": "snow"}, Origin=origin)
        assert status == 403
        assert said["error"]["message"] == "Other web sites’ pages are not let in."
    assert len(public.asks) == n_told


def test_the_own_page_does(public: Airing) -> None:
    assert asked(public, "/requests", {"prompt": "snow"}, Origin=public.url)[0] == 202


def test_control_is_for_those_with_the_token(public: Airing) -> None:
    n_told = len(public.asks)
    for path, said in (("/control/skip", {}), ("/control/mood", {"title": "night"})):
        assert asked(public, path, said)[0] == 401
        assert asked(public, path, said, Authorization="Bearer wrong")[0] == 401
        assert asked(public, path, said, Authorization=f"Bearer {TOKEN}", Origin="http://evil.example")[0] == 403
    assert len(public.asks) == n_told
    shown = {"Authorization": f"Bearer {TOKEN}"}
    assert asked(public, "/control/skip", b"", **shown) == (202, {"skipped": "piece"})
    assert asked(public, "/control/skip", {"what": "mood"}, **shown) == (202, {"skipped": "mood"})
    assert asked(public, "/control/mood", {"title": " NIGHT"}, **shown) == (202, {"mood": "night"})
    assert public.asks[n_told:] == [Skip(), Skip(is_mood=True), MoodChoice("night")]
    status, said = asked(public, "/control/mood", {"title": ["night"]}, **shown)
    assert (status, said["error"]["message"]) == (422, "“title” names one of these moods: rain, night.")
    assert asked(public, "/control/skip", {"what": "all"}, **shown)[0] == 422


def test_nothing_else_is_open_to_be_written_to(public: Airing) -> None:
    for path in ("/", "/current", "/vote/", "/requests/x", "/Vote"):
        assert asked(public, path, {"value": "more", "number": 1})[0] == 401


def test_who_asks_is_told_by_a_web_server_on_this_machine_that_passes_it_on(public: Airing) -> None:
    number = asked(public, "/current")[1]["number"]
    for forwarded, status in (("10.1.1.1", 200), ("10.1.1.1", 409), ("made-up, 10.1.1.1", 409), ("10.1.1.2", 200)):
        said = {"value": "less", "number": number}
        assert asked(public, "/vote", said, X_Forwarded_For=forwarded)[0] == status


def test_a_stream_that_is_passed_on_is_heard(public: Airing) -> None:
    request = urllib.request.Request(f"{public.url}/stream.mp3", headers={"X-Forwarded-For": "10.1.1.1"})
    with urllib.request.urlopen(request, timeout=10.0) as answer:
        assert len(answer.read(4000)) == 4000


def test_what_is_not_switched_on_is_said_to_be_off() -> None:
    with on_air() as airing:
        for path in ("/vote", "/requests"):
            status, said = asked(airing, path, {"value": "more", "number": 1, "prompt": "snow"})
            assert (status, said["error"]["kind"]) == (404, "off")
        assert said["error"]["message"] == "This radio takes no requests: it was started without --requests."
        assert asked(airing, "/control/skip", {})[0] == 202
        assert asked(airing, "/control/skip", {}, Origin="http://evil.example")[0] == 403
        current = asked(airing, "/current")[1]
        assert (current["votes"], current["requests"]) == (False, False)
        assert airing.asks == [Skip()]
