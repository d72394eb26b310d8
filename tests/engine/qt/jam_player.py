# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has a performer who plays a jam in the studio's own processes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.paths import RESOURCES
from engine.errors import StudioError
from engine.qt.studio import StudioEngine
from engine.session.options import Places, StudioOptions
from engine.values import ChannelSnapshot
from engine.values.jam import JamState

TARGET_LUFS = -30.0
"""Loudness of its loops, so faint that the limiter leaves all as it is."""


class Player(QObject):
    """A performer's hands and ears: acts in, what the jam tells out."""

    act = Signal(object)
    speed = Signal(float)
    opening = Signal(str)

    def __init__(self, folder: Path, *, is_heard: bool = False) -> None:
        super().__init__()
        # A latency that holds on machines that are noisy.
        options = StudioOptions(
            "lofi",
            volume=1.0 if is_heard else 0.0,
            latency_s=0.2,
            target_lufs=TARGET_LUFS,
            library_folder=str(folder.with_name("library")),
        )
        self.engine = StudioEngine(options, Places(str(RESOURCES / "starters"), jam_folder=str(folder)))
        self.states: list[JamState] = []
        self.failures: list[StudioError] = []
        self.heard: list[tuple[float, tuple[ChannelSnapshot, ...]]] = []
        jam = self.engine.jam
        self.act.connect(jam.act)
        self.speed.connect(self.engine.output.hasten)
        jam.changed.connect(self._on_changed)
        jam.failed.connect(self._on_failed)
        jam.heard.connect(self._on_heard)
        self.opening.connect(jam.open)
        self.engine.start()
        if not is_heard:
            self.speed.emit(4.0)

    @Slot(object)
    def _on_changed(self, state: JamState) -> None:
        self.states.append(state)

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        self.failures.append(error)

    @Slot(float, object)
    def _on_heard(self, bars: float, channels: tuple[ChannelSnapshot, ...]) -> None:
        self.heard.append((bars, channels))
