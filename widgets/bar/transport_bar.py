# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport bar holds previous, pause, next, hold, favourite, never again, sleep timer, keep and record."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QDeadlineTimer, QElapsedTimer, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from engine.values import TransportState
from widgets import icons
from widgets.controls import describe, set_role, text_width
from widgets.icon_button import IconButton

SLEEP_MINUTES: Final = (15, 30, 60, 90)
"""Minutes that the sleep timer offers."""
COUNT_EVERY_MS: Final = 500
GROUP_GAP_PX: Final = 6
GAP: Final = "\N{THIN SPACE}"
"""Thin space between a button's icon and its words."""


class TransportButton(IconButton):
    """A transport button is flat: an icon, and words where it says them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._longest = ""
        set_role(self, "transport")
        # A button of a dialog only; here it would make room for a frame.
        self.setAutoDefault(False)
        # A press, or a key pressed while one types, takes the keyboard from nobody.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def nextCheckState(self) -> None:
        """Leave the button's check as it is: a press only asks, and the state that follows checks it."""

    def make_room_for(self, *words: str) -> None:
        """Make the button as wide as the widest of ``words``: nothing beside it moves when they change."""
        self._longest = max(words, key=lambda one: text_width(self, one))
        self._take_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._take_room()

    def _take_room(self) -> None:
        if self._longest:
            shown = self.text()
            self.setText(GAP + self._longest)
            self.setFixedWidth(super().sizeHint().width())
            self.setText(shown)

    def words(self) -> str:
        return self.text().strip()

    def show_words(self, words: str) -> None:
        if words != self.words():
            self.setText(GAP + words)


class TransportBar(QWidget):
    """The transport bar holds what a listener does with the music that plays.

    It shows what ``set_state`` told and nothing else: a button that is pressed asks, and changes when the state does.

    Signals
    -------
    pause_requested(bool), hold_requested(bool), favourite_requested(bool)
        What should become true.
    sleep_requested(float)
        Minutes until the music has faded out; 0 calls it off.
    record_requested(bool)
        Begin or end a recording.
    """

    previous_requested = Signal()
    next_requested = Signal()
    pause_requested = Signal(bool)
    hold_requested = Signal(bool)
    favourite_requested = Signal(bool)
    never_requested = Signal()
    sleep_requested = Signal(float)
    keep_requested = Signal()
    record_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport_bar")
        self.setAccessibleName(self.tr("Transport"))
        self._state = TransportState()
        self._has_played = False
        self._recorded_ms, self._recorded_since = 0, QElapsedTimer()
        self._jam_recording = ""
        self._sleeps_at = QDeadlineTimer(QDeadlineTimer.ForeverConstant.Forever)
        self._count = QTimer(self)
        self._count.setInterval(COUNT_EVERY_MS)
        self._count.timeout.connect(self._show_times)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.previous_button = self._button("previous", self.previous_requested.emit)
        self.pause_button = self._button("pause", self._on_pause)
        self.next_button = self._button("next", self.next_requested.emit)
        self._separate(row)
        self.hold_button = self._button("hold", self._on_hold, checkable=True)
        self.favourite_button = self._button("favourite", self._on_favourite, checkable=True, on="favourite_on")
        self.never_button = self._button("never", self.never_requested.emit)
        self._separate(row)
        self.sleep_button = self._button("sleep", None, checkable=True)
        self.keep_button = self._button("keep", self.keep_requested.emit)
        self.record_button = self._button("record", self._on_record, checkable=True, on="record_stop")
        self._describe()
        self._build_sleep_menu()
        self._give_words()
        self.set_state(TransportState())

    def show_only(self, *buttons: TransportButton) -> None:
        """Show these buttons alone; none are all."""
        few = bool(buttons)
        for one in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if not one.isWindow():
                one.setHidden(few and one not in buttons)
        row = self._row()
        for at in range(row.count()):
            item = row.itemAt(at)
            spacer = None if item is None else item.spacerItem()
            if spacer is not None:
                spacer.changeSize(0 if few else GROUP_GAP_PX, 0)
        row.invalidate()

    def buttons(self) -> list[TransportButton]:
        """Return every button, from left to right."""
        return self.findChildren(TransportButton)

    # --- values in ----------------------------------------------------------------------------------------------------

    def set_state(self, state: TransportState) -> None:
        """Show this state of the music."""
        before, self._state = self._state, state
        self._has_played = self._has_played or state.is_running
        self._time_recording(before, state)
        if state.sleep_left_s is not None:
            self._sleeps_at.setRemainingTime(round(1000 * state.sleep_left_s))
        for button, can in (
            (self.previous_button, state.is_running and state.has_previous),
            (self.pause_button, state.is_running),
            (self.next_button, state.is_running and state.has_next),
            (self.hold_button, state.is_running),
            (self.favourite_button, state.can_rate),
            (self.never_button, state.is_running and state.can_rate),
            (self.sleep_button, state.is_running),
            (self.keep_button, self._has_played),
        ):
            button.setEnabled(can)
        self._describe_pause()
        self._show_checks()
        self._sleep_off.setEnabled(state.sleep_left_s is not None)
        if state.recording or state.sleep_left_s is not None:
            self._count.start()
        else:
            self._count.stop()
        self._show_recording()

    def set_jam_recording(self, path: str) -> None:
        """Show that a jam is recorded to this file, or ("") no longer: its recording is the one that there is."""
        self._jam_recording = path
        self._show_recording()

    # --- parts --------------------------------------------------------------------------------------------------------

    def _button(
        self, name: str, asked: Callable[[], object] | None, *, checkable: bool = False, on: str = ""
    ) -> TransportButton:
        button = TransportButton(self)
        button.setObjectName(f"{name}_button")
        button.show_icon(name, on=on)
        button.setCheckable(checkable)
        if asked is not None:
            button.clicked.connect(lambda _checked: asked())
        self._row().addWidget(button)
        return button

    def _row(self) -> QHBoxLayout:
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        return row

    def _separate(self, row: QHBoxLayout) -> None:
        line = QFrame(self)
        set_role(line, "separator")
        line.setFixedSize(1, icons.SIDE_PX)
        row.addSpacing(GROUP_GAP_PX)
        row.addWidget(line, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(GROUP_GAP_PX)

    def _describe(self) -> None:
        tr = self.tr
        describe(
            self.previous_button,
            tr("Previous"),
            tr("Go back to the loop before"),
            shortcut="Alt+Left",
            also="Ctrl+Shift+N",
        )
        describe(
            self.next_button,
            tr("Next loop"),
            tr("Go on to the next loop; pressed again, sooner"),
            shortcut="Alt+Right",
            also="Ctrl+N",
        )
        describe(self.hold_button, tr("Hold"), tr("Stay on this loop until it is let go"), shortcut="Ctrl+H")
        describe(
            self.favourite_button,
            tr("Favourite"),
            tr("Mark this take as a favourite: it may come back when nothing new is in hand"),
            shortcut="Ctrl+D",
        )
        describe(
            self.never_button,
            tr("Never again"),
            tr("Leave this loop now and never play its take again"),
            shortcut="Ctrl+Shift+Del",
            also="Ctrl+Shift+X",
        )
        describe(
            self.sleep_button,
            tr("Sleep timer"),
            tr("Fade the music out slowly and stop it after a while"),
            shortcut="Ctrl+T",
        )
        describe(
            self.keep_button,
            tr("Keep what I just heard"),
            tr("Write the last ten minutes as FLAC, with a cue sheet that names each loop, into the music folder"),
            shortcut="Ctrl+K",
        )
        self._describe_record()

    def _describe_pause(self) -> None:
        paused = self._state.is_paused
        self.pause_button.show_icon("resume" if paused else "pause")
        name = self.tr("Resume") if paused else self.tr("Pause")
        tip = self.tr("Go on where the music was paused") if paused else self.tr("Let the music stand still")
        describe(self.pause_button, name, tip, shortcut="Ctrl+Space", also="Ctrl+P")

    def _describe_record(self) -> None:
        path = self._state.recording
        if self._jam_recording:
            tip = self.tr("The jam is recorded to {path}; press to end it with the bar that plays")
            tip = tip.format(path=self._jam_recording)
        elif path:
            tip = self.tr("Recording to {path}; press to end it").format(path=path)
        else:
            tip = self.tr("Record what is heard as FLAC into the music folder")
        describe(self.record_button, self.tr("Record"), tip, shortcut="Ctrl+R")

    def _give_words(self) -> None:
        self._sleep_words, self._record_words = self.tr("Sleep"), self.tr("Record")
        keep = self.tr("Keep")
        self.sleep_button.make_room_for(self._sleep_words, self._minutes(90))
        self.keep_button.make_room_for(keep)
        self.record_button.make_room_for(self._record_words, "0:00:00")
        self.keep_button.show_words(keep)

    def _build_sleep_menu(self) -> None:
        menu = QMenu(self)
        self._sleep_off = QAction(self.tr("Off"), menu)
        self._sleep_off.triggered.connect(lambda: self.sleep_requested.emit(0.0))
        menu.addAction(self._sleep_off)
        for minutes in SLEEP_MINUTES:
            action = QAction(self._minutes(minutes), menu)
            action.triggered.connect(lambda _checked, minutes=minutes: self.sleep_requested.emit(float(minutes)))
            menu.addAction(action)
        self.sleep_button.setMenu(menu)

    # --- showing ------------------------------------------------------------------------------------------------------

    def _show_checks(self) -> None:
        state = self._state
        self.hold_button.setChecked(state.is_held)
        self.favourite_button.setChecked(state.is_favourite)
        self.sleep_button.setChecked(state.sleep_left_s is not None)

    def _show_recording(self) -> None:
        is_recording = bool(self._state.recording or self._jam_recording)
        self.record_button.setEnabled(self._state.is_running or is_recording)
        self.record_button.setChecked(is_recording)
        self._describe_record()
        self._show_times()

    def _show_times(self) -> None:
        state = self._state
        sleep = self._sleep_words
        if state.sleep_left_s is not None:
            sleep = self._minutes(max(1, math.ceil(self._sleeps_at.remainingTime() / 60_000)))
        self.sleep_button.show_words(sleep)
        record = self._record_words
        if self._jam_recording:
            record = self.tr("Jam")
        elif state.recording:
            record = _clock(self._recorded_for_ms() // 1000)
        self.record_button.show_words(record)

    def _time_recording(self, before: TransportState, state: TransportState) -> None:
        """Count the recording's time, but only while something plays."""
        if state.recording != before.recording:
            self._recorded_ms = 0
            self._recorded_since.invalidate()
        self._recorded_ms = self._recorded_for_ms()
        if state.recording and state.is_running and not state.is_paused:
            self._recorded_since.start()
        else:
            self._recorded_since.invalidate()

    def _recorded_for_ms(self) -> int:
        return self._recorded_ms + (self._recorded_since.elapsed() if self._recorded_since.isValid() else 0)

    def _minutes(self, minutes: int) -> str:
        return self.tr("{minutes} min").format(minutes=minutes)

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_pause(self) -> None:
        self.pause_requested.emit(not self._state.is_paused)

    def _on_hold(self) -> None:
        self.hold_requested.emit(not self._state.is_held)

    def _on_favourite(self) -> None:
        self.favourite_requested.emit(not self._state.is_favourite)

    def _on_record(self) -> None:
        self.record_requested.emit(not (self._state.recording or self._jam_recording))


def _clock(seconds: int) -> str:
    """Return seconds as ``mm:ss``, with hours in front when there are any."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"
