# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times the visualiser's frames over a whole screen, and weighs what many of them leave behind.

Processor time of the whole process, as Qt paints large pictures in several threads; the screen is software rendered.
The reference is one copy of a picture of that size onto the screen, below which no frame can be.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

import psutil

from tests.benchmarks.frames import hand_over, measured, median_ms, settle
from tests.benchmarks.rows import BenchRow

SIZE_PX = (1920, 1080)
SAMPLE_RATE = 44_100
N_FRAMES = 120
N_LONG = 3000
"""Number of frames after which the memory is weighed."""
LOOP_EVERY = 60
"""Frames from one loop to the next meanwhile."""
FRAME_S = 1.0 / 30.0
COPY = "a picture of that size, copied to the screen"


def rows() -> list[BenchRow]:
    """Measure milliseconds a frame, as medians, and MB."""
    return measured("tests.benchmarks.bench_visualiser")


processor_ms = partial(median_ms, n_frames=N_FRAMES, n_before=20, clock=time.process_time)


def measure() -> list[BenchRow]:
    """Measure all figures, in the process that has the screen."""
    import numpy as np
    from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
    from PySide6.QtWidgets import QApplication, QWidget

    from engine.dsp.peaks import peak_pyramid
    from engine.recording.live import LiveMeter
    from engine.values import Clip, LoopRegion, TransportState
    from engine.values.picture_options import CIRCLE, RIDGES
    from widgets.timeline.music_grid import Bars
    from widgets.visualiser.scene import Heard, VisualLoop
    from widgets.visualiser.window import Visualiser

    _application = QApplication([])
    out: list[BenchRow] = []
    rng = np.random.default_rng(11)
    meter = LiveMeter(SAMPLE_RATE)
    readings = []
    for _ in range(90):
        meter.add((rng.standard_normal((SAMPLE_RATE // 30, 2)) * rng.uniform(0.02, 0.3)).astype(np.float32))
        readings.append(meter.read())

    class Plain(QWidget):
        """A plain widget copies one picture to the screen."""

        def __init__(self) -> None:
            super().__init__()
            self.picture = QPixmap(*SIZE_PX)
            self.picture.fill(QColor("#0d0f11"))

        def paintEvent(self, _event: QPaintEvent) -> None:
            painter = QPainter(self)
            painter.drawPixmap(0, 0, self.picture)
            painter.end()

    def show(widget: QWidget) -> None:
        widget.resize(*SIZE_PX)
        widget.show()
        settle()

    def loop(loop_id: int) -> VisualLoop:
        noise = (rng.standard_normal((16 * SAMPLE_RATE, 1)) * 0.15).astype(np.float32)
        peaks, region = peak_pyramid(Clip(noise, SAMPLE_RATE)), LoopRegion(0, 16 * SAMPLE_RATE)
        bars = Bars(2.0 * SAMPLE_RATE, 0, 4)
        return VisualLoop(loop_id, SAMPLE_RATE, region, peaks, bars, "Velvet Antenna", "“dusty rhodes”", "8 bars")

    plain = Plain()
    show(plain)
    copied_ms = processor_ms(lambda _: plain.repaint())
    plain.close()

    shown, frames, leads, now_s = Visualiser(), 0, 1, 100.0

    def played(_i: int, heard: Heard | None = None) -> None:
        nonlocal frames, now_s
        frames, now_s = frames + 1, now_s + FRAME_S
        place = frames * SAMPLE_RATE / 30.0 % (16 * SAMPLE_RATE)
        shown.set_reading(readings[frames % len(readings)])
        shown.set_heard(Heard(leads, place, at_s=now_s) if heard is None else replace(heard, sample=place, at_s=now_s))
        shown.advance(FRAME_S, now_s)
        shown.repaint(shown.moving())

    def many_loops() -> None:
        nonlocal leads
        for i in range(N_LONG):
            if i % LOOP_EVERY == 0:
                leads += 1
                shown.set_loop(loop(leads))
            played(i)

    show(shown)
    shown.set_state(TransportState(is_running=True))
    shown.set_loop(loop(1))
    copying, size_mb = (COPY, copied_ms), 4.0 * SIZE_PX[0] * SIZE_PX[1] / 1e6
    for view in (CIRCLE, RIDGES):
        while shown.view() != view:
            shown.show_next_view()
        out.append(row(f"visualiser, a frame of the {view}, 1920×1080", processor_ms(played), "ms", copying, "<= 4 ms"))
        if view == CIRCLE:
            shown.set_loop(loop(2))
            figure = processor_ms(lambda i: played(i, Heard(1, 0.0, 2, i / (2 * N_FRAMES))))
            out.append(row("visualiser, a frame in a takeover", figure, "ms", copying, "<= 4 ms"))
            leads = 2
        many_loops()
        before_mb = resident_mb()
        many_loops()
        name = f"visualiser, {view}: memory grown in {N_LONG} frames"
        out.append(row(name, resident_mb() - before_mb, "MB", ("one picture of the screen", size_mb), "<= 2 MB"))
    shown.close()
    return out


def resident_mb() -> float:
    """Return how much memory this process holds, MB."""
    return float(psutil.Process().memory_info().rss) / 1e6


def row(name: str, figure: float, unit: str, reference: tuple[str, float], bound: str) -> BenchRow:
    """Return a row as it is handed over."""
    return BenchRow(name, figure, unit, *reference, bound)


if __name__ == "__main__":
    hand_over(measure())
