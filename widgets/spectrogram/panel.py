# SPDX-License-Identifier: GPL-3.0-or-later
"""The spectrogram panel shows the clip's spectrogram under the same time axis as its waveform, and reads it out."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from engine.units import samples_to_seconds
from engine.values import LoopRegion, PlayedChord, PlayedScore, SpectrogramImage
from engine.values.picture_options import (
    SPECTROGRAM_AXIS,
    SPECTROGRAM_COLOURS,
    SPECTROGRAM_FLOOR,
    SPECTROGRAM_WINDOW,
)
from widgets.controls import describe, set_role
from widgets.figures import Figure
from widgets.panel import Panel
from widgets.spectrogram.menu import DisplayButton
from widgets.spectrogram.pitch_labels import hertz_label, midi_of, note_name
from widgets.spectrogram.plot import Cursor, SpectrogramPlot
from widgets.spectrogram.reading import level_db
from widgets.timeline.music_grid import Bars
from widgets.timeline.waveform_panel import WaveformPanel


class SpectrogramPanel(Panel):
    """The spectrogram panel shows a log-frequency picture with the region's edges and the playhead, in clip samples.

    Signals
    -------
    display_chosen(str, str)
        The name of one of ``PICTURE_OPTIONS``, and the choice that the person made; it is shown at once, but for the
        window, which takes another picture.
    """

    display_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Spectrogram"))
        self.plot = SpectrogramPlot(self.tr("The clip's spectrogram is drawn here."), self)
        self.plot.setAccessibleName(self.tr("Spectrogram"))
        self.plot.setToolTip(
            self.tr(
                "How loud each pitch is over time: low notes below, bright is loud. The cursor reads time, bar and "
                "beat, frequency, note and level, and marks the strongest partials.\n"
                "Drag to move, turn the wheel to zoom, with Ctrl in pitch; double click or press 0 or A to see all.\n"
                "Keyboard: Left and Right move the cursor, with Shift by a beat; Shift+Up and Shift+Down by a "
                "semitone; P goes to the next partial, Escape takes the cursor away; Up and Down zoom, with Ctrl in "
                "pitch."
            )
        )
        self.body.addWidget(self.plot, 1)
        self.setFocusProxy(self.plot)
        self.notes_button = QPushButton(self.tr("Notes"), self.header)
        self.notes_button.setCheckable(True)
        self.notes_button.setVisible(False)
        set_role(self.notes_button, "inline")
        describe(
            self.notes_button,
            self.tr("Show the notes"),
            self.tr("Draw the notes over the spectrogram, where the generator tells them"),
        )
        self.header.add_control(self.notes_button)
        self.display_button = DisplayButton(self.header)
        self.header.add_control(self.display_button)
        self.notes_button.toggled.connect(self._on_notes_toggled)
        self.display_button.chosen.connect(self._on_chosen)
        self.plot.cursor_moved.connect(self._tell_cursor)

    def link(self, waveform: WaveformPanel) -> None:
        """Share one zoom and pan with another panel from now on, and its button for the chords."""
        self.plot.set_time_view(waveform.plot.time_view)
        waveform.chords_button.toggled.connect(self._on_chords_toggled)
        self._on_chords_toggled(waveform.chords_button.isChecked())

    def set_image(self, image: SpectrogramImage | None) -> None:
        """Show another clip's spectrogram, or the hint."""
        self.set_score(None)
        self.set_chords(())
        self.set_bars(None)
        self.plot.item.region = None
        self.plot.set_cursor(None)
        self.plot.set_position(None)
        self._show(image)
        self.plot.set_has_content(image is not None)

    def replace_image(self, image: SpectrogramImage) -> None:
        """Show another picture of the same clip: zoom, cursor and all that is drawn over it stay."""
        self._show(image)

    def _show(self, image: SpectrogramImage | None) -> None:
        if image is not None:
            self.plot.pitch.set_bounds(math.log2(image.low_hz), math.log2(image.high_hz))
            self.plot.time_view.set_length(image.n_samples, image.sample_rate)
        self.plot.set_image(image)
        self._tell_cursor()

    def set_score(self, score: PlayedScore | None) -> None:
        """Offer the notes of this score, in samples of the clip; None where they are not known."""
        self.plot.notes.score = score
        self.notes_button.setVisible(score is not None and any(part.notes for part in score.parts))
        self.plot.invalidate()

    def set_chords(self, chords: tuple[PlayedChord, ...]) -> None:
        """Write these chords along the top, as long as the person wants them; none where none are known."""
        self.plot.chords.chords = chords
        self.plot.invalidate()

    def set_bars(self, bars: Bars | None) -> None:
        """Draw bars and beats, and tell them at the cursor; None takes them away."""
        if bars != self.plot.music_grid.bars:
            self.plot.music_grid.bars = bars
            self.plot.invalidate()
            self._tell_cursor()

    @Slot(bool)
    def _on_notes_toggled(self, is_on: bool) -> None:
        self.plot.notes.setVisible(is_on)
        self.plot.invalidate()

    @Slot(bool)
    def _on_chords_toggled(self, is_on: bool) -> None:
        self.plot.chords.setVisible(is_on)
        self.plot.invalidate()

    def set_region(self, region: LoopRegion | None) -> None:
        """Show the loop region's edges."""
        self.plot.item.region = region
        self.plot.invalidate()

    def set_position(self, sample: float | None) -> None:
        """Put the playhead on a sample of the clip, or take it away."""
        self.plot.set_position(sample)

    # --- how it is drawn ---

    def set_display(self, name: str, choice: str) -> None:
        """Draw the picture as one of ``PICTURE_OPTIONS`` is chosen, without a signal."""
        self.display_button.set_choice(name, choice)
        plot = self.plot
        if name == SPECTROGRAM_AXIS.name:
            plot.set_axis(choice)
        elif name == SPECTROGRAM_COLOURS.name:
            plot.item.colours = choice
        elif name == SPECTROGRAM_FLOOR.name:
            plot.item.floor_db = float(choice)
            plot.set_cursor(plot.cursor_place)
        plot.invalidate()

    @Slot(str, str)
    def _on_chosen(self, name: str, choice: str) -> None:
        if name != SPECTROGRAM_WINDOW.name:
            self.set_display(name, choice)
        self.display_chosen.emit(name, choice)

    # --- what the cursor reads ---

    @Slot()
    def _tell_cursor(self) -> None:
        image, cursor = self.plot.item.image, self.plot.cursor_place
        if image is None:
            self.header.set_info("")
        elif cursor is None:
            lowest, highest = hertz_label(round(image.low_hz)), hertz_label(round(image.high_hz, -2))
            span = self.tr("{low} – {high} Hz").format(low=lowest, high=highest)
            self.header.set_info(span)
            self.plot.setAccessibleDescription(span)
        else:
            reading = self.reading(image, cursor)
            self.header.set_info(reading)
            if self.plot.partials:
                names = ", ".join(
                    f"{note_name(round(midi_of(one.octave)))} {Figure(one.db):.0f} dB" for one in self.plot.partials
                )
                reading += "\n" + self.tr("Partials: {names}").format(names=names)
            self.plot.setAccessibleDescription(reading)

    def reading(self, image: SpectrogramImage, cursor: Cursor) -> str:
        """Return time, bar and beat, frequency, note with cents, and level at the cursor, in words."""
        parts = [self.tr("{time:.3f} s").format(time=Figure(samples_to_seconds(cursor.sample, image.sample_rate)))]
        if bars := self.plot.music_grid.bars:
            bar, beat = bars.place_of(cursor.sample)
            parts.append(self.tr("bar {bar}.{beat}").format(bar=Figure(bar).__format__(".0f"), beat=beat))
        hz = 2.0**cursor.octave
        parts.append(self.tr("{hz} Hz").format(hz=f"{Figure(hz):.1f}" if hz < 100.0 else f"{Figure(hz):.0f}"))
        midi = midi_of(cursor.octave)
        cents = round(100.0 * (midi - round(midi)))
        parts.append(self.tr("{note} {cents:+} ct").format(note=note_name(round(midi)), cents=cents).replace("-", "−"))
        db = level_db(image, cursor.sample, cursor.octave)
        if db is None:
            parts.append(self.tr("below {db:.0f} dB").format(db=Figure(image.loudest_db + image.floor_db)))
        else:
            parts.append(self.tr("{db:.0f} dB").format(db=Figure(db)))
        return " · ".join(parts)
