# SPDX-License-Identifier: GPL-3.0-or-later
"""The waveform panel shows the clip that plays: its waveform, its loop region with edges to drag, and the playhead."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPushButton, QWidget

from engine.units import ms_to_samples, samples_to_seconds
from engine.values import LoopRegion, MusicFacts, PeakPyramid, PlayedChord
from widgets.controls import describe, set_role
from widgets.figures import Figure, key_name
from widgets.panel import Panel
from widgets.timeline.edge_mover import END, END_KEYS, START, START_KEYS, EdgeMover
from widgets.timeline.score_items import ChordsItem
from widgets.timeline.time_plot import TimePlot
from widgets.timeline.waveform_item import WaveformItem

GRAB_PX: Final = 8.0
"""Distance in pixels between cursor and edge within which the edge can be taken hold of."""
KEY_STEP_MS: Final = 1.0
KEY_LEAP_MS: Final = 100.0
"""Milliseconds that Shift and an arrow move an edge when no bars are known."""
WHOLE_BARS_WITHIN: Final = 0.02
"""Distance in bars from a whole number of bars within which a region is said to last that many."""
PLOT_HEIGHTS: Final = (0.125, 0.25, 0.5, 1.0)
"""Amplitudes that the top of the plot may stand for; quiet clips are drawn larger, in few steps."""

HEADROOM: Final = 1.08
"""Share of the plot's own height that is drawn, so that the topmost label finds room."""


class WaveformPlot(TimePlot):
    """The waveform's plot is a ``TimePlot`` with a loop region.

    Keyboard: Tab, ``I`` and ``O`` (``[`` and ``]``) choose an edge; left and right move it by 1 ms, with Shift by a
    bar (100 ms when no bars are known); Home and End send it as far as it goes; Escape while dragging puts everything
    back.
    """

    region_changing = Signal(LoopRegion)
    region_changed = Signal(LoopRegion)
    region_shown = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(hint, parent)
        self.item = WaveformItem(self.time_view)
        self.chords = ChordsItem(self.time_view)
        for one in (self.item, self.chords):
            self.box.addItem(one, ignoreBounds=True)
        self.viewport().setMouseTracking(True)
        self.mover = mover = EdgeMover(self)
        mover.shown.connect(self._on_region_shown)
        mover.changing.connect(self.region_changing)
        mover.changed.connect(self.region_changed)
        self._dragging = False
        self._grab_offset = 0.0

    @property
    def region(self) -> LoopRegion | None:
        return self.mover.region

    def set_clip(self, peaks: PeakPyramid | None) -> None:
        self._dragging = False
        self.item.pyramid, self.item.region = peaks, None
        self.mover.set_clip(*((0, 0) if peaks is None else (peaks.n_samples, peaks.sample_rate)))
        self.item.bar_samples = None
        self.chords.chords = ()
        if peaks is not None:
            self.item.prepareGeometryChange()
            top = _plot_height(peaks)
            self.item.height = top * HEADROOM
            self.chords.set_span(-top * HEADROOM, 2.0 * top * HEADROOM)
            self.box.setYRange(-top * HEADROOM, top * HEADROOM, padding=0)
            # Decibels re full scale, halving from the top of the plot; the clip's loudest is read off directly.
            top_db = round(6 * PLOT_HEIGHTS[::-1].index(top))
            ticks = [(0.0, "−∞")]
            for n_halvings in range(3):
                label = f"−{top_db + 6 * n_halvings}" if top_db + n_halvings else "0"
                ticks += [(sign * top / 2**n_halvings, label) for sign in (-1, 1)]
            self.left_axis.set_labels(ticks)
            self.time_view.set_length(peaks.n_samples, peaks.sample_rate)
        self.set_position(None)
        self.set_has_content(peaks is not None)

    def set_region(self, region: LoopRegion | None) -> None:
        self.mover.set_region(region)

    def set_grid(self, bar_samples: float | None, first_sample: int) -> None:
        self.item.bar_samples = bar_samples if bar_samples and bar_samples >= 1.0 else None
        self.item.first_bar_sample = first_sample
        self.region_shown.emit()
        self.invalidate()

    def _on_region_shown(self) -> None:
        self.item.region = self.mover.region
        self.region_shown.emit()
        self.invalidate()

    # --- edges ---

    def _light(self, edge: int | None) -> None:
        if edge != self.item.lit_edge:
            self.item.lit_edge = edge
            self.invalidate()

    def _edge_near(self, x: float) -> int | None:
        region = self.region
        if region is None:
            return None
        distances = [abs(self.x_of(sample) - x) for sample in (region.loop_start, region.loop_end)]
        # Where both are as near, the side of the cursor decides.
        nearest = START if (distances[0], x - self.x_of(region.loop_start)) <= (distances[1], 0.0) else END
        return nearest if distances[nearest] <= GRAB_PX else None

    # --- mouse ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        edge = self._edge_near(x) if event.button() == Qt.MouseButton.LeftButton else None
        region = self.region
        if edge is None or region is None:
            super().mousePressEvent(event)
            return
        self.mover.edge, self._dragging = edge, True
        self.mover.begin()
        # The edge stays where it was under the cursor: taking hold of it moves nothing.
        self._grab_offset = (region.loop_start, region.loop_end)[edge] - self.sample_at(x)
        self._light(edge)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragging and self.mover.edge is not None:
            self.mover.move(self.mover.edge, self.sample_at(x) + self._grab_offset)
        elif self._pan_from is not None:
            super().mouseMoveEvent(event)
        else:
            edge = self._edge_near(x)
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if edge is None else Qt.CursorShape.SizeHorCursor)
            self._light(edge if edge is not None else (self.mover.edge if self.hasFocus() else None))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.mover.settle()
        super().mouseReleaseEvent(event)

    # --- keys ---

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Have Tab go from edge to edge and then on, so that the keyboard is never caught here."""
        if self.region is not None and self.mover.edge == (START if forward else END):
            self._choose(END if forward else START)
            return True
        return bool(super().focusNextPrevChild(forward))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._choose(START if event.reason() == Qt.FocusReason.TabFocusReason else END)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.mover.is_moving and not self._dragging:
            self.mover.settle()
        self._light(None)

    def _choose(self, edge: int) -> None:
        self.mover.edge = edge
        self._light(edge if self.region is not None else None)
        self.region_shown.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, region = event.key(), self.region
        if key == Qt.Key.Key_Escape and self._dragging:
            self._dragging, self._pan_from = False, None
            self.mover.give_up()
        elif region is None:
            super().keyPressEvent(event)
            return
        elif key in START_KEYS or key in END_KEYS:
            self._choose(START if key in START_KEYS else END)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End) and not self._dragging:
            self._key_move(key, leap=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _key_move(self, key: int, *, leap: bool) -> None:
        view = self.time_view
        self.mover.begin()
        if self.mover.edge is None:
            self._choose(START)
        here = self.mover.sample
        step: float = ms_to_samples(KEY_LEAP_MS if leap else KEY_STEP_MS, view.sample_rate)
        if leap and self.item.bar_samples:
            step = self.item.bar_samples
        goal = {Qt.Key.Key_Left: here - step, Qt.Key.Key_Right: here + step, Qt.Key.Key_Home: 0.0}
        self.mover.move(self.mover.edge or START, goal.get(Qt.Key(key), float(view.n_samples)))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if self.mover.is_moving and not self._dragging and not event.isAutoRepeat():
            self.mover.settle()
            event.accept()

    def zoom_centre(self) -> float:
        """Return the sample that the keyboard zooms about: the keyboard's own edge comes first."""
        if self.mover.edge is not None and self.region is not None:
            return float(self.mover.sample)
        return super().zoom_centre()


class WaveformPanel(Panel):
    """The waveform panel shows waveform, loop region and playhead of the clip that plays, in samples of that clip."""

    region_changing = Signal(LoopRegion)
    """Signal to preview the region while an edge moves, at most every ``REGION_CHANGING_MS``."""
    region_changed = Signal(LoopRegion)
    """Signal that the edge was released, so that the work is done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Clip"))
        self.plot = WaveformPlot(self.tr("The clip that plays is drawn here."), self)
        self.plot.setAccessibleName(self.tr("Waveform with loop region"))
        self.plot.setToolTip(
            self.tr(
                "Drag an edge of the loop to change it. Drag elsewhere to move, turn the wheel to zoom, "
                "double click or press 0 or A to see all; Up and Down zoom.\n"
                "Keyboard: Tab, I and O (or [ and ]) choose an edge; the arrows move it by 1 ms, with Shift by a bar."
            )
        )
        self.body.addWidget(self.plot, 1)
        self.setFocusProxy(self.plot)
        self.chords_button = QPushButton(self.tr("Chords"), self.header)
        self.chords_button.setCheckable(True)
        self.chords_button.setChecked(True)
        self.chords_button.setVisible(False)
        set_role(self.chords_button, "inline")
        describe(
            self.chords_button,
            self.tr("Show the chords"),
            self.tr("Write the chords along the waveform, where the generator tells them"),
        )
        self.header.add_control(self.chords_button)
        self.chords_button.toggled.connect(self._on_chords_toggled)
        self._facts = MusicFacts()
        self.plot.region_changing.connect(self.region_changing)
        self.plot.region_changed.connect(self.region_changed)
        self.plot.region_shown.connect(self._tell_region)

    def set_clip(self, peaks: PeakPyramid | None) -> None:
        """Show another clip, or the hint. Region, grid, facts and playhead start empty; all of the clip is in view."""
        self._facts = MusicFacts()
        self.plot.set_clip(peaks)
        self.set_chords(())
        self._tell_region()

    def set_region(self, region: LoopRegion | None) -> None:
        """Show the loop region. Emits nothing; while the user holds an edge, the user's region stays."""
        self.plot.set_region(region)

    def set_position(self, sample: float | None) -> None:
        """Put the playhead on a sample of the clip, or take it away."""
        self.plot.set_position(sample)

    def set_grid(self, bar_samples: float | None, first_sample: int) -> None:
        """Draw bar lines every ``bar_samples`` from ``first_sample`` on; None takes them away."""
        self.plot.set_grid(bar_samples, first_sample)

    def set_chords(self, chords: tuple[PlayedChord, ...]) -> None:
        """Write these chords along the waveform, as long as the person wants them; none where none are known."""
        self.plot.chords.chords = chords
        self.chords_button.setVisible(bool(chords))
        self.plot.invalidate()

    def _on_chords_toggled(self, is_on: bool) -> None:
        self.plot.chords.setVisible(is_on)
        self.plot.invalidate()

    def set_facts(self, facts: MusicFacts) -> None:
        """Show in the header what is known of the music, beside the region."""
        self._facts = facts
        self._tell_region()

    def _tell_region(self) -> None:
        region, rate = self.plot.region, self.plot.time_view.sample_rate
        parts: list[str] = []
        if region is not None:
            start_s, end_s = samples_to_seconds(region.loop_start, rate), samples_to_seconds(region.loop_end, rate)
            parts.append(
                self.tr("loop {start:.3f} – {end:.3f} s · {length:.3f} s").format(
                    start=Figure(start_s), end=Figure(end_s), length=Figure(end_s - start_s)
                )
            )
            if bar := self.plot.item.bar_samples:
                n_bars = round(region.n_samples / bar)
                if n_bars >= 1 and abs(region.n_samples / bar - n_bars) <= WHOLE_BARS_WITHIN:
                    parts.append(self.tr("1 bar") if n_bars == 1 else self.tr("{n} bars").format(n=n_bars))
        if self._facts.tempo_bpm:
            parts.append(self.tr("{bpm:.1f} bpm").format(bpm=Figure(self._facts.tempo_bpm)))
        if self._facts.key:
            parts.append(key_name(self._facts.key))
        self.header.set_info(" · ".join(parts))
        if region is not None:
            said = {START: self.tr("start at {s:.3f} s"), END: self.tr("end at {s:.3f} s")}
            edge = self.plot.mover.edge
            at_s = Figure(samples_to_seconds(self.plot.mover.sample, rate))
            words = [] if edge is None else [said[edge].format(s=at_s)]
            self.plot.setAccessibleDescription(" · ".join((*words, *parts)))


def _plot_height(peaks: PeakPyramid) -> float:
    """Return the smallest of ``PLOT_HEIGHTS`` that holds the clip's loudest peak."""
    coarsest = peaks.levels[-1]
    loudest = float(max(coarsest.max(initial=0.0), -coarsest.min(initial=0.0)))
    return next((height for height in PLOT_HEIGHTS if loudest <= height), PLOT_HEIGHTS[-1])
