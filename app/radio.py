# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio's studio plays its station for ever, unheard on this machine, and is on the air."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app import logs, paths
from app.choices import studio_options
from app.commands import endings
from app.headless import Headless
from app.playout import Playout
from engine.errors import StudioError
from engine.log_lines import is_json
from engine.session.options import Places

if TYPE_CHECKING:
    from app.settings import Settings
    from app.stations import StationPlay
    from engine.broadcast.messages import RadioOpened
    from engine.session.options import StudioOptions
    from engine.values.radio import RadioPlan, RadioState

LOOK_S = 0.2
"""Seconds between two looks whether the radio is to end."""


class RadioStudio(QObject):
    """A radio studio is the engine without a window, whose tape goes on the air, by the programme of a station.

    Parameters
    ----------
    votes_file
        Where the listeners' votes are kept.
    reloads
        Has something in it when the station is to be read again.

    Signals
    -------
    open_wanted(RadioPlan), close_wanted
        Emitted here.
    """

    open_wanted = Signal(object)
    close_wanted = Signal()

    def __init__(self, play: StationPlay, *, votes_file: Path, reloads: list[bool]) -> None:
        super().__init__()
        self._playout = playout = Playout(play, votes_file=votes_file, parent=self)
        self._reloads = reloads
        places = Places(
            str(paths.RESOURCES / "starters"),
            log=None if is_json() else logs.open_log(paths.log_file()),
            cache_folder=str(paths.cache_folder()),
            pace_file=str(paths.pace_file()),
        )
        self._studio = Headless(_options(playout.settings), places)
        engine = self._studio.engine
        self.open_wanted.connect(engine.radio.open)
        self.close_wanted.connect(engine.radio.close)
        playout.settings_changed.connect(self._on_settings_changed)
        playout.next_wanted.connect(engine.transport.next)
        playout.told.connect(engine.radio.follow)
        engine.loop.changed.connect(playout.on_loop_changed)
        engine.radio.asked.connect(playout.on_asked)
        engine.radio.opened.connect(self._on_opened)
        engine.radio.shut.connect(self._on_shut)
        engine.radio.state_changed.connect(self._on_state_changed)
        engine.radio.generator_worked.connect(self._on_generator_worked)
        engine.notices.failed.connect(self._on_failed)
        engine.notices.recovered.connect(self._on_recovered)
        self._opened: Callable[[str], None] = lambda _: None
        self._tell: Callable[[str], None] = lambda _: None
        # Each fault is told once, however often it comes before it is over.
        self._told = set[str]()
        self._troubles: dict[str, str] = {}
        self._error: StudioError | None = None

    def run(self, plan: RadioPlan, opened: Callable[[str], None], tell: Callable[[str], None]) -> int:
        """Be on the air until a signal ends it. Raises StudioError.

        Parameters
        ----------
        opened
            Given the page's address.
        tell
            Given what goes wrong meanwhile, and that it is over, in sentences.
        """
        self._opened, self._tell = opened, tell
        with self._studio as studio:
            self._playout.start()
            studio.start()
            self.open_wanted.emit(plan)
            try:
                while self._error is None:
                    studio.live(LOOK_S)
                    if self._reloads:
                        self._reloads.clear()
                        self._playout.reload()
                    endings.checkpoint()
            finally:
                self._playout.stop()
                self.close_wanted.emit()
        raise self._error

    @Slot()
    def _on_settings_changed(self) -> None:
        self._studio.options_wanted.emit(_options(self._playout.settings))

    @Slot(object)
    def _on_opened(self, opened: RadioOpened) -> None:
        self._opened(opened.url)

    @Slot(object)
    def _on_state_changed(self, state: RadioState) -> None:
        before, self._troubles = self._troubles, dict(state.troubles)
        for where, what in state.troubles:
            if before.get(where) != what:
                self._tell(f"{where}: {what}")
        for where in before.keys() - self._troubles.keys():
            self._tell(f"{where} takes the stream again")

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        if str(error) not in self._told:
            self._told.add(str(error))
            self._tell(str(error))

    @Slot(object)
    def _on_recovered(self, error: StudioError) -> None:
        self._told.discard(str(error))

    @Slot()
    def _on_generator_worked(self) -> None:
        self._told.clear()
        self._tell("the generator works again")

    @Slot(object)
    def _on_shut(self, error: StudioError) -> None:
        self._error = error


def _options(settings: Settings) -> StudioOptions:
    return replace(studio_options(settings), is_unheard=True, recycles=True)
