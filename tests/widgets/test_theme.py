# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours can be read, and the style sheet knows no colour but the theme's."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSlider, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import resources
from engine.values.options import ACCENT, HIGH_CONTRAST, LIGHT, THEME
from widgets import icons, theme
from widgets.colours import ACCENTS, THEMES, Colours, colours_of, contrast_ratio

FOLDER = Path(str(resources.__path__[0])) / "themes"
TEMPLATE = (FOLDER / "studio.qss").read_text(encoding="utf-8")


@pytest.fixture
def light() -> Iterator[Colours]:
    """Have everything painted light for one test."""
    chosen = colours_of(LIGHT, "green")
    theme.use(chosen)
    yield chosen
    theme.use(THEMES[str(THEME.default)])


def test_the_contrast_formula_knows_the_standard_s_ends() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast_ratio("#777777", "#777777") == pytest.approx(1.0)
    # The well-known grey that just fails AA on white.
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


EVERY_LOOK = list(itertools.product(THEME.choices, ACCENT.choices))


@pytest.mark.parametrize(("name", "accent"), EVERY_LOOK)
def test_text_can_be_read(name: str, accent: str) -> None:
    least = 7.0 if name == HIGH_CONTRAST else 4.5
    chosen = colours_of(name, accent)
    read = {pair: contrast_ratio(*pair) for pair in chosen.text_pairs()}
    assert {pair: ratio for pair, ratio in read.items() if ratio < least} == {}


@pytest.mark.parametrize(("name", "accent"), EVERY_LOOK)
def test_marks_can_be_seen(name: str, accent: str) -> None:
    chosen = colours_of(name, accent)
    for mark, ground in itertools.product((chosen.accent, chosen.edge, chosen.playhead), chosen.grounds):
        assert contrast_ratio(mark, ground) >= 3.0, (mark, ground)


def test_every_theme_and_accent_that_is_offered_is_there() -> None:
    assert set(THEME.choices) == set(THEMES)
    assert set(ACCENT.choices) == set(ACCENTS)
    assert ACCENTS[str(ACCENT.default)] == THEMES[str(THEME.default)].accent
    assert len({colours_of(name, accent).accent for name, accent in EVERY_LOOK}) >= len(ACCENTS)


def test_what_is_painted_follows_the_theme(light: Colours) -> None:
    assert (light.panel, light.accent) == (theme.PANEL, theme.ACCENT)
    assert light.panel in theme.style_sheet("QWidget { background: $panel; }", "folder")
    assert theme.style_sheet("$icons", "folder") == "folder/icons_light"
    assert theme.palette().color(QPalette.ColorRole.Window) == QColor(light.background)


def test_the_style_sheet_takes_every_colour_from_the_theme() -> None:
    filled = theme.style_sheet(TEMPLATE, "folder")
    assert "$" not in re.sub(r"/\*.*?\*/", "", filled, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)", TEMPLATE) == []
    with pytest.raises(KeyError):
        theme.style_sheet("QLabel { color: $no_such_colour; }", "folder")


def test_every_icon_of_the_style_sheet_is_there() -> None:
    named = set(re.findall(r'url\("\$icons/(.+?)"\)', TEMPLATE))
    assert named
    for icon, folder in itertools.product(sorted(named), ("icons", "icons_light")):
        assert (FOLDER / folder / icon).is_file(), icon
    assert {path.name for path in (FOLDER / "icons_light").iterdir()} == named


@pytest.mark.parametrize("path", sorted((FOLDER / "icons").glob("*.svg")), ids=lambda path: path.stem)
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
    window.setStyleSheet(theme.style_sheet(TEMPLATE, FOLDER.as_posix()))
    with qtbot.waitExposed(window):
        window.show()
    picture = window.grab().toImage()
    centre = box.geometry().topLeft()
    colours = {
        picture.pixelColor(centre.x() + x, centre.y() + y).name() for x in range(24) for y in range(box.height())
    }
    assert theme.ACCENT in colours
