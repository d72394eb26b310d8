# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what the window says when an output device goes and comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.controllers.device_notices import KIND, DeviceNotices
from engine.errors import DeviceError, NoDevice
from widgets.bar.notice_bar import NoticeBar

pytestmark = pytest.mark.gui

GONE = DeviceError(device="USB DAC", detail="it is gone or no longer takes sound")
WANTED = ("ALSA", "USB DAC")


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[NoticeBar]:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    yield bar
    # Good news has a clock that takes it away.
    bar.clear_notice(KIND)


@pytest.fixture
def notices(bar: NoticeBar) -> DeviceNotices:
    return DeviceNotices(bar)


def test_a_device_that_opens_is_nothing_to_tell_of(bar: NoticeBar, notices: DeviceNotices) -> None:
    assert notices.opened("USB DAC", WANTED) == ""
    assert notices.opened("default", None) == ""
    assert bar.notice() == ""


def test_gone_and_back(bar: NoticeBar, notices: DeviceNotices) -> None:
    notices.opened("USB DAC", WANTED)
    notices.lost(GONE, WANTED)
    assert bar.notice() == "Sound goes on silently: “USB DAC” is gone"
    assert notices.opened("", WANTED) == "", "the silent clock is no device"
    assert bar.notice() == "Sound goes on silently: “USB DAC” is gone"
    assert notices.opened("USB DAC", WANTED) == "“USB DAC” is back"
    assert bar.notice() == "“USB DAC” is back"
    assert notices.opened("USB DAC", WANTED) == "", "it is told once"


def test_another_takes_its_place_until_it_is_back(bar: NoticeBar, notices: DeviceNotices) -> None:
    notices.opened("USB DAC", WANTED)
    notices.lost(GONE, WANTED)
    notices.opened("default", WANTED)
    assert bar.notice() == "“USB DAC” is gone: sound goes to “System default” until it is back"
    notices.opened("USB DAC", WANTED)
    assert bar.notice() == "“USB DAC” is back"


def test_the_place_taker_goes_too(bar: NoticeBar, notices: DeviceNotices) -> None:
    notices.opened("USB DAC", WANTED)
    notices.lost(GONE, WANTED)
    notices.opened("HDMI", WANTED)
    notices.lost(DeviceError(device="HDMI", detail="it is gone or no longer takes sound"), WANTED)
    assert bar.notice() == "Sound goes on silently: “HDMI” is gone"
    notices.opened("USB DAC", WANTED)
    assert bar.notice() == "“USB DAC” is back"


def test_a_device_that_was_never_there_is_told_as_it_is(bar: NoticeBar, notices: DeviceNotices) -> None:
    error = NoDevice(device="", detail="the system lists none")
    assert notices.lost(error, None) == str(error) == bar.notice()
    notices.opened("default", None)
    assert bar.notice() == ""


def test_whoever_chooses_another_misses_nothing(bar: NoticeBar, notices: DeviceNotices) -> None:
    notices.opened("USB DAC", WANTED)
    notices.lost(GONE, WANTED)
    notices.opened("HDMI", ("ALSA", "HDMI"))
    assert bar.notice() == ""
