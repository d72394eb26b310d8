# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio's page in a real browser: its words, hands, memory and manners."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.paths import RESOURCES
from tests.chromium import Chromium, Page
from tests.e2e.on_air import OnAir

SPACE = ("Space", 32, " ")
TOLD = "document.querySelector('#station').innerText === 'Test radio' && document.querySelector('#people').innerText"
"""All that the page is told at first has come."""
ATTACK = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"
MOODS = {"night": 2, "dawn": 6, "morning": 10, "afternoon": 15, "evening": 20}
"""An hour of each mood."""


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnAir]:
    folder = tmp_path_factory.mktemp("radio")
    with (folder / "radio.log").open("w", encoding="utf-8") as log, OnAir(folder / "kept", log) as one:
        one.begin("Slow Ferry", "Marlin & Moss", "lofi calm, 80 bpm")
        yield one


@pytest.fixture(scope="module")
def only_page(browser: Chromium, radio: OnAir) -> Page:
    page = browser.page()
    page.open(radio.url)
    return page


@pytest.fixture
def page(only_page: Page, radio: OnAir) -> Iterator[Page]:
    """Yield the page as it is the first time, in English; nothing may be wrong with it in the end."""
    only_page.js("localStorage.clear()")
    only_page.size(1280, 800)
    only_page.prefer(prefers_color_scheme="dark")
    only_page.open(radio.url)
    only_page.until(TOLD)
    only_page.faults.clear()
    yield only_page
    assert only_page.faults == []


def press_space(page: Page) -> None:
    code, number, text = SPACE
    page.press(text, code, number, text)


def state(page: Page) -> str:
    return str(page.js("document.documentElement.dataset.state"))


def until_state(page: Page, name: str) -> None:
    page.until(f"document.documentElement.dataset.state === '{name}'")


def named(page: Page) -> list[tuple[str, str]]:
    """Return role and name of all that a screen reader can go to."""
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    told = ((one["role"]["value"], one.get("name", {}).get("value", "")) for one in nodes if not one["ignored"])
    return [
        one
        for one in told
        if one[0] in ("button", "slider", "heading", "listitem", "status", "link", "image", "Canvas")
    ]


def test_it_says_what_is_on_the_air_and_who_listens(page: Page) -> None:
    assert page.text("#title") == "Slow Ferry"
    assert page.text("#artist") == "by Marlin & Moss"
    assert page.text("#prompt") == "“lofi calm, 80 bpm”"
    assert re.fullmatch(r"No. 1 · since \d{1,2}:\d\d\s[AP]M", page.text("#facts"))
    assert page.text("#station") == "Test radio"
    assert page.js("document.title") == "Slow Ferry · Test radio"
    page.until("document.querySelector('#people').innerText === 'No one is tuned in yet'")
    page.click("#play")
    page.until("document.querySelector('#people').innerText === '1 person is tuned in'")
    with httpx.stream("GET", page.js("location.href") + "stream.opus", trust_env=False):
        page.until("document.querySelector('#people').innerText === '2 people are tuned in'")
    page.until("document.querySelector('#people').innerText === '1 person is tuned in'")


def test_titles_are_text_whatever_they_hold_and_what_was_played_is_listed(page: Page, radio: OnAir) -> None:
    first = page.text("#title")
    radio.begin(ATTACK, ATTACK, ATTACK)
    page.until("document.querySelector('#prompt').innerText.includes('onerror')")
    assert page.text("#title") == ATTACK
    assert page.text("#prompt") == f"“{ATTACK}”"
    assert page.text("#live") == f"Now: {ATTACK}, by {ATTACK}"
    assert page.js("document.querySelectorAll('main img, main script, .ground img, .ground script').length") == 0
    assert first in page.text("#history")
    assert page.js("document.title") == f"{ATTACK} · Test radio"
    radio.begin("Slow Ferry", "Marlin & Moss", "lofi calm, 80 bpm")
    page.until("document.querySelector('#facts').innerText.includes('played before')")
    assert ATTACK in page.text("#history")
    assert page.js("document.querySelectorAll('.ground img, .ground script').length") == 0
    # All that it asked for is the radio's.
    assert {one for one in page.asked if not one.startswith(radio.url)} <= {"about:blank"}


def test_the_reserve_is_said_in_words(page: Page, radio: OnAir) -> None:
    assert page.text("#reserve") == ""
    radio.be_silent(True)
    page.until("document.querySelector('#reserve').innerText.startsWith('On reserve')")
    radio.be_silent(False)
    page.until("document.querySelector('#reserve').innerText === ''")


def test_the_space_bar_plays_and_pauses_wherever_it_means_nothing_else(page: Page) -> None:
    press_space(page)
    until_state(page, "playing")
    assert page.js("document.querySelector('#play').ariaLabel") == "Pause"
    page.js("document.querySelector('#volume').focus()")
    press_space(page)
    until_state(page, "paused")
    assert page.js("scrollY") == 0
    # On a button it presses the button, once.
    page.js("document.querySelector('#play').focus()")
    press_space(page)
    until_state(page, "playing")
    page.js("document.querySelector('#language').focus()")
    press_space(page)
    assert (state(page), page.text("#state")) == ("playing", "In onda")


def test_volume_language_and_hellos_are_kept(page: Page, radio: OnAir) -> None:
    page.js("document.querySelector('#volume').focus()")
    page.press("Home", "Home", 36)
    for _ in range(3):
        page.press("ArrowRight", "ArrowRight", 39)
    assert page.js("document.querySelector('#volume').getAttribute('aria-valuetext')") == "3 percent"
    page.click("#language")
    for _ in range(2):
        page.click("#hedgehog")
    assert page.text("#hellos") == "2 saluti"
    page.open(radio.url)
    page.until("document.querySelector('#people').innerText.includes('ascolto')")
    assert page.js("document.documentElement.lang") == "it"
    assert page.js("document.querySelector('#volume').value") == "3"
    assert page.js("document.querySelector('#volume').getAttribute('aria-valuetext')") == "3 per cento"
    assert page.text("#hellos") == "2 saluti"
    assert page.js("document.querySelector('#hedgehog').ariaLabel") == "Saluta il riccio"


def test_italian_where_the_browser_speaks_it_and_every_word_in_both(page: Page, radio: OnAir) -> None:
    words = page.js(
        """import("./words.js").then(async (it) => {
          const keys = (one, at = "") => typeof one === "object" && !Array.isArray(one)
            ? Object.entries(one).flatMap(([key, value]) => keys(value, `${at}.${key}`))
            : [[at, typeof one, Array.isArray(one) ? one.length : 0].join()];
          const found = [keys(it.say())];
          it.switchLanguage();
          found.push(keys(it.say()));
          return found;
        })"""
    )
    assert words[0] == words[1]
    assert len(words[0]) > 30
    page.js("localStorage.clear()")
    page.call("Emulation.setUserAgentOverride", userAgent="Mozilla/5.0", acceptLanguage="it-IT,it")
    try:
        page.open(radio.url)
        page.until("document.querySelector('#state').innerText === 'Premi ascolta, e lascia scorrere.'")
    finally:
        page.call("Emulation.setUserAgentOverride", userAgent="Mozilla/5.0", acceptLanguage="en-US,en")


def test_the_hundredth_hello_has_a_reward_that_stays(page: Page, radio: OnAir) -> None:
    page.js("localStorage.setItem('hellos', '98')")
    page.open(radio.url)
    page.js(
        "globalThis.n_hearts = 0;"
        "new MutationObserver((told) => told.forEach((one) => n_hearts += one.addedNodes.length))"
        ".observe(document.querySelector('#hearts'), { childList: true })"
    )
    seen = "getComputedStyle(document.querySelector('.fireflies')).display"
    page.click("#hedgehog")
    assert (page.text("#hellos"), page.text("#toast"), page.js(seen)) == ("99 hellos", "", "none")
    assert page.text("#answer") != ""
    assert page.js("n_hearts") == 1
    page.click("#hedgehog")
    assert page.text("#toast").startswith("A hundred hellos!")
    assert page.js(seen) == "inline"
    page.open(radio.url)
    page.until(f"{seen} === 'inline'")
    assert page.text("#toast") == ""


@pytest.mark.parametrize("mood", MOODS)
def test_each_hour_has_its_mood(page: Page, radio: OnAir, mood: str) -> None:
    ahead = (MOODS[mood] - dt.datetime.now(dt.UTC).hour + 12) % 24 - 12
    # POSIX counts to the west.
    page.call("Emulation.setTimezoneOverride", timezoneId=f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")
    page.open(radio.url)
    page.until(f"document.documentElement.dataset.mood === '{mood}'")
    dark, words = page.js("getComputedStyle(document.querySelector('.view')).backgroundImage"), page.text("#mood")
    assert words
    page.prefer(prefers_color_scheme="light")
    assert page.js("getComputedStyle(document.querySelector('.view')).backgroundImage") != dark
    assert lowest_contrast(page) >= 4.5
    page.prefer(prefers_color_scheme="dark")
    assert lowest_contrast(page) >= 4.5


def lowest_contrast(page: Page) -> float:
    """Return the least contrast of text with any colour that the sky, or the ground, has there (WCAG 2)."""
    return float(
        page.js(
            """(() => {
              const light = (text) => {
                const parts = text.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
                  .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
                return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
              };
              const style = (name) => getComputedStyle(document.querySelector(name));
              const sky = style(".view").backgroundImage.match(/rgb\\([^)]*\\)/g);
              const ground = style(".ground").backgroundColor;
              const pairs = ["#title", "#prompt", "#facts", "#state", "#mood", "#people", "#language"].flatMap((name) =>
                sky.map((one) => [style(name).color, one]));
              pairs.push([style("#history").color, ground], [style("#hellos").color, ground]);
              return Math.min(...pairs.map(([a, b]) => {
                const [dim, bright] = [light(a), light(b)].sort((x, y) => x - y);
                return (bright + 0.05) / (dim + 0.05);
              }));
            })()"""
        )
    )


def test_keys_reach_everything_and_screen_readers_are_told_all(page: Page) -> None:
    reached = []
    for _ in range(5):
        page.press("Tab", "Tab", 9)
        reached.append(page.js("document.activeElement.id || document.activeElement.className"))
        # Where the focus is, is seen.
        assert page.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == ["skip", "language", "play", "volume", "hedgehog"]
    told = named(page)
    assert {("button", "Play"), ("button", "Italiano"), ("slider", "Volume"), ("heading", "What was played")} <= set(
        told
    )
    assert ("button", "Say hello to the hedgehog") in told
    assert [one for one in told if one[0] in ("button", "slider", "link", "heading") and not one[1]] == []
    # Pictures say nothing that is not said in words.
    assert [one for one in told if one[0] in ("image", "Canvas")] == []
    assert page.js("document.querySelector('#live').getAttribute('aria-live')") == "polite"


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (844, 390), (1024, 600), (2560, 1440)])
def test_it_fits_every_screen(page: Page, width: int, height: int) -> None:
    page.size(width, height, is_phone=width < 900)
    overlaps = page.js(
        """(() => {
          const boxes = ["header", "#state", "#piece", "#facts", "#play", "#loudness", "#people", "#hedgehog"]
            .map((name) => [name, document.querySelector(name).getBoundingClientRect()]);
          const wrong = boxes.filter(([, one]) => one.left < 0 || one.right > innerWidth + 1).map(([name]) => name);
          for (const [i, [name, a]] of boxes.entries()) for (const [other, b] of boxes.slice(i + 1)) {
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 1 && down > 1) wrong.push(`${name} ${other}`);
          }
          return wrong;
        })()"""
    )
    assert overlaps == []
    assert page.js("document.documentElement.scrollWidth <= innerWidth") is True
    assert page.js("document.querySelector('#play').getBoundingClientRect().width") >= 64
    assert page.js("document.querySelector('#language').getBoundingClientRect().height") >= 44


def test_reduced_motion_is_respected(page: Page) -> None:
    moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
    page.click("#play")
    until_state(page, "playing")
    assert page.js(moving) > 0
    page.prefer(prefers_reduced_motion="reduce")
    page.click("#hedgehog")
    assert page.js(moving) == 0
    painted = """new Promise((done) => {
      const pen = document.querySelector('#wave').getContext('2d'), clear = pen.clearRect;
      let n = 0;
      pen.clearRect = (...given) => { n += 1; clear.apply(pen, given); };
      setTimeout(() => { delete pen.clearRect; done(n); }, 1500);
    })"""
    assert page.js(painted) <= 3
    page.prefer(prefers_reduced_motion="no-preference")
    assert page.js(painted) > 10


def test_it_can_be_installed_and_the_lock_screen_knows_it(page: Page, radio: OnAir) -> None:
    manifest = page.call("Page.getAppManifest")
    assert manifest["errors"] == []
    # The windows of tests keep nothing, and so have nothing to install it in.
    refused = [one["errorId"] for one in page.call("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert refused == ["in-incognito"]
    shown = page.js(
        "(({ title, artist, album, artwork }) => ({ title, artist, album, art: artwork.map((one) => one.src) }))"
        "(navigator.mediaSession.metadata)"
    )
    assert (shown["title"], shown["artist"], shown["album"]) == (page.text("#title"), "Marlin & Moss", "Test radio")
    for address in shown["art"]:
        picture = httpx.get(address, trust_env=False)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert page.js("navigator.mediaSession.playbackState") == "paused"
    page.click("#play")
    until_state(page, "playing")
    assert page.js("navigator.mediaSession.playbackState") == "playing"


def test_a_token_in_the_address_is_enough(browser: Chromium, tmp_path: Path) -> None:
    with (tmp_path / "radio.log").open("w", encoding="utf-8") as log, OnAir(tmp_path, log, token="a" * 32) as guarded:
        page = browser.page()
        try:
            page.open(guarded.url)
            assert page.js("location.search") == ""
            page.until(TOLD)
            page.click("#play")
            until_state(page, "playing")
            page.until("document.querySelector('#people').innerText === '1 person is tuned in'")
            assert page.call("Page.getAppManifest")["data"] != ""
            assert page.faults == []
        finally:
            page.close()


def test_the_page_has_no_script_or_style_of_its_own() -> None:
    html = (RESOURCES / "radio/index.html").read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?://", html) == []
