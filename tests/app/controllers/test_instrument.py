# SPDX-License-Identifier: GPL-3.0-or-later
"""In the real window an input is taken in, phrases of it become loops of the jam, and a band listens beside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.controllers.instrument import InstrumentController, asked_of, band_words
from app.settings import Settings
from engine.values import jam_acts as acts
from engine.values.inputs import InputDevice, InputSide
from engine.values.jam import JamState, LayerName
from tests.app.controllers.conftest import Unstarted
from tests.engine.companion.band.players import perform
from tests.engine.companion.band.test_live import playing
from tests.engine.playback.device.test_round_trips import listening_to
from tests.soundserver import SoundServer
from widgets.dialogs.instrument_dialog import InstrumentDialog

pytestmark = pytest.mark.gui


def opened(controller: InstrumentController) -> InstrumentDialog:
    controller.action.trigger()
    assert controller._dialog is not None
    return controller._dialog


@pytest.mark.audio
def test_a_phrase_is_recorded_into_the_jam_and_overdubbed(
    unstarted: Unstarted, qtbot: QtBot, mortal_server: SoundServer
) -> None:
    _, controller, engine = unstarted(InstrumentController)
    states: list[JamState] = []
    bars: list[float] = []
    engine.jam.changed.connect(states.append)
    engine.jam.heard.connect(lambda over, _channels: bars.append(over))
    engine.start()

    def until(comes: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(comes()), timeout=40_000)

    with listening_to(mortal_server, "guitar"):
        dialog = opened(controller)
        record = dialog.loop_buttons[acts.RecordPhrase]
        assert not record.isEnabled()
        dialog.open_check.click()
        until(dialog.monitor_check.isEnabled)
        assert record.isEnabled()
        with playing(mortal_server, "guitar", perform(100.0, bars=24)):
            until(lambda: dialog.meter.peak_db[0] > -40.0)
            # The jam stands: the first phrase says the tempo.
            record.click()
            qtbot.wait(2_400)
            record.click()
            until(lambda: states and states[-1].is_running)
            lead = states[-1].layers[list(LayerName).index(LayerName.LEAD)]
            assert lead.playing is not None
            assert lead.playing.bars == 1
            assert states[-1].groove.bpm == pytest.approx(100.0, abs=6.0)
            dialog.layer_combo.setCurrentIndex(list(LayerName).index(LayerName.BASS))
            record.click()
            until(lambda: controller._looper.layer is LayerName.BASS)
            assert "bar" in dialog.loop_note.text()
            assert dialog.cancel_button.isEnabled()
            begins_at = controller._looper.begins_at
            assert begins_at is not None
            until(lambda: bars and bars[-1] > float(begins_at) + 0.5)
            record.click()
            until(lambda: states[-1].layers[list(LayerName).index(LayerName.BASS)].playing)
        dialog.open_check.click()
        assert not record.isEnabled()
        controller.act_wanted.emit(acts.Stop())
        until(lambda: not states[-1].is_running)


@pytest.mark.audio
def test_the_latency_is_measured_and_the_band_listens(
    unstarted: Unstarted, qtbot: QtBot, sound_server: SoundServer
) -> None:
    _, controller, engine = unstarted(InstrumentController)
    engine.start()
    dialog = opened(controller)
    qtbot.waitUntil(lambda: dialog.device_combo.count() > 1, timeout=20_000)
    dialog.measure_button.click()
    assert controller.measuring.is_busy
    qtbot.waitUntil(lambda: not controller.measuring.is_busy, timeout=60_000)
    assert "ms there and back" in dialog.input_note.text()
    dialog.band_button.click()
    assert dialog.band_button.isChecked()
    qtbot.waitUntil(lambda: "play some bars" in dialog.band_note.text(), timeout=60_000)
    dialog.band_button.click()
    qtbot.waitUntil(lambda: not controller.band.is_busy, timeout=20_000)
    assert not dialog.band_button.isChecked()
    assert dialog.band_note.text() == ""


def test_without_an_input_the_dialog_says_so(unstarted: Unstarted, qtbot: QtBot, no_sound: None) -> None:
    _, controller, engine = unstarted(InstrumentController)
    engine.start()
    dialog = opened(controller)
    dialog.open_check.click()
    qtbot.waitUntil(lambda: "input" in dialog.input_note.text(), timeout=30_000)
    assert dialog.input_note.text().endswith(".")


def test_what_is_set_is_asked_for_and_said_to_the_band() -> None:
    usual = Settings()
    assert asked_of(usual).device is None
    assert band_words(usual) == ["band", "--json", "--side", "both", "--gain=0", "--level=-3"]
    own = Settings(
        input_device=("ALSA", "USB"),
        input_side="left",
        input_gain_db=6.0,
        band_parts="drums,bass",
        band_style="bossa nova",
        band_level=-6.0,
    )
    asked = asked_of(own)
    assert asked.side is InputSide.LEFT
    assert asked.gain == pytest.approx(1.995, abs=1e-3)
    words = " ".join(band_words(own))
    assert "--input ALSA: USB" in words
    assert "--parts drums,bass --style bossa nova" in words


def test_devices_are_offered_and_the_choice_is_kept(unstarted: Unstarted, qtbot: QtBot, no_sound: None) -> None:
    _, controller, _ = unstarted(InstrumentController)
    dialog = opened(controller)
    dialog.set_inputs((InputDevice("ALSA", "USB", 2, 44_100, False),))
    dialog.device_combo.setCurrentIndex(1)
    dialog.device_combo.activated.emit(1)
    assert controller._store.settings.input_device == ("ALSA", "USB")
