# SPDX-License-Identifier: GPL-3.0-or-later
"""The playout has a studio play what a station's programme says, and what listeners ask for."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import StudioError
from engine.library.votes_file import read_votes, write_votes
from engine.session.programme.programme import Programme
from engine.session.programme.votes import Votes
from engine.values.radio import AirPiece, MoodChoice, MusicRequest, ProgrammeState, Skip, Vote

if TYPE_CHECKING:
    from app.settings import Settings
    from app.stations import StationPlay
    from engine.session.options import LoopView
    from engine.values.programme import Slot as ProgrammeSlot

_log = logging.getLogger(__name__)

KEEP_VOTES_S = 5.0
"""Seconds between two times that votes are written down."""
PROGRAMME_MS = 500
"""Milliseconds between two looks at what is on."""


class Playout(QObject):
    """A playout is the programme of a radio that is on the air.

    Parameters
    ----------
    votes_file
        Where the listeners' votes are kept.

    Signals
    -------
    settings_changed
        Something else is on, and ``settings`` with it.
    next_wanted
        The next piece is to come now.
    told(ProgrammeState)

    Attributes
    ----------
    settings
        Those by which the studio plays what is on.
    """

    settings_changed = Signal()
    next_wanted = Signal()
    told = Signal(object)

    def __init__(self, play: StationPlay, *, votes_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._play, self._votes_file = play, votes_file
        votes = Votes(read_votes(votes_file).get(play.station.name))
        self._kept_votes, self._keep_votes_s = votes.factors, 0.0
        self._programme = Programme(play.station, time.time(), votes=votes)
        self._on, self.settings = self._programme.on, play.settings_of(self._programme.on)
        self._by_prompt = tuple(play.moods_by_prompt().items())
        self._heard = ""
        self._told: ProgrammeState | None = None
        self._turns = QTimer(self)
        self._turns.setInterval(PROGRAMME_MS)
        self._turns.timeout.connect(self.look)

    @property
    def on(self) -> ProgrammeSlot:
        """Return what is on."""
        return self._on

    def start(self) -> None:
        """Tell what is on, and go on by the clock from now on."""
        self._tell()
        self._turns.start()

    def stop(self) -> None:
        """End the programme; the votes are kept."""
        self._turns.stop()
        self._keep_votes()

    def use(self, settings: Settings) -> None:
        """Play the station with these settings, but for what its moods set; ``settings`` follows at once."""
        self._play = replace(self._play, settings=settings)
        try:
            self.settings = self._play.settings_of(self._on)
            self._by_prompt = tuple(self._play.moods_by_prompt().items())
        except StudioError as error:
            _log.warning("“%s” is played as before: %s", self._on.title, error)
        self._tell()

    def reload(self) -> None:
        """Read the station's file again; a mistake in it leaves the station as it was."""
        try:
            play = self._play.read_again()
            by_prompt = play.moods_by_prompt()
        except StudioError as error:
            _log.warning("the station stays as it was: %s", error)
            return
        self._play, self._by_prompt = play, tuple(by_prompt.items())
        self._programme.reload(play.station, time.time())
        _log.info("the station was read again")
        self.look()

    # --- what is on ---------------------------------------------------------------------------------------------------

    @Slot()
    def look(self) -> None:
        """Have the studio play what is on, and tell what that is."""
        now_s, programme = time.time(), self._programme
        if self._heard == programme.on.prompt:
            programme.heard(now_s)
        on = programme.at(now_s)
        if on != self._on:
            self._on = on
            self._set()
        self._tell()
        if now_s >= self._keep_votes_s:
            self._keep_votes_s = now_s + KEEP_VOTES_S
            self._keep_votes()

    def _set(self) -> None:
        try:
            settings = self._play.settings_of(self._on)
        except StudioError as error:
            # A preset's file may be gone: what was on goes on.
            _log.warning("“%s” is not played: %s", self._on.title, error)
            return
        if settings != self.settings:
            self.settings = settings
            self.settings_changed.emit()

    def _tell(self) -> None:
        programme, on, then = self._programme, self._programme.on, self._programme.next
        following = AirPiece("", prompt=then.prompt, mood=then.title, since_s=then.begins_s)
        state = ProgrammeState(
            mood=on.title,
            requested=on.prompt if on.is_requested else "",
            following=replace(following, is_requested=then.is_requested),
            moods=tuple(one.title for one in programme.station.moods),
            by_prompt=self._by_prompt,
            waiting=tuple(programme.requests),
        )
        if state != self._told:
            self._told = state
            self.told.emit(state)

    def _keep_votes(self) -> None:
        factors = self._programme.votes.factors
        if factors != self._kept_votes:
            self._kept_votes = factors
            write_votes(self._votes_file, self._play.station.name, factors)

    # --- what comes from the studio and its radio ---------------------------------------------------------------------

    @Slot(object)
    def on_loop_changed(self, view: LoopView) -> None:
        """Take note of what is heard."""
        self._heard = view.recipe.prompt

    @Slot(object)
    def on_asked(self, what: object) -> None:
        """Have the programme do what a listener, or the one who controls the radio, asks for."""
        now_s = time.time()
        match what:
            case Vote(mood, is_more):
                self._programme.vote(mood, is_more=is_more)
            case MusicRequest(prompt):
                self._programme.request(prompt, now_s)
            case Skip(is_mood=True):
                self._programme.skip(now_s)
            case Skip():
                # As a listener who presses twice: at the next bar, not at the loop's end.
                for _ in range(2):
                    self.next_wanted.emit()
            case MoodChoice(title):
                self._programme.play(title, now_s)
        self.look()
