# SPDX-License-Identifier: GPL-3.0-or-later
"""This fixture gives the sockets of studios a runtime folder of their own, whose path is short enough for one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield an empty runtime folder, which only this test's studios use."""
    with tempfile.TemporaryDirectory(prefix="steered-", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)
