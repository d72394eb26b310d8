# SPDX-License-Identifier: GPL-3.0-or-later
"""A private PipeWire runs with its session manager and PulseAudio service, as shipped, and a null sink."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

from tests import unpacked
from tests.soundserver import SINK, START_WAIT_S, SoundServer

Way = Literal["pulse", "alsa"]
"""The way ALSA's default device leads into PipeWire: by its plugin for PulseAudio, or by PipeWire's own."""

_SINK_CONFIG = f"""
context.objects = [ {{
    factory = adapter
    args = {{
        factory.name = support.null-audio-sink
        node.name = {SINK}
        media.class = Audio/Sink
        audio.position = [ FL FR ]
    }}
}} ]
"""


class PipeWireServer(SoundServer):
    """A server of ``pipewire``, ``wireplumber`` and ``pipewire-pulse`` on a message bus of their own."""

    def __init__(self, home: Path, *, way: Way) -> None:
        super().__init__(home, is_gentle=False)
        self.way = way
        if way == "alsa":
            plugin = unpacked.alsa_plugin()
            module = f'pcm_type.pipewire {{\n    lib "{plugin}"\n}}\n' if plugin else ""
            (home / ".asoundrc").write_text(f"{module}pcm.!default {{\n    type pipewire\n}}\n")
        self._settings = unpacked.copy_settings(home / "settings")
        own = Path(self._settings["PIPEWIRE_CONFIG_DIR"]) / "pipewire.conf.d"
        own.mkdir(parents=True, exist_ok=True)
        (own / "sink.conf").write_text(_SINK_CONFIG)

    @property
    def socket(self) -> Path:
        return self.runtime / "pulse" / "native"

    @property
    def environment(self) -> dict[str, str]:
        own = {**super().environment, **self._settings, "PIPEWIRE_RUNTIME_DIR": str(self.runtime)}
        # Where pulseaudio is installed, ALSA's default device is its plugin as soon as a server answers there.
        return own if self.way == "pulse" else {**own, "PULSE_SERVER": f"unix:{self.runtime / 'nobody'}"}

    def _launch(self) -> None:
        bus = self.runtime / "bus"
        own = {
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}",
            **self._settings,
            **{f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")},
        }
        self._run("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={bus}")
        self._wait_for(bus)
        self._run("pipewire", **own)
        self._wait_for(self.runtime / "pipewire-0")
        self._run("wireplumber", **own)
        self._run("pipewire-pulse", **own)

    def _wait_for(self, socket: Path) -> None:
        give_up = time.monotonic() + START_WAIT_S
        while not socket.exists():
            assert time.monotonic() < give_up, (self.home / "server.log").read_text()
            time.sleep(0.01)

    def _answers(self) -> bool:
        # The session manager names the default sink once it is there.
        return f"Default Sink: {SINK}" in self.pactl("info").stdout.decode()
