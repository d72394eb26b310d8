# SPDX-License-Identifier: GPL-3.0-or-later
"""A generator may do what it likes to itself: the music goes on, and no process is left behind."""

from __future__ import annotations

import contextlib
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.commands.rehearsal import TapeWatch
from engine.generators.registry import generators
from engine.qt import links
from engine.session.options import StudioOptions
from engine.values import ParameterValue
from tests.engine.qt.conftest import Listener, Opened
from tests.forked import command_line
from tests.standins.wretch.infiniloop_wretch import MISDEEDS

pytestmark = pytest.mark.gui

MOST_SILENT_S = 1.0
"""Seconds without sound that composed music may have between two notes."""
MANY = 100
TOLD_EACH = 10
"""Number of rounds of the composer between two lines that tell where the test stands."""
ENDS = {"dies", "hangs", "deaf", "grandchild", "exits"}
"""Misdeeds that end the process, which is told once."""
SAYS = {
    "garbage": "Wretch made a clip that cannot be used: .* not numbers",
    "noise": "Wretch made a clip that cannot be used: instead of a clip it returned str",
    "memory": "made no clip: this machine's memory is used up",
    "raises": "made no clip: .*no such layer",
}
"""Sentences of the others."""

Telling = Callable[[int, int], None]


@pytest.fixture
def expected_logs() -> list[str]:
    return ["process stopped", "did not answer within", "Wretch", "wretch"]


@pytest.fixture
def wretched(options: StudioOptions, wretch_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StudioOptions]:
    monkeypatch.syspath_prepend(str(wretch_folder))
    generators.cache_clear()
    yield replace(options, generator="wretch")
    generators.cache_clear()


@pytest.fixture
def telling(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> Telling:
    """Return what tells a person who waits for many rounds how many are done, and when."""

    writer = pytestconfig.get_terminal_writer()

    def tell(done: int, rounds: int) -> None:
        if rounds > 1:
            with capsys.disabled():
                writer.line(f"{time.strftime('%H:%M:%S')}  {done} of {rounds} rounds done")
                writer.flush()

    return tell


def below() -> list[psutil.Process]:
    """Return every process below this one that runs."""
    found = []
    for one in psutil.Process().children(recursive=True):
        # Any of them may end while it is looked at.
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found


def asked(options: StudioOptions, misdeed: str, number: int) -> StudioOptions:
    """Return options that ask for the misdeed, whatever was asked for before."""
    values: dict[str, ParameterValue] = {"misdeed": misdeed, "seed": number}
    return replace(options, generators=options.generators.with_values("wretch", values))


def commit(studio: Listener, misdeed: str, number: int) -> None:
    """Have the misdeed be committed, and wait until it was."""
    n_told = len(studio.sentences)
    studio.change(generators=asked(studio.options, misdeed, number).generators)
    if misdeed in ENDS:
        studio.until(lambda: "wretch" in studio.engine.process_ids(), f"{number}: a process for {misdeed} runs")
        pid = studio.engine.process_ids()["wretch"]
        studio.until(lambda: studio.engine.process_ids().get("wretch") != pid, f"{number}: {misdeed} ends it")
    else:
        said = SAYS[misdeed]
        studio.until(lambda: any(re.search(said, one) for one in studio.sentences[n_told:]), f"{number}: {misdeed}")


@pytest.mark.parametrize("rounds", [1, pytest.param(MANY, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])])
def test_whatever_it_does_the_music_goes_on(
    opened: Opened, wretched: StudioOptions, rounds: int, telling: Telling
) -> None:
    with opened(asked(wretched, "raises", 0)) as studio, TapeWatch(studio.engine.tape) as watch:
        studio.start()
        studio.until_it_plays()
        watch.begin()
        number = 0
        for done in range(rounds):
            telling(done, rounds)
            for misdeed in MISDEEDS:
                number += 1
                commit(studio, misdeed, number)
                assert watch.silent_s < MOST_SILENT_S, f"{number}: {misdeed}"
                hosts = [one for one in below() if "engine.generators.host" in command_line(one)]
                assert len(hosts) <= 3, "one for each generator that is in use"
        stubborn = [one.pid for one in below() if "SIG_IGN" in command_line(one)]
        studio.until(lambda: not [one for one in below() if one.pid in stubborn], "no grandchild is left", 10.0)
        studio.until_it_plays()
    time.sleep(0.2)
    assert [command_line(one) for one in below() if "engine." in command_line(one)] == []


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("rounds", [MANY])
def test_the_composer_may_be_killed_or_stopped_at_any_moment(
    opened: Opened, options: StudioOptions, rounds: int, telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is killed before its first word is started again ever later: rounds would take a minute each.
    monkeypatch.setattr(links, "LAST_RESTART_S", 2.0)
    chance = random.Random(5)
    with opened(replace(options, min_play_s=2.0)) as studio, TapeWatch(studio.engine.tape) as watch:
        studio.start()
        studio.until_it_plays()
        watch.begin()
        for number in range(rounds):
            if number % TOLD_EACH == 0:
                telling(number, rounds)
            time.sleep(chance.uniform(0.0, 0.4))
            studio.until(lambda: "composer" in studio.engine.process_ids(), "it runs")
            pid = studio.process("composer").pid
            psutil.Process(pid).send_signal(signal.SIGKILL if number % 2 == 0 else signal.SIGSEGV)
            studio.until_another("composer", pid)
            assert watch.silent_s < MOST_SILENT_S, f"{number}"
        studio.until_takeover()
