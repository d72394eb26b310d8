# SPDX-License-Identifier: GPL-3.0-or-later
"""The visualiser is a window of its own, as large as the screen, that makes visible what is heard."""

from __future__ import annotations

import time
from typing import Final, Protocol

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QCloseEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QScreen,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from engine.values import TransportState
from engine.values.live import LiveReading
from engine.values.picture_options import CIRCLE, RIDGES
from widgets.motion import Motion
from widgets.visualiser.circle import CircleView
from widgets.visualiser.ridges import RidgesView
from widgets.visualiser.scene import Heard, VisualLoop, VisualScene
from widgets.visualiser.words import VisualWords

FRAME_MS: Final = 33
"""Milliseconds from one frame to the next, at least."""
LONGEST_FRAME_S: Final = 0.25
"""Seconds that one frame moves the picture at most: after a halt nothing leaps."""
STIR_PX: Final = 3.0
"""Pixels that the mouse moves at least before words and pointer come: a table that is knocked against moves it less."""


class View(Protocol):
    """A view is a way to draw a scene."""

    def moving(self, rect: QRectF) -> QRectF:
        """Return the part of the picture at ``rect`` in which anything moves."""

    def advance(self, seconds: float, scene: VisualScene) -> None:
        """Move by ``seconds``, shown or not."""

    def paint(self, painter: QPainter, rect: QRectF, scene: VisualScene) -> None:
        """Paint the scene into ``rect``, all of it."""


class Visualiser(QWidget):
    """The visualiser paints while it is seen and something moves, and takes what it paints before each frame.

    Keys: Escape and F11 leave, Space pauses, N and P go to the next loop and back, arrows change the view, S goes to
    the next screen.

    Signals
    -------
    frame_due
        What is heard now is wanted, by ``set_heard`` and ``set_reading``.
    seen_changed(bool)
        The window is seen from now on, or not.
    view_changed(str)
        Another view was chosen, one of ``VISUAL_VIEW.choices``.
    pause_requested, next_requested, previous_requested
        The person asks for these of the music.
    left
        The window was closed.
    """

    spoken = QAccessible.Role.Window

    frame_due = Signal()
    seen_changed = Signal(bool)
    view_changed = Signal(str)
    pause_requested = Signal()
    next_requested = Signal()
    previous_requested = Signal()
    left = Signal()

    def __init__(self, view: str = CIRCLE) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("visualiser")
        self.setWindowTitle(self.tr("Infiniloop Studio: visualiser"))
        self.setAccessibleName(self.tr("Visualiser"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scene, self.words = VisualScene(), VisualWords()
        # To add a view: its class here, its name in ``VISUAL_VIEW`` of ``engine.values.picture_options``.
        self._views: dict[str, View] = {CIRCLE: CircleView(), RIDGES: RidgesView()}
        self._view = view
        self._state = TransportState()
        self._reading: LiveReading | None = None
        self._motion = Motion()
        self._is_seen = False
        self._pointer = QPointF()
        self._clock = QElapsedTimer()
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._on_frame)
        self._tell()

    # --- values in ----------------------------------------------------------------------------------------------------

    def set_loop(self, loop: VisualLoop) -> None:
        """Show this loop as the one that leads; another one than before fades in, and its words come."""
        leading = self.scene.leading
        if leading is None or leading.loop.loop_id != loop.loop_id:
            self.words.ask()
        self.scene.set_loop(loop)
        self._tell()
        self.update()
        self._wake()

    def set_state(self, state: TransportState) -> None:
        """Show whether the music runs, or is paused."""
        self._state = state
        self.scene.is_running, self.scene.is_paused = state.is_running, state.is_paused
        self._tell()
        self.update()
        self._wake()

    def set_heard(self, heard: Heard) -> None:
        """Take where the playheads are, and how far a takeover is; painted with the next frame."""
        self.scene.set_heard(heard)

    def set_reading(self, reading: LiveReading | None) -> None:
        """Take what is heard, or None where nothing is; painted with the next frame."""
        self._reading = reading

    # --- where and how ------------------------------------------------------------------------------------------------

    def show_on(self, screen: QScreen) -> None:
        """Show the window over the whole of a screen."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()
        hints = (self.tr("Space pauses · N next · P back"), self.tr("← → another view · Esc leaves"))
        several = len(QGuiApplication.screens()) > 1
        self.words.hints = (*hints, self.tr("S another screen")) if several else hints
        self.ask_for_words()

    def view(self) -> str:
        """Return the name of the view that is shown."""
        return self._view

    def show_next_view(self, step: int = 1) -> None:
        """Show the next view, or with −1 the one before."""
        names = list(self._views)
        self._view = names[(names.index(self._view) + step) % len(names)]
        self.view_changed.emit(self._view)
        self.update()

    def go_to_next_screen(self) -> None:
        """Show the window on the next screen, where there is one."""
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            following = screens[(screens.index(self.screen()) + 1) % len(screens)]
            # A window that is full-screen already would stay where it is.
            self.showNormal()
            self.show_on(following)

    def ask_for_words(self) -> None:
        """Have words and pointer come for a while."""
        self.words.ask()
        self.unsetCursor()
        self._wake()

    def is_moving(self) -> bool:
        """Return whether frames are painted."""
        return self._frames.isActive()

    # --- in words -----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Say what plays, to be read and for assistive technology."""
        leading, words = self.scene.leading, self.words
        words.title, words.lines, words.notice = "", (), ()
        if leading is not None:
            loop = leading.loop
            words.title, words.lines = loop.title, (loop.prompt, loop.facts)
        if not self._state.is_running:
            words.notice = (self.tr("The music is not running."), self.tr("AVVIA starts it: Ctrl+Enter"))
            spoken = list(words.notice)
        else:
            paused = (self.tr("paused"),) if self._state.is_paused else ()
            words.lines = (*words.lines, *paused)
            spoken = [one for one in (words.title, *words.lines) if one]
        words.stays = self._state.is_running and self._state.is_paused
        told = " · ".join(spoken)
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)

    # --- frames -------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        if self._is_seen and not self._frames.isActive():
            self._clock.restart()
            self._frames.start()

    @Slot()
    def _on_frame(self) -> None:
        self.frame_due.emit()
        self.advance(min(self._clock.restart() / 1000.0, LONGEST_FRAME_S), time.monotonic())
        if self.scene.is_at_rest() and self.words.is_at_rest():
            self._frames.stop()

    def advance(self, seconds: float, now_s: float) -> None:
        """Move the picture by ``seconds`` to the moment ``now_s`` of the monotonic clock, and have it painted."""
        self.scene.advance(seconds, now_s, self._reading)
        for view in self._views.values():
            view.advance(seconds, self.scene)
        rect = QRectF(self.rect())
        if self.words.advance(seconds):
            self.update(self.words.region(rect).toAlignedRect())
            if self.words.opacity == 0.0:
                self.setCursor(Qt.CursorShape.BlankCursor)
        if self._motion.may_move() or self.scene.is_at_rest():
            self.update(self.moving())

    def moving(self) -> QRect:
        """Return the part of the window that is painted with each frame."""
        return self._shown_view().moving(QRectF(self.rect())).toAlignedRect()

    def _shown_view(self) -> View:
        return self._views[self._view]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        # Qt clips to what needs painting; told so, it draws thin lines ten times faster.
        painter.setClipRect(event.rect())
        rect = QRectF(self.rect())
        self._shown_view().paint(painter, rect, self.scene)
        self.words.paint(painter, rect)
        painter.end()

    # --- being seen ---------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._set_seen(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The window system says by this whether anything of the window is seen: not of one that is minimised.
        if event.type() is QEvent.Type.Expose:
            handle = self.windowHandle()
            self._set_seen(handle is not None and handle.isExposed())
        return super().eventFilter(watched, event)

    def _set_seen(self, is_seen: bool) -> None:
        if is_seen == self._is_seen:
            return
        self._is_seen = is_seen
        self.seen_changed.emit(is_seen)
        if is_seen:
            self._wake()
        else:
            self._frames.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._frames.stop()
        self.left.emit()

    # --- the hand -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.close()
        elif key == Qt.Key.Key_Space:
            self.pause_requested.emit()
        elif key == Qt.Key.Key_N:
            self.next_requested.emit()
        elif key == Qt.Key.Key_P:
            self.previous_requested.emit()
        elif key == Qt.Key.Key_S:
            self.go_to_next_screen()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.show_next_view()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.show_next_view(-1)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = event.globalPosition() - self._pointer
        if moved.manhattanLength() >= STIR_PX:
            self._pointer = event.globalPosition()
            self.ask_for_words()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.ask_for_words()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.close()
