# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells how long a song and an hour take that are dropped, and how much memory, beside the bare decoder.

``python -m tests.benchmarks.bench_bringing FILE`` reads one file, and prints seconds and the process's MiB as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import soundfile

from engine.library.soundfiles import MAX_CHANNELS, decoding, parts
from engine.values import Algorithm
from engine.worker.sound_reading import ReadSound, read_sound
from tests.benchmarks.rows import BenchRow
from tests.engine.loops import material
from tests.memory import peak_mib

RATE = 44_100
SONG_S, HOUR_S = 240, 3600
MIB = 2**20


def rows() -> list[BenchRow]:
    """Measure in a temporary folder; each file is read in a process of its own."""
    out = []
    with tempfile.TemporaryDirectory(prefix="infiniloop-bench-", dir="/var/tmp") as name:
        for what, seconds, ending in (
            ("a song of 4 minutes, FLAC", SONG_S, "flac"),
            ("an hour, WAV", HOUR_S, "wav"),
            ("an hour, MP3", HOUR_S, "mp3"),
        ):
            path = Path(name, f"{what[:2].strip()}{seconds}.{ending}")
            write(path, seconds)
            began_s = time.perf_counter()
            with decoding(path, MAX_CHANNELS) as file:
                n_samples = sum(len(part) for part in parts(file, path))
            decoded_s = time.perf_counter() - began_s
            whole_mib = n_samples * 2 * 4 / MIB
            done = subprocess.run(
                [sys.executable, "-m", __name__, str(path)], capture_output=True, text=True, check=True
            )
            told = json.loads(done.stdout)
            bound = "<= 3 s" if seconds == SONG_S else "<= 40 s"
            out.append(BenchRow(f"dropped: {what}", told["seconds"], "s", "decoding it, no more", decoded_s, bound))
            # What is in memory for every sound, and grows with none: libraries, a part, its search.
            out.append(BenchRow("… memory at most", told["mib"], "MiB", "all of it, decoded", whole_mib, "<= 1000 MiB"))
            path.unlink()
    return out


def write(path: Path, seconds: int) -> None:
    """Write speech, stereo, with two minutes of a groove past its middle."""
    speech = material.babble(RATE, 60.0).samples[: 60 * RATE, :1].repeat(2, axis=1)
    groove = material.groove(RATE, 120.0, n_bars=30).samples[:, :1].repeat(2, axis=1)
    with soundfile.SoundFile(path, "w", RATE, 2) as file:
        for minute in range(seconds // 60):
            at = seconds // 60 * 6 // 10
            piece = groove if at <= minute < at + 2 else speech * (0.3 + 0.7 * minute * 60 / seconds)
            file.write(piece[: 60 * RATE])


def main() -> None:
    """Read the file that the command line names."""
    job = ReadSound(1, sys.argv[1], Algorithm.ADVANCED, 2.0, 480.0)
    began_s = time.perf_counter()
    read_sound(job, lambda _stage, _fraction: None)
    print(json.dumps({"seconds": time.perf_counter() - began_s, "mib": peak_mib()}))


if __name__ == "__main__":
    main()
