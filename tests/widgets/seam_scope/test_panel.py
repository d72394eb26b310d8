# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests look at a seam in the scope, and nudge its edges as a person does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QStandardItemModel
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.loops.seam_picture import beats_of, seam_picture
from engine.values import Clip, LoopRegion, MusicFacts, SeamPicture, SeamProof, Snap
from tests.widgets.pictures import a_clip, turn_wheel
from tests.widgets.showing import shown_alone
from widgets import theme
from widgets.seam_scope.layers import Layer
from widgets.seam_scope.layout import WavesWithSpectrum
from widgets.seam_scope.panel import AUDITION_TIMES, SeamScopePanel
from widgets.seam_scope.plot import SeamPlot
from widgets.seam_scope.spectrum import SeamSpectrum
from widgets.seam_scope.traces import columns_of

pytestmark = pytest.mark.gui

RATE = 8000
REGION = LoopRegion(RATE, 5 * RATE)
LEFT, RIGHT = Qt.Key.Key_Left, Qt.Key.Key_Right
SHIFT = Qt.KeyboardModifier.ShiftModifier
PROOF = SeamProof(step=0.4, slope=0.3, dip_db=1.2, onset=0.0, quieter_than=1.0)


@pytest.fixture(scope="module")
def clip() -> Clip:
    return a_clip(6.0, RATE)


@pytest.fixture(scope="module")
def picture(clip: Clip) -> SeamPicture:
    beats = beats_of(None, MusicFacts(tempo_bpm=120.0, beats_per_bar=4), 0, clip.n_samples, RATE)
    return seam_picture(clip, REGION, overlap_ms=300.0, beats=beats)


@pytest.fixture
def panel(qtbot: QtBot, clip: Clip, picture: SeamPicture) -> SeamScopePanel:
    panel = shown_alone(qtbot, SeamScopePanel(), 760, 420)
    panel.set_clip(clip.n_samples, RATE)
    panel.set_region(REGION, PROOF)
    panel.set_picture(picture)
    panel.plot.setFocus()
    return panel


def test_the_keyboard_comes_to_the_picture_whose_keys_the_help_names(panel: SeamScopePanel) -> None:
    assert panel.main_stop() is panel.plot


def test_without_a_loop_one_line_says_what_comes(qtbot: QtBot) -> None:
    panel = shown_alone(qtbot, SeamScopePanel(), 340, 300)
    assert panel.plot.accessibleDescription() == "The seam of the loop that plays is drawn here."
    assert panel.header.info == ""
    assert not panel.hear_button.isEnabled()
    QTest.keyClick(panel.plot, RIGHT)
    QTest.keyClick(panel.plot, Qt.Key.Key_S)
    assert panel.mover.region is None


def test_the_header_says_edges_step_and_dip(panel: SeamScopePanel) -> None:
    assert panel.header.info == "8000 – 40000 · step 0.4 · dip 1.2 dB"
    assert panel.plot.accessibleDescription().endswith("step 0.4 · dip 1.2 dB · 1.0000 – 5.0000 s")
    panel.set_region(REGION, None)
    assert "step – · dip – dB" in panel.header.info


def test_arrows_move_the_chosen_edge_by_samples_and_tell_it_once(panel: SeamScopePanel) -> None:
    changing, changed = QSignalSpy(panel.region_changing), QSignalSpy(panel.region_changed)
    QTest.keyClick(panel.plot, Qt.Key.Key_O)
    assert [one.isChecked() for one in panel.edge_buttons] == [False, True]
    QTest.keyPress(panel.plot, RIGHT)
    QTest.keyPress(panel.plot, LEFT, SHIFT)
    assert changing.count() == 1, "the second waits for its turn"
    assert changed.count() == 0
    # What is told meanwhile takes nothing out of the hand.
    panel.set_region(REGION, PROOF)
    QTest.keyRelease(panel.plot, LEFT)
    expected = LoopRegion(REGION.loop_start, REGION.loop_end - 9)
    assert [changed.at(n)[0] for n in range(changed.count())] == [expected]
    QTest.keyClick(panel.plot, Qt.Key.Key_I)
    QTest.keyClick(panel.plot, LEFT)
    assert changed.at(1)[0] == LoopRegion(REGION.loop_start - 1, expected.loop_end)


def test_edges_go_from_one_zero_crossing_to_the_next(panel: SeamScopePanel, clip: Clip) -> None:
    panel.set_snap(Snap.CROSSINGS)
    mono = clip.samples.mean(axis=1, dtype=np.float64)
    places = np.flatnonzero((mono[:-1] < 0.0) & (mono[1:] >= 0.0)) + 1
    QTest.keyClick(panel.plot, Qt.Key.Key_I)
    for key, modifier, n_places in ((RIGHT, Qt.KeyboardModifier.NoModifier, 0), (RIGHT, SHIFT, 10), (LEFT, SHIFT, 0)):
        QTest.keyClick(panel.plot, key, modifier)
        later = places[places > REGION.loop_start]
        assert panel.mover.sample == later[n_places]
    panel.mover.set_region(LoopRegion(int(later[0]) + 1, REGION.loop_end))
    QTest.keyClick(panel.plot, Qt.Key.Key_S)
    assert panel.mover.sample == later[0]


def test_edges_go_from_beat_to_beat_and_with_shift_from_bar_to_bar(panel: SeamScopePanel, clip: Clip) -> None:
    panel.set_snap(Snap.BEATS)
    QTest.keyClick(panel.plot, Qt.Key.Key_O)
    QTest.keyClick(panel.plot, LEFT)
    assert panel.mover.sample == REGION.loop_end - RATE // 2
    QTest.keyClick(panel.plot, LEFT, SHIFT)
    assert panel.mover.sample == 4 * RATE
    # Music in free time: the choice is not offered, and edges move by samples.
    panel.set_picture(seam_picture(clip, REGION, overlap_ms=10.0))
    QTest.keyClick(panel.plot, LEFT)
    assert panel.mover.sample == 4 * RATE - 1
    model = panel.snap_combo.model()
    assert isinstance(model, QStandardItemModel)
    assert [model.item(row).isEnabled() for row in range(3)] == [True, True, False]


def test_buttons_move_an_edge_too_and_the_loop_follows_when_they_rest(panel: SeamScopePanel, qtbot: QtBot) -> None:
    changed = QSignalSpy(panel.region_changed)
    for _ in range(3):
        QTest.mouseClick(panel.step_buttons[1], Qt.MouseButton.LeftButton)
    assert changed.count() == 0
    qtbot.waitUntil(lambda: changed.count() == 1)
    assert changed.at(0)[0] == LoopRegion(REGION.loop_start + 3, REGION.loop_end)


def test_the_view_goes_from_two_milliseconds_to_two_seconds_about_the_joint(panel: SeamScopePanel) -> None:
    view, middle = panel.plot.time_view, panel.plot.viewport().rect().center()
    first = view.width
    turn_wheel(panel.plot.viewport(), middle, 60)
    assert view.width == pytest.approx(0.002 * RATE)
    QTest.keyClick(panel.plot, Qt.Key.Key_Home)
    assert (view.first + view.last) / 2.0 == pytest.approx(RATE)
    turn_wheel(panel.plot.viewport(), middle, -80)
    assert view.width == pytest.approx(2.0 * RATE)
    QTest.keyClick(panel.plot, Qt.Key.Key_Plus)
    assert first < view.width < 2.0 * RATE
    assert (view.first + view.last) / 2.0 == pytest.approx(RATE)


def test_each_sample_is_a_dot_where_it_belongs(panel: SeamScopePanel, picture: SeamPicture) -> None:
    for layer, button in panel.layer_buttons.items():
        button.setChecked(layer is Layer.RENDERED)
    view, half = panel.plot.time_view, picture.half_samples
    view.set_span(half - 10, half + 10)
    image = panel.plot.viewport().grab().toImage()
    rect, waves = panel.plot.plot_rect(), panel.plot.item.waves
    assert waves is not None
    mono = picture.rendered.mean(axis=1)
    for row in range(half - 8, half + 9, 4):
        y = rect.center().y() - mono[row] / waves.height * rect.height() / 2.0
        colour = QColor(image.pixel(round(panel.plot.x_of(row)), round(y)))
        assert colour.lightness() > 0.6 * QColor(theme.TEXT).lightness(), row


def test_a_layer_that_is_switched_off_is_not_seen(panel: SeamScopePanel) -> None:
    seen = [panel.plot.viewport().grab().toImage()]
    for layer in Layer:
        QTest.mouseClick(panel.layer_buttons[layer], Qt.MouseButton.LeftButton)
        seen.append(panel.plot.viewport().grab().toImage())
        assert seen[-1] != seen[-2], layer
    assert panel.plot.item.lanes() == []
    panel.layer_buttons[Layer.GAINS].setChecked(True)
    assert [lane for _, _, lane in panel.plot.item.lanes()] == [(Layer.GAINS,)]


def test_one_channel_can_be_looked_at_and_a_mono_clip_has_no_choice(panel: SeamScopePanel) -> None:
    assert panel.channel_button.isVisible()
    for name in ("L", "R", "L+R"):
        panel.channel_button.click()
        assert panel.channel_button.text() == name
        assert panel.channel_button.accessibleName().endswith(name)
    # It ends as far from where it begins as can be.
    mono = Clip(np.cos(np.linspace(0.0, 9.0 * np.pi, RATE // 2, dtype=np.float32))[:, None], RATE)
    panel.set_clip(mono.n_samples, RATE)
    panel.set_region(LoopRegion(0, mono.n_samples), None)
    panel.set_picture(seam_picture(mono, LoopRegion(0, mono.n_samples), overlap_ms=480.0))
    assert not panel.channel_button.isVisible()
    assert panel.header.info.endswith("whole clip: its step is spread over 10 ms")


def test_the_seam_is_heard_and_heard_no_more(panel: SeamScopePanel) -> None:
    asked, ended = QSignalSpy(panel.audition_requested), QSignalSpy(panel.audition_ended)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(panel.plot, Qt.Key.Key_H, keys)
    assert [asked.at(0)[0], asked.at(0)[1]] == [REGION, AUDITION_TIMES]
    panel.set_audition(True)
    QTest.mouseClick(panel.hear_button, Qt.MouseButton.LeftButton)
    assert (asked.count(), ended.count()) == (1, 1)
    assert not panel.hear_button.isChecked()


@pytest.mark.parametrize(("size", "place"), [((760, 200), "beside"), ((340, 330), "below"), ((340, 150), "nowhere")])
def test_the_spectrum_stands_where_there_is_room(qtbot: QtBot, size: tuple[int, int], place: str) -> None:
    plot, spectrum = SeamPlot(""), SeamSpectrum()
    both = shown_alone(qtbot, WavesWithSpectrum(plot, spectrum), *size)
    assert spectrum.isVisible() == (place != "nowhere")
    assert not plot.geometry().intersects(spectrum.geometry())
    assert (spectrum.geometry().left() > plot.geometry().right()) == (place == "beside")
    assert (spectrum.geometry().top() > plot.geometry().bottom()) == (place == "below")
    assert both.rect().contains(plot.geometry())


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_no_sample_is_lost_between_columns(data: st.DataObject) -> None:
    values = np.random.default_rng(3).standard_normal(400).astype(np.float32)
    n_px = data.draw(st.integers(1, 60))
    first = data.draw(st.floats(0.0, 300.0))
    last = data.draw(st.floats(first + n_px, 400.0) if first + n_px < 400.0 else st.just(first + n_px))
    lowest, highest = columns_of(values, first, last, n_px)
    edges = np.floor(first + (last - first) / n_px * np.arange(n_px + 1)).astype(int).clip(0, len(values) - 1)
    for column in range(n_px):
        seen = values[edges[column] : edges[column + 1] + 1]
        assert lowest[column] <= seen[:-1].min(initial=np.inf)
        assert highest[column] >= seen[:-1].max(initial=-np.inf)
        if column < n_px - 1:
            # The next column begins where this one ends.
            assert lowest[column] <= values[edges[column + 1]] <= highest[column]
