# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures give parents of the audio process, and another sound server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.engine.playback.parent import Parent
from tests.soundserver import SoundServer


@pytest.fixture
def parent() -> Iterator[Parent]:
    parent = Parent()
    yield parent
    parent.player.close()
    assert not psutil.pid_exists(parent.player.pid)


@pytest.fixture
def desk_server(mortal_server: SoundServer) -> Iterator[SoundServer]:
    """Start another server, which ALSA calls ``desk``."""
    with tempfile.TemporaryDirectory(prefix="desk-") as home:
        server = SoundServer(Path(home))
        server.start()
        with (mortal_server.home / ".asoundrc").open("a") as config:
            config.write(f'pcm.desk {{\n    type pulse\n    server "{server.environment["PULSE_SERVER"]}"\n}}\n')
        yield server
        server.stop()
