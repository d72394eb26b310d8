# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times the score map: coloured and drawn on a screen, and computed for a short and a long clip.

Drawing is held against pyqtgraph's own picture item with the same cells in the same widget size; computing against
measuring as many loops one by one, as the loop finder measures its candidates.
"""

from __future__ import annotations

import time

from tests.benchmarks.bench_painting import SIZE_PX
from tests.benchmarks.frames import hand_over, measured, median_ms
from tests.benchmarks.rows import BenchRow

SAMPLE_RATE = 44_100
N_ALONE = 60
"""Number of loops that are measured one by one, to tell what all of a map's would take."""
N_MAPS = 3
ALONE = "its loops one by one"


def rows() -> list[BenchRow]:
    """Measure milliseconds per drawn map, and seconds per computed one, as medians."""
    return measured("tests.benchmarks.bench_score_map")


def measure() -> list[BenchRow]:
    """Measure all figures, in the process that has the screen."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    from engine.loops.finder import bounds_of, find_loops, hearing_of, listener_of
    from engine.loops.metrics import Judge
    from engine.loops.score_maps import score_maps
    from engine.values import Clip, LoopFindings, LoopSearch, MapWindow, MetricWeights, ScoreMaps
    from tests.engine.loops.material import groove
    from widgets.score_map.panel import ScoreMapPanel

    app = QApplication([])
    out: list[BenchRow] = []

    def row(name: str, figure: float, reference: tuple[str, float], bound: float, unit: str = "s") -> None:
        out.append(BenchRow(name, figure, unit, *reference, f"<= {bound:g} {unit}"))

    def computed(clip: Clip, findings: LoopFindings, window: MapWindow | None = None) -> tuple[ScoreMaps, float]:
        times = []
        for _ in range(N_MAPS):
            started = time.perf_counter()
            maps = score_maps(clip, findings.facts, window, known=tuple(one.region for one in findings.candidates))
            times.append(time.perf_counter() - started)
        return maps, sorted(times)[N_MAPS // 2]

    def alone_s(clip: Clip, findings: LoopFindings, maps: ScoreMaps) -> float:
        """Return the seconds that all cells' loops would take one by one."""
        hearing = hearing_of(listener_of(clip, None), bounds_of(clip, LoopSearch(min_loop_s=1.0)), findings.facts)
        judge = Judge(hearing.listener, hearing.ear, hearing.rhythm)
        rows_of, columns = np.nonzero(maps.lengths > 0)
        chosen = np.linspace(0, rows_of.size - 1, N_ALONE).astype(int)
        regions = [maps.region(int(rows_of[one]), int(columns[one])) for one in chosen]
        started = time.perf_counter()
        for region in regions:
            assert region is not None
            judge.metrics(region)
        return (time.perf_counter() - started) / N_ALONE * rows_of.size

    shown: ScoreMaps | None = None
    for words, n_bars, bound_s in (("30 s clip", 15, 1.0), ("4 min clip", 120, 2.0)):
        clip = groove(SAMPLE_RATE, 120.0, n_bars=n_bars, pattern_bars=4)
        findings = find_loops(clip)
        maps, took_s = computed(clip, findings)
        row(f"score map computed, {words}", took_s, (ALONE, alone_s(clip, findings, maps)), bound_s)
        best, rate = findings.best.region, clip.sample_rate
        window = MapWindow(
            max(0, best.loop_start - rate), best.loop_start + rate, max(1, best.n_samples - rate), best.n_samples + rate
        )
        part, took_s = computed(clip, findings, window)
        row(f"score map refined to 2 s, {words}", took_s, (ALONE, alone_s(clip, findings, part)), bound_s)
        shown = shown or maps

    assert shown is not None
    panel = ScoreMapPanel()
    panel.resize(*SIZE_PX)
    panel.set_maps(shown)
    panel.show()
    plain = pg.PlotWidget()
    picture = pg.ImageItem(shown.total(MetricWeights()))
    plain.addItem(picture)
    plain.resize(*SIZE_PX)
    plain.show()
    for _ in range(5):
        app.processEvents()
        time.sleep(0.02)
    weights = [MetricWeights(beat=0.1 * (i % 20)) for i in range(80)]

    def anew(i: int) -> None:
        panel.plot.set_weights(weights[i % 80])
        panel.plot.viewport().repaint()

    def plainly(i: int) -> None:
        picture.setImage(shown.total(weights[i % 80]))
        plain.viewport().repaint()

    peer = "pyqtgraph ImageItem", median_ms(plainly)
    row("score map weighed anew, coloured and drawn", median_ms(anew), peer, 5.0, "ms")
    still = median_ms(lambda _: panel.plot.viewport().repaint())
    row("score map, a frame while the pointer moves", still, peer, 5.0, "ms")
    panel.close()
    plain.close()
    return out


if __name__ == "__main__":
    hand_over(measure())
