# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to what comes out is this endpoint: devices, meters, what is heard, and its recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session


class OutputEndpoint(QObject):
    """The output endpoint tells what is heard and where, keeps it and records it.

    Signals
    -------
    snapshot_taken(PlaybackSnapshot), meters_taken(Meters), device_changed(str, StudioError | None),
    devices_listed(tuple of OutputDevice), recording_begun(path): its file could be opened,
    check_tone_changed(bool): whether the check tone is heard
    """

    snapshot_taken = Signal(object)
    meters_taken = Signal(object)
    device_changed = Signal(str, object)
    devices_listed = Signal(object)
    recording_begun = Signal(str)
    check_tone_changed = Signal(bool)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._session = session
        session.player.snapshot_taken.connect(self.snapshot_taken.emit)
        session.recording.meters_taken.connect(self.meters_taken.emit)
        session.recording.begun.connect(self.recording_begun.emit)
        session.device_changed.connect(self.device_changed.emit)
        session.devices_listed.connect(self.devices_listed.emit)
        session.auditions.tone_changed.connect(self.check_tone_changed.emit)

    @Slot()
    def list_devices(self) -> None:
        """Ask for ``devices_listed``."""
        self._session.player.list_devices()

    @Slot()
    def play_check_tone(self) -> None:
        """Play two soft notes, left and then right, on the device that is set, whatever plays there."""
        self._session.auditions.ask_tone()

    @Slot()
    def end_check_tone(self) -> None:
        """Fade out the check tone, if it is heard."""
        self._session.auditions.end_tone()

    @Slot(bool)
    def watch(self, is_watched: bool) -> None:
        """Tell what is heard as often as pictures need it, or, while none is on the screen, seldom and unmetered."""
        self._session.player.watch(is_watched=is_watched)
        self._session.recording.watch(is_watched=is_watched)

    @Slot(str)
    def keep_heard(self, path: str) -> None:
        """Write what was heard in the last ten minutes, and which loops they were."""
        self._session.recording.keep(path)

    @Slot(str)
    def start_recording(self, path: str) -> None:
        """Record to this FLAC file what is heard from now on."""
        self._session.recording.record(path)

    @Slot()
    def stop_recording(self) -> None:
        """Finish the recording."""
        self._session.recording.stop_recording()

    @Slot(float)
    def hasten(self, speed: float) -> None:
        """Play on a silent clock from the next start on, ``speed`` times faster than life."""
        self._session.hasten(speed)
