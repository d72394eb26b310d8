# SPDX-License-Identifier: GPL-3.0-or-later
"""The next panel shows the clip being made."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from engine.values import MusicInHand, Progress
from widgets import theme
from widgets.next_panel import NextPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot) -> NextPanel:
    panel = NextPanel()
    qtbot.addWidget(panel)
    panel.resize(250, 80)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def share(panel: NextPanel) -> float:
    return (panel.bar.value() - panel.bar.minimum()) / (panel.bar.maximum() - panel.bar.minimum())


def test_it_tells_stage_share_and_time_left(panel: NextPanel) -> None:
    panel.set_progress(Progress(1, 0.62, "composing", 9.2))
    assert panel.stage_label.text() == "Composing"
    assert panel.header.info == "62 % · 9 s left"
    assert share(panel) == pytest.approx(0.62, abs=0.002)
    panel.set_progress(Progress(1, 0.7, "composing", 130.0))
    assert panel.header.info == "70 % · 2 min 10 s left"


def test_a_job_that_cannot_tell_is_busy(panel: NextPanel) -> None:
    panel.set_progress(Progress(1, None, "loading"))
    assert (panel.bar.minimum(), panel.bar.maximum()) == (0, 0)
    assert panel.header.info == ""
    panel.set_progress(Progress(1, 0.5, "generating"))
    assert share(panel) == pytest.approx(0.5)


def test_failure_is_told_with_the_next_try(panel: NextPanel) -> None:
    panel.set_progress(Progress(1, 0.5, "generating"))
    panel.set_failed("MusicGPT stopped with exit code 1: " + "out of memory " * 9, 60)
    assert panel.stage_label.property("role") == "warning"
    assert panel.stage_label.is_elided()
    assert "out of memory" in panel.stage_label.toolTip()
    assert panel.header.info == "next try in 1 min 00 s"
    assert share(panel) == 0.0
    panel.set_waiting("The next clip is ready")
    assert panel.stage_label.property("role") == "dim"
    assert panel.header.info == ""


def test_nothing_jumps_between_states(panel: NextPanel) -> None:
    states = (
        Progress(1, 0.5, "composing", 3.0),
        Progress(1, None, "loading the model", 1e5),
        None,
    )
    hints = set()
    for progress in states:
        panel.set_progress(progress)
        hints.add((str(panel.minimumSizeHint()), str(panel.stage_label.geometry())))
    panel.set_failed("W" * 500, 1.0)
    hints.add((str(panel.minimumSizeHint()), str(panel.stage_label.geometry())))
    panel.set_progress(None)
    assert len(hints) == 1


def test_the_next_try_is_counted_down(panel: NextPanel, qtbot: QtBot) -> None:
    panel.set_failed("MusicGPT stopped", 1.2)
    assert panel.header.info == "next try in 1 s"
    qtbot.waitUntil(lambda: panel.header.info == "trying again")
    panel.set_progress(Progress(1, 0.0, "starting"))
    assert panel.header.info == "0 %"


def test_the_music_in_hand_is_told_against_the_time_a_loop_takes(panel: NextPanel) -> None:
    panel.set_progress(Progress(1, 0.62, "composing", 9.2))
    panel.set_hand(MusicInHand(130.0, 2, 9.0))
    assert panel.hand_label.text() == "music in hand: 2 min 10 s"
    assert panel.making_label.text() == "a loop takes 9 s"
    assert panel.header.info == "62 % · 9 s left · 2 ready"
    assert panel.hand_label.property("role") == "dim"
    panel.set_waiting("“Rain” is ready")
    assert panel.header.info == "2 ready"
    panel.set_hand(MusicInHand(20.0, 0, 75.0))
    assert panel.making_label.text() == "a loop takes 1 min 15 s"
    assert panel.hand_label.property("role") == "warning", "a loop takes longer than the music lasts"
    assert panel.header.info == ""
    panel.set_hand(MusicInHand(20.0, 1, None))
    assert (panel.making_label.text(), panel.hand_label.property("role")) == ("", "dim")
    assert panel.header.info == "1 ready"
    panel.set_hand(MusicInHand(0.0, 0, 9.0))
    assert panel.hand_label.text() == "this loop goes on until then", "nothing ends"
    panel.set_hand(None)
    assert panel.hand_label.text() == "music in hand: –"
    assert panel.header.info == ""


def test_the_gauge_grows_with_the_music_and_turns_amber(panel: NextPanel) -> None:
    def length(colour: str) -> int:
        picture = panel.gauge.grab().toImage()
        middle = picture.height() // 2
        return sum(picture.pixelColor(x, middle).name() == colour for x in range(picture.width()))

    lengths = []
    for prepared_s in (0.0, 15.0, 60.0, 600.0, 1e6):
        panel.set_hand(MusicInHand(prepared_s, 0, None))
        lengths.append(length(theme.ACCENT))
    assert lengths == sorted(set(lengths))
    assert lengths[-1] >= panel.gauge.width() - 4
    panel.set_hand(MusicInHand(15.0, 0, 60.0))
    assert length(theme.ACCENT) == 0
    assert length(theme.WARNING) == pytest.approx(lengths[1], abs=2)


def test_the_gauge_moves_nothing(panel: NextPanel) -> None:
    hints = set()
    for hand in (None, MusicInHand(0.0, 0, None), MusicInHand(1e5, 99, 9e4), MusicInHand(20.0, 0, 75.0)):
        panel.set_hand(hand)
        hints.add((panel.minimumSizeHint().height(), str(panel.gauge.geometry())))
    assert len(hints) == 1
