# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to a station of fragments, by a process of its own that runs while there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.fragments.messages import (
    Command,
    CopySlot,
    Generate,
    OpenStation,
    ReadSlot,
    SetUsualPrompt,
    SlotCopied,
    SlotSound,
    StationOpened,
    StationRefused,
)
from engine.qt.generator_hosts import HostLink
from engine.values.fragments import FragmentFailed, FragmentReady, FragmentSilent, FragmentsState

if TYPE_CHECKING:
    from engine.fragments.messages import StationPlan
    from engine.session.audition import Auditions
    from engine.session.session import Session

MODULE = "engine.fragments.process"


class FragmentsEndpoint(QObject):
    """The window's way to a station of fragments, and the owner of the process that has it.

    A process that dies is followed by another, which goes on in the same folder as the dead one did.

    Signals
    -------
    opened(page)
        A station stands, or is reached otherwise; the address of its prompt page, or "".
    osc_heard(place)
        Told before it: where the station hears OSC, or "".
    shut(StudioError)
        There is no station: it could not be opened.
    state_changed(FragmentsState), told(FragmentFact)
    failed(StudioError)
        Something was not done; the station goes on.
    heard_changed(int | None)
        Which slot is heard from now on, beside the music.
    copied(number, path)
        A copy of a slot's file is there.
    """

    opened = Signal(str)
    osc_heard = Signal(str)
    shut = Signal(object)
    state_changed = Signal(object)
    told = Signal(object)
    failed = Signal(object)
    heard_changed = Signal(object)
    copied = Signal(int, str)

    def __init__(self, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__(parent)
        self.link = HostLink("fragments", self, log=log, module=MODULE)
        self._plan: StationPlan | None = None
        self._auditions: Auditions | None = None
        self.link.received.connect(self._on_message)
        self.link.died.connect(self._on_died)

    def attach(self, session: Session) -> None:
        """Have slots heard by this session from now on."""
        self._auditions = session.auditions
        session.auditions.slot_changed.connect(self.heard_changed.emit)

    # --- commands -----------------------------------------------------------------------------------------------------

    @Slot(object)
    def open(self, plan: StationPlan) -> None:
        """Have a station of this plan; one that stands is changed to be so."""
        self._plan = plan
        self.link.send(OpenStation(plan))

    @Slot()
    def close(self) -> None:
        """Have no station any more; what is being made is given up."""
        self._plan = None
        self.link.retire()

    @Slot(object)
    def ask(self, command: Command) -> None:
        """Have the station do something; without a station nothing is done."""
        if self._plan is not None:
            if isinstance(command, Generate | SetUsualPrompt) and command.prompt:
                # As prompts and mode: by this one another process would go on.
                self._plan = replace(self._plan, usual_prompt=command.prompt)
            self.link.send(command)

    @Slot(int)
    def hear(self, number: int) -> None:
        """Hear a slot's sound beside what plays; the next one takes its place."""
        if self._plan is not None:
            self.link.send(ReadSlot(number))

    @Slot()
    def end_hearing(self) -> None:
        """Hear no slot any more."""
        if self._auditions is not None:
            self._auditions.end_slot()

    @Slot(int, str)
    def copy(self, number: int, folder: str) -> None:
        """Have a copy of a slot's file in a folder: ``copied``."""
        if self._plan is not None:
            self.link.send(CopySlot(number, folder))

    # --- answers ------------------------------------------------------------------------------------------------------

    def _on_message(self, message: Any) -> None:
        if self._plan is None:
            return
        if isinstance(message, FragmentsState):
            # By this one another process would go on.
            self._plan = replace(
                self._plan, prompts=message.prompts, mode=message.mode, every_s=message.every_s or self._plan.every_s
            )
            self.state_changed.emit(message)
        elif isinstance(message, FragmentReady | FragmentSilent | FragmentFailed):
            self.told.emit(message)
        elif isinstance(message, StationOpened):
            self.osc_heard.emit(message.osc_in)
            self.opened.emit(message.url)
        elif isinstance(message, StationRefused) and isinstance(message.message, OpenStation):
            self._plan = None
            self.link.retire()
            self.shut.emit(message.error)
        elif isinstance(message, StationRefused):
            self.failed.emit(message.error)
        elif isinstance(message, SlotSound) and self._auditions is not None:
            self._auditions.ask_slot(message.slot, message.clip)
        elif isinstance(message, SlotCopied):
            self.copied.emit(message.slot, message.path)

    def _on_died(self, _error: object) -> None:
        if self._plan is not None:
            self.open(self._plan)
