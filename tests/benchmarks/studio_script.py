# SPDX-License-Identifier: GPL-3.0-or-later
"""This script runs in the studio process while it is measured: ``python -m tests.benchmarks.studio_script WHAT``."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

# Nothing heavy above this line: "start" measures the programme's own imports.


def start() -> None:
    """Print the time at which the window was painted and answered an event."""
    from app.collecting import hold_off

    # As the command does, before it loads anything large.
    hold_off()
    from PySide6.QtCore import QTimer

    from app.first_paint import FirstPaint
    from app.studio import OpenStudio

    def told() -> None:
        print(time.time(), flush=True)
        os._exit(0)

    studio = OpenStudio()
    # Two turns of the event loop after the first paint: the window has answered.
    FirstPaint(studio.window, lambda: QTimer.singleShot(0, lambda: QTimer.singleShot(0, told)))
    studio.run()


class Bench:
    """A studio that a script drives."""

    def __init__(self, **changes: object) -> None:
        from dataclasses import replace

        from PySide6.QtWidgets import QApplication

        from app.paths import RESOURCES
        from app.settings import Settings
        from app.studio import build, dress
        from engine.session.options import Places

        self.application = QApplication(["bench"])
        dress(self.application)
        folder = tempfile.mkdtemp()
        settings = replace(Settings(), latency_ms=200, data_folder=folder, **changes)  # type: ignore[arg-type]
        self.window, self.engine = build(settings, Places(str(RESOURCES / "starters")))
        self.window.show()
        self.engine.start()

    def until(self, condition: Callable[[], bool], limit_s: float) -> None:
        """Let the studio live until the condition holds."""
        give_up = time.monotonic() + limit_s
        while not condition():
            self.application.processEvents()
            time.sleep(0.001)
            if time.monotonic() > give_up:
                raise TimeoutError

    def live(self, seconds: float) -> None:
        """Let the studio live for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end, seconds + 5.0)

    def rest(self, seconds: float) -> None:
        """Let the studio live for a while in Qt's own event loop, which does nothing while there is nothing to do."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(round(1000.0 * seconds), loop.quit)
        loop.exec()

    def close(self) -> None:
        """Close the window."""
        self.window.close()
        self.engine.shut_down()


def avvia() -> None:
    """Print the time from the click to the first sample on the sink's monitor, as JSON, in steps of 50 ms."""
    import numpy as np

    from tests.soundserver import Recording, SoundServer

    bench = Bench()
    views: list[object] = []
    latencies: list[float] = []
    bench.engine.loop.changed.connect(views.append)
    bench.engine.output.snapshot_taken.connect(lambda snapshot: latencies.append(snapshot.latency_s))
    bench.until(lambda: bool(views), 30.0)
    bench.live(8.0)
    with Recording(SoundServer(Path(os.environ["HOME"]))) as recording:
        bench.live(1.0)
        clicked_s = recording.seconds
        bench.window.prompt_bar.start_button.click()
        bench.until(lambda: bool(np.abs(recording.samples).max(initial=0.0) > AUDIBLE), 20.0)
        heard_s = np.flatnonzero(np.abs(recording.samples).max(axis=1) > AUDIBLE)[0] / recording.sample_rate
        bench.until(lambda: bool(latencies), 5.0)
    print(json.dumps({"sound_ms": (heard_s - clicked_s) * 1000.0, "latency_ms": latencies[-1] * 1000.0}))
    bench.close()


AUDIBLE = 1e-4


def memory() -> None:
    """Print how the window's process grew during an hour's worth of loops, takeovers and pictures, as JSON."""
    import psutil
    from PySide6.QtCore import Q_ARG, QMetaObject, Qt

    bench = Bench(duration_s=5.0, min_play_s=10.0, overlap_ms=50.0)
    turns: list[int] = []
    bench.engine.loop.changed.connect(lambda view: turns.append(view.loop_id))
    bench.until(lambda: bool(turns), 30.0)
    # From this thread to the engine's.
    QMetaObject.invokeMethod(bench.engine.output, "hasten", Qt.ConnectionType.QueuedConnection, Q_ARG(float, SPEED))
    bench.window.prompt_bar.start_button.click()
    process = psutil.Process()
    sizes = []
    for _ in range(12):
        bench.live(3600.0 / SPEED / 12)
        sizes.append(process.memory_info().rss / 2**20)
    bench.close()
    quarter = sizes[2]
    print(json.dumps({"growth_mb": sizes[-1] - quarter, "quarter_mb": quarter, "loops": len(set(turns))}))


def work() -> None:
    """Print the work of the window's process while music plays, in percent of a core, for each layout, as JSON."""
    from app.layouts import FACTORY, state_of

    bench = Bench()
    window = bench.window
    turns: list[int] = []
    bench.engine.loop.changed.connect(lambda view: turns.append(view.loop_id))
    bench.until(lambda: bool(turns), 30.0)
    window.prompt_bar.start_button.click()
    told = {}
    for name in ("inspect", "small", "mini"):
        window.show_layout(FACTORY[name], state_of((), name))
        bench.rest(WORK_S)
        began, began_s = time.process_time(), time.monotonic()
        bench.rest(WORK_S)
        told[name] = 100.0 * (time.process_time() - began) / (time.monotonic() - began_s)
    bench.close()
    print(json.dumps(told))


WORK_S = 20.0
"""Seconds for which a layout settles, and then as many for which its work is measured."""
SPEED = 20.0
"""Factor by which the hour is played faster than real time, on the silent clock."""


if __name__ == "__main__":
    {"start": start, "avvia": avvia, "memory": memory, "work": work}[sys.argv[1]]()
