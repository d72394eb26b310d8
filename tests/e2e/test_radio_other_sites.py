# SPDX-License-Identifier: GPL-3.0-or-later
"""In a real browser the page of another site that was named hears the radio and reads what plays, and no other does."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from engine.values.radio import RadioPlan
from tests.chromium import Chromium, Page
from tests.e2e.on_air import OnAir

HEARD = 1e-3
PLAYING = """
const audio = new Audio(), context = new AudioContext(), ears = new AnalyserNode(context, { fftSize: 32768 });
audio.crossOrigin = "anonymous";
audio.onerror = () => { globalThis.refused = true; };
context.createMediaElementSource(audio).connect(ears);
globalThis.listen = (url) => { audio.src = url; audio.play().catch(() => {}); context.resume(); };
globalThis.loudest = () => {
  const samples = new Float32Array(ears.fftSize);
  ears.getFloatTimeDomainData(samples);
  return samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
};
"""


@dataclass(frozen=True)
class Sites:
    """A radio, and a site that has two names, of which one was named to it."""

    radio: OnAir
    named: str
    other: str


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("sites")
    (folder / "index.html").write_text("<!doctype html><title>Another site</title>", encoding="utf-8")
    (folder / "favicon.ico").write_bytes(b"")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        named, other = (f"http://{name}:{site.server_port}" for name in ("127.0.0.1", "localhost"))
        plan = RadioPlan(takes_votes=True, allowed_origins=(named,))
        with (folder / "radio.log").open("w", encoding="utf-8") as log, OnAir(folder, log, plan=plan) as radio:
            radio.begin("Slow Ferry")
            yield Sites(radio, named, other)
        site.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def opened(browser: Chromium, origin: str) -> Page:
    page = browser.page()
    page.open(origin)
    page.js(PLAYING + "true")
    return page


def test_a_site_that_was_named_hears_the_radio_and_reads_what_plays(browser: Chromium, sites: Sites) -> None:
    page = opened(browser, sites.named)
    page.js(f"listen('{sites.radio.url}stream.mp3')")
    page.until(f"loudest() > {HEARD}")
    page.until(f"fetch('{sites.radio.url}current').then((one) => one.json()).then((one) => one.title === 'Slow Ferry')")
    # What asks for something is never open to it.
    vote = f"fetch('{sites.radio.url}vote', {{ method: 'POST', body: '{{}}' }})"
    assert page.js(f"{vote}.then(() => 'answered', () => 'refused')") == "refused"
    page.close()


def test_a_site_that_was_not_named_hears_and_reads_nothing(browser: Chromium, sites: Sites) -> None:
    page = opened(browser, sites.other)
    page.js(f"listen('{sites.radio.url}stream.mp3')")
    page.until("globalThis.refused")
    assert page.js("loudest()") == 0.0
    for path in ("current", "history", "health"):
        told = f"fetch('{sites.radio.url}{path}').then(() => 'answered', () => 'refused')"
        assert page.js(told) == "refused", path
    page.close()
