# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures give a board that an engine tells of music, which is not started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.control.facts import StudioFacts
from app.paths import RESOURCES
from app.settings import Settings
from app.terminal.board import Board
from app.terminal.drawing import BLOCKS
from engine.qt.studio import StudioEngine
from engine.session.options import Places, StudioOptions


@pytest.fixture
def engine(qapp: QApplication) -> Iterator[StudioEngine]:
    one = StudioEngine(StudioOptions(prompt="lofi"), Places(str(RESOURCES / "starters")))
    yield one
    one.shut_down()


@pytest.fixture
def facts(engine: StudioEngine) -> StudioFacts:
    return StudioFacts(engine)


@pytest.fixture
def board(engine: StudioEngine, facts: StudioFacts) -> Board:
    return Board(facts, Settings, engine.tape, BLOCKS)
