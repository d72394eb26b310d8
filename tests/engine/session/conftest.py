# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures are shared by the session's tests."""

from __future__ import annotations

import pytest

from engine.session.baking import LoopInHand
from tests.engine.session.composing import composed_loop
from tests.engine.session.scenes import Scene, new_scene


@pytest.fixture(scope="session")
def composed() -> LoopInHand:
    """Return a loop in hand of a clip by the composer, made once."""
    return composed_loop()


@pytest.fixture
def scene() -> Scene:
    """Return a scene of its own."""
    return new_scene()
