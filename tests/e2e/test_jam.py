# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam is played by keys in the real window, and the speakers say so: bars on the clock, layers there or not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtTest import QTest
from scipy.signal import butter, sosfilt

from app.controllers.jam import JamController
from app.settings import Settings
from engine.library.jam_folder import write_project
from engine.playback.mix.clock import BarClock
from engine.qt.studio import StudioEngine
from engine.values import Clip, FloatArray, MusicFacts
from engine.values.jam import Groove, JamState, LayerMix, LayerName, LayerPrompt, SwapAt
from engine.values.jam_project import JamProject, KeptLayer, KeptLoop
from tests.e2e.conftest import Opened
from tests.engine.library.making import recipe
from tests.engine.session.jam.jamming import clicks, onsets
from tests.soundserver import SAMPLE_RATE, SoundServer

pytestmark = [pytest.mark.gui, pytest.mark.audio]

DRUMS, PIANO = LayerName.DRUMS, LayerName.INSTRUMENTS
BPM, BARS, TONE_HZ = 93.7, 2, 440.0
CLOCK = BarClock(SAMPLE_RATE, Fraction(str(BPM)))


class Jam(QObject):
    """A jam as it tells of itself."""

    def __init__(self, engine: StudioEngine) -> None:
        super().__init__()
        self.bars = -1.0
        self.states: list[JamState] = []
        engine.jam.heard.connect(self._on_heard)
        engine.jam.changed.connect(self._on_changed)

    @Slot(float, object)
    def _on_heard(self, bars: float, _channels: object) -> None:
        self.bars = bars

    @Slot(object)
    def _on_changed(self, state: JamState) -> None:
        self.states.append(state)

    def plays(self, *names: LayerName) -> bool:
        """Return whether there is a loop on each of these layers."""
        return bool(self.states) and all(one.playing for one in self.states[-1].layers if one.name in names)


def project() -> JamProject:
    n_samples = CLOCK.line_of(BARS)
    # Whole turns, so that it goes round without a seam.
    turns = round(TONE_HZ * n_samples / SAMPLE_RATE)
    wave = 0.2 * np.sin(2.0 * np.pi * turns * np.arange(n_samples) / n_samples)
    tone = Clip(np.repeat(wave[:, None], 2, axis=1).astype(np.float32), SAMPLE_RATE, wraps=True)
    facts = MusicFacts(BPM, None, 4, BARS)
    layers = {
        DRUMS: KeptLayer(
            LayerPrompt("clicks"), LayerMix(), KeptLoop(DRUMS, clicks(BPM, BARS, hz=4000.0), facts, recipe(), BARS)
        ),
        PIANO: KeptLayer(LayerPrompt("a tone"), LayerMix(), KeptLoop(PIANO, tone, facts, recipe(), BARS)),
    }
    return JamProject(Groove(BPM), BARS, SwapAt.BAR, 4.0, layers)


def beats_of(heard: FloatArray) -> tuple[list[int], list[float]]:
    """Return where beats of the drums are, in samples, and how loud they are: the tone is filtered out."""
    alone = np.asarray(sosfilt(butter(8, 2000.0, "high", fs=SAMPLE_RATE, output="sos"), heard, axis=0))
    found = onsets(alone, share=0.2)
    return found, [float(np.abs(alone[at : at + SAMPLE_RATE // 100]).max()) for at in found]


def tone_level(heard: FloatArray) -> float:
    """Return the amplitude of the instruments' tone."""
    waves = np.exp(-2j * np.pi * TONE_HZ * np.arange(len(heard)) / SAMPLE_RATE)
    return float(2.0 * np.abs((heard[:, 0] * waves).mean()))


def test_keys_play_the_layers_and_the_bars_are_where_the_clock_says(
    opened: Opened, settings: Settings, tmp_path: Path, sound_server: SoundServer
) -> None:
    write_project(tmp_path / "kept", project())
    with opened(settings) as studio, sound_server.recording() as recording:
        window, jam = studio.window, Jam(studio.engine)
        panel = window.jam_panel

        def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
            QTest.keyClick(panel.first_stop(), key, modifier)

        def at(bars: float) -> None:
            studio.until(lambda: jam.bars >= bars, f"bar {bars} is heard", 60.0)

        # Nobody manages windows here; a tab that is behind another one counts as visible, too.
        window.activateWindow()
        studio.until(window.isActiveWindow, "the window has the keys")
        QTest.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
        studio.until(lambda: panel.width() > window.width() // 2, "the jam is shown")
        controller = window.findChild(JamController)
        assert controller is not None
        controller.open_wanted.emit(str(tmp_path / "kept"))
        studio.until(lambda: jam.plays(DRUMS, PIANO), "the jam is open", 60.0)
        press(Qt.Key.Key_Space)
        at(1.1)
        press(Qt.Key.Key_1)  # drums off
        at(3.1)
        press(Qt.Key.Key_1, Qt.KeyboardModifier.ShiftModifier)  # drums alone
        press(Qt.Key.Key_1)
        at(5.1)
        press(Qt.Key.Key_Space)
        recording.wait(0.5)
        assert studio.failures == []
    heard = recording.samples
    found, levels = beats_of(heard)
    assert len(found) > 8
    first = found[0]
    for beat, level in zip(found, levels, strict=True):
        number = round((beat - first) / float(CLOCK.bar_samples) * 4)
        # In the fade of a mute an onset is seen some samples later.
        most = 1 if level >= 0.9 * float(np.median(levels)) else 20
        assert abs(beat - first - CLOCK.line_of(Fraction(number, 4))) <= most, f"beat {number} is on the clock"
    numbers = [round((beat - first) / float(CLOCK.bar_samples) * 4) for beat in found]
    assert numbers[:4] == [0, 1, 2, 3]
    # A key is heard within two beats: no drums from bar 1 3/4 to 3, and from 3 3/4 on nothing but them.
    assert not set(numbers) & set(range(7, 12))
    assert set(range(15, 20)) <= set(numbers)

    def between(begin: float, end: float) -> FloatArray:
        return heard[first + int(begin * CLOCK.bar_samples) : first + int(end * CLOCK.bar_samples)]

    assert tone_level(between(0.0, 1.0)) > 0.003
    assert tone_level(between(1.75, 3.0)) == pytest.approx(tone_level(between(0.0, 1.0)), rel=0.05)
    assert tone_level(between(3.75, 5.0)) < 0.02 * tone_level(between(0.0, 1.0))
