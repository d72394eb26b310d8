# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of the sound's way out: volume, level, device, latency, xruns."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.units import amplitude_to_db, db_to_amplitude
from widgets.controls import ControlPanel, ElidedLabel, LabelledSlider, set_role
from widgets.meter import LevelMeter

MUTE_DB = -60.0
"""The bottom of the volume's range, where the gain is 0."""
VOLUME_STEP_DB = 0.5


def volume_to_gain(volume_db: float) -> float:
    """Linear gain in [0, 1] of a volume in dB; 0 at ``MUTE_DB`` and below."""
    return 0.0 if volume_db <= MUTE_DB else min(db_to_amplitude(volume_db), 1.0)


def gain_to_volume(gain: float) -> float:
    """The volume in dB, in [MUTE_DB, 0], of a linear gain."""
    return min(max(amplitude_to_db(gain), MUTE_DB), 0.0)


class OutputPanel(ControlPanel):
    """Volume and level, and how the device is doing."""

    volume_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Output"))
        self.volume = LabelledSlider(
            self.tr("&Volume"),
            self.tr("How loud the studio plays; at the bottom it is mute, a double click plays at full level"),
            low=MUTE_DB,
            high=0.0,
            step=VOLUME_STEP_DB,
            page=6.0,
            words=self._volume_words,
            parent=self,
        )
        self.volume.slider.setObjectName("volume_slider")
        self.meter = LevelMeter(self)
        self.device_label = ElidedLabel("dim", self)
        self.latency_label = QLabel(self)
        self.xruns_label = QLabel(self)
        for label in (self.latency_label, self.xruns_label):
            set_role(label, "dim")
        self.rows.addWidget(self.volume)
        self.rows.addWidget(self.meter)
        self.rows.addWidget(self.device_label)
        row = self.add_row()
        row.addWidget(self.latency_label)
        row.addStretch(1)
        row.addWidget(self.xruns_label)
        self.rows.addStretch(1)
        self.xruns_label.setToolTip(self.tr("Times the sound could not keep up since the device was opened"))
        self.latency_label.setToolTip(self.tr("From mixing a sample to hearing it"))
        self.volume.moved.connect(self._on_volume_moved)
        self.volume.slider.double_clicked.connect(self._on_double_clicked)
        self.volume.set_value(0.0)
        self.set_device(None, 0.0)
        self.set_xruns(0)

    def volume_gain(self) -> float:
        """The linear gain in [0, 1] that the slider shows."""
        return volume_to_gain(self.volume.value())

    def set_volume(self, gain: float) -> None:
        """Show a linear gain in [0, 1] without a signal."""
        self.volume.set_value(gain_to_volume(gain))

    def set_levels(self, peak_db: tuple[float, float], rms_db: tuple[float, float]) -> None:
        """Show peak and RMS of the two channels, dBFS."""
        self.meter.set_levels(peak_db, rms_db)

    def set_device(self, name: str | None, latency_s: float) -> None:
        """Show where the sound goes and how long it takes; "" is the silent clock, None is before the first sound."""
        if name is None:
            text = self.tr("opens with the first sound")
        elif not name:
            text = self.tr("no sound output")
        else:
            # What PortAudio calls so is whatever the system's own settings choose.
            text = self.tr("System default") if name == "default" else name
        self.device_label.setText(text)
        self.latency_label.setText(self.tr("{ms} ms latency").format(ms=round(1000 * latency_s)) if name else " ")

    def set_xruns(self, n_xruns: int) -> None:
        text = self.tr("1 xrun") if n_xruns == 1 else self.tr("{n} xruns").format(n=n_xruns)
        set_role(self.xruns_label, "warning" if n_xruns else "dim")
        self.xruns_label.setText(text)

    def _volume_words(self, volume_db: float) -> str:
        if volume_db <= MUTE_DB:
            return self.tr("mute")
        return self.tr("{volume} dB").format(volume=f"{volume_db:.1f}".replace("-", "−"))

    def _on_volume_moved(self, volume_db: float) -> None:
        self.volume_changed.emit(volume_to_gain(volume_db))

    def _on_double_clicked(self) -> None:
        if self.volume.value() != 0.0:
            self.volume.set_value(0.0)
            self.volume_changed.emit(1.0)
