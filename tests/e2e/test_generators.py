# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests see, in the window, what another distribution's generator declares, set it by hand and hear it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QWidget

from app import paths
from app.settings import Settings, load_settings
from engine.generators.registry import generators
from engine.session.options import LoopView
from tests.app.windows import settle
from tests.e2e.conftest import Opened, Studio
from tests.soundserver import SoundServer

pytestmark = [pytest.mark.gui, pytest.mark.audio]


@pytest.fixture
def expected_logs() -> list[str]:
    return ["the generator “broken” (infiniloop_hum:Missing) cannot be loaded"]


@pytest.fixture
def with_hum(hum_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(hum_folder))
    generators.cache_clear()
    yield
    generators.cache_clear()


def control(studio: Studio, name: str) -> QWidget:
    return studio.window.generate_panel.parameters.controls[name].widget


def type_into(studio: Studio, name: str, text: str) -> None:
    """Click into a control, replace what it holds and press Enter."""
    field = control(studio, name)
    assert isinstance(field, QAbstractSpinBox | QLineEdit)
    studio.click(field)
    studio.until(field.hasFocus, f"{name} has the focus")
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_its_controls_show_and_what_they_say_reaches_clip_and_recipe(
    opened: Opened, settings: Settings, sound_server: SoundServer, with_hum: None
) -> None:
    with opened(replace(settings, prompt="a low hum")) as studio:
        panel = studio.window.generate_panel
        knobs = ["energy", "density", "brightness", "space"]
        taken = ["seed", "bars", "bpm", "key", "metre", "chords", "layer", "vary"]
        assert list(panel.parameters.controls) == [*knobs, *taken]
        QTest.keyClick(panel.generator_combo, Qt.Key.Key_End)
        assert (panel.generator(), panel.model()) == ("hum", "high"), "its default, which is not its first"
        shared, own = ["seed", "negative_prompt", "bars", "bpm", "key", "metre"], ["vibrato", "mouth", "breath"]
        assert list(panel.parameters.controls) == [*shared, *own], "what it declares, and nothing else"
        assert not control(studio, "vibrato").isVisible()
        studio.click(panel.more_button)
        studio.until(control(studio, "breath").isVisible, "what can be set is shown")
        settle(studio.window, studio.qtbot)
        for name in (*shared, *own):
            one = control(studio, name)
            assert one.isVisible()
            assert one.accessibleName()
            assert one.toolTip()
        type_into(studio, "seed", "5")
        type_into(studio, "negative_prompt", "the fifth")
        type_into(studio, "bpm", "90")
        type_into(studio, "vibrato", "2.5")
        mouth, breath = control(studio, "mouth"), control(studio, "breath")
        assert isinstance(mouth, QComboBox)
        QTest.keyClick(mouth, Qt.Key.Key_Down)
        assert isinstance(breath, QCheckBox)
        breath.setFocus()
        QTest.keyClick(breath, Qt.Key.Key_Space)
        studio.start()
        first = studio.go_on().loop_id

        # It may be heard before all of it is made, and then tells the rest of itself.
        def whole() -> list[LoopView]:
            return [view for view in studio.views if view.loop_id == first and view.recipe.versions]

        studio.until(lambda: bool(whole()), "it is whole")
        recipe = whole()[0].recipe
        assert (recipe.generator, recipe.model, recipe.seed) == ("hum", "high", 5)
        assert (recipe.asked.negative_prompt, recipe.asked.bpm, recipe.asked.bars) == ("the fifth", 90.0, None)
        heard = {"vibrato": 2.5, "mouth": "open", "breath": True, "work": 0.0, "choir": ""}
        assert dict(recipe.asked.parameters) == heard
        assert recipe.facts.tags == ("breath True", "mouth open", "vibrato 2.5"), "the clip was made with them"
        assert recipe.facts.tempo_bpm == 90.0
        assert studio.go_on().recipe.seed == 6, "the next clip has the next seed"
        studio.stop()
        # Each generator keeps its own.
        QTest.keyClick(panel.generator_combo, Qt.Key.Key_Home)
        assert panel.parameters.changes() == {}
        QTest.keyClick(panel.generator_combo, Qt.Key.Key_End)
        assert panel.parameters.values()["negative_prompt"] == "the fifth"
        assert studio.failures == []
    kept = load_settings(paths.settings_file())
    assert kept.generator_parameters == {
        "hum": {
            "seed": 5,
            "negative_prompt": "the fifth",
            "bpm": 90.0,
            "vibrato": 2.5,
            "mouth": "open",
            "breath": True,
        }
    }


@pytest.mark.soak
def test_drums_alone_at_a_set_tempo_are_what_plays(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    of_music: dict[str, dict[str, bool | int | float | str]]
    of_music = {"composer": {"layer": "drums", "bars": 4, "bpm": 110.0}}
    with opened(replace(settings, prompt="lofi, 85 bpm", generator_parameters=of_music)) as studio:
        assert control(studio, "layer").isVisible(), "what is set is not hidden"
        studio.start()
        recipe = studio.go_on().recipe
        assert (recipe.facts.tempo_bpm, recipe.facts.bars, recipe.facts.tags) == (110.0, 4, ("lofi", "drums"))
        assert (str(recipe.asked.layer), recipe.asked.bars) == ("drums", 4)
        assert studio.failures == []
