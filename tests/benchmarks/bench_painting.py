# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times a painted frame of waveform and spectrogram, beside a plain pyqtgraph curve of the samples.

Measured in a process with a screen of its own, software rendering: move the playhead, paint both plots whole, and hand
the pixels to the screen. (While playing, only two narrow strips are painted; that is the row "as played".)
"""

from __future__ import annotations

from tests.benchmarks.frames import hand_over, measured, median_ms, settle
from tests.benchmarks.rows import BenchRow

SIZE_PX = (1200, 800)
SAMPLE_RATE = 44_100
CURVE = "pyqtgraph curve, its own peak downsampling"
N_CURVE_FRAMES = 12


def rows() -> list[BenchRow]:
    """Measure milliseconds per painted frame, as medians."""
    return measured("tests.benchmarks.bench_painting")


def measure() -> list[BenchRow]:
    """Measure all figures, in the process that has the screen."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

    from engine.dsp.peaks import peak_pyramid
    from engine.dsp.spectrogram import spectrogram_image
    from engine.values import Clip, LoopRegion
    from widgets.spectrogram.panel import SpectrogramPanel
    from widgets.timeline.waveform_panel import WaveformPanel

    app = QApplication([])
    out: list[BenchRow] = []

    def clip_of(seconds: float) -> Clip:
        noise = np.random.default_rng(7).standard_normal((round(seconds * SAMPLE_RATE), 1)) * 0.15
        return Clip(noise.astype(np.float32), SAMPLE_RATE)

    def curve_ms(clip: Clip) -> float:
        plot = pg.PlotWidget()
        plot.resize(*SIZE_PX)
        # The fastest that pyqtgraph offers for it; without downsampling it is many times slower.
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        plot.plot(np.arange(clip.n_samples) / SAMPLE_RATE, clip.samples[:, 0])
        plot.show()
        settle()
        figure = median_ms(lambda _: plot.viewport().repaint(), N_CURVE_FRAMES)
        plot.close()
        return figure

    def row(name: str, figure: float, reference_figure: float, bound: str = "<= 3 ms") -> None:
        out.append(BenchRow(name, figure, "ms", CURVE, reference_figure, bound))

    window = QWidget()
    stack = QVBoxLayout(window)
    waveform, spectrogram = WaveformPanel(), SpectrogramPanel()
    spectrogram.link(waveform)
    stack.addWidget(waveform)
    stack.addWidget(spectrogram)
    window.resize(*SIZE_PX)
    window.show()
    view = waveform.plot.time_view

    def show(clip: Clip) -> None:
        waveform.set_clip(peak_pyramid(clip))
        spectrogram.set_image(spectrogram_image(clip))
        region = LoopRegion(clip.n_samples // 4, clip.n_samples // 2)
        waveform.set_region(region)
        spectrogram.set_region(region)
        settle()

    def move(i: int) -> None:
        at = view.first + view.width * ((i * 0.0137) % 1.0)
        waveform.set_position(at)
        spectrogram.set_position(at)

    def as_played(i: int) -> None:
        move(i)
        app.processEvents()

    def whole(i: int) -> None:
        move(i)
        waveform.plot.viewport().repaint()
        spectrogram.plot.viewport().repaint()

    def zoomed(i: int) -> None:
        view.zoom(0.97 if i % 2 else 1 / 0.97, view.first + view.width / 2)
        whole(i)

    for seconds, words in ((30.0, "30 s clip"), (600.0, "10 min clip")):
        clip = clip_of(seconds)
        reference = curve_ms(clip)
        show(clip)
        row(f"painted frame, {words}, whole", median_ms(whole), reference)
        row(f"painted frame, {words}, as played", median_ms(as_played), reference)
        view.set_span(clip.n_samples * 0.4, clip.n_samples * 0.4 + SAMPLE_RATE * 0.05)
        settle()
        row(f"painted frame, {words}, 50 ms in view, whole", median_ms(whole), reference)
        view.show_all()
        settle()
        row(f"frame of a zoom, {words}, all drawn anew", median_ms(zoomed), reference, "<= 16 ms")
    window.close()
    return out


if __name__ == "__main__":
    hand_over(measure())
