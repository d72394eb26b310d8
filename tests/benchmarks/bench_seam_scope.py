# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times the seam scope: its picture's computing, beside baking the loop, and a frame of it.

A frame is painted whole, in a process with a screen of its own, beside pyqtgraph's own curves of the same samples.
"""

from __future__ import annotations

from functools import partial

from tests.benchmarks.bench_painting import CURVE, N_CURVE_FRAMES, SAMPLE_RATE
from tests.benchmarks.frames import hand_over, measured, median_ms, settle
from tests.benchmarks.rows import BenchRow

SPANS_MS = (2000.0, 200.0, 2.0)
SCOPE_PX = (900, 500)
"""Size of the panel in pixels: that of one that floats over a window of 1280 x 720."""


def rows() -> list[BenchRow]:
    """Measure milliseconds per picture and per painted frame, as medians."""
    return measured("tests.benchmarks.bench_seam_scope")


def measure() -> list[BenchRow]:
    """Measure all figures, in the process that has the screen."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    from engine.dsp.seam import bake
    from engine.loops.seam_picture import seam_picture
    from engine.values import Clip, LoopRegion
    from widgets.seam_scope.panel import SeamScopePanel

    _application = QApplication([])
    out: list[BenchRow] = []

    def row(name: str, figure: float, reference: str, reference_figure: float, bound: str) -> None:
        out.append(BenchRow(name, figure, "ms", reference, reference_figure, bound))

    noise = np.random.default_rng(7).standard_normal((30 * SAMPLE_RATE, 2)) * 0.15
    clip, region = Clip(noise.astype(np.float32), SAMPLE_RATE), LoopRegion(6 * SAMPLE_RATE, 28 * SAMPLE_RATE)

    def draw(overlap_ms: float, _: int) -> None:
        seam_picture(clip, region, overlap_ms=overlap_ms)

    def baked(overlap_ms: float, _: int) -> None:
        bake(clip, region, overlap_ms=overlap_ms)

    for overlap_ms in (480.0, 5000.0):
        row(
            f"picture of a seam, {overlap_ms:g} ms overlap",
            median_ms(partial(draw, overlap_ms), 15),
            "baking the loop of 22 s",
            median_ms(partial(baked, overlap_ms), 15),
            "<= 50 ms, in the worker",
        )
    picture = seam_picture(clip, region, overlap_ms=480.0)
    panel = SeamScopePanel()
    panel.resize(*SCOPE_PX)
    panel.show()
    panel.set_clip(clip.n_samples, SAMPLE_RATE)
    panel.set_region(region, None)
    panel.set_picture(picture)
    settle()
    plot, view = panel.plot, panel.plot.time_view
    joint = view.n_samples / 2.0

    def curves_ms(half: float) -> float:
        """Return what a frame costs with the same waves and gains as curves of pyqtgraph, in view as wide."""
        peer = pg.PlotWidget()
        peer.resize(plot.width(), plot.height())
        peer.setDownsampling(auto=True, mode="peak")
        peer.setClipToView(True)
        waves = plot.item.waves
        assert waves is not None
        for wave in (*waves.waves.values(), waves.before_gain, waves.after_gain):
            peer.plot(np.arange(len(wave)) / SAMPLE_RATE, wave)
        peer.setXRange((joint - half) / SAMPLE_RATE, (joint + half) / SAMPLE_RATE, padding=0)
        peer.show()
        settle()
        figure = median_ms(lambda _: peer.viewport().repaint(), N_CURVE_FRAMES)
        peer.close()
        return figure

    def anew(_: int) -> None:
        plot.invalidate()
        plot.viewport().repaint()

    for span_ms in SPANS_MS:
        half = span_ms * SAMPLE_RATE / 2000.0
        view.set_span(joint - half, joint + half)
        settle()
        peer_ms = curves_ms(half)
        row(f"frame of the seam scope, {span_ms:g} ms in view, drawn anew", median_ms(anew), CURVE, peer_ms, "<= 5 ms")
    row(
        "frame of the seam scope, as it stands",
        median_ms(lambda _: plot.viewport().repaint()),
        CURVE,
        peer_ms,
        "<= 1 ms",
    )
    row(
        "another picture for the seam scope", median_ms(lambda _: panel.set_picture(picture)), CURVE, peer_ms, "<= 5 ms"
    )
    panel.close()
    return out


if __name__ == "__main__":
    hand_over(measure())
