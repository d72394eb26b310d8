# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``fill`` plays what is missing in recordings, or what is to be replaced."""

from __future__ import annotations

import argparse

from app.commands.along import add_along_arguments, run_along
from app.commands.numbers import time
from engine.values.play_along import Along


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_along_arguments(parser)
    parser.add_argument("--from", dest="from_s", type=time, required=True, metavar="TIME", help="where the gap begins")
    parser.add_argument("--to", dest="to_s", type=time, required=True, metavar="TIME", help="where it ends")


def run(arguments: argparse.Namespace) -> int:
    """Fill the gap in the recordings. Raises StudioError."""
    return run_along(arguments, Along.FILL, {}, spans=("from_s", "to_s"))
