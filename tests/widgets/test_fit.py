# SPDX-License-Identifier: GPL-3.0-or-later
"""The controls fit a window of 1280×720 in the studio's theme, also in a language whose words are a third longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import resources
from engine.values.jam import LayerName
from tests.widgets.recipes import a_recipe
from tests.widgets.test_accessibility import SIDE_BY_SIDE, WIDGETS
from widgets import icons, theme
from widgets.controls import ElidedLabel

pytestmark = pytest.mark.gui

COLUMN_PX = (250, 620)
"""Width in pixels of the left column in the smallest window."""
WINDOW_PX = (1280, 720)
JAM_PX = (961, 706)
"""Size in pixels of the jam's panel with its header, in its layout in a window of 1280×800."""
WIDE = {"prompt bar": 1280, "transport": 700, "notice": 1280, "console": 500, "fragments": 300, "jam": 312}
"""Widgets that stand elsewhere, and their width in pixels there."""


class LongWords(QTranslator):
    """A translator that makes every text of more than three letters a third longer, as Italian makes English."""

    def translate(self, _context: str, text: str, _disambiguation: str | None = None, _n: int = -1) -> str:
        # Not the patterns that Qt's own texts are made of, and no field's name.
        n_more = len(text) // 3 if len(text) > 3 else 0
        return text + "io" * (n_more // 2) + "i" * (n_more % 2)

    def isEmpty(self) -> bool:
        return False


@pytest.fixture(params=["english", "longer"])
def themed(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[QApplication]:
    """Give the application the studio's theme, in English or in longer words."""
    folder = Path(str(resources.__path__[0])) / "themes"
    before = qapp.styleSheet()
    icons.look_in(str(folder / "icons"))
    qapp.setStyleSheet(theme.style_sheet((folder / "studio.qss").read_text(encoding="utf-8"), folder.as_posix()))
    translator = LongWords()
    if request.param == "longer":
        qapp.installTranslator(translator)
    yield qapp
    qapp.removeTranslator(translator)
    qapp.setStyleSheet(before)


def clipped(widget: QWidget) -> list[str]:
    """Return texts of labels and buttons that are wider than their room, and do not say so with an ellipsis."""
    out = []
    texts: list[QLabel | QPushButton] = [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)]
    for child in texts:
        if not child.isVisible() or isinstance(child, ElidedLabel) or (isinstance(child, QLabel) and child.wordWrap()):
            continue
        if child.width() < child.minimumSizeHint().width():
            out.append(f"{child.text()!r}: {child.width()} of {child.minimumSizeHint().width()} px")
    return out


def show(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()


def test_the_left_column_fits(themed: QApplication, qtbot: QtBot) -> None:
    column = QWidget()
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    for name in ("generate", "overlap", "output"):
        rows.addWidget(WIDGETS[name]())
    column.resize(*COLUMN_PX)
    show(qtbot, column)
    assert (column.width(), column.height()) == COLUMN_PX, f"needs {column.minimumSizeHint()}"
    assert clipped(column) == []


@pytest.mark.parametrize("name", SIDE_BY_SIDE)
def test_no_text_is_cut_off(themed: QApplication, qtbot: QtBot, name: str) -> None:
    widget = WIDGETS[name]()
    widget.resize(WIDE.get(name, COLUMN_PX[0]), widget.sizeHint().height())
    wanted = widget.width()
    show(qtbot, widget)
    assert widget.width() == wanted, f"needs {widget.minimumSizeHint()}"
    assert clipped(widget) == []


def test_the_settings_fit_the_screen(themed: QApplication, qtbot: QtBot) -> None:
    from widgets.dialogs.settings_dialog import SettingsDialog

    dialog = WIDGETS["settings"]()
    assert isinstance(dialog, SettingsDialog)
    show(qtbot, dialog)
    assert dialog.width() <= WINDOW_PX[0]
    assert dialog.height() <= WINDOW_PX[1]
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        assert dialog.tabs.currentWidget().isVisible()
        assert clipped(dialog) == []


def test_what_hears_a_recording_is_as_high_as_what_cuts_it(themed: QApplication, qtbot: QtBot) -> None:
    from widgets.jam.recordings import RecordingsDialog

    dialog = RecordingsDialog()
    show(qtbot, dialog)
    assert dialog.hear_button.height() == dialog.cut_button.height() > 0


@pytest.mark.parametrize("width", [312, 640, JAM_PX[0]])
def test_six_layers_of_a_jam_are_named_whole_and_fit_with_their_effects(
    themed: QApplication, qtbot: QtBot, width: int
) -> None:
    from tests.widgets.jam.states import a_layer, a_loop, a_state
    from widgets.jam.panel import JamPanel

    panel = JamPanel()
    panel.resize(width, JAM_PX[1])
    show(qtbot, panel)
    assert panel.width() == width
    layers = tuple(a_layer(name, loop=a_loop(at)) for at, name in enumerate(LayerName))
    panel.set_state(replace(a_state(), layers=layers))

    def names() -> list[str]:
        return [one.title.text() for one in panel.strips.values() if one.isVisible() and not one.title.is_elided()]

    assert len(names()) == len(LayerName)
    panel.groove_bar.effects_button.click()
    qtbot.wait(50)
    assert len(names()) == len(LayerName)
    assert clipped(panel) == []
    assert panel._scroller is not None
    drums, scrolled = panel.strips[LayerName.DRUMS], panel._scroller.verticalScrollBar().maximum()
    assert drums.slots.isVisible()
    assert drums.mute_button.isVisible()
    if width == JAM_PX[0] and panel.tr("Effects") == "Effects":
        assert scrolled == 0
        assert drums.told_label.text() == "Paper Moon"
        panel.set_state(a_state(drums=replace(a_layer(LayerName.DRUMS), making=0.4)))
        assert "40 %" in drums.told_label.text()


def test_the_card_keeps_its_width_whatever_plays(themed: QApplication, qtbot: QtBot) -> None:
    from widgets.now_playing_panel import NowPlayingPanel

    card = NowPlayingPanel()
    card.resize(COLUMN_PX[0], card.sizeHint().height())
    show(qtbot, card)
    size = card.size()
    card.set_recipe(a_recipe(title="W" * 300, artist="W" * 300, prompt="W" * 2000), is_starter=True)
    assert card.minimumSizeHint().width() <= COLUMN_PX[0]
    assert card.size() == size
