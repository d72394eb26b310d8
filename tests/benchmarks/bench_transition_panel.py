# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times the transition panel: cutting out and drawing its picture, and a frame of it.

A frame is painted whole, in a process with a screen of its own, beside pyqtgraph's own curves of the same samples.
"""

from __future__ import annotations

from tests.benchmarks.bench_painting import CURVE, N_CURVE_FRAMES, SAMPLE_RATE
from tests.benchmarks.frames import hand_over, measured, median_ms, settle
from tests.benchmarks.rows import BenchRow

PANEL_PX = (900, 400)
"""Size of the panel in pixels: that of one that floats over a window of 1280 x 720."""
TURN_S = 30.0


def rows() -> list[BenchRow]:
    """Measure milliseconds per picture and per painted frame, as medians."""
    return measured("tests.benchmarks.bench_transition_panel")


def measure() -> list[BenchRow]:
    """Measure all figures, in the process that has the screen."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    from engine.dsp.seam import bake
    from engine.playback.mix.transition_picture import transition_excerpt, transition_picture
    from engine.playback.plan.transitions import plan_transition
    from engine.values import BarGrid, Clip, ComingTransition, Entry, LoopRegion, TransitionWish
    from widgets.transition.panel import TransitionPanel

    _application = QApplication([])
    out: list[BenchRow] = []

    def row(name: str, figure: float, reference: str, reference_figure: float, bound: str) -> None:
        out.append(BenchRow(name, figure, "ms", reference, reference_figure, bound))

    n_turn, rate = round(TURN_S * SAMPLE_RATE), SAMPLE_RATE
    noise = np.random.default_rng(7).standard_normal((2, n_turn + rate, 2)) * 0.15
    clips = [Clip(one.astype(np.float32), rate) for one in noise]
    lead, incoming = (bake(clip, LoopRegion(0, n_turn), overlap_ms=480.0) for clip in clips)
    grids = BarGrid(0.0, n_turn / 15, 4), BarGrid(0.0, n_turn / 14.5, 4)
    plan = plan_transition(lead, grids[0], incoming, grids[1], TransitionWish(Entry.NEXT_BAR, bars=4))
    place = plan.entries[5]
    excerpt = transition_excerpt(lead, incoming, plan, place, ids=(1, 2), grids=grids)
    picture = transition_picture(excerpt)
    seconds = picture.n_samples / rate

    def cut_out(_: int) -> None:
        transition_excerpt(lead, incoming, plan, place, ids=(1, 2), grids=grids)

    def drawn(_: int) -> None:
        transition_picture(excerpt)

    def baked(_: int) -> None:
        bake(clips[0], LoopRegion(0, n_turn), overlap_ms=480.0)

    def made_ready(_: int) -> None:
        plan_transition(lead, grids[0], incoming, grids[1], TransitionWish(Entry.NEXT_BAR, bars=4))

    row(
        f"{seconds:.0f} s around a transition cut out, on the engine thread",
        median_ms(cut_out, 15),
        "baking the loop of 30 s",
        median_ms(baked, 15),
        "<= 20 ms",
    )
    row(
        f"picture of that transition, {seconds:.0f} s",
        median_ms(drawn, 9),
        "the transition made ready",
        median_ms(made_ready, 3),
        "<= 200 ms, in the worker",
    )
    coming = ComingTransition(
        1, 2, "Rain", "Snow", Entry.NEXT_BAR, place, plan.entries, n_turn, plan.n_samples, 4, rate,
        lead_grid=grids[0], tempos_bpm=plan.tempos_bpm, swaps_bass=True,
    )  # fmt: skip
    panel = TransitionPanel()
    panel.resize(*PANEL_PX)
    panel.show()
    panel.set_coming(coming)
    panel.set_picture(picture)
    panel.set_played(place - rate)
    settle()
    plot, view = panel.plot, panel.plot.time_view

    def curves_ms(first: float, last: float) -> float:
        """Return what a frame costs with the same waves and gains as curves of pyqtgraph, in view as wide."""
        peer = pg.PlotWidget()
        peer.resize(plot.width(), plot.height())
        peer.setDownsampling(auto=True, mode="peak")
        peer.setClipToView(True)
        before = excerpt.before_samples
        for wave, at in ((excerpt.lead, 0), (excerpt.incoming, before)) * 2:
            peer.plot((np.arange(len(wave)) + at) / rate, wave[:, 0])
        for gain in (picture.lead_gain, picture.incoming_gain, picture.lead_bass_gain, picture.incoming_bass_gain):
            peer.plot((picture.gains_at + before) / rate, gain)
        peer.setXRange(first / rate, last / rate, padding=0)
        peer.show()
        settle()
        figure = median_ms(lambda _: peer.viewport().repaint(), N_CURVE_FRAMES)
        peer.close()
        return figure

    def dragged(n: int) -> None:
        plot.set_edges(plot.item.entry_at, plot.item.end_at + (-1) ** n, plot.item.movable)
        plot.viewport().repaint()

    entry = float(picture.before_samples)
    for first, last in ((0.0, float(picture.n_samples)), (entry - rate, entry + rate)):
        view.set_span(first, last)
        settle()
        peer_ms = curves_ms(first, last)
        in_view = f"{(last - first) / rate:.0f} s in view"
        row(f"frame while an edge is dragged, {in_view}", median_ms(dragged), CURVE, peer_ms, "<= 3 ms")

        def zoomed(n: int, first: float = first, last: float = last) -> None:
            view.set_span(first + 100.0 * (n % 2), last)
            plot.viewport().repaint()

        row(f"frame of another zoom, {in_view}", median_ms(zoomed), CURVE, peer_ms, "<= 5 ms")
    row(
        "frame of the transition, as it stands",
        median_ms(lambda _: plot.viewport().repaint()),
        CURVE,
        peer_ms,
        "<= 1 ms",
    )
    row(
        "the playhead on its way to the entry",
        median_ms(lambda n: panel.set_played(place - rate + 1000 * (n % 40))),
        CURVE,
        peer_ms,
        "<= 1 ms",
    )
    panel.close()
    return out


if __name__ == "__main__":
    hand_over(measure())
