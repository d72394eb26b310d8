# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio's page goes on by itself when the radio was away, however it went."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.chromium import Chromium, Page
from tests.e2e.on_air import OnAir

EARS = (Path(__file__).parent / "radio_ears.js").read_text(encoding="utf-8")
STATE = "document.documentElement.dataset.state"
HEARD = "ears.peak() > 1e-3"
LONGEST_WAIT_S = 10.0


def play(page: Page, url: str) -> None:
    page.size(480, 720)
    page.before_all(EARS)
    page.open(url)
    page.until("document.querySelector('#people').innerText && document.querySelector('#title').innerText")
    page.click("#play")
    page.until(f"{STATE} === 'playing' && {HEARD}")


def test_a_radio_that_dies_is_joined_anew(browser: Chromium, tmp_path: Path) -> None:
    page = browser.page()
    with (tmp_path / "radio.log").open("w", encoding="utf-8") as log, OnAir(tmp_path / "kept", log) as radio:
        radio.begin("Slow Ferry", "Marlin & Moss")
        play(page, radio.url)
        page.click("#hedgehog")
        radio.kill()
        # What has arrived plays on, and that is said.
        page.until(f"{STATE} === 'buffer' && {HEARD}")
        assert page.text("#state") == "The radio is out of reach. What has arrived plays on…"
        page.until(f"{STATE} === 'lost'")
        assert page.text("#state") == "The radio is out of reach. It is tried again…"
        assert page.js("document.querySelector('#play').ariaLabel") == "Pause"
        page.js("globalThis.isSame = true")
        radio.start_again()
        radio.begin("Rain on Slate Roofs")
        page.until(f"{STATE} === 'playing' && {HEARD}")
        page.until("document.querySelector('#title').innerText === 'Rain on Slate Roofs'")
        page.until("document.querySelector('#people').innerText === '1 person is tuned in'")
        assert page.js("isSame") is True
    # All of it, studio and stream, begins anew, with nothing of what was.
    with (tmp_path / "radio.log").open("a", encoding="utf-8") as log, OnAir(tmp_path, log, port=radio.port) as radio:
        radio.begin("Almond Street")
        page.until("document.querySelector('#title').innerText === 'Almond Street'")
        page.until(f"{STATE} === 'playing' && {HEARD}")
        assert page.js("isSame") is True
    page.close()


def test_tries_are_never_far_apart(browser: Chromium, tmp_path: Path) -> None:
    page = browser.page()
    # A page's clock that runs fast: what waits, waits a twentieth of it.
    page.before_all(
        "const wait = setTimeout; globalThis.waits_s = [];"
        "globalThis.setTimeout = (act, ms) => { waits_s.push(ms / 1000); return wait(act, ms / 20); };"
    )
    with (tmp_path / "radio.log").open("w", encoding="utf-8") as log, OnAir(tmp_path / "kept", log) as radio:
        page.open(radio.url)
        page.until("document.querySelector('#people').innerText")
        radio.kill()
        page.js("waits_s.length = 0")
        page.until("waits_s.length > 24")
        waits_s = page.js("waits_s")
        assert LONGEST_WAIT_S / 2 < max(waits_s) <= LONGEST_WAIT_S
        assert min(waits_s) > 0.3
        radio.start_again()
        radio.begin("Slow Ferry")
        page.until("document.querySelector('#title').innerText === 'Slow Ferry'")
    page.close()


@contextmanager
def radio_command(port: int, log: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Run the command itself, as a person does."""
    with log.open("ab") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.main", "radio", "lofi calm, 80 bpm", "--port", str(port), "--json"],
            stdout=subprocess.PIPE, stderr=told, start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        with process, process.stdout:
            try:
                yield json.loads(process.stdout.readline())["address"], psutil.Process(process.pid)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()


def serving(command: psutil.Process) -> psutil.Process:
    """Return the process below a command that serves the radio."""
    (found,) = [
        one for one in command.children(recursive=True) if any(end.status == "LISTEN" for end in one.net_connections())
    ]
    return found


@pytest.mark.soak
def test_the_music_goes_on_when_the_command_s_radio_dies_and_when_the_command_is_run_again(
    browser: Chromium, tmp_path: Path
) -> None:
    """The tests above, on the whole studio."""
    page = browser.page()
    with radio_command(0, tmp_path / "radio.log") as (url, command):
        play(page, url)
        page.js("globalThis.isSame = true")
        before = serving(command)
        os.kill(before.pid, signal.SIGKILL)
        page.until(f"{STATE} === 'buffer' || {STATE} === 'lost'")
        page.until(f"{STATE} === 'playing' && {HEARD}", 60.0)
        assert serving(command).pid != before.pid
        page.until("document.querySelector('#people').innerText === '1 person is tuned in'")
        assert page.js("isSame") is True
    page.until(f"{STATE} === 'lost'", 60.0)
    with radio_command(int(url.split(":")[2].strip("/")), tmp_path / "radio.log"):
        page.until(f"{STATE} === 'playing' && {HEARD}", 60.0)
        assert page.js("isSame") is True
    page.close()
