# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures give a jam's panel whose effects are shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.jam.hands import Hands, a_panel
from widgets.jam.effects_pane import EffectsPane


@pytest.fixture
def hands(qtbot: QtBot) -> Iterator[Hands]:
    """Yield a performer's hands at it; they rest at the end."""
    hands = a_panel(qtbot)
    hands.panel.groove_bar.effects_button.click()
    yield hands
    hands.rest()


@pytest.fixture
def pane(hands: Hands) -> EffectsPane:
    """Return the pane of the effects."""
    return hands.panel.effects_pane
