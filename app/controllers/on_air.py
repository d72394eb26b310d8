# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller has what the window plays go on the air, and shows who listens."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from app import paths
from app.playout import Playout
from app.radio_folder import RadioFolder
from app.stations import StationPlay, known_stations, station_here, station_named
from app.translations import sentence
from engine.errors import RadioLacksPart, StudioError
from engine.values.radio import MusicRequest, RadioPlan, RadioState, Vote
from engine.values.radio_options import RADIO_NAME, RADIO_OPTIONS
from widgets.bar.menu_button import Section
from widgets.controls import Level

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore
    from engine.broadcast.messages import RadioOpened
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView
    from engine.values.radio import ProgrammeState
    from widgets.dialogs.on_air_dialog import OnAirDialog

TOKEN_FILE = "radio-token"
"""Name of the file, beside the settings, with what other machines have to show."""
KEYS = "Ctrl+Shift+A"


class OnAirController(QObject):
    """The controller opens and closes the radio as its dialog says; a studio begins off the air.

    Parameters
    ----------
    say
        Writes a line in the console.

    Signals
    -------
    opening_wanted(RadioPlan), closing_wanted, programme_told(ProgrammeState | None), next_wanted
        For the engine.
    played_changed
        ``played`` gives other settings from now on.
    """

    opening_wanted = Signal(object)
    closing_wanted = Signal()
    programme_told = Signal(object)
    next_wanted = Signal()
    played_changed = Signal()

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._say = window, store, say
        self._plan: RadioPlan | None = None
        self._opened: RadioOpened | None = None
        self._state: RadioState | None = None
        self._dialog: OnAirDialog | None = None
        self._playout: Playout | None = None
        self._programme: ProgrammeState | None = None
        self._settings = store.settings
        self._folder: RadioFolder | None = None
        radio = engine.radio
        self.opening_wanted.connect(radio.open)
        self.closing_wanted.connect(radio.close)
        self.programme_told.connect(radio.follow)
        self.next_wanted.connect(engine.transport.next)
        engine.loop.changed.connect(self._on_loop_changed)
        radio.asked.connect(self._on_asked)
        window.closing.connect(self._on_closing)
        radio.opened.connect(self._on_opened)
        radio.shut.connect(self._on_shut)
        radio.state_changed.connect(self._on_state_changed)
        store.changed.connect(self._on_settings_changed)
        self.action = QAction(self.tr("&On air…"), window)
        self.action.setShortcut(QKeySequence(KEYS))
        self.action.setStatusTip(self.tr("Have what the studio plays go out as a stream"))
        self.action.triggered.connect(self._on_requested)
        window.addAction(self.action)
        window.add_to_menu(Section.FILE, self.action)

    # --- the dialog ---------------------------------------------------------------------------------------------------

    @Slot()
    def _on_requested(self) -> None:
        from widgets.dialogs.on_air_dialog import OnAirDialog

        settings = self._store.settings
        values = {one.name: getattr(settings, one.name) for one in RADIO_OPTIONS}
        self._dialog = dialog = OnAirDialog(values, known_stations(), self._window)
        dialog.option_changed.connect(self._on_option_changed)
        dialog.on_air_requested.connect(self._on_air_requested)
        dialog.finished.connect(self._on_finished)
        self._show()
        dialog.open()

    @Slot()
    def _on_finished(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    @Slot(str, object)
    def _on_option_changed(self, name: str, value: object) -> None:
        self._store.change(**{name: value})

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings
        if self._plan is None:
            return
        if _asked_of(settings) != _asked_of(before):
            # At another address, or for others: players that know the old one have to be told the new.
            self._open()
        elif settings.radio_station != before.radio_station:
            try:
                self._begin_programme()
            except StudioError as error:
                self._say(sentence(error), Level.WARNING)
        elif settings.radio_station and settings.prompt != before.prompt:
            self._say(self.tr("The radio’s station chooses what plays: your prompt is heard off the air"), Level.INFO)

    @Slot(bool)
    def _on_air_requested(self, is_on: bool) -> None:
        if is_on:
            self._open()
        else:
            self._close()
            self._say(self.tr("Off the air"), Level.INFO)

    # --- the radio ----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._opened = self._state = None
        try:
            plan = plan_of(self._store.settings, self._own_folder.path)
            self._begin_programme()
        except StudioError as error:
            self._close()
            self._on_shut(error)
            return
        self._plan = plan
        self._show()
        self.opening_wanted.emit(plan)

    @property
    def _own_folder(self) -> RadioFolder:
        if self._folder is None:
            self._folder = RadioFolder()
        return self._folder

    def _leave_folder(self) -> None:
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.close()

    def _close(self) -> None:
        self._plan = self._opened = self._state = None
        self._end_programme()
        self.closing_wanted.emit()
        self._leave_folder()
        self._show()

    def _show(self, why: str = "") -> None:
        listeners = "" if self._state is None else f" ({self._state.n_listeners})"
        self.action.setText(self.tr("&On air…") + listeners)
        if self._dialog is None:
            return
        self._dialog.set_programme(self._programme)
        if self._plan is None:
            self._dialog.show_off(why)
        elif self._opened is None:
            self._dialog.show_going()
        else:
            self._dialog.show_on(self._opened.url, self._opened.code)
            if self._state is not None:
                self._dialog.set_state(self._state)

    @Slot(object)
    def _on_opened(self, opened: RadioOpened) -> None:
        is_news, self._opened = self._opened != opened, opened
        if is_news:
            self._say(self.tr("On the air at {url}").format(url=opened.url), Level.INFO)
        self._show()

    @Slot(object)
    def _on_state_changed(self, state: RadioState) -> None:
        is_news, self._state = self._state is None or state.n_listeners != self._state.n_listeners, state
        if self._dialog is not None and self._opened is not None:
            self._dialog.set_state(state)
        if is_news:
            self.action.setText(self.tr("&On air…") + f" ({state.n_listeners})")

    @Slot(object)
    def _on_shut(self, error: StudioError) -> None:
        self._plan = self._opened = self._state = None
        self._end_programme()
        self._leave_folder()
        self._show(sentence(error))
        self._say(sentence(error), Level.WARNING)

    # --- the programme ------------------------------------------------------------------------------------------------

    def played(self, settings: Settings) -> Settings:
        """Return the settings by which the engine plays: while the radio is on the air, those of its programme."""
        if self._playout is None:
            return settings
        self._playout.use(settings)
        return self._playout.settings

    def _begin_programme(self) -> None:
        """Have what the radio plays be on from now on. Raises UnknownStation, StationUnusable."""
        settings = self._store.settings
        station = station_named(settings.radio_station) if settings.radio_station else station_here(_name_of(settings))
        votes_file = self._own_folder.votes_file
        playout = Playout(StationPlay(station, settings, {}), votes_file=votes_file, parent=self)
        self._end_programme()
        self._playout = playout
        playout.told.connect(self._on_told)
        playout.settings_changed.connect(self.played_changed)
        playout.next_wanted.connect(self.next_wanted)
        playout.start()
        self.played_changed.emit()

    @Slot()
    def _on_closing(self) -> None:
        self._end_programme()
        self._leave_folder()

    @Slot()
    def _end_programme(self) -> None:
        playout, self._playout = self._playout, None
        if playout is None:
            return
        playout.stop()
        playout.deleteLater()
        self._programme = None
        self.programme_told.emit(None)
        self.played_changed.emit()

    @Slot(object)
    def _on_told(self, state: ProgrammeState) -> None:
        before, self._programme = self._programme, state
        self.programme_told.emit(state)
        if self._dialog is not None:
            self._dialog.set_programme(state)
        if len(state.moods) > 1 and state.mood and (before is None or state.mood != before.mood):
            self._say(self.tr("The radio’s station plays “{mood}”").format(mood=state.mood), Level.INFO)

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        if self._playout is not None:
            self._playout.on_loop_changed(view)

    @Slot(object)
    def _on_asked(self, what: object) -> None:
        if self._playout is None:
            return
        self._playout.on_asked(what)
        match what:
            case Vote(mood, is_more=True):
                self._say(self.tr("A listener wants more like “{mood}”").format(mood=mood), Level.INFO)
            case Vote(mood):
                self._say(self.tr("A listener wants less like “{mood}”").format(mood=mood), Level.INFO)
            case MusicRequest(prompt):
                self._say(self.tr("A listener asks for “{prompt}”").format(prompt=prompt), Level.INFO)


@dataclass(frozen=True, slots=True)
class _Asked:
    """These settings say where the radio is heard, by whom, and what they may ask for."""

    name: str
    port: int
    for_network: bool
    is_public: bool
    takes_votes: bool
    takes_requests: bool


def _asked_of(settings: Settings) -> _Asked:
    is_public = settings.radio_network and settings.radio_public
    return _Asked(
        _name_of(settings),
        settings.radio_port,
        settings.radio_network,
        is_public,
        settings.radio_votes,
        settings.radio_requests,
    )


def _name_of(settings: Settings) -> str:
    return settings.radio_name.strip() or RADIO_NAME.default_text


def plan_of(settings: Settings, folder: Path) -> RadioPlan:
    """Return the radio that the settings tell of, which keeps its numbers in this folder.

    Raises RadioLacksPart, CannotRead, CannotWrite.
    """
    from engine.generators.wire.tokens import make_token, token_in

    _need_parts()
    asked, token = _asked_of(settings), ""
    if asked.for_network:
        file = paths.settings_file().with_name(TOKEN_FILE)
        with contextlib.suppress(OSError):
            # Of a studio whose settings were never written; what cannot be is told with the file.
            file.parent.mkdir(parents=True, exist_ok=True)
        make_token(str(file))
        token = token_in(str(file))
    return RadioPlan(
        asked.name,
        "0.0.0.0" if asked.for_network else "127.0.0.1",
        asked.port,
        token,
        is_public=asked.is_public,
        folder=str(folder),
        reserve_folder=str(paths.RESOURCES / "starters"),
        pages_folder=str(paths.RESOURCES / "radio"),
        takes_votes=asked.takes_votes,
        takes_requests=asked.takes_requests,
    )


def _need_parts() -> None:
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("av", "fastapi", "prometheus_client", "uvicorn", "segno")):
        raise RadioLacksPart
