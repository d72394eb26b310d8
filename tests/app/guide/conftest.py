# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures open the studio's window, its engine not started, for help and for the tour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.settings import Settings
from tests.app.layouts.hands import Studio
from tests.app.windows import dressed


@pytest.fixture
def language() -> str:
    """Return the window's language, which a test may choose otherwise."""
    return "en"


@pytest.fixture
def settings(qapp: QApplication, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with dressed(qapp, language):
        yield replace(Settings(), data_folder=str(tmp_path / "data"))


@pytest.fixture
def studio(settings: Settings, qtbot: QtBot) -> Iterator[Studio]:
    one = Studio(qtbot, settings, (1280, 720))
    yield one
    one.close()
