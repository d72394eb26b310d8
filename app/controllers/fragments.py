# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the fragments panel to its station, which there is from when the panel is first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from app import paths
from app.choices import generator_choices
from app.engine_settings import generator_settings
from app.path_check import expanded_folder, folder_refusal
from app.translations import sentence
from engine.errors import AllSlotsFrozen, EmptyPrompt, PathCannotBe, StudioError
from engine.fragments.messages import (
    Clear,
    Command,
    Freeze,
    Generate,
    SetMode,
    SetPrompts,
    SetSlotPrompt,
    SetUsualPrompt,
    StationPlan,
    Stop,
)
from engine.values.fragment_options import FRAGMENT_OPTIONS
from engine.values.fragments import FragmentFact, FragmentMode, FragmentReady, FragmentSilent, FragmentsState
from widgets.controls import Level
from widgets.dragging import copy
from widgets.fragments.words import ready_words, silent_words

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from widgets.fragments.settings_dialog import FragmentsDialog

TOKEN_FILE = "fragments-token"
"""Name of the file, beside the settings, with what other machines have to show."""


class FragmentsController(QObject):
    """The fragments controller has a station opened for the folder that is set, and shows what it tells.

    Parameters
    ----------
    say
        Writes a line in the console.
    """

    opening_wanted = Signal(object)
    command_wanted = Signal(object)
    hearing_wanted = Signal(int)
    end_wanted = Signal()
    copy_wanted = Signal(int, str)
    closing_wanted = Signal()

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window, self._panel, self._store, self._say = window, window.fragments_panel, store, say
        self._plan: StationPlan | None = None
        self._is_shut = False
        # What the last warning was about.
        self._warned: type[StudioError] | None = None
        # The slot whose copy is dragged, or is for the clipboard.
        self._dragged: int | None = None
        self._copied: int | None = None
        self._dialog: FragmentsDialog | None = None
        self._connect(engine)
        settings = store.settings
        self._panel.set_prompt(settings.fragments_prompt)
        self._panel.set_every(settings.fragments_every_s)

    def _connect(self, engine: StudioEngine) -> None:
        panel, fragments = self._panel, engine.fragments
        self.opening_wanted.connect(fragments.open)
        self.command_wanted.connect(fragments.ask)
        self.hearing_wanted.connect(fragments.hear)
        self.end_wanted.connect(fragments.end_hearing)
        self.copy_wanted.connect(fragments.copy)
        self.closing_wanted.connect(fragments.close)
        fragments.opened.connect(panel.set_page)
        fragments.osc_heard.connect(panel.set_osc)
        fragments.shut.connect(self._on_shut)
        fragments.state_changed.connect(self._on_state_changed)
        fragments.told.connect(self._on_told)
        fragments.failed.connect(self._on_failed)
        fragments.heard_changed.connect(panel.set_heard)
        fragments.copied.connect(self._on_copied)
        panel.seen_changed.connect(self._on_seen_changed)
        panel.folder_requested.connect(self._on_folder_requested)
        panel.retry_requested.connect(self._on_retry_requested)
        panel.settings_requested.connect(self._on_settings_requested)
        panel.prompt_edited.connect(self._on_prompt_edited)
        panel.prompt_left.connect(lambda prompt: self.command_wanted.emit(SetUsualPrompt(prompt)))
        panel.mode_changed.connect(self._on_mode_changed)
        panel.make_requested.connect(lambda prompt, slot: self._ask(Generate(prompt, slot)))
        panel.stop_requested.connect(lambda: self._ask(Stop()))
        panel.freeze_requested.connect(lambda number, is_frozen: self._ask(Freeze(number, is_frozen)))
        panel.clear_requested.connect(lambda number: self._ask(Clear(number)))
        panel.slot_prompt_changed.connect(lambda number, prompt: self._ask(SetSlotPrompt(number, prompt)))
        panel.hear_requested.connect(self.hearing_wanted)
        panel.end_requested.connect(self.end_wanted)
        panel.drag_begun.connect(self._on_drag_begun)
        panel.copy_requested.connect(self._on_copy_requested)
        self._store.changed.connect(self._on_settings_changed)

    def _ask(self, command: Command) -> None:
        self._panel.forget_warning()
        self.command_wanted.emit(command)

    # --- the station --------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Have the station that the settings tell of; without a folder there is none."""
        settings = self._store.settings
        if not settings.fragments_folder:
            if self._plan is not None:
                self._plan = None
                self.closing_wanted.emit()
            self._forget_links()
            self._panel.show_none()
            return
        plan = plan_of(settings)
        if plan != self._plan:
            self._plan, self._is_shut = plan, False
            self._panel.forget_warning()
            self.opening_wanted.emit(plan)

    def _forget_links(self) -> None:
        self._panel.set_page("")
        self._panel.set_osc("")

    @Slot(bool)
    def _on_seen_changed(self, is_seen: bool) -> None:
        if is_seen and self._plan is None:
            self._open()

    @Slot()
    def _on_retry_requested(self) -> None:
        self._plan = None
        self._open()

    @Slot(object)
    def _on_settings_changed(self, _settings: Settings) -> None:
        # What was never seen has no station, whatever is set.
        if self._plan is not None:
            self._open()

    @Slot(object)
    def _on_shut(self, error: StudioError) -> None:
        self._is_shut = True
        self._forget_links()
        self._panel.show_none(sentence(error), can_retry=True)
        self._say(sentence(error), Level.WARNING)

    # --- what the panel asks ------------------------------------------------------------------------------------------

    @Slot()
    def _on_folder_requested(self) -> None:
        title = self.tr("Folder of fragments")
        folder = QFileDialog.getExistingDirectory(self._window, title, self._store.settings.fragments_folder)
        if folder:
            self._store.change(fragments_folder=folder)
            self._on_retry_requested()

    @Slot()
    def _on_settings_requested(self) -> None:
        from widgets.fragments.settings_dialog import FragmentsDialog

        settings = self._store.settings
        names = (*(one.name for one in FRAGMENT_OPTIONS), "fragments_generator")
        values = {name: getattr(settings, name) for name in names}
        self._dialog = FragmentsDialog(values, generator_choices(settings), self._window)
        self._dialog.chosen.connect(self._on_chosen)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    @Slot(object)
    def _on_chosen(self, values: dict[str, Any]) -> None:
        folder = values["fragments_folder"]
        if refusal := folder_refusal(folder):
            self._tell(PathCannotBe(path=folder, name="the folder of fragments", detail=refusal))
            return
        before = self._store.settings
        self._store.change(**{**values, "fragments_folder": expanded_folder(folder)})
        if values["fragments_prompts"] != before.fragments_prompts:
            self._ask(SetPrompts(prompts_of(self._store.settings)))
        if self._plan is None or self._is_shut:
            self._on_retry_requested()

    @Slot(str)
    def _on_prompt_edited(self, prompt: str) -> None:
        self._remember(fragments_prompt=prompt)
        if prompt.strip() and self._warned is EmptyPrompt:
            self._panel.forget_warning()

    @Slot(object, float)
    def _on_mode_changed(self, mode: FragmentMode, every_s: float) -> None:
        self._remember(fragments_mode=str(mode), fragments_every_s=every_s)
        self._ask(SetMode(mode, every_s))

    @Slot(int)
    def _on_drag_begun(self, number: int) -> None:
        self._dragged, self._copied = number, None
        self.copy_wanted.emit(number, str(paths.dragged_folder()))

    @Slot(int)
    def _on_copy_requested(self, number: int) -> None:
        self._dragged, self._copied = None, number
        self.copy_wanted.emit(number, str(paths.dragged_folder()))

    def _remember(self, **changes: Any) -> None:
        self._store.remember(replace(self._store.settings, **changes))

    # --- what the station tells ---------------------------------------------------------------------------------------

    @Slot(object)
    def _on_state_changed(self, state: FragmentsState) -> None:
        """Show a state, and no longer a warning whose cause it says is gone."""
        self._panel.set_state(state)
        has_prompt = bool(state.prompts) or any(one.own_prompt for one in state.slots)
        has_place = state.next_slot is not None
        if (self._warned is EmptyPrompt and has_prompt) or (self._warned is AllSlotsFrozen and has_place):
            self._warned = None
            self._panel.forget_warning()

    @Slot(object)
    def _on_told(self, fact: FragmentFact) -> None:
        if isinstance(fact, FragmentReady):
            if fact.slot is not None:
                self._panel.flash(fact.slot.number)
            self._log(ready_words(fact), Level.INFO)
        elif isinstance(fact, FragmentSilent):
            self._log(silent_words(fact), Level.INFO)
        else:
            self._tell(fact.error)

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        self._tell(error)

    @Slot(int, str)
    def _on_copied(self, number: int, path: str) -> None:
        tile = self._panel.tile(number)
        if number == self._dragged and tile is not None:
            self._dragged = None
            tile.drag_source.carry((path,))
        elif number == self._copied:
            self._copied = None
            copy((path,))
            self._log(self.tr("Copied: {names}").format(names=path.rpartition("/")[2]), Level.INFO)

    def _tell(self, error: StudioError) -> None:
        self._warned = type(error)
        self._log(sentence(error), Level.WARNING)

    def _log(self, words: str, level: Level) -> None:
        self._panel.set_log(words, "dim" if level is Level.INFO else "warning")
        self._say(words, level)


def prompts_of(settings: Settings) -> tuple[str, ...]:
    """Return the prompts that take turns."""
    return tuple(filter(None, (one.strip() for one in settings.fragments_prompts.splitlines())))


def plan_of(settings: Settings) -> StationPlan:
    """Return the station that the settings tell of."""

    generator = settings.fragments_generator or settings.generator
    host = "0.0.0.0" if settings.fragments_network else "127.0.0.1"
    return StationPlan(
        settings.fragments_folder,
        generator,
        int(settings.fragments_rate),
        n_slots=settings.fragments_slots,
        model=settings.model if generator == settings.generator else "",
        duration_s=settings.fragments_duration_s,
        settings=generator_settings(settings),
        bars=settings.fragments_bars if settings.fragments_loops else 0,
        bpm=settings.fragments_bpm,
        prompts=prompts_of(settings),
        mode=FragmentMode(settings.fragments_mode),
        every_s=settings.fragments_every_s,
        usual_prompt=settings.fragments_prompt.strip(),
        page=f"{host}:{settings.fragments_port}" if settings.fragments_page else "",
        token_file=str(paths.settings_file().with_name(TOKEN_FILE)) if settings.fragments_network else "",
        osc_in=settings.fragments_osc_in,
        osc_out=settings.fragments_osc_out,
        sees_opens=settings.fragments_opens,
    )
