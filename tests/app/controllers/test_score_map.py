# SPDX-License-Identifier: GPL-3.0-or-later
"""The score map is joined to what plays and to the settings; the engine is not started."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from app.controllers.score_map import ScoreMapController
from app.controllers.studio import Controller
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build
from engine.dsp.peaks import peak_pyramid
from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.session.options import Places
from engine.values import LoopRegion, MetricWeights
from tests.starters import shipped
from tests.widgets.score_map.test_panel import some_maps

pytestmark = pytest.mark.gui


def _told(spy: QSignalSpy) -> list[bool]:
    return [spy.at(i)[0] for i in range(spy.count())]


def test_the_map_shows_what_plays_and_sets_what_is_set(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    settings = replace(Settings(), data_folder=str(tmp_path / "data"), weight_beat=1.5)
    window, engine = build(settings, Places(str(RESOURCES / "starters")))
    qtbot.addWidget(window)
    controller, joined = window.findChild(Controller), window.findChild(ScoreMapController)
    assert isinstance(controller, Controller)
    assert isinstance(joined, ScoreMapController)
    panel, store = window.score_map_panel, controller.store
    wanted, regions, candidates = (
        QSignalSpy(one) for one in (joined.map_wanted, joined.region_wanted, joined.candidate_wanted)
    )
    window.show()
    qtbot.waitExposed(window)
    window.show_panel("score_map", False)
    qtbot.waitUntil(lambda: _told(wanted)[-1:] == [False])
    window.go_to_panel("score_map")
    qtbot.waitUntil(lambda: _told(wanted)[-1:] == [True])
    assert panel.plot.weights == MetricWeights(beat=1.5)

    starter = shipped()[0]
    view = NowPlaying(LoopInHand.of_recipe(1, starter.clip, starter.recipe), Baker(480.0, -16.0)).view()
    engine.loop.changed.emit(view)
    engine.loop.map_changed.emit(some_maps())
    assert panel.plot.maps
    assert panel.plot.item.candidates == tuple(one.region for one in view.candidates)
    panel.region_chosen.emit(view.candidates[0].region)
    assert candidates.at(0)[0] == 0
    panel.region_changed.emit(LoopRegion(0, 4_321))
    assert regions.at(0)[0] == LoopRegion(0, 4_321)
    panel.region_changing.emit(LoopRegion(0, 5_000))
    assert window.waveform_panel.plot.region is None, "there is no picture yet"
    engine.loop.changed.emit(replace(view, peaks=peak_pyramid(starter.clip), spectrogram=None))
    panel.region_changing.emit(LoopRegion(0, 5_000))
    assert window.waveform_panel.plot.region == LoopRegion(0, 5_000)
    assert window.spectrogram_panel.plot.item.region == LoopRegion(0, 5_000)

    panel.lengths_limited.emit(3.0, 9.0)
    assert (store.settings.min_loop_s, store.settings.max_loop_s) == (3.0, 9.0)
    panel.weights_button.click()
    panel.free_button.click()
    assert (store.settings.min_loop_s, store.settings.max_loop_s) == (2.0, 0.0)
    panel.weights.equal_button.click()
    assert store.settings.weight_beat == 1.0
    engine.loop.map_changed.emit(None)
    assert not panel.plot.maps
    window.close()
    engine.shut_down()
