# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds the MusicGPT program on this machine."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from engine.errors import GeneratorMissing
from engine.generators.base import GeneratorSettings
from engine.generators.musicgpt.declared import NAME, TITLE
from engine.generators.musicgpt.words import shorten

ENVIRONMENT_VARIABLE = "INFINILOOP_MUSICGPT"
RELEASE_PREFIX = "musicgpt-"
"""Start of a release's file name, as in ``musicgpt-x86_64-unknown-linux-gnu``."""


def find_musicgpt(settings: GeneratorSettings) -> Path:
    """Return the executable: the setting's, else the environment's, else on the PATH, else in the studio's data folder.

    Raises
    ------
    GeneratorMissing
        There is none, or what the setting or the environment names cannot be run; the sentence says which.
    """
    path = settings.of(NAME).text("path")
    named = {"the settings": path, ENVIRONMENT_VARIABLE: os.environ.get(ENVIRONMENT_VARIABLE, "")}
    for source, value in named.items():
        if value:
            return _named(value, source)
    plain = shutil.which("musicgpt")
    if plain:
        return Path(plain).absolute()
    data = Path(settings.data_folder) if settings.data_folder else None
    studio_folders = [data / "bin", data] if data else []
    path_folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder]
    for folder in [*path_folders, *studio_folders]:
        candidates = _releases(folder)
        for candidate in candidates:
            if os.access(candidate, os.X_OK):
                return candidate.absolute()
        if candidates and folder in studio_folders:
            # Browsers save without the right to run: say so rather than "not found".
            raise GeneratorMissing(generator=TITLE, hint=_not_executable(candidates[0]))
    hint = (
        "get it from https://github.com/gabotechs/MusicGPT and put it on the PATH, "
        f"or name its file in SETUP or in {ENVIRONMENT_VARIABLE}"
    )
    raise GeneratorMissing(generator=TITLE, hint=hint)


def _named(value: str, source: str) -> Path:
    named = f"“{shorten(value)}”, which is named in {source}"
    try:
        path = Path(value).expanduser()
        found = shutil.which(path)
        if found:
            return Path(found).absolute()
        if path.is_dir():
            hint = f"{named}, is a folder"
        elif path.is_file():
            hint = f"{_not_executable(path)} (it is named in {source})"
        else:
            hint = f"there is no {named}"
    except RuntimeError:
        hint = f"there is no user whose home is meant by {named}"
    except (OSError, ValueError) as error:
        # Longer than a name may be, a folder that may not be looked into, a NUL.
        hint = f"{named}, cannot be looked for ({getattr(error, 'strerror', None) or error})"
    raise GeneratorMissing(generator=TITLE, hint=hint)


def _releases(folder: Path) -> list[Path]:
    """Return the files in ``folder`` named as MusicGPT or its releases, those for this machine first."""
    try:
        found = [path for path in folder.iterdir() if path.name == "musicgpt" or path.name.startswith(RELEASE_PREFIX)]
        files = [path for path in found if path.is_file()]
    except (OSError, ValueError):  # a PATH may name folders that are not there or may not be read
        return []
    return sorted(files, key=lambda path: (path.name != "musicgpt", platform.machine() not in path.name, path.name))


def _not_executable(path: Path) -> str:
    return f"“{path}” is there but is not executable: allow it with “chmod +x”"
