# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays MIDI through FluidSynth and a General MIDI soundfont."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from engine.values import FloatArray
from tests.benchmarks.loopcases.cases import MaterialMissing

SOUNDFONTS = (Path("/usr/share/sounds/sf2/TimGM6mb.sf2"), Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"))
DRUMS = 9
"""Channel on which General MIDI has its drum kit."""

_TICKS_PER_S = 20_000  # a tick is 0.05 ms: far finer than any player's timing
_LIMIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Note:
    """A note from ``at_s`` for ``length_s`` seconds, with ``pitch`` and ``velocity`` as in MIDI."""

    at_s: float
    length_s: float
    pitch: int
    velocity: int
    channel: int


def play(
    notes: Iterable[Note],
    programs: dict[int, int],
    sample_rate: int,
    *,
    pans: dict[int, int],
    room: float,
    levels: dict[int, int] | None = None,
    soundfont: Path | None = None,
) -> FloatArray:
    """Return the notes as float32 samples ``(n_samples, 2)``; the last notes ring out.

    ``programs``, ``pans`` and ``levels`` map channels to General MIDI programs and to 0..127; ``room`` in [0, 1] is the
    reverb. Raises MaterialMissing without the synth.
    """
    mido = _mido()
    track = mido.MidiTrack()
    for channel, program in programs.items():
        if channel != DRUMS:
            track.append(mido.Message("program_change", channel=channel, program=program))
        track.append(mido.Message("control_change", channel=channel, control=10, value=pans.get(channel, 64)))
        track.append(mido.Message("control_change", channel=channel, control=91, value=round(127 * room)))
        if levels is not None:
            track.append(mido.Message("control_change", channel=channel, control=7, value=levels[channel]))
    events = []
    for note in notes:
        first = max(0, round(note.at_s * _TICKS_PER_S))
        last = max(first + 1, round((note.at_s + note.length_s) * _TICKS_PER_S))
        pitch = int(np.clip(note.pitch, 0, 127))
        events.append((first, 1, pitch, int(np.clip(note.velocity, 1, 127)), note.channel))
        events.append((last, 0, pitch, 0, note.channel))
    now = 0
    for tick, kind, pitch, velocity, channel in sorted(events):
        name = "note_on" if kind else "note_off"
        track.append(mido.Message(name, note=pitch, velocity=velocity, channel=channel, time=tick - now))
        now = tick
    file = mido.MidiFile(ticks_per_beat=_TICKS_PER_S)
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)]))
    file.tracks.append(track)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes.mid"
        file.save(path)
        return render(path, sample_rate, soundfont)


def render(path: Path, sample_rate: int, soundfont: Path | None = None) -> FloatArray:
    """Return a MIDI file as float32 samples ``(n_samples, 2)``. Raises MaterialMissing without the synth."""
    program, soundfont = _synth(soundfont)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.wav"
        command = [
            program,
            "-ni",
            "-q",
            "-g",
            "0.5",
            "-r",
            str(sample_rate),
            "-T",
            "wav",
            "-O",
            "float",
            "-F",
            str(out),
        ]
        done = subprocess.run(
            [*command, str(soundfont), str(path)], check=False, capture_output=True, text=True, timeout=_LIMIT_S
        )
        if done.returncode or not out.exists():
            raise RuntimeError(f"fluidsynth stopped with exit code {done.returncode}: {done.stderr.strip()[-300:]}")
        samples: FloatArray = soundfile.read(out, dtype="float32", always_2d=True)[0]
    return samples


def _synth(soundfont: Path | None) -> tuple[str, Path]:
    program = shutil.which("fluidsynth")
    soundfont = soundfont or next((path for path in SOUNDFONTS if path.exists()), None)
    if program is None or soundfont is None:
        what = "FluidSynth" if program is None else "A General MIDI soundfont"
        raise MaterialMissing(
            f"{what} is missing, so no MIDI can be played: apt-get install fluidsynth timgm6mb-soundfont"
        )
    return program, soundfont


def _mido() -> Any:
    try:
        import mido
    except ImportError as error:
        raise MaterialMissing("mido is missing, so no MIDI can be written: pip install mido") from error
    return mido
