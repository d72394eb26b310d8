# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio's controller: what the person sets and presses becomes the engine's options and commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app import paths
from app.appearance import Appearance
from app.choices import generator_choices, jam_choices, studio_options, with_whole_paths
from app.controllers.bringing import BringingController
from app.controllers.compact import CompactController
from app.controllers.device_notices import DeviceNotices
from app.controllers.dragging import DraggingController
from app.controllers.fragments import FragmentsController
from app.controllers.help import HelpController
from app.controllers.instrument import InstrumentController
from app.controllers.jam import JamController
from app.controllers.jam_recordings import JamRecordingsController
from app.controllers.layouts import LayoutsController
from app.controllers.library import LibraryController
from app.controllers.live import LiveController
from app.controllers.loop import LoopController
from app.controllers.models import ModelsController
from app.controllers.notices import NoticesController
from app.controllers.on_air import OnAirController
from app.controllers.pace import PaceController
from app.controllers.play_along import PlayAlongController
from app.controllers.recipes import RecipesController
from app.controllers.saving import SavingController
from app.controllers.score_map import ScoreMapController
from app.controllers.seam_scope import SeamScopeController
from app.controllers.setup import SetupController
from app.controllers.together import TogetherController
from app.controllers.tour import TourController
from app.controllers.transition import TransitionController
from app.controllers.transport import TransportController
from app.controllers.undo import UndoController
from app.controllers.visualiser import VisualiserController
from app.controllers.welcome import WelcomeController
from app.engine_settings import transition_wish, with_wish
from app.generator_parameters import declared, with_value
from app.settings import Settings
from app.settings_store import SettingsStore
from app.understanding import Understanding
from engine.errors import EmptyPrompt, StudioError, UserError
from engine.generators.registry import default_generator
from engine.values import Algorithm, ParameterValue, Reading, TransitionWish
from engine.values.volume import gain_to_volume, volume_to_gain
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.qt.studio import StudioEngine

UNDERSTAND_MS: Final = 200
"""Milliseconds for which the window is there before its prompt is read: that would keep the first painting waiting."""


class Controller(QObject):
    """Turns intents of the widgets into commands to the engine, and the engine's facts into what the panels show."""

    options_changed = Signal(object)
    start_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, window: MainWindow, engine: StudioEngine, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._engine = engine
        self.store = SettingsStore(settings, self)
        self._understanding = Understanding(self)
        self._appearance = Appearance(settings)
        self._notices = NoticesController(window, engine)
        self._library = LibraryController(window, engine)
        self._setup = SetupController(window, self.store)
        self.welcome = WelcomeController(window, engine, self.store)
        self._loop = LoopController(window, engine, self.store)
        self._score_map = ScoreMapController(window, engine, self.store)
        self._seam_scope = SeamScopeController(window, engine, self.store)
        self._saving = SavingController(window, engine, self.store, lambda: self._loop.view)
        self._dragging = DraggingController(window, engine)
        self.recipes = RecipesController(window, engine, self.store, lambda: self._loop.view)
        self._models = ModelsController(window, engine, self.store, self._notices.say)
        self._models.changed.connect(self._show_generators)
        self._transition = TransitionController(window, engine)
        self._transport = TransportController(window, engine, lambda: self.store.settings.save_folder)
        self.help = HelpController(window)
        self.tour = TourController(window)
        self.tour.started.connect(self.help.put_away)
        self.help.opened.connect(self.tour.end)
        self.welcome.tour_requested.connect(self.tour.start)
        self._layouts = LayoutsController(window, self.store)
        self._compact = CompactController(window, engine, lambda: self._loop.view, self._loop.show_card)
        self._undo = UndoController(window, engine, self.store, self._notices.say)
        self._live = LiveController(window.live_panel, engine, self.store)
        self._visualiser = VisualiserController(window, engine, self.store, self._live)
        self._visualiser.seen_changed.connect(self._compact.want)
        self._fragments = FragmentsController(window, engine, self.store, self._notices.say)
        self._jam = JamController(window, engine, self.store, self._notices.say)
        self._jam_recordings = JamRecordingsController(window, engine, self.store, self._notices.say)
        deeds = {
            "record": window.jam_panel.groove_bar.record_button.click,
            "studio start": self._on_start_requested,
            "studio stop": self.stop_wanted.emit,
            "studio save": window.prompt_bar.save_requested.emit,
        }
        self._together = TogetherController(window, engine, self.store, deeds, self._notices.say)
        self._on_air = OnAirController(window, engine, self.store, self._notices.say)
        self._pace = PaceController(window, engine, self.store)
        self._device_notices = DeviceNotices(window.notice_bar)
        self._show_settings()
        self.bringing = BringingController(window, engine)
        self.bringing.target.dropped.connect(self.recipes.look_into)
        self._companions = (
            PlayAlongController(window, engine, self.store, self.bringing.bring, self._notices.say),
            InstrumentController(window, engine, self.store, self._notices.say),
        )
        self._connect_widgets()
        self._connect_engine()
        self._first_reading = QTimer(self)
        self._first_reading.setSingleShot(True)
        self._first_reading.timeout.connect(self._understand)
        self._first_reading.start(UNDERSTAND_MS)
        self._notices.say(self.tr("Ready. AVVIA starts the music."), Level.INFO)

    def start(self) -> None:
        """Start the music with what the prompt's field says, as AVVIA does."""
        self._on_start_requested()

    def tell(self, error: StudioError) -> None:
        """Show what went wrong before there was a window."""
        self._notices.tell_failure(error)

    # --- wiring ---------------------------------------------------------------------------------------------------

    def _connect_widgets(self) -> None:
        window = self._window
        bar = window.prompt_bar
        bar.start_requested.connect(self._on_start_requested)
        bar.stop_requested.connect(self.stop_wanted)
        bar.prompt_changed.connect(self._on_prompt_changed)
        generate = window.generate_panel
        generate.algorithm_changed.connect(self._on_algorithm_changed)
        generate.generator_changed.connect(self._on_generator_changed)
        generate.model_changed.connect(self._on_model_changed)
        generate.duration_changed.connect(self._on_duration_changed)
        generate.min_play_changed.connect(self._on_min_play_changed)
        generate.variations_changed.connect(self._on_variations_changed)
        generate.parameter_changed.connect(self._on_parameter_changed)
        window.overlap_panel.overlap_changing.connect(self._on_overlap_changed)
        window.overlap_panel.overlap_changed.connect(self._on_overlap_changed)
        window.output_panel.volume_changed.connect(self._on_volume_changed)
        window.overlap_panel.wish_changed.connect(self._on_wish_changed)
        for asking in (self._setup, self.welcome):
            asking.accepted.connect(self._on_settings_accepted)
        self.welcome.start_wanted.connect(self._on_start_requested)
        self._transport.failed.connect(self._notices.tell_failure)
        self.store.failed.connect(self._notices.tell_failure)
        self.store.changed.connect(self._on_settings_changed)
        self.store.settled.connect(self._understand)
        self._understanding.understood.connect(self._on_understood)
        window.closing.connect(self._on_closing)

    def _connect_engine(self) -> None:
        engine = self._engine
        self.options_changed.connect(engine.options_changed)
        self._on_air.played_changed.connect(self._on_played_changed)
        self.start_wanted.connect(engine.transport.start)
        self.stop_wanted.connect(engine.transport.stop)
        for asking in (self._setup, self.welcome):
            asking.devices_wanted.connect(engine.output.list_devices)
            engine.output.devices_listed.connect(asking.set_devices)
        engine.transport.running_changed.connect(self._window.prompt_bar.set_running)
        engine.output.device_changed.connect(self._on_device_changed)
        engine.library.room_taken.connect(self._setup.set_room_taken)
        self._library.opened.connect(self._on_library_opened)

    # --- settings -------------------------------------------------------------------------------------------------

    def _show_settings(self) -> None:
        settings, window = self.store.settings, self._window
        window.prompt_bar.set_prompt(settings.prompt)
        self._show_generators()
        generate = window.generate_panel
        generate.set_algorithm(Algorithm(settings.algorithm))
        generate.set_duration(settings.duration_s)
        generate.set_min_play(settings.min_play_s)
        generate.set_variations(settings.variations)
        window.overlap_panel.set_overlap(settings.overlap_ms)
        window.overlap_panel.set_wish(transition_wish(settings))
        window.output_panel.set_volume(volume_to_gain(settings.volume_db))

    @Slot()
    def _show_generators(self) -> None:
        choices = generator_choices(self.store.settings)
        generate = self._window.generate_panel
        generate.set_parameter_values(self.store.settings.generator_parameters)
        generate.set_generators(choices)
        generate.set_generator(self.store.settings.generator)
        generate.set_model(self.store.settings.model)
        self._window.jam_panel.set_generators(jam_choices(choices), default_generator().name)
        self._window.jam_panel.set_generator_values(self.store.settings.generator_parameters)
        self._window.now_playing_panel.set_generator_titles({one.name: one.title for one in choices})

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        self._appearance.follow(settings)
        self._window.jam_panel.set_generator_values(settings.generator_parameters)
        self.options_changed.emit(studio_options(self._on_air.played(settings)))

    @Slot()
    def _on_played_changed(self) -> None:
        self.options_changed.emit(studio_options(self._on_air.played(self.store.settings)))

    @Slot()
    def _understand(self) -> None:
        self._understanding.ask(replace(self.store.settings, prompt=self._window.prompt_bar.prompt()))

    @Slot(str, object)
    def _on_understood(self, prompt: str, readings: tuple[Reading, ...]) -> None:
        # What was typed meanwhile is read when it has settled.
        if prompt == self._window.prompt_bar.prompt():
            self._window.prompt_bar.set_understood(readings)

    @Slot(str)
    def _on_prompt_changed(self, _prompt: str) -> None:
        # It is the engine's when Enter or AVVIA says so.
        self.store.set_draft(self._window.prompt_bar.prompt().strip())

    @Slot(Algorithm)
    def _on_algorithm_changed(self, algorithm: Algorithm) -> None:
        self.store.change(algorithm=str(algorithm))

    @Slot(str)
    def _on_generator_changed(self, name: str) -> None:
        self.store.change(generator=name, model=self._window.generate_panel.model())
        self._window.notice_bar.clear_notice("generator")
        self._models.look_at_choice()

    @Slot(str)
    def _on_model_changed(self, model: str) -> None:
        self.store.change(model=model)
        self._models.look_at_choice()

    @Slot(float)
    def _on_duration_changed(self, duration_s: float) -> None:
        self.store.change(duration_s=duration_s)

    @Slot(float)
    def _on_min_play_changed(self, min_play_s: float) -> None:
        self.store.change(min_play_s=min_play_s)

    @Slot(int)
    def _on_variations_changed(self, n: int) -> None:
        self.store.change(variations=n)

    @Slot(str, object)
    def _on_parameter_changed(self, name: str, value: ParameterValue) -> None:
        generator, values = self.store.settings.generator, self.store.settings.generator_parameters
        parameter = declared()[generator][name]
        try:
            parameter.checked(value)
        except UserError as error:
            # What was typed stays in its field, to be corrected.
            self._notices.tell_failure(error)
            return
        for kind in ("UnknownChoice", "WrongKind"):
            self._window.notice_bar.clear_notice(kind)
        self.store.change(generator_parameters=with_value(values, generator, parameter, value))

    @Slot(float)
    def _on_overlap_changed(self, overlap_ms: float) -> None:
        self.store.change(overlap_ms=overlap_ms)

    @Slot(object)
    def _on_wish_changed(self, wish: TransitionWish) -> None:
        self.store.take(with_wish(self.store.settings, wish))

    @Slot(float)
    def _on_volume_changed(self, gain: float) -> None:
        self.store.change(volume_db=gain_to_volume(gain))

    # --- the buttons at the top ------------------------------------------------------------------------------------

    @Slot()
    def _on_start_requested(self) -> None:
        prompt = self._window.prompt_bar.prompt().strip()
        if not prompt:
            self._notices.tell_failure(EmptyPrompt())
            return
        self._window.notice_bar.clear_notice("EmptyPrompt")
        self.store.change(prompt=prompt)
        # What plays goes on playing; what was paused goes on.
        self.start_wanted.emit()

    @Slot(object)
    def _on_settings_accepted(self, values: dict[str, Any]) -> None:
        values = with_whole_paths(values)
        self.store.change(**values)
        self._window.generate_panel.set_min_play(values["min_play_s"])
        self._show_generators()

    # --- the engine's facts ---------------------------------------------------------------------------------------

    @Slot(str)
    def _on_library_opened(self, folder: str) -> None:
        # A folder that the person chose is not made anew when it is not there: its disk may not be connected.
        if folder not in (self.store.settings.known_data_folder, str(paths.data_folder())):
            self.store.change(known_data_folder=folder)

    @Slot(str, object)
    def _on_device_changed(self, device: str, error: StudioError | None) -> None:
        wanted = self.store.settings.device
        notices = self._device_notices
        words = notices.opened(device, wanted) if error is None else notices.lost(error, wanted)
        if words:
            self._notices.say(words, Level.INFO if error is None else Level.WARNING)
        self._loop.set_device(device)

    # --- the end --------------------------------------------------------------------------------------------------

    @Slot()
    def _on_closing(self) -> None:
        self._first_reading.stop()
        self._live.stop()
        self.store.remember(self._layouts.as_left(self.store.settings))
        self.store.finish()
        self._understanding.finish()
        self._engine.shut_down()
