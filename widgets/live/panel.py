# SPDX-License-Identifier: GPL-3.0-or-later
"""The live panel shows what is heard: its spectrum and third-octave bands, and its stereo image."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget

from engine.units import SILENCE_DB
from engine.values.live import BANDS, LiveReading
from widgets.controls import GAP_PX, describe, set_role
from widgets.figures import Figure
from widgets.live.bands_plot import BandsPlot, band_name
from widgets.live.levels import LiveLevels
from widgets.live.stereo_plot import StereoPlot
from widgets.motion import Motion
from widgets.panel import Panel

FRAME_MS: Final = 33
WORDS_MS: Final = 500
"""Milliseconds between two changes of what is shown in words, at least: figures that flicker cannot be read."""
SAID_MS: Final = 1000
"""Milliseconds between two tellings of the same to screen readers, at least."""
QUIET_DB: Final = -80.0
"""Level in dB below which no band is named as the loudest."""
UNSEEN_S: Final = 60.0
"""Seconds in which everything has sunk."""
SIDE_BY_SIDE: Final = 1.2
"""Ratio of width to height from which on bands and stereo image stand side by side."""


class LivePanel(Panel):
    """The live panel moves towards the readings that it is given, and sinks to rest when there are none.

    Signals
    -------
    reset_requested
        Peaks were forgotten, and the average is to begin anew.
    hold_toggled(bool)
        Whether peaks stand until they are reset.
    """

    reset_requested = Signal()
    hold_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Live"))
        self.levels = LiveLevels()
        self.bands = BandsPlot(self.levels, self)
        self.bands.setAccessibleName(self.tr("Spectrum of what is heard"))
        self.bands.setToolTip(
            self.tr(
                "Bars: the level in each third of an octave; the thin mark is its peak, the thick one its long-term "
                "average. The line is the spectrum.\nPoint at a band, or press Left and Right, to read it."
            )
        )
        self.stereo = StereoPlot(self)
        self.stereo.setAccessibleName(self.tr("Stereo image"))
        self.stereo.setToolTip(
            self.tr(
                "The stereo image: an upright line is mono, a wide cloud is wide, a flat one is out of phase; drawn as "
                "large as the loudest of late.\nBelow it the correlation of left and right: +1 is mono, 0 is wide, "
                "below 0 the channels cancel each other in mono."
            )
        )
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setContentsMargins(6, 0, 8, 6)
        self._row.setSpacing(GAP_PX)
        self._row.addWidget(self.bands, 3)
        self._row.addWidget(self.stereo, 1)
        self.body.addLayout(self._row, 1)
        self.setFocusProxy(self.bands)
        self.hold_button = QPushButton(self.tr("Peaks"), self.header)
        self.hold_button.setCheckable(True)
        self.reset_button = QPushButton(self.tr("Reset"), self.header)
        for button, name, tip, shortcut in (
            (self.hold_button, self.tr("Hold the peaks"), self.tr("Hold the peaks until they are reset"), ""),
            (
                self.reset_button,
                self.tr("Reset peaks and average"),
                self.tr("Forget the peaks, and begin the long-term average anew"),
                "Ctrl+Shift+P",
            ),
        ):
            set_role(button, "inline")
            describe(button, name, tip, shortcut=shortcut)
            self.header.add_control(button)
        self._reading: LiveReading | None = None
        self._motion = Motion()
        self._clock, self._since_words, self._since_said = QElapsedTimer(), QElapsedTimer(), QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_frame)
        self.hold_button.toggled.connect(self._on_hold_toggled)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.bands.pointed.connect(self._tell)
        self._tell()

    def is_seen(self) -> bool:
        """Return whether any of it is on the screen: not hidden, not behind another tab, not minimised."""
        return self.isVisible() and not self.window().isMinimized() and not self.bands.visibleRegion().isEmpty()

    def set_reading(self, reading: LiveReading | None) -> None:
        """Take what is heard now; None is nothing: then what is shown sinks, the average stays."""
        # Silence is shown as nothing is: what was heard last fades, and then no frame is painted.
        self._reading = None if reading is None or _is_silent(reading) else reading
        if not self._timer.isActive() and not (self._reading is None and self._is_at_rest()):
            self._clock.restart()
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_at_rest():
            self._clock.restart()
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def is_moving(self) -> bool:
        """Return whether something is shown that moves; only then a timer runs."""
        return self._timer.isActive()

    def _is_at_rest(self) -> bool:
        return self.levels.is_at_rest() and self.stereo.is_at_rest()

    @Slot()
    def _on_frame(self) -> None:
        passed_s = self._clock.restart() / 1000.0
        # Behind another tab it comes to rest at once: nothing is seen to sink.
        self.advance(passed_s if self._reading is not None or self.is_seen() else UNSEEN_S)
        if self._reading is None and self._is_at_rest():
            self._timer.stop()
            self._tell()

    def advance(self, seconds: float) -> None:
        """Move what is shown by ``seconds`` towards the last reading."""
        reading = self._reading
        self.levels.advance(seconds, reading)
        self.stereo.show_stereo(
            None if reading is None else reading.stereo, None if reading is None else reading.correlation
        )
        if self._motion.may_move() or self._is_at_rest():
            self.bands.update()
            self.stereo.update()
        if not self._since_words.isValid() or self._since_words.elapsed() >= WORDS_MS:
            self._show_words()
        if not self._since_said.isValid() or self._since_said.elapsed() >= SAID_MS:
            self._say()

    # --- in words ---

    def loudest(self) -> str:
        """Return the loudest band and its level; "" while all is quiet."""
        bands_db = self.levels.bands_db
        at = int(bands_db.argmax())
        if float(bands_db[at]) <= QUIET_DB:
            return ""
        return self.tr("{hz} Hz {db} dB").format(hz=band_name(BANDS[at][1]), db=_level(bands_db[at]))

    def pointed(self) -> str:
        """Return the band that is pointed at in words; "" while none is."""
        levels, band = self.levels, self.bands.band
        if band is None:
            return ""
        return self.tr("{hz} Hz: {db} dB, peak {peak}, average {average}").format(
            hz=band_name(BANDS[band][1]),
            db=_level(levels.bands_db[band]),
            peak=_level(levels.held_db[band]),
            average=_level(levels.average_db[band]),
        )

    @Slot()
    def _tell(self) -> None:
        self._show_words()
        self._say()

    def _show_words(self) -> None:
        self._since_words.restart()
        self.header.set_info(self.loudest())
        self.bands.set_caption(self.pointed())

    def _say(self) -> None:
        self._since_said.restart()
        pointed, loudest, nothing = self.pointed(), self.loudest(), self.tr("Nothing is heard.")
        parts = [pointed] if pointed else []
        if loudest:
            parts.append(self.tr("loudest band {band}").format(band=loudest))
        correlation = ""
        if self.stereo.correlation is not None:
            correlation = self.tr("correlation {value:.1f}").format(value=Figure(self.stereo.correlation))
            parts.append(correlation)
        self.bands.setAccessibleDescription(", ".join(parts) or nothing)
        self.stereo.setAccessibleDescription(correlation or nothing)

    # --- the hand ---

    def set_hold(self, holds: bool) -> None:
        """Hold the peaks until they are reset, or let them sink."""
        self.hold_button.setChecked(holds)

    @Slot(bool)
    def _on_hold_toggled(self, holds: bool) -> None:
        self.levels.holds = holds
        self.hold_toggled.emit(holds)
        self.set_reading(self._reading)

    @Slot()
    def _on_reset_clicked(self) -> None:
        self.levels.reset()
        self.bands.update()
        self._tell()
        self.reset_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= SIDE_BY_SIDE * self.height()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


def _is_silent(reading: LiveReading) -> bool:
    return float(reading.bands_db.max()) <= SILENCE_DB


def _level(db: float) -> str:
    return "−∞" if db <= SILENCE_DB else f"{Figure(db):.0f}"
