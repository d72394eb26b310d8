# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``continue`` goes on from recordings: on their beat, in their tempo, key and harmony."""

from __future__ import annotations

import argparse

from app.commands.along import add_along_arguments, run_along
from app.commands.numbers import number
from engine.values.play_along import CONTINUE_S, USUAL_CONTINUE_S, Along


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_along_arguments(parser)
    low, high = CONTINUE_S
    parser.add_argument(
        "--seconds",
        type=number,
        default=USUAL_CONTINUE_S,
        metavar="S",
        help=f"by how much, {low:g}–{high:g} (default {USUAL_CONTINUE_S:g})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Continue the recordings. Raises StudioError."""
    return run_along(arguments, Along.CONTINUE, {"seconds": arguments.seconds})
