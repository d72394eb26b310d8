# SPDX-License-Identifier: GPL-3.0-or-later
"""Bars that are told just after a start may be those of the clock before it: they are not believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.playback.commands import Began
from engine.values import PlaybackSnapshot
from engine.values.jam import LayerName
from tests.engine.session.jam.jamming import Stage


@pytest.mark.parametrize("sign", ["a bar below 0", "a loop that begins"])
def test_the_place_is_that_of_the_last_start(sign: str) -> None:
    stage = Stage()
    jam, told = stage.jam, stage.player.snapshot_taken
    snapshots: list[PlaybackSnapshot] = []
    heard: list[float] = []
    told.connect(snapshots.append)
    jam.heard.connect(lambda bars, _channels: heard.append(bars))
    jam.make(LayerName.DRUMS)
    jam.start()
    stage.play(5.0)
    before = snapshots[-1]
    assert heard[-1] == before.bars > 2.0
    jam.stop()
    jam.start()
    heard.clear()
    told.emit(before)
    assert heard == [], "it is of before the start"
    if sign == "a bar below 0":
        told.emit(replace(before, bars=-0.05))
    else:
        playing = jam.layers[LayerName.DRUMS].playing
        assert playing is not None
        stage.player.received.emit(Began(playing.loop_id, channel=1))
    told.emit(replace(before, bars=0.1))
    assert heard[-1] == 0.1
