# SPDX-License-Identifier: GPL-3.0-or-later
"""The notice bar shows the newest notice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from widgets.bar.notice_bar import NoticeBar

pytestmark = pytest.mark.gui


@pytest.fixture
def bar(qtbot: QtBot) -> NoticeBar:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.resize(600, 40)
    return bar


def test_it_shows_the_newest_and_comes_back_to_the_older(bar: NoticeBar, qtbot: QtBot) -> None:
    dismissed = QSignalSpy(bar.dismissed)
    assert bar.isHidden()
    bar.show_notice("No sound output was found.", "error", "device")
    bar.show_notice("MusicGPT made no clip.", "warning", "generator")
    assert bar.isVisible()
    assert bar.text_label.text() == "MusicGPT made no clip."
    assert bar.more_label.text() == "and 1 more"
    QTest.mouseClick(bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert dismissed.count() == 1
    assert dismissed.at(0)[0] == "generator"
    assert bar.text_label.text() == "No sound output was found."
    bar.clear_notice("device")
    assert bar.isHidden()
    assert dismissed.count() == 1, "clearing is not dismissing"


def test_one_notice_of_a_kind(bar: NoticeBar) -> None:
    bar.show_notice("first", kind="generator")
    bar.show_notice("second", kind="generator")
    assert bar.notice() == "second"
    assert bar.more_label.text() == ""
    bar.clear_notice("another kind")
    assert bar.notice() == "second"
    bar.clear_notice("generator")
    assert bar.notice() == ""


def test_a_notice_that_comes_again_is_the_newest(bar: NoticeBar) -> None:
    bar.show_notice("first", kind="device")
    bar.show_notice("second", kind="generator")
    bar.show_notice("first again", kind="device")
    assert bar.notice() == "first again"


def test_a_long_notice_is_cut_and_told_by_the_tooltip(bar: NoticeBar) -> None:
    text = "something went wrong " * 40
    bar.show_notice(text)
    assert bar.text_label.is_elided()
    assert bar.text_label.toolTip() == text.strip()
    assert bar.minimumSizeHint().width() < 300


def test_progress_stays_in_its_place_until_it_is_done_or_cancelled(bar: NoticeBar) -> None:
    dismissed, cancelled = QSignalSpy(bar.dismissed), QSignalSpy(bar.cancelled)
    bar.show_progress("made once more · 10 %", "score")
    assert bar.dismiss_button.text() == "Cancel"
    bar.show_notice("The disk is full.", "warning", "disk")
    bar.show_progress("made once more · 20 %", "score")
    assert bar.notice() == "The disk is full.", "progress takes no place from what came after it"
    assert bar.dismiss_button.text() == "Dismiss"
    bar.clear_notice("disk")
    assert bar.notice() == "made once more · 20 %"
    bar._leaving.timeout.emit()
    assert bar.isVisible(), "it does not leave as good news does"
    QTest.mouseClick(bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert (cancelled.count(), dismissed.count()) == (1, 0)
    assert bar.isHidden()
    bar.show_progress("another", "score")
    bar.clear_notice("score")
    assert cancelled.count() == 1, "what is done is not cancelled"
