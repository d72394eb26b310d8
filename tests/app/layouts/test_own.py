# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's own layouts are kept, renamed, deleted, and there again after a restart, in the real window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox
from pytestqt.qtbot import QtBot

from app import paths
from app.layouts import FACTORY, INSPECT, LISTEN, MAX_OWN
from app.settings import Settings, load_settings
from tests.app.layouts.hands import Studio
from tests.app.windows import unreachable
from widgets.dialogs.name_dialog import NameDialog

pytestmark = pytest.mark.gui

OLD_PARTS = 2
"""Number of parts that the text of a layout had before layouts had names."""


@pytest.mark.soak
def test_a_saved_layout_is_there_after_a_restart(settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, settings, (1280, 720))
    studio.use("listen")
    studio.panels()["Clip"].trigger()
    studio.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("next"))
    studio.settle()
    studio.save_as("  Late   evening & more ")
    name = "Late evening & more"
    assert studio.button.current() == name
    saved = studio.places()
    stored = studio.close()
    assert stored.layout == name
    again = Studio(qtbot, stored)
    assert again.button.current() == name
    assert again.places() == saved
    assert [(one.title, one.is_own) for one in again.button.layouts()] == [
        ("Listen", False),
        ("Inspect", False),
        ("Small window", False),
        ("Mini", False),
        ("Perform", False),
        ("Jam", False),
        (name, True),
    ]
    again.use("inspect")
    assert set(again.window.shown_panels()) == set(INSPECT.panels)
    again.use(name)
    assert again.places() == saved
    # Switched and closed, it is the last one used that comes back, and the others are as they were.
    again.use("listen")
    listened = again.places()
    stored = again.close()
    once_more = Studio(qtbot, stored)
    assert once_more.button.current() == "listen"
    assert once_more.places() == listened
    once_more.use(name)
    assert once_more.places() == saved
    once_more.close()


def test_what_is_switched_is_kept_though_the_window_is_never_closed(studio: Studio, qtbot: QtBot) -> None:
    studio.save_as("Mine")
    studio.use("listen")
    qtbot.waitUntil(lambda: paths.settings_file().exists() and load_settings(paths.settings_file()).layout == "listen")
    stored = load_settings(paths.settings_file())
    other = Studio(qtbot, stored)
    assert set(other.window.shown_panels()) == set(LISTEN.panels)
    assert [one.name for one in other.button.layouts()] == [*FACTORY, "Mine"]
    other.close()


def test_a_layout_is_renamed_and_refuses_names_that_are_taken(studio: Studio) -> None:
    assert not studio.entry("Rename").isVisible(), "what comes with the studio keeps its name"
    assert not studio.entry("Delete").isVisible()
    studio.save_as("Morning")
    studio.save_as("Evening")
    studio.choose("Rename “Evening”")
    dialog = studio.name_it("morning")
    assert dialog.isVisible()
    assert dialog.refused.text() == "There is already a layout named “morning”: choose another name."
    assert dialog.edit.accessibleDescription() == dialog.refused.text()
    size = dialog.size()
    for name, words in (("", "is empty"), ("y" * 50, "50 characters"), ("Listen", "“Listen”")):
        studio.name_it(name)
        assert words in dialog.refused.text()
        assert dialog.size() == size, "nothing moves"
    QTest.keyClicks(dialog.edit, "!")
    assert dialog.refused.text() == ""
    studio.name_it("Night")
    assert not dialog.isVisible()
    studio.rid_of_dialogs()
    assert [one.name for one in studio.button.layouts()] == [*FACTORY, "Morning", "Night"]
    assert studio.button.current() == "Night"
    stored = studio.close()
    assert (stored.layout, [name for name, _ in stored.layouts]) == ("Night", ["inspect", "Morning", "Night"])


def test_a_dialog_that_is_cancelled_changes_nothing(studio: Studio) -> None:
    studio.choose("Save as")
    dialog = studio.window.findChild(NameDialog)
    assert dialog is not None
    for control in (dialog.edit, *dialog.buttons.buttons()):
        assert control.accessibleName()
        assert control.toolTip()
    QTest.keyClicks(dialog.edit, "Never")
    QTest.keyClick(dialog.edit, Qt.Key.Key_Escape)
    studio.rid_of_dialogs()
    assert [one.name for one in studio.button.layouts()] == list(FACTORY)


def test_there_is_room_for_so_many_layouts(settings: Settings, qtbot: QtBot) -> None:
    kept = tuple((f"mine {at}", "") for at in range(MAX_OWN))
    studio = Studio(qtbot, replace(settings, layouts=kept))
    studio.choose("Save as")
    dialog = studio.name_it("one more")
    assert "delete one of them first" in dialog.refused.text()
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    studio.rid_of_dialogs()
    # One of which nothing is known but its name begins with every panel that is shown.
    studio.use("mine 0")
    assert set(studio.window.shown_panels()) == set(INSPECT.panels)
    studio.close()


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel], ids=str)
def test_a_layout_is_deleted_when_it_is_meant(studio: Studio, answer: QMessageBox.StandardButton) -> None:
    fresh = studio.places()
    studio.use("listen")
    studio.save_as("Evening")
    studio.choose("Delete “Evening”")
    box = studio.window.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "Delete the layout “Evening”? The window goes back to “Inspect”."
    for button in box.buttons():
        assert button.accessibleName()
        assert button.toolTip()
    QTest.mouseClick(box.button(answer), Qt.MouseButton.LeftButton)
    studio.rid_of_dialogs()
    studio.settle()
    is_gone = answer is QMessageBox.StandardButton.Yes
    assert ("Evening" in [one.name for one in studio.button.layouts()]) is not is_gone
    assert studio.button.current() == ("inspect" if is_gone else "Evening")
    if is_gone:
        assert studio.places() == fresh


@pytest.mark.soak
def test_an_own_layout_of_a_large_screen_shows_its_panels_on_a_small_one(settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, settings, (1920, 1100))
    studio.panels()["Console"].trigger()
    studio.window.resizeDocks([studio.dock("generate")], [900], Qt.Orientation.Horizontal)
    studio.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, studio.dock("library"))
    studio.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, studio.dock("candidates"))
    studio.settle()
    studio.save_as("Wide")
    stored = studio.close()
    small = Studio(qtbot, replace(stored, layout="listen", window_state="", window_geometry=""), (1024, 560))
    small.use("Wide")
    assert small.window.size().toTuple() == (1024, 560)
    assert set(small.window.shown_panels()) == set(INSPECT.panels) - {"console"}
    assert unreachable(small.window) == []
    small.close()


def test_an_own_layout_that_cannot_be_restored_shows_its_panels_where_they_stand(
    settings: Settings, qtbot: QtBot
) -> None:
    """This happens when docks have come since: see ``LAYOUT_VERSION``."""
    studio = Studio(qtbot, replace(settings, layouts=(("Mine", "abc;def;waveform,now_playing,console;"),)))
    studio.use("Mine")
    assert studio.window.shown_panels() == ("waveform", "console", "now_playing")
    studio.choose("Reset “Mine”")
    assert studio.window.shown_panels() == ("waveform", "console", "now_playing")
    studio.close()


# --- who used it before -----------------------------------------------------------------------------------------------


def test_a_window_from_before_layouts_had_names_is_as_it_was_left(settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, settings, (1280, 720))
    studio.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("console"))
    studio.settle()
    left = studio.places()
    stored = studio.close()
    old = replace(stored, window_state=";".join(stored.window_state.split(";")[:OLD_PARTS]), layouts=())
    again = Studio(qtbot, old)
    assert again.button.current() == INSPECT.name
    assert again.places() == left
    again.use("listen")
    again.use("inspect")
    assert again.places() == left
    again.close()
