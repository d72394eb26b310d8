# SPDX-License-Identifier: GPL-3.0-or-later
"""The prompt bar holds the prompt, AVVIA (which becomes FERMA), SALVA, SETUP, layouts, and the understood words."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.values import MAX_TEXT_CHARACTERS, Reading
from widgets.bar.chip_row import ChipRow
from widgets.bar.menu_button import MenuButton
from widgets.bar.notice_bar import NoticeBar
from widgets.controls import GAP_PX, describe, is_enter, keys_of, set_role, text_width
from widgets.dragged import local_paths

# The names of these buttons are the studio's own, the same in every language.
START_TEXT, STOP_TEXT, SAVE_TEXT, SETTINGS_TEXT = "AVVIA", "FERMA", "SALVA", "SETUP"
BUTTON_PADDING_PX = 48


class PromptEdit(QLineEdit):
    """The prompt's line of text tells when Enter asks to start."""

    enter_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others: frozenset[QKeySequence] = frozenset()

    def give_way_to(self, keys: Iterable[QKeySequence]) -> None:
        """Leave ``keys`` to the window: some of them would edit the line (on X11 Ctrl+K cuts it off)."""
        self._others = frozenset(keys)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and self._is_for_others(event):
            event.ignore()
            return False
        return super().event(event)

    def _is_for_others(self, event: QKeyEvent) -> bool:
        # While nobody takes them they come as plain keys, and edit nothing either.
        comes = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        return comes and QKeySequence(event.keyCombination()) in self._others

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            # A file is no prompt, though it comes with its name as text: the window plays it.
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            # A key held down is one wish.
            if not event.isAutoRepeat():
                self.enter_pressed.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def change_to(self, text: str) -> None:
        """Exchange what differs from ``text``: an edit like a person's, which can be undone."""
        old = self.text()
        first = _n_common(old, text)
        n_last = _n_common(old[first:][::-1], text[first:][::-1])
        # Qt counts a letter beyond the first 65536 as two.
        start, end = (_n_units(old[:at]) for at in (first, len(old) - n_last))
        self.setSelection(start, end - start)
        self.insert(text[first : len(text) - n_last])


def _n_common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _n_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class StartButton(QPushButton):
    """A start button takes a double click as one, so that the second click does not stop the music again."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class PromptBar(QWidget):
    """The prompt bar has the prompt and the studio's buttons: Enter or AVVIA asks to start, FERMA asks to stop."""

    start_requested = Signal()
    stop_requested = Signal()
    save_requested = Signal()
    settings_requested = Signal()
    prompt_changed = Signal(str)

    _notice_bar: NoticeBar | None = None
    _transport: QWidget | None = None
    _playing: QWidget | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.setObjectName("prompt_bar")
        self.edit = PromptEdit(self)
        self.edit.setObjectName("prompt_edit")
        self.edit.setMaxLength(MAX_TEXT_CHARACTERS)
        self.edit.setPlaceholderText(self.tr("What do you want to hear? For example: lofi calm rap beat, 85 bpm"))
        self.edit.setClearButtonEnabled(True)
        for clear in self.edit.findChildren(QToolButton):
            describe(clear, self.tr("Empty the prompt"), self.tr("Empty the prompt"))
        describe(
            self.edit,
            self.tr("Prompt"),
            self.tr("Describe the music: style, tempo, key, instruments, mood. Enter starts it"),
            shortcut="Ctrl+L",
        )
        focus_prompt = QShortcut(QKeySequence("Ctrl+L"), self)
        focus_prompt.activated.connect(self._on_focus_prompt)

        self.start_button = StartButton(self)
        self.start_button.setObjectName("start_button")
        self.save_button = QPushButton(SAVE_TEXT, self)
        self.save_button.setObjectName("save_button")
        describe(
            self.save_button, self.tr("Save"), self.tr("Save the loop that plays as an audio file"), shortcut="Ctrl+S"
        )
        self.settings_button = QPushButton(SETTINGS_TEXT, self)
        self.settings_button.setObjectName("settings_button")
        describe(
            self.settings_button,
            self.tr("Settings"),
            self.tr("Generators, sound, loops, folders, language"),
            shortcut="Ctrl+,",
            also="F2",
        )
        self.menu_button = MenuButton(self)
        self.understood_label = QLabel(self.tr("understood as"), self)
        set_role(self.understood_label, "dim")
        self.chips = ChipRow(self)
        self._understood_of = ""

        self._lay_out()

        self.edit.textChanged.connect(self.prompt_changed)
        self.edit.enter_pressed.connect(self.start_requested)
        self.chips.dismissed.connect(self._on_dismissed)
        self.start_button.clicked.connect(self._on_start_clicked)
        self.save_button.clicked.connect(self.save_requested)
        self.settings_button.clicked.connect(self.settings_requested)
        self._show_running()
        self.set_can_save(False)
        self.set_understood(())

    def _lay_out(self) -> None:
        self._top_row = top = QHBoxLayout()
        top.setSpacing(GAP_PX + 4)
        top.addWidget(self.edit, 1)
        for button in (self.start_button, self.save_button, self.settings_button, self.menu_button):
            # In the middle: a row of things of one height each is no higher than the least of them.
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.understood_row = QWidget(self)
        below = QHBoxLayout(self.understood_row)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GAP_PX + 2)
        below.addWidget(self.understood_label)
        below.addWidget(self.chips, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP_PX)
        rows.addLayout(top)
        self._second_row = QHBoxLayout()
        self._second_row.addWidget(self.understood_row, 1)
        rows.addLayout(self._second_row)

    def share_row(self, notice_bar: NoticeBar, transport: QWidget) -> None:
        """Show notices where the chips are, so that nothing below moves as they come and go, and the transport beside.

        The transport's keys work in the prompt too.
        """
        self.edit.give_way_to(keys_of(transport))
        height = max(one.sizeHint().height() for one in (notice_bar, self.understood_row, transport))
        for one in (notice_bar, self.understood_row):
            one.setFixedHeight(height)
        self._second_row.setSpacing(GAP_PX + 4)
        self._notice_bar, self._transport = notice_bar, transport
        self.show_in_two_rows()
        notice_bar.showing_changed.connect(self._make_way)

    def show_in_two_rows(self) -> None:
        """Have the prompt above, chips or notices and the transport below."""
        assert self._notice_bar is not None
        assert self._transport is not None
        if self._playing is not None:
            self._playing.hide()
            self._playing = None
        self._second_row.addWidget(self._notice_bar, 1)
        self._second_row.addWidget(self._transport)
        self.edit.show()
        self._make_way()
        # Where the bar is narrow the prompt is read from its beginning.
        if not self.edit.hasFocus():
            self.edit.home(False)

    def show_in_one_line(self, playing: QWidget, beside: QWidget) -> None:
        """Have everything but the prompt in one line: ``playing`` or notices stand where it was.

        ``beside`` stands at the right of these; whoever gave it takes it away again.
        """
        assert self._notice_bar is not None
        assert self._transport is not None
        self._playing = playing
        for at, (one, stretch) in enumerate(
            ((self._transport, 0), (playing, 1), (self._notice_bar, 1), (beside, 0)),
        ):
            self._top_row.insertWidget(at, one, stretch)
        self.edit.hide()
        self._make_way()

    def add_beside_menu(self, buttons: QWidget) -> None:
        """Put buttons before that of the menu."""
        self._top_row.removeWidget(buttons)
        self._top_row.insertWidget(self._top_row.indexOf(self.menu_button), buttons, 0, Qt.AlignmentFlag.AlignVCenter)

    def _make_way(self) -> None:
        """Show notices while there are any, else what stands in their place."""
        has_notice = self._notice_bar is not None and not self._notice_bar.isHidden()
        self.understood_row.setHidden(has_notice or self._playing is not None)
        if self._playing is not None:
            self._playing.setHidden(has_notice)

    def prompt(self) -> str:
        return self.edit.text()

    def set_prompt(self, prompt: str) -> None:
        """Show ``prompt`` without a signal, ready to be added to; what passes the limit is cut."""
        with QSignalBlocker(self.edit):
            self.edit.setText(prompt)
        self.edit.end(False)

    def is_running(self) -> bool:
        return self._running

    def set_running(self, running: bool) -> None:
        """Show FERMA while running, AVVIA otherwise."""
        if running != self._running:
            self._running = running
            self._show_running()

    def set_can_save(self, can_save: bool) -> None:
        self.save_button.setEnabled(can_save)

    def set_understood(self, readings: tuple[Reading, ...]) -> None:
        """Show what was understood of the prompt as it is; nothing hides the row's words but keeps its room."""
        self._understood_of = self.edit.text()
        self.understood_label.setText(self.tr("understood as") if readings else " ")
        self.chips.set_readings(readings)

    def stops(self) -> tuple[QWidget, ...]:
        """Return what Tab stops at, from left to right."""
        return self.edit, self.start_button, self.save_button, self.settings_button, self.menu_button, self.chips

    def _show_running(self) -> None:
        button = self.start_button
        button.setText(STOP_TEXT if self._running else START_TEXT)
        button.setProperty("running", self._running)
        button.style().unpolish(button)
        button.style().polish(button)
        button.setMinimumWidth(text_width(button, START_TEXT, STOP_TEXT) + BUTTON_PADDING_PX)
        if self._running:
            name, tip = self.tr("Stop"), self.tr("Fade out and stop making music")
        else:
            name, tip = self.tr("Start"), self.tr("Make music from the prompt, without end")
        describe(button, name, tip, shortcut="Ctrl+Return", also="Ctrl+Enter")

    def _on_start_clicked(self) -> None:
        if self._running:
            self.stop_requested.emit()
        else:
            self.start_requested.emit()

    def _on_dismissed(self, reading: Reading) -> None:
        # What is typed meanwhile is understood anew in a moment.
        if reading.without is not None and self.edit.text() == self._understood_of:
            self.edit.change_to(reading.without)

    def _on_focus_prompt(self) -> None:
        if self.edit.isHidden():
            return
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
