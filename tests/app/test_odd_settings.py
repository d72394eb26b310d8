# SPDX-License-Identifier: GPL-3.0-or-later
"""The window opens with any settings file, tells what of it cannot be used, and its dialog takes no such value."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from app import paths
from app.choices import dialog_refusal, dialog_values, generator_choices
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings, load_settings, read_settings
from app.studio import build
from engine.session.options import Places
from engine.values.options import DATA_FOLDER, OPTIONS, SAVE_FOLDER
from tests.app.test_settings_file import DEEP, NO_SETTINGS, STORED
from widgets.dialogs.settings_dialog import SettingsDialog

pytestmark = pytest.mark.gui


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place of the settings file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    paths.settings_file().parent.mkdir()
    return paths.settings_file()


@contextmanager
def opened(path: Path) -> Iterator[MainWindow]:
    """Yield the window as the studio opens it, its engine not started; it is closed and gone at the end."""
    loaded = read_settings(path, aside=True)
    window, engine = build(loaded.settings, Places(str(RESOURCES / "starters")), trouble=loaded.trouble)
    window.show()
    QApplication.processEvents()
    try:
        yield window
    finally:
        window.close()
        engine.shut_down()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


LOCKED_OUT = (
    b'{"generator": "musicgpt", "musicgpt_path": "~musicgpt"}',
    b'{"duration_s": ' + b"9" * 400 + b"}",
    b'{"prompt": "nul \\u0000"}',
    b'{"device": ' + DEEP.encode() + b"}",
    b'{"window_geometry": "AdnQywADAAA", "window_state": "AAAA/wAA;AAAA"}',
    NO_SETTINGS[-1],
)


@pytest.mark.parametrize("content", LOCKED_OUT)
def test_what_locked_people_out_does_not(qtbot: QtBot, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    told = read_settings(path).trouble
    with opened(path) as window:
        assert window.isVisible()
        if told is not None:
            assert window.notice_bar.isVisible()
            assert "settings" in window.notice_bar.notice()
    assert read_settings(path).trouble is None, "what was written when it closed is right"


@pytest.mark.soak
@given(stored=STORED)
@example(stored={"duration_s": 10**400, "prompt": "\ud800\0", "musicgpt_path": "~x"})
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_settings_open_a_window(qtbot: QtBot, path: Path, stored: dict[str, Any]) -> None:
    path.write_text(json.dumps(stored), encoding="utf-8")
    with opened(path) as window:
        assert window.isVisible()
    assert read_settings(path).trouble is None


def test_a_damaged_layout_is_left_alone(qtbot: QtBot, path: Path) -> None:
    """Qt crashes on some damaged layouts, so none that we did not write is handed to it."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 720)
    texts = window.layout_text()
    other = MainWindow()
    qtbot.addWidget(other)
    other.resize(1111, 700)
    before = other.layout_text()
    rng = random.Random(1)
    for _ in range(100):
        damaged = [_damaged(text, rng) for text in texts]
        other.restore_layout(*damaged)
        assert other.size().width() == 1111
    assert other.layout_text()[0] == before[0]
    other.restore_layout(*texts)
    assert other.size() == window.size()


def _damaged(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text) - 1)
    damage: tuple[Callable[[], str], ...] = (
        lambda: text[:at],
        lambda: text[at:],
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + rng.choice("é\0 \n") + text[at:],
        lambda: text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :],
    )
    return rng.choice(damage)()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("path", "~musicgpt", "“~musicgpt” cannot be used for MusicGPT (there is no user of that name)"),
        ("path", "/tmp", "it is a folder"),
        ("path", "/" + "x" * 300, "it is too long"),
        ("data_folder", "~nosuchuser/takes", "cannot be used for the data folder (there is no user of that name)"),
        ("data_folder", "takes", "it does not begin with “/” or “~”"),
        ("data_folder", __file__, "it is a file, not a folder"),
        ("save_folder", "music\0", "cannot be used for the music folder (it holds what no path can hold)"),
    ],
)
def test_the_dialog_refuses_a_path_that_cannot_be(qtbot: QtBot, field: str, typed: str, words: str) -> None:
    values = {**dialog_values(Settings()), "generator": "musicgpt"}
    dialog = SettingsDialog(values, values, generator_choices(Settings()), refusal=dialog_refusal)
    qtbot.addWidget(dialog)
    dialog.show()
    accepted: list[dict[str, Any]] = []
    dialog.settings_accepted.connect(accepted.append)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    path_control = dialog.generators_page.rows.controls["path"].widget
    edit = path_control if field == "path" else dialog.control_of(OPTIONS[field]).widget
    assert isinstance(edit, QLineEdit)
    edit.setText(typed)
    ok.click()
    assert dialog.isVisible()
    assert dialog.refused.isVisible()
    assert words in dialog.refused.text()
    assert accepted == []
    edit.setText("")
    ok.click()
    assert not dialog.isVisible()
    told = [(one["generator_parameters"], one["data_folder"], one["save_folder"]) for one in accepted]
    assert told == [({}, "", "")]


def test_the_home_folder_in_the_dialog_is_the_home_folder(qtbot: QtBot, path: Path, home: Path) -> None:
    path.write_text("{}")
    with opened(path) as window:
        window.prompt_bar.settings_button.click()
        dialog = window.findChild(SettingsDialog)
        assert isinstance(dialog, SettingsDialog)
        data, save = dialog.control_of(DATA_FOLDER).widget, dialog.control_of(SAVE_FOLDER).widget
        assert isinstance(data, QLineEdit)
        assert isinstance(save, QLineEdit)
        assert data.placeholderText() == str(paths.data_folder())
        save.setText("~/my music")
        page = dialog.generators_page
        page.generator_combo.setCurrentIndex(page.generator_combo.findData("musicgpt"))
        path_edit = page.rows.controls["path"].widget
        assert isinstance(path_edit, QLineEdit)
        path_edit.setText("~musicgpt")
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
        assert dialog.isVisible()
        path_edit.setText("~/musicgpt")
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
        assert not dialog.isVisible()
    kept = load_settings(path)
    assert (kept.save_folder, kept.generator_parameters) == (f"{home}/my music", {"musicgpt": {"path": "~/musicgpt"}})
