# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the jam: acts in, its state out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import StudioError
from engine.qt.pacing import Paced

if TYPE_CHECKING:
    from engine.session.jam.autosave import JamKeeper
    from engine.session.jam.jam import Jam
    from engine.session.jam.recording import JamRecorder
    from engine.session.jam.takes import JamTakes
    from engine.session.ports import Clock
    from engine.values.jam_acts import JamAct
    from engine.values.jam_recording import JamRecordingOrder


class JamEndpoint(QObject):
    """The jam's endpoint.

    Signals
    -------
    changed(JamState), heard(bars, channels): bars over on the clock, and the snapshots of the mixer's channels,
    failed(StudioError), opened(folder), kept(folder), recording_changed(JamRecordingState),
    takes_changed(tuple of JamTake), take_written(path), take_heard(bool): whether a take is heard from now on
    """

    changed = Signal(object)
    heard = Signal(float, object)
    failed = Signal(object)
    opened = Signal(str)
    kept = Signal(str)
    recording_changed = Signal(object)
    takes_changed = Signal(object)
    take_written = Signal(str)
    take_heard = Signal(bool)

    def attach(self, jam: Jam, keeper: JamKeeper, recorder: JamRecorder, takes: JamTakes, clock: Clock) -> None:
        """Stand before this jam from now on."""
        # A knob of MIDI changes the jam a thousand times a second.
        self._paced = Paced(clock, self.changed.emit)
        self._jam, self._keeper, self._recorder, self._takes = jam, keeper, recorder, takes
        takes.changed.connect(self.takes_changed.emit)
        takes.written.connect(self.take_written.emit)
        takes.heard.connect(self.take_heard.emit)
        takes.failed.connect(self.failed.emit)
        recorder.changed.connect(self.recording_changed.emit)
        jam.changed.connect(self._paced.tell)
        jam.heard.connect(self.heard.emit)
        jam.failed.connect(self.failed.emit)
        keeper.failed.connect(self.failed.emit)
        keeper.opened.connect(self.opened.emit)
        keeper.kept.connect(self.kept.emit)
        self._paced.tell(jam.state())

    @Slot(object)
    def act(self, one: JamAct) -> None:
        """Have the jam do this; what cannot be is told by ``failed``."""
        from engine.session.jam.acting import act

        try:
            act(self._jam, one)
        except StudioError as error:
            self.failed.emit(error)

    @Slot(object)
    def record(self, order: JamRecordingOrder) -> None:
        """Record to a file from the next bar on; a jam that stands is started after a count-in."""
        self._recorder.record(order)

    @Slot()
    def stop_recording(self) -> None:
        """End the recording with the bar that plays."""
        self._recorder.stop()

    @Slot(str, int, int)
    def cut_take(self, path: str, first: int, end: int) -> None:
        """Write some bars of a take beside it, as a take of its own."""
        self._takes.cut(path, first, end)

    @Slot(str, str, int, int)
    def export_take(self, path: str, target: str, first: int, end: int) -> None:
        """Write some bars of a take in another place or format."""
        self._takes.export(path, target, first, end)

    @Slot(str, int, int)
    def hear_take(self, path: str, first: int, end: int) -> None:
        """Have some bars of a take be heard."""
        self._takes.hear(path, first, end)

    @Slot(str, float)
    def hear_file(self, path: str, from_s: float) -> None:
        """Have a file be heard from a place on."""
        self._takes.hear_file(path, from_s)

    @Slot()
    def hush_take(self) -> None:
        """Fade out what is heard of a take."""
        self._takes.hush()

    @Slot(str, str)
    def rename_take(self, path: str, new_path: str) -> None:
        """Take note that a take's file has another name; "" is that it is gone."""
        if new_path:
            self._takes.rename(path, new_path)
        else:
            self._takes.forget(path)

    @Slot(str)
    def open(self, folder: str) -> None:
        """Have the jam be the one that a folder keeps."""
        self._keeper.open(folder)

    @Slot(str)
    def keep(self, folder: str) -> None:
        """Keep the jam in a folder."""
        self._keeper.keep(folder)
