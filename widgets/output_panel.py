# SPDX-License-Identifier: GPL-3.0-or-later
"""The output panel shows how the sound goes out: volume, level, loudness, true peak, device, latency, xruns."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from engine.units import SILENCE_DB
from engine.values import Meters
from engine.values.options import VOLUME
from engine.values.volume import gain_to_volume, volume_to_gain
from widgets.controls import ElidedLabel, LabelledSlider, describe, set_role
from widgets.figures import Figure
from widgets.meter import LevelMeter
from widgets.panel import ControlPanel
from widgets.parameter_rows import words

VOLUME_STEP_DB = 0.5
HOT_DBTP = -1.0
"""True peak in dBTP above which it is told in amber: the limiter's ceiling, with a hair's breadth for rounding."""
HAIR_DB = 0.05
QUIET_LUFS = -70.0
"""Loudness in LUFS below which there is silence (the absolute gate of ITU-R BS.1770)."""


def device_title(name: str) -> str:
    """Return an output device's name as people read it."""
    # What PortAudio calls so is whatever the system's own settings choose.
    return QCoreApplication.translate("OutputPanel", "System default") if name == "default" else name


def volume_in_words(volume_db: float) -> str:
    """Return ``−6.0 dB`` or ``mute`` in the person's language."""
    if volume_db <= VOLUME.low:
        return QCoreApplication.translate("OutputPanel", "mute")
    text = QCoreApplication.translate("OutputPanel", "{volume} dB")
    return text.format(volume=f"{Figure(volume_db):.1f}")


class OutputPanel(ControlPanel):
    """The output panel shows volume and level, and how the device is doing."""

    volume_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Output"))
        self.volume = LabelledSlider(
            self.tr("&Volume"),
            words(VOLUME.tooltip),
            low=VOLUME.low,
            high=VOLUME.high,
            step=VOLUME_STEP_DB,
            page=6.0,
            words=volume_in_words,
            parent=self,
        )
        self.volume.slider.setObjectName("volume_slider")
        self.meter = LevelMeter(self)
        self.true_peak_button = QPushButton(self)
        set_role(self.true_peak_button, "figure")
        describe(
            self.true_peak_button,
            self.tr("Highest true peak"),
            self.tr("The highest true peak while panels were shown, amber above −1 dBTP; press to begin anew"),
            shortcut="Alt+P",
        )
        self._true_peak_db = SILENCE_DB
        self.device_label = ElidedLabel("dim", self)
        self.latency_label = QLabel(self)
        self.xruns_label = QLabel(self)
        for label in (self.latency_label, self.xruns_label):
            set_role(label, "dim")
        self.rows.addWidget(self.volume)
        self.rows.addWidget(self.meter)
        figures, device = self.add_row(), self.add_row()
        figures.addWidget(self.true_peak_button)
        figures.addStretch(1)
        figures.addWidget(self.xruns_label)
        device.addWidget(self.device_label, 1)
        device.addWidget(self.latency_label)
        self.rows.addStretch(1)
        self.xruns_label.setToolTip(self.tr("Times the sound could not keep up since the device was opened"))
        self.latency_label.setToolTip(self.tr("From mixing a sample to hearing it"))
        self.volume.moved.connect(self._on_volume_moved)
        self.volume.slider.double_clicked.connect(self._on_double_clicked)
        self.true_peak_button.clicked.connect(self.forget_true_peak)
        self.volume.set_value(0.0)
        self.set_device(None, 0.0)
        self.set_xruns(0)
        self.forget_true_peak()
        self.set_meters(None)

    def volume_gain(self) -> float:
        """Return the linear gain in [0, 1] that the slider shows."""
        return volume_to_gain(self.volume.value())

    def set_volume(self, gain: float) -> None:
        """Show a linear gain in [0, 1] without a signal."""
        self.volume.set_value(gain_to_volume(gain))

    def set_levels(self, peak_db: tuple[float, float], rms_db: tuple[float, float]) -> None:
        """Show peak and RMS of the two channels, dBFS."""
        self.meter.set_levels(peak_db, rms_db)

    def set_meters(self, meters: Meters | None) -> None:
        """Show the loudness of the last seconds and the highest true peak so far; None when nothing plays."""
        loudness_lufs = SILENCE_DB if meters is None else meters.short_term_lufs
        # A figure that stays where it is while it changes.
        words = f"{Figure(loudness_lufs):.1f}" if loudness_lufs > QUIET_LUFS else "−∞"
        self.header.set_info(self.tr("{loudness} LUFS").format(loudness=words))
        if meters is not None and meters.true_peak_db > self._true_peak_db:
            self._true_peak_db = meters.true_peak_db
            self._show_true_peak()

    def forget_true_peak(self) -> None:
        """Begin anew to look for the highest true peak."""
        self._true_peak_db = SILENCE_DB
        self._show_true_peak()

    def _show_true_peak(self) -> None:
        peak_db = self._true_peak_db
        words = f"{Figure(peak_db):.1f}" if peak_db > SILENCE_DB else "−∞"
        self.true_peak_button.setText(self.tr("true peak {peak} dBTP").format(peak=words))
        hot = peak_db > HOT_DBTP + HAIR_DB
        set_role(self.true_peak_button, "figure_hot" if hot else "figure")

    def set_device(self, name: str | None, latency_s: float) -> None:
        """Show where the sound goes and its latency; "" is the silent clock, None is before the first sound."""
        if name is None:
            text = self.tr("opens with the first sound")
        elif not name:
            text = self.tr("no sound output")
        else:
            text = device_title(name)
        self.device_label.setText(text)
        self.latency_label.setText(self.tr("{ms} ms latency").format(ms=round(1000 * latency_s)) if name else " ")

    def words(self) -> str:
        """Return where the sound goes and how it is doing, in one line."""
        labels = self.device_label, self.latency_label, self.xruns_label
        return " · ".join(one.text() for one in labels if one.text().strip())

    def set_xruns(self, n_xruns: int) -> None:
        text = self.tr("1 xrun") if n_xruns == 1 else self.tr("{n} xruns").format(n=n_xruns)
        set_role(self.xruns_label, "warning" if n_xruns else "dim")
        self.xruns_label.setText(text)

    def _on_volume_moved(self, volume_db: float) -> None:
        self.volume_changed.emit(volume_to_gain(volume_db))

    def _on_double_clicked(self) -> None:
        if self.volume.value() != 0.0:
            self.volume.set_value(0.0)
            self.volume_changed.emit(1.0)
