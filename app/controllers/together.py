# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the jam to MIDI, from when its panel is first seen, and shows the dialog of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app import paths
from app.translations import sentence
from engine.together.messages import TogetherPlan
from engine.values.midi import MidiMap, MidiMessage, MidiPorts
from engine.values.together import TogetherState
from engine.values.together_options import TOGETHER_OPTIONS
from widgets.controls import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore
    from engine.errors import StudioError
    from engine.qt.studio import StudioEngine
    from widgets.jam.together_dialog import TogetherDialog


class TogetherController(QObject):
    """The controller has the process opened, and does what a control of MIDI asks that is no act of the jam.

    Parameters
    ----------
    deeds
        What is done for “record”, “studio start”, “studio stop” and “studio save”.
    say
        Writes a line in the console.
    """

    plan_wanted = Signal(object)
    learn_wanted = Signal(str)
    forget_wanted = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        engine: StudioEngine,
        store: SettingsStore,
        deeds: Mapping[str, Callable[[], object]],
        say: Callable[[str, Level], None],
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._deeds, self._say = window, store, deeds, say
        self._plan: TogetherPlan | None = None
        self._map, self._ports, self._together = MidiMap(), MidiPorts(), TogetherState()
        self._dialog: TogetherDialog | None = None
        together = engine.together
        self.plan_wanted.connect(together.open)
        self.learn_wanted.connect(together.learn)
        self.forget_wanted.connect(together.forget)
        together.map_changed.connect(self._on_map_changed)
        together.ports_changed.connect(self._on_ports_changed)
        together.moved.connect(self._on_moved)
        together.together_changed.connect(self._on_together_changed)
        together.asked.connect(self._on_asked)
        together.failed.connect(self._on_failed)
        window.jam_panel.seen_changed.connect(self._on_seen_changed)
        window.jam_panel.midi_requested.connect(self._on_requested)
        store.changed.connect(self._on_settings_changed)

    # --- the process --------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        plan = plan_of(self._store.settings)
        # Who never asked for it has no process of it.
        if plan != self._plan and (self._plan is not None or plan.needs_ports or plan.follow):
            self._plan = plan
            self.plan_wanted.emit(plan)

    @Slot(bool)
    def _on_seen_changed(self, is_seen: bool) -> None:
        if is_seen and self._plan is None:
            self._open()

    @Slot(object)
    def _on_settings_changed(self, _settings: Settings) -> None:
        if self._plan is not None or self._dialog is not None:
            self._open()

    # --- the dialog ---------------------------------------------------------------------------------------------------

    @Slot()
    def _on_requested(self) -> None:
        from widgets.jam.together_dialog import TogetherDialog

        self._open()
        settings = self._store.settings
        values = {one.name: getattr(settings, one.name) for one in TOGETHER_OPTIONS}
        self._dialog = dialog = TogetherDialog(values, self._window)
        dialog.set_map(self._map)
        dialog.set_ports(self._ports)
        dialog.set_together(self._together)
        dialog.option_changed.connect(self._on_option_changed)
        dialog.learn_requested.connect(self.learn_wanted)
        dialog.forget_requested.connect(self.forget_wanted)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    @Slot()
    def _on_finished(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    @Slot(str, object)
    def _on_option_changed(self, name: str, value: object) -> None:
        self._store.change(**{name: value})

    # --- what is told -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_map_changed(self, midi_map: MidiMap) -> None:
        self._map = midi_map
        if self._dialog is not None:
            self._dialog.set_map(midi_map)

    @Slot(object)
    def _on_ports_changed(self, ports: MidiPorts) -> None:
        self._ports = ports
        if self._dialog is not None:
            self._dialog.set_ports(ports)

    @Slot(object)
    def _on_together_changed(self, state: TogetherState) -> None:
        self._together = state
        if self._dialog is not None:
            self._dialog.set_together(state)

    @Slot(object, str)
    def _on_moved(self, message: MidiMessage, words: str) -> None:
        if self._dialog is not None:
            self._dialog.set_moved(message, words)

    @Slot(object)
    def _on_asked(self, deed: object) -> None:
        self._deeds[str(deed)]()

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        self._window.jam_panel.set_log(sentence(error), "warning")
        self._say(sentence(error), Level.WARNING)


def plan_of(settings: Settings) -> TogetherPlan:
    """Return the plan that the settings tell of."""
    return TogetherPlan(
        str(paths.RESOURCES / "midi.toml"),
        str(paths.midi_map()),
        midi=settings.jam_midi,
        clock_out=settings.jam_clock_out,
        clock_to=settings.jam_clock_to.strip(),
        follow=settings.jam_follow,
        shares_start=settings.jam_shares_start,
    )
