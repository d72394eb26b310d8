# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the programme finds its resources and keeps the user's files."""

from __future__ import annotations

from pathlib import Path

import platformdirs

APP_NAME = "infiniloop"
RESOURCES = Path(__file__).parent.parent / "resources"


def data_folder() -> Path:
    """Where takes are kept unless the settings say otherwise."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def settings_file() -> Path:
    """The settings, one JSON file."""
    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False)) / "settings.json"


def log_file() -> Path:
    """Where tracebacks and the child processes' words go."""
    return Path(platformdirs.user_log_dir(APP_NAME, appauthor=False)) / "infiniloop.log"
