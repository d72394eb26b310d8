# SPDX-License-Identifier: GPL-3.0-or-later
"""The prompt page is asked over HTTP as a browser and as other programs ask it; no other web site's page may."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from engine.fragments.page import FOLDER, FragmentsPage
from engine.serving.listening import listening_socket
from engine.serving.pages import PageServer
from tests.engine.fragments.making import until
from tests.engine.fragments.staging import Stage

TOKEN = "a-token;that&nobody=guesses"


@contextlib.contextmanager
def paged(stage: Stage, token: str = "") -> Iterator[PageServer]:
    page = FragmentsPage(stage.station)
    listening = listening_socket("127.0.0.1", 0, token=token, way_out="")
    server = PageServer({"/fragments": page.app, "/radio": PlainTextResponse("on air")}, listening, token=token)
    server.open()
    try:
        yield server
    finally:
        page.close()
        server.close()


def client_of(server: PageServer, **more: Any) -> httpx.Client:
    return httpx.Client(base_url=server.url.partition("?")[0], trust_env=False, timeout=30.0, **more)


@pytest.fixture
def http(stage: Stage) -> Iterator[httpx.Client]:
    with paged(stage) as server, client_of(server) as client:
        yield client


def listen(http: httpx.Client, heard: list[tuple[str, Any]], is_over: Callable[[], bool]) -> None:
    """Collect the events of a stream until it ends, or enough was heard."""
    with http.stream("GET", "events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                heard.append((name, json.loads(line.removeprefix("data: "))))
            if is_over():
                return


def test_the_page_asks_nothing_of_others(http: httpx.Client) -> None:
    root = http.base_url.copy_with(path="/")
    assert http.get(root, follow_redirects=True).text == (FOLDER / "fragments.html").read_text(encoding="utf-8")
    page = http.get("")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for name in ("fragments.css", "fragments.js"):
        file = http.get(name)
        assert file.status_code == 200
        assert not re.findall(r"(?:https?:)?//(?!www\.w3\.org)[a-z]", re.sub(r"(?m)^\s*//.*| // .*", "", file.text))
    assert not re.findall(r"(?:src|href)=\"(?!fragments\.|data:,)", page.text)
    assert http.get(root.join("/radio/")).text == "on air"
    assert http.get("/nothing").status_code == 404


def test_a_fragment_is_asked_for_told_and_heard(stage: Stage, http: httpx.Client) -> None:
    heard: list[tuple[str, Any]] = []
    listener = threading.Thread(target=listen, args=(http, heard, lambda: heard[-1:] and heard[-1][0] == "fact"))
    listener.start()
    until(lambda: heard)
    assert http.post("generate", json={"prompt": "soft rain"}).status_code == 204
    listener.join()
    fact = heard[-1][1]
    assert (fact["kind"], fact["slot"], fact["archived"], fact["prompt"]) == ("ready", 1, "output001.wav", "soft rain")
    state = http.get("state").json()
    slot = state["slots"][0]
    assert (slot["is_filled"], slot["prompt"], len(slot["peaks"])) == (True, "soft rain", 96)
    assert str(stage.station.folder.folder) not in http.get("state").text
    sound = http.get("slots/1/sound")
    assert sound.headers["content-type"] == "audio/wav"
    assert sound.content == stage.station.folder.path_of(1).read_bytes()
    assert http.get("slots/2/sound").status_code == 422


def test_slots_prompts_and_modes_are_set(stage: Stage, http: httpx.Client) -> None:
    stage.station.generate("wind")
    stage.wait_for(1)
    for path, body in (
        ("slots/2/freeze", {}),
        ("slots/3/freeze", {"frozen": False}),
        ("slots/3/prompt", {"prompt": "sea"}),
        ("taken/1", None),
        ("prompts", {"prompts": ["a", "b"]}),
    ):
        assert http.post(path, json=body).status_code == 204 if body is not None else http.post(path).status_code == 204
    state = stage.station.state()
    assert [one.is_frozen for one in state.slots] == [False, True, False]
    assert (state.slots[2].own_prompt, state.slots[0].is_taken, state.prompts) == ("sea", True, ("a", "b"))
    stage.maker.may.clear()
    assert http.post("mode", json={"mode": "every", "every_s": 1000}).status_code == 204
    until(lambda: len(stage.maker.asked) == 2)
    assert http.post("mode", json={"mode": "by-hand"}).status_code == 204
    assert http.post("stop").status_code == 204
    until(lambda: stage.station.is_idle)
    assert http.post("slots/1/clear").status_code == 204
    assert not stage.station.state().slots[0].is_filled


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("generate", {}, 422, "EmptyPrompt"),
        ("generate", {"prompt": 3}, 422, "WrongKind"),
        ("generate", {"prompt": "x", "slot": "1"}, 422, "WrongKind"),
        ("generate", {"prompt": "x", "slot": 99}, 422, "OutOfRange"),
        ("generate", [], 400, "refused"),
        ("taken/9", {}, 422, "OutOfRange"),
        ("slots/1/freeze", {"frozen": 1}, 422, "WrongKind"),
        ("mode", {"mode": "never"}, 422, "WrongKind"),
        ("mode", {"mode": "every", "every_s": True}, 422, "WrongKind"),
        ("mode", {"mode": "every", "every_s": 0}, 422, "OutOfRange"),
        ("mode", {"mode": "every", "every_s": 10**400}, 422, "OutOfRange"),
        ("mode", {"mode": "every", "every_s": -(10**400)}, 422, "OutOfRange"),
        ("taken/" + 5000 * "9", {}, 404, "refused"),
        ("slots/" + 5000 * "9" + "/clear", {}, 404, "refused"),
        ("prompts", {"prompts": "x"}, 422, "WrongKind"),
        ("slots/x/freeze", {}, 404, "refused"),
        ("nothing", {}, 404, "refused"),
        ("state", {}, 405, "refused"),
    ],
)
def test_what_cannot_be_is_refused(http: httpx.Client, path: str, body: object, status: int, kind: str) -> None:
    answer = http.post(path, json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["kind"]) == (status, kind)
    assert error["message"], "as JSON names it everywhere"


RUBBISH = (b"{", b"\xff", b'{"prompt": "\\ud83d"}', b'{"x": NaN}', b"[" * 50_000, b"x" * 70_000)


@pytest.mark.parametrize("content", RUBBISH)
def test_rubbish_is_refused(http: httpx.Client, content: bytes) -> None:
    assert http.post("generate", content=content).status_code in (400, 413)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:80", "Origin": "http://evil.example:80"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
    ],
)
def test_other_web_sites_pages_are_not_let_in(http: httpx.Client, headers: dict[str, str], status: int) -> None:
    assert http.post("stop", headers=headers).status_code == status


def test_its_own_page_is_let_in(http: httpx.Client) -> None:
    port = http.base_url.port
    for name in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert http.post("stop", headers={"Host": name, "Origin": f"http://{name}"}).status_code == 204


def test_with_a_token_the_first_address_opens_and_the_cookie_from_then_on(stage: Stage) -> None:
    with paged(stage, TOKEN) as server, client_of(server) as http:
        assert http.get("state").status_code == 401
        assert http.get("", params={"token": "wrong"}).status_code == 401
        assert http.post("stop", params={"token": TOKEN}).status_code == 401
        opened = http.get(server.url)
        assert (opened.status_code, opened.headers["location"]) == (303, "/fragments/")
        cookie = opened.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in http.get("").text
        assert http.get("state").status_code == 200
        assert http.post("stop", headers={"Origin": "http://evil.example"}).status_code == 403
        assert http.post("stop", headers={"Host": "tablet.local", "Origin": "http://tablet.local"}).status_code == 204
    with paged(stage, TOKEN) as server, client_of(server) as http:
        assert http.post("stop", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 204
        assert http.post("stop", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert http.get("state", headers={"Cookie": "infiniloop=wrong"}).status_code == 401


def test_a_listener_that_goes_is_forgotten_and_the_end_comes_soon(stage: Stage) -> None:
    with paged(stage) as server, client_of(server) as http:
        heard: list[tuple[str, Any]] = []
        listen(http, heard, lambda: True)
        with http.stream("GET", "events") as stream:
            assert next(stream.iter_lines()) == "event: state"
            server_port = http.base_url.port
            # One that breaks off rudely.
            with socket.create_connection(("127.0.0.1", server_port or 0)) as rude:
                rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                rude.sendall(f"GET /fragments/events HTTP/1.1\r\nHost: 127.0.0.1:{server_port}\r\n\r\n".encode())
                assert rude.recv(15).startswith(b"HTTP/1.1 200")
            stage.station.generate("wind")
            stage.wait_for(1)
            assert http.get("state").status_code == 200


def words_in(script: str, language: str) -> set[str]:
    """Return the names of what the page's script can say in a language."""
    found = re.search(rf"\n  {language}: \{{(.*?)\n  \}},", script, re.DOTALL)
    assert found
    return set(re.findall(r"(\w+):", re.sub(r'"[^"]*"|`[^`]*`', "", found[1])))


def test_every_word_of_the_page_is_in_both_languages() -> None:
    script = (FOLDER / "fragments.js").read_text(encoding="utf-8")
    english, italian = words_in(script, "en"), words_in(script, "it")
    assert len(english) > 20
    assert english <= italian
    assert italian - english == {"AllSlotsFrozen", "SlotFrozen", "EmptyPrompt"}, "errors say it in English themselves"
    page = (FOLDER / "fragments.html").read_text(encoding="utf-8")
    assert set(re.findall(r'data-say="(\w+)"', page)) <= english
    assert set(re.findall(r'at\("(\w+)"\)', script)) <= set(re.findall(r'id="(\w+)"', page))
