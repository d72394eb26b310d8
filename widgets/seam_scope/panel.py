# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam scope shows the seam of the loop that plays at sample level; its edges are nudged, its joint is heard."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from engine.units import samples_to_ms, samples_to_seconds
from engine.values import LoopRegion, OverlapLimit, SeamPicture, SeamProof, Snap, nearest_place, place_beyond
from engine.values.seam_options import SEAM_AFTER, SEAM_BEFORE, SEAM_DIFFERENCE, SEAM_GAINS, SEAM_RENDERED, SEAM_SNAP
from widgets.controls import Combo, describe, set_role
from widgets.figures import Figure
from widgets.panel import PANEL_MARGIN_PX, Panel
from widgets.parameter_rows import words
from widgets.seam_scope.layers import Layer, LayerButton, SeamWaves
from widgets.seam_scope.layout import ControlGroup, GroupRows, WavesWithSpectrum
from widgets.seam_scope.mend_button import MendButton
from widgets.seam_scope.plot import KEY_LEAP, SeamPlot
from widgets.seam_scope.spectrum import SeamSpectrum
from widgets.timeline.edge_mover import END, START, EdgeMover

AUDITION_TIMES: Final = 8
"""Number of times that the seam is heard when it is asked for."""
SETTLED_AFTER_MS: Final = 300
"""Milliseconds after the last press of a button that moves an edge when the loop plays as it is now."""
OPTION_OF: Final = {
    Layer.BEFORE: SEAM_BEFORE,
    Layer.AFTER: SEAM_AFTER,
    Layer.DIFFERENCE: SEAM_DIFFERENCE,
    Layer.RENDERED: SEAM_RENDERED,
    Layer.GAINS: SEAM_GAINS,
}
"""Options that remember which layers are shown."""
LEAST_PLOT_PX: Final = 200, 96
LAYERS_GAP_PX: Final = 2
"""Pixels between the buttons of the layers: in no language they may ask for more room than a narrow column has."""
ROWS_GAP_PX: Final = 4
"""Pixels between the controls and the waves."""
UNKNOWN: Final = "–"


class SeamScopePanel(Panel):
    """The seam scope shows both sides of a seam over each other, the rendered loop, the gains and the spectra.

    Signals
    -------
    region_changing(LoopRegion), region_changed(LoopRegion)
        As ``WaveformPanel`` has them, in samples of the clip.
    snap_changed(Snap)
        The person chose what edges snap to.
    audition_requested(LoopRegion, int), audition_ended()
        The seam of this region is to be heard so many times; no more.
    """

    region_changing = Signal(LoopRegion)
    region_changed = Signal(LoopRegion)
    snap_changed = Signal(object)
    audition_requested = Signal(object, int)
    audition_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Seam"))
        self._picture: SeamPicture | None = None
        self._proof: SeamProof | None = None
        self._sample_rate = 0
        self._snap = Snap.NOTHING
        self._channel: int | None = None
        self.mover = EdgeMover(self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED_AFTER_MS)
        self._build_plot()
        self._build_layers()
        self._build_edges()
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(ROWS_GAP_PX)
        controls = QVBoxLayout()
        controls.setContentsMargins(PANEL_MARGIN_PX, 0, PANEL_MARGIN_PX, 0)
        self._controls = GroupRows(self._layers, self._edges)
        controls.addWidget(self._controls)
        rows.addLayout(controls)
        rows.addWidget(WavesWithSpectrum(self.plot, self.spectrum), 1)
        self.hold(content)
        self._connect()
        self._choose(START)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _build_plot(self) -> None:
        self.plot = SeamPlot(self.tr("The seam of the loop that plays is drawn here."), self)
        self.plot.setMinimumSize(*LEAST_PLOT_PX)
        self.plot.setAccessibleName(self.tr("Seam at sample level"))
        self.plot.setToolTip(
            self.tr(
                "Above: what goes out at the loop's end and what comes in at its start, over each other, and their "
                "difference. Below: the loop as it is heard, with the gains. 0 ms is the joint; "
                "where the clip has no more music, nothing is drawn.\n"
                "Turn the wheel to zoom, drag to move, double click or press 0 or A to see all; Up and Down zoom, "
                "Home goes to the joint.\n"
                "Keyboard: I and O (or [ and ]) choose an edge; the arrows move it by a sample, with Shift by ten, "
                "or from one place to snap to to the next; S sends it to the nearest."
            )
        )
        self.spectrum = SeamSpectrum(self)
        self.setFocusProxy(self.plot)

    def _build_layers(self) -> None:
        self._layers = ControlGroup()
        self._layers.row.setSpacing(LAYERS_GAP_PX)
        names = {
            Layer.BEFORE: self.tr("Before"),
            Layer.AFTER: self.tr("After"),
            Layer.DIFFERENCE: self.tr("Diff."),
            Layer.RENDERED: self.tr("Result"),
            Layer.GAINS: self.tr("Gains"),
        }
        self.layer_buttons = {layer: LayerButton(layer, names[layer]) for layer in Layer}
        for layer, button in self.layer_buttons.items():
            describe(button, words(OPTION_OF[layer].title), words(OPTION_OF[layer].tooltip))
            self._layers.row.addWidget(button)
        self._layers.row.addStretch(1)
        # In this row, the shorter one, the panel need be no wider for it.
        self.mend_button = MendButton()
        self._layers.row.addWidget(self.mend_button)
        self.channel_button = QPushButton("L+R", self.header)
        set_role(self.channel_button, "inline")
        self.channel_button.setVisible(False)
        self.header.add_control(self.channel_button)
        self._show_channel()

    def _build_edges(self) -> None:
        self._edges = ControlGroup()
        self.edge_buttons = (QPushButton(self.tr("In")), QPushButton(self.tr("Out")))
        for button, name, keys in zip(
            self.edge_buttons, (self.tr("Nudge the loop's start"), self.tr("Nudge the loop's end")), "IO", strict=True
        ):
            button.setCheckable(True)
            describe(
                button, name, self.tr("The edge that arrows and buttons move ({key} in the plot)").format(key=keys)
            )
        earlier, later = QPushButton("‹"), QPushButton("›")
        self.step_buttons = (earlier, later)
        tip = self.tr("By a sample, with Shift by ten; or to the next place to snap to")
        describe(earlier, self.tr("Move the edge earlier"), tip)
        describe(later, self.tr("Move the edge later"), tip)
        for button in (*self.edge_buttons, *self.step_buttons):
            set_role(button, "inline")
            self._edges.row.addWidget(button)
        for button in self.step_buttons:
            button.setAutoRepeat(True)
        self.snap_combo = Combo()
        set_role(self.snap_combo, "inline")
        describe(self.snap_combo, words(SEAM_SNAP.title), words(SEAM_SNAP.tooltip))
        for snap, text in (
            (Snap.NOTHING, self.tr("No snap")),
            (Snap.CROSSINGS, self.tr("Zero crossings")),
            (Snap.BEATS, self.tr("Beats")),
        ):
            self.snap_combo.addItem(text, snap)
        self._edges.row.addWidget(self.snap_combo, 1)
        self.hear_button = QPushButton(self.tr("Hear ×{n}").format(n=AUDITION_TIMES))
        self.hear_button.setCheckable(True)
        set_role(self.hear_button, "inline")
        describe(
            self.hear_button,
            self.tr("Hear the seam {n} times").format(n=AUDITION_TIMES),
            self.tr("Hear half a second before the joint and after it, again and again; what plays grows quiet"),
            shortcut="Ctrl+Shift+H",
        )
        self._edges.row.addWidget(self.hear_button)

    def _connect(self) -> None:
        for button in self.layer_buttons.values():
            button.toggled.connect(self._on_layers_toggled)
        self.channel_button.clicked.connect(self._on_channel_clicked)
        for edge, edge_button in enumerate(self.edge_buttons):
            edge_button.clicked.connect(partial(self._choose, edge))
        for sign, step_button in zip((-1, 1), self.step_buttons, strict=True):
            step_button.clicked.connect(partial(self._on_step_clicked, sign))
        self.snap_combo.activated.connect(self._on_snap_activated)
        self.hear_button.clicked.connect(self._on_hear_clicked)
        self.plot.edge_chosen.connect(self._choose)
        self.plot.nudged.connect(self._nudge)
        self.plot.nudging_ended.connect(self._settle)
        self.plot.snap_requested.connect(self._on_snap_requested)
        self._settling.timeout.connect(self._settle)
        self.mover.shown.connect(self._follow)
        self.mover.changing.connect(self.region_changing)
        self.mover.changed.connect(self.region_changed)

    def needed_size(self) -> QSize:
        """Return the least size, without the header, at which the panel is whole, however wide it is now."""
        controls, plot = self._controls.most_size(), self.plot.minimumSize()
        width = max(controls.width() + 2 * PANEL_MARGIN_PX, plot.width())
        needed = QSize(width, controls.height() + ROWS_GAP_PX + plot.height())
        return needed.grownBy(self.body.contentsMargins())

    # --- values -------------------------------------------------------------------------------------------------------

    def set_clip(self, n_samples: int, sample_rate: int) -> None:
        """Show the seam of another clip, whose region, picture and proof are to come; of length 0 without a loop."""
        self._settling.stop()
        self._sample_rate = sample_rate
        self._proof = None
        self.mover.set_clip(n_samples, sample_rate)
        self.set_picture(None)

    def set_region(self, region: LoopRegion | None, proof: SeamProof | None) -> None:
        """Show the region that plays and the proof of its seam; while a hand moves an edge, the hand's region stays."""
        self._proof = proof
        self.mover.set_region(region)

    def set_picture(self, picture: SeamPicture | None) -> None:
        """Show the picture of the seam, or the hint."""
        self._picture = picture
        n_channels = 0 if picture is None else picture.n_channels
        self.channel_button.setVisible(n_channels > 1)
        if picture is not None:
            self._offer_beats(bool(picture.places.beats.size))
        self._draw()
        self._follow()

    def set_snap(self, snap: Snap) -> None:
        """Choose what edges snap to, without a signal."""
        self._snap = snap
        self.snap_combo.setCurrentIndex(self.snap_combo.findData(snap))

    def set_audition(self, is_heard: bool) -> None:
        """Show whether the seam is being heard by itself."""
        self.hear_button.setChecked(is_heard)

    # --- showing ------------------------------------------------------------------------------------------------------

    def layers(self) -> set[Layer]:
        """Return the layers that are shown."""
        return {layer for layer, button in self.layer_buttons.items() if button.isChecked()}

    def _draw(self) -> None:
        picture = self._picture
        self.plot.set_waves(
            None if picture is None else SeamWaves(picture, self._channel),
            0 if picture is None else picture.sample_rate,
        )
        self.spectrum.set_spectra(None if picture is None else picture.spectra)

    def _follow(self) -> None:
        """Show the edges, and what is known of their seam, in the header."""
        region, rate = self.mover.region, self._sample_rate
        has_region = region is not None and rate > 0
        for button in (*self.edge_buttons, *self.step_buttons, self.hear_button):
            button.setEnabled(has_region)
        self.mend_button.set_has_loop(has_region)
        if region is None or not has_region:
            self.header.set_info("")
            return
        proof = None if self.mover.is_moving else self._proof
        step = UNKNOWN if proof is None else f"{Figure(proof.step):.1f}"
        dip = UNKNOWN if proof is None else f"{Figure(proof.dip_db):.1f}"
        start_s, end_s = (Figure(samples_to_seconds(one, rate)) for one in (region.loop_start, region.loop_end))
        parts = [
            f"{region.loop_start} – {region.loop_end}",
            self.tr("step {step}").format(step=step),
            self.tr("dip {dip} dB").format(dip=dip),
        ]
        if self._picture is not None and self._picture.limit is OverlapLimit.WHOLE:
            ms = samples_to_ms(self._picture.overlap_samples, rate)
            parts.append(self.tr("whole clip: its step is spread over {ms:.0f} ms").format(ms=Figure(ms)))
        text = " · ".join(parts)
        self.header.set_info(text)
        at = self.tr("end at sample {n}") if self.mover.edge == END else self.tr("start at sample {n}")
        # Seen, seconds would be cut, and stand in the clip's header; heard, they are told here too.
        self.plot.setAccessibleDescription(f"{at.format(n=self.mover.sample)} · {text} · {start_s:.4f} – {end_s:.4f} s")

    def _offer_beats(self, has_beats: bool) -> None:
        model = self.snap_combo.model()
        if isinstance(model, QStandardItemModel):
            model.item(self.snap_combo.findData(Snap.BEATS)).setEnabled(has_beats)

    def _show_channel(self) -> None:
        name = "L+R" if self._channel is None else "LR"[self._channel]
        self.channel_button.setText(name)
        describe(
            self.channel_button,
            self.tr("Channel that is drawn: {name}").format(name=name),
            self.tr("Draw the mean of both channels, the left one or the right one"),
        )

    # --- moving an edge -----------------------------------------------------------------------------------------------

    def _choose(self, edge: int) -> None:
        self.mover.edge = edge
        for number, button in enumerate(self.edge_buttons):
            button.setChecked(number == edge)
        self._follow()

    def _nudge(self, n_steps: int) -> None:
        """Move the chosen edge by samples, or from place to place where it snaps and places are known."""
        if self.mover.region is None:
            return
        goal: int | None = self.mover.sample + n_steps
        picture = self._picture
        if picture is not None and picture.places.of(self._snap).size:
            places = picture.places.of(self._snap)
            if self._snap is Snap.BEATS and abs(n_steps) > 1 and picture.places.downbeats.size:
                places, n_steps = picture.places.downbeats, n_steps // abs(n_steps)
            goal = place_beyond(places, self.mover.sample, n_steps)
        self._move_to(goal)

    def _move_to(self, goal: int | None) -> None:
        if goal is not None:
            self.mover.begin()
            self.mover.move(self.mover.edge or START, goal)

    def _settle(self) -> None:
        self._settling.stop()
        if self.mover.is_moving:
            self.mover.settle()
            self._follow()

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_step_clicked(self, sign: int) -> None:
        shifted = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self._nudge(sign * (KEY_LEAP if shifted else 1))
        self._settling.start()

    def _on_snap_requested(self) -> None:
        if self._picture is not None and self.mover.region is not None:
            self._move_to(nearest_place(self._picture.places.of(self._snap), self.mover.sample))
            self._settle()

    def _on_snap_activated(self) -> None:
        self._snap = Snap(self.snap_combo.currentData())
        self.snap_changed.emit(self._snap)

    def _on_layers_toggled(self) -> None:
        layers = self.layers()
        self.plot.set_layers(layers)
        self.spectrum.set_layers(layers)

    def _on_channel_clicked(self) -> None:
        self._channel = {None: 0, 0: 1, 1: None}[self._channel]
        self._show_channel()
        self._draw()

    def _on_hear_clicked(self, is_wanted: bool) -> None:
        if is_wanted and self.mover.region is not None:
            self.audition_requested.emit(self.mover.region, AUDITION_TIMES)
        else:
            self.hear_button.setChecked(False)
            self.audition_ended.emit()
