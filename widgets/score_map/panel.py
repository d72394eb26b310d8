# SPDX-License-Identifier: GPL-3.0-or-later
"""The score map panel shows how well a loop of every start and every length would hold, and why."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.units import samples_to_seconds
from engine.values import METRIC_NAMES, LoopCandidate, LoopRegion, MetricWeights, ScoreMaps
from engine.values.options import MIN_LOOP
from widgets.controls import GAP_PX, Combo, ElidedLabel, describe, percent, set_role
from widgets.figures import Figure
from widgets.panel import Panel
from widgets.score_map.canvas import Cell
from widgets.score_map.item import TOTAL
from widgets.score_map.plot import ScoreMapPlot
from widgets.score_map.weight_sliders import WeightSliders
from widgets.scrolling import Scroller

WHOLE_BARS_WITHIN: Final = 0.02
"""Distance in bars from a whole number of bars within which a loop is said to last that many."""
LEAST_PLOT_PX: Final = 120, 40
"""Least width and height of the map, pixels."""
NEEDED_PX: Final = 340, 190
"""Width and height of the map with its figures that make it worth a look, pixels."""
WEIGHTS_PX: Final = 150
"""Width of the column with the weights, pixels."""


class ScoreMapPanel(Panel):
    """The score map panel shows the map of the clip that plays, and tells of the loop that is pointed at.

    Signals
    -------
    region_chosen(LoopRegion), region_changing(LoopRegion), region_changed(LoopRegion)
        A loop is to play; the cross is being dragged, and was released on a loop.
    audition_requested(LoopRegion), audition_ended()
        The seam of a loop is to be heard, or no more.
    lengths_limited(float, float), lengths_freed()
        Loops are to last so many seconds at least and at most (0: no limit); or as usual.
    weights_changed(MetricWeights)
        The metrics are to count so much.
    map_wanted(bool)
        The map is looked at, or no more.
    refine_requested(MapWindow | None)
        These loops are to be mapped as finely as all were.
    """

    region_chosen = Signal(LoopRegion)
    region_changing = Signal(LoopRegion)
    region_changed = Signal(LoopRegion)
    audition_requested = Signal(LoopRegion)
    audition_ended = Signal()
    lengths_limited = Signal(float, float)
    lengths_freed = Signal()
    weights_changed = Signal(object)
    map_wanted = Signal(bool)
    refine_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Score map"))
        self._titles = dict(
            zip(
                METRIC_NAMES,
                (self.tr("spectral"), self.tr("waveform"), self.tr("beat"), self.tr("phase")),
                strict=True,
            )
        )
        self._layers = self.tr("Total"), self.tr("Spectral"), self.tr("Waveform"), self.tr("Beat"), self.tr("Phase")
        self._limits_s = MIN_LOOP.default_number, 0.0
        self.plot = ScoreMapPlot(self.tr("How well each loop of the clip would hold is drawn here."), self)
        self.plot.setAccessibleName(self.tr("Score map"))
        self.plot.setToolTip(
            self.tr(
                "Every loop of the clip: from left to right where it starts, upwards how long it is. The more "
                "colour, the better it holds. Rings are the candidates, the cross is what plays.\n"
                "Rest on a loop to hear its seam, click to play it, drag the cross to another. Drag along the lengths "
                "at the left to limit them. Turn the wheel to zoom, double click to see all.\n"
                "Keyboard: the arrows point (with Shift further), Enter plays, P hears, I and O limit the lengths, "
                "Delete frees them, L changes the colours, + and − zoom, 0 or A shows all."
            )
        )
        self._column = self._build_column()
        self.plot.setMinimumSize(*LEAST_PLOT_PX)
        # Below the map: the header of a narrow panel has no room for it, and over the map it would hide loops.
        self.place_label, self.metrics_label = ElidedLabel("dim", self), ElidedLabel("dim", self)
        told = QVBoxLayout()
        told.setContentsMargins(12, 3, 6, 6)
        told.setSpacing(0)
        told.addWidget(self.place_label)
        told.addWidget(self.metrics_label)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.plot, 1)
        column.addLayout(told)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addLayout(column, 1)
        row.addWidget(self._column)
        self.body.addLayout(row, 1)
        self.weights_button = QPushButton(self.tr("Weights"), self.header)
        self.weights_button.setCheckable(True)
        set_role(self.weights_button, "inline")
        describe(
            self.weights_button,
            self.tr("Show the weights"),
            self.tr("Set how much each metric counts in the total, and so in the order of the candidates"),
        )
        self.header.add_control(self.weights_button)
        self.setFocusProxy(self.plot)
        self._connect()

    def _build_column(self) -> QWidget:
        """Build the column that *Weights* shows: what the colours tell, the weights, and the lengths' freedom."""
        content = QWidget(self)
        rows = QVBoxLayout(content)
        rows.setContentsMargins(4, 2, 10, 6)
        rows.setSpacing(GAP_PX)
        self.layer_combo = Combo(content)
        for name, layer in zip(self._layers, (TOTAL, *METRIC_NAMES), strict=True):
            self.layer_combo.addItem(name, layer)
        describe(
            self.layer_combo,
            self.tr("Colour the map by"),
            self.tr("What the colours tell: all metrics by their weights, or one of them (L in the map)"),
        )
        self.free_button = QPushButton(self.tr("All lengths"), content)
        set_role(self.free_button, "inline")
        describe(
            self.free_button,
            self.tr("Free the lengths"),
            self.tr("Look for loops of any length again, from {seconds:g} s on").format(
                seconds=Figure(MIN_LOOP.default_number)
            ),
        )
        self.weights = WeightSliders(content)
        for one in (self.layer_combo, self.weights, self.free_button):
            rows.addWidget(one)
        rows.addStretch(1)
        column = Scroller(content, self)
        column.setFixedWidth(max(WEIGHTS_PX, content.minimumSizeHint().width()))
        column.setVisible(False)
        return column

    def _connect(self) -> None:
        plot = self.plot
        for mine, its in (
            (self.region_chosen, plot.region_chosen),
            (self.region_changing, plot.region_changing),
            (self.region_changed, plot.region_changed),
            (self.audition_requested, plot.audition_requested),
            (self.audition_ended, plot.audition_ended),
            (self.refine_requested, plot.refine_requested),
        ):
            its.connect(mine)
        self.seen_changed.connect(self._on_seen_changed)
        plot.pointed.connect(self._tell)
        plot.limits_changed.connect(self._on_limits_changed)
        plot.layer_wanted.connect(self._on_layer_wanted)
        self.free_button.clicked.connect(self.lengths_freed)
        self.weights_button.toggled.connect(self._column.setVisible)
        self.layer_combo.currentIndexChanged.connect(self._on_layer_chosen)
        self.weights.weights_changed.connect(self._on_weights_changed)
        self._on_layer_chosen()

    def needed_size(self) -> QSize:
        return super().needed_size().expandedTo(QSize(*NEEDED_PX))

    # --- values ---

    def set_maps(self, maps: ScoreMaps | None) -> None:
        """Show the maps of another clip, or finer ones of a part of it; None shows the hint."""
        self.plot.set_maps(maps)
        self.set_limits(*self._limits_s)
        self._tell()

    def set_loops(self, region: LoopRegion, candidates: tuple[LoopCandidate, ...], current: int) -> None:
        """Show what plays, and mark the candidates; ``current`` is the index of the one that plays, -1 is none."""
        self.plot.set_region(region)
        self.plot.set_candidates(tuple(one.region for one in candidates), current)
        self._tell()

    def set_region(self, region: LoopRegion) -> None:
        """Put the cross on this loop."""
        self.plot.set_region(region)

    def set_bars(self, bar_samples: float | None) -> None:
        """Draw lines at lengths of whole bars; None draws none."""
        self.plot.set_bars(bar_samples)
        self._tell()

    def set_weights(self, weights: MetricWeights) -> None:
        """Show these weights of the metrics, and colour by them."""
        self.weights.set_weights(weights)
        self.plot.set_weights(weights)
        self._tell()

    def set_limits(self, min_s: float, max_s: float) -> None:
        """Show which lengths in seconds are looked for; a ``max_s`` of 0 is no limit."""
        self._limits_s = min_s, max_s
        self.free_button.setEnabled((min_s, max_s) != (MIN_LOOP.default_number, 0.0))
        view = self.plot.time_view
        if view.n_samples:
            longest = max(max_s, min_s) * view.sample_rate if max_s else float(view.n_samples)
            self.plot.set_limits((min_s * view.sample_rate, min(longest, float(view.n_samples))))

    # --- the hand ---

    def _on_limits_changed(self, limits: tuple[float, float] | None) -> None:
        if limits is None:
            self.lengths_freed.emit()
            return
        assert MIN_LOOP.low is not None
        assert MIN_LOOP.high is not None
        view = self.plot.time_view
        min_s, max_s = (round(samples_to_seconds(round(one), view.sample_rate), 2) for one in limits)
        is_open = limits[1] >= view.n_samples
        min_s = min(max(min_s, MIN_LOOP.low), MIN_LOOP.high)
        self.lengths_limited.emit(min_s, 0.0 if is_open else max(max_s, min_s))

    def _on_layer_wanted(self) -> None:
        self.layer_combo.setCurrentIndex((self.layer_combo.currentIndex() + 1) % self.layer_combo.count())

    def _on_layer_chosen(self) -> None:
        self.plot.set_layer(self.layer_combo.currentData())
        # The usual one needs no word.
        self.header.set_info("" if self.plot.layer == TOTAL else self.layer_combo.currentText())
        self._tell()

    def _on_weights_changed(self, weights: MetricWeights) -> None:
        self.plot.set_weights(weights)
        self._tell()
        self.weights_changed.emit(weights)

    def _tell(self) -> None:
        """Say below the map what is known of the loop that is pointed at, else of the one that plays."""
        cell = self.plot.cell or self.plot.playing_cell()
        place = "" if cell is None else self._place_words(cell)
        if self.plot.cell is None and place:
            place = self.tr("plays: {loop}").format(loop=place)
        metrics = "" if cell is None else self._metric_words(cell)
        self.place_label.setText(place)
        self.metrics_label.setText(metrics)
        self.plot.setAccessibleDescription(" · ".join(filter(None, (place, metrics))))

    def _place_words(self, cell: Cell) -> str:
        """Return where a loop is, how long, in whole bars where it has them, and its total."""
        region, rate = cell.region, cell.maps.sample_rate
        start_s, end_s = (Figure(samples_to_seconds(one, rate)) for one in (region.loop_start, region.loop_end))
        length = f"{Figure(end_s - start_s):.2f} s"
        if bar := self.plot.item.bar_samples:
            n_bars = round(region.n_samples / bar)
            if n_bars >= 1 and abs(region.n_samples / bar - n_bars) <= WHOLE_BARS_WITHIN:
                length = self.plot.item.bar_text(n_bars)
        total = self.plot.weights.mean_of(cell.metrics, cell.maps.shares)
        place = f"{start_s:.2f} – {end_s:.2f} s"
        return " · ".join((place, length, self.tr("total {percent}").format(percent=percent(total))))

    def _metric_words(self, cell: Cell) -> str:
        return " · ".join(f"{self._titles[name]} {Figure(value):.2f}" for name, value in cell.metrics.as_dict().items())

    def _on_seen_changed(self, is_seen: bool) -> None:
        if not is_seen:
            self.plot.end_audition()
        self.map_wanted.emit(is_seen)
