# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives benchmarks a screen and a sound server, without pytest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.soundserver import SoundServer
from tests.xvfb import screen


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
