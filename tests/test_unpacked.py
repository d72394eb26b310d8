# SPDX-License-Identifier: GPL-3.0-or-later
"""The sound servers of the tests start from where the set-up unpacked them, whatever the machine's own is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests import unpacked
from tests.pipewire import PipeWireServer
from tests.soundserver import SoundServer

SERVERS: dict[str, Callable[[Path], SoundServer]] = {
    "pulseaudio": lambda home: SoundServer(home, is_gentle=False),
    "pipewire": lambda home: PipeWireServer(home, way="pulse"),
}


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="without apt the servers are the system's")
@pytest.mark.parametrize("name", SERVERS)
def test_they_start_from_there_and_have_no_sound_card(name: str) -> None:
    # A socket's path has room for about 100 characters.
    with tempfile.TemporaryDirectory(prefix="server-") as home:
        server = SERVERS[name](Path(home))
        try:
            server.start()
            assert server.streams() == ""
            programs = {psutil.Process(one.pid).exe() for one in server.processes}
            cards = server.pactl("list", "short", "cards").stdout.decode()
            sinks = server.pactl("list", "short", "sinks").stdout.decode().splitlines()
        finally:
            server.stop()
    ours = {one for one in programs if not one.endswith("/dbus-daemon")}
    assert ours
    assert all(Path(one).is_relative_to(unpacked.FOLDER) for one in ours), ours
    assert cards == ""
    assert len(sinks) == 1
