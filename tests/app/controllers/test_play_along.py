# SPDX-License-Identifier: GPL-3.0-or-later
"""In the real window a recording is continued by the command beside the music, heard, kept, and played on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.controllers.play_along import PlayAlongController, words_of
from app.controllers.studio import Controller as StudioController
from engine.library.carried import Carried, recipe_of
from engine.values import ParameterValue
from tests.app.controllers.conftest import Unstarted
from tests.engine.listening.pieces import piece
from widgets.dialogs.along_dialog import JOINED, NEW, OWN, AlongDialog
from widgets.hear_button import HearButton

pytestmark = pytest.mark.gui
SOUNDS = {"composer": {"sounds": "synthesised"}}


@pytest.fixture
def riff(tmp_path: Path) -> Path:
    """Return the file of a recording of 14 beats."""
    clip = piece("funk", "Am | F | C | G", bpm=104.0, bars=8).clip
    path = tmp_path / "riff.wav"
    soundfile.write(path, clip.samples[: round(14 * 60.0 / 104.0 * clip.sample_rate)], clip.sample_rate)
    return path


def heard(button: HearButton) -> bool:
    return button.is_heard


def choose(combo: QWidget, name: str) -> None:
    """Choose one of a list, as a person does."""
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findData(name))
    combo.activated.emit(combo.currentIndex())


def opened(controller: PlayAlongController) -> AlongDialog:
    controller.action.trigger()
    assert controller._dialog is not None
    return controller._dialog


def test_a_recording_is_continued_heard_and_kept(
    unstarted: Unstarted, qtbot: QtBot, no_sound: None, riff: Path, tmp_path: Path
) -> None:
    window, controller, engine = unstarted(PlayAlongController, along_seconds=3.0, generator_parameters=SOUNDS)
    engine.start()

    def until(comes: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(comes()), timeout=60_000)

    dialog = opened(controller)
    assert not dialog.make_button.isEnabled()
    dialog.set_file(str(riff))
    assert dialog.rows.values()["along_seconds"] == 3.0
    dialog.make_button.click()
    assert dialog.cancel_button.isEnabled()
    assert not dialog.make_button.isEnabled()
    browse = dialog.rows.controls["along_file"].browse
    assert browse is not None
    assert not browse.isEnabled()
    until(lambda: not controller.command.is_busy)
    assert browse.isEnabled()
    assert dialog.save_button.isEnabled(), dialog.note.text()
    assert "104" in dialog.note.text()
    assert "LU" in dialog.note.text()

    for which in (OWN, JOINED, NEW):
        dialog.hear_buttons[which].click()
        until(partial(heard, dialog.hear_buttons[which]))
        assert sum(one.is_heard for one in dialog.hear_buttons.values()) == 1
    dialog.hear_buttons[NEW].click()
    until(lambda: not dialog.hear_buttons[NEW].is_heard)

    for name in ("kept.wav", "kept.flac"):
        with qtbot.waitSignal(controller.written, timeout=20_000):
            controller.save(str(tmp_path / name))
        own, whole = soundfile.read(riff)[0], soundfile.read(tmp_path / name)[0]
        assert len(whole) == len(own) + 3 * 44_100
        assert np.abs(whole[: len(own) - 44_100] - own[:-44_100]).max() < 1e-4
        carried = recipe_of(tmp_path / name)
        assert isinstance(carried, Carried)
        assert carried.made.along is not None
    made = Path(str(controller._made["output"]))
    dialog.reject()
    window.close()
    assert not made.exists(), "what was not kept is gone"


def test_what_was_made_is_played_in_the_studio(unstarted: Unstarted, qtbot: QtBot, no_sound: None, riff: Path) -> None:
    window, controller, engine = unstarted(PlayAlongController, along_way="vary", generator_parameters=SOUNDS)
    engine.start()
    dialog = opened(controller)
    dialog.set_file(str(riff))
    dialog.make_button.click()
    qtbot.waitUntil(lambda: not controller.command.is_busy, timeout=60_000)
    dialog.play_button.click()
    view = window.findChild(StudioController)
    assert isinstance(view, StudioController)
    qtbot.waitUntil(lambda: view._loop.view is not None, timeout=60_000)


def test_what_fails_is_said_in_the_dialog_and_cancelling_leaves_nothing(
    unstarted: Unstarted, qtbot: QtBot, no_sound: None, riff: Path, tmp_path: Path
) -> None:
    _, controller, _ = unstarted(PlayAlongController, along_way="fill")
    dialog = opened(controller)
    dialog.set_file(str(tmp_path / "none.wav"))
    dialog.make_button.click()
    qtbot.waitUntil(lambda: not controller.command.is_busy, timeout=60_000)
    assert "none.wav" in dialog.note.text()
    assert not dialog.save_button.isEnabled()
    dialog.set_file(str(riff))
    dialog.make_button.click()
    qtbot.waitUntil(lambda: not controller.command.is_busy, timeout=60_000)
    assert "end of the gap" in dialog.note.text()
    dialog.rows.controls["along_to"].set_value(6.0)
    dialog.make_button.click()
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: not controller.command.is_busy, timeout=60_000)
    assert not dialog.save_button.isEnabled()
    assert dialog.make_button.isEnabled()
    assert controller._folder is not None
    assert list(Path(controller._folder.name).iterdir()) == []


def test_what_is_set_is_remembered_and_only_what_matters_can_be_set(
    unstarted: Unstarted, qtbot: QtBot, no_sound: None
) -> None:
    _, controller, _ = unstarted(PlayAlongController)
    dialog = opened(controller)
    way = dialog.rows.controls["along_way"]
    enabled = {}
    for name in ("continue", "accompany", "fill", "vary"):
        choose(way.widget, name)
        enabled[name] = {one for one, control in dialog.rows.controls.items() if control.widget.isEnabled()}
    always = {"along_file", "along_way", "along_parts", "along_style"}
    assert enabled["continue"] == always | {"along_seconds"}
    assert enabled["accompany"] == always | {"along_level"}
    assert enabled["fill"] == always | {"along_from", "along_to"}
    assert enabled["vary"] == always
    assert controller._store.settings.along_way == "vary"


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("continue", ["--seconds", "9.5"]),
        ("accompany", ["--level=-6.0"]),
        ("fill", ["--from", "2.0", "--to", "4.0"]),
        ("vary", []),
    ],
)
def test_the_command_says_what_is_set(way: str, says: list[str]) -> None:
    values: dict[str, ParameterValue] = {
        "along_file": "a b.wav",
        "along_way": way,
        "along_seconds": 9.5,
        "along_level": -6.0,
        "along_from": 2.0,
        "along_to": 4.0,
        "along_parts": "drums,bass",
        "along_style": "bossa nova",
    }
    words = words_of(values, "out.wav", "new.wav", "best")
    assert words[:2] == [way, "a b.wav"]
    assert words[len(words) - len(says) :] == says
    assert words[words.index("--style") + 1] == "bossa nova"
    assert words[words.index("--parts") + 1] == "drums,bass"
