# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``vary`` plays the music of recordings again: the same bars and chords in another way."""

from __future__ import annotations

import argparse

from app.commands.along import add_along_arguments, run_along
from engine.values.play_along import Along


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_along_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Vary the recordings. Raises StudioError."""
    return run_along(arguments, Along.VARY, {})
