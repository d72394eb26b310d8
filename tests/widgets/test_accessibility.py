# SPDX-License-Identifier: GPL-3.0-or-later
"""Every control of every widget can be reached by keys, has a name for assistive technology, and explains itself.

To have a widget checked, add a line to ``WIDGETS``.
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from engine.values import Kind, LoopRegion, MachinePace, PaceRun, Parameter, TransportState
from engine.values.jam_recording import BarRun, JamTake
from engine.values.options import OPTIONS
from tests.widgets.pictures import SAMPLE_RATE, a_candidate, a_clip
from tests.widgets.recipes import a_take
from tests.widgets.transitions import a_coming, a_picture
from widgets.generator_choice import GeneratorChoice

pytestmark = pytest.mark.gui

EVERY_KIND = (
    Parameter("bars", Kind.INTEGER, 0, "Bars", "How many bars", 1, 64, unset="any"),
    Parameter("warmth", Kind.NUMBER, 1.0, "Warmth", "How warm it is", 0.0, 2.0, 0.25, "suns"),
    Parameter("mouth", Kind.CHOICE, "closed", "Mouth", "How it hums", choices=("closed", "open")),
    Parameter("parts", Kind.SEVERAL, "all", "Parts", "What is heard", choices=("all", "bass", "drums")),
    Parameter("breath", Kind.SWITCH, False, "Breath", "Whether it is heard to breathe"),
    Parameter("words", Kind.TEXT, "", "Words", "What it sings"),
    Parameter("score", Kind.FILE, "", "Score", "What it reads"),
)
IN_SETUP = tuple(replace(one, name=f"my {one.name}", setup=True) for one in EVERY_KIND)
DECLARED = (*EVERY_KIND, *IN_SETUP)
GENERATORS = (
    GeneratorChoice("composer", "Built-in composer", (), 5.0, 60.0),
    GeneratorChoice("musicgpt", "MusicGPT", ("small", "medium"), 1.0, 30.0, "not found: see SETUP", "", DECLARED),
)
SETTINGS: dict[str, object] = {
    **{one.name: one.default for one in OPTIONS.values()},
    "generator": "musicgpt",
    "model": "small",
    "generator_parameters": {},
    "device": None,
}


def of_class(path: str) -> Callable[[], QWidget]:
    """Return a maker of the widget class at ``module.Class``, imported when it is called."""
    module, _, name = path.rpartition(".")

    def make() -> QWidget:
        widget: QWidget = getattr(importlib.import_module(module), name)()
        return widget

    return make


def settings_dialog() -> QWidget:
    from widgets.dialogs.settings_dialog import SettingsDialog

    return SettingsDialog(SETTINGS, SETTINGS, GENERATORS)


def generate_panel() -> QWidget:
    from widgets.generate_panel import GeneratePanel

    panel = GeneratePanel()
    panel.set_generators(GENERATORS)
    panel.set_generator("musicgpt")
    return panel


def candidates_panel() -> QWidget:
    from widgets.candidates_panel import CandidatesPanel

    panel = CandidatesPanel()
    panel.set_candidates((a_candidate(0, 4 * SAMPLE_RATE),), SAMPLE_RATE)
    return panel


def library_panel() -> QWidget:
    from widgets.library_panel import LibraryPanel

    panel = LibraryPanel()
    panel.set_takes((a_take("one"),), ("one",))
    return panel


def fragments_panel() -> QWidget:
    from tests.widgets.fragments.states import a_state
    from widgets.fragments.panel import FragmentsPanel

    panel = FragmentsPanel()
    panel.set_state(a_state())
    panel.set_page("http://127.0.0.1:8421/fragments/")
    return panel


def jam_panel() -> QWidget:
    from tests.widgets.jam.states import a_state
    from widgets.jam.panel import JamPanel

    panel = JamPanel()
    panel.set_state(a_state())
    return panel


def fragments_dialog() -> QWidget:
    from widgets.fragments.settings_dialog import FragmentsDialog

    return FragmentsDialog({**SETTINGS, "fragments_generator": ""}, GENERATORS)


def seam_scope_panel() -> QWidget:
    from widgets.seam_scope.panel import SeamScopePanel

    panel = SeamScopePanel()
    clip = a_clip(0.5)
    panel.set_clip(clip.n_samples, clip.sample_rate)
    panel.set_region(LoopRegion(1000, 20_000), None)
    return panel


def transition_panel() -> QWidget:
    from widgets.transition.panel import TransitionPanel

    panel = TransitionPanel()
    panel.set_coming(a_coming())
    panel.set_picture(a_picture())
    return panel


def transport_bar() -> QWidget:
    from widgets.bar.transport_bar import TransportBar

    bar = TransportBar()
    bar.set_state(TransportState(is_running=True, has_next=True, has_previous=True, can_rate=True))
    return bar


def save_sheet() -> QWidget:
    from widgets.dialogs.save_sheet import Beside, Outline, SaveSheet

    return SaveSheet("Rain", "/music", SETTINGS, outline=lambda _plan, _name: Outline(), beside=Beside())


def layer_dialog() -> QWidget:
    from tests.widgets.jam.states import DRUMS, a_layer
    from widgets.jam.layer_dialog import LayerDialog

    energy = Parameter("energy", Kind.NUMBER, 0.0, "Energy", "How lively", low=-1.0, high=1.0, step=0.05, slides=True)
    return LayerDialog(a_layer(DRUMS), "Composer", (energy,), {})


def recordings_dialog() -> QWidget:
    from widgets.jam.recordings import RecordingsDialog

    dialog = RecordingsDialog()
    dialog.set_takes((JamTake("/music/jam.flac", (BarRun(0, 0.0, 88_200.0),), 352_800),))
    dialog.set_making(0.5)
    return dialog


def recipe_dialog() -> QWidget:
    from widgets.dialogs.recipe_dialog import RecipeDialog, RecipeLine

    dialog = RecipeDialog()
    dialog.show_lines("Rain", "", (RecipeLine("seed", "7"),))
    return dialog


def statistics_dialog() -> QWidget:
    from widgets.dialogs.statistics_dialog import StatisticsDialog

    dialog = StatisticsDialog()
    runs = [PaceRun("musicgpt", "small", clip_s, 3.0 * clip_s) for clip_s in (10.0, 20.0)]
    dialog.set_paces(MachinePace(tuple(runs)).paces, {}, 0)
    dialog.table.setCurrentCell(1, 0)
    return dialog


def models_dialog() -> QWidget:
    from tests.widgets.assets import ASSETS
    from widgets.dialogs.models_dialog import ModelsDialog

    dialog = ModelsDialog()
    dialog.set_assets(ASSETS)
    dialog.choose(ASSETS[4].name)
    return dialog


def help_sheet() -> QWidget:
    from app.paths import RESOURCES
    from widgets.guide.help_sheet import HelpSheet

    host = QWidget()
    host.resize(500, 500)
    sheet = HelpSheet(host, RESOURCES / "help" / "en")
    sheet.explain("live", host)
    return host


def tour() -> QWidget:
    from widgets.guide.tour import Tour

    window = QWidget()
    window.resize(700, 500)
    bubble = Tour(window).bubble
    bubble.say("A title", "Some words.", 1, 3)
    return window


def welcome_page() -> QWidget:
    from widgets.guide.welcome_page import WelcomePage

    return WelcomePage(SETTINGS, GENERATORS, has_tour=True)


WIDGETS: dict[str, Callable[[], QWidget]] = {
    "prompt bar": of_class("widgets.bar.prompt_bar.PromptBar"),
    "transport": transport_bar,
    "generate": generate_panel,
    "overlap": of_class("widgets.overlap_panel.OverlapPanel"),
    "output": of_class("widgets.output_panel.OutputPanel"),
    "now playing": of_class("widgets.now_playing_panel.NowPlayingPanel"),
    "next": of_class("widgets.next_panel.NextPanel"),
    "candidates": candidates_panel,
    "library": library_panel,
    "fragments": fragments_panel,
    "fragments dialog": fragments_dialog,
    "jam": jam_panel,
    "recordings of the jam": recordings_dialog,
    "layer of the jam": layer_dialog,
    "seam": seam_scope_panel,
    "transition": transition_panel,
    "console": of_class("widgets.console_panel.ConsolePanel"),
    "notice": of_class("widgets.bar.notice_bar.NoticeBar"),
    "settings": settings_dialog,
    "save sheet": save_sheet,
    "recipe": recipe_dialog,
    "statistics": statistics_dialog,
    "models": models_dialog,
    "help": help_sheet,
    "tour": tour,
    "welcome": welcome_page,
}

SIDE_BY_SIDE = (
    "prompt bar",
    "transport",
    "generate",
    "overlap",
    "output",
    "candidates",
    "library",
    "fragments",
    "jam",
    "seam",
    "console",
    "notice",
)
"""Widgets that stand in one window, so that their keys must not meet."""


def controls_of(widget: QWidget) -> Iterator[QWidget]:
    """Return everything in ``widget`` that takes the keyboard, but for what Qt puts inside its own controls."""
    for child in widget.findChildren(QWidget):
        inner = child.objectName().startswith("qt_") or child.focusProxy() or isinstance(child.parent(), QTabBar)
        if child.focusPolicy() is not Qt.FocusPolicy.NoFocus and not inner:
            yield child


def keys_of(widget: QWidget) -> Iterator[str]:
    """Return every key that the widget listens to wherever the focus is: shortcuts and mnemonics."""
    for shortcut in widget.findChildren(QShortcut):
        # Buttons and labels keep shortcuts of their own elsewhere; these are the ones made by hand.
        yield from (key.toString() for key in shortcut.keys())  # noqa: SIM118 - not a dict
    for button in widget.findChildren(QAbstractButton):
        if not button.shortcut().isEmpty():
            yield button.shortcut().toString()
    for label in widget.findChildren(QLabel):
        if label.buddy() is not None and (key := QKeySequence.mnemonic(label.text()).toString()):
            yield key


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_has_a_name_and_explains_itself(qtbot: QtBot, name: str) -> None:
    widget = WIDGETS[name]()
    qtbot.addWidget(widget)
    for control in controls_of(widget):
        assert control.accessibleName().strip(), f"{control} has no name"
        assert control.toolTip().strip(), f"{control} ({control.accessibleName()}) has no tooltip"
        assert "&" not in control.accessibleName()


@pytest.mark.parametrize("name", WIDGETS)
def test_the_tab_key_reaches_every_control_and_comes_back(qtbot: QtBot, name: str) -> None:
    widget = WIDGETS[name]()
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    wanted = {
        control
        for control in controls_of(widget)
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible() and control.isEnabled()
    }
    reached: list[QWidget] = []
    for _ in range(4 * len(wanted) + 4):
        focused = widget.focusWidget()
        QTest.keyClick(widget if focused is None else focused, Qt.Key.Key_Tab)
        now = widget.focusWidget()
        if now is not None:
            reached.append(now)
    # Of buttons that exclude each other Tab reaches the one that is pressed; arrows reach the others.
    missed = [
        control
        for control in wanted - set(reached)
        if not (isinstance(control, QAbstractButton) and control.group() is not None and not control.isChecked())
    ]
    assert not missed, [control.accessibleName() for control in missed]


def test_no_two_controls_of_the_window_listen_to_one_key(qtbot: QtBot) -> None:
    keys: Counter[str] = Counter()
    for name in SIDE_BY_SIDE:
        widget = WIDGETS[name]()
        qtbot.addWidget(widget)
        keys.update(keys_of(widget))
    assert [key for key, n in keys.items() if n > 1] == []
    assert {"Ctrl+Return", "Ctrl+S", "Ctrl+,", "Alt+G", "Alt+V"} <= set(keys)


def test_keys_are_told_by_the_tooltips(qtbot: QtBot) -> None:
    for name in SIDE_BY_SIDE:
        widget = WIDGETS[name]()
        qtbot.addWidget(widget)
        tips = " ".join(child.toolTip() for child in widget.findChildren(QWidget))
        untold = [key for key in keys_of(widget) if not re.search(rf"[(] ?([^()]+, )?{re.escape(key)}[), ]", tips)]
        assert untold == [], f"{name}: {untold}"
