# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``accompany`` adds parts to recordings, to the same bars, or writes them alone."""

from __future__ import annotations

import argparse

from app.commands.along import add_along_arguments, run_along
from app.commands.numbers import number
from engine.values.play_along import LEVEL_LU, USUAL_LEVEL_LU, Along


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_along_arguments(parser)
    low, high = LEVEL_LU
    parser.add_argument(
        "--level",
        type=number,
        default=USUAL_LEVEL_LU,
        metavar="LU",
        help=f"how loud it is against the recording, {low:g} to {high:g} (default {USUAL_LEVEL_LU:g})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Accompany the recordings. Raises StudioError."""
    return run_along(arguments, Along.ACCOMPANY, {"level_lu": arguments.level})
