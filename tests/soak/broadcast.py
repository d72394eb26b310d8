# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio is on the air for hours of its programme, on a silent clock that runs fast, with somebody who listens.

``python -m tests.soak.broadcast HOURS`` prints JSON: memory of every process, dead air in what was encoded and sent.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx
from PySide6.QtCore import QObject, Signal

from app.choices import studio_options
from app.headless import Headless
from app.paths import RESOURCES
from app.settings import Settings
from app.stations import station_named
from engine.broadcast.forms import MP3
from engine.broadcast.messages import RadioOpened
from engine.broadcast.watch import StreamWatch
from engine.session.programme.programme import Programme
from engine.values.radio import RadioPlan
from tests.soak.memory import Held, held, least

SPEED = 20.0
"""Factor by which the silent clock goes faster than real time."""
LOOK_S = 4.0
_MEASUREMENTS = 40


@dataclass(frozen=True, slots=True)
class OnAir:
    """The radio as it was heard.

    Attributes
    ----------
    most_dead_s
        The longest time without a sound in what a listener was sent.
    heard_s
        For how long that was.
    """

    memory: list[list[Held]]
    most_dead_s: float
    heard_s: float
    n_pieces: int
    failures: tuple[str, ...]


class _Listening(threading.Thread):
    """Somebody listens to every second of it."""

    def __init__(self, url: str) -> None:
        super().__init__(name="listening", daemon=True)
        self._url, self.watch, self.n_bytes = url, StreamWatch(MP3), 0

    @property
    def heard_s(self) -> float:
        return 8.0 * self.n_bytes / (MP3.bit_rate or 1)

    def run(self) -> None:
        with httpx.stream("GET", f"{self._url}stream.mp3", trust_env=False, timeout=60.0) as answer:
            for part in answer.iter_raw():
                self.watch.take(part)
                self.n_bytes += len(part)


class _Orders(QObject):
    hasten = Signal(float)
    open = Signal(object)
    close = Signal()


def broadcast(hours: float) -> OnAir:
    """Be on the air for so many hours of the programme."""
    opened, failures, memory = list[RadioOpened](), list[str](), list[list[Held]]()
    with tempfile.TemporaryDirectory() as folder:
        programme = Programme(station_named("calm"), 0.0)
        usual = replace(Settings(), data_folder=folder, duration_s=10.0, min_play_s=20.0)

        def options(seconds: float) -> object:
            prompt = programme.at(seconds).prompt
            return replace(studio_options(replace(usual, prompt=prompt)), is_unheard=True)

        studio, orders = Headless(options(0.0)), _Orders()  # type: ignore[arg-type]
        radio = studio.engine.radio
        orders.hasten.connect(studio.engine.output.hasten)
        orders.open.connect(radio.open)
        orders.close.connect(radio.close)
        radio.opened.connect(opened.append)
        radio.shut.connect(lambda error: failures.append(str(error)))
        with studio:
            orders.hasten.emit(SPEED)
            studio.start()
            orders.open.emit(RadioPlan(port=0, folder=folder, reserve_folder=str(RESOURCES / "starters")))
            studio.wait_for(lambda: bool(opened or failures), "radio")
            listening = _Listening(opened[0].url)
            listening.start()
            step_s = 3600.0 * hours / _MEASUREMENTS
            for number in range(1, _MEASUREMENTS + 1):
                # By what was heard: a busy machine does not keep up with the clock.
                moments = [held()]
                while listening.is_alive() and listening.heard_s < number * step_s:
                    studio.live(LOOK_S)
                    moments.append(held())
                studio.options_wanted.emit(options(number * step_s))
                memory.append(least(moments))
            if not listening.is_alive():
                failures.append("the listener was let go")
            orders.close.emit()
            studio.live(1.0)
            listening.join(10.0)
        told = json.loads((Path(folder) / "on-air.json").read_text(encoding="utf-8"))
    return OnAir(memory, listening.watch.most_dead_s, listening.heard_s, told["last_number"], tuple(failures))


if __name__ == "__main__":
    json.dump(asdict(broadcast(float(sys.argv[1]))), sys.stdout)
