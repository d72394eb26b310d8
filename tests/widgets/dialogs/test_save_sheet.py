# SPDX-License-Identifier: GPL-3.0-or-later
"""SALVA's sheet shows what will be written before it is, and what it says is what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from app.save_words import outline_of
from engine.playback.file.extent import Cut
from engine.values import SaveKind, SavePlan
from engine.values.options import OPTIONS
from engine.values.save_options import SAVE_BITS, SAVE_FADE, SAVE_FORMAT, SAVE_KIND, SAVE_OWN_END, SAVE_RATE, SAVE_TURNS
from widgets.clock_spin import ClockSpin
from widgets.dialogs.save_sheet import Beside, SaveSheet

pytestmark = pytest.mark.gui

RATE = 44_100
CUT = Cut(RATE, 11 * RATE, 3 * RATE, RATE, 2)


@pytest.fixture
def opened(qtbot: QtBot) -> Callable[..., SaveSheet]:
    """Return a maker of sheets for a clip of 15 s whose loop lasts 11, with these values."""

    def make(**values: Any) -> SaveSheet:
        defaults = {name: one.default for name, one in OPTIONS.items()}
        outline = partial(outline_of, CUT)
        sheet = SaveSheet("Rain", "/music", {**defaults, **values}, outline=outline, beside=Beside())
        qtbot.addWidget(sheet)
        return sheet

    return make


def names(sheet: SaveSheet) -> list[str]:
    return [label.text() for label in sheet.file_labels if label.text()]


def test_each_kind_lists_its_files_and_enables_what_matters(opened: Callable[..., SaveSheet]) -> None:
    for kind, files, enabled in (
        (SaveKind.LOOP, ["Rain.wav · 0:11 · about 2.9 MB"], (SAVE_FORMAT, SAVE_BITS, SAVE_RATE)),
        (SaveKind.TURNS, ["Rain.wav · 0:47 · about 12.4 MB"],
         (SAVE_FORMAT, SAVE_BITS, SAVE_TURNS, SAVE_FADE, SAVE_OWN_END)),
        (SaveKind.LENGTH, ["Rain.wav · 10:00 · about 158.8 MB"], (SAVE_FORMAT, SAVE_BITS, SAVE_FADE)),
        (SaveKind.GAME, ["Rain.ogg · 0:12 · about 0.4 MB", "Rain.wav · 0:12 · about 2.1 MB"], ()),
        (SaveKind.VIDEO, ["Rain.wav · 10:00 · about 158.8 MB"], (SAVE_BITS, SAVE_FADE)),
    ):  # fmt: skip
        sheet = opened(save_kind=str(kind))
        assert sheet.plan().kind is kind
        assert names(sheet) == files
        options = (SAVE_FORMAT, SAVE_BITS, SAVE_RATE, SAVE_TURNS, SAVE_FADE, SAVE_OWN_END)
        assert {one for one in options if sheet.control_of(one).widget.isEnabled()} == set(enabled)
        assert sheet.length_spin.isEnabled() == (kind in (SaveKind.LENGTH, SaveKind.VIDEO))
    assert [line.split(" · ")[0] for line in names(opened(save_kind="daw"))] == [
        "Rain - intro.wav",
        "Rain.wav",
        "Rain - outro.wav",
    ]


def test_what_is_chosen_is_the_plan_and_is_remembered(opened: Callable[..., SaveSheet]) -> None:
    sheet = opened()
    told = QSignalSpy(sheet.chosen)
    sheet.show()
    combo = sheet.control_of(SAVE_KIND).widget
    assert isinstance(combo, QComboBox)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert sheet.plan() == SavePlan(SaveKind.TURNS, ".wav", "24", turns=4, fade_s=2.0, length_s=600.0)
    own_end = sheet.control_of(SAVE_OWN_END).widget
    assert isinstance(own_end, QCheckBox)
    own_end.click()
    assert sheet.plan().fade_s is None
    assert not sheet.control_of(SAVE_FADE).widget.isEnabled()
    assert names(sheet)[0].startswith("Rain.wav · 0:48 ·"), "the outro's three seconds in place of the fade's two"
    sheet.name_edit.setText("  Rain / again ")
    QTest.keyClick(sheet.name_edit, Qt.Key.Key_Return)
    choice = told.at(0)[0]
    assert (choice.folder, choice.name, choice.plan.kind) == ("/music", "Rain again", SaveKind.TURNS)
    assert (sheet.values()["save_kind"], sheet.values()["save_own_end"]) == ("turns", True)


def test_what_cannot_be_written_is_said_and_not_asked_for(opened: Callable[..., SaveSheet]) -> None:
    sheet = opened(save_kind="length", save_length_s=5.0)
    assert "so nothing would repeat" in sheet.trouble_label.text()
    assert not sheet.save_button.isEnabled()
    sheet.length_spin.lineEdit().setText("2:37,5")
    sheet.length_spin.interpretText()
    assert (sheet.trouble_label.text(), sheet.plan().length_s) == ("", 157.5)
    sheet.name_edit.clear()
    assert (sheet.trouble_label.text(), sheet.save_button.isEnabled()) == ("Type a name.", False)


def test_bits_that_a_format_lacks_are_left_out(opened: Callable[..., SaveSheet]) -> None:
    assert opened(save_format=".flac", save_bits="32f").plan().bits == ""
    assert opened(save_format=".ogg", save_bits="16").plan().bits == ""
    assert opened(save_format=".wav", save_bits="32f", save_rate="48000").plan() == SavePlan(
        SaveKind.LOOP, ".wav", "32f", 48_000, fade_s=2.0, length_s=600.0
    )


@pytest.mark.parametrize(
    ("typed", "seconds", "shown"),
    [("2:37", 157.0, "2:37"), ("90", 90.0, "1:30"), ("1:02:03", 3723.0, "1:02:03"), ("0:07.5", 7.5, "0:07.5")],
)
def test_a_length_is_typed_as_people_write_it(qtbot: QtBot, typed: str, seconds: float, shown: str) -> None:
    spin = ClockSpin()
    qtbot.addWidget(spin)
    spin.setRange(1.0, 86_400.0)
    spin.lineEdit().setText(typed)
    spin.interpretText()
    assert spin.value() == seconds
    assert spin.text() == shown


def test_what_a_licence_forbids_is_seen_before_anything_is_written(qtbot: QtBot) -> None:
    for licence in ("", "Made with a model whose licence is CC-BY-NC-4.0: not for commercial use"):
        outline = partial(outline_of, CUT)
        sheet = SaveSheet(
            "Rain",
            "/music",
            {name: one.default for name, one in OPTIONS.items()},
            outline=outline,
            beside=Beside(),
            licence=licence,
        )
        qtbot.addWidget(sheet)
        with qtbot.waitExposed(sheet):
            sheet.show()
        assert sheet.licence_label.isVisible() is bool(licence)
        assert sheet.licence_label.text() == licence
