# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP: the settings, on short pages. Takes and returns ``SettingsValues``; reads no file and no device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from engine.values import OutputDevice
from widgets.controls import Combo, describe, set_role
from widgets.folders_page import FoldersPage
from widgets.form import PAGE_MARGIN_PX, add_row, button, check, fit_pages, hint, index_of, number_spin, page
from widgets.room_page import RoomPage
from widgets.settings_pages.generators_page import GeneratorsPage
from widgets.settings_values import (
    LATENCY_HIGH_MS,
    LATENCY_LOW_MS,
    LOUDNESS_HIGH_LUFS,
    LOUDNESS_LOW_LUFS,
    MAX_PLAY_HIGH_MIN,
    MIN_LOOP_HIGH_S,
    MIN_LOOP_LOW_S,
    MIN_PLAY_HIGH_S,
    MIN_PLAY_LOW_S,
    REACH_HIGH_PERCENT,
    REACH_LOW_PERCENT,
    SLEEP_FADE_HIGH_MIN,
    SLEEP_FADE_LOW_MIN,
    GeneratorChoice,
    SettingsValues,
)

MIN_WIDTH_PX = 560


class SettingsDialog(QDialog):
    """The settings dialog; open it with ``open()``.

    Parameters
    ----------
    values
        What is set now.
    defaults
        What "Restore defaults" puts back.
    generators
        What can be chosen as the default generator.
    refusal
        Why these values cannot be kept, in the caller's words, or "": OK then says so and leaves the dialog open.

    Signals: ``settings_accepted(SettingsValues)`` when OK is pressed; ``devices_requested()`` for a fresh list of
    devices, answered with ``set_devices``.
    """

    settings_accepted = Signal(SettingsValues)
    devices_requested = Signal()

    def __init__(
        self,
        values: SettingsValues,
        defaults: SettingsValues,
        generators: tuple[GeneratorChoice, ...],
        parent: QWidget | None = None,
        *,
        refusal: Callable[[SettingsValues], str] = lambda _: "",
    ) -> None:
        super().__init__(parent)
        self._refusal = refusal
        self._defaults = defaults
        self._devices: tuple[OutputDevice, ...] = ()
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(MIN_WIDTH_PX)
        self.tabs = QTabWidget(self)
        describe(self.tabs.tabBar(), self.tr("Pages of settings"), self.tr("Choose a page with the arrow keys"))
        self.generators_page = GeneratorsPage(self.tabs, generators)
        self._build_sound_page()
        self._build_loops_page()
        self.folders_page = FoldersPage(self.tabs)
        self.room_page = RoomPage(self.tabs)
        self._build_language_page()
        self.buttons = QDialogButtonBox(self)
        self._build_buttons()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        rows.setSpacing(PAGE_MARGIN_PX)
        self.refused = hint("", self)
        set_role(self.refused, "warning")
        self.refused.hide()
        rows.addWidget(self.tabs)
        rows.addWidget(self.refused)
        rows.addWidget(self.buttons)
        self._show_values(values)

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            fit_pages(self, self.tabs, self.buttons)
        super().showEvent(event)

    # --- values in and out --------------------------------------------------------------------------------------------

    def values(self) -> SettingsValues:
        """What the dialog shows."""
        return SettingsValues(
            generator=self.generators_page.generator(),
            model=self.generators_page.model(),
            generator_parameters=self.generators_page.parameters(),
            device=self.device_combo.currentData(),
            latency_ms=self.latency_spin.value(),
            min_loop_s=self.min_loop_spin.value(),
            min_play_s=self.min_play_spin.value(),
            max_play_s=60.0 * self.max_play_spin.value(),
            make_again=self.make_again_check.isChecked(),
            target_lufs=self.loudness_spin.value(),
            sleep_fade_s=60.0 * self.sleep_fade_spin.value(),
            tempo_reach=self.reach_spin.value() / 100.0,
            save_folder=self.folders_page.save_edit.text().strip(),
            data_folder=self.folders_page.data_edit.text().strip(),
            room_gb=self.room_page.size_spin.value(),
            room_days=self.room_page.age_spin.value(),
            language=str(self.language_combo.currentData()),
        )

    def set_devices(self, devices: tuple[OutputDevice, ...]) -> None:
        """Offer these devices; the chosen one stays chosen even when it is not among them."""
        chosen = self.device_combo.currentData()
        self._devices = devices
        self._show_device(chosen)

    def _show_values(self, values: SettingsValues) -> None:
        self.generators_page.show_values(values.generator, values.model, values.generator_parameters)
        self._show_device(values.device)
        self.latency_spin.setValue(values.latency_ms)
        self.min_loop_spin.setValue(values.min_loop_s)
        self.min_play_spin.setValue(values.min_play_s)
        self.max_play_spin.setValue(values.max_play_s / 60.0)
        self.make_again_check.setChecked(values.make_again)
        self.loudness_spin.setValue(values.target_lufs)
        self.sleep_fade_spin.setValue(values.sleep_fade_s / 60.0)
        self.reach_spin.setValue(100.0 * values.tempo_reach)
        self.folders_page.show_values(values.data_folder, values.save_folder)
        self.room_page.show_values(values.room_gb, values.room_days)
        self.language_combo.setCurrentIndex(max(self.language_combo.findData(values.language), 0))

    def _show_device(self, chosen: tuple[str, str] | None) -> None:
        combo = self.device_combo
        combo.clear()
        combo.addItem(self.tr("System default"), None)
        for device in self._devices:
            combo.addItem(f"{device.host_api}: {device.name}", (device.host_api, device.name))
        index = index_of(combo, chosen)
        if index < 0 and chosen is not None:
            # A device that was unplugged is not forgotten because someone opened the settings.
            combo.addItem(
                self.tr("{host_api}: {name} (not there now)").format(host_api=chosen[0], name=chosen[1]), chosen
            )
            index = combo.count() - 1
        combo.setCurrentIndex(index)

    # --- pages --------------------------------------------------------------------------------------------------------

    def _build_sound_page(self) -> None:
        form = page(self.tabs, self.tr("Sound"))
        self.device_combo = Combo(self)
        self.refresh_button = button(
            self.tr("&Refresh"), self.tr("Refresh the devices"), self.tr("Look for sound devices again"), self
        )
        add_row(
            form, self.tr("Output &device:"), self.tr("Where the sound goes"), self.device_combo, self.refresh_button
        )
        self.latency_spin = QSpinBox(self)
        self.latency_spin.setRange(LATENCY_LOW_MS, LATENCY_HIGH_MS)
        self.latency_spin.setSuffix(self.tr(" ms"))
        self.latency_spin.setSingleStep(5)
        add_row(
            form,
            self.tr("&Latency:"),
            self.tr("How far ahead sound is mixed: more is safer, less answers sooner"),
            self.latency_spin,
        )
        form.addRow("", hint(self.tr("If you hear drop-outs, raise the latency."), self))
        self.loudness_spin = number_spin(LOUDNESS_LOW_LUFS, LOUDNESS_HIGH_LUFS, 1.0, " LUFS", self, decimals=0)
        add_row(
            form,
            self.tr("L&oudness:"),
            self.tr("How loud every loop is made, whatever it was: −16 suits music at home, −23 is broadcast's"),
            self.loudness_spin,
        )
        fade_minutes = (SLEEP_FADE_LOW_MIN, SLEEP_FADE_HIGH_MIN, 0.5)
        self.sleep_fade_spin = number_spin(*fade_minutes, self.tr(" min"), self, decimals=1)
        tip = self.tr("How long the music takes to fade out when the sleep timer ends, at most a third of its time")
        add_row(form, self.tr("Sleep &fade:"), tip, self.sleep_fade_spin)
        self.refresh_button.clicked.connect(self.devices_requested)

    def _build_loops_page(self) -> None:
        form = page(self.tabs, self.tr("Loops"))
        self.min_loop_spin = number_spin(MIN_LOOP_LOW_S, MIN_LOOP_HIGH_S, 0.5, self.tr(" s"), self, decimals=1)
        tip = self.tr("The shortest loop that is looked for in a clip")
        add_row(form, self.tr("Minimum &loop length:"), tip, self.min_loop_spin)
        self.min_play_spin = number_spin(MIN_PLAY_LOW_S, MIN_PLAY_HIGH_S, 5.0, self.tr(" s"), self, decimals=0)
        add_row(
            form,
            self.tr("Minimum &play time:"),
            self.tr("How long a loop plays at least before the next one takes over"),
            self.min_play_spin,
        )
        self.max_play_spin = number_spin(0.0, MAX_PLAY_HIGH_MIN, 1.0, self.tr(" min"), self, decimals=0)
        self.max_play_spin.setSpecialValueText(self.tr("no limit"))
        add_row(
            form,
            self.tr("Ma&ximum play time:"),
            self.tr("How long a loop plays at most: then, with nothing new in hand, an earlier one comes back"),
            self.max_play_spin,
        )
        self.reach_spin = number_spin(REACH_LOW_PERCENT, REACH_HIGH_PERCENT, 1.0, self.tr(" %"), self, decimals=0)
        add_row(
            form,
            self.tr("Tempo &reach:"),
            self.tr("How far two tempos may lie apart for the next loop to be brought to the tempo that plays"),
            self.reach_spin,
        )

        tip = self.tr("Make another clip, once, for one that loops worse than usual, while the music in hand lasts")
        self.make_again_check = check(self.tr("Make &weak loops again"), tip, self)
        form.addRow("", self.make_again_check)

    def _build_language_page(self) -> None:
        form = page(self.tabs, self.tr("Language"))
        self.language_combo = Combo(self)
        self.language_combo.addItem(self.tr("System"), "system")
        # A language is called by its own name, so that whoever is lost finds the way back.
        self.language_combo.addItem("Italiano", "it")
        self.language_combo.addItem("English", "en")
        add_row(form, self.tr("La&nguage:"), self.tr("The language of the window"), self.language_combo)
        form.addRow("", hint(self.tr("Takes effect at the next start."), self))

    def _build_buttons(self) -> None:
        box = QDialogButtonBox.StandardButton
        texts = (
            (box.Ok, self.tr("OK"), self.tr("Keep these settings")),
            (box.Cancel, self.tr("Cancel"), self.tr("Close without changing anything")),
            (box.RestoreDefaults, self.tr("Restore defaults"), self.tr("Put the first settings back; OK keeps them")),
        )
        for which, text, tip in texts:
            button = self.buttons.addButton(which)
            button.setText(text)
            button.setIcon(QIcon())
            describe(button, text, tip)
        ok = self.buttons.button(box.Ok)
        set_role(ok, "primary")
        ok.setDefault(True)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(box.RestoreDefaults).clicked.connect(self._on_restore_defaults)

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_accepted(self) -> None:
        values = self.values()
        refusal = self._refusal(values)
        self.refused.setText(refusal)
        self.refused.setVisible(bool(refusal))
        if refusal:
            return
        self.accept()
        self.settings_accepted.emit(values)

    def _on_restore_defaults(self) -> None:
        # What is set of the music stands in the Generate panel, and stays.
        music = self.generators_page.music_parameters()
        self._show_values(replace(self._defaults, generator_parameters=music))
