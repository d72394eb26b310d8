# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``latency`` measures how long sound takes from an output back through an input, and keeps it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from app import paths
from app.commands import endings, terminal
from app.commands.device_names import device_named
from app.commands.numbers import number, whole
from app.commands.players import start_player
from app.settings import load_settings
from engine.errors import OutOfRange
from engine.values.input_options import INPUT_GAIN
from engine.values.inputs import InputSide

ROUNDS = (3, 20)
"""Fewest and most rounds that are played."""
USUAL_ROUNDS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--output", default="", metavar="NAME", help="where it plays (default: that of the settings)")
    parser.add_argument("--input", default="", metavar="NAME", help="where it listens (default: that of the settings)")
    parser.add_argument("--side", choices=tuple(map(str, InputSide)), help="which of the input's channels")
    parser.add_argument("--gain", type=number, metavar="DB", help="gain of the input")
    parser.add_argument("--rounds", type=whole, default=USUAL_ROUNDS, metavar="N", help="how often (default 5)")
    parser.add_argument("--progress", action="store_true", help="print which part is done, from 0 to 1, a line each")
    parser.add_argument("--json", action="store_true", help="print what was measured as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Measure, and keep it. Raises DeviceError, InputError, LatencyUnsure, UserError."""
    from engine.library.latencies import DevicePair, KeptTrip, keep_trip
    from engine.playback.device.devices import list_devices, list_inputs
    from engine.playback.round_trips import Measuring, Way
    from engine.tape import TapeReader, tape_block
    from engine.units import db_to_amplitude
    from engine.values.audio import STUDIO_SAMPLE_RATE

    low, high = ROUNDS
    if not low <= arguments.rounds <= high:
        raise OutOfRange(name="number of rounds", value=arguments.rounds, low=low, high=high)
    settings = load_settings(paths.settings_file())
    gain_db = settings.input_gain_db if arguments.gain is None else INPUT_GAIN.checked(arguments.gain)
    output = device_named(arguments.output, list_devices(), "output") if arguments.output else settings.device
    input_ = device_named(arguments.input, list_inputs(), "input") if arguments.input else settings.input_device
    way = Way(
        output,
        input_,
        InputSide(arguments.side or settings.input_side),
        db_to_amplitude(float(gain_db)),
        settings.latency_ms / 1000.0,
        settings.input_latency_ms / 1000.0,
    )
    block = tape_block(STUDIO_SAMPLE_RATE)
    line, player = terminal.ProgressLine(), start_player(block)
    try:
        measuring = Measuring(player, TapeReader(block), way)
        with endings.held():
            for done in measuring.steps(arguments.rounds):
                endings.checkpoint()
                line.show(f"measuring {100 * done:.0f} %")
                if arguments.progress:
                    print(f"{done:.2f}", flush=True)
    finally:
        player.close()
        line.clear()
    measured = measuring.measured
    assert measured is not None
    pair = DevicePair(measured.output, measured.input_, settings.latency_ms, settings.input_latency_ms)
    kept = KeptTrip(pair, measured.trip, datetime.now(UTC).date().isoformat())
    keep_trip(paths.latencies_file(), kept)
    if arguments.json:
        rounds_ms = [round(one, 3) for one in measured.rounds_ms]
        terminal.print_json({**kept.as_dict(), "rounds_ms": rounds_ms})
    else:
        trip = measured.trip
        print(
            f"{measured.output} → {measured.input_}: {1000.0 * trip.latency_s:.1f} ms there and back "
            f"(spread {1000.0 * trip.spread_s:.2f} ms over {trip.n_rounds} rounds); "
            f"takes come {1000.0 * trip.late_s:+.1f} ms late by what the devices tell, which is taken off from now on"
        )
    return 0
