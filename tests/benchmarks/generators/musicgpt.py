# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells what the studio adds to the time that MusicGPT itself takes for a clip, warm and run once.

MusicGPT is the stand-in here: it speaks the real protocol, says how long each job took it, and loads no model. The real
one, run once for each clip, also loads its gigabytes each time.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

from engine.generators.base import GeneratorSettings, finished
from engine.generators.musicgpt import MusicGPT
from engine.generators.requests import completed
from engine.values import ClipRequest
from tests.benchmarks.generators.asked import Asked
from tests.benchmarks.rows import BenchRow
from tests.standins import install_musicgpt, musicgpt_settings

N_CLIPS, SECONDS = 9, 10.0
TOKEN_S, WORK_S = 0.001, 0.5
"""Seconds that the stand-in takes for a token as a server, and for a clip when it is run once."""


def rows(_asked: Asked) -> list[BenchRow]:
    """Measure in a temporary folder, which is also MusicGPT's data folder."""
    with tempfile.TemporaryDirectory(prefix="infiniloop-bench-") as name:
        folder = Path(name)
        with patch.dict(os.environ, {"XDG_DATA_HOME": str(folder / "data")}):
            times = folder / "times"
            warm = MusicGPT()
            try:
                program = install_musicgpt(folder / "warm", misdeed=f"beep,token_s:{TOKEN_S},times:{times}")
                taken_s = [_seconds(warm, program) for _ in range(N_CLIPS + 1)]
                cancel_s = median(_seconds_of_a_cancel(warm, program) for _ in range(N_CLIPS))
            finally:
                warm.close()
            own_s = [float(line) for line in times.read_text(encoding="ascii").split()]
            # The first starts the server.
            added_s = median(whole - own for whole, own in zip(taken_s[1:], own_s[1:], strict=False))
            once = MusicGPT(is_kept_warm=False)
            program = install_musicgpt(folder / "once", misdeed=f"beep,slow:{WORK_S}")
            added_once_s = median(_seconds(once, program) for _ in range(N_CLIPS)) - WORK_S
    return [
        BenchRow(
            "MusicGPT, warm: added to the model's own time",
            added_s,
            "s",
            "run once, no model",
            added_once_s,
            "<= 0.2 s",
        ),
        BenchRow("MusicGPT, warm: a clip is cancelled", cancel_s, "s", "a token", TOKEN_S, "<= 0.5 s"),
    ]


def _seconds(generator: MusicGPT, program: Path) -> float:
    began_s = time.perf_counter()
    finished(generator.generate(*_asked(generator, program)))
    return time.perf_counter() - began_s


def _seconds_of_a_cancel(generator: MusicGPT, program: Path) -> float:
    steps = generator.generate(*_asked(generator, program))
    while not next(steps).fraction:
        pass
    began_s = time.perf_counter()
    steps.close()
    return time.perf_counter() - began_s


def _asked(generator: MusicGPT, program: Path) -> tuple[ClipRequest, GeneratorSettings]:
    settings = musicgpt_settings(program)
    return completed(ClipRequest(1, "calm piano", "musicgpt", "", SECONDS), generator, settings), settings
