# SPDX-License-Identifier: GPL-3.0-or-later
"""This program records until it is killed: ``python -m tests.engine.recording.recording recorder|machine FILE FOLDER``.

Tells the number of frames played so far, a line each time; those of the machine are played in real time.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from engine.recording.machine import TapeMachine
from engine.recording.messages import MachineListener
from engine.recording.recorded_stems import StemPlan, stems_folder
from engine.recording.recorder import FlacRecorder
from engine.stem_tape import StemTape, stem_block
from engine.tape import TapeWriter, tape_block
from engine.values.jam import LayerName
from tests.engine.library.making import recipe
from tests.engine.recording.played import frames

SAMPLE_RATE = 44_100
PIECE = 4_410


def tell(n_frames: int) -> None:
    sys.stdout.write(f"{n_frames}\n")
    sys.stdout.flush()


def with_recorder(path: Path) -> None:
    recorder = FlacRecorder(path, SAMPLE_RATE)
    n_frames = 0
    while True:
        recorder.write(frames(n_frames, n_frames + PIECE))
        n_frames += PIECE
        tell(n_frames)


def with_machine(path: Path, folder: Path) -> None:
    tape, memory = tape_block(SAMPLE_RATE), stem_block(SAMPLE_RATE)
    writer, stems = TapeWriter(tape), StemTape(memory)
    listener = MachineListener(lambda _: None, lambda _: None, lambda _: None, lambda _: None)
    machine = TapeMachine(tape, folder, listener, heard_frame=lambda: writer.n_written)
    machine.record(str(path), None, StemPlan(memory, stems_folder(str(path))))
    machine.start()
    machine.note_lead(0, recipe(), LayerName.BASS)
    began_s = time.monotonic()
    while True:
        until = int((time.monotonic() - began_s) * SAMPLE_RATE)
        played = frames(writer.n_written, until)
        stems.write(LayerName.BASS.channel, writer.n_written, played)
        writer.write(played)
        tell(until)
        time.sleep(0.02)


if __name__ == "__main__":
    if sys.argv[1] == "recorder":
        with_recorder(Path(sys.argv[2]))
    else:
        with_machine(Path(sys.argv[2]), Path(sys.argv[3]))
