# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam is recorded in the studio's own processes: counted in, with stems, in whole bars, whatever the device does."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal, Slot
from pytestqt.qtbot import QtBot

from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.library.carried import recipe_of
from engine.library.jam_folder import read_project, write_project
from engine.playback.mix.clock import BarClock
from engine.recording.recorded_stems import stems_folder
from engine.session.jam.jam import Jam
from engine.session.jam.keeping import open_project
from engine.session.jam.rendering import render_jam
from engine.values import ClipResult, FloatArray, Lead, MixKind, MixRecipe, MusicFacts
from engine.values import jam_acts as acts
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import Groove, LayerMix, LayerName, LayerPrompt, SwapAt
from engine.values.jam_project import JamProject, KeptLayer, KeptLoop
from engine.values.jam_recording import JamRecordingOrder, JamRecordingState, JamTake
from tests.engine.library.making import recipe
from tests.engine.qt.jam_player import TARGET_LUFS, Player
from tests.engine.recording.played import Steps, decoded, steps
from tests.engine.session.jam.jamming import clicks, onsets
from tests.soundserver import SoundServer

pytestmark = pytest.mark.gui

DRUMS, BASS = LayerName.DRUMS, LayerName.BASS
BPM = 163.1
CLOCK = BarClock(STUDIO_SAMPLE_RATE, Fraction(str(BPM)))
LEAST_BARS = 3


class Deck(QObject):
    """This deck has the jam recorded, and notes what is told of it."""

    record = Signal(object)
    end = Signal()

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.states: list[JamRecordingState] = []
        self.takes: tuple[JamTake, ...] = ()
        jam = player.engine.jam
        self.record.connect(jam.record)
        self.end.connect(jam.stop_recording)
        jam.recording_changed.connect(self._on_changed)
        jam.takes_changed.connect(self._on_takes)

    @Slot(object)
    def _on_changed(self, state: JamRecordingState) -> None:
        self.states.append(state)

    @Slot(object)
    def _on_takes(self, takes: tuple[JamTake, ...]) -> None:
        self.takes = takes

    def finish(self, qtbot: QtBot) -> JamTake:
        """End the recording with its bar, and return the take."""
        self.end.emit()
        qtbot.waitUntil(lambda: not self.states[-1].path, timeout=60_000)
        qtbot.waitUntil(lambda: bool(self.takes) and self.takes[-1].n_bars > 0, timeout=60_000)
        return self.takes[-1]


def set_up(qtbot: QtBot, player: Player, folder: Path) -> None:
    """Have a jam of two layers opened, each of a bar."""

    def layer(name: LayerName, hz: float) -> KeptLayer:
        loop = KeptLoop(name, clicks(BPM, 1, hz=hz), MusicFacts(BPM, None, 4, 1), recipe(), 1)
        return KeptLayer(LayerPrompt("clicks"), LayerMix(), loop)

    layers = {DRUMS: layer(DRUMS, 3000.0), BASS: layer(BASS, 900.0)}
    write_project(folder, JamProject(Groove(BPM), 1, SwapAt.BAR, 4.0, layers))
    player.opening.emit(str(folder))
    places = [list(LayerName).index(name) for name in layers]
    qtbot.waitUntil(
        lambda: bool(player.states) and all(player.states[-1].layers[one].playing is not None for one in places),
        timeout=60_000,
    )


def assert_whole(take: JamTake, least_bars: int) -> Steps:
    """Assert that a take has whole bars with every beat at its place, and return it."""
    found = decoded(Path(take.path))
    assert take.n_bars >= least_bars
    assert len(found) == take.n_samples
    assert abs(len(found) - take.n_bars * CLOCK.bar_samples) <= 1, take
    beats = onsets(found.astype(np.float32) / np.float32(2**23), share=0.2)
    assert len(beats) == 4 * take.n_bars, "no beat is missing, and no click of the count-in is there"
    for number, at in enumerate(beats):
        assert abs(at - CLOCK.line_of(Fraction(number, 4))) <= 1, number
    for bar in range(take.n_bars):
        assert abs(take.frame_of(bar) - beats[4 * bar]) <= 1
    return found


def rendered(folder: Path, n_bars: int) -> FloatArray:
    """Return what the jam in a folder sounds like, rendered offline, faster than life."""

    def make_nothing(_job: GenerateJob) -> ClipResult:
        raise AssertionError("its loops are there")

    def set_up(jam: Jam) -> None:
        open_project(jam, read_project(folder))

    blocks: list[FloatArray] = []
    settings = GeneratorSettings()
    # A bar more: it fades out at its end.
    n_rendered, write = Fraction(n_bars + 1), lambda block: blocks.append(block.copy())
    for _ in render_jam(set_up, [], make_nothing, settings, n_bars=n_rendered, write=write, target_lufs=TARGET_LUFS):
        pass
    return np.concatenate(blocks)


def test_a_jam_that_stands_is_counted_in_and_recorded_with_stems(qtbot: QtBot, tmp_path: Path, no_sound: None) -> None:
    # At the pace of life: what nobody can hear is not recorded.
    player = Player(tmp_path / "jam", is_heard=True)
    path = str(tmp_path / "my jam.flac")
    try:
        deck = Deck(player)
        set_up(qtbot, player, tmp_path / "kept")
        deck.record.emit(JamRecordingOrder(path, has_stems=True))
        qtbot.waitUntil(lambda: bool(player.heard) and player.heard[-1][0] > LEAST_BARS, timeout=60_000)
        take = deck.finish(qtbot)
        assert player.heard[0][0] < -0.5, "counted in"
        player.act.emit(acts.Stop())
    finally:
        player.engine.shut_down()
    found = assert_whole(take, LEAST_BARS)
    offline = steps(rendered(tmp_path / "kept", take.n_bars)[: len(found)])
    np.testing.assert_array_equal(found, offline, "what is rendered is what was played, to the bit")
    stems = {one.stem: decoded(one) for one in stems_folder(path).iterdir()}
    assert sorted(stems) == [BASS, DRUMS]
    assert all(len(one) == len(found) for one in stems.values())
    said = recipe_of(path)
    assert isinstance(said, MixRecipe)
    assert said.kind is MixKind.JAM
    assert sorted(lead.layer for lead in said.leads) == [BASS, DRUMS]
    assert {type(lead) for lead in said.leads} == {Lead}
    assert player.failures == []


@pytest.mark.audio
@pytest.mark.soak
def test_a_device_that_is_lost_while_a_jam_is_recorded_costs_the_recording_nothing(
    qtbot: QtBot, tmp_path: Path, mortal_server: SoundServer
) -> None:
    player = Player(tmp_path / "jam", is_heard=True)
    devices: list[str] = []
    player.engine.output.device_changed.connect(lambda device, _error: devices.append(device))

    def bars() -> float:
        return player.heard[-1][0] if player.heard else -10.0

    try:
        deck = Deck(player)
        set_up(qtbot, player, tmp_path / "kept")
        deck.record.emit(JamRecordingOrder(str(tmp_path / "jam.flac"), has_stems=True))
        qtbot.waitUntil(lambda: bars() > 1.5, timeout=60_000)
        mortal_server.stop()
        qtbot.waitUntil(lambda: devices[-1] == "", timeout=60_000)
        lost = bars()
        qtbot.waitUntil(lambda: bars() > lost + 2.0, timeout=60_000)
        assert deck.states[-1].path, "it goes on"
        mortal_server.start()
        qtbot.waitUntil(lambda: devices[-1] != "", timeout=60_000)
        back = bars()
        qtbot.waitUntil(lambda: bars() > back + 2.0, timeout=60_000)
        assert mortal_server.record(1.0).any(), "and is heard again"
        take = deck.finish(qtbot)
        player.act.emit(acts.Stop())
    finally:
        player.engine.shut_down()
    found = assert_whole(take, 6)
    drums, bass = (decoded(stems_folder(take.path) / f"{name}.flac") for name in (DRUMS, BASS))
    assert len(drums) == len(bass) == len(found)
