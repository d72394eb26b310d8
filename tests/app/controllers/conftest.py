# SPDX-License-Identifier: GPL-3.0-or-later
"""The controllers' tests open the window with an engine that is not started: its signals are told by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build
from engine.qt.studio import StudioEngine
from engine.session.options import Places

Controller = TypeVar("Controller", bound=QObject)


class Unstarted(Protocol):
    """This opens the window, with these settings changed, and returns it with its controller of a kind."""

    def __call__(self, kind: type[Controller], **changes: Any) -> tuple[MainWindow, Controller, StudioEngine]: ...


@pytest.fixture
def unstarted(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Unstarted]:
    """Yield what opens the window, once or more; all of them are closed in the end."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    usual = replace(Settings(), data_folder=str(tmp_path / "data"), save_folder=str(tmp_path))
    opened: list[tuple[MainWindow, StudioEngine]] = []

    def open_with(kind: type[Controller], **changes: Any) -> tuple[MainWindow, Controller, StudioEngine]:
        window, engine = build(replace(usual, **changes), Places(str(RESOURCES / "starters")))
        opened.append((window, engine))
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        controller = window.findChild(kind)
        assert isinstance(controller, kind)
        return window, controller, engine

    yield open_with
    for window, engine in opened:
        window.close()
        engine.shut_down()
