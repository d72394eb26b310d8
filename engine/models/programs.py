# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what is known of the program that the studio can fetch, MusicGPT, and where programs go."""

from __future__ import annotations

from pathlib import Path

PROGRAM = "musicgpt"
"""Name of the program, of the generator that runs it, and of the asset."""
PAGE = "https://github.com/gabotechs/MusicGPT"
PROGRAM_LICENCE = "MIT"
"""The licence of the program itself; that of the weights is another."""


def program_folder(studio_folder: str) -> Path:
    """Return where the studio keeps programs, below its data folder; the generators look there too."""
    return Path(studio_folder).expanduser() / "bin"
