# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys that the pages of help name do something in the real window, and no key of a panel is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QDialog, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.dsp.peaks import peak_pyramid
from engine.dsp.spectrogram import spectrogram_image
from engine.loops.seam_picture import beats_of, seam_picture
from engine.values import ChannelParameter, Curve, LoopRegion, MusicFacts
from engine.values.jam import LayerMix
from tests.app.guide.reading import LANGUAGES, as_qt_has_it, headings, keys, pages, panels_by_key
from tests.app.layouts.hands import Studio
from tests.widgets.fragments.states import a_state
from tests.widgets.jam.states import a_state as a_jam
from tests.widgets.live.test_panel import a_reading
from tests.widgets.pictures import a_candidate, a_clip
from tests.widgets.recipes import a_take
from tests.widgets.score_map.test_panel import some_maps
from tests.widgets.test_accessibility import (
    models_dialog,
    save_sheet,
    settings_dialog,
    statistics_dialog,
    welcome_page,
)
from tests.widgets.transitions import a_coming, a_picture
from widgets.controls import keys_of
from widgets.dialogs.recipe_dialog import RecipeDialog, RecipeLine
from widgets.guide.explained import explained_of
from widgets.guide.help_sheet import HelpSheet

pytestmark = pytest.mark.gui

CHORD = re.compile(r"(Ctrl|Alt|Shift)\+|F\d+$")
"""A key that works wherever the keyboard is; others belong to the control that has it."""
OF_OWN_LAYOUTS = {"Ctrl+7", "Ctrl+9"}
"""Keys of layouts that a person saves."""
IN_DIALOGS = ("setup", "save", "recipe", "statistics", "welcome", "models")
RATE = 8_000
MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
}
NAMED = {
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "Tab": Qt.Key.Key_Tab,
    "Backspace": Qt.Key.Key_Backspace,
    "Return": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Del": Qt.Key.Key_Delete,
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def fill(window: MainWindow) -> None:
    """Give every panel that takes keys what it takes them for."""
    clip, region = a_clip(6.0, RATE), LoopRegion(RATE, 5 * RATE)
    window.waveform_panel.set_clip(peak_pyramid(clip))
    window.waveform_panel.set_region(region)
    window.spectrogram_panel.set_image(spectrogram_image(clip))
    window.seam_scope_panel.set_clip(clip.n_samples, RATE)
    window.seam_scope_panel.set_region(region, None)
    beats = beats_of(None, MusicFacts(tempo_bpm=120.0, beats_per_bar=4), 0, clip.n_samples, RATE)
    window.seam_scope_panel.set_picture(seam_picture(clip, region, overlap_ms=300.0, beats=beats))
    window.transition_panel.set_coming(a_coming())
    window.transition_panel.set_picture(a_picture())
    window.score_map_panel.set_maps(some_maps())
    window.score_map_panel.set_loops(LoopRegion(4_000, 8_000), (a_candidate(4_000, 8_000),), 0)
    window.candidates_panel.set_candidates((a_candidate(RATE, 5 * RATE), a_candidate(0, 4 * RATE)), RATE)
    window.candidates_panel.table.selectRow(1)
    window.library_panel.set_takes((a_take("one"),), ("one",))
    window.library_panel.list.setCurrentIndex(window.library_panel.list.model().index(0, 0))
    window.live_panel.set_reading(a_reading(-14.0))
    window.fragments_panel.set_state(a_state())
    mix, jam = LayerMix(curves={ChannelParameter.LOWPASS_HZ: Curve((300.0, 900.0))}), a_jam()
    window.jam_panel.set_state(replace(jam, mix=mix, layers=tuple(replace(one, mix=mix) for one in jam.layers)))
    assert not window.jam_panel.effects_pane.isVisible(), "it is made when it is first asked for"


def window_keys(window: QWidget) -> set[str]:
    """Return every key that does something wherever the keyboard is, but for mnemonics."""
    found = keys_of(window)
    for one in window.findChildren(QAction):
        found += one.shortcuts()
    return {one.toString() for one in found}


def keys_of_page(window: QWidget, page: str) -> set[str]:
    """Return the keys of the controls that a page explains, with their mnemonics."""
    found: list[QKeySequence] = []
    for one in window.findChildren(QWidget):
        explained = explained_of(one)
        if explained is not None and explained[0] == page:
            for shortcut in one.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
                found += shortcut.keys()
            if isinstance(one, QLabel) and one.buddy() is not None:
                found.append(QKeySequence.mnemonic(one.text()))
            elif isinstance(one, QAbstractButton):
                found.append(one.shortcut())
    return {one.toString() for one in found if not one.isEmpty()}


def controls_of_page(window: QWidget, page: str) -> Iterator[QWidget]:
    for one in window.findChildren(QWidget):
        explained = explained_of(one)
        if explained is None or explained[0] != page:
            continue
        # What a panel hides takes no key: some of it opens a dialog.
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisibleTo(explained[1]):
            yield one


def pressed(key: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    """Return what is pressed for a key as Qt writes it."""
    *modifiers, name = key.split("+") if key != "+" else ["+"]
    held = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held |= MODIFIERS[one]
    return NAMED.get(name) or Qt.Key(ord(name)), held


def takes(control: QWidget, key: str) -> bool:
    """Return whether a control that is pressed this key does something by it."""
    which, held = pressed(key)
    taken = []
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, which, held, key if len(key) == 1 else "")
        QApplication.sendEvent(control, event)
        taken.append(event.isAccepted())
    return taken[0]


def one_takes(controls: Sequence[QWidget], key: str) -> bool:
    """Press a key in each of the controls; return whether one of them does something by it."""
    # All of them: one that points at something has Escape end that.
    taken = [takes(one, key) for one in controls]
    return any(taken)


def recipe_dialog() -> QWidget:
    dialog = RecipeDialog()
    dialog.show_lines("Rain", "", (RecipeLine("seed", "7"), RecipeLine("key", "A minor")))
    dialog.table.setCurrentCell(1, 0)
    return dialog


def test_every_key_of_a_page_does_something_and_none_of_a_panel_is_left_out(studio: Studio, language: str) -> None:
    window, texts = studio.window, pages(language)
    fill(window)
    # Its controls are made when it is first shown.
    studio.use("small")
    studio.use("inspect")
    everywhere = window_keys(window)
    for name, text in texts.items():
        named, own = keys(text), keys_of_page(window, name)
        assert own <= set(named), f"{name} leaves out {own - set(named)}"
        if name in IN_DIALOGS:
            continue
        has_keyboard = name in (*panels_by_key(texts["index"]), "prompt_bar", "jam_effects")
        controls = list(controls_of_page(window, name)) if has_keyboard else []
        # Of a key that the window has all over nothing else is asked; others a control must take.
        dead = [key for key in named if key not in everywhere | own and not one_takes(controls, key)]
        assert dead == [], name
        spoken = {one for one in re.findall(r"`([^`\n]+)`", text) if CHORD.match(one)} - OF_OWN_LAYOUTS
        assert {as_qt_has_it(one) for one in spoken} - everywhere - own - set(named) == set(), name
    for page, key in panels_by_key(texts["index"]).items():
        assert key in keys(texts[page]), "its own page says so, too"
        QTest.keyClick(window, *pressed(key))
        found = explained_of(QApplication.focusWidget())
        assert found is not None
        assert found[0] == page
    # Pages speak what the window speaks.
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(HelpSheet)
    assert isinstance(sheet, HelpSheet)
    assert sheet.text.title() == headings(texts["jam"])[0] == window.jam_panel.windowTitle()


def test_keys_of_the_dialogs(qtbot: QtBot, language: str) -> None:
    makers = settings_dialog, save_sheet, recipe_dialog, statistics_dialog, welcome_page, models_dialog
    for name, make in zip(IN_DIALOGS, makers, strict=True):
        dialog = make()
        assert isinstance(dialog, QDialog)
        qtbot.addWidget(dialog)
        found = explained_of(dialog.findChild(QAbstractButton))
        assert found == (name, dialog)
        lists = [one for one in dialog.findChildren(QAbstractItemView) if one.window() is dialog]
        bars = dialog.findChildren(QTabBar)
        for bar in bars:
            bar.setCurrentIndex(1)
        for key in keys(pages(language)[name]):
            if not CHORD.match(key):
                assert one_takes((*lists, *bars, dialog), key), (name, key)
