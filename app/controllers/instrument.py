# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller has sound taken in for the looper, the latency measured, and a band play along beside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from app.controllers.beside import CommandBeside
from app.translations import sentence
from engine.errors import StudioError
from engine.units import db_to_amplitude
from engine.values.band_options import BAND_OPTIONS
from engine.values.guide import NO_CHORD
from engine.values.input_options import INPUT_GAIN, INPUT_OPTIONS
from engine.values.inputs import InputAsked, InputDevice, InputSide, InputSnapshot
from engine.values.looper import LooperState
from widgets.bar.menu_button import Section
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from widgets.dialogs.instrument_dialog import InstrumentDialog

KEYS = "Ctrl+Shift+Y"


class InstrumentController(QObject):
    """The controller makes the dialog when it is asked for first.

    Signals
    -------
    list_wanted(), open_wanted(InputAsked), close_wanted(), gain_wanted(dB), monitor_wanted(bool), act_wanted(JamAct)
        For the engine.
    """

    list_wanted = Signal()
    open_wanted = Signal(object)
    close_wanted = Signal()
    gain_wanted = Signal(float)
    monitor_wanted = Signal(bool)
    act_wanted = Signal(object)

    def __init__(
        self, window: MainWindow, engine: StudioEngine, store: SettingsStore, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._say = window, store, say
        self._dialog: InstrumentDialog | None = None
        self._looper = LooperState()
        self._is_open = False
        self.measuring, self.band = CommandBeside(self), CommandBeside(self)
        self.measuring.told.connect(self._on_measured)
        self.measuring.ended.connect(self._on_measuring_ended)
        self.band.told.connect(self._on_band_told)
        self.band.ended.connect(self._on_band_ended)
        live = engine.live
        self.list_wanted.connect(live.list_inputs)
        self.open_wanted.connect(live.open)
        self.close_wanted.connect(live.close)
        self.gain_wanted.connect(live.set_gain)
        self.monitor_wanted.connect(live.hear)
        self.act_wanted.connect(engine.jam.act)
        live.inputs_listed.connect(self._on_listed)
        live.input_told.connect(self._on_input_told)
        live.input_failed.connect(self._on_input_failed)
        live.monitor_closed.connect(self._on_monitor_closed)
        live.looper_changed.connect(self._on_looper_changed)
        live.looper_failed.connect(self._on_looper_failed)
        engine.jam.failed.connect(self._on_looper_failed)
        window.closing.connect(self._on_closing)
        self.action = QAction(self.tr("Play with an &instrument…"), window)
        self.action.setShortcut(QKeySequence(KEYS))
        self.action.setStatusTip(self.tr("Record phrases into the jam, or have a band play along with you"))
        self.action.triggered.connect(self.show)
        window.addAction(self.action)
        window.add_to_menu(Section.FILE, self.action)

    @Slot()
    def show(self) -> None:
        """Show the dialog."""
        if self._dialog is None:
            self._dialog = self._new_dialog()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self.list_wanted.emit()

    def _new_dialog(self) -> InstrumentDialog:
        # Loaded when it is asked for first.
        from widgets.dialogs.instrument_dialog import InstrumentDialog

        settings = self._store.settings
        values = {one.name: getattr(settings, one.name) for one in (*INPUT_OPTIONS, *BAND_OPTIONS)}
        dialog = InstrumentDialog({**values, "input_device": settings.input_device}, self._window)
        dialog.option_changed.connect(self._on_option)
        dialog.refresh_requested.connect(self.list_wanted)
        dialog.open_requested.connect(self._on_open)
        dialog.monitor_requested.connect(self.monitor_wanted)
        dialog.measure_requested.connect(self._on_measure)
        dialog.act_requested.connect(self.act_wanted)
        dialog.band_requested.connect(self._on_band)
        return dialog

    # --- the input ----------------------------------------------------------------------------------------------------

    @Slot(str, object)
    def _on_option(self, name: str, value: object) -> None:
        self._store.change(**{name: value})
        if not self._is_open or name in (one.name for one in BAND_OPTIONS):
            return
        if name == INPUT_GAIN.name and isinstance(value, int | float):
            self.gain_wanted.emit(float(value))
        else:
            self.open_wanted.emit(asked_of(self._store.settings))

    @Slot(bool)
    def _on_open(self, is_open: bool) -> None:
        self._is_open = is_open
        if is_open:
            self.open_wanted.emit(asked_of(self._store.settings))
        else:
            self.close_wanted.emit()
        if self._dialog is not None:
            self._dialog.tell_input("")
            self._dialog.show_looper(self._looper, is_open=is_open)
            if not is_open:
                self._dialog.show_closed()

    @Slot(object)
    def _on_listed(self, devices: tuple[InputDevice, ...]) -> None:
        if self._dialog is not None:
            self._dialog.set_inputs(devices)

    @Slot(object)
    def _on_input_told(self, told: InputSnapshot | None) -> None:
        if self._dialog is not None and self._is_open:
            self._dialog.show_input(told)

    @Slot(object)
    def _on_input_failed(self, error: StudioError) -> None:
        self._tell_input(sentence(error), is_failed=True)

    @Slot()
    def _on_monitor_closed(self) -> None:
        words = self.tr("The input is not heard any more, as it was about to howl: use headphones, or turn it down.")
        self._tell_input(words, is_failed=True)

    def _tell_input(self, words: str, *, is_failed: bool = False) -> None:
        if self._dialog is not None:
            self._dialog.tell_input(words, is_failed=is_failed)
        if is_failed:
            self._say(words, Level.WARNING)

    @Slot()
    def _on_measure(self) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        if self.measuring.is_busy:
            self.measuring.cancel()
            return
        if self._is_open:
            # The device may be no one else's.
            dialog.open_check.setChecked(False)
        words = ["latency", "--json", "--progress", *input_words(self._store.settings)]
        self.measuring.run(words, "latency", tells=True)
        dialog.show_measuring(is_measuring=True)
        dialog.tell_input(self.tr("Measuring: noise is played five times…"))

    @Slot(str)
    def _on_measured(self, line: str) -> None:
        told: dict[str, Any] = json.loads(line)
        if "latency_ms" in told:
            words = self.tr("{output} → {input}: {ms} ms there and back (spread {spread} ms). Takes are placed by it.")
            self._tell_input(
                words.format(
                    output=told["output"],
                    input=told["input"],
                    ms=f"{told['latency_ms']:.1f}",
                    spread=f"{told['spread_ms']:.2f}",
                )
            )

    @Slot(str, str)
    def _on_measuring_ended(self, target: str, words: str) -> None:
        if self._dialog is not None:
            self._dialog.show_measuring(is_measuring=False)
        if words:
            self._tell_input(words, is_failed=True)
        elif not target:
            self._tell_input(self.tr("It was called off."))

    # --- the looper ---------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_looper_changed(self, state: LooperState) -> None:
        self._looper = state
        if self._dialog is not None:
            self._dialog.show_looper(state, is_open=self._is_open)

    @Slot(object)
    def _on_looper_failed(self, error: StudioError) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.tell_looper(sentence(error))

    # --- the band -----------------------------------------------------------------------------------------------------

    @Slot(bool)
    def _on_band(self, is_wanted: bool) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        if not is_wanted:
            self.band.cancel()
            return
        self.band.run(band_words(self._store.settings), "band", tells=True)
        dialog.show_band(is_playing=True)
        dialog.tell_band(self.tr("The band gets ready…"))

    @Slot(str)
    def _on_band_told(self, line: str) -> None:
        told: dict[str, Any] = json.loads(line)
        if self._dialog is None or "bpm" not in told:
            return
        if told["input_peak_db"] is None:
            words = self.tr("Waiting for the input…")
        elif not told["bpm"]:
            words = self.tr("Listening: play some bars.")
        else:
            form = self.tr("Playing: {bpm} bpm, {metre}/4, {chord}, then {next}.")
            if told["state"] != "playing":
                form = self.tr("Listening: {bpm} bpm, {metre}/4, {chord}, then {next}.")
            chord, following = (self._chord(told[name]) for name in ("chord", "next_chord"))
            words = form.format(bpm=f"{told['bpm']:.0f}", metre=told["beats_per_bar"], chord=chord, next=following)
        self._dialog.tell_band(words)

    def _chord(self, name: str) -> str:
        return self.tr("no chord") if name == NO_CHORD else name

    @Slot(str, str)
    def _on_band_ended(self, _target: str, words: str) -> None:
        if self._dialog is not None:
            self._dialog.show_band(is_playing=False)
            self._dialog.tell_band(words, is_failed=bool(words))

    @Slot()
    def _on_closing(self) -> None:
        if self._dialog is not None:
            self._dialog.hide()
        self.measuring.close()
        self.band.close()


def asked_of(settings: Settings) -> InputAsked:
    """Return what is asked of the input."""
    return InputAsked(
        settings.input_device,
        InputSide(settings.input_side),
        db_to_amplitude(settings.input_gain_db),
        settings.input_latency_ms / 1000.0,
        settings.latency_ms,
    )


def input_words(settings: Settings) -> list[str]:
    """Return the part of a command line that names devices, channels and gain."""
    words = ["--side", settings.input_side, f"--gain={settings.input_gain_db:g}"]
    if settings.input_device is not None:
        words += ["--input", ": ".join(settings.input_device)]
    return words


def band_words(settings: Settings) -> list[str]:
    """Return the command line of a band."""
    words = ["band", "--json", *input_words(settings), f"--level={settings.band_level:g}"]
    if settings.band_parts != "everything":
        words += ["--parts", settings.band_parts]
    if settings.band_style:
        words += ["--style", settings.band_style]
    return words
