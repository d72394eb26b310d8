# SPDX-License-Identifier: GPL-3.0-or-later
"""Recording keeps what was heard and records what is heard, by the tape machine, whose messages it passes on."""

from __future__ import annotations

import logging
import tempfile
from collections import deque
from pathlib import Path
from typing import Any

from psygnal import Signal

from engine.errors import StudioError
from engine.recording.machine import TapeMachine
from engine.recording.messages import Begun, Heard, MachineListener, Recorded
from engine.recording.recorded_stems import StemPlan
from engine.session.leading import Led
from engine.session.ports import Clock, HeardTape, Jobs, NextId
from engine.values import JobFailed, Meters, Recipe
from engine.worker.library_jobs import KeepJob, Kept

_log = logging.getLogger(__name__)

LISTEN_S = 0.05
"""Seconds between two looks for the tape machine's messages, of which there are ten a second."""
UNWATCHED_S = 0.25
"""Seconds between two such looks while no meter is on the screen; there are five messages a second then."""


class Recording:
    """Recording starts and ends the tape machine, keeps what was heard, and records.

    Signals
    -------
    meters_taken(Meters), heard(Heard), kept(path, seconds), recorded(path, seconds), recording_changed(path),
    begun(path): the file of a recording could be opened, failed(error), led(tape_frame, Recipe): this loop leads from
    there on, changed(Recipe): what leads is this by now

    Attributes
    ----------
    path
        Path of the file that is being recorded to, or "".
    """

    meters_taken = Signal(object)
    heard = Signal(object)
    kept = Signal(str, float)
    recorded = Signal(str, float)
    recording_changed = Signal(str)
    begun = Signal(str)
    failed = Signal(object)
    led = Signal(int, object)
    changed = Signal(object)

    def __init__(self, tape: HeardTape | None, folder: str, jobs: Jobs, next_id: NextId, clock: Clock) -> None:
        self._tape = tape
        self._folder = folder
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._jobs = jobs
        self._next_id = next_id
        self._machine: TapeMachine | None = None
        self._is_watched = True
        self.path = ""
        self._keeps_silence = False
        self._last_meters: Meters | None = None
        # Filled by the machine's thread, emptied by this one.
        self._words: deque[Any] = deque()
        self._listening = clock.timer(self._on_listening)

    def start(self) -> None:
        """Begin to keep what is heard, unless it is kept already."""
        tape = self._tape
        if self._machine is not None or tape is None:
            return
        if not self._folder and self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="infiniloop-")
        folder = Path(self._temporary.name if self._temporary is not None else self._folder)
        words = self._words
        listener = MachineListener(words.append, words.append, words.append, words.append, words.append)
        self._machine = TapeMachine(
            tape.tape,
            folder,
            listener,
            heard_frame=lambda: tape.heard_frame,
            is_resting=lambda: tape.is_resting and not (self._keeps_silence and self.path),
        )
        self._machine.start()
        self.watch(is_watched=self._is_watched)

    def watch(self, *, is_watched: bool) -> None:
        """Have the meters read, or, while none is on the screen, left alone; what is heard is kept all the same."""
        self._is_watched = is_watched
        if self._machine is not None:
            self._machine.watch(is_watched=is_watched)
            self._listening.repeat(LISTEN_S if is_watched else UNWATCHED_S)

    def stop(self) -> None:
        """Finish a recording, and end the tape machine with the minutes that it keeps."""
        self._listening.stop()
        if self._machine is not None:
            self._machine.stop()
            self._machine = None
            self._on_listening()

    def close(self) -> None:
        """Stop, and leave no file and no process behind."""
        self.stop()
        if self._temporary is not None:
            self._temporary.cleanup()

    def on_led(self, led: Led) -> None:
        """Note which loop leads from now on."""
        if led.tape_frame is not None:
            self.note_lead(led.tape_frame, led.now.recipe)

    def note_lead(self, tape_frame: int, recipe: Recipe, layer: str = "") -> None:
        """Note that this loop leads from that frame of the tape on, on a layer of a jam or ("") in the studio."""
        if not layer:
            self.led.emit(tape_frame, recipe)
        if self._machine is not None:
            self._machine.note_lead(tape_frame, recipe, layer)

    def note_rest(self, layer: str = "") -> None:
        """Note that nothing leads on a layer any more."""
        if self._machine is not None:
            self._machine.note_rest(layer)

    def note_change(self, recipe: Recipe) -> None:
        """Note that what leads changed: another part of the same clip plays, or more is known of it."""
        self.changed.emit(recipe)
        if self._machine is not None:
            self._machine.note_change(recipe)

    def keep(self, path: str) -> None:
        """Write the last ten minutes that were heard: ``kept``."""
        if self._machine is None:
            return
        try:
            heard = self._machine.was_heard()
        except StudioError as error:
            self.failed.emit(error)
            return
        self._jobs.submit(KeepJob(self._next_id(), heard, path), self._on_kept)

    def _on_kept(self, result: Kept | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self.kept.emit(result.path, result.duration_s)

    def record(
        self, path: str, at: int | None = None, stems: StemPlan | None = None, *, keeps_silence: bool = False
    ) -> None:
        """Record what is played from now on, or from a frame of the tape on that is yet to be played.

        With each layer of a jam beside it where ``stems`` are planned. Where nothing plays, silence is left out, or
        kept: where bars are counted it is part of them.
        """
        if self._machine is not None:
            self._keeps_silence = keeps_silence
            self._machine.record(path, at, stems)
            self.path = path
            self.recording_changed.emit(self.path)

    def stop_recording(self, at: int | None = None) -> None:
        """Finish the recording now, or before a frame that is yet to be played: ``recorded``."""
        if self._machine is not None and self.path:
            self._machine.stop_recording(at)

    def _on_listening(self) -> None:
        while self._words:
            word = self._words.popleft()
            match word:
                case Heard():
                    self.heard.emit(word)
                case Meters():
                    if word != self._last_meters:
                        self._last_meters = word
                        self.meters_taken.emit(word)
                case Begun(path=path):
                    self.begun.emit(path)
                case Recorded(path=path, duration_s=duration_s):
                    if self.path == path:
                        self.path = ""
                        self.recording_changed.emit(self.path)
                    self.recorded.emit(path, duration_s)
                case StudioError():
                    self.failed.emit(word)
