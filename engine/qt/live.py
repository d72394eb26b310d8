# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to what comes in is this endpoint: the input, and the phrases that are recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.jam.looper import Looper
    from engine.session.live_input import LiveInput
    from engine.values.inputs import InputAsked


class LiveEndpoint(QObject):
    """The live endpoint opens and closes an input; phrases are acts of the jam.

    Signals
    -------
    input_told(InputSnapshot | None), inputs_listed(tuple of InputDevice), input_failed(StudioError),
    monitor_closed(): it was about to howl, looper_changed(LooperState), looper_failed(StudioError)
    """

    input_told = Signal(object)
    inputs_listed = Signal(object)
    input_failed = Signal(object)
    monitor_closed = Signal()
    looper_changed = Signal(object)
    looper_failed = Signal(object)

    def attach(self, live: LiveInput, looper: Looper) -> None:
        """Stand before this input and this looper from now on."""
        self._live, self._looper = live, looper
        live.told.connect(self.input_told.emit)
        live.listed.connect(self.inputs_listed.emit)
        live.failed.connect(self.input_failed.emit)
        live.monitor_closed.connect(self.monitor_closed.emit)
        looper.changed.connect(self.looper_changed.emit)
        looper.failed.connect(self.looper_failed.emit)

    @Slot()
    def list_inputs(self) -> None:
        """Ask for ``inputs_listed``."""
        self._live.list()

    @Slot(object)
    def open(self, asked: InputAsked) -> None:
        """Take in what comes from a device; the looper records of it."""
        self._live.open(asked)
        self._looper.played = self._live

    @Slot()
    def close(self) -> None:
        """Take in nothing any more; what is being recorded is dropped."""
        self._looper.cancel()
        self._looper.played = None
        self._live.close()

    @Slot(float)
    def set_gain(self, gain_db: float) -> None:
        """Take in louder or softer, dB."""
        self._live.set_gain(gain_db)

    @Slot(bool)
    def hear(self, is_heard: bool) -> None:
        """Have what comes in be heard, or not."""
        self._live.hear(is_heard=is_heard)
