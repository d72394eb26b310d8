# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of fragments share a stage: a station of three slots with a maker of tones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.fragments.staging import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    one = Stage(tmp_path / "slots")
    yield one
    one.station.close()
