# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's station of fragments has a process of its own, which may die, and which never outlives its owner."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from engine.errors import FragmentsBusy, SlotFrozen, StudioError
from engine.fragments.folder import SlotFolder
from engine.fragments.messages import (
    Clear,
    Command,
    Freeze,
    Generate,
    SetMode,
    SetPrompts,
    StationPlan,
    Stop,
)
from engine.library.audiofile import read_clip
from engine.qt.fragments import FragmentsEndpoint
from engine.values import Clip
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.fragments import FragmentFact, FragmentMode, FragmentReady, FragmentsState

pytestmark = pytest.mark.gui


class Heard:
    """This stands for the session's auditions, and remembers what is to be heard."""

    def __init__(self) -> None:
        self.clips: dict[int, Clip] = {}

    def ask_slot(self, number: int, clip: Clip) -> None:
        self.clips[number] = clip


class Owner(QObject):
    """This owner has the endpoint alone, without the rest of the engine, and remembers what it tells."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        self._qtbot = qtbot
        self.endpoint = FragmentsEndpoint(self)
        self.states: list[FragmentsState] = []
        self.facts: list[FragmentFact] = []
        self.pages: list[str] = []
        self.errors: list[StudioError] = []
        self.copies: list[tuple[int, str]] = []
        self.heard = Heard()
        self.endpoint._auditions = self.heard  # type: ignore[assignment]
        self.endpoint.state_changed.connect(self.states.append)
        self.endpoint.told.connect(self.facts.append)
        self.endpoint.opened.connect(self.pages.append)
        self.endpoint.shut.connect(self.errors.append)
        self.endpoint.failed.connect(self.errors.append)
        self.endpoint.copied.connect(lambda number, path: self.copies.append((number, path)))

    def until(self, comes: Callable[[], object], what: str) -> None:
        try:
            self._qtbot.waitUntil(lambda: bool(comes()), timeout=60_000)
        except Exception as error:
            raise AssertionError(f"{what}; told {[str(one) for one in self.errors]}") from error

    def ask(self, command: Command) -> None:
        self.endpoint.ask(command)

    def filled(self) -> list[int]:
        return [one.number for one in self.states[-1].slots if one.is_filled] if self.states else []

    def end(self) -> None:
        process = self.endpoint.link.release()
        if process is not None:
            process.close()


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[Owner]:
    one = Owner(qtbot)
    yield one
    one.end()


def plan_for(folder: Path) -> StationPlan:
    return StationPlan(str(folder), "composer", 22_050, n_slots=2, prompts=("slow jazz",))


def test_a_station_is_had_for_a_folder_killed_and_goes_on(owner: Owner, tmp_path: Path) -> None:
    folder, dragged = tmp_path / "slots", tmp_path / "dragged"
    endpoint = owner.endpoint
    assert endpoint.link.pid is None, "until there is a station"
    owner.ask(Generate())
    assert endpoint.link.pid is None, "there is no station to ask"

    endpoint.open(plan_for(folder))
    owner.ask(Generate("calm piano, 90 bpm"))
    owner.until(lambda: owner.filled() == [1], "one is made")
    (fact,) = owner.facts
    assert isinstance(fact, FragmentReady)
    assert (fact.prompt, fact.archived) == ("calm piano, 90 bpm", "output001.wav")
    assert any(one.making is not None for one in owner.states), "how far it was is told"
    assert owner.pages == [""]

    # It is heard as any sound of the studio, and a copy of it is the file as it is.
    endpoint.hear(1)
    owner.until(lambda: owner.heard.clips, "it is read")
    assert owner.heard.clips[1].sample_rate == STUDIO_SAMPLE_RATE
    assert not owner.heard.clips[1].samples[[0, -1]].any()
    assert not owner.states[-1].slots[0].is_taken
    endpoint.copy(1, str(dragged))
    owner.until(lambda: owner.copies, "it is copied")
    ((number, path),) = owner.copies
    assert (number, Path(path).name) == (1, "fragment 01 calm piano 90 bpm.wav")
    assert Path(path).read_bytes() == (folder / "output01.wav").read_bytes()
    owner.until(lambda: owner.states[-1].slots[0].is_taken, "who drags it out takes it")

    # What cannot be done is told, and the station goes on.
    owner.ask(Freeze(1))
    owner.ask(Clear(1))
    owner.until(lambda: owner.errors, "it is refused")
    assert isinstance(owner.errors.pop(), SlotFrozen)

    # Killed, it is there again: the folder, the mode and the rotation are as they were.
    owner.ask(SetPrompts(("waltz",)))
    owner.ask(SetMode(FragmentMode.EVERY, 3600.0))
    owner.until(lambda: owner.filled() == [1, 2], "one is begun at once")
    before = endpoint.link.pid
    assert before is not None
    owner.states.clear()
    os.kill(before, signal.SIGKILL)
    owner.until(lambda: owner.states, "another stands")
    state = owner.states[-1]
    assert (state.mode, state.every_s, state.prompts) == (FragmentMode.EVERY, 3600.0, ("waltz",))
    assert [one.is_frozen for one in state.slots] == [True, False]
    assert endpoint.link.pid not in (None, before)

    # While it works it is given another rate and length; for other slots another takes its place and goes on.
    owner.ask(Stop())
    owner.ask(SetMode(FragmentMode.BY_HAND))
    endpoint.open(replace(plan_for(folder), sample_rate=16_000, bars=1, bpm=120.0))
    owner.ask(Generate("techno", 2))
    owner.until(lambda: owner.states[-1].slots[1].duration_s == 2.0, "a loop of a bar is made")
    assert read_clip(folder / "output02.wav").sample_rate == 16_000
    owner.facts.clear()
    owner.ask(Generate("techno", 2))
    endpoint.open(replace(plan_for(folder), n_slots=5, sample_rate=16_000, bars=1, bpm=120.0))
    owner.until(lambda: len(owner.states[-1].slots) == 5, "there are five slots")
    owner.until(lambda: owner.facts, "what was asked for before is made")
    assert isinstance(owner.facts[0], FragmentReady)
    assert owner.states[-1].prompts == ("waltz",)
    assert not owner.errors
    endpoint.open(replace(plan_for(folder), generator="flute"))
    owner.until(lambda: owner.errors, "there is no such generator")
    assert "flute" in str(owner.errors[0])
    owner.ask(Freeze(3))
    owner.until(lambda: owner.states[-1].slots[2].is_frozen, "the station stands as it did")

    # With its owner all of it ends, and the folder is another's.
    station = psutil.Process(endpoint.link.pid)
    family = [station, *station.children(recursive=True)]
    endpoint.close()
    owner.until(lambda: not any(one.is_running() for one in family), "none of it runs")
    SlotFolder(folder, 2).close()


def test_a_folder_of_another_station_is_left_alone(owner: Owner, tmp_path: Path) -> None:
    theirs = SlotFolder(tmp_path, 2)
    owner.endpoint.open(plan_for(tmp_path))
    owner.until(lambda: owner.errors, "it is refused")
    assert isinstance(owner.errors[0], FragmentsBusy)
    assert str(theirs.folder) in str(owner.errors[0])
    owner.until(lambda: owner.endpoint.link.pid is None, "no process stays for nothing")
    theirs.close()


def test_a_prompt_page_is_served_and_a_place_that_is_none_is_told(owner: Owner, tmp_path: Path) -> None:
    import httpx

    plan = replace(plan_for(tmp_path / "slots"), page="127.0.0.1:0", osc_in="here", token_file=str(tmp_path / "token"))
    owner.endpoint.open(plan)
    owner.until(lambda: owner.pages, "it is served")
    assert "token=" in owner.pages[0]
    answer = httpx.get(owner.pages[0], follow_redirects=True, timeout=30.0)
    assert answer.status_code == 200
    assert "“here”" in str(owner.errors[0])
    owner.endpoint.open(replace(plan, page="", osc_in=""))
    owner.until(lambda: owner.pages[1:] == [""], "it is served no more")
