# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP: the settings, on five short pages. Takes and returns ``SettingsValues``; reads no file and no device."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from engine.values import OutputDevice
from widgets.controls import GAP_PX, Combo, describe, plain, set_role, with_mnemonic
from widgets.settings_values import (
    LATENCY_HIGH_MS,
    LATENCY_LOW_MS,
    MIN_LOOP_HIGH_S,
    MIN_LOOP_LOW_S,
    MIN_PLAY_HIGH_S,
    MIN_PLAY_LOW_S,
    GeneratorChoice,
    SettingsValues,
)

PAGE_MARGIN_PX = 16
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

    Signals: ``settings_accepted(SettingsValues)`` when OK is pressed; ``devices_requested()`` for a fresh list of
    devices, answered with ``set_devices``; ``musicgpt_path_changed(str)`` when another place for MusicGPT is entered,
    answered with ``set_musicgpt_status``.
    """

    settings_accepted = Signal(SettingsValues)
    devices_requested = Signal()
    musicgpt_path_changed = Signal(str)

    def __init__(
        self,
        values: SettingsValues,
        defaults: SettingsValues,
        generators: tuple[GeneratorChoice, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._defaults = defaults
        self._generators = generators
        self._devices: tuple[OutputDevice, ...] = ()
        self._told_path = values.musicgpt_path
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(MIN_WIDTH_PX)
        self.tabs = QTabWidget(self)
        describe(self.tabs.tabBar(), self.tr("Pages of settings"), self.tr("Choose a page with the arrow keys"))
        self._build_generator_page()
        self._build_sound_page()
        self._build_loops_page()
        self._build_folders_page()
        self._build_language_page()
        self.buttons = QDialogButtonBox(self)
        self._build_buttons()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        rows.setSpacing(PAGE_MARGIN_PX)
        rows.addWidget(self.tabs)
        rows.addWidget(self.buttons)
        self._show_values(values)

    # --- values in and out --------------------------------------------------------------------------------------------

    def values(self) -> SettingsValues:
        """What the dialog shows."""
        return SettingsValues(
            generator=str(self.generator_combo.currentData() or ""),
            model=str(self.model_combo.currentData() or ""),
            musicgpt_path=self.musicgpt_edit.text().strip(),
            add_loop_words=self.loop_words_check.isChecked(),
            loop_words=self.loop_words_edit.text().strip(),
            device=self.device_combo.currentData(),
            latency_ms=self.latency_spin.value(),
            min_loop_s=self.min_loop_spin.value(),
            min_play_s=self.min_play_spin.value(),
            data_folder=self.data_folder_edit.text().strip(),
            language=str(self.language_combo.currentData()),
        )

    def set_devices(self, devices: tuple[OutputDevice, ...]) -> None:
        """Offer these devices; the chosen one stays chosen even when it is not among them."""
        chosen = self.device_combo.currentData()
        self._devices = devices
        self._show_device(chosen)

    def set_musicgpt_status(self, text: str) -> None:
        """Say whether MusicGPT was found and where, in the caller's words."""
        self.musicgpt_status.setText(text)

    def _show_values(self, values: SettingsValues) -> None:
        if (index := self.generator_combo.findData(values.generator)) >= 0:
            self.generator_combo.setCurrentIndex(index)
        self._show_models()
        if (index := self.model_combo.findData(values.model)) >= 0:
            self.model_combo.setCurrentIndex(index)
        self.musicgpt_edit.setText(values.musicgpt_path)
        self.loop_words_check.setChecked(values.add_loop_words)
        self.loop_words_edit.setText(values.loop_words)
        self.loop_words_edit.setEnabled(values.add_loop_words)
        self._show_device(values.device)
        self.latency_spin.setValue(values.latency_ms)
        self.min_loop_spin.setValue(values.min_loop_s)
        self.min_play_spin.setValue(values.min_play_s)
        self.data_folder_edit.setText(values.data_folder)
        self.language_combo.setCurrentIndex(max(self.language_combo.findData(values.language), 0))

    def _show_models(self) -> None:
        chosen = next((one for one in self._generators if one.name == self.generator_combo.currentData()), None)
        self.model_combo.clear()
        models = chosen.models if chosen else ()
        for model in models:
            self.model_combo.addItem(model, model)
        if not models:
            self.model_combo.addItem("—", "")
        self.model_combo.setEnabled(bool(models))
        self.generator_note.setText(chosen.note if chosen else "")

    def _show_device(self, chosen: tuple[str, str] | None) -> None:
        combo = self.device_combo
        combo.clear()
        combo.addItem(self.tr("System default"), None)
        for device in self._devices:
            combo.addItem(f"{device.host_api}: {device.name}", (device.host_api, device.name))
        index = _index_of(combo, chosen)
        if index < 0 and chosen is not None:
            # A device that was unplugged is not forgotten because someone opened the settings.
            combo.addItem(
                self.tr("{host_api}: {name} (not there now)").format(host_api=chosen[0], name=chosen[1]), chosen
            )
            index = combo.count() - 1
        combo.setCurrentIndex(index)

    # --- pages --------------------------------------------------------------------------------------------------------

    def _build_generator_page(self) -> None:
        form = self._page(self.tr("Generator"))
        self.generator_combo = Combo(self)
        for choice in self._generators:
            self.generator_combo.addItem(choice.title, choice.name)
        self._add(form, self.tr("&Generator:"), self.tr("What makes the clips"), self.generator_combo)
        self.generator_note = self._hint("")
        form.addRow("", self.generator_note)
        self.model_combo = Combo(self)
        self._add(
            form, self.tr("&Model:"), self.tr("Which of the generator's models makes the clips"), self.model_combo
        )
        self.musicgpt_edit = QLineEdit(self)
        self.musicgpt_edit.setPlaceholderText(self.tr("Looked for by itself"))
        self.musicgpt_browse = QPushButton(self.tr("&Browse…"), self)
        describe(
            self.musicgpt_browse,
            self.tr("Browse for MusicGPT"),
            with_mnemonic(self.tr("Choose the MusicGPT program"), self.tr("&Browse…")),
        )
        self._add(
            form,
            self.tr("M&usicGPT:"),
            self.tr("Where the MusicGPT program is; empty looks for it in the usual places"),
            self.musicgpt_edit,
            self.musicgpt_browse,
        )
        self.musicgpt_status = self._hint("")
        form.addRow("", self.musicgpt_status)
        self.loop_words_check = QCheckBox(self.tr("&Add words that help a model make loops"), self)
        describe(
            self.loop_words_check,
            plain(self.loop_words_check.text()),
            with_mnemonic(self.tr("Add these words to the prompt that a model reads"), self.loop_words_check.text()),
        )
        form.addRow("", self.loop_words_check)
        self.loop_words_edit = QLineEdit(self)
        self._add(form, self.tr("&Words:"), self.tr("The words added to the prompt"), self.loop_words_edit)
        self.generator_combo.currentIndexChanged.connect(self._show_models)
        self.loop_words_check.toggled.connect(self.loop_words_edit.setEnabled)
        self.musicgpt_edit.editingFinished.connect(self._on_musicgpt_edited)
        self.musicgpt_browse.clicked.connect(self._on_browse_musicgpt)

    def _build_sound_page(self) -> None:
        form = self._page(self.tr("Sound"))
        self.device_combo = Combo(self)
        self.refresh_button = QPushButton(self.tr("&Refresh"), self)
        describe(
            self.refresh_button,
            self.tr("Refresh the devices"),
            with_mnemonic(self.tr("Look for sound devices again"), self.tr("&Refresh")),
        )
        self._add(
            form, self.tr("Output &device:"), self.tr("Where the sound goes"), self.device_combo, self.refresh_button
        )
        self.latency_spin = QSpinBox(self)
        self.latency_spin.setRange(LATENCY_LOW_MS, LATENCY_HIGH_MS)
        self.latency_spin.setSuffix(self.tr(" ms"))
        self.latency_spin.setSingleStep(5)
        self._add(
            form,
            self.tr("&Latency:"),
            self.tr("How far ahead sound is mixed: more is safer, less answers sooner"),
            self.latency_spin,
        )
        form.addRow("", self._hint(self.tr("If you hear drop-outs, raise the latency.")))
        self.refresh_button.clicked.connect(self.devices_requested)

    def _build_loops_page(self) -> None:
        form = self._page(self.tr("Loops"))
        self.min_loop_spin = self._seconds_spin(MIN_LOOP_LOW_S, MIN_LOOP_HIGH_S, 0.5, decimals=1)
        self._add(
            form,
            self.tr("Minimum &loop length:"),
            self.tr("The shortest loop that is looked for in a clip"),
            self.min_loop_spin,
        )
        self.min_play_spin = self._seconds_spin(MIN_PLAY_LOW_S, MIN_PLAY_HIGH_S, 5.0, decimals=0)
        self._add(
            form,
            self.tr("Minimum &play time:"),
            self.tr("How long a loop plays at least before the next one takes over"),
            self.min_play_spin,
        )

    def _build_folders_page(self) -> None:
        form = self._page(self.tr("Folders"))
        self.data_folder_edit = QLineEdit(self)
        self.data_folder_edit.setPlaceholderText(self.tr("The system's usual place"))
        self.data_folder_browse = QPushButton(self.tr("&Browse…"), self)
        describe(
            self.data_folder_browse,
            self.tr("Browse for the data folder"),
            with_mnemonic(self.tr("Choose the folder where takes are kept"), self.tr("&Browse…")),
        )
        self._add(
            form,
            self.tr("Data &folder:"),
            self.tr("Where takes are kept"),
            self.data_folder_edit,
            self.data_folder_browse,
        )
        form.addRow("", self._hint(self.tr("Takes made so far stay where they are.")))
        self.data_folder_browse.clicked.connect(self._on_browse_data_folder)

    def _build_language_page(self) -> None:
        form = self._page(self.tr("Language"))
        self.language_combo = Combo(self)
        self.language_combo.addItem(self.tr("System"), "system")
        # A language is called by its own name, so that whoever is lost finds the way back.
        self.language_combo.addItem("Italiano", "it")
        self.language_combo.addItem("English", "en")
        self._add(form, self.tr("La&nguage:"), self.tr("The language of the window"), self.language_combo)
        form.addRow("", self._hint(self.tr("Takes effect at the next start.")))

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

    def _page(self, title: str) -> QFormLayout:
        page = QWidget(self.tabs)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        form = QFormLayout()
        rows.addLayout(form)
        rows.addStretch(1)
        form.setSpacing(GAP_PX + 4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.tabs.addTab(page, title)
        return form

    def _add(self, form: QFormLayout, label: str, tip: str, control: QWidget, beside: QWidget | None = None) -> None:
        """A row: the label whose mnemonic reaches the control, the control, and a button beside it."""
        describe(control, plain(label).rstrip(":"), with_mnemonic(tip, label))
        if isinstance(control, QAbstractSpinBox):
            # The style sheet's padding does not reach the text of a spin box.
            control.lineEdit().setTextMargins(8, 0, 0, 0)
        caption = QLabel(label, self)
        caption.setBuddy(control)
        caption.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        if beside is None:
            form.addRow(caption, control)
            return
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        row.addWidget(control, 1)
        row.addWidget(beside)
        form.addRow(caption, row)

    def _hint(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        set_role(label, "hint")
        return label

    def _seconds_spin(self, low: float, high: float, step: float, *, decimals: int) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setDecimals(decimals)
        spin.setRange(low, high)
        spin.setSingleStep(step)
        spin.setSuffix(self.tr(" s"))
        return spin

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_accepted(self) -> None:
        values = self.values()
        self.accept()
        self.settings_accepted.emit(values)

    def _on_restore_defaults(self) -> None:
        self._show_values(self._defaults)
        self._on_musicgpt_edited()

    def _on_musicgpt_edited(self) -> None:
        path = self.musicgpt_edit.text().strip()
        if path != self._told_path:
            self._told_path = path
            self.musicgpt_path_changed.emit(path)

    def _on_browse_musicgpt(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose the MusicGPT program"), self.musicgpt_edit.text())
        if path:
            self.musicgpt_edit.setText(path)
            self._on_musicgpt_edited()

    def _on_browse_data_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose the data folder"), self.data_folder_edit.text())
        if folder:
            self.data_folder_edit.setText(folder)


def _index_of(combo: Combo, data: object) -> int:
    """The line whose data equals ``data`` (``findData`` does not compare tuples)."""
    return next((i for i in range(combo.count()) if combo.itemData(i) == data), -1)
