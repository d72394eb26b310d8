# SPDX-License-Identifier: GPL-3.0-or-later
"""At the first start a person chooses a device, hears the test tone there and sees it on the meter."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.control.client import running
from app.controllers.welcome import WelcomeController
from app.settings import Settings
from engine.dsp.check_tone import PEAK_DBFS, check_tone
from engine.units import amplitude_to_db
from tests.e2e.conftest import LATENCY_MS, Opened
from tests.e2e.hearing import heard_anything
from tests.e2e.test_processes import running_studio, until, xdotool
from tests.listening import find_faults
from tests.soundserver import SAMPLE_RATE, SoundServer

pytestmark = pytest.mark.gui

DESK = ("ALSA", "desk")


@pytest.mark.audio
def test_the_tone_is_heard_where_it_was_chosen_as_loud_as_the_meter_says(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    with (
        sound_server.another_sink(DESK[1]),
        opened(settings) as studio,
        sound_server.recording() as ears,
        sound_server.recording(DESK[1]) as desk,
    ):
        welcome = studio.window.findChild(WelcomeController)
        assert isinstance(welcome, WelcomeController)
        welcome.show()
        page = welcome.page
        assert page is not None
        combo = page.device_combo
        studio.until(lambda: DESK in [combo.itemData(at) for at in range(combo.count())], "the device is listed")
        while combo.chosen() != DESK:
            QTest.keyClick(combo, Qt.Key.Key_Down)
        lit: list[bool] = []
        page.tone_button.toggled.connect(lit.append)
        most_db = [-np.inf, -np.inf]

        def is_over() -> bool:
            most_db[:] = map(max, most_db, page.meter.held_db)
            return lit == [True, False]

        studio.click(page.tone_button)
        studio.until(is_over, "the tone is heard and over")
        until_s = desk.seconds + LATENCY_MS / 1000.0 + 0.5
        studio.until(lambda: desk.seconds > until_s, "what follows is recorded")
        heard, tone = desk.samples, check_tone(SAMPLE_RATE)
        first = int(np.flatnonzero(heard.any(axis=1))[0]) - int(np.flatnonzero(tone.any(axis=1))[0])
        # It goes out bit for bit: neither clicks nor fades of anybody's are at its ends, and nothing else is heard.
        np.testing.assert_array_equal(heard[first : first + len(tone)], tone)
        assert not heard[:first].any()
        assert not heard[first + len(tone) :].any()
        assert find_faults(heard, SAMPLE_RATE) == []
        assert not heard_anything(ears.samples), "it goes to the other device alone"
        for channel in range(2):
            peak_db = amplitude_to_db(float(np.abs(heard[:, channel]).max()))
            assert peak_db == pytest.approx(PEAK_DBFS, abs=0.01)
            assert most_db[channel] == pytest.approx(peak_db, abs=0.01), "what the meter showed"
        assert page.sound_label.text().startswith("Sent to “desk”.")
        assert studio.failures == []
        page.reject()


WINDOW, ENGLISH, ITALIAN = "Infiniloop Studio", "Welcome — Infiniloop Studio", "Benvenuto — Infiniloop Studio"


def windows(process: psutil.Process) -> dict[str, str]:
    """Return the studio's windows that are shown, by their titles."""
    found = xdotool("search", "--all", "--onlyvisible", "--pid", str(process.pid), "--name", ".").split()
    return {xdotool("getwindowname", one).strip(): one for one in found}


def press(studio: psutil.Process, title: str, *keys: str) -> None:
    """Press keys in the window of that title."""
    xdotool("windowfocus", "--sync", windows(studio)[title])
    xdotool("key", "--clearmodifiers", *keys)


@pytest.mark.soak
def test_the_program_greets_once_in_the_language_that_is_chosen(display: str, no_sound: None, tmp_path: Path) -> None:
    with running_studio(tmp_path) as studio:
        until(lambda: windows(studio).keys() == {WINDOW, ENGLISH}, "the page is shown")
        # To the language, and down from the system's to Italian.
        press(studio, ENGLISH, "alt+l", "Down")
        until(lambda: running() == [studio.pid], "other programs may steer it")
        until(lambda: windows(studio).keys() == {WINDOW, ITALIAN}, "the window speaks it, and the page with it")
        until(lambda: running() == [studio.pid], "the window that was opened anew is steered, by one socket")
        press(studio, ITALIAN, "Escape")
        until(lambda: windows(studio).keys() == {WINDOW}, "Escape skips it")
        press(studio, WINDOW, "ctrl+q")
        assert studio.wait(30.0) == 0
    with running_studio(tmp_path) as studio:
        # Whatever comes after the start has come when the engine's processes work.
        until(lambda: len(studio.children()) >= 4, "its spare runs")
        assert windows(studio).keys() == {WINDOW}
        studio.send_signal(signal.SIGTERM)
        studio.wait(30.0)
