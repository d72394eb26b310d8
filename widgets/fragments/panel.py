# SPDX-License-Identifier: GPL-3.0-or-later
"""The fragments panel: the slots of a folder that a performer plays from, and what is asked for them."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.values import MAX_TEXT_CHARACTERS
from engine.values.fragment_options import FRAGMENTS_EVERY, FRAGMENTS_MODE
from engine.values.fragments import FragmentMode, FragmentsState
from widgets.bar.prompt_bar import PromptEdit
from widgets.controls import GAP_PX, ElidedLabel, describe, set_role
from widgets.dialogs.name_dialog import NameDialog
from widgets.fragments.grid import TileGrid
from widgets.fragments.tile import FragmentTile
from widgets.fragments.words import making_words
from widgets.guide.explained import explain_by
from widgets.panel import ControlPanel
from widgets.parameter_rows import ParameterControl, words

AGE_MS = 1000
"""Milliseconds between two looks at how old the sounds are, while the panel is seen."""
N_STEPS = 1000
NEEDED_LINES = 6
"""Number of lines of text that the panel needs at least in a window in which all is shown."""


class FragmentsPanel(ControlPanel):
    """The fragments panel shows a station's state, and tells what a performer wants of it.

    Signals
    -------
    make_requested(prompt, slot | None), stop_requested()
    mode_changed(FragmentMode, seconds)
    prompt_edited(str), prompt_left(str)
        The line is another one: with each letter; once it is done.
    freeze_requested(number, is_frozen), clear_requested(number), slot_prompt_changed(number, prompt)
    hear_requested(number), end_requested()
    drag_begun(number), copy_requested(number)
        A copy of a slot's file is wanted: for ``carry``, or for the clipboard.
    folder_requested(), settings_requested(), retry_requested()
    """

    make_requested = Signal(str, object)
    stop_requested = Signal()
    mode_changed = Signal(object, float)
    prompt_edited = Signal(str)
    prompt_left = Signal(str)
    freeze_requested = Signal(int, bool)
    clear_requested = Signal(int)
    slot_prompt_changed = Signal(int, str)
    hear_requested = Signal(int)
    end_requested = Signal()
    drag_begun = Signal(int)
    copy_requested = Signal(int)
    folder_requested = Signal()
    settings_requested = Signal()
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Fragments"))
        self._state: FragmentsState | None = None
        self._heard: int | None = None
        self._page = self._osc = ""
        self._dialog: NameDialog | None = None
        self._ages = QTimer(self)
        self._ages.setInterval(AGE_MS)
        self._ages.timeout.connect(self._on_age)
        self.settings_button = QPushButton(self.tr("Settings…"))
        set_role(self.settings_button, "inline")
        tip = self.tr("Folder, slots, generator, loops, the rotation of prompts, the prompt page and OSC")
        describe(self.settings_button, self.tr("Settings of fragments"), tip)
        self.settings_button.clicked.connect(self.settings_requested)
        self.header.add_control(self.settings_button)
        self._empty, self._full = self._made_empty(), self._made_full()
        self.rows.addWidget(self._empty, 1)
        self.rows.addWidget(self._full, 1)
        self.show_none()

    def _made_empty(self) -> QWidget:
        empty = QWidget(self)
        self.reason = QLabel(empty)
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.folder_button = QPushButton(self.tr("Choose a folder…"), empty)
        set_role(self.folder_button, "primary")
        tip = self.tr("Choose the folder in which the slots are to be, or are already")
        describe(self.folder_button, self.tr("Choose the folder of fragments"), tip)
        self.retry_button = QPushButton(self.tr("Try again"), empty)
        describe(self.retry_button, self.tr("Try again"), self.tr("Open the folder again"))
        for one in (self.folder_button, self.retry_button):
            # Return presses it, as it does in dialogs.
            one.setAutoDefault(True)
        self.folder_button.clicked.connect(self.folder_requested)
        self.retry_button.clicked.connect(self.retry_requested)
        rows = QVBoxLayout(empty)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2 * GAP_PX)
        rows.addWidget(self.reason)
        for one in (self.folder_button, self.retry_button):
            rows.addWidget(one, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addStretch(1)
        return empty

    def _made_full(self) -> QWidget:
        full = QWidget(self)
        self.prompt_edit = PromptEdit(full)
        self.prompt_edit.setMaxLength(MAX_TEXT_CHARACTERS)
        self.prompt_edit.setPlaceholderText(self.tr("What the next fragment is to be: soft rain on glass"))
        tip = self.tr("Enter makes one; with nothing here the next of the rotation is made")
        describe(self.prompt_edit, self.tr("Prompt of the next fragment"), tip)
        self.make_button = QPushButton(self.tr("Make"), full)
        set_role(self.make_button, "primary")
        describe(self.make_button, self.tr("Make a fragment"), self.tr("Make one for the next slot of the circle"))
        self.mode = ParameterControl(FRAGMENTS_MODE, full)
        self.every = ParameterControl(FRAGMENTS_EVERY, full)
        for one in (self.mode, self.every):
            describe(one.widget, words(one.parameter.title), words(one.parameter.tooltip))
            one.changed.connect(self._on_mode_changed)
        self.bar = QProgressBar(full)
        self.bar.setTextVisible(False)
        set_role(self.bar, "thin")
        self.bar.setRange(0, N_STEPS)
        describe(self.bar, self.tr("Progress of the fragment"), self.tr("How far the fragment is"))
        self.stage = ElidedLabel("dim", full)
        self.stop_button = QPushButton(self.tr("Stop"), full)
        tip = self.tr("Give up the fragment that is made and those that wait; what is in the slots stays")
        describe(self.stop_button, self.tr("Stop making"), tip)
        self.grid = TileGrid(full)
        self.grid.tiles_changed.connect(self._on_tiles_changed)
        self.log_line = ElidedLabel("dim", full)
        self.page_label = ElidedLabel("dim", full)
        self.page_button = QPushButton(self.tr("Copy the address"), full)
        set_role(self.page_button, "inline")
        tip = self.tr("Copy the prompt page's address, with its token: open it once in the tablet's browser")
        describe(self.page_button, self.tr("Copy the prompt page's address"), tip)
        rows = QVBoxLayout(full)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP_PX)
        for parts in (
            ((self.prompt_edit, 1), (self.make_button, 0)),
            ((self.mode.widget, 2), (self.every.widget, 1), (self.stage, 4), (self.stop_button, 0)),
        ):
            rows.addLayout(_row(*parts))
        rows.addWidget(self.bar)
        rows.addWidget(self.grid, 1)
        rows.addLayout(_row((self.log_line, 1)))
        rows.addLayout(_row((self.page_label, 1), (self.page_button, 0)))
        self.prompt_edit.enter_pressed.connect(self._on_make)
        self.prompt_edit.textEdited.connect(self.prompt_edited)
        self.prompt_edit.editingFinished.connect(self._on_prompt_left)
        self.make_button.clicked.connect(self._on_make)
        self.stop_button.clicked.connect(self.stop_requested)
        self.page_button.clicked.connect(self._on_copy_page)
        self.set_page("")
        return full

    # --- what is shown ------------------------------------------------------------------------------------------------

    def show_none(self, reason: str = "", *, can_retry: bool = False) -> None:
        """Show no slots, and why: as no folder is chosen, or by the reason in the caller's words."""
        self._state = None
        usual = self.tr("Short sounds that your own program plays, in files that are overwritten in a circle.")
        set_role(self.reason, "warning" if reason else "")
        self.reason.setText(reason or usual)
        self.retry_button.setVisible(can_retry)
        self.header.set_info("")
        self._show_part(has_slots=False)

    def set_state(self, state: FragmentsState) -> None:
        """Show a station's state."""
        self._state = state
        is_new = self.grid.set_number(len(state.slots))
        making = state.making
        target = None if making is None else making.slot or state.next_slot
        for tile, slot in zip(self.grid.tiles, state.slots, strict=True):
            number = slot.number
            tile.set_slot(slot, is_next=number == state.next_slot, is_newest=number == state.newest)
            tile.set_making(number == target, None if making is None else making.fraction)
            if is_new:
                tile.set_heard(number == self._heard)
        self.mode.set_value(str(state.mode))
        if state.every_s:
            self.every.set_value(state.every_s)
        self.every.widget.setVisible(state.mode is FragmentMode.EVERY)
        self._show_making(state)
        folder = state.folder.rpartition("/")[2] or state.folder
        waiting = self.tr("{n} wait").format(n=state.n_waiting) if state.n_waiting else ""
        self.header.set_info(" · ".join(filter(None, (waiting, folder))))
        self._show_part(has_slots=True)

    def flash(self, number: int) -> None:
        """Have a slot's tile light up once: its sound is new."""
        if number <= len(self.grid.tiles):
            self.grid.tiles[number - 1].flash()

    def set_log(self, text: str, role: str = "dim") -> None:
        """Write the last line of what was done, or was not."""
        set_role(self.log_line, role)
        self.log_line.setText(text)

    def forget_warning(self) -> None:
        """Put away what was not done, as something else is tried."""
        if self.log_line.property("role") == "warning":
            self.set_log("")

    def set_heard(self, number: int | None) -> None:
        """Show which slot is heard beside the music."""
        self._heard = number
        for tile in self.grid.tiles:
            tile.set_heard(tile.number == number)

    def set_prompt(self, prompt: str) -> None:
        """Show a prompt in the field, which a person types in otherwise."""
        with QSignalBlocker(self.prompt_edit):
            self.prompt_edit.setText(prompt)

    def set_every(self, seconds: float) -> None:
        """Show the seconds between two that are made at intervals."""
        self.every.set_value(seconds)

    def set_page(self, address: str) -> None:
        """Show the address of the prompt page, without its token; "" where none is served."""
        self._page = address
        self._show_links()

    def set_osc(self, place: str) -> None:
        """Show where OSC is heard, as “127.0.0.1:9000”; "" where it is not."""
        self._osc = place
        self._show_links()

    def _show_links(self) -> None:
        plain = self._page.partition("?")[0]
        page = self.tr("Prompt page: {address}").format(address=plain) if plain else ""
        osc = self.tr("OSC is heard at {place}").format(place=self._osc) if self._osc else ""
        self.page_label.setText(" · ".join(filter(None, (page, osc))))
        self.page_label.setVisible(bool(page or osc))
        self.page_button.setVisible(bool(page))

    def tile(self, number: int) -> FragmentTile | None:
        """Return a slot's tile, or None where there is no such slot."""
        return self.grid.tiles[number - 1] if 1 <= number <= len(self.grid.tiles) else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_age()
        self._ages.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()

    # --- within -------------------------------------------------------------------------------------------------------

    def _show_part(self, *, has_slots: bool) -> None:
        if has_slots is self._full.isVisibleTo(self):
            return
        focus = self.focusWidget()
        had_focus = focus is not None and focus.hasFocus()
        self._empty.setVisible(not has_slots)
        self._full.setVisible(has_slots)
        if had_focus:
            self.first_stop().setFocus(Qt.FocusReason.OtherFocusReason)
        self.tell_needs()

    def needed_size(self) -> QSize:
        """Return the least size, of a few lines: all of it scrolls, and is given more room where it matters."""
        whole = super().needed_size()
        return QSize(whole.width(), min(whole.height(), NEEDED_LINES * self.fontMetrics().lineSpacing()))

    def first_stop(self) -> QWidget:
        """Return the prompt's field, or what leads to one."""
        return self.prompt_edit if self._full.isVisibleTo(self) else self.folder_button

    def _show_making(self, state: FragmentsState) -> None:
        making = state.making
        self.stage.setText("" if making is None else making_words(making))
        self.stop_button.setEnabled(making is not None or state.n_waiting > 0)
        # Where that is not known nothing moves: the tile says that one is being made.
        fraction = (making.fraction or 0.0) if making is not None else 0.0
        self.bar.setValue(round(N_STEPS * min(max(fraction, 0.0), 1.0)))

    def _on_tiles_changed(self) -> None:
        for tile in self.grid.tiles:
            if tile.property("is_wired"):
                continue
            tile.setProperty("is_wired", True)
            tile.hear_requested.connect(self.hear_requested)
            tile.end_requested.connect(self.end_requested)
            tile.freeze_requested.connect(self.freeze_requested)
            tile.clear_requested.connect(self.clear_requested)
            tile.prompt_requested.connect(self._on_prompt_requested)
            tile.make_requested.connect(self._on_make_for)
            tile.dragged.connect(self.drag_begun)
            tile.copied.connect(self.copy_requested)
        self.tell_needs()

    def _on_prompt_left(self) -> None:
        # Once for each edit: meanwhile others may have asked for something else.
        if self.prompt_edit.isModified():
            self.prompt_edit.setModified(False)
            self.prompt_left.emit(self.prompt_edit.text().strip())

    def _on_make(self) -> None:
        self.make_requested.emit(self.prompt_edit.text().strip(), None)

    def _on_make_for(self, number: int) -> None:
        tile = self.tile(number)
        own = "" if tile is None else tile.slot.own_prompt
        self.make_requested.emit("" if own else self.prompt_edit.text().strip(), number)

    def _on_mode_changed(self, _value: object) -> None:
        mode = FragmentMode(str(self.mode.value()))
        self.every.widget.setVisible(mode is FragmentMode.EVERY)
        self.mode_changed.emit(mode, float(self.every.value()))

    def _on_prompt_requested(self, number: int) -> None:
        tile = self.tile(number)
        if tile is None:
            return
        title = self.tr("Prompt of slot {number}").format(number=number)
        label = self.tr("&Prompt that this slot keeps; nothing takes the rotation's next")
        self._dialog = dialog = NameDialog(title, label, tile.slot.own_prompt, lambda _prompt: "", self)
        explain_by(dialog, "fragments")
        dialog.named.connect(lambda prompt: self.slot_prompt_changed.emit(number, prompt))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_copy_page(self) -> None:
        QGuiApplication.clipboard().setText(self._page)

    def _on_age(self) -> None:
        for tile in self.grid.tiles:
            tile.show_age()


def _row(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP_PX)
    for widget, stretch in parts:
        row.addWidget(widget, stretch)
    return row
