# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe of what plays is shown, held against a file's, made again and varied, from the menu and by keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.controllers.bringing import BringingController
from app.controllers.recipes import RecipesController
from app.main_window import MainWindow
from app.recipe_words import SAID, VALUES, WHY_NOT
from engine.library.audiofile import write_clip
from engine.library.carried import CLIP, AnyCarried, Carried, midi_texts, recipe_of, said_of_mix
from engine.library.midifile import write_midi
from engine.library.recipe_lines import NAMES
from engine.qt.studio import StudioEngine
from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.session.options import LoopView, StudioOptions
from engine.session.render_order import WhyNot, order_as_dict
from engine.values import Clip, Lead, MixKind, MixRecipe, PlayedScore, Progress, Take
from tests.app.controllers.conftest import Unstarted
from tests.app.controllers.test_bringing import carried, drag_onto, drop_onto
from tests.starters import shipped
from tests.widgets.recipes import a_recipe
from widgets.dialogs.recipe_dialog import RecipeDialog

pytestmark = pytest.mark.gui


@pytest.fixture
def studio(unstarted: Unstarted) -> tuple[MainWindow, RecipesController, StudioEngine]:
    return unstarted(RecipesController)


def test_a_recipe_is_shown_compared_made_again_and_varied(
    studio: tuple[MainWindow, RecipesController, StudioEngine], qtbot: QtBot
) -> None:
    window, controller, engine = studio
    read, made = QSignalSpy(controller.read_wanted), QSignalSpy(controller.make_wanted)
    QTest.keySequence(window, "Ctrl+I")
    assert window.findChild(RecipeDialog) is None, "nothing was shown yet"
    controller.read_wanted.emit("/x/rain.wav")
    engine.recipes.read.emit("/x/rain.wav", Carried(a_recipe(), CLIP))
    dialog = window.findChild(RecipeDialog)
    assert isinstance(dialog, RecipeDialog)
    assert dialog.title_label.text() == "Velvet Antenna"
    table = dialog.table
    cells = [[table.item(row, column) for column in (0, 1)] for row in range(table.rowCount())]
    lines = dict([one.text() for one in row if one is not None] for row in cells)
    assert (lines["seed"], lines["key"]) == ("1207", "A minor")
    dialog.compare_button.click()
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit("/x/other.flac")
    chooser.done(0)
    assert read.at(read.count() - 1)[0] == "/x/other.flac"
    engine.recipes.read.emit("/x/other.flac", Carried(a_recipe(seed=7, title="Other"), CLIP))
    assert (table.columnCount(), dialog.note_label.text()) == (3, "2 lines differ")
    engine.recipes.read.emit("/x/mute.wav", None)
    assert "carries no recipe" in dialog.note_label.text()
    assert dialog.again_button.isEnabled()
    QTest.mouseClick(dialog.vary_button, Qt.MouseButton.LeftButton)
    assert (made.at(0)[0].seed, made.at(0)[1]) == (1207, True), "the recipe that was shown first"
    qtbot.waitUntil(lambda: window.findChild(RecipeDialog) is None)
    engine.recipes.progressed.emit("Velvet Antenna", Progress(1, 0.5, "composing"))
    assert window.notice_bar.notice() == "By the recipe of “Velvet Antenna” a clip is made, to play next · 50 %"
    cancelled = QSignalSpy(controller.cancel_wanted)
    QTest.mouseClick(window.notice_bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert cancelled.count() == 1
    engine.recipes.read.emit("/x/unknown.wav", Carried(a_recipe(generator="by hand"), CLIP))
    dialog = window.findChild(RecipeDialog)
    assert isinstance(dialog, RecipeDialog)
    assert not dialog.again_button.isEnabled()
    assert "not known how" in dialog.again_button.toolTip()
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(RecipeDialog) is None)


RATE = 44_100
PROMPT = "drums, 2 bars, 180 bpm"


def a_mix(*, is_rendered: bool = False, titles: tuple[str, ...] = ("One", "Two", "Three")) -> MixRecipe:
    leads = tuple(Lead(RATE * n, a_recipe(title=title, seed=n)) for n, title in enumerate(titles))
    order = order_as_dict(StudioOptions(PROMPT, duration_s=5.0, min_play_s=10.0), [5]) if is_rendered else None
    kind = MixKind.RENDERED if is_rendered else MixKind.RECORDED
    return MixRecipe(kind, RATE, 3 * RATE, leads, order=order)


def labels(dialog: RecipeDialog) -> list[str]:
    items = (dialog.table.item(row, 0) for row in range(dialog.table.rowCount()))
    return [one.text() for one in items if one is not None]


def dialog_of(window: MainWindow) -> RecipeDialog:
    dialog = window.findChild(RecipeDialog)
    assert isinstance(dialog, RecipeDialog)
    return dialog


def compare(window: MainWindow, engine: StudioEngine, path: str, other: AnyCarried) -> None:
    """Choose a file to hold what is shown against, whose recipe the engine reads."""
    dialog = dialog_of(window)
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(path)
    chooser.done(0)
    chooser.setParent(None)
    engine.recipes.read.emit(path, other)


def test_the_loops_of_a_recording_are_listed_looked_into_and_made_again(
    studio: tuple[MainWindow, RecipesController, StudioEngine], qtbot: QtBot
) -> None:
    window, controller, engine = studio
    made = QSignalSpy(controller.make_wanted)
    engine.recipes.read.emit("/x/evening.flac", a_mix())
    dialog = dialog_of(window)
    assert dialog.title_label.text() == "evening.flac"
    assert [one for one in labels(dialog) if one.startswith("loop ")] == ["loop 1", "loop 2", "loop 3"]
    assert dialog.note_label.text().startswith("It was recorded as it was played")
    assert not dialog.mix_button.isVisible()
    assert dialog.chosen_loop == 1
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.title_label.text() == "evening.flac, loop 2"
    assert "title" in labels(dialog)
    QTest.mouseClick(dialog.list_button, Qt.MouseButton.LeftButton)
    assert dialog.chosen_loop == 2, "where one came from"
    # Against another mix, loop by loop, and against one clip.
    compare(window, engine, "/x/other.flac", a_mix(titles=("One", "Other")))
    assert dialog.note_label.text() == "3 lines differ"
    assert [one for one in labels(dialog) if one.endswith("≠")] == ["loops ≠", "loop 2 ≠", "loop 3 ≠"]
    dialog.loop_requested.emit(2)
    assert [one for one in labels(dialog) if one.endswith("≠")] == ["title ≠"]
    dialog.list_requested.emit()
    compare(window, engine, "/x/three.wav", Carried(a_recipe(title="Three", seed=2), CLIP))
    assert dialog.title_label.text() == "evening.flac, loop 3"
    assert dialog.note_label.text().startswith("Loop 3 of the mix is most like it · ")
    dialog.list_requested.emit()
    assert (dialog.table.columnCount(), dialog.chosen_loop) == (2, 3)
    QTest.mouseClick(dialog.again_button, Qt.MouseButton.LeftButton)
    assert (made.at(0)[0].title, made.at(0)[1]) == ("Three", False)
    qtbot.waitUntil(lambda: window.findChild(RecipeDialog) is None)
    # One clip against a mix.
    engine.recipes.read.emit("/x/two.wav", Carried(a_recipe(title="Two", seed=1), CLIP))
    compare(window, engine, "/x/evening.flac", a_mix())
    assert dialog_of(window).note_label.text().startswith("Loop 2 of the mix is most like it · ")


@pytest.mark.soak
def test_a_render_is_made_again_beside_the_music(
    studio: tuple[MainWindow, RecipesController, StudioEngine], qtbot: QtBot, tmp_path: Path
) -> None:
    window, controller, engine = studio
    source, target = tmp_path / "mix.wav", tmp_path / "again.wav"
    write_clip(
        source, Clip(np.zeros((3 * RATE, 2), dtype=np.float32), RATE), metadata=said_of_mix(a_mix(is_rendered=True))
    )
    read = recipe_of(source)
    for path, is_cancelled in ((source, False), (target, False), (tmp_path / "cancelled.wav", True)):
        engine.recipes.read.emit(str(source), read)
        dialog = dialog_of(window)
        assert dialog.mix_button.isEnabled(), dialog.mix_button.toolTip()
        QTest.mouseClick(dialog.mix_button, Qt.MouseButton.LeftButton)
        chooser = dialog.findChild(QFileDialog)
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(path))
        chooser.done(0)
        chooser.setParent(None)
        if path == source:
            assert "another name" in dialog.note_label.text()
            continue
        assert window.notice_bar.notice().startswith(f"The mix is made again, as “{path.name}”")
        assert controller.mix_again.is_busy
        if is_cancelled:
            QTest.mouseClick(window.notice_bar.dismiss_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not controller.mix_again.is_busy, timeout=60_000)
        assert path.exists() is not is_cancelled, window.notice_bar.notice()
        assert window.notice_bar.notice() == ("" if is_cancelled else "The mix was made again: “again.wav”")
    again = recipe_of(target)
    assert isinstance(again, MixRecipe)
    assert (again.kind, again.n_samples, [lead.recipe.seed for lead in again.leads]) == (
        MixKind.RENDERED,
        3 * RATE,
        [5],
    )


def test_notes_that_are_dropped_show_their_recipe_and_are_not_played(
    studio: tuple[MainWindow, RecipesController, StudioEngine], tmp_path: Path
) -> None:
    window, controller, engine = studio
    path = tmp_path / "notes.mid"
    write_midi(path, PlayedScore(RATE, RATE, 1, (4, 4), None, (), (), ()), texts=midi_texts(a_recipe()))
    bringing = window.findChild(BringingController)
    assert isinstance(bringing, BringingController)
    read, brought = QSignalSpy(controller.read_wanted), QSignalSpy(bringing.bring_wanted)
    data = carried(str(path))
    drag_onto(window, data)
    drop_onto(window, data)
    assert read.at(0) == [str(path)]
    assert brought.count() == 0
    engine.recipes.read.emit(str(path), None)
    assert "carries no recipe" in window.notice_bar.notice()


def test_every_word_of_a_recipe_can_be_said_in_another_language() -> None:
    assert set(NAMES.values()) | {"loop"} <= set(SAID)
    assert {str(one) for one in WhyNot} == set(WHY_NOT)
    assert {str(one) for one in MixKind} <= set(VALUES)


def a_view() -> LoopView:
    starter = shipped()[0]
    return NowPlaying(LoopInHand.of_recipe(1, starter.clip, starter.recipe), Baker(480.0, -16.0)).view()


def test_keys_and_the_cards_menu_make_what_plays_again_and_vary_it(
    studio: tuple[MainWindow, RecipesController, StudioEngine], qtbot: QtBot
) -> None:
    window, controller, engine = studio
    made = QSignalSpy(controller.make_wanted)
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keySequence(window, "Ctrl+Shift+V")
    assert made.count() == 0, "nothing was shown yet"
    engine.loop.changed.emit(a_view())
    QTest.keySequence(window, "Ctrl+Shift+G")
    QTest.keySequence(window, "Ctrl+Shift+V")
    assert [made.at(i)[1] for i in range(made.count())] == [False, True]
    assert made.at(0)[0].seed == a_view().recipe.seed
    actions = {one.shortcut().toString(): one for one in window.now_playing_panel.actions()}
    actions["Ctrl+Shift+V"].trigger()
    assert made.count() == 3
    assert window.now_playing_panel.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu


def test_a_model_that_takes_no_seed_says_that_it_cannot_make_it_again(
    studio: tuple[MainWindow, RecipesController, StudioEngine],
) -> None:
    window, controller, engine = studio
    made = QSignalSpy(controller.make_wanted)
    view = a_view()
    engine.loop.changed.emit(replace(view, recipe=replace(view.recipe, generator="musicgpt", seed=None)))
    again = next(one for one in window.now_playing_panel.actions() if one.shortcut().toString() == "Ctrl+Shift+G")
    again.trigger()
    assert made.count() == 0
    assert "cannot be made again" in window.notice_bar.text_label.text()


def test_a_take_of_the_library_is_made_again_and_varied_by_its_menu(
    studio: tuple[MainWindow, RecipesController, StudioEngine],
) -> None:
    window, controller, _ = studio
    made, panel = QSignalSpy(controller.make_wanted), window.library_panel
    takes = tuple(Take(f"take-{n}", a_recipe(seed=seed), "") for n, seed in ((2, None), (1, 7)))
    panel.set_takes(takes, tuple(one.take_id for one in takes))
    actions = panel.take_actions
    assert not actions.vary.isEnabled(), "none is current"
    panel.list.setCurrentIndex(panel.model.index(0))
    assert not actions.again.isEnabled(), "it has no seed"
    panel.list.setCurrentIndex(panel.model.index(1))
    actions.again.trigger()
    actions.vary.trigger()
    assert [(made.at(i)[0].seed, made.at(i)[1]) for i in range(made.count())] == [(7, False), (7, True)]
