# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures open a window whose layouts are switched, in English, with a settings file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.settings import Settings
from tests.app.layouts.hands import Studio
from tests.app.layouts.little import LITTLE, in_little
from tests.app.windows import dressed


@pytest.fixture
def speaking(qapp: QApplication) -> Iterator[None]:
    with dressed(qapp, "en"):
        yield


@pytest.fixture
def settings(speaking: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return replace(Settings(), data_folder=str(tmp_path / "data"))


@pytest.fixture
def studio(settings: Settings, qtbot: QtBot) -> Iterator[Studio]:
    one = Studio(qtbot, settings, (1280, 720))
    yield one
    one.close()


@pytest.fixture(params=LITTLE)
def little(request: pytest.FixtureRequest, studio: Studio) -> Studio:
    """Return a studio in each of the forms, in which music plays."""
    return in_little(studio, str(request.param))
