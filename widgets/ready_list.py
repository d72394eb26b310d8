# SPDX-License-Identifier: GPL-3.0-or-later
"""This list shows the loops that are ready: Enter has one heard at the next bar, K keeps it, Del drops it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from engine.values import ReadyLoop
from widgets.controls import describe, is_enter, plain_tip
from widgets.fit_words import key_words, tempo_words

ID_ROLE = Qt.ItemDataRole.UserRole
LEAST_ROWS, LEAST_PX = 2, 46
"""Number of rows that there is room for, and height in pixels that is enough where the text is large: lists scroll."""
KEEP_KEY = Qt.Key.Key_K


class ReadyLoops(QListWidget):
    """The list of ready loops, in the order in which they come.

    Signals
    -------
    hear_requested(int), keep_requested(int, bool), drop_requested(int)
        The loop of this id is to be heard now, to be a favourite or not, or not to be played. Setters emit none.
    """

    hear_requested = Signal(int)
    keep_requested = Signal(int, bool)
    drop_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loops: tuple[ReadyLoop, ...] = ()
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        describe(
            self,
            self.tr("Loops that are ready"),
            self.tr(
                "Loops that are ready, in the order in which they come: Enter or a double click has one heard at the "
                "next bar, K keeps it as a favourite, Del drops it"
            ),
        )
        self.hear_action = self._action(self.tr("Hear it now") + "\t⏎", self._hear)
        self.keep_action = self._action(self.tr("Keep it as a favourite") + "\tK", self._keep)
        self.keep_action.setCheckable(True)
        self.drop_action = self._action(self.tr("Drop it") + "\tDel", self._drop)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.itemDoubleClicked.connect(lambda _item: self._hear())
        self.currentRowChanged.connect(lambda _row: self._follow_current())
        self._follow_current()

    def _action(self, text: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda _checked: slot())
        self.addAction(action)
        return action

    def set_loops(self, loops: tuple[ReadyLoop, ...]) -> None:
        """Show these loops; the one that was current stays so, else the keyboard stays at its place in the list."""
        current, row = self.current_loop(), self.currentRow()
        self._loops = loops
        with QSignalBlocker(self):
            while self.count() > len(loops):
                self.takeItem(self.count() - 1)
            while self.count() < len(loops):
                self.addItem(QListWidgetItem())
            for item, one in zip(map(self.item, range(self.count())), loops, strict=True):
                self._fill(item, one)
            ids = [one.loop_id for one in loops]
            if current is not None and current.loop_id in ids:
                self.setCurrentRow(ids.index(current.loop_id))
            elif row >= 0:
                self.setCurrentRow(min(row, len(loops) - 1))
        self._follow_current()

    def _fill(self, item: QListWidgetItem, one: ReadyLoop) -> None:
        recipe = one.recipe
        facts = [
            tempo_words(recipe.facts.tempo_bpm, one.fit.tempo),
            key_words(recipe.facts.key, one.fit.key),
        ]
        marks = ("▸ " if one.is_coming else "") + ("♥ " if one.is_favourite else "")
        said = [self.tr("comes next") if one.is_coming else "", self.tr("Favourite") if one.is_favourite else ""]
        seed = "" if recipe.seed is None else self.tr("seed {seed}").format(seed=recipe.seed)
        item.setText(marks + " · ".join(filter(None, (recipe.title, *facts))))
        item.setToolTip(plain_tip("\n".join(filter(None, (recipe.title, " · ".join(filter(None, facts)), seed)))))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (recipe.title, *facts, *said))))
        item.setData(ID_ROLE, one.loop_id)

    def current_loop(self) -> ReadyLoop | None:
        """Return the loop that the keyboard is at; None where there is none."""
        row = self.currentRow()
        return self._loops[row] if 0 <= row < len(self._loops) else None

    def _follow_current(self) -> None:
        one = self.current_loop()
        self.keep_action.setChecked(one is not None and one.is_favourite)
        for action in (self.hear_action, self.keep_action, self.drop_action):
            action.setEnabled(one is not None)

    def _hear(self) -> None:
        if (one := self.current_loop()) is not None:
            self.hear_requested.emit(one.loop_id)

    def _keep(self) -> None:
        if (one := self.current_loop()) is not None:
            self.keep_requested.emit(one.loop_id, not one.is_favourite)

    def _drop(self) -> None:
        if (one := self.current_loop()) is not None:
            self.drop_requested.emit(one.loop_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            act = self._hear
        elif event.key() == KEEP_KEY and not event.modifiers():
            act = self._keep
        elif event.matches(QKeySequence.StandardKey.Delete):
            act = self._drop
        else:
            super().keyPressEvent(event)
            return
        if not event.isAutoRepeat():
            act()
        event.accept()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(LEAST_ROWS * self._row_px() + 2 * self.frameWidth(), LEAST_PX))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _row_px(self) -> int:
        return max(self.fontMetrics().height() + 4, self.sizeHintForRow(0) if self.count() else 0)
