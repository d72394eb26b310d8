# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours can be read, and the style sheet knows no colour but the theme's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSlider, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import resources
from widgets import icons, theme

THEMES = Path(str(resources.__path__[0])) / "themes"
TEMPLATE = (THEMES / "dark.qss").read_text(encoding="utf-8")


def test_the_contrast_formula_knows_the_standard_s_ends() -> None:
    assert theme.contrast_ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert theme.contrast_ratio("#777777", "#777777") == pytest.approx(1.0)
    # The well-known grey that just fails AA on white.
    assert theme.contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), theme.TEXT_PAIRS)
def test_text_can_be_read(ink: str, ground: str) -> None:
    assert theme.contrast_ratio(ink, ground) >= 4.5


@pytest.mark.parametrize("ground", [theme.BACKGROUND, theme.PANEL, theme.FIELD])
@pytest.mark.parametrize("mark", [theme.ACCENT, theme.EDGE, theme.PLAYHEAD])
def test_marks_can_be_seen(mark: str, ground: str) -> None:
    assert theme.contrast_ratio(mark, ground) >= 3.0


def test_the_style_sheet_takes_every_colour_from_the_theme() -> None:
    filled = theme.style_sheet(TEMPLATE, "folder")
    assert "$" not in re.sub(r"/\*.*?\*/", "", filled, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)", TEMPLATE) == []
    with pytest.raises(KeyError):
        theme.style_sheet("QLabel { color: $no_such_colour; }", "folder")


def test_every_icon_of_the_style_sheet_is_there() -> None:
    icons = re.findall(r'url\("\$folder/(.+?)"\)', TEMPLATE)
    assert icons
    for icon in icons:
        assert (THEMES / icon).is_file(), icon


@pytest.mark.parametrize("path", sorted((THEMES / "icons").glob("*.svg")), ids=lambda path: path.stem)
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, path: Path) -> None:
    if "currentColor" not in path.read_text(encoding="utf-8"):
        return  # one of the style sheet's own, which says its colour
    icons.look_in(str(path.parent))
    picture = icons.drawn(path.stem, theme.ACCENT, 3.0).toImage()
    inks = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert inks == {theme.ACCENT}


def test_the_palette_is_the_theme(qapp: QApplication) -> None:
    palette = theme.palette()
    assert palette.color(QPalette.ColorRole.Window) == QColor(theme.BACKGROUND)
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == QColor(theme.DISABLED)


@pytest.mark.gui
def test_qt_understands_the_whole_style_sheet(qtbot: QtBot) -> None:
    """A rule that Qt cannot read, or an icon that it cannot load, is a warning, and a warning fails the test."""
    window = QWidget()
    qtbot.addWidget(window)
    rows = QVBoxLayout(window)
    box, spin, slider = QCheckBox("x"), QSpinBox(), QSlider()
    box.setChecked(True)
    combo = QComboBox()
    combo.addItems(["one", "two"])
    for widget in (box, spin, slider, combo):
        rows.addWidget(widget)
    window.setStyleSheet(theme.style_sheet(TEMPLATE, THEMES.as_posix()))
    with qtbot.waitExposed(window):
        window.show()
    picture = window.grab().toImage()
    centre = box.geometry().topLeft()
    colours = {
        picture.pixelColor(centre.x() + x, centre.y() + y).name() for x in range(24) for y in range(box.height())
    }
    assert theme.ACCENT in colours
