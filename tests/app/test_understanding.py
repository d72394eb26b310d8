# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts are read beside the window's thread, and what was typed last is what is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.settings import Settings
from app.understanding import Understanding
from engine.generators.base import GeneratorSettings
from engine.generators.registry import generator_named
from engine.values import Reading

pytestmark = pytest.mark.gui


@pytest.fixture
def understanding(qtbot: QtBot) -> Iterator[Understanding]:
    made = Understanding()
    yield made
    made.finish()


def test_a_prompt_is_read_on_another_thread(
    understanding: Understanding, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []
    composer = generator_named("composer")
    read = composer.understand

    def noted(prompt: str, settings: GeneratorSettings) -> tuple[Reading | str, ...]:
        readers.append(threading.current_thread())
        return read(prompt, settings)

    monkeypatch.setattr(composer, "understand", noted)
    with qtbot.waitSignal(understanding.understood) as told:
        understanding.ask(replace(Settings(), prompt="lofi, 85 bpm"))
    prompt, readings = told.args
    assert prompt == "lofi, 85 bpm"
    assert [one.text for one in readings] == ["lofi", "85 bpm"]
    assert len(readers) == 1
    assert threading.main_thread() not in readers


def test_of_prompts_that_wait_only_the_last_is_read(understanding: Understanding, qtbot: QtBot) -> None:
    told: list[str] = []
    understanding.understood.connect(lambda prompt, _readings: told.append(prompt))
    for letters in range(1, 5):
        understanding.ask(replace(Settings(), prompt="lofi"[:letters]))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["lofi"]


def test_nothing_is_told_after_the_end(understanding: Understanding, qtbot: QtBot) -> None:
    told: list[str] = []
    understanding.understood.connect(lambda prompt, _readings: told.append(prompt))
    understanding.ask(replace(Settings(), prompt="lofi"))
    understanding.finish()
    understanding.ask(replace(Settings(), prompt="jazz"))
    qtbot.wait(50)
    assert told == []
