# SPDX-License-Identifier: GPL-3.0-or-later
"""This generator never makes a clip: it commits the misdeed that its parameter names, as models do at times."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from engine.generators.base import Capabilities, Generation, GeneratorSettings, Limits, Takes
from engine.values import Clip, ClipRequest, ClipResult, Kind, MusicFacts, Parameter, Progress

RATE = 44_100
MISDEEDS = ("dies", "hangs", "deaf", "garbage", "noise", "memory", "raises", "grandchild", "exits")
MISDEED = Parameter("misdeed", Kind.CHOICE, "dies", "Misdeed", "What it does", choices=MISDEEDS)
ROOM_BYTES = 64 << 20
"""Room that a process has left that runs out of memory."""

# A grandchild that nothing but SIGKILL ends.
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(3600)"


class Wretch:
    """The wretch takes a seed, and makes nothing of it."""

    name = "wretch"
    title = "Wretch"

    def capabilities(self) -> Capabilities:
        """Return limits that a test can wait for."""
        return Capabilities(
            min_duration_s=1.0,
            max_duration_s=60.0,
            sample_rate=RATE,
            n_channels=2,
            takes=Takes(seed=True),
            parameters=(MISDEED,),
            limits=Limits(load_s=60.0, silence_s=2.0, cancel_s=15.0),
        )

    def check(self, _settings: GeneratorSettings, /) -> str:
        """Return nothing: it can always be asked."""
        return ""

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    def generate(self, request: ClipRequest, _settings: GeneratorSettings, /) -> Generation:
        """Do what the request's parameter says."""
        yield Progress(request.job_id, None, "generating")
        samples = np.zeros((8 * RATE, 2), dtype=np.float32)
        match request.parameters.text(MISDEED.name):
            case "dies":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "hangs":
                time.sleep(3600.0)
            case "deaf":
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                while True:
                    time.sleep(0.1)
            case "garbage":
                samples[:] = np.nan
            case "noise":
                # No clip at all: what a library returns where it should have raised.
                return "oops"  # type: ignore[return-value]
            case "memory":
                _, most = resource.getrlimit(resource.RLIMIT_AS)
                pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
                resource.setrlimit(resource.RLIMIT_AS, (resource.getpagesize() * pages + ROOM_BYTES, most))
                hoard = [np.ones(1 << 20, dtype=np.float64) for _ in range(1 << 10)]
                samples[0] = len(hoard)
            case "grandchild":
                child = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
                assert child.stdout is not None
                child.stdout.readline()
                os.kill(os.getpid(), signal.SIGKILL)
            case "exits":
                os._exit(0)
            case _:
                raise RuntimeError("the model has no such layer")
        return ClipResult(request.job_id, Clip(samples, RATE), MusicFacts(), request.seed, {})
