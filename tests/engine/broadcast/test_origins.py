# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of other sites read a radio where their origin was named, and nowhere else; none of them controls it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from engine.broadcast.forms import FORMS
from engine.broadcast.origins import origin_of
from engine.errors import NotAnOrigin
from engine.values.radio import RadioPlan
from tests.engine.broadcast.airing import Airing
from tests.engine.broadcast.streams import decoded

FRIEND, OTHER, TOKEN = "https://example.org", "https://example.com", "open-sesame"
TOLD = ("/current", "/current.mp3", "/history", "/events", "/hls/stream.m3u8")
STREAMS = tuple(form.path for form in FORMS)
OPEN = "access-control-allow-origin"


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airing]:
    hls = tmp_path_factory.mktemp("hls")
    plan = RadioPlan(port=0, allowed_origins=(FRIEND,), hls_folder=str(hls), takes_votes=True, takes_requests=True)
    with Airing(plan) as airing:
        airing.fill()
        airing.soon((hls / "stream.m3u8").exists)
        yield airing


def answer(airing: Airing, path: str, *, method: str = "GET", **headers: str) -> tuple[int, httpx.Headers, bytes]:
    """Return how a request is answered, and the first bytes of what comes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with (
        httpx.Client(base_url=airing.url, trust_env=False, timeout=10.0) as client,
        client.stream(method, path, headers=named) as told,
    ):
        return told.status_code, told.headers, b"" if method == "HEAD" else next(told.iter_raw(), b"")


@pytest.mark.parametrize("path", [*TOLD, *STREAMS])
def test_a_page_that_was_named_reads_what_plays(radio: Airing, path: str) -> None:
    status, headers, content = answer(radio, path, Origin=FRIEND)

    assert status in (200, 503 if path == "/current.mp3" else 200)
    assert headers[OPEN] == FRIEND
    assert headers["vary"] == "Origin"
    assert content
    # What a cache keeps for others is not what this page may read.
    assert answer(radio, path)[1]["vary"] == "Origin"
    assert OPEN not in answer(radio, path)[1]


def test_a_stream_is_the_same_stream(radio: Airing) -> None:
    with httpx.stream(
        "GET", f"{radio.url}/stream.mp3", headers={"Origin": FRIEND, "Icy-MetaData": "0"}, trust_env=False
    ) as told:
        parts = told.iter_raw()
        content = b"".join(next(parts) for _ in range(6))
    sound, rate = decoded(content)
    assert len(sound) / rate > 3.0
    assert np.abs(sound[rate:]).max() > 0.1
    exposed = told.headers["access-control-expose-headers"].split(", ")
    assert {"icy-name", "icy-metaint"} <= set(exposed)
    assert answer(radio, "/stream.mp3", method="HEAD", Origin=FRIEND)[1][OPEN] == FRIEND


@pytest.mark.parametrize("path", [*TOLD, *STREAMS])
def test_a_page_that_was_not_named_is_told_so_in_a_sentence(radio: Airing, path: str) -> None:
    for origin in (OTHER, f"{FRIEND}.example.com", "http://example.org", "null"):
        status, headers, content = answer(radio, path, Origin=origin)
        assert status == 403
        assert OPEN not in headers
        assert "Other web sites’ pages are not let in." in content.decode()


@pytest.mark.parametrize("path", ["/control/skip", "/control/mood", "/vote", "/requests"])
def test_nobody_else_asks_for_something(radio: Airing, path: str) -> None:
    n_asks = len(radio.asks)
    for origin in (FRIEND, OTHER):
        status, headers, _ = answer(radio, path, method="POST", Origin=origin)
        assert (status, OPEN in headers) == (403, False)
        asked = {"Origin": origin, "Access_Control_Request_Method": "POST"}
        status, headers, _ = answer(radio, path, method="OPTIONS", **asked)
        assert (status, OPEN in headers) == (403, False)
    assert len(radio.asks) == n_asks
    assert answer(radio, "/metrics", Origin=FRIEND)[0] == 403
    url = f"ws://127.0.0.1:{radio.port}/ws"
    with pytest.raises(InvalidStatus), connect(url, origin=Origin(FRIEND), proxy=None):
        pass


def test_a_name_that_leads_here_is_none_of_ours_for_a_page_that_was_named(radio: Airing) -> None:
    assert answer(radio, "/current", Origin=FRIEND, Host="evil.example")[0] == 403


@pytest.mark.parametrize("is_public", [False, True])
def test_who_was_named_shows_the_token_where_others_do(is_public: bool, tmp_path: Path) -> None:
    with Airing(RadioPlan(port=0, token=TOKEN, is_public=is_public, allowed_origins=(FRIEND,))) as airing:
        status, headers, _ = answer(airing, "/current", Origin=FRIEND)
        assert (status, headers[OPEN]) == (200 if is_public else 401, FRIEND)
        asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "authorization"}
        status, headers, _ = answer(airing, "/current", method="OPTIONS", Origin=FRIEND, **asked)
        assert (status, headers[OPEN]) == (200, FRIEND)
        assert "access-control-allow-credentials" not in headers
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert answer(airing, "/current", Origin=FRIEND, **bearer)[0] == 200
        assert answer(airing, "/stream.mp3", Origin=FRIEND, **bearer)[1][OPEN] == FRIEND
        assert OPEN not in answer(airing, "/current", Origin=OTHER, **bearer)[1]
        assert OPEN not in answer(airing, "/stream.mp3", Origin=OTHER, **bearer)[1]
        status, headers, _ = answer(airing, "/control/skip", method="POST", Origin=FRIEND, **bearer)
        assert (status, OPEN in headers) == (403, False)


def test_closed_unless_opened() -> None:
    with Airing(RadioPlan(port=0)) as airing:
        for path in ("/current", "/stream.mp3"):
            assert answer(airing, path, Origin=FRIEND)[0] == 403
            assert not {OPEN, "vary"} & set(answer(airing, path)[1])


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Example.org/", FRIEND),
        ("https://example.org:443", FRIEND),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://müsli.example", "https://xn--msli-0ra.example"),
    ],
)
def test_an_origin_is_as_browsers_write_it(text: str, origin: str) -> None:
    assert origin_of(text) == origin


NO_ORIGINS = (
    "* null example.org https:// https://*.example.org https://example.org/page ftp://example.org "
    "https://me@example.org https://example.org?a https://example.org:port https://[::1"
)


@pytest.mark.parametrize("text", ["", *NO_ORIGINS.split()])
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(NotAnOrigin):
        origin_of(text)
