# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk gives a person before a bare system a screen, keys and ears, none of them inside that system.

They are this machine's, so that the system has no library more than the studio's own lists brought.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.values import FloatArray
from tests.bare.system import BareError
from tests.e2e.hearing import AUDIBLE
from tests.soundserver import SAMPLE_RATE, SoundServer

SOCKETS = Path("/tmp/.X11-unix")
_PICTURE = (
    "import sys; from PySide6.QtWidgets import QApplication as A; A([]).primaryScreen().grabWindow(0).save(sys.argv[1])"
)
_BLOCK_S = 0.1


@dataclass(frozen=True, slots=True)
class Desk:
    """A screen and a sound server."""

    display: str
    server: SoundServer

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that a program must have to be seen and heard at the desk."""
        return {"DISPLAY": self.display, "PULSE_SERVER": self.server.environment["PULSE_SERVER"]}

    @property
    def shown(self) -> tuple[Path, ...]:
        """Return the folders that a program at the desk must see."""
        return (SOCKETS, self.server.home)

    def windows(self) -> list[str]:
        """The studio's windows."""
        return self._xdotool("search", "--onlyvisible", "--name", "Infiniloop Studio").split()

    def press(self, keys: str) -> None:
        """Press keys in the studio's window."""
        self._xdotool("windowfocus", "--sync", self.windows()[0])
        self._xdotool("key", "--clearmodifiers", keys)

    def picture(self, path: Path) -> None:
        """Write what the screen shows as a PNG file."""
        command = [sys.executable, "-c", _PICTURE, str(path)]
        subprocess.run(command, env=self._ours() | {"QT_QPA_PLATFORM": "xcb"}, check=False, timeout=60)

    def _xdotool(self, *arguments: str) -> str:
        command = ["xdotool", *arguments]
        return subprocess.run(command, env=self._ours(), capture_output=True, text=True, check=False, timeout=60).stdout

    def _ours(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}


@contextmanager
def desk() -> Iterator[Desk]:
    """A desk for as long as the ``with`` lasts."""
    home = Path(tempfile.mkdtemp(prefix="desk-"))
    server = SoundServer(home)
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]
    with (home / "screen.log").open("ab") as log:
        screen = subprocess.Popen(command, pass_fds=[writer], stderr=log)
    manager = None
    try:
        os.close(writer)
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise BareError("Xvfb did not start", home / "screen.log")
        environment = {**os.environ, "DISPLAY": f":{number}"}
        manager = subprocess.Popen(["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server.start()
        # Whoever sits here, not only root, may come in.
        home.chmod(0o755)
        (home / "run").chmod(0o755)
        yield Desk(f":{number}", server)
    finally:
        server.stop()
        for process in (manager, screen):
            if process is not None:
                process.terminate()
                process.wait()
        shutil.rmtree(home)


def until(
    condition: Callable[[], bool], what: str, process: subprocess.Popen[bytes], log: Path, limit_s: float
) -> None:
    """Wait until the condition holds. Raises BareError when the process ended before, or after ``limit_s``."""
    give_up = time.monotonic() + limit_s
    while not condition():
        if process.poll() is not None:
            raise BareError(f"{what}: it ended before (exit code {process.returncode})", log)
        if time.monotonic() > give_up:
            raise BareError(f"{what}: not within {limit_s:g} s", log)
        time.sleep(0.2)


def sounding_share(recording: FloatArray) -> float:
    """Return the share of a recording that sounds, in [0, 1], by blocks of a tenth of a second."""
    block = round(_BLOCK_S * SAMPLE_RATE)
    loud = np.abs(recording).max(axis=1)[: len(recording) // block * block].reshape(-1, block).max(axis=1)
    return float((loud > AUDIBLE).mean()) if len(loud) else 0.0
