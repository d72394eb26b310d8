# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium for tests, steered by its own protocol: what a page shows, says, asks for and lets be heard."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

START_S = 60.0
"""Seconds that the browser has to start, on a machine that has much else to do."""
UNTIL_S = 30.0
_LARGEST = 64 << 20
_FLAGS = (
    "--headless=new", "--remote-debugging-port=0", "--autoplay-policy=no-user-gesture-required", "--disable-gpu",
    "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-default-browser-check", "--disable-breakpad", "--disable-dev-shm-usage",
    "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--no-proxy-server",
    "--password-store=basic", "--no-pings",
    # No process for a page that may come, or come again, and none of its own for the sound.
    "--disable-features=Translate,OptimizationHints,MediaRouter,SpareRendererForSitePerProcess,BackForwardCache,"
    "AudioServiceOutOfProcess",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Run a browser for the tests of a module."""
    with chromium(tmp_path_factory.mktemp("chromium")) as one:
        yield one


class Page:
    """A page of a browser, in a window of its own that shares nothing with others.

    Attributes
    ----------
    faults
        What the page's console, its scripts and its policy complained of.
    asked
        Addresses of all that it asked for.
    """

    def __init__(self, chromium: Chromium, context: str) -> None:
        self._chromium, self.context = chromium, context
        self.faults: list[str] = []
        self.asked: list[str] = []
        target = chromium.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self._target = target
        self.session: str = chromium.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        chromium.pages[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Have the browser do something with this page."""
        return self._chromium.call(method, session=self.session, **given)

    def before_all(self, script: str) -> None:
        """Run a script in the page before its own."""
        self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def open(self, url: str) -> None:
        """Go to an address, and wait until the page is loaded."""
        # What is left of the page before it would be told as this one's.
        self.js("globalThis.isBefore = true")
        self.call("Page.navigate", url=url)
        self.until("globalThis.isBefore === undefined && document.readyState === 'complete'")

    def js(self, expression: str) -> Any:
        """Return what an expression is in the page, awaited if it is a promise."""
        said = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            raise AssertionError(f"{expression}: {said['exceptionDetails']}")
        return said["result"].get("value")

    def until(self, expression: str, timeout_s: float = UNTIL_S) -> Any:
        """Return an expression's value once it is something."""
        deadline = time.monotonic() + timeout_s
        while True:
            # A page that is just changing has nothing to be asked in.
            with contextlib.suppress(AssertionError, ChromiumError):
                if value := self.js(expression):
                    return value
            if time.monotonic() > deadline:
                raise AssertionError(f"{expression}: not within {timeout_s:g} s; {self.faults}; {self.text()}")
            time.sleep(0.05)

    def text(self, selector: str = "body") -> str:
        """Return the text that is seen of an element."""
        return str(self.js(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def click(self, selector: str) -> None:
        """Move the pointer to the middle of an element and press the button."""
        x, y = self.js(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}); box.scrollIntoViewIfNeeded();"
            "const at = box.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]; })()"
        )
        where = {"x": x, "y": y, "button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type="mousePressed", **where)
        self.call("Input.dispatchMouseEvent", type="mouseReleased", **where)

    def press(self, key: str, code: str = "", number: int = 0, text: str = "") -> None:
        """Press a key and let it up."""
        named = {"key": key, "code": code or key, "windowsVirtualKeyCode": number}
        self.call("Input.dispatchKeyEvent", type="keyDown", **named, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    def size(self, width: int, height: int, *, scale: float = 1.0, is_phone: bool = False) -> None:
        """Set how large the window is."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=is_phone,
        )  # fmt: skip

    def prefer(self, **features: str) -> None:
        """Set what the person prefers, as ``prefers_color_scheme="light"``."""
        told = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=told)

    def picture(self) -> bytes:
        """Return what is seen, as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def close(self) -> None:
        """Close the page; what its window kept is gone."""
        self._chromium.call("Target.closeTarget", targetId=self._target)
        self._chromium.call("Target.disposeBrowserContext", browserContextId=self.context)
        del self._chromium.pages[self.session]

    def take(self, method: str, said: dict[str, Any]) -> None:
        """Take note of what the browser tells of this page."""
        if method == "Runtime.exceptionThrown":
            self.faults.append(f"exception: {said['exceptionDetails']}")
        elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning", "assert"):
            self.faults.append(f"console: {said['args']}")
        elif method == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
            self.faults.append(f"log: {said['entry']['text']} {said['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self.asked.append(said["request"]["url"])


class ChromiumError(Exception):
    """The browser refused to do something."""


class Chromium:
    """A Chromium that runs, and the connection to it."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._n_calls = connection, 0
        self.pages: dict[str, Page] = {}

    def call(self, method: str, *, session: str = "", **given: Any) -> dict[str, Any]:
        """Have something done and return what came of it; what the browser tells meanwhile goes to its page."""
        self._n_calls += 1
        number = self._n_calls
        asked = {"id": number, "method": method, "params": given, **({"sessionId": session} if session else {})}
        self._connection.send(json.dumps(asked))
        while True:
            said = json.loads(self._connection.recv(timeout=UNTIL_S))
            if said.get("id") == number:
                if "error" in said:
                    raise ChromiumError(f"{method}: {said['error']}")
                result: dict[str, Any] = said["result"]
                return result
            if (page := self.pages.get(said.get("sessionId", ""))) is not None:
                page.take(said["method"], said["params"])

    def renderers(self) -> list[int]:
        """Return the numbers of the processes that have pages."""
        told = self.call("SystemInfo.getProcessInfo")["processInfo"]
        return [int(one["id"]) for one in told if one["type"] == "renderer"]

    def page(self) -> Page:
        """Open an empty page, as of another browser: with no cookies and nothing kept."""
        return Page(self, self.call("Target.createBrowserContext")["browserContextId"])


@contextlib.contextmanager
def chromium(folder: Path, *, language: str = "en-US") -> Iterator[Chromium]:
    """Run Debian's Chromium with a profile in a folder, and end it, however the block ends."""
    profile = folder / "profile"
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (folder / "chromium.log").open("wb") as log:
        process = subprocess.Popen(
            # It ends with this process, however that ends.
            [
                "setpriv", "--pdeathsig", "KILL", "chromium", *_FLAGS, *rights,
                f"--user-data-dir={profile}", f"--lang={language}", "about:blank",
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            # Neither a desktop's, nor a sound server: it counts the time by itself.
            env={**os.environ, "HOME": str(folder), "PULSE_SERVER": "/nowhere", "DBUS_SESSION_BUS_ADDRESS": "none:"},
        )  # fmt: skip
        try:
            address = _address(profile / "DevToolsActivePort", process)
            with connect(
                address, max_size=_LARGEST, compression=None, proxy=None, open_timeout=START_S, ping_interval=None
            ) as connection:
                yield Chromium(connection)
        finally:
            # It leads a session of its own: all of its processes are in it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _address(told: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            port, path = told.read_text(encoding="ascii").split()
            return f"ws://127.0.0.1:{port}{path}"
        assert process.poll() is None, f"Chromium ended: {process.returncode}"
        time.sleep(0.05)
    raise AssertionError("Chromium does not answer")
