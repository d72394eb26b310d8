# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``band``: a band plays along with what an input hears, or with a file as if that were played live."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import paths
from app.commands import endings, terminal
from app.commands.device_names import device_named
from app.commands.numbers import number, time, whole
from app.commands.output_files import add_force_argument, refuse_to_replace
from app.commands.players import start_player
from app.commands.text_input import text_of
from app.settings import load_settings
from engine.errors import MidiNotInstalled, NoMidi, NothingToPlay, OutOfRange
from engine.values.input_options import INPUT_GAIN
from engine.values.inputs import InputSide
from engine.values.layers import LAYERS
from engine.values.play_along import LEVEL_LU

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.settings import Settings
    from engine.companion.band.band import BandOrder, BandTold
    from engine.companion.band.live import LiveBand, Partner
    from engine.library.audiofile import AudioWriter

TELL_S = 0.5
"""Seconds between two lines on what is heard."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="a recording; without one an input is listened to")
    parser.add_argument("-o", "--output", metavar="OUT", help="write both together to this file")
    parser.add_argument("--new", metavar="OUT", help="write the band alone (with FILE)")
    parser.add_argument("--style", default="", metavar="TEXT", help="what it is to sound like, as “bossa nova”")
    parser.add_argument(
        "--parts", default="drums,bass,chords", metavar="NAMES", help=f"what plays: {', '.join(LAYERS)} (with commas)"
    )
    low, high = LEVEL_LU
    parser.add_argument(
        "--level", type=number, default=-3.0, metavar="DB", help=f"how loud against you, {low:g} to {high:g}"
    )
    parser.add_argument("--seed", type=whole, default=1, metavar="N", help="the same seed plays the same to the same")
    live = parser.add_argument_group("live")
    live.add_argument("--input", default="", metavar="NAME", help="where it listens: part of a name of “devices”")
    live.add_argument("--device", default="", metavar="NAME", help="where it plays: part of a name of “devices”")
    live.add_argument("--side", choices=tuple(map(str, InputSide)), help="which of the input's channels")
    live.add_argument("--gain", type=number, metavar="DB", help="gain of the input")
    live.add_argument("--midi", action="store_true", help="a keyboard's left hand, below middle C, says the chords")
    live.add_argument(
        "--remote", metavar="URL", help="a GigMate server plays in the place of the band: http://HOST:PORT"
    )
    live.add_argument("--remote-token-file", metavar="FILE", help="the file that holds the server's token")
    live.add_argument("--monitor", action="store_true", help="have the input be heard, too")
    live.add_argument("--seconds", type=time, metavar="TIME", help="end after so long (default: Ctrl+C)")
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what is heard, an object twice a second")


def run(arguments: argparse.Namespace) -> int:
    """Play along. Raises StudioError."""
    from engine.companion.band.band import BandOrder
    from engine.values import Layer

    low, high = LEVEL_LU
    if not low <= arguments.level <= high:
        raise OutOfRange(name="level", value=f"{arguments.level:g} dB", low=f"{low:g} dB", high=f"{high:g} dB")
    order = BandOrder(arguments.style, Layer.named(arguments.parts), arguments.level, arguments.seed)
    settings = load_settings(paths.settings_file())
    inputs = [] if arguments.file is None else [arguments.file]
    targets = [Path(one) for one in (arguments.output, arguments.new) if one is not None]
    refuse_to_replace(targets, force=arguments.force, may_ask=True, inputs=inputs)
    if arguments.file is None:
        return _play(arguments, order, settings)
    if not targets:
        raise NothingToPlay
    return _simulate(arguments, order)


def _simulate(arguments: argparse.Namespace, order: BandOrder) -> int:
    from engine.companion.band.simulated import Accompanied, accompanied
    from engine.library.audiofile import writing_audio
    from engine.library.importing import LONGEST_S
    from engine.library.soundfiles import open_sound
    from engine.values import Clip
    from engine.values.audio import STUDIO_SAMPLE_RATE

    with open_sound(arguments.file) as sound:
        if sound.n_samples > LONGEST_S * sound.sample_rate:
            length = f"{sound.n_samples / sound.sample_rate:.0f} s"
            raise OutOfRange(name="length of the recording", value=length, low="1 s", high=f"{LONGEST_S:g} s")
        clip = Clip(sound.read(0, sound.n_samples), sound.sample_rate)
    line, result = terminal.ProgressLine(), None
    with endings.held():
        for one in accompanied(clip, order, terminal.own_generator_settings()):
            endings.checkpoint()
            if isinstance(one, Accompanied):
                result = one
            else:
                line.show(f"playing {100 * one:.0f} %")
    line.clear()
    assert result is not None
    for path, samples in ((arguments.output, result.mix), (arguments.new, result.band)):
        if path is not None:
            with writing_audio(path, STUDIO_SAMPLE_RATE, 2) as out:
                out.write(samples)
                _say(out, order, Path(arguments.file).stem)
    beats = [[round(one.time_s, 4), one.chord] for one in result.beats]
    if arguments.json:
        for time_s, told in result.told:
            terminal.print_json({"at_s": round(time_s, 3), **_as_dict(told)})
        terminal.print_json({"file": arguments.file, "beats": beats, "late": result.n_late})
    else:
        words = f"{len(beats)} beats" if beats else "no steady beat was heard, so nothing was played"
        print(f"{arguments.file}: {words}", file=sys.stderr)
    return 0


def _play(arguments: argparse.Namespace, order: BandOrder, settings: Settings) -> int:
    from engine.companion.band.live import LiveBand
    from engine.library.audiofile import writing_audio
    from engine.tape import TapeReader, tape_block
    from engine.values.audio import STUDIO_SAMPLE_RATE

    block = tape_block(STUDIO_SAMPLE_RATE)
    # Started first: it gets ready while the band makes its sounds.
    player = start_player(block)
    line = terminal.ProgressLine()
    try:
        line.show("getting ready")
        way = _way(arguments, settings)
        # What is written is whole before the program ends.
        with endings.held(), contextlib.ExitStack() as stack:
            live = LiveBand(player, TapeReader(block), stack.enter_context(_partner(arguments, order)), way)
            live.start()
            out: Any = None
            if arguments.output is not None:
                out = stack.enter_context(writing_audio(arguments.output, STUDIO_SAMPLE_RATE, 2))
                stack.callback(_say, out, order)
            left = None if arguments.seconds is None else arguments.seconds.value
            while left is None or left > 0.0:
                told = live.go_on(TELL_S)
                left = None if left is None else left - TELL_S
                if out is not None:
                    out.write(live.take_mix())
                _tell(live, told, line, as_json=arguments.json)
                if endings.asked() is not None:
                    break
    finally:
        player.close()
        line.clear()
    return 0


@contextlib.contextmanager
def _partner(arguments: argparse.Namespace, order: BandOrder) -> Iterator[Partner]:
    """Yield who plays along: the band, or a model elsewhere. Raises PartnerLost, NoMidi, MidiNotInstalled."""
    from engine.companion.band.answering import Answering
    from engine.companion.band.band import Band
    from engine.values.audio import STUDIO_SAMPLE_RATE

    if arguments.remote is not None:
        token = "" if arguments.remote_token_file is None else text_of(arguments.remote_token_file).strip()
        answering = Answering(arguments.remote, token, STUDIO_SAMPLE_RATE)
        try:
            yield answering
        finally:
            answering.close()
        return
    band = Band(order, terminal.own_generator_settings())
    if not arguments.midi:
        yield band
        return
    with _left_hand() as band.say_chord:
        yield band


@contextlib.contextmanager
def _left_hand() -> Iterator[Callable[[], str]]:
    """Hear MIDI's ports, and yield what tells the chord of the left hand."""
    from engine.companion.band.left_hand import LeftHand
    from engine.together.ports import Ports
    from engine.values.midi import MidiKind, midi_message

    hand = LeftHand()

    def hear(port: str, data: bytes, at_s: float) -> None:
        message = midi_message(data, at_s, port)
        if message is not None and message.control.kind is MidiKind.NOTE:
            hand.key(message.control.number, message.value)

    ports = Ports(hear)
    try:
        there = ports.look()
        if there.trouble:
            raise next(one for one in (MidiNotInstalled, NoMidi) if one.template == there.trouble)
        yield lambda: hand.chord
    finally:
        ports.close()


def _say(out: AudioWriter, order: BandOrder, played_to: str = "") -> None:
    """Have a file say what it is: who played, in which style, and to what."""
    from dataclasses import replace

    from engine.companion.band.band import USUAL_STYLE
    from engine.library.carried import said_of
    from engine.library.filerecipe import recipe_of_cut
    from engine.library.metadata import Metadata
    from engine.values import LoopRegion
    from engine.values.audio import STUDIO_SAMPLE_RATE

    title = f"Band to {played_to}" if played_to else "Band"
    n_samples = max(1, out.n_samples)
    region, duration_s = LoopRegion(0, n_samples), n_samples / STUDIO_SAMPLE_RATE
    recipe = recipe_of_cut(title, Metadata(), duration_s, region, candidate=None, facts=None)
    prompt = order.style or USUAL_STYLE
    out.metadata = said_of(replace(recipe, prompt=prompt, generator="composer", seed=order.seed, title=title))


def _way(arguments: argparse.Namespace, settings: Settings) -> Any:
    from engine.companion.band.live import LiveWay
    from engine.library.latencies import DevicePair, trip_between
    from engine.playback.device.devices import device_index, input_index, list_devices, list_inputs
    from engine.units import db_to_amplitude

    output = device_named(arguments.device, list_devices(), "output") if arguments.device else settings.device
    input_ = device_named(arguments.input, list_inputs(), "input") if arguments.input else settings.input_device
    gain_db = settings.input_gain_db if arguments.gain is None else INPUT_GAIN.checked(arguments.gain)
    (_, to), (_, from_) = device_index(output), input_index(input_)
    pair = DevicePair(to.name, from_.name, settings.latency_ms, settings.input_latency_ms)
    trip = trip_between(paths.latencies_file(), pair)
    return LiveWay(
        output,
        input_,
        InputSide(arguments.side or settings.input_side),
        db_to_amplitude(float(gain_db)),
        settings.latency_ms / 1000.0,
        settings.input_latency_ms / 1000.0,
        0.0 if trip is None else trip.late_s,
        arguments.monitor,
    )


def _tell(live: LiveBand, told: BandTold, line: terminal.ProgressLine, *, as_json: bool) -> None:
    from engine.errors import StudioError
    from engine.playback.input_commands import MonitorClosed

    while live.news:
        news = live.news.pop(0)
        words = str(news) if isinstance(news, StudioError) else ""
        if isinstance(news, MonitorClosed):
            words = "The input is not heard any more, as it was about to howl: use headphones, or turn it down."
        if words:
            line.clear()
            print(f"infiniloop: {words}", file=sys.stderr)
    level = live.input
    if as_json:
        heard = None if level is None else round(level.peak_db, 1)
        terminal.print_json({**_as_dict(told), "input_peak_db": heard, "late": live.n_late})
        # Who reads them wants them now.
        sys.stdout.flush()
        return
    if not told.bpm:
        line.show("listening: play some bars" if level is not None else "waiting for the input")
        return
    playing = "playing" if told.state == "playing" else "listening"
    line.show(f"{playing}: {told.bpm:.0f} bpm, {told.beats_per_bar}/4, {told.chord} → {told.next_chord}")


def _as_dict(told: BandTold) -> dict[str, Any]:
    return {
        "state": str(told.state),
        "bpm": round(told.bpm, 2),
        "beats_per_bar": told.beats_per_bar,
        "chord": told.chord,
        "next_chord": told.next_chord,
        "level_db": round(told.level_db, 1),
    }
