# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller of the welcome page shows it at the first start, and whenever the menu asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction

from app.choices import dialog_refusal, dialog_values, generator_choices, generator_status
from app.generator_parameters import FIELD, declared, with_value
from app.translations import language_of, sentence, spoken_language
from engine.errors import StudioError, WorkerLacksPart
from engine.generators.registry import generator_named
from engine.recording.levels import HeardLevels
from engine.units import SILENCE_DB
from engine.values.options import VOLUME
from widgets.bar.menu_button import Section
from widgets.guide.welcome_page import WelcomePage
from widgets.output_panel import device_title

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.values import OutputDevice, ParameterValue, PlaybackSnapshot

GREET_MS: Final = 300
"""Milliseconds for which the window is there before the page comes: it is usable first, and then the page is built."""
REOPEN_MS: Final = 700
"""Milliseconds for which a language stays chosen before the window speaks it: arrow keys pass by the others."""
SILENT: Final = (SILENCE_DB, SILENCE_DB)


class WelcomeController(QObject):
    """The welcome controller has at most one page open, and keeps at once what is chosen there.

    Signals
    -------
    accepted(values)
        All that is set by now, by the settings' names.
    devices_wanted
        Answered with ``set_devices``.
    start_wanted
        The music is to begin.
    tour_requested
        The person wants to be shown around.

    Attributes
    ----------
    reopen
        Opens the window anew in the language that is set, and the page with it; None where that cannot be done.
    page
        The page while it is open, or None.
    """

    accepted = Signal(object)
    devices_wanted = Signal()
    start_wanted = Signal()
    tour_requested = Signal()
    tone_wanted = Signal()
    end_tone_wanted = Signal()

    def __init__(self, window: MainWindow, engine: StudioEngine, store: SettingsStore) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self._devices: tuple[OutputDevice, ...] = ()
        self._running = self._sounds = False
        self._levels = HeardLevels(engine.tape, engine.heard_frame)
        # Where the sound goes, and why it does not go where it should.
        self._device = self._trouble = ""
        self.reopen: Callable[[], None] | None = None
        self.page: WelcomePage | None = None
        self._greeting, self._reopening = QTimer(self), QTimer(self)
        for timer, wait_ms, slot in (
            (self._greeting, GREET_MS, self._on_greeting),
            (self._reopening, REOPEN_MS, self._on_reopening),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait_ms)
            timer.timeout.connect(slot)
        action = QAction(self.tr("&Welcome page…"), self)
        action.triggered.connect(lambda _checked: self.show())
        window.add_to_menu(Section.HELP, action)
        window.closing.connect(self._on_closing)
        self.tone_wanted.connect(engine.output.play_check_tone)
        self.end_tone_wanted.connect(engine.output.end_check_tone)
        engine.output.check_tone_changed.connect(self._on_tone_changed)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)
        engine.output.device_changed.connect(self._on_device_changed)
        engine.notices.failed.connect(self._on_failed)
        engine.transport.running_changed.connect(self._on_running_changed)

    def greet(self) -> None:
        """Show the page a moment later, unless the music runs by then, and never again unasked."""
        # Written soon, whatever becomes of this studio: the next start is no first one.
        self._store.remember(self._store.settings)
        self._greeting.start()

    def show(self) -> None:
        """Show the page, or bring it to the front."""
        if self.page is None:
            self.page = self._made_page()
            self._levels.begin()
            self.page.show()
            self.devices_wanted.emit()
        self.page.raise_()
        self.page.activateWindow()

    @Slot(object)
    def set_devices(self, devices: tuple[OutputDevice, ...]) -> None:
        """Show the devices that are there."""
        self._devices = devices
        if self.page is not None:
            self.page.set_devices(devices)

    def _made_page(self) -> WelcomePage:
        settings = self._store.settings
        asking = [one for one in generator_choices(settings) if _is_of_this_machine(one.name)]
        page = WelcomePage(
            dialog_values(settings), tuple(asking), self._window, is_running=self._running, has_tour=True
        )
        page.set_devices(self._devices)
        page.say_of_sound(self.tr("The meter shows what is sent to the device while the test tone is heard."))
        for one in asking:
            self._show_status(page, one.name)
        page.device_chosen.connect(self._on_device_chosen)
        page.generator_changed.connect(self._on_generator_changed)
        page.language_chosen.connect(self._on_language_chosen)
        page.devices_requested.connect(self.devices_wanted)
        page.tone_requested.connect(self.tone_wanted)
        page.end_tone_requested.connect(self.end_tone_wanted)
        page.start_requested.connect(self.start_wanted)
        page.tour_requested.connect(self.tour_requested)
        page.finished.connect(self._on_finished)
        return page

    @Slot()
    def _on_greeting(self) -> None:
        if not self._running:
            self.show()

    # --- what is chosen -----------------------------------------------------------------------------------------------

    def _keep(self, **changes: Any) -> None:
        self.accepted.emit({**dialog_values(self._store.settings), **changes})

    @Slot(object)
    def _on_device_chosen(self, device: tuple[str, str] | None) -> None:
        # What sounds on the device before would say nothing of this one.
        self.end_tone_wanted.emit()
        self._device = self._trouble = ""
        self._keep(device=device)

    @Slot(str, str, object)
    def _on_generator_changed(self, generator: str, name: str, value: ParameterValue) -> None:
        settings = self._store.settings
        changed = with_value(settings.generator_parameters, generator, declared()[generator][name], value)
        if refusal := dialog_refusal({**dialog_values(settings), FIELD: changed}):
            # What was typed stays in its field, to be corrected.
            if self.page is not None:
                self.page.set_status(generator, refusal, is_trouble=True)
            return
        self._keep(**{FIELD: changed})
        if self.page is not None:
            self._show_status(self.page, generator)

    def _show_status(self, page: WelcomePage, generator: str) -> None:
        settings = self._store.settings
        page.set_status(
            generator, generator_status(settings, generator, settings.generator_parameters.get(generator, {}))
        )

    @Slot(str)
    def _on_language_chosen(self, language: str) -> None:
        assert self.page is not None
        self._keep(language=language)
        self._reopening.stop()
        is_new = language_of(language) != spoken_language()
        is_later = is_new and (self.reopen is None or self._running)
        self.page.say_of_language(self.tr("The window speaks it from its next start.") if is_later else "")
        if is_new and not is_later:
            self._reopening.start()

    @Slot()
    def _on_reopening(self) -> None:
        assert self.reopen is not None
        self.reopen()

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(bool)
    def _on_tone_changed(self, sounds: bool) -> None:
        self._sounds = sounds
        if self.page is None:
            return
        self.page.set_sounding(sounds)
        if sounds:
            self._levels.begin()
            self._say_of_sound(self.page)
        elif not self._running:
            self.page.meter.set_levels(SILENT, SILENT)

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        # What the silent clock plays is sent nowhere.
        if self.page is None or not snapshot.device or not (self._sounds or self._running):
            return
        # The snapshot's own levels are of its last moment: one that is not looked at in time takes its peak along.
        if (levels := self._levels.look()) is not None:
            self.page.meter.set_levels(*levels)

    @Slot(str, object)
    def _on_device_changed(self, device: str, error: StudioError | None) -> None:
        wanted = self._store.settings.device
        self._device = device
        if error is not None:
            self._trouble = sentence(error)
        elif device and (wanted is None or device == wanted[1]):
            self._trouble = ""
        if self.page is not None:
            self._say_of_sound(self.page)

    def _say_of_sound(self, page: WelcomePage) -> None:
        """Say where the sound goes, and what there is to do about it if it is not heard."""
        title, trouble = device_title(self._device), self._trouble
        if self._store.settings.volume_db <= VOLUME.low:
            words = self.tr("The studio's own volume is at mute: turn it up in the Output panel (Alt+3).")
            page.say_of_sound(words, is_trouble=True)
        elif trouble:
            words = self.tr("{trouble} Meanwhile it is sent to “{device}”.") if title else "{trouble}"
            page.say_of_sound(words.format(trouble=trouble, device=title), is_trouble=True)
        elif title:
            words = self.tr(
                "Sent to “{device}”. Not heard? Turn up the system's volume and the loudspeakers, or choose another "
                "device."
            )
            page.say_of_sound(words.format(device=title))

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        if self.page is not None and isinstance(error, WorkerLacksPart):
            self.page.say_of_sound(sentence(error), is_trouble=True)

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        self._running = running
        if running and self.page is not None:
            # The person went on without it: AVVIA, or a sound that was dropped.
            self.page.reject()

    # --- the end ------------------------------------------------------------------------------------------------------

    @Slot(int)
    def _on_finished(self, _result: int) -> None:
        page, self.page = self.page, None
        if page is not None:
            self._reopening.stop()
            self.end_tone_wanted.emit()
            page.deleteLater()
            self._window.activateWindow()

    @Slot()
    def _on_closing(self) -> None:
        self._greeting.stop()
        if self.page is not None:
            self.page.reject()


def _is_of_this_machine(generator: str) -> bool:
    """Return whether a generator needs something of this machine that a newcomer has to name.

    Nobody is asked where another machine is, nor for what the studio installs and fetches itself (a card's ``extra``).
    """
    can = generator_named(generator).capabilities()
    is_fetched = any(one.extra for one in can.cards)
    return not can.needs_nothing and not is_fetched and not any(one.private for one in can.parameters)
