# SPDX-License-Identifier: GPL-3.0-or-later
"""The station's process does what messages ask, tells each change, and ends with its owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from engine.errors import FragmentsBusy, OutOfRange
from engine.fragments.folder import SlotFolder
from engine.fragments.messages import (
    Clear,
    CloseStation,
    Freeze,
    Generate,
    OpenStation,
    SetMode,
    SetPrompts,
    SetSlotPrompt,
    SetUsualPrompt,
    StationOpened,
    StationPlan,
    StationRefused,
    Stop,
    Taking,
)
from engine.generators.base import GeneratorSettings
from engine.processes import ChildProcess
from engine.values.fragments import FragmentMode, FragmentReady, FragmentsState

SETTINGS = GeneratorSettings().with_values("composer", {"seed": 3, "sounds": "synthesised"})


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    process = ChildProcess("engine.fragments.process")
    yield process
    process.close()


def answer(child: ChildProcess, kind: type[Any], holds: Callable[[Any], bool] = lambda _one: True) -> Any:
    """Return the next answer of a kind for which something holds."""
    while child.poll(60.0):
        message = child.receive()
        if isinstance(message, kind) and holds(message):
            return message
    raise AssertionError(f"no {kind.__name__} came")


def send(child: ChildProcess, *messages: object) -> None:
    for message in messages:
        child.send(message)


def opening(folder: Path, **more: Any) -> OpenStation:
    return OpenStation(StationPlan(str(folder), "composer", 44_100, n_slots=2, settings=SETTINGS, **more))


def test_a_station_is_opened_asked_and_ended(child: ChildProcess, tmp_path: Path) -> None:
    child.send(opening(tmp_path, page="127.0.0.1:0", osc_in="0"))
    opened = answer(child, StationOpened)
    assert opened.osc_in.startswith("127.0.0.1:")
    assert opened.folder == str(tmp_path)
    assert httpx.get(f"{opened.url}state", trust_env=False).json()["n_waiting"] == 0
    assert answer(child, FragmentsState).next_slot == 1
    send(child, SetPrompts(("drums",)), SetSlotPrompt(2, "sea"), Generate())
    ready = answer(child, FragmentReady)
    assert (ready.slot.number, ready.prompt) == (1, "drums")
    send(child, Taking(1), Freeze(2), Generate("x", 9))
    refused = answer(child, StationRefused)
    assert refused.message == Generate("x", 9)
    assert isinstance(refused.error, OutOfRange)
    send(child, Clear(1), Stop(), SetMode(FragmentMode.EVERY, 1000.0))
    state = answer(child, FragmentsState, lambda one: one.mode is FragmentMode.EVERY)
    assert [(one.is_filled, one.is_frozen, one.own_prompt) for one in state.slots] == [
        (False, False, ""),
        (False, True, "sea"),
    ]
    child.send(CloseStation())
    child.send(opening(tmp_path, usual_prompt="pad"))
    answer(child, StationOpened)
    # A station of more slots goes on by the last words that it was told.
    send(child, SetUsualPrompt("organ"), OpenStation(replace(opening(tmp_path, usual_prompt="pad").plan, n_slots=3)))
    answer(child, FragmentsState, lambda one: len(one.slots) == 3)
    send(child, Generate())
    answer(child, FragmentsState, lambda one: one.making is not None and one.making.prompt == "organ")
    below = psutil.Process(child.pid).children(recursive=True)
    child.close()
    assert not psutil.wait_procs(below, timeout=10.0)[1]
    SlotFolder(tmp_path, 2).close()


def test_what_cannot_be_opened_is_told_and_leaves_nothing_open(child: ChildProcess, tmp_path: Path) -> None:
    mine = SlotFolder(tmp_path, 2)
    child.send(opening(tmp_path))
    assert isinstance(answer(child, StationRefused).error, FragmentsBusy)
    mine.close()
    child.send(opening(tmp_path, page="0.0.0.0:0"))
    assert str(answer(child, StationRefused).error).startswith("Other machines could reach 0.0.0.0")
    assert answer(child, StationOpened).url == "", "the station stands without its page"
