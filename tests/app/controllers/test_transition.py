# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that a transition is asked for while its panel is seen, and made as it is dragged there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from app.controllers.transition import TransitionController
from app.main_window import MainWindow
from engine.qt.studio import StudioEngine
from engine.values import SILENT_CHANNEL, ChannelSnapshot, PlaybackSnapshot, TransitionEdit
from tests.app.controllers.conftest import Unstarted
from tests.widgets.transitions import BAR, RATE, TURN, a_coming, a_picture

pytestmark = pytest.mark.gui

Studio = tuple[MainWindow, TransitionController, StudioEngine]


@pytest.fixture
def studio(unstarted: Unstarted) -> Studio:
    return unstarted(TransitionController)


def heard(channel: ChannelSnapshot) -> PlaybackSnapshot:
    others = (SILENT_CHANNEL,) * 7
    return PlaybackSnapshot((channel, *others), (-120.0, -120.0), (-120.0, -120.0), 0, 0.0, 0.0, "")


def test_it_is_wanted_while_it_is_seen_and_made_as_it_is_dragged(studio: Studio, qtbot: QtBot) -> None:
    window, controller, engine = studio
    panel = window.transition_panel
    wanted, edits = QSignalSpy(controller.transition_wanted), QSignalSpy(controller.edit_wanted)
    window.go_to_panel("transition")
    qtbot.waitUntil(lambda: wanted.count() > 0)
    assert wanted.at(wanted.count() - 1)[0] is True
    assert panel.isAncestorOf(window.focusWidget())
    engine.transport.transition_changed.emit(a_coming())
    engine.transport.transition_drawn.emit(a_picture())
    before = a_picture().before_samples
    # The playhead goes towards the entry, then through the crossfade, whichever loop leads.
    engine.output.snapshot_taken.emit(heard(ChannelSnapshot(1, RATE, 1)))
    assert panel.plot.playhead_sample() == before + TURN + RATE - (TURN + 2 * BAR)
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert edits.at(0)[0] == TransitionEdit(1, 2, entry_samples=TURN + 3 * BAR)
    engine.transport.transition_changed.emit(replace(a_coming(), is_sounding=True))
    engine.output.snapshot_taken.emit(heard(ChannelSnapshot(2, 5, 0, incoming_id=2, fade=0.75)))
    assert panel.plot.playhead_sample() == before + 0.75 * a_picture().fade_samples
    engine.transport.transition_changed.emit(None)
    assert panel.plot.item.picture is None
    n_before = wanted.count()
    window.go_to_panel("metrics")
    qtbot.waitUntil(lambda: wanted.count() > n_before)
    assert wanted.at(wanted.count() - 1)[0] is False
