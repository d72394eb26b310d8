# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``devices`` lists where sound can go."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.commands import terminal
from app.program import program_name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """List the devices. Raises DeviceError."""
    from engine.playback.device.devices import list_devices

    devices = list_devices()
    if arguments.json:
        terminal.print_json({"devices": [asdict(one) for one in devices]})
        return 0
    for one in devices:
        mark = "*" if one.is_default else " "
        print(f"{mark} {one.host_api}: {one.name} ({one.n_channels} channels, {one.default_sample_rate} Hz)")
    if not devices:
        print(f"No sound output was found; “{program_name()} render” writes music to a file without one.")
    return 0
