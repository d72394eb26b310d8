# SPDX-License-Identifier: GPL-3.0-or-later
"""The mend button has the seam painted anew, shows how far that is, and calls it off when it is pressed again."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.values.mending import MendingState
from widgets.controls import describe, percent, set_role, text_width

PADDING_PX: Final = 14
"""Pixels beside the number within the button, at least."""
MOST_SHOWN: Final = 0.99
"""Share that is shown at most: while it works, it is not done."""
KEYS: Final = "Ctrl+Shift+K"
UNKNOWN: Final = "…"


class MendButton(QPushButton):
    """The mend button can be pressed while there is a loop; its tooltip says who paints, or that nothing does.

    Signals
    -------
    mend_requested()
        The seam of the loop that plays is to be painted anew.
    mend_cancelled()
        It is to stay as it is.
    """

    mend_requested = Signal()
    mend_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = MendingState()
        self._has_loop = False
        self.setCheckable(True)
        set_role(self, "inline")
        self.clicked.connect(self._on_clicked)
        self._show()
        # Nothing moves beside it while the number grows.
        self.setFixedWidth(max(self.sizeHint().width(), text_width(self, percent(MOST_SHOWN)) + PADDING_PX))

    def set_state(self, state: MendingState) -> None:
        """Show who would paint, or how far it is."""
        self._state = state
        self._show()

    def set_has_loop(self, has_loop: bool) -> None:
        """Say whether there is a seam to mend."""
        if has_loop != self._has_loop:
            self._has_loop = has_loop
            self._show()

    def _show(self) -> None:
        state = self._state
        name = self.tr("Mend the seam")
        if state.is_working:
            name = self.tr("Call off the mending of the seam")
            done = UNKNOWN if state.fraction is None else percent(min(state.fraction, MOST_SHOWN))
            # Without its space: the row has none to give.
            self.setText(done.replace(" ", ""))
            tip = self.tr(
                "{painter} paints the music around the joint anew: {done}. Press to leave it as it is"
            ).format(painter=state.painter or UNKNOWN, done=done)
        else:
            self.setText(self.tr("Mend"))
            if state.painter:
                tip = self.tr(
                    "Have {painter} paint a beat on either side of the joint anew; it plays so only if it is better"
                ).format(painter=state.painter)
            else:
                tip = self.tr(
                    "No model that can paint a seam anew is on this machine: Models in the menu (Ctrl+G) fetches one"
                )
        describe(self, name, tip, shortcut=KEYS)
        self.setChecked(state.is_working)
        # Without a painter its key is answered too: the press is told why nothing comes of it.
        self.setEnabled(state.is_working or self._has_loop)

    def _on_clicked(self) -> None:
        # Whether it is pressed in is told by what is going on, not by the press.
        self.setChecked(self._state.is_working)
        if self._state.is_working:
            self.mend_cancelled.emit()
        else:
            self.mend_requested.emit()
