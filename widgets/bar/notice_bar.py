# SPDX-License-Identifier: GPL-3.0-or-later
"""The notice bar is a calm line for what a person should know: no sound device, a generator that failed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.values import Progress
from widgets.controls import ElidedLabel, Level, describe, set_role

INFO_MS = 10_000
"""Milliseconds after which good news leaves by itself; a warning stays until it is closed or no longer true."""
_MARKS = {Level.INFO: "·", Level.WARNING: "!", Level.ERROR: "!"}


@dataclass(frozen=True, slots=True)
class _Notice:
    text: str
    level: Level
    is_progress: bool = False
    act: str = ""


class NoticeBar(QFrame):
    """The notice bar shows the newest notice, keeps at most one of each kind, and is hidden when there is none.

    Signals
    -------
    dismissed(kind): the person put a notice away
    cancelled(kind): the person wants no more of what a progress notice tells of
    acted(kind): the person wants what a notice offers
    """

    dismissed = Signal(str)
    cancelled = Signal(str)
    acted = Signal(str)
    showing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notices: dict[str, _Notice] = {}
        self.setObjectName("notice_bar")
        self.setProperty("role", "panel")
        self.setAccessibleName(self.tr("Notice"))
        self.mark_label = QLabel(self)
        self.text_label = ElidedLabel("value", self)
        self.more_label = QLabel(self)
        set_role(self.more_label, "dim")
        self.act_button = QPushButton(self)
        set_role(self.act_button, "inline")
        self._show_act("", "")
        self.dismiss_button = QPushButton(self)
        set_role(self.dismiss_button, "inline")
        self._show_button(is_progress=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 4, 2)
        row.setSpacing(10)
        row.addWidget(self.mark_label)
        row.addWidget(self.text_label, 1)
        row.addWidget(self.more_label)
        row.addWidget(self.act_button)
        row.addWidget(self.dismiss_button)
        self.act_button.clicked.connect(self._on_act)
        self.dismiss_button.clicked.connect(self._on_dismiss)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(INFO_MS)
        self._leaving.timeout.connect(self._on_info_old)
        self.hide()

    def _show_button(self, *, is_progress: bool) -> None:
        words, name, tip = self.tr("Dismiss"), self.tr("Dismiss the notice"), self.tr("Put this notice away")
        if is_progress:
            words, name, tip = self.tr("Cancel"), self.tr("Cancel what is being made"), self.tr("Make no more of this")
        self.dismiss_button.setText(words)
        describe(self.dismiss_button, name, tip, shortcut="Alt+X")

    def _show_act(self, act: str, text: str) -> None:
        self.act_button.setText(act)
        name = self.tr("Do something about it")
        describe(self.act_button, act or name, text or name)
        self.act_button.setVisible(bool(act))

    def notice(self) -> str:
        """Return the text of the notice that shows, or ""."""
        return self._notices[self._kind()].text if self._notices else ""

    def show_notice(self, text: str, level: str = Level.WARNING, kind: str = "", *, act: str = "") -> None:
        """Show a notice; it takes the place of an older one of its kind.

        ``act`` is what a button offers to do about it, or "".
        """
        self._notices.pop(kind, None)
        self._notices[kind] = _Notice(text, Level(level), act=act)
        self._show()
        if Level(level) is Level.INFO:
            self._leaving.start()
        self._alert()

    def show_progress(self, text: str, kind: str, fraction: float | None = None) -> None:
        """Show how far something is: a notice with a button that cancels it, which stays until it is cleared.

        ``fraction``, in [0, 1], is how much of it is done; None where that is not known.
        """
        if fraction is not None:
            text += " · " + self.tr("{percent} %").format(percent=int(100.0 * fraction))
        is_new = kind not in self._notices
        # In its place: while it goes on others may come in front of it.
        self._notices[kind] = _Notice(text, Level.INFO, is_progress=True)
        self._show()
        if is_new:
            self._alert()

    def follow_progress(self, text: str, kind: str, progress: Progress | None) -> None:
        """Show how far something is, or put its notice away where ``progress`` is None."""
        if progress is None:
            self.clear_notice(kind)
        else:
            self.show_progress(text, kind, progress.fraction)

    def _alert(self) -> None:
        QAccessible.updateAccessibility(QAccessibleEvent(self.text_label, QAccessible.Event.Alert))

    def clear_notice(self, kind: str = "") -> None:
        """Put away the notice of this kind, if there is one."""
        if self._notices.pop(kind, None):
            self._show()

    def _kind(self) -> str:
        return next(reversed(self._notices))

    def _show(self) -> None:
        if self._notices:
            newest = self._notices[self._kind()]
            set_role(self.mark_label, "dim" if newest.level is Level.INFO else "warning")
            self.mark_label.setText(_MARKS[newest.level])
            self.text_label.setText(newest.text)
            self.text_label.setAccessibleName(newest.text)
            self._show_button(is_progress=newest.is_progress)
            self._show_act(newest.act, newest.text)
            others = len(self._notices) - 1
            self.more_label.setText(self.tr("and {n} more").format(n=others) if others else "")
        if not any(_leaves(one) for one in self._notices.values()):
            self._leaving.stop()
        showing = bool(self._notices)
        if showing is self.isHidden():
            self.setVisible(showing)
            self.showing_changed.emit(showing)

    def _on_info_old(self) -> None:
        for kind in [kind for kind, one in self._notices.items() if _leaves(one)]:
            self.clear_notice(kind)

    def _on_act(self) -> None:
        kind = self._kind()
        self.clear_notice(kind)
        self.acted.emit(kind)

    def _on_dismiss(self) -> None:
        kind = self._kind()
        is_progress = self._notices[kind].is_progress
        self.clear_notice(kind)
        (self.cancelled if is_progress else self.dismissed).emit(kind)


def _leaves(notice: _Notice) -> bool:
    return notice.level is Level.INFO and not notice.is_progress
