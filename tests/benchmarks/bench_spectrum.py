# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times the spectrogram's frames at several zooms, and the live panel's frames and computing.

Each frame of the spectrogram is a new zoom (picture, axes, grid and chords are drawn anew) or a cursor that moved.
Processor time of the one thread, as a busy machine would tell more of its neighbours than of the drawing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from tests.benchmarks.frames import hand_over, measured, settle
from tests.benchmarks.rows import BenchRow

SIZE_PX = (1200, 400)
LIVE_PX = (440, 150)
SAMPLE_RATE = 44_100
N_FRAMES = 60
ZOOMS = (("all", 1.0), ("a quarter", 0.25), ("1 %", 0.01))
IMAGE = "pyqtgraph's image of the same levels, same zoom"
BARS = "pyqtgraph bars and curve of the same values"
FOURIER = "the two Fourier transforms alone, as often"


def rows() -> list[BenchRow]:
    """Measure milliseconds a frame, as medians."""
    return measured("tests.benchmarks.bench_spectrum")


def times_ms(step: Callable[[int], None], n_frames: int = N_FRAMES) -> list[float]:
    """Return the processor times of ``step(i)``, ms, after a few to warm up."""
    for i in range(6):
        step(i)
    times = []
    for i in range(6, 6 + n_frames):
        started = time.thread_time()
        step(i)
        times.append(1000.0 * (time.thread_time() - started))
    return times


def row(name: str, figure: float, reference: str, reference_figure: float, bound: str) -> BenchRow:
    """Return a row in milliseconds."""
    return BenchRow(name, figure, "ms", reference, reference_figure, bound)


def spectrogram_rows(settle: Callable[[], None]) -> list[BenchRow]:
    """Measure the spectrogram of a short and of a long clip."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtCore import QRectF

    from engine.dsp.spectrogram import spectrogram_image
    from engine.values import Clip, LoopRegion, PlayedChord
    from widgets.spectrogram.panel import SpectrogramPanel
    from widgets.spectrogram.plot import Cursor
    from widgets.timeline.music_grid import Bars

    out: list[BenchRow] = []
    panel, peer = SpectrogramPanel(), pg.PlotWidget()
    panel.resize(*SIZE_PX)
    panel.show()
    peer.resize(*SIZE_PX)
    peer.show()
    plot, view = panel.plot, panel.plot.time_view

    def zoomed(i: int) -> None:
        view.zoom(0.97 if i % 2 else 1 / 0.97, (view.first + view.last) / 2.0)
        plot.viewport().repaint()

    def peer_zoomed(i: int) -> None:
        peer.setXRange(view.first, view.last * (1.0 if i % 2 else 0.99), padding=0)
        peer.viewport().repaint()

    def pointed(i: int) -> None:
        plot.set_cursor(Cursor(view.first + view.width * (i * 0.0137 % 1.0), 9.0))
        plot.viewport().repaint()

    for seconds, words in ((30.0, "30 s"), (600.0, "10 min")):
        n_samples = round(seconds * SAMPLE_RATE)
        noise = np.random.default_rng(7).standard_normal((n_samples, 1)) * 0.15
        image = spectrogram_image(Clip(noise.astype(np.float32), SAMPLE_RATE))
        panel.set_image(image)
        panel.set_region(LoopRegion(n_samples // 4, n_samples // 2))
        panel.set_bars(Bars(2.0 * SAMPLE_RATE, n_samples // 4, 4))
        panel.set_chords(tuple(PlayedChord(i * 2 * SAMPLE_RATE, "Am7") for i in range(round(seconds / 2.0))))
        settle()
        item = pg.ImageItem(image.levels)
        item.setRect(QRectF(0.0, 0.0, float(n_samples), 1.0))
        peer.clear()
        peer.addItem(item)
        for where, share in ZOOMS:
            first, last = n_samples * 0.3, n_samples * (0.3 + 0.7 * share)
            view.set_span(first, last)
            settle()
            figure = statistics.median(times_ms(zoomed))
            reference = statistics.median(times_ms(peer_zoomed, 12))
            out.append(row(f"spectrogram, {words}, {where} in view, drawn anew", figure, IMAGE, reference, "<= 3 ms"))
        figure = statistics.median(times_ms(pointed))
        out.append(row(f"spectrogram, {words}, the cursor moves", figure, IMAGE, reference, "<= 3 ms"))
        plot.set_cursor(None)
    peer.close()
    panel.close()
    return out


def live_rows(settle: Callable[[], None]) -> list[BenchRow]:
    """Measure the live panel's computing and painting."""
    import numpy as np
    import pyqtgraph as pg

    from engine.recording.live import LiveMeter
    from engine.recording.spectrum import LONG_EVERY, SHORTER
    from engine.values.live import CURVE_POINTS
    from widgets.live.panel import LivePanel

    rng = np.random.default_rng(3)
    samples = (rng.standard_normal((SAMPLE_RATE // 30, 2)) * 0.1).astype(np.float32)
    meter = LiveMeter(SAMPLE_RATE)
    heard = rng.standard_normal(2 * meter.n_window).astype(np.float32).view(np.complex64)

    def measured(_i: int) -> None:
        meter.add(samples)
        meter.read()

    def transformed(i: int) -> None:
        np.fft.fft(heard[: meter.n_window // SHORTER])
        if i % LONG_EVERY == 0:
            np.fft.fft(heard)

    # Means: every third reading costs more.
    figure, reference = statistics.mean(times_ms(measured)), statistics.mean(times_ms(transformed))
    out = [row("live panel, computing a reading (30 a second)", figure, FOURIER, reference, "<= 1 ms")]
    panel = LivePanel()
    panel.resize(*LIVE_PX)
    panel.show()
    settle()
    reading = meter.read()

    def painted(_i: int) -> None:
        panel.set_reading(reading)
        panel.advance(1.0 / 30.0)
        panel.bands.repaint()
        panel.stereo.repaint()

    peer = pg.PlotWidget()
    peer.resize(*LIVE_PX)
    bars = pg.BarGraphItem(x=np.arange(len(reading.bands_db)), height=reading.bands_db + 84.0, width=0.9)
    curve = pg.PlotCurveItem(np.linspace(0.0, 29.0, CURVE_POINTS), reading.curve_db + 84.0)
    peer.addItem(bars)
    peer.addItem(curve)
    peer.show()
    settle()

    def peer_painted(_i: int) -> None:
        bars.setOpts(height=reading.bands_db + 84.0)
        curve.setData(np.linspace(0.0, 29.0, CURVE_POINTS), reading.curve_db + 84.0)
        peer.viewport().repaint()

    figure, reference = statistics.median(times_ms(painted)), statistics.median(times_ms(peer_painted))
    out.append(row("live panel, a frame (30 a second)", figure, BARS, reference, "<= 3 ms"))
    panel.close()
    peer.close()
    return out


def measure() -> list[BenchRow]:
    """Measure all figures, in the process that has the screen."""
    from PySide6.QtWidgets import QApplication

    _application = QApplication([])

    return [*spectrogram_rows(settle), *live_rows(settle)]


if __name__ == "__main__":
    hand_over(measure())
