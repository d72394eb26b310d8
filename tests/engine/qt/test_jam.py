# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam plays in the studio's own processes, beside the endless music, and is there again at the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import OutOfRange
from engine.values import jam_acts as acts
from engine.values.jam import LayerName
from tests.engine.qt.jam_player import Player

DRUMS = LayerName.DRUMS


@pytest.fixture
def players(no_sound: None) -> Iterator[Callable[[Path], Player]]:
    """Open studios, which are ended afterwards."""
    opened: list[Player] = []

    def open_one(folder: Path) -> Player:
        opened.append(Player(folder))
        return opened[-1]

    yield open_one
    for one in opened:
        one.engine.shut_down()


def test_it_plays_and_is_there_again(qtbot: QtBot, tmp_path: Path, players: Callable[[Path], Player]) -> None:
    folder = tmp_path / "jam"
    studio = players(folder)
    for one in (acts.SetTempo(500.0), acts.SetTempo(180.0), acts.SetBars(1), acts.Make(DRUMS), acts.Start()):
        studio.act.emit(one)
    qtbot.waitUntil(lambda: bool(studio.heard) and studio.heard[-1][1][1].loop_id is not None, timeout=60_000)
    bars = studio.heard[-1][0]
    qtbot.waitUntil(lambda: studio.heard[-1][0] > bars + 2.0, timeout=60_000)
    assert [type(one) for one in studio.failures] == [OutOfRange]
    drums = studio.states[-1].layers[0]
    assert studio.states[-1].is_running
    assert drums.anchor is not None
    assert drums.playing is not None
    studio.act.emit(acts.Stop())
    qtbot.waitUntil(lambda: not studio.states[-1].is_running, timeout=10_000)
    studio.engine.shut_down()
    assert (folder / "jam.json").exists()
    again = players(folder)
    qtbot.waitUntil(lambda: bool(again.states) and again.states[-1].layers[0].playing is not None, timeout=60_000)
    playing = again.states[-1].layers[0].playing
    assert playing is not None
    assert (playing.title, again.states[-1].groove.bpm) == (drums.playing.title, 180.0)
