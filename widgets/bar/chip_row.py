# SPDX-License-Identifier: GPL-3.0-or-later
"""The chip row shows what a generator reads in the prompt, one chip a thing; a chip is clicked away, or deleted."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.values import Reading, ReadingKind
from widgets.controls import GAP_PX, plain_tip, set_role


class Chip(QLabel):
    """A chip shows one reading; ``clicked`` tells that a person takes it back."""

    clicked = Signal()

    def __init__(self, reading: Reading, parent: QWidget) -> None:
        super().__init__(reading.text, parent)
        self.reading = reading
        self.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self, "chip")
        self.setProperty("reading", str(reading.kind))
        self.setToolTip(plain_tip("\n".join(filter(None, (self._words(), self._way())))))
        if reading.without is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _words(self) -> str:
        """Return what becomes of what was read."""
        reading = self.reading
        return {
            ReadingKind.TAKEN: self.tr("Understood: {text}"),
            ReadingKind.EXCLUDED: self.tr("Left out: {text}"),
            ReadingKind.NEAREST: self.tr("Not known as it is, and taken for what is nearest: {text}"),
            ReadingKind.UNKNOWN: self.tr("Not known: it changes nothing but which music is drawn by chance"),
            ReadingKind.REFUSED: reading.note or self.tr("Cannot be had: {text}"),
        }[reading.kind].replace("{text}", reading.text)

    def _way(self) -> str:
        takes_back = self.reading.without is not None
        return self.tr("A click takes it out of the prompt; so does Delete") if takes_back else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Taken here, or the release would go to what lies below.
        event.accept()

    def set_current(self, is_current: bool) -> None:
        """Show whether this is the chip that keys act on."""
        if bool(self.property("current")) != is_current:
            self.setProperty("current", is_current)
            self.style().unpolish(self)
            self.style().polish(self)


class ChipRow(QWidget):
    """A chip row shows chips on one line; what does not fit is left out and told by the tooltip of "+3".

    Arrow keys go from chip to chip, Delete and Backspace take one back.

    Signals
    -------
    dismissed(Reading)
    """

    dismissed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._chips: list[Chip] = []
        self._current = 0
        self._more = QLabel("+0", self)
        self._more.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self._more, "chip")
        self._more.hide()
        self._line_height = self._more.sizeHint().height()
        self._name()

    def words(self) -> tuple[str, ...]:
        return tuple(chip.text() for chip in self._chips)

    def chip(self, text: str) -> Chip:
        """Return the chip of that text. Raises StopIteration where there is none."""
        return next(chip for chip in self._chips if chip.text() == text)

    def hidden_words(self) -> tuple[str, ...]:
        """Return the words that did not fit."""
        return tuple(chip.text() for chip in self._chips if chip.isHidden())

    def set_readings(self, readings: tuple[Reading, ...]) -> None:
        """Show these readings; the chip that keys act on keeps its place."""
        if readings == tuple(chip.reading for chip in self._chips):
            return
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = [Chip(reading, self) for reading in readings]
        for chip in self._chips:
            chip.clicked.connect(self._on_clicked)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if readings else Qt.FocusPolicy.NoFocus)
        self._place()
        self._show_current()

    def sizeHint(self) -> QSize:
        return QSize(0, self._line_height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._show_current()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -len(self._chips)}
        steps[Qt.Key.Key_End] = len(self._chips)
        key = Qt.Key(event.key())
        if key in steps:
            self._current += steps[key]
            self._show_current()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._chips:
            self._dismiss(self._chips[self._current])
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _on_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self._dismiss(chip)

    def _dismiss(self, chip: Chip) -> None:
        if chip.reading.without is not None:
            self.dismissed.emit(chip.reading)

    def _show_current(self) -> None:
        shown = [chip for chip in self._chips if not chip.isHidden()]
        self._current = max(0, min(self._current, len(shown) - 1))
        for at, chip in enumerate(shown):
            chip.set_current(at == self._current and self.hasFocus())
        self._name()

    def _name(self) -> None:
        """Name the row after what it says, and after the chip that keys act on while it has the keyboard."""
        words = self.words()
        name = self.tr("Understood: {text}").replace("{text}", ", ".join(words))
        if self.hasFocus() and words:
            name = words[self._current]
        if name != self.accessibleName():
            self.setAccessibleName(name)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
        tip = self.tr("Arrow keys go from one to the next, Delete takes one out of the prompt")
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)

    def _place(self) -> None:
        widths = [chip.sizeHint().width() for chip in self._chips]
        self._more.setText(f"+{len(widths)}")
        n_shown = self._n_fitting(widths, self._more.sizeHint().width())
        x = 0
        for chip, width in zip(self._chips[:n_shown], widths, strict=False):
            chip.setGeometry(x, 0, width, self.height())
            chip.show()
            x += width + GAP_PX
        hidden = self._chips[n_shown:]
        for chip in hidden:
            chip.hide()
        self._more.setVisible(bool(hidden))
        self._more.setText(f"+{len(hidden)}")
        self._more.setToolTip(plain_tip(" · ".join(chip.text() for chip in hidden)))
        self._more.setGeometry(x, 0, self._more.sizeHint().width(), self.height())

    def _n_fitting(self, widths: list[int], more_px: int) -> int:
        """Return how many chips fit, leaving room for "+n" unless all of them do."""
        ends = [sum(widths[: n + 1]) + n * GAP_PX for n in range(len(widths))]
        if not ends or ends[-1] <= self.width():
            return len(widths)
        return sum(end + GAP_PX + more_px <= self.width() for end in ends)
