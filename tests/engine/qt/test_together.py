# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam in the studio's own processes is in step with a clock that comes by a real port of MIDI, and sends its own."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal, Slot
from pytestqt.qtbot import QtBot

from app.paths import RESOURCES
from engine.together.clock_out import START, TICK
from engine.together.messages import TogetherPlan
from engine.together.ports import CLOCK
from engine.values import jam_acts as acts
from engine.values.jam import LayerName
from engine.values.together import TogetherState
from tests.engine.qt.jam_player import Player
from tests.engine.together.instruments import Instrument

BPM = 150.0


class Others(QObject):
    """The others, as the studio tells of those it is in step with."""

    plan = Signal(object)

    def __init__(self, studio: Player) -> None:
        super().__init__()
        self.states: list[TogetherState] = []
        self.plan.connect(studio.engine.together.open)
        studio.engine.together.together_changed.connect(self._on_changed)

    @Slot(object)
    def _on_changed(self, state: TogetherState) -> None:
        self.states.append(state)


@pytest.mark.soak
@pytest.mark.audio
@pytest.mark.alone
def test_a_jam_starts_in_step_with_a_clock_that_is_heard_and_its_own_is_in_step_with_that(
    qtbot: QtBot, tmp_path: Path, jack_server: str, sound_server: object
) -> None:
    studio, ends = Player(tmp_path / "jam", is_heard=True), threading.Event()
    daw, ear = Instrument("daw"), Instrument("ear")
    begun_s = 0.0

    def play() -> None:
        nonlocal begun_s
        daw.play((0xFA,))
        begun_s = time.monotonic()
        number = 0
        while not ends.wait(max(0.0, begun_s + number * 60.0 / BPM / 24 - time.monotonic())):
            daw.play((0xF8,))
            number += 1

    playing = threading.Thread(target=play)
    try:
        others = Others(studio)
        for one in (acts.SetBars(1), acts.Make(LayerName.DRUMS)):
            studio.act.emit(one)
        own = str(tmp_path / "midi.toml")
        others.plan.emit(TogetherPlan(str(RESOURCES / "midi.toml"), own, midi=False, clock_out=True, follow="midi"))
        qtbot.waitUntil(lambda: bool(studio.states) and studio.states[-1].layers[0].playing is not None, timeout=60_000)
        ear.listen_to(CLOCK)
        playing.start()
        # It begins once the tempo is known: the first bar that is heard is one of the clock's.
        qtbot.waitUntil(lambda: studio.states[-1].is_running, timeout=60_000)
        assert studio.states[-1].groove.bpm == pytest.approx(BPM, abs=0.25)
        qtbot.waitUntil(lambda: bool(others.states) and others.states[-1].off_ms is not None, timeout=60_000)
        off_ms = others.states[-1].off_ms
        assert off_ms is not None
        assert abs(off_ms) < 60.0
        qtbot.waitUntil(lambda: sum(one == TICK for _, one in ear.heard) > 24 * 12, timeout=60_000)
        first = next(at for at, (_, one) in enumerate(ear.heard) if one == START)
        bar_s = 240.0 / BPM
        bars = (ear.heard[first][0] - begun_s) / bar_s
        assert abs(bars - round(bars)) * bar_s < 0.15
    finally:
        ends.set()
        if playing.ident is not None:
            playing.join()
        studio.engine.shut_down()
        daw.close()
        ear.close()
