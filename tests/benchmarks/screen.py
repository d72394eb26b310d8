# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives benchmarks a screen and a sound server, without pytest."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.soundserver import SoundServer


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Yield an environment with an Xvfb of our own."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()
        try:
            yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()


@contextmanager
def stage() -> Iterator[tuple[dict[str, str], SoundServer]]:
    """Yield an environment with a screen, a home and a sound server of our own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, screen() as environment:
        server = SoundServer(Path(folder))
        server.start()
        home = {name: str(Path(folder) / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
        try:
            yield {**environment, **server.environment, **home}, server
        finally:
            server.stop()
