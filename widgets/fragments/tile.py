# SPDX-License-Identifier: GPL-3.0-or-later
"""A tile shows a slot of fragments: number, age, waveform and prompt, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.values.fragments import FragmentSlot
from widgets import theme
from widgets.controls import describe, is_enter, plain_tip, set_role
from widgets.dragging import DragSource
from widgets.fragments.words import age_words, blocked_words, empty_words, slot_words
from widgets.icon_button import IconButton
from widgets.spoken import announce

PAD_PX, GAP_PX = 9, 4
BUTTON_PX = 30, 48
"""Least and greatest width of a button, pixels: a wide tile is easier to hit."""
WAVE_PX = 34
"""Least height of the waveform, pixels."""
BAR_PX = 3
"""Width of a waveform's bar with the gap behind it, pixels, at least."""
NEXT_MARK = "▸"
"""Mark of the slot that comes next, where there is no room for the word."""
MOST_LARGER = 1.25
"""How much larger than usual a tile's text is where there is room, at most."""
QUIET = 0.6
"""Power of the peaks that are drawn: what is quiet is seen, too."""
FLASH_MS, FLASH_STEPS = 40, 18
FLASH_ALPHA = 0.5
"""How much of the accent lies over a tile at the begin of its flash."""


class TileButton(IconButton):
    """A tile's button is lit by what is told of the slot: a click alone does not light it. Its keys are the tile's."""

    def __init__(self, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_role(self, "transport")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(BUTTON_PX[0])
        self.setMaximumWidth(BUTTON_PX[1])
        self.show_icon(icon)

    def minimumSizeHint(self) -> QSize:
        """Return the least that its picture needs, so that two tiles stand side by side in a narrow column."""
        return QSize(BUTTON_PX[0], super().minimumSizeHint().height())

    def nextCheckState(self) -> None:
        """Leave the state alone."""


class FragmentTile(QWidget):
    """A tile has keys that do what its buttons do; of a grid's tiles one is a stop of Tab.

    Signals
    -------
    hear_requested(number), end_requested()
    freeze_requested(number, is_frozen), clear_requested(number), prompt_requested(number), make_requested(number)
    dragged(number), copied(number)
        A copy of the file is wanted: for ``drag_source`` to carry, or for the clipboard.
    moved(number, step)
        A key goes on by so many tiles; of a column, which the caller knows, ±``COLUMN``, and to the last ``LAST``.
    focused(number)
        It has the keyboard now.

    Attributes
    ----------
    drag_source
        Carries the copy of the slot's file.
    """

    hear_requested = Signal(int)
    end_requested = Signal()
    freeze_requested = Signal(int, bool)
    clear_requested = Signal(int)
    prompt_requested = Signal(int)
    make_requested = Signal(int)
    dragged = Signal(int)
    copied = Signal(int)
    moved = Signal(int, int)
    focused = Signal(int)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self.slot = FragmentSlot(number, "")
        self._is_next = self._is_newest = False
        self._fraction: float | None = None
        self._is_making = False
        self._age = ""
        self._flash = 0
        self.spoken = QAccessible.Role.Grouping
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hear_button = self._button("resume", self._on_hear)
        self.freeze_button = self._button("freeze", self._on_freeze)
        self.prompt_button = self._button("write", lambda: self.prompt_requested.emit(self.number))
        self.clear_button = self._button("clear", lambda: self.clear_requested.emit(self.number))
        self.clear_button.setCheckable(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for one in (self.hear_button, self.freeze_button, self.prompt_button):
            buttons.addWidget(one)
        buttons.addStretch(0)
        buttons.addWidget(self.clear_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(GAP_PX, 0, GAP_PX, GAP_PX)
        rows.addStretch(1)
        rows.addLayout(buttons)
        self._flashing = QTimer(self)
        self._flashing.setInterval(FLASH_MS)
        self._flashing.timeout.connect(self._on_flash)
        self.drag_source = DragSource(self)
        self.drag_source.begun.connect(self._on_dragged)
        self.drag_source.copy_requested.connect(self._on_copied)
        self._say()

    def _button(self, icon: str, pressed: Callable[[], None]) -> TileButton:
        button = TileButton(icon, self)
        button.clicked.connect(pressed)
        return button

    # --- what is shown ------------------------------------------------------------------------------------------------

    def set_slot(self, slot: FragmentSlot, *, is_next: bool, is_newest: bool) -> None:
        """Show a slot: whether the circle comes to it next, and whether it was written last."""
        if (slot, is_next, is_newest) == (self.slot, self._is_next, self._is_newest):
            return
        self.slot, self._is_next, self._is_newest = slot, is_next, is_newest
        self.freeze_button.setChecked(slot.is_frozen)
        self.prompt_button.setChecked(bool(slot.own_prompt))
        self.hear_button.setEnabled(slot.is_filled)
        self.clear_button.setEnabled(slot.is_filled and not slot.is_frozen)
        self.show_age()
        self._say()
        self.update()

    def set_making(self, is_making: bool, fraction: float | None = None) -> None:
        """Show whether the fragment that is being made is to come here, and how far it is."""
        if (is_making, fraction) != (self._is_making, self._fraction):
            self._is_making, self._fraction = is_making, fraction
            self.update()

    def set_heard(self, is_heard: bool) -> None:
        """Show whether the slot's sound is heard beside the music."""
        if is_heard != self.hear_button.isChecked():
            self.hear_button.setChecked(is_heard)
            self.hear_button.show_icon("resume", on="pause")
            self.update()

    def show_age(self) -> None:
        """Show how old the sound is now."""
        written_s = self.slot.written_s
        age = "" if written_s is None else age_words(time.time() - written_s)
        if age != self._age:
            self._age = age
            self.update()

    def flash(self) -> None:
        """Light up once: its sound is new. Where little is to move it only stays marked as the newest."""
        if not theme.is_still() and self.isVisible():
            self._flash = FLASH_STEPS
            self._flashing.start()
            self.update()

    def least(self) -> QSize:
        """Return the least size at which all of it is seen."""
        bold, small = (QFontMetrics(one) for one in self._fonts())
        buttons = self.hear_button.sizeHint()
        height = PAD_PX + bold.height() + WAVE_PX + small.height() + buttons.height() + 4 * GAP_PX
        return QSize(4 * BUTTON_PX[0] + 2 * GAP_PX, height)

    def sizeHint(self) -> QSize:
        return self.least()

    def minimumSizeHint(self) -> QSize:
        return self.least()

    # --- what is done -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Space: self.hear_button.click,
            Qt.Key.Key_F: self.freeze_button.click,
            Qt.Key.Key_P: self.prompt_button.click,
            Qt.Key.Key_Delete: self.clear_button.click,
            Qt.Key.Key_Left: lambda: self.moved.emit(self.number, -1),
            Qt.Key.Key_Right: lambda: self.moved.emit(self.number, 1),
            Qt.Key.Key_Up: lambda: self.moved.emit(self.number, -COLUMN),
            Qt.Key.Key_Down: lambda: self.moved.emit(self.number, COLUMN),
            Qt.Key.Key_Home: lambda: self.moved.emit(self.number, -self.number + 1),
            Qt.Key.Key_End: lambda: self.moved.emit(self.number, LAST),
        }
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if is_plain and is_enter(event):
            self.make_requested.emit(self.number)
        elif is_plain and event.key() == Qt.Key.Key_Escape and self.hear_button.isChecked():
            self.end_requested.emit()
        elif is_plain and (deed := keys.get(Qt.Key(event.key()))) is not None:
            if not event.isAutoRepeat() or event.key() in _MOVING:
                deed()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(self.number)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._flash = 0
        self._flashing.stop()

    def _on_hear(self) -> None:
        if self.hear_button.isChecked():
            self.end_requested.emit()
        else:
            self.hear_requested.emit(self.number)

    def _on_freeze(self) -> None:
        self.freeze_requested.emit(self.number, not self.slot.is_frozen)

    def _on_dragged(self) -> None:
        if self.slot.is_filled:
            self.dragged.emit(self.number)

    def _on_copied(self) -> None:
        if self.slot.is_filled:
            self.copied.emit(self.number)

    def _on_flash(self) -> None:
        self._flash -= 1
        if self._flash <= 0:
            self._flashing.stop()
        self.update()

    # --- how it looks -------------------------------------------------------------------------------------------------

    def _fonts(self, larger: float = 1.0) -> tuple[QFont, QFont]:
        """Return the fonts of the number and of all else."""
        bold = theme.scaled_font(larger * theme.SIZES_PT["heading_size"], self.font())
        bold.setBold(True)
        return bold, theme.scaled_font(larger * theme.SIZES_PT["small_size"], self.font())

    def _larger(self) -> float:
        """Return how much larger than usual its text is: it is read from farther off where there is room."""
        least = self.least()
        return min(max(min(self.height() / least.height(), self.width() / least.width() / 1.2), 1.0), MOST_LARGER)

    def _say(self) -> None:
        slot = self.slot
        words = slot_words(slot, is_next=self._is_next)
        tip = self.tr(
            "Drag it out, or Ctrl+C, for a copy of the file. Space plays it beside the music, F freezes it, "
            "P gives it a prompt of its own, Del empties it, Enter makes one for it"
        )
        changed = words != self.accessibleName()
        self.setAccessibleName(words)
        self.setAccessibleDescription(tip)
        parts = (blocked_words(slot), slot.prompt, slot.archived and f"archive/{slot.archived}", tip)
        said = "\n\n".join(filter(None, parts))
        self.setToolTip(plain_tip(said))
        if changed:
            announce(self, words)
        own = slot.own_prompt or self.tr("Give it a prompt of its own")
        for button, name, said, key in (
            (self.hear_button, self.tr("Hear slot {number}"), self.tr("Hear it beside the music, or end it"), "Space"),
            (self.freeze_button, self.tr("Freeze slot {number}"), self.tr("Have the circle leave it out, or not"), "F"),
            (self.prompt_button, self.tr("Prompt of slot {number}"), own, "P"),
            (self.clear_button, self.tr("Clear slot {number}"), self.tr("Empty it; the archive keeps it"), "Del"),
        ):
            describe(button, name.format(number=slot.number), f"{said} ({key})")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        slot, has_focus = self.slot, self.hasFocus()
        card = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = QColor(theme.FIELD if slot.is_filled and not slot.is_frozen else theme.PANEL)
        edge = theme.ACCENT if has_focus else theme.EDGE if slot.is_frozen else theme.LINE
        style = Qt.PenStyle.SolidLine if slot.is_filled or has_focus else Qt.PenStyle.DashLine
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(edge), 1.0, style))
        painter.drawRoundedRect(card, 6.0, 6.0)
        if self._flash:
            glow = QColor(theme.ACCENT)
            glow.setAlphaF(FLASH_ALPHA * self._flash / FLASH_STEPS)
            painter.setBrush(glow)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(card, 6.0, 6.0)
        bold, small = self._fonts(self._larger())
        bold_px, small_px = QFontMetrics(bold).height(), QFontMetrics(small).height()
        inner = card.adjusted(PAD_PX, PAD_PX - 2, -PAD_PX, 0)
        top = QRectF(inner.left(), inner.top(), inner.width(), bold_px)
        bottom = self.height() - GAP_PX - self.hear_button.height() - GAP_PX
        prompt = QRectF(inner.left(), bottom - small_px, inner.width(), small_px)
        self._paint_top(painter, top, bold, small)
        wave = QRectF(inner.left(), top.bottom() + GAP_PX, inner.width(), prompt.top() - GAP_PX - top.bottom() - GAP_PX)
        self._paint_wave(painter, wave)
        painter.setFont(small)
        painter.setPen(QColor(theme.TEXT if slot.is_filled else theme.DIM))
        shown = slot.prompt if slot.is_filled else empty_words(slot)
        shown = QFontMetrics(small).elidedText(shown, Qt.TextElideMode.ElideRight, round(prompt.width()))
        painter.drawText(prompt, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if self._is_making:
            self._paint_progress(painter, card)
        painter.end()

    def _paint_top(self, painter: QPainter, top: QRectF, bold: QFont, small: QFont) -> None:
        number = f"{self.slot.number:02}"
        painter.setFont(bold)
        ink = theme.ACCENT if self._is_newest else theme.TEXT if self.slot.is_filled else theme.DIM
        painter.setPen(QColor(ink))
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, number)
        painter.setFont(small)
        metrics = QFontMetrics(small)
        painter.setPen(QColor(theme.DIM))
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._age)
        between = top.adjusted(QFontMetrics(bold).horizontalAdvance(number) + 7.0, 1.0, 0.0, 1.0)
        between.setRight(top.right() - metrics.horizontalAdvance(self._age) - 6.0)
        words, ink = self._state()
        painter.setPen(QColor(ink))
        if metrics.horizontalAdvance(words) > between.width():
            # Half a word says nothing; the button that is lit, or the line of progress, says the rest.
            words = NEXT_MARK if self._is_next and not self._is_making else ""
        painter.drawText(between, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _state(self) -> tuple[str, str]:
        """Return the one word that matters most of the slot now, and its colour."""
        if self._is_making:
            return self.tr("making"), theme.ACCENT
        if self.slot.is_frozen:
            return self.tr("frozen"), theme.TEXT
        if self.slot.is_blocked:
            return self.tr("blocked"), theme.WARNING
        if self._is_next:
            return self.tr("next"), theme.DIM
        return (self.tr("taken") if self.slot.is_taken else ""), theme.DIM

    def _paint_wave(self, painter: QPainter, wave: QRectF) -> None:
        peaks = self.slot.peaks
        middle = wave.center().y()
        if not peaks:
            painter.setPen(QPen(QColor(theme.LINE), 1.0))
            painter.drawLine(QPointF(wave.left(), middle), QPointF(wave.right(), middle))
            return
        is_lit = self._is_newest or self.hear_button.isChecked()
        ink = theme.ACCENT if is_lit else theme.WAVE_OUTSIDE if self.slot.is_frozen else theme.DIM
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        n_bars = max(1, min(len(peaks), int(wave.width() // BAR_PX)))
        step = wave.width() / n_bars
        for at, peak in enumerate(_fewer(peaks, n_bars)):
            half = max(0.6, 0.5 * wave.height() * peak**QUIET)
            painter.drawRoundedRect(QRectF(wave.left() + at * step, middle - half, step - 1.0, 2.0 * half), 0.8, 0.8)

    def _paint_progress(self, painter: QPainter, card: QRectF) -> None:
        fraction = 1.0 if self._fraction is None else min(max(self._fraction, 0.0), 1.0)
        ink = QColor(theme.ACCENT)
        if self._fraction is None:
            ink.setAlphaF(0.4)
        line = QRectF(card.left() + 6.0, card.top() + 1.0, (card.width() - 12.0) * fraction, 2.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(line, 1.0, 1.0)


COLUMN, LAST = 1000, 2000
"""Steps of ``moved`` that stand for a tile above or below, and for the last one."""
_MOVING = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def _fewer(peaks: tuple[float, ...], n: int) -> list[float]:
    """Return the highest of ``n`` equal parts of the peaks, which are no fewer."""
    edges = [at * len(peaks) // n for at in range(n + 1)]
    return [max(peaks[first:end]) for first, end in pairwise(edges)]
