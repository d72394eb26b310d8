# SPDX-License-Identifier: GPL-3.0-or-later
"""In a real browser listeners vote and ask for music on the radio's page, where the radio takes that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from engine.broadcast.desk import MOST_CHARACTERS, REQUESTS_PER_HOUR
from engine.values.radio import MusicRequest, ProgrammeState, RadioPlan, Vote
from tests.chromium import Chromium, Page
from tests.e2e.on_air import OnAir

READY = "!document.querySelector('#votes').hidden && !document.querySelector('#asking').hidden"
SIGNS = {"more": ("+", "Equal", 187), "less": ("-", "Minus", 189)}
LONG = "a prompt with as many words as anybody who likes to write would want to say of music " * 2
_pieces = count(1)
_listeners = count(1)


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnAir]:
    folder = tmp_path_factory.mktemp("radio")
    plan = RadioPlan(takes_votes=True, takes_requests=True, filtered_words=("polka",))
    with (folder / "radio.log").open("w", encoding="utf-8") as log, OnAir(folder / "kept", log, plan=plan) as one:
        yield one


@pytest.fixture(scope="module")
def only_page(browser: Chromium, radio: OnAir) -> Page:
    return browser.page()


@pytest.fixture
def page(only_page: Page, radio: OnAir) -> Page:
    """Return the page of a listener whom the radio does not know, in English, with a piece that has no vote yet."""
    # As a web server before the radio would say: each test has an address of its own.
    forwarded = {"X-Forwarded-For": f"10.1.0.{next(_listeners)}"}
    only_page.call("Network.setExtraHTTPHeaders", headers=forwarded)
    only_page.size(1280, 800)
    only_page.prefer(prefers_color_scheme="dark")
    only_page.open(radio.url)
    only_page.js("localStorage.clear()")
    only_page.open(radio.url)
    # None of an earlier test waits, or is on its way.
    radio.follow(ProgrammeState(waiting=tuple(one.prompt for one in radio.asked() if isinstance(one, MusicRequest))))
    radio.follow(ProgrammeState())
    begin(only_page, radio, mood="dusk")
    only_page.until(READY)
    only_page.faults.clear()
    only_page.asked.clear()
    radio.asked()
    return only_page


def begin(page: Page, radio: OnAir, *, mood: str = "", prompt: str = "", is_requested: bool = False) -> int:
    """Begin another piece, wait until the page shows it, and return its number."""
    title = f"Piece {next(_pieces)}"
    radio.begin(title, prompt=prompt, mood=mood, is_requested=is_requested)
    is_shown = f"document.querySelector('#title').innerText === '{title}'"
    return int(page.until(f"{is_shown} && /No. (\\d+)/.exec(document.querySelector('#facts').innerText)?.[1]"))


def pressed(page: Page) -> dict[str, tuple[str, str]]:
    """Return of both buttons whether they are pressed, and whether they are disabled."""
    return {
        name: (
            page.js(f"document.querySelector('#{name}').ariaPressed"),
            page.js(f"document.querySelector('#{name}').ariaDisabled"),
        )
        for name in ("more", "less")
    }


def ask(page: Page, words: str) -> None:
    page.click("#wanted")
    page.js("document.querySelector('#wanted').select()")
    page.call("Input.insertText", text=words)
    page.press("Enter", "Enter", 13, "\r")


def refusals(page: Page) -> list[str]:
    """Return what the console said, but for the statuses of what was refused."""
    return [one for one in page.faults if not re.search(r"status of (409|422|429|503)", one)]


def test_a_radio_that_takes_neither_shows_neither(browser: Chromium, tmp_path: Path) -> None:
    with (tmp_path / "radio.log").open("w", encoding="utf-8") as log, OnAir(tmp_path / "kept", log) as radio:
        page = browser.page()
        try:
            page.open(radio.url)
            radio.begin("Slow Ferry", mood="dusk")
            page.until("document.querySelector('#people').innerText && document.querySelector('#title').innerText")
            page.press("+", "Equal", 187, "+")
            assert [page.js(f"document.querySelector('#{one}').offsetHeight") for one in ("votes", "asking")] == [0, 0]
            assert not [one for one in page.asked if one.endswith(("/vote", "/requests"))]
            assert page.faults == []
        finally:
            page.close()


@pytest.mark.parametrize("value", ["more", "less"])
def test_a_vote_is_of_the_piece_that_plays_and_holds_until_the_next(page: Page, radio: OnAir, value: str) -> None:
    other = {"more": "less", "less": "more"}[value]
    assert pressed(page) == {"more": ("false", "false"), "less": ("false", "false")}
    page.click(f"#{value}")
    page.until("document.querySelector('#voted').innerText.startsWith('Noted')")
    assert radio.asked() == [Vote("dusk", is_more=value == "more")]
    voted = {value: ("true", "true"), other: ("false", "true")}
    assert pressed(page) == voted
    # Neither another vote, nor a page that is opened anew, counts twice.
    page.click(f"#{other}")
    page.open(radio.url)
    page.until(READY)
    page.until(f"document.querySelector('#{value}').ariaPressed === 'true'")
    page.click(f"#{other}")
    assert pressed(page) == voted
    begin(page, radio, mood="dawn")
    assert pressed(page) == {"more": ("false", "false"), "less": ("false", "false")}
    page.click(f"#{other}")
    page.until("document.querySelector('#voted').innerText.startsWith('Noted')")
    assert radio.asked() == [Vote("dawn", is_more=value != "more")]
    assert page.text("#toast") == ""
    assert page.faults == []


@pytest.mark.parametrize("value", ["more", "less"])
def test_keys_vote_but_not_where_one_writes(page: Page, radio: OnAir, value: str) -> None:
    sign, code, number = SIGNS[value]
    page.js("document.querySelector('#wanted').focus()")
    page.press(sign, code, number, sign)
    assert page.js("document.querySelector('#wanted').value") == sign
    # The space bar writes a space there.
    page.press(" ", "Space", 32, " ")
    assert page.js("document.querySelector('#wanted').value") == f"{sign} "
    assert page.js("document.documentElement.dataset.state") == "paused"
    assert pressed(page)[value] == ("false", "false")
    page.js("document.activeElement.blur()")
    page.press(sign, code, number, sign)
    page.until("document.querySelector('#voted').innerText.startsWith('Noted')")
    assert radio.asked() == [Vote("dusk", is_more=value == "more")]
    assert pressed(page)[value] == ("true", "true")
    assert sign in page.js(f"document.querySelector('#{value}').title")


def test_a_piece_of_no_mood_has_no_vote(page: Page, radio: OnAir) -> None:
    begin(page, radio)
    assert pressed(page) == {"more": ("false", "true"), "less": ("false", "true")}
    page.click("#more")
    assert "no mood" in page.js("document.querySelector('#more').title")
    assert not [one for one in page.asked if one.endswith("/vote")]


def test_who_voted_by_another_device_of_the_house_is_told_so(page: Page, radio: OnAir) -> None:
    headers = {"X-Forwarded-For": "10.9.0.1"}
    page.call("Network.setExtraHTTPHeaders", headers=headers)
    number = begin(page, radio, mood="dusk")
    vote = {"value": "more", "number": number}
    assert httpx.post(f"{radio.url}vote", json=vote, headers=headers, trust_env=False).status_code == 200
    page.click("#less")
    page.until("document.querySelector('#toast').innerText === 'A vote from your network was counted for this piece.'")
    assert pressed(page) == {"more": ("false", "true"), "less": ("false", "true")}
    assert refusals(page) == []


def test_a_request_is_told_its_place_until_it_is_heard(page: Page, radio: OnAir) -> None:
    radio.follow(ProgrammeState(waiting=("slow cello", "rain on a roof")))
    page.until("document.querySelectorAll('#waiting li').length === 2")
    ask(page, "  warm rhodes,\tsnow ")
    page.until("document.querySelector('#asked').innerText === 'Thank you. You are 3rd.'")
    assert radio.asked() == [MusicRequest("warm rhodes, snow")]
    assert page.js("document.querySelector('#wanted').value") == ""
    assert page.js("document.activeElement.id") == "wanted"
    assert page.text("#waiting").splitlines() == ["slow cello", "rain on a roof", "warm rhodes, snow yours"]

    radio.follow(ProgrammeState(requested="rain on a roof", waiting=("warm rhodes, snow",)))
    page.until("document.querySelector('#asked').innerText === 'Thank you. Yours comes next.'")
    assert page.text("#coming") == "On its way: “rain on a roof”"
    radio.follow(ProgrammeState(requested="warm rhodes, snow"))
    page.until("document.querySelector('#asked').innerText === 'Yours is on its way.'")
    begin(page, radio, prompt="warm rhodes, snow", is_requested=True)
    page.until("document.querySelector('#asked').innerText === 'This one is yours. Enjoy it.'")
    assert (page.text("#coming"), page.text("#waiting")) == ("", "")
    assert "a listener’s request" in page.text("#facts")
    radio.follow(ProgrammeState())
    begin(page, radio, mood="dusk")
    page.until("document.querySelector('#asked').innerText === ''")
    assert page.faults == []


def test_what_others_wrote_is_text_and_many_are_counted(page: Page, radio: OnAir) -> None:
    attack = "<img src=x onerror=document.title='taken'>"
    radio.follow(ProgrammeState(requested=attack, waiting=(attack, *(f"rain {n}" for n in range(7)))))
    page.until("document.querySelector('#waiting-more').innerText === 'and 3 more'")
    assert page.text("#waiting").splitlines()[0] == attack
    assert page.text("#coming") == f"On its way: “{attack}”"
    assert page.js("document.querySelectorAll('.ground img').length") == 0


def test_what_is_refused_is_said_in_the_language_of_the_page(page: Page, radio: OnAir) -> None:
    def told(words: str, english: str, italian: str, *, then: str = "") -> None:
        ask(page, words)
        page.until(f"document.querySelector('#asked').innerText === {english!r}")
        page.click("#language")
        assert page.text("#asked") == italian
        page.click("#language")
        # What is wrong can be mended, and writing on clears the sentence.
        assert page.js("document.querySelector('#wanted').value") == words
        page.js("document.querySelector('#wanted').focus()")
        page.call("Input.insertText", text="x")
        assert page.text("#asked") == then

    radio.follow(ProgrammeState(waiting=("slow cello",)))
    page.until("document.querySelectorAll('#waiting li').length === 1")
    told("", "Write what you would like to hear.", "Scrivi che cosa vorresti ascoltare.")
    told(
        "a loud p0lka",
        "A word of that is not played here: say it in others.",
        "Una parola di queste qui non si suona: dillo con altre.",
    )
    told("slow cello", "That is in the queue, or on, already.", "È già in coda, o già in onda.")
    radio.follow(ProgrammeState(waiting=tuple(f"rain {n}" for n in range(20))))
    page.until("document.querySelector('#waiting-more').innerText === 'and 15 more'")
    told(
        "one more, please",
        "The queue is full: come back in a few minutes.",
        "La coda è piena: torna tra qualche minuto.",
    )
    radio.follow(ProgrammeState())
    page.until("document.querySelectorAll('#waiting li').length === 0")
    for n in range(REQUESTS_PER_HOUR):
        ask(page, f"snow {n}")
        page.until("document.querySelector('#asked').innerText.startsWith('Thank you')")
        page.until("document.querySelector('#wanted').value === ''")
    told(
        "still more snow",
        "You have asked a lot: there is room for your next one in 60 minutes.",
        "Hai chiesto molto: per la prossima c’è posto tra 60 minuti.",
        then=f"Thank you. You are {REQUESTS_PER_HOUR}rd.",
    )
    # More than the longest cannot be typed.
    page.js("document.querySelector('#wanted').value = ''")
    ask(page, "rain " * 60)
    assert page.js("document.querySelector('#wanted').value.length") == MOST_CHARACTERS
    assert refusals(page) == []


def test_a_radio_that_is_away_is_said_and_what_was_written_stays(browser: Chromium, tmp_path: Path) -> None:
    plan = RadioPlan(takes_votes=True, takes_requests=True)
    with (tmp_path / "radio.log").open("w", encoding="utf-8") as log, OnAir(tmp_path / "kept", log, plan=plan) as radio:
        page = browser.page()
        try:
            page.open(radio.url)
            begin(page, radio, mood="dusk")
            page.until(READY)
            radio.kill()
            ask(page, "slow cello")
            page.until("document.querySelector('#asked').innerText.startsWith('The radio is out of reach')")
            page.click("#more")
            page.until("document.querySelector('#toast').innerText.startsWith('The radio is out of reach')")
            assert pressed(page) == {"more": ("false", "false"), "less": ("false", "false")}
            assert page.js("document.querySelector('#wanted').value") == "slow cello"
            radio.start_again()
            radio.begin("Piece again", mood="dusk")
            page.until("document.querySelector('#title').innerText === 'Piece again'")
            page.click("#send")
            page.until("document.querySelector('#asked').innerText === 'Thank you. Yours comes next.'")
            page.click("#more")
            page.until("document.querySelector('#voted').innerText.startsWith('Noted')")
            assert radio.asked() == [MusicRequest("slow cello"), Vote("dusk", is_more=True)]
        finally:
            page.close()


def test_nothing_moves_for_votes_or_answers(page: Page, radio: OnAir) -> None:
    places = (
        "JSON.stringify(['#title', '#play', '#less', '#more', '#volume', '#wanted', '#waiting', '#history-title']"
        ".map((one) => { const box = document.querySelector(one).getBoundingClientRect();"
        "return [one, box.x, box.y + scrollY, box.width]; }))"
    )
    page.prefer(prefers_reduced_motion="reduce")
    for width, height in ((1280, 800), (360, 740)):
        page.size(width, height, is_phone=width < 900)
        begin(page, radio, mood="dusk")
        before = page.js(places)
        page.click("#more")
        page.until("document.querySelector('#more').ariaPressed === 'true'")
        ask(page, "a polka")
        page.until("document.querySelector('#asked').innerText.startsWith('A word of that')")
        assert page.js(places) == before
        page.click("#language")
        page.click("#language")
        assert page.js(places) == before


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 740), (844, 390), (1024, 600), (2560, 1440)])
def test_votes_and_requests_fit_every_screen(page: Page, radio: OnAir, width: int, height: int) -> None:
    page.size(width, height, is_phone=width < 900)
    radio.follow(ProgrammeState(requested=LONG, waiting=("x" * 200, LONG)))
    page.until("document.querySelectorAll('#waiting li').length === 2")
    for _ in ("en", "it"):
        page.click("#language")
        assert what_does_not_fit(page) == []
        assert page.js("document.documentElement.scrollWidth <= innerWidth") is True


def what_does_not_fit(page: Page) -> list[str]:
    """Return what is over the edge, over something else, or too small to be pressed or read."""
    found: list[str] = page.js(
        """(() => {
          const names = ["#less", "#play", "#more", "#volume", "#wanted", "#send", "#asked", "#coming", "#waiting",
            "#history-title"];
          const boxes = names.map((name) => [name, document.querySelector(name).getBoundingClientRect()]);
          const wrong = boxes.filter(([, one]) => one.left < 0 || one.right > innerWidth + 1).map(([name]) => name);
          for (const [i, [name, a]] of boxes.entries()) for (const [other, b] of boxes.slice(i + 1)) {
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 1 && down > 1) wrong.push(`${name} ${other}`);
          }
          for (const [name, box] of boxes) {
            const one = document.querySelector(name);
            if (["BUTTON", "INPUT"].includes(one.tagName) && (box.height < 44 || one.scrollWidth > one.clientWidth + 1))
              wrong.push(`${name} is small`);
          }
          return wrong;
        })()"""
    )
    return found


def test_keys_and_screen_readers_reach_both(page: Page) -> None:
    reached = []
    page.js("document.querySelector('#play').focus()")
    for _ in range(6):
        page.press("Tab", "Tab", 9)
        reached.append(page.js("document.activeElement.id"))
        assert page.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == ["less", "more", "volume", "hedgehog", "wanted", "send"]
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    told = {(one["role"]["value"], one.get("name", {}).get("value", "")) for one in nodes if not one["ignored"]}
    assert {
        ("group", "Your vote for what plays"),
        ("button", "More like this"),
        ("button", "Less like this"),
        ("textbox", "What would you like to hear?"),
        ("button", "Send"),
    } <= told
    assert page.js("document.querySelector('#asked').role") == "status"
    assert page.js("document.querySelector('#voted').role") == "status"
    # Who presses by keys keeps the place.
    page.js("document.querySelector('#more').focus()")
    page.press("Enter", "Enter", 13, "\r")
    page.until("document.querySelector('#more').ariaPressed === 'true'")
    assert page.js("document.activeElement.id") == "more"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_what_is_asked_can_be_read(page: Page, radio: OnAir, scheme: str) -> None:
    page.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    radio.follow(ProgrammeState(requested="slow cello", waiting=("rain",)))
    page.until("document.querySelectorAll('#waiting li').length === 1")
    ask(page, f"{scheme} snow")
    page.until("document.querySelectorAll('#waiting li').length === 2")
    lowest = page.js(
        """(() => {
          const light = (text) => {
            const parts = text.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
              .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
          };
          const style = (name, part) => getComputedStyle(document.querySelector(name), part);
          const ground = style(".ground").backgroundColor;
          return Math.min(...[["#asked"], ["#coming"], ["#waiting"], ["#waiting .note"], ["#wanted"], ["#send"],
            ["#wanted", "::placeholder"]].map(([name, part]) => {
              const [dim, bright] = [light(style(name, part).color), light(ground)].sort((x, y) => x - y);
              return (bright + 0.05) / (dim + 0.05);
            }));
        })()"""
    )
    assert lowest >= 4.5
