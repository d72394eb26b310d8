# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``devices`` lists where sound can go, and where it can come from."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.commands import terminal
from app.commands.device_names import shown
from app.program import program_name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """List the devices. Raises DeviceError."""
    from engine.playback.device.devices import list_devices, list_inputs

    devices, inputs = list_devices(), list_inputs()
    if arguments.json:
        terminal.print_json({"devices": [asdict(one) for one in devices], "inputs": [asdict(one) for one in inputs]})
        return 0
    for some in (devices, inputs):
        if some is inputs and inputs:
            print("Inputs:")
        for one in some:
            mark = "*" if one.is_default else " "
            print(f"{mark} {shown(one)} ({one.n_channels} channels, {one.default_sample_rate} Hz)")
    if not devices:
        print(f"No sound output was found; “{program_name()} render” writes music to a file without one.")
    return 0
