# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio's way to its radio, by a process of its own that runs while there is one."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import partial
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.broadcast.messages import CloseRadio, OpenRadio, PieceBegins, PieceComes, RadioOpened, RadioRefused
from engine.broadcast.one_line import in_one_line
from engine.errors import WorkerHung
from engine.qt.generator_hosts import HostLink
from engine.session.clip_recipe import now_utc
from engine.values.radio import AirPiece, MoodChoice, MusicRequest, ProgrammeState, RadioState, Skip, StudioState, Vote

if TYPE_CHECKING:
    from engine.qt.player_link import PlayerLink
    from engine.session.baking import LoopInHand
    from engine.session.session import Session
    from engine.values import MusicInHand, PaceRun, PlaybackSnapshot, Recipe
    from engine.values.radio import RadioPlan

_log = logging.getLogger(__name__)

MODULE = "engine.broadcast.process"
HANGS_S = 4.0
"""Seconds without a word from the radio, which tells every second how it stands, after which another takes over.

Listeners have as many in hand.
"""
LOOK_MS = 500


class RadioEndpoint(QObject):
    """The studio's way to its radio, and the owner of the process that has it.

    A process that dies is followed by another, which was warm already, at the same address: players that try again go
    on listening with what they have.

    Signals
    -------
    opened(RadioOpened)
        The radio is on the air.
    shut(StudioError)
        It is not, and this is why.
    state_changed(RadioState)
    asked(Vote | MusicRequest | Skip | MoodChoice)
        A listener, or the one who controls it, asks for this.
    generator_worked
        The generator that is asked made something, after it had failed.
    """

    opened = Signal(object)
    shut = Signal(object)
    state_changed = Signal(object)
    asked = Signal(object)
    generator_worked = Signal()

    def __init__(self, parent: QObject, player: PlayerLink, *, log: IO[str] | None = None) -> None:
        super().__init__(parent)
        self._link, self._spare = (HostLink(name, self, log=log, module=MODULE) for name in ("radio", "radio spare"))
        self.links = (self._link, self._spare)
        self._player = player
        self._plan: RadioPlan | None = None
        self._is_open = False
        self._led: PieceBegins | None = None
        self._recipe: Recipe | None = None
        self._next: LoopInHand | None = None
        self._programme: ProgrammeState | None = None
        self._studio = StudioState()
        self._told_s = self._looked_s = 0.0
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)
        # What was made earlier comes again.
        self._since_utc = now_utc()
        for link in self.links:
            link.received.connect(self._on_message)
            link.died.connect(partial(self._on_died, link))

    def attach(self, session: Session) -> None:
        """Have what this session plays on the air from now on."""
        session.recording.led.connect(self._on_led)
        session.generation.next_changed.connect(self._on_next)
        session.generation.hand_changed.connect(self._on_hand)
        session.generation.failed.connect(self._on_failed)
        session.generation.made.connect(self._on_made)
        session.pace.timed.connect(self._on_timed)
        session.player.snapshot_taken.connect(self._on_snapshot)
        self._up_next, self._generation = session.up_next, session.generation

    # --- commands -----------------------------------------------------------------------------------------------------

    @Slot(object)
    def open(self, plan: RadioPlan) -> None:
        """Go on the air by this plan."""
        if self._plan is not None:
            self.close()
        self._plan = plan
        if self._led is not None and self._recipe is not None:
            # It led before this programme was there.
            self._led = replace(self._led, piece=self._piece_of(self._recipe))
        self._begin(plan)

    @Slot()
    def close(self) -> None:
        """Go off the air."""
        if self._plan is not None:
            self._plan = None
            self._link.send(CloseRadio())
            self._retire()

    def end(self) -> None:
        """Stop the timer."""
        self._looking.stop()

    def _retire(self) -> None:
        self._looking.stop()
        for link in self.links:
            link.retire()

    @Slot(object)
    def follow(self, programme: ProgrammeState | None) -> None:
        """Tell listeners what the programme says; None is no programme from now on."""
        self._programme = programme
        if self._plan is not None:
            self._send_programme()

    def _begin(self, plan: RadioPlan, *, goes_on: bool = False) -> None:
        self._is_open = False
        self._link.send(OpenRadio(plan, self._player.tape, goes_on=goes_on))
        if self._led is not None:
            self._link.send(self._led)
        self._link.send(self._studio)
        self._send_programme()

    def _send_programme(self) -> None:
        if self._programme is not None:
            self._link.send(self._programme)
        self._send_next()

    def _send_next(self) -> None:
        programme = self._programme
        piece = None if programme is None else programme.following
        if self._next is not None:
            piece = self._piece_of(self._next.recipe)
        self._link.send(PieceComes(piece))

    # --- what the session tells ---------------------------------------------------------------------------------------

    def _on_led(self, tape_frame: int, recipe: Recipe) -> None:
        self._led, self._recipe = PieceBegins(tape_frame, self._piece_of(recipe)), recipe
        if self._plan is not None:
            self._link.send(self._led)

    def _on_next(self, _state: object) -> None:
        self._next = self._up_next.next_loop
        if self._plan is not None:
            self._send_next()

    def _on_hand(self, hand: MusicInHand) -> None:
        self._tell_studio(replace(self._studio, prepared_s=hand.prepared_s))

    def _on_failed(self, _error: object) -> None:
        self._tell_studio(replace(self._studio, is_generator_failing=True))

    def _on_made(self, loop: LoopInHand, _lufs: float) -> None:
        # What another one makes in its place says nothing of it.
        asked = self._generation.made_for
        if self._studio.is_generator_failing and asked is not None and loop.recipe.generator == asked.generator:
            self._tell_studio(replace(self._studio, is_generator_failing=False))
            _log.info("the generator works again")
            self.generator_worked.emit()

    def _on_timed(self, run: PaceRun) -> None:
        made_s = self._studio.made_s + run.clip_s * run.n_clips
        self._tell_studio(replace(self._studio, made_s=made_s, making_s=self._studio.making_s + run.making_s))

    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        if snapshot.xruns != self._studio.xruns:
            self._tell_studio(replace(self._studio, xruns=snapshot.xruns))

    def _tell_studio(self, state: StudioState) -> None:
        self._studio = state
        if self._plan is not None:
            self._link.send(state)

    def _piece_of(self, recipe: Recipe) -> AirPiece:
        """Return what listeners are told of a loop, as the programme has it now."""
        piece, programme = piece_of(recipe), self._programme or ProgrammeState()
        is_requested = bool(programme.requested) and recipe.prompt == programme.requested
        # Loops that ship with the studio, earlier takes and sounds of the person's own are of no mood, whichever is on.
        mood = "" if is_requested else dict(programme.by_prompt).get(recipe.prompt, "")
        is_recycled = recipe.created_utc < self._since_utc
        return replace(piece, mood=mood, is_requested=is_requested, is_recycled=is_recycled)

    # --- answers ------------------------------------------------------------------------------------------------------

    def _on_message(self, message: Any) -> None:
        if self._plan is None:
            return
        self._told_s = time.monotonic()
        if isinstance(message, RadioState):
            self.state_changed.emit(message)
        elif isinstance(message, RadioOpened):
            # Port 0 was any: the process that may follow this one takes the same.
            self._plan = replace(self._plan, port=urlsplit(message.url).port or self._plan.port)
            self._is_open, self._looked_s = True, self._told_s
            self._looking.start()
            self._spare.warm()
            self.opened.emit(message)
        elif isinstance(message, Vote | MusicRequest | Skip | MoodChoice):
            self.asked.emit(message)
        elif isinstance(message, RadioRefused):
            self._plan = None
            self._retire()
            self.shut.emit(message.error)

    @Slot()
    def _look(self) -> None:
        """Have another process take over from one that hangs."""
        now_s, before_s = time.monotonic(), self._looked_s
        self._looked_s = now_s
        if now_s - before_s > HANGS_S / 2:
            # It is this process that was held up: what was told meanwhile is still to be read.
            self._told_s = now_s
        if self._is_open and now_s - self._told_s > HANGS_S:
            self._link.give_up(WorkerHung(worker=self._link.name, limit_s=HANGS_S))

    def _on_died(self, link: HostLink, _error: object) -> None:
        if self._plan is None:
            return
        if link is self._link:
            self._link, self._spare = self._spare, self._link
            self._begin(self._plan, goes_on=True)
        if not self._is_open:
            # Another one is warmed up once this one is on the air: it would take time from what is waited for.
            self._spare.retire()


def piece_of(recipe: Recipe) -> AirPiece:
    """Return what listeners are told of a loop; the same take is the same piece whenever it comes."""
    # What a generator or a file says may be of several lines, or no text at all.
    title, artist, prompt = map(in_one_line, (recipe.title, recipe.artist, recipe.prompt))
    return AirPiece(title, artist, prompt, f"{recipe.created_utc} {recipe.generator} {recipe.seed} {title}")
