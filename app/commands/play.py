# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``play`` has a sound loop for ever, in the terminal, its intro first.

Keys: n and p for the next and the previous candidate, + and - for the seam's overlap, j to just before the seam, space
to pause, q to quit. A change is heard at the next seam; what repeats is, sample for sample, what ``export`` writes.
"""

from __future__ import annotations

import argparse
import contextlib
import select
import shutil
import signal
import sys
import time as clock
from typing import TYPE_CHECKING, Any

from app import streams
from app.commands.endings import Ended
from app.commands.keys import Keys
from app.commands.loop_arguments import (
    Choice,
    add_choice_arguments,
    add_overlap_argument,
    check_choice,
    choices_in,
    index_of,
)
from app.commands.making import overlap_words
from app.commands.numbers import format_time, time
from app.commands.players import start_player
from app.commands.terminal import ProgressLine, print_json
from engine.errors import OutOfRange
from engine.values.options import OVERLAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.playback.file.extend import Extension
    from engine.playback.file.streaming import Streamer
    from engine.values import Sound

LATENCY_S = 0.2
BEFORE_SEAM_S = 5.0
"""Seconds before the loop's end that the key j goes to."""
OVERLAPS_MS = (0.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3840.0, OVERLAP.high)
"""Overlaps in milliseconds at which the keys + and - stop."""

_STATUS_S = 0.1
_LATENCY_RAISED = "infiniloop: sound was lost again and again: the latency is longer until all is calm"
_KEYS_TOLD = "keys: n next, p previous candidate; + - overlap; j just before the seam; space pause; q quit"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="an audio file: WAV, FLAC, OGG, MP3…")
    parser.add_argument("--seconds", type=time, metavar="TIME", help="stop after so long (default: q or Ctrl+C)")
    parser.add_argument("--device", metavar="NAME", help="where to: part of a name that “devices” lists")
    parser.add_argument("--json", action="store_true", help="print what happens, one JSON object an event")
    add_overlap_argument(parser)
    add_choice_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Play until a key or a signal ends it. Raises StudioError."""
    check_choice(arguments)
    if arguments.seconds is not None and arguments.seconds.value <= 0:
        raise OutOfRange(name="--seconds", value=arguments.seconds.text, low="more than 0", high="any length")
    from engine.library.soundfiles import open_sound
    from engine.playback.file.streaming import Streamer

    # Started first: it gets ready while the loop is found.
    player = start_player()
    try:
        line = ProgressLine()
        line.show("reading")
        with contextlib.ExitStack() as stack:
            with streams.without_libraries_words():
                sound = stack.enter_context(open_sound(arguments.file))
            if sound.damage is not None:
                line.clear()
                print(f"infiniloop: {sound.damage}", file=sys.stderr)
            try:
                choices = choices_in(arguments, sound, arguments.file, line.show)
            finally:
                line.clear()
            streamer = Streamer(player)
            device = None if arguments.device is None else streamer.device_named(arguments.device)
            streamer.open(device, sample_rate=sound.sample_rate, latency_s=LATENCY_S)
            limit_s = None if arguments.seconds is None else arguments.seconds.seconds(sound)
            session = _Session(
                streamer, sound, choices, index=index_of(arguments), overlap_ms=arguments.overlap, line=line
            )
            if arguments.json:
                session.tells = lambda event: _print_event(arguments.file, event)
            return session.run(limit_s)
    finally:
        player.close()


def _print_event(file: str, event: dict[str, object]) -> None:
    print_json({"file": file, **event})
    sys.stdout.flush()


class _Session:
    """A session holds what is played, and does what keys say."""

    def __init__(
        self,
        streamer: Streamer,
        sound: Sound,
        choices: tuple[Choice, ...],
        *,
        index: int,
        overlap_ms: float | None,
        line: ProgressLine,
    ) -> None:
        self._streamer = streamer
        self._sound = sound
        self._choices = choices
        self._index = index
        self._asked_ms = overlap_ms
        self._line = line
        self._lost = self._told_latency = False
        self.tells: Callable[[dict[str, object]], None] = lambda _: None

    def run(self, limit_s: float | None) -> int:
        """Play; return the exit code."""
        exit_code = 0
        told = overlap_words(self._extension().seam, self._overlap_ms)
        print(f"playing {self._choice.describe(self._sound.sample_rate)}{told}", file=sys.stderr)
        try:
            with Keys() as keys:
                if keys.is_there:
                    print(_KEYS_TOLD, file=sys.stderr)
                self._streamer.play(self._extension())
                self._tell("playing")
                self._play(keys, None if limit_s is None else clock.monotonic() + limit_s)
        except Ended as ended:
            # Ctrl+C is a way to quit, as q is.
            exit_code = 0 if ended.exit_code == 128 + signal.SIGINT else ended.exit_code
        self._line.clear()
        if not self._streamer.is_paused:
            self._streamer.stop()
        region = self._choice.region
        words = f"--loop @{region.loop_start} @{region.loop_end} --overlap {self._overlap_ms:g}"
        print(f"heard last: {words}", file=sys.stderr)
        self._tell("ended")
        return exit_code

    def _play(self, keys: Keys, until: float | None) -> None:
        shown_at = 0.0
        while until is None or clock.monotonic() < until:
            if keys.wants_to_suspend:
                self._suspend(keys)
            self._streamer.listen(0.0)
            watched: list[Any] = [self._streamer, *([keys] if keys.is_there else [])]
            readable = select.select(watched, [], [], _STATUS_S)[0]
            if keys in readable and not all(self._press(key) for key in keys.read()):
                return
            if clock.monotonic() - shown_at >= _STATUS_S:
                shown_at = clock.monotonic()
                self._show()

    def _press(self, key: str) -> bool:
        """Do what a key says; return False to quit."""
        streamer = self._streamer
        match key.lower():
            case "q":
                return False
            case "n" | "p":
                self._index = (self._index + (1 if key.lower() == "n" else -1)) % len(self._choices)
                self._change()
            case "+" | "=":
                self._asked_ms = min((one for one in OVERLAPS_MS if one > self._overlap_ms), default=OVERLAP.high)
                self._change()
            case "-" | "_":
                self._asked_ms = max((one for one in OVERLAPS_MS if one < self._overlap_ms), default=0.0)
                self._change()
            case "j":
                extension = self._extension()
                back = min(round(BEFORE_SEAM_S * self._sound.sample_rate), extension.seam.n_samples)
                streamer.play(extension, extension.intro_samples + extension.seam.n_samples - back)
            case " ":
                if streamer.is_paused:
                    streamer.resume()
                else:
                    streamer.pause()
            case _:
                pass
        return True

    def _change(self) -> None:
        self._streamer.change(self._extension())
        self._tell("playing")

    def _tell(self, event: str) -> None:
        """Tell an event with the loop that is heard, for JSON."""
        rate, overlap_ms = self._sound.sample_rate, self._overlap_ms
        self.tells({"event": event, "sample_rate": rate, **self._choice.as_dict(), "overlap_ms": overlap_ms})

    def _suspend(self, keys: Keys) -> None:
        was_paused = self._streamer.is_paused
        if not was_paused:
            self._streamer.stop()
        self._line.clear()
        keys.suspend()
        if not was_paused:
            self._streamer.resume()

    def _show(self) -> None:
        streamer, choice, rate = self._streamer, self._choice, self._sound.sample_rate
        if (streamer.lost is not None) != self._lost:
            self._lost = streamer.lost is not None
            self._line.clear()
            print(f"infiniloop: {streamer.lost}" if self._lost else "infiniloop: sound is back", file=sys.stderr)
            self._tell("lost" if self._lost else "back")
        if streamer.is_latency_raised and not self._told_latency:
            self._told_latency = True
            self._line.clear()
            print(_LATENCY_RAISED, file=sys.stderr)
        place, turns = streamer.place
        words = [
            ("paused at " if streamer.is_paused else "") + format_time(place, rate)[:-2],
            f"turn {turns + 1}",
            f"loop {self._index + 1} of {len(self._choices)} ({choice.describe(rate)})",
            f"overlap {self._overlap_ms:g} ms",
        ]
        text = "  ".join(words)
        self._line.show(text[: max(1, shutil.get_terminal_size().columns - 1)])

    def _extension(self) -> Extension:
        from engine.dsp.seam import Seam
        from engine.playback.file.extend import Extension

        return Extension(Seam(self._sound, self._choice.region, overlap_ms=self._overlap_ms))

    @property
    def _choice(self) -> Choice:
        return self._choices[self._index]

    @property
    def _overlap_ms(self) -> float:
        """Return the overlap of the seam that plays: what an option or a key asked for, else what the loop needs."""
        return self._choice.overlap_ms(self._asked_ms)
