# SPDX-License-Identifier: GPL-3.0-or-later
"""A seam is heard on the speakers as it would be played: alone, or over the music, which is quieter and goes on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from scipy.signal import correlate

from app.settings import Settings
from engine.dsp.seam import bake, cyclic
from engine.dsp.seam_excerpt import seam_excerpt
from engine.playback.mix.audition import DUCK_MS, UNDUCK_MS
from engine.units import db_to_amplitude, ms_to_samples
from engine.values import Clip, FloatArray
from engine.values.auditions import DUCKED_DB
from tests.e2e.conftest import LATENCY_MS, Opened, Studio
from tests.e2e.hearing import heard_anything
from tests.listening import align, find_faults
from tests.soundserver import SAMPLE_RATE, Recording, SoundServer
from tests.starters import shipped

pytestmark = [pytest.mark.gui, pytest.mark.audio]

AS_GOOD_AS_SAME = 0.02
"""Share of a sound's level by which what is heard may differ from it: the limiter may take a little off its peaks."""


def place_of(sound: FloatArray, recording: FloatArray) -> int:
    """Return the sample of the recording at which a sound begins, by the best match."""
    match = sum(correlate(recording[:, channel], sound[:, channel], mode="valid") for channel in range(2))
    return int(np.argmax(match))


def level(samples: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def gain_of(sound: FloatArray, heard: FloatArray) -> float:
    """Return the linear gain at which a sound was heard, and find nothing else there."""
    gain = float(np.vdot(sound, heard) / np.vdot(sound, sound))
    assert gain > 0.0
    assert level(heard - gain * sound) < AS_GOOD_AS_SAME * level(gain * sound)
    return gain


def hear_seam(studio: Studio, recording: Recording) -> tuple[int, int]:
    """Press P in the list of candidates, wait for the seam's end, and return the stretch of the recording with it."""
    panel = studio.window.candidates_panel
    first = round(recording.seconds * SAMPLE_RATE)
    lit: list[bool] = []
    panel.hear_button.toggled.connect(lit.append)
    QTest.keyClick(panel.table, Qt.Key.Key_P)
    studio.until(lambda: lit == [True, False], "the seam is heard and over")
    panel.hear_button.toggled.disconnect(lit.append)
    until_s = recording.seconds + (LATENCY_MS + UNDUCK_MS) / 1000.0 + 0.5
    studio.until(lambda: recording.seconds > until_s, "what follows is recorded")
    return first, round(until_s * SAMPLE_RATE)


def clip_that_plays(studio: Studio) -> Clip:
    title = studio.view.recipe.title
    return next(one.clip for one in shipped() if one.recipe.title == title)


@pytest.mark.soak
def test_a_seam_is_heard_without_changing_what_plays(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    settings = replace(settings, generator_parameters={"composer": {"vary": False}})
    with opened(settings) as studio, sound_server.recording() as recording:
        panel, bar = studio.window.candidates_panel, studio.window.transport_bar
        studio.until(lambda: len(studio.view.candidates) > 1, "the candidates are found")
        playing = studio.view.region
        row = next(at for at, one in enumerate(studio.view.candidates) if one.region != playing)
        candidate, clip = studio.view.candidates[row], clip_that_plays(studio)
        panel.table.selectRow(row)
        overlap_ms = candidate.overlap_beyond(settings.overlap_ms)
        seam = seam_excerpt(clip, candidate.region, overlap_ms=overlap_ms, side_s=0.5, sample_rate=SAMPLE_RATE)
        n = len(seam)

        # Stopped: no output is open, and it is heard alone.
        first, end = hear_seam(studio, recording)
        alone = recording.samples[first:end]
        at = place_of(seam, alone)
        gain = gain_of(seam, alone[at : at + n])
        assert not heard_anything(alone[at + n :])
        assert not studio.window.prompt_bar.is_running()

        # Over the music, at the same gain.
        studio.start()
        studio.click(bar.hold_button)
        studio.until(bar.hold_button.isChecked, "the loop stays")
        studio.live(1.5)
        first, end = hear_seam(studio, recording)
        loop = bake(clip, playing, overlap_ms=settings.overlap_ms).samples
        heard, n_before = recording.samples[:end], SAMPLE_RATE
        began = first - n_before
        music = cyclic(loop, -align(heard[began:first], loop), end - began)
        heard = heard[began:]
        assert gain_of(music[:n_before], heard[:n_before]) == pytest.approx(gain, rel=0.01)
        ducked = np.float32(db_to_amplitude(DUCKED_DB))
        at = place_of(seam, heard - gain * ducked * music)
        down, up = ms_to_samples(DUCK_MS, SAMPLE_RATE), ms_to_samples(UNDUCK_MS, SAMPLE_RATE)
        beneath = heard[at + down : at + n] - gain * seam[down:]
        assert gain_of(music[at + down : at + n], beneath) == pytest.approx(gain * ducked, rel=0.02)
        gain_of(music[at + n + up :], heard[at + n + up :])
        assert find_faults(heard, SAMPLE_RATE) == []

        # In a pause it is heard alone, and the pause goes on.
        studio.click(bar.pause_button)
        studio.until(lambda: studio.transport.is_paused, "the music pauses")
        studio.live(0.5)
        first, end = hear_seam(studio, recording)
        alone = recording.samples[first:end]
        at = place_of(seam, alone)
        assert gain_of(seam, alone[at : at + n]) == pytest.approx(gain, rel=0.01)
        assert not heard_anything(alone[at + n :])
        assert studio.transport.is_paused
        assert studio.failures == []
