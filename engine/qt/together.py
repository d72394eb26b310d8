# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to others who play, by MIDI and Link, by a process of its own that runs while it is wanted."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import StudioError
from engine.qt.generator_hosts import HostLink
from engine.qt.pacing import Paced
from engine.together.clock_out import JamPlace
from engine.together.messages import KeepMap, OpenTogether, PlayingSet, TempoSet
from engine.values.midi import MidiMap, MidiMessage, MidiPorts
from engine.values.together import LeaderState

if TYPE_CHECKING:
    from engine.session.jam.controls import JamControls
    from engine.session.jam.following import JamFollower
    from engine.session.ports import Clock
    from engine.together.messages import TogetherPlan
    from engine.values.midi import MidiControl

MODULE = "engine.together.process"


class TogetherEndpoint(QObject):
    """The endpoint owns the process; one that dies is followed by another, which goes by the same plan.

    Signals
    -------
    map_changed(MidiMap), ports_changed(MidiPorts)
    moved(MidiMessage, words)
        A control of MIDI was moved; the words that it is bound to, or "". Of many the latest is told.
    asked(Deed)
        A control wants what is no act of the jam.
    together_changed(TogetherState)
    failed(StudioError)
    """

    map_changed = Signal(object)
    ports_changed = Signal(object)
    moved = Signal(object, str)
    asked = Signal(object)
    together_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__(parent)
        self.link = HostLink("MIDI", self, log=log, module=MODULE)
        self._plan: TogetherPlan | None = None
        self._ports = MidiPorts()
        self._controls: JamControls | None = None
        self._follower: JamFollower | None = None
        self.link.received.connect(self._on_message)
        self.link.died.connect(self._on_died)

    def attach(self, controls: JamControls, follower: JamFollower, clock: Clock) -> None:
        """Have these controls hear what comes, and this follower be told of the leader."""
        self._controls, self._follower = controls, follower
        follower.changed.connect(self.together_changed.emit)
        follower.failed.connect(self.failed.emit)
        follower.placed.connect(self._on_placed)
        follower.tempo_wanted.connect(lambda bpm: self._tell_others(TempoSet(bpm)))
        follower.start_wanted.connect(lambda: self._tell_others(PlayingSet(is_playing=True)))
        follower.stop_wanted.connect(lambda: self._tell_others(PlayingSet(is_playing=False)))
        self._paced = Paced(clock, self.moved.emit)
        controls.moved.connect(self._paced.tell)
        controls.asked.connect(self.asked.emit)
        controls.failed.connect(self.failed.emit)
        controls.learned.connect(self._on_learned)

    # --- commands -----------------------------------------------------------------------------------------------------

    @Slot(object)
    def open(self, plan: TogetherPlan) -> None:
        """Go by this plan from now on."""
        self._plan = plan
        self.link.send(OpenTogether(plan))
        if self._follower is not None:
            if not plan.follow:
                self._follower.follow(LeaderState())
            self._follower.place()

    @Slot(str)
    def learn(self, words: str) -> None:
        """Bind the next control that is moved to these words; "" learns nothing any more."""
        if self._controls is not None:
            self._controls.learn(words)

    @Slot(object)
    def forget(self, control: MidiControl) -> None:
        """Have a control do nothing."""
        if self._controls is not None:
            self._controls.forget(control)

    # --- answers ------------------------------------------------------------------------------------------------------

    def _on_message(self, message: Any) -> None:
        if self._controls is None or self._follower is None:
            return
        if isinstance(message, MidiMessage):
            self._controls.hear(message)
        elif isinstance(message, MidiPorts):
            if set(self._ports.inputs) - set(message.inputs):
                self._controls.let_go()
            self._ports = message
            self.ports_changed.emit(message)
        elif isinstance(message, MidiMap):
            self._controls.set_map(message)
            self.map_changed.emit(message)
        elif isinstance(message, LeaderState):
            self._follower.follow(message)
        elif isinstance(message, StudioError):
            self.failed.emit(message)

    def _on_placed(self, at_s: float, bars: float | None, bpm: float, beats_per_bar: int) -> None:
        if self._plan is not None and self._plan.needs_place:
            self.link.send(JamPlace(at_s, bars, bpm, beats_per_bar))

    def _tell_others(self, message: TempoSet | PlayingSet) -> None:
        if self._plan is not None and self._plan.follow == "link":
            self.link.send(message)

    def _on_learned(self, midi_map: MidiMap) -> None:
        self.link.send(KeepMap(midi_map.own))
        self.map_changed.emit(midi_map)

    def _on_died(self, _error: object) -> None:
        if self._controls is not None:
            self._controls.let_go()
        if self._plan is not None:
            self.open(self._plan)
