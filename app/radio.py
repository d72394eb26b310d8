# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio's studio plays for ever, unheard on this machine, and is on the air."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app import logs, paths
from app.choices import studio_options
from app.commands import endings
from app.headless import Headless
from engine.session.options import Places

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.broadcast.messages import RadioOpened
    from engine.errors import StudioError
    from engine.session.options import StudioOptions
    from engine.values.radio import RadioPlan

LOOK_S = 0.2
"""Seconds between two looks whether the radio is to end."""


class RadioStudio(QObject):
    """A radio studio is the engine without a window, whose tape goes on the air.

    Parameters
    ----------
    prompts
        They take turns, each for ``each_s`` seconds; without any, the settings' own is played.

    Signals
    -------
    open_wanted(RadioPlan), close_wanted
        Emitted here.
    """

    open_wanted = Signal(object)
    close_wanted = Signal()

    def __init__(self, settings: Settings, prompts: Sequence[str], *, each_s: float) -> None:
        super().__init__()
        self._settings, self._prompts, self._turn = settings, list(prompts) or [settings.prompt], 0
        places = Places(
            str(paths.RESOURCES / "starters"),
            log=logs.open_log(paths.log_file()),
            cache_folder=str(paths.cache_folder()),
            pace_file=str(paths.pace_file()),
        )
        self._studio = Headless(self._options(), places)
        radio = self._studio.engine.radio
        self.open_wanted.connect(radio.open)
        self.close_wanted.connect(radio.close)
        radio.opened.connect(self._on_opened)
        radio.shut.connect(self._on_shut)
        self._opened: Callable[[str], None] = lambda _: None
        self._error: StudioError | None = None
        self._turns = QTimer(self)
        self._turns.setInterval(round(1000.0 * each_s))
        self._turns.timeout.connect(self._on_turn)

    def run(self, plan: RadioPlan, opened: Callable[[str], None]) -> int:
        """Be on the air until a signal ends it; ``opened`` is given the page's address. Raises StudioError."""
        self._opened = opened
        with self._studio as studio:
            studio.start()
            self.open_wanted.emit(plan)
            if len(self._prompts) > 1:
                self._turns.start()
            try:
                while self._error is None:
                    studio.live(LOOK_S)
                    endings.checkpoint()
            finally:
                self._turns.stop()
                self.close_wanted.emit()
        raise self._error

    def _options(self) -> StudioOptions:
        options = studio_options(replace(self._settings, prompt=self._prompts[self._turn]))
        return replace(options, is_unheard=True)

    @Slot()
    def _on_turn(self) -> None:
        self._turn = (self._turn + 1) % len(self._prompts)
        self._studio.options_wanted.emit(self._options())

    @Slot(object)
    def _on_opened(self, opened: RadioOpened) -> None:
        self._opened(opened.url)

    @Slot(object)
    def _on_shut(self, error: StudioError) -> None:
        self._error = error
