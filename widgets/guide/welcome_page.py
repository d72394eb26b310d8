# SPDX-License-Identifier: GPL-3.0-or-later
"""The welcome page is what a new person reads first: where the sound goes, what makes the music, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.values import Kind, OutputDevice, ParameterValue
from engine.values.options import LANGUAGE
from widgets import theme
from widgets.controls import GAP_PX, describe, is_enter, plain, set_role, with_mnemonic
from widgets.device_combo import DeviceCombo
from widgets.dialogs.settings_pages.rows import Rows
from widgets.form import PAGE_MARGIN_PX, ROOM_AROUND_PX, add_row, button, form_of, hint
from widgets.generator_choice import GeneratorChoice
from widgets.guide.explained import explain_by
from widgets.hear_button import HearButton
from widgets.meter import LevelMeter
from widgets.parameter_rows import ParameterControl, ParameterRows, words
from widgets.scrolling import Scroller

WIDTH_PX: Final = 660
"""Width of the page at the usual text size, pixels."""
SCROLL_BAR_PX: Final = 10
SECTION_MARGIN_PX: Final = 12
LANGUAGE_PX: Final = 220

FIELD: Final = "generator_parameters"
"""Name of the setting that holds, by generator, what is set of it."""


class WelcomePage(QDialog):
    """The welcome page stands beside the window that it belongs to, which goes on working: show it with ``show()``.

    Parameters
    ----------
    values
        What is set now, by the settings' names; those that the page does not show are passed over.
    generators
        Those that need something of this machine: the files and folders that they declare for SETUP are asked for.
    is_running
        Whether the music runs, and so need not be started.
    has_tour
        Whether the person can be shown around.

    Signals
    -------
    device_chosen(object)
        ``(host API, device name)``, or None for the system's default.
    generator_changed(str, str, object)
        A generator, the name of its parameter that was set, and the value; answered with ``set_status``.
    language_chosen(str)
        The language, as it is set.
    devices_requested
        A fresh list of devices is wanted, answered with ``set_devices``.
    tone_requested, end_tone_requested
        The test tone is to be heard, or no more.
    start_requested, tour_requested
        The page has closed, and the music is to begin, or the person to be shown around.
    """

    device_chosen = Signal(object)
    generator_changed = Signal(str, str, object)
    language_chosen = Signal(str)
    devices_requested = Signal()
    tone_requested = Signal()
    end_tone_requested = Signal()
    start_requested = Signal()
    tour_requested = Signal()

    def __init__(
        self,
        values: Mapping[str, Any],
        generators: tuple[GeneratorChoice, ...],
        parent: QWidget | None = None,
        *,
        is_running: bool = False,
        has_tour: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("welcome_page")
        self.setWindowTitle(self.tr("Welcome"))
        explain_by(self, "welcome")
        self._is_running = is_running
        self._letters = ""
        self._foot = self._made_foot(has_tour)
        self._content = QWidget()
        self._sections = QVBoxLayout(self._content)
        self._sections.setContentsMargins(0, 0, SCROLL_BAR_PX, 0)
        self._sections.setSpacing(SECTION_MARGIN_PX)
        self._add_greeting()
        self._add_sound(values)
        self._add_generators(values, generators)
        self._add_language(values)
        self._sections.addStretch(1)
        self._scroller = Scroller(self._content, self)
        rows = QVBoxLayout(self)
        # The scroll bar's room belongs to the right margin.
        rows.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX - SCROLL_BAR_PX, PAGE_MARGIN_PX)
        rows.setSpacing(PAGE_MARGIN_PX)
        rows.addWidget(self._scroller)
        rows.addWidget(self._foot)
        # They were made first, for their letters, and are reached last.
        last = self.language_combo
        for one in (self.tour_button, self.skip_button, self.start_button):
            QWidget.setTabOrder(last, one)
            last = one
        self.start_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            # Known once the style is applied: all on one page, as far as the screen goes.
            around = 2 * PAGE_MARGIN_PX - SCROLL_BAR_PX
            least = max(self._scroller.needed_size().width(), self._foot.sizeHint().width())
            width = max(round(WIDTH_PX * theme.text_scale()), least + around)
            height = self._content.heightForWidth(width - around)
            needed = QSize(width, height + 3 * PAGE_MARGIN_PX + self._foot.sizeHint().height())
            self.resize(needed.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not isinstance(self.focusWidget(), QPushButton):
            # In a field Enter keeps what was typed, and the page stays.
            event.accept()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        # What is being typed counts: a field tells of it when it loses the keyboard.
        self.start_button.setFocus()
        super().done(result)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def set_devices(self, devices: tuple[OutputDevice, ...]) -> None:
        """Offer these devices; the chosen one stays chosen even when it is not among them."""
        self.device_combo.set_devices(devices)

    def set_sounding(self, sounds: bool) -> None:
        """Show whether the test tone is heard."""
        self.tone_button.set_heard(sounds)

    def say_of_sound(self, text: str, *, is_trouble: bool = False) -> None:
        """Say where the sound goes and what to do if it is not heard, in the caller's words."""
        _say(self.sound_label, text, is_trouble=is_trouble)

    def set_status(self, generator: str, text: str, *, is_trouble: bool = False) -> None:
        """Say whether a generator was found and where, in the caller's words."""
        _say(self.status_labels[generator], text, is_trouble=is_trouble)

    def say_of_language(self, text: str) -> None:
        """Say when a language that was chosen is spoken, in the caller's words."""
        self.language_label.setText(text)

    # --- building -----------------------------------------------------------------------------------------------------

    def _section(self, title: str) -> tuple[QFrame, QVBoxLayout]:
        """Return a new section with a title, or without one where that is "", and its rows."""
        frame = QFrame(self._content)
        set_role(frame, "panel")
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(SECTION_MARGIN_PX, SECTION_MARGIN_PX, SECTION_MARGIN_PX, SECTION_MARGIN_PX)
        rows.setSpacing(GAP_PX + 2)
        if title:
            heading = QLabel(title, frame)
            set_role(heading, "title")
            rows.addWidget(heading)
        self._sections.addWidget(frame)
        return frame, rows

    def _add_greeting(self) -> None:
        heading = QLabel(self.tr("Welcome to Infiniloop Studio"), self._content)
        heading.setWordWrap(True)
        set_role(heading, "heading")
        said = QLabel(
            self.tr(
                "Type what you want to hear, press AVVIA, and music plays without end. It is made on this machine, and "
                "nothing is sent anywhere. Three things to look at, if you like:"
            ),
            self._content,
        )
        said.setWordWrap(True)
        self._sections.addWidget(heading)
        self._sections.addWidget(said)

    def _add_sound(self, values: Mapping[str, Any]) -> None:
        frame, rows = self._section(self.tr("SOUND"))
        form = form_of(None)
        rows.addLayout(form)
        self.device_combo = DeviceCombo(frame)
        self.refresh_button = button(
            self._lettered(self.tr("&Refresh")),
            self.tr("Refresh the devices"),
            self.tr("Look for sound devices again"),
            frame,
        )
        label = self._lettered(self.tr("Output &device:"))
        add_row(form, label, self.tr("Where the sound goes"), self.device_combo, self.refresh_button)
        self.device_combo.show_device(values["device"])
        self.tone_button = HearButton(self._lettered(self.tr("Test &tone")), frame)
        tip = self.tr("Hear two soft notes, the first at the left and the second at the right; Escape ends them")
        describe(self.tone_button, self.tr("Test tone"), with_mnemonic(tip, self.tone_button.text()))
        self.meter = LevelMeter(frame)
        form.addRow(self.tone_button, self.meter)
        self.sound_label = _two_lines(frame)
        rows.addWidget(self.sound_label)
        self.device_combo.activated.connect(self._on_device_activated)
        self.refresh_button.clicked.connect(self.devices_requested)
        self.tone_button.hear_requested.connect(self.tone_requested)
        self.tone_button.end_requested.connect(self.end_tone_requested)

    def _add_generators(self, values: Mapping[str, Any], generators: tuple[GeneratorChoice, ...]) -> None:
        frame, rows = self._section(self.tr("WHAT MAKES THE MUSIC"))
        said = QLabel(
            self.tr(
                "The built-in composer is always there and needs nothing. Neural models can play too: Models in the "
                "menu (Ctrl+G) brings what they need, and the Generate panel has them to choose."
            ),
            frame,
        )
        said.setWordWrap(True)
        rows.addWidget(said)
        self.status_labels: dict[str, QLabel] = {}
        self.generator_rows: dict[str, ParameterRows] = {}
        for choice in generators:
            form = form_of(None)
            rows.addLayout(form)
            asked = tuple(one for one in choice.parameters if one.setup and one.kind in (Kind.FILE, Kind.FOLDER))
            if not asked:
                form.addRow(QLabel(choice.title, frame))
            controls = self.generator_rows[choice.name] = ParameterRows()
            place = Rows(form, self._letters)
            controls.build(asked, values[FIELD].get(choice.name, {}), frame, place.place)
            self._letters = place.letters
            status = self.status_labels[choice.name] = _two_lines(frame)
            rows.addWidget(status)
            controls.changed.connect(partial(self._on_generator_changed, choice.name))

    def _add_language(self, values: Mapping[str, Any]) -> None:
        frame, rows = self._section("")
        form = form_of(None)
        rows.addLayout(form)
        control = self._language = ParameterControl(LANGUAGE, frame)
        control.set_value(values[LANGUAGE.name])
        self.language_combo = control.widget
        self.language_combo.setMaximumWidth(LANGUAGE_PX)
        self.language_label = hint("", frame)
        label = f"{Rows(form, self._letters).with_letter(words(LANGUAGE.title))}:"
        add_row(form, label, words(LANGUAGE.tooltip), self.language_combo, self.language_label)
        control.changed.connect(self._on_language_changed)

    def _made_foot(self, has_tour: bool) -> QWidget:
        foot = QWidget(self)
        rows = QHBoxLayout(foot)
        rows.setContentsMargins(0, 0, SCROLL_BAR_PX, 0)
        rows.setSpacing(GAP_PX)
        name, tip = self.tr("Show me &around"), self.tr("Close this page and be shown the window in a few steps")
        self.tour_button = button(self._lettered(name), plain(name), tip, foot)
        self.tour_button.setVisible(has_tour)
        name, tip = self.tr("S&kip"), self.tr("Close this page; what was chosen stays. Escape does it too")
        self.skip_button = button(self._lettered(name), plain(name), tip, foot)
        self.skip_button.setVisible(not self._is_running)
        name, tip = self.tr("&Start the music"), self.tr("Close this page and start the music, as AVVIA does")
        if self._is_running:
            name, tip = self.tr("D&one"), self.tr("Close this page; what was chosen stays. Escape does it too")
        self.start_button = button(self._lettered(name), plain(name), tip, foot)
        describe(self.start_button, plain(name), with_mnemonic(tip, name), shortcut="Ctrl+Return", also="Ctrl+Enter")
        set_role(self.start_button, "primary")
        self.start_button.setDefault(True)
        rows.addWidget(self.tour_button)
        rows.addStretch(1)
        rows.addWidget(self.skip_button)
        rows.addWidget(self.start_button)
        self.tour_button.clicked.connect(self._on_tour_clicked)
        self.skip_button.clicked.connect(self.reject)
        self.start_button.clicked.connect(self._on_start_clicked)
        return foot

    def _lettered(self, text: str) -> str:
        """Return the text, whose letter no other control of the page is given then."""
        self._letters += text[text.index("&") + 1].lower()
        return text

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_device_activated(self, _at: int) -> None:
        self.device_chosen.emit(self.device_combo.chosen())

    def _on_generator_changed(self, generator: str, name: str, value: ParameterValue) -> None:
        self.generator_changed.emit(generator, name, value)

    def _on_language_changed(self, value: ParameterValue) -> None:
        self.language_chosen.emit(str(value))

    def _on_start_clicked(self) -> None:
        self.accept()
        if not self._is_running:
            self.start_requested.emit()

    def _on_tour_clicked(self) -> None:
        self.accept()
        self.tour_requested.emit()


def _two_lines(parent: QWidget) -> QLabel:
    """Return a label that has room for two lines from the start: nothing moves when words come."""
    label = hint(" \n ", parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.ensurePolished()
    label.setMinimumHeight(label.sizeHint().height())
    return label


def _say(label: QLabel, text: str, *, is_trouble: bool) -> None:
    set_role(label, "warning" if is_trouble else "hint")
    label.setText(text)
