# SPDX-License-Identifier: GPL-3.0-or-later
"""This script runs in a soaked studio: ``python -m tests.soak.script WHAT AMOUNT [SERVER]`` prints JSON."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import asdict, replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build, dress
from engine.session.options import LoopView, Places
from tests.soak.busy import LATENCY_MS, Server, own_server, play_beside
from tests.soak.memory import Held, held
from tests.soak.performing import perform
from tests.soak.window import listen

SPEED = 20.0
"""Factor by which the silent clock goes faster than real time."""
_MEASUREMENTS = 40
_START_LIMIT_S = 30.0


class Studio(QObject):
    """A studio is a window that a script drives."""

    hastened = Signal(float)

    def __init__(self, **changes: object) -> None:
        self.application = QApplication(["soak"])
        super().__init__()
        dress(self.application)
        self._folder = tempfile.TemporaryDirectory()
        chosen = {"prompt": "house, 124 bpm, in A minor", "duration_s": 8.0, "min_play_s": 10.0, **changes}
        settings = replace(Settings(), latency_ms=LATENCY_MS, data_folder=self._folder.name, **chosen)  # type: ignore[arg-type]
        self.window, self.engine = build(settings, Places(str(RESOURCES / "starters")))
        self.window.setGeometry(0, 0, 1440, 900)
        self.loop_ids: set[int] = set()
        self.engine.loop.changed.connect(self._on_loop)
        self.hastened.connect(self.engine.output.hasten)
        self.window.show()
        self.engine.start()
        give_up = time.monotonic() + _START_LIMIT_S
        while not self.loop_ids:
            assert time.monotonic() < give_up, "the engine does not start"
            self.live(0.05)

    @Slot(object)
    def _on_loop(self, view: LoopView) -> None:
        self.loop_ids.add(view.loop_id)

    def live(self, seconds: float) -> None:
        """Let the window live for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.001)

    def close(self) -> None:
        """Close the window."""
        self.window.close()
        self.engine.shut_down()
        self._folder.cleanup()


def window(seconds: float) -> dict[str, object]:
    """Play for so long while the GIL is held, clips are analysed and the spectrogram repaints."""
    studio = Studio()
    try:
        return asdict(listen(studio.window, studio.engine, studio.live, seconds))
    finally:
        studio.close()


def studio(hours: float) -> dict[str, object]:
    """Play so many hours of music on a silent clock that runs fast, and tell what every process holds meanwhile."""
    one = Studio(duration_s=5.0, overlap_ms=50.0)
    memory: list[list[Held]] = []
    try:
        one.hastened.emit(SPEED)
        one.window.prompt_bar.start_button.click()
        for _ in range(_MEASUREMENTS):
            one.live(3600.0 * hours / SPEED / _MEASUREMENTS)
            memory.append(held())
    finally:
        one.close()
    return {"memory": [[asdict(each) for each in moment] for moment in memory], "n_loops": len(one.loop_ids)}


def jam(seconds: float) -> dict[str, object]:
    """Perform a jam for so long."""
    one = Studio(volume_db=-12.0)
    try:
        return asdict(perform(one.window, one.engine, one.live, seconds))
    finally:
        one.close()


def busy(seconds: float, which: str) -> dict[str, object]:
    """Play for so long beside busy processes and a disk writer, on a sound server of this user's own."""
    with own_server(Server(which)) as server:
        one = Studio()
        try:
            return asdict(play_beside(one.window, one.engine, one.live, seconds, server))
        finally:
            one.close()


if __name__ == "__main__":
    what, amount = sys.argv[1], float(sys.argv[2])
    told = (
        busy(amount, sys.argv[3]) if what == "busy" else {"window": window, "studio": studio, "jam": jam}[what](amount)
    )
    json.dump(told, sys.stdout)
