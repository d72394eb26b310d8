# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio's studio plays its station for ever, unheard on this machine, and is on the air."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app import logs, paths
from app.choices import studio_options
from app.commands import endings
from app.headless import Headless
from engine.errors import StudioError
from engine.library.votes_file import read_votes, write_votes
from engine.session.options import Places
from engine.session.programme.programme import Programme
from engine.session.programme.votes import Votes
from engine.values.radio import AirPiece, MoodChoice, MusicRequest, ProgrammeState, Skip, Vote

if TYPE_CHECKING:
    from app.settings import Settings
    from app.stations import StationPlay
    from engine.broadcast.messages import RadioOpened
    from engine.session.options import StudioOptions
    from engine.values.radio import RadioPlan

_log = logging.getLogger(__name__)

LOOK_S = 0.2
"""Seconds between two looks whether the radio is to end."""
KEEP_VOTES_S = 5.0
"""Seconds between two times that votes are written down."""
PROGRAMME_MS = 500
"""Milliseconds between two looks at what is on."""


class RadioStudio(QObject):
    """A radio studio is the engine without a window, whose tape goes on the air, by the programme of a station.

    Parameters
    ----------
    votes_file
        Where the listeners' votes are kept.

    Signals
    -------
    open_wanted(RadioPlan), close_wanted, next_wanted, programme_told(ProgrammeState)
        Emitted here.
    """

    open_wanted = Signal(object)
    close_wanted = Signal()
    next_wanted = Signal()
    programme_told = Signal(object)

    def __init__(self, play: StationPlay, *, votes_file: Path) -> None:
        super().__init__()
        self._play, self._votes_file = play, votes_file
        votes = Votes(read_votes(votes_file).get(play.station.name))
        self._kept_votes, self._keep_votes_s = votes.factors, 0.0
        self._programme = Programme(play.station, time.time(), votes=votes)
        self._on, self._settings = self._programme.on, play.settings_of(self._programme.on)
        self._by_prompt = tuple(play.moods_by_prompt().items())
        self._is_to_reload = False
        self._told: ProgrammeState | None = None
        places = Places(
            str(paths.RESOURCES / "starters"),
            log=logs.open_log(paths.log_file()),
            cache_folder=str(paths.cache_folder()),
            pace_file=str(paths.pace_file()),
        )
        self._studio = Headless(_options(self._settings), places)
        engine = self._studio.engine
        self.open_wanted.connect(engine.radio.open)
        self.close_wanted.connect(engine.radio.close)
        self.next_wanted.connect(engine.transport.next)
        self.programme_told.connect(engine.radio.follow)
        engine.radio.opened.connect(self._on_opened)
        engine.radio.shut.connect(self._on_shut)
        engine.radio.asked.connect(self._on_asked)
        self._opened: Callable[[str], None] = lambda _: None
        self._error: StudioError | None = None
        self._turns = QTimer(self)
        self._turns.setInterval(PROGRAMME_MS)
        self._turns.timeout.connect(self._look)

    def run(self, plan: RadioPlan, opened: Callable[[str], None]) -> int:
        """Be on the air until a signal ends it; ``opened`` is given the page's address. Raises StudioError."""
        self._opened = opened
        with self._studio as studio, endings.taken(signal.SIGHUP, self._reload_soon):
            self._tell()
            studio.start()
            self.open_wanted.emit(plan)
            self._turns.start()
            try:
                while self._error is None:
                    studio.live(LOOK_S)
                    endings.checkpoint()
            finally:
                self._turns.stop()
                self._keep_votes()
                self.close_wanted.emit()
        raise self._error

    # --- the programme ------------------------------------------------------------------------------------------------

    @Slot()
    def _look(self) -> None:
        """Have the studio play what is on, and tell what that is."""
        now_s, programme, view = time.time(), self._programme, self._studio.view
        if self._is_to_reload:
            self._is_to_reload = False
            self._reload(now_s)
        if view is not None and view.recipe.prompt == programme.on.prompt:
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
        if settings != self._settings:
            self._settings = settings
            self._studio.options_wanted.emit(_options(settings))

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
            self.programme_told.emit(state)

    def _keep_votes(self) -> None:
        factors = self._programme.votes.factors
        if factors != self._kept_votes:
            self._kept_votes = factors
            write_votes(self._votes_file, self._play.station.name, factors)

    def _reload_soon(self) -> None:
        self._is_to_reload = True

    def _reload(self, now_s: float) -> None:
        try:
            play = self._play.read_again()
            by_prompt = play.moods_by_prompt()
        except StudioError as error:
            _log.warning("the station stays as it was: %s", error)
            return
        self._play, self._by_prompt = play, tuple(by_prompt.items())
        self._programme.reload(play.station, now_s)
        _log.info("the station was read again")

    # --- what the radio tells -----------------------------------------------------------------------------------------

    @Slot(object)
    def _on_asked(self, what: object) -> None:
        now_s = time.time()
        match what:
            case Vote(mood, is_more):
                self._programme.vote(mood, is_more=is_more)
            case MusicRequest(prompt):
                self._programme.request(prompt)
            case Skip(is_mood=True):
                self._programme.skip(now_s)
            case Skip():
                # As a listener who presses twice: at the next bar, not at the loop's end.
                for _ in range(2):
                    self.next_wanted.emit()
            case MoodChoice(title):
                self._programme.play(title, now_s)
        self._look()

    @Slot(object)
    def _on_opened(self, opened: RadioOpened) -> None:
        self._opened(opened.url)

    @Slot(object)
    def _on_shut(self, error: StudioError) -> None:
        self._error = error


def _options(settings: Settings) -> StudioOptions:
    return replace(studio_options(settings), is_unheard=True, recycles=True)
