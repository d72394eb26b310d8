# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal of another encoding is heard as far as it sends letters, and ends nothing by the rest."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest
from textual import events
from textual.app import App
from textual.message import Message

from app.terminal.driver import TerminalDriver

LIMIT_S = 30.0


def test_bytes_that_are_no_letters_are_followed_by_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    heard: list[str] = []

    async def hear() -> None:
        driver = TerminalDriver(App(), mouse=False)

        def on_message(message: Message) -> None:
            assert isinstance(message, events.Key)
            heard.append(str(message.character))
            if message.character == "!":
                driver.exit_event.set()

        monkeypatch.setattr(driver, "process_message", on_message)
        await asyncio.wait_for(asyncio.to_thread(driver.run_input_thread), LIMIT_S)

    with os.fdopen(read, "rb") as keyboard, os.fdopen(write, "wb", buffering=0) as typing:
        monkeypatch.setattr(sys, "__stdin__", keyboard)
        typing.write("café ü!".encode("latin-1"))
        asyncio.run(hear())
    assert "".join(heard) == "caf\ufffd \ufffd!"
