# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that the seam scope asks for pictures while it is seen, and that what is nudged in it plays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from app.controllers.seam_scope import SeamScopeController
from app.main_window import MainWindow
from engine.dsp.peaks import peak_pyramid
from engine.loops.seam_picture import seam_picture
from engine.qt.studio import StudioEngine
from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.values import LoopRegion
from engine.values.auditions import Audition
from engine.values.mending import MendingState
from engine.worker.asset_jobs import AssetDone
from tests.app.controllers.conftest import Unstarted
from tests.starters import shipped
from widgets.seam_scope.panel import AUDITION_TIMES

pytestmark = pytest.mark.gui

Studio = tuple[MainWindow, SeamScopeController, StudioEngine]


@pytest.fixture
def studio(unstarted: Unstarted) -> Studio:
    return unstarted(SeamScopeController)


@pytest.mark.soak
def test_who_mends_is_looked_up_while_it_is_seen_and_what_mends_is_shown(studio: Studio, qtbot: QtBot) -> None:
    window, controller, engine = studio
    button = window.seam_scope_panel.mend_button
    looked = QSignalSpy(controller.painter_wanted)
    done = AssetDone(1, "small", "checked")
    engine.models.done.emit(done)
    assert looked.count() == 0, "nobody sees it"
    window.go_to_panel("seam_scope")
    qtbot.waitUntil(lambda: looked.count() == 1)
    engine.models.done.emit(done)
    assert looked.count() == 2
    window.notice_bar.clear_notice("models small")
    starter = shipped()[0]
    loop = LoopInHand.of_recipe(1, starter.clip, starter.recipe)
    engine.loop.changed.emit(NowPlaying(loop, Baker(480.0, -16.0)).view())
    assert looked.count() == 3, "another loop may have a generator of its own that paints"
    engine.loop.mending_changed.emit(MendingState("Stable Audio 3"))
    assert button.isEnabled()
    # All the way to the session, whose answers come back.
    opened, half = QSignalSpy(engine.library.opened), MendingState("Stable Audio 3", is_working=True, fraction=0.5)
    engine.start()
    qtbot.waitUntil(lambda: opened.count() > 0)
    mending = engine.on_thread.session.retouch.mending
    QTimer.singleShot(0, engine.on_thread, lambda: mending.changed.emit(half))
    qtbot.waitUntil(lambda: button.text() == "50%")


def test_pictures_are_wanted_while_it_is_seen_and_what_is_nudged_plays(studio: Studio, qtbot: QtBot) -> None:
    window, controller, engine = studio
    panel = window.seam_scope_panel
    wanted = QSignalSpy(controller.seam_wanted)
    window.go_to_panel("seam_scope")
    qtbot.waitUntil(lambda: wanted.count() > 0)
    assert wanted.at(wanted.count() - 1)[0] is True
    assert panel.isAncestorOf(window.focusWidget())
    # A loop plays, and is drawn.
    starter = shipped()[0]
    region, clip = starter.recipe.loop.region, starter.clip
    view = NowPlaying(LoopInHand.of_recipe(1, clip, starter.recipe), Baker(480.0, -16.0)).view()
    engine.loop.changed.emit(replace(view, peaks=peak_pyramid(clip)))
    engine.loop.seam_drawn.emit(seam_picture(clip, region, overlap_ms=480.0))
    assert panel.mover.region == region
    assert panel.plot.item.waves is not None
    # Its end is nudged: all pictures follow, and it plays when the key is released.
    looked_at, plays = QSignalSpy(controller.seam_looked_at), QSignalSpy(controller.region_wanted)
    moved = LoopRegion(region.loop_start, region.loop_end - 10)
    QTest.keyClick(panel.plot, Qt.Key.Key_O)
    QTest.keyPress(panel.plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert window.waveform_panel.plot.region == window.spectrogram_panel.plot.item.region == moved
    assert (looked_at.count(), plays.count()) == (1, 0)
    assert looked_at.at(0)[0] == moved
    QTest.keyRelease(panel.plot, Qt.Key.Key_Left)
    assert plays.at(0)[0] == moved
    # An edge that is dragged in the waveform is looked at too.
    window.waveform_panel.region_changing.emit(region)
    assert looked_at.at(1)[0] == region
    # Its seam is heard, as often as the button says, and the button shows for how long.
    heard = QSignalSpy(controller.audition_wanted)
    QTest.mouseClick(panel.hear_button, Qt.MouseButton.LeftButton)
    assert heard.at(0)[0] == Audition(moved, times=AUDITION_TIMES)
    for audition, is_shown in ((heard.at(0)[0], True), (None, False), (Audition(region), False)):
        engine.loop.audition_changed.emit(audition)
        assert panel.hear_button.isChecked() == is_shown
    # Another loop comes: what was drawn is of no use.
    engine.loop.changed.emit(replace(view, loop_id=2))
    assert panel.plot.item.waves is None
    before = wanted.count()
    window.go_to_panel("console")
    qtbot.waitUntil(lambda: wanted.count() > before)
    assert wanted.at(wanted.count() - 1)[0] is False
