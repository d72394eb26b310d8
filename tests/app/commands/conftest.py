# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that run within a test's process find Qt's one application of it: one that they made would stay there."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Have an application for windows: tests after these in the same process show some."""
