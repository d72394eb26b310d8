# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam is heard as its clock says, through the audio process, PortAudio and a sound server."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.library.jam_folder import write_project
from engine.playback.mix.clock import BarClock
from engine.values import MusicFacts
from engine.values import jam_acts as acts
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import Groove, LayerMix, LayerName, LayerPrompt, SwapAt
from engine.values.jam_project import JamProject, KeptLayer, KeptLoop
from tests.engine.library.making import recipe
from tests.engine.qt.jam_player import Player
from tests.engine.session.jam.jamming import clicks, onsets
from tests.soundserver import SAMPLE_RATE, SoundServer

pytestmark = [pytest.mark.gui, pytest.mark.audio]

DRUMS = LayerName.DRUMS
BPM = 93.7
BARS = 2


def loop(hz: float) -> KeptLoop:
    return KeptLoop(DRUMS, clicks(BPM, BARS, hz=hz), MusicFacts(BPM, None, 4, BARS), recipe(), BARS)


def test_every_beat_is_heard_on_the_clock_through_a_swap(
    qtbot: QtBot, tmp_path: Path, sound_server: SoundServer
) -> None:
    layer = KeptLayer(LayerPrompt("clicks"), LayerMix(), loop(3000.0), {1: loop(1500.0)})
    write_project(tmp_path / "kept", JamProject(Groove(BPM), BARS, SwapAt.BAR, 4.0, {DRUMS: layer}))
    one = Player(tmp_path / "jam", is_heard=True)
    try:
        one.opening.emit(str(tmp_path / "kept"))
        qtbot.waitUntil(lambda: bool(one.states) and one.states[-1].layers[0].slots[0] != "", timeout=60_000)
        qtbot.waitUntil(lambda: one.states[-1].layers[0].playing is not None, timeout=60_000)
        with sound_server.recording() as recording:
            one.act.emit(acts.Start())
            qtbot.waitUntil(lambda: bool(one.heard) and one.heard[-1][0] > 0.6, timeout=60_000)
            one.act.emit(acts.QueueSlot(DRUMS, 1))
            qtbot.waitUntil(lambda: one.heard[-1][0] > 3.2, timeout=60_000)
            one.act.emit(acts.Stop())
            recording.wait(0.5)
    finally:
        one.engine.shut_down()
    assert one.states[-1].layers[0].n_versions == 1, "the other loop was swapped in"
    assert SAMPLE_RATE == STUDIO_SAMPLE_RATE
    found = onsets(recording.samples, share=0.2)
    clock = BarClock(SAMPLE_RATE, Fraction(str(BPM)))
    assert len(found) >= 12
    for number, at in enumerate(found[:12]):
        assert abs(at - found[0] - clock.line_of(Fraction(number, 4))) <= 1, number
