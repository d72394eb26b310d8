# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says where the programme finds its resources and keeps the user's files."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import platformdirs

APP_NAME = "infiniloop"
RESOURCES = Path(__file__).parent.parent / "resources"


def data_folder() -> Path:
    """Return the folder where takes are kept unless the settings say otherwise."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def settings_file() -> Path:
    """Return the file of the settings, one JSON file."""
    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False)) / "settings.json"


def presets_folder() -> Path:
    """Return the folder of a person's own presets, one text file each; it need not be there."""
    return settings_file().parent / "presets"


def stations_folder() -> Path:
    """Return the folder of a person's own stations of the radio, one text file each; it need not be there."""
    return settings_file().parent / "stations"


def journal_folder() -> Path:
    """Return the folder where commands note unfinished files, for the next command to remove if they are killed."""
    return Path(platformdirs.user_state_dir(APP_NAME, appauthor=False)) / "unfinished"


def terminal_history() -> Path:
    """Return the file of what was typed in the shell of ``term``."""
    return Path(platformdirs.user_state_dir(APP_NAME, appauthor=False)) / "history"


def cache_folder() -> Path:
    """Return the folder where the last minutes that were heard are kept."""
    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))


def pace_file() -> Path:
    """Return the file that keeps how long clips took to make: of this machine, wherever the takes are kept."""
    return data_folder() / "statistics.json"


def latencies_file() -> Path:
    """Return the file that keeps how long sound takes between the outputs and the inputs of this machine."""
    return data_folder() / "latencies.json"


def midi_map() -> Path:
    """Return the file of a person's own map of MIDI; it need not be there."""
    return settings_file().with_name("midi.toml")


def jam_folder() -> Path:
    """Return the folder of the jam as it was left, which is there again at the next start."""
    return data_folder() / "jam"


def dragged_folder() -> Path:
    """Return the folder of files that were dragged out of the window; old ones are removed."""
    return cache_folder() / "dragged"


def music_folder() -> Path:
    """Return the folder where recordings go unless the settings say otherwise."""
    return Path(platformdirs.user_music_dir())


def dated_recording(folder: Path, when: datetime, *, promised: Collection[Path] = ()) -> Path:
    """Return a FLAC file's name with day and time that nothing in ``folder`` has: no cue sheet, Opus file or stems.

    ``promised`` are names that were given before, to files that may not be there yet.
    """
    stem = f"Infiniloop {when:%Y-%m-%d %H.%M}"
    for name in itertools.chain([stem], (f"{stem} ({n})" for n in itertools.count(2))):
        path = folder / f"{name}.flac"
        # What goes with it must find its name free too.
        beside = (path, path.with_suffix(".cue"), path.with_suffix(".opus"), path.with_name(f"{name} stems"))
        if path not in promised and not any(one.exists() for one in beside):
            return path
    raise AssertionError


def log_file() -> Path:
    """Return the file where tracebacks and the child processes' words go."""
    return Path(platformdirs.user_log_dir(APP_NAME, appauthor=False)) / "infiniloop.log"
