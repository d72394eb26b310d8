# SPDX-License-Identifier: GPL-3.0-or-later
"""The next panel shows what comes next: the clip being made, how much music is in hand, which loops are ready."""

from __future__ import annotations

import math

from PySide6.QtCore import QT_TRANSLATE_NOOP, QDeadlineTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from engine.values import MusicInHand, Progress
from widgets import theme
from widgets.controls import ElidedLabel, describe, set_role
from widgets.panel import ControlPanel
from widgets.ready_list import ReadyLoops
from widgets.spoken import SpokenValue, tell_value

# To have a new stage translated, add its word here.
STAGES = (
    QT_TRANSLATE_NOOP("NextPanel", "starting"),
    QT_TRANSLATE_NOOP("NextPanel", "connecting"),
    QT_TRANSLATE_NOOP("NextPanel", "connecting again"),
    QT_TRANSLATE_NOOP("NextPanel", "waiting"),
    QT_TRANSLATE_NOOP("NextPanel", "receiving"),
    QT_TRANSLATE_NOOP("NextPanel", "downloading"),
    QT_TRANSLATE_NOOP("NextPanel", "loading"),
    QT_TRANSLATE_NOOP("NextPanel", "composing"),
    QT_TRANSLATE_NOOP("NextPanel", "generating"),
    QT_TRANSLATE_NOOP("NextPanel", "finishing"),
    QT_TRANSLATE_NOOP("NextPanel", "finding the loop"),
)
N_STEPS = 1000
COUNT_EVERY_MS = 500
GAUGE_LOW_S, GAUGE_HIGH_S = 1.0, 1800.0
"""Seconds at the ends of the gauge; equal steps are equal ratios, so that 9 s and half an hour both show."""


class HandGauge(QWidget):
    """The gauge shows how long the music lasts, and a mark where making a loop would be done; amber short of it."""

    HEIGHT_PX, BAR_PX = 8, 4

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._hand = MusicInHand(0.0, 0, None)
        self.spoken = SpokenValue(QAccessible.Role.Indicator, 0.0, GAUGE_HIGH_S)

    def sizeHint(self) -> QSize:
        return QSize(120, self.HEIGHT_PX)

    def set_hand(self, hand: MusicInHand) -> None:
        self._hand = hand
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - self.BAR_PX) / 2.0
        painter.setBrush(QColor(theme.HOVER))
        painter.drawRoundedRect(QRectF(0.0, top, self.width(), self.BAR_PX), 2.0, 2.0)
        painter.setBrush(QColor(theme.WARNING if is_short(self._hand) else theme.ACCENT))
        painter.drawRoundedRect(QRectF(0.0, top, self._x(self._hand.prepared_s), self.BAR_PX), 2.0, 2.0)
        if self._hand.making_s is not None:
            painter.fillRect(QRectF(self._x(self._hand.making_s) - 1.0, 0.0, 2.0, self.height()), QColor(theme.TEXT))
        painter.end()

    def _x(self, seconds: float) -> float:
        share = math.log(max(seconds, GAUGE_LOW_S) / GAUGE_LOW_S) / math.log(GAUGE_HIGH_S / GAUGE_LOW_S)
        return min(share, 1.0) * self.width()


def is_short(hand: MusicInHand) -> bool:
    """Return whether making a loop takes longer than the music in hand lasts."""
    return hand.making_s is not None and hand.making_s > hand.prepared_s


class NextPanel(ControlPanel):
    """The next panel shows whether a clip is being made, waits or failed, and how many sounds wait their turn.

    Signals
    -------
    call_off_requested()
        The sounds that wait are not to be played.

    Attributes
    ----------
    ready_loops
        The loops that are ready, with signals of their own.
    """

    call_off_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Next"))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the next clip"))
        self.bar.setToolTip(self.tr("How far the next clip is"))
        self.stage_label = ElidedLabel("dim", self)
        self.rows.addWidget(self.bar)
        self.rows.addWidget(self.stage_label)
        self._n_waiting = 0
        self.call_off_button = QPushButton(self.tr("Call off"))
        set_role(self.call_off_button, "inline")
        tip = self.tr("Do not play the sounds that wait their turn; what plays goes on")
        describe(self.call_off_button, self.tr("Call off the sounds that wait"), tip, shortcut="Ctrl+Shift+W")
        self.call_off_button.clicked.connect(self.call_off_requested)
        self.call_off_button.hide()
        self.header.add_control(self.call_off_button)
        self._info, self._hand = "", MusicInHand(0.0, 0, None)
        self._shown_hand: tuple[bool, int, int, float | None] | None = None
        self.gauge = HandGauge(self)
        self.gauge.setAccessibleName(self.tr("Music in hand"))
        self.hand_label = QLabel(self)
        self.making_label = ElidedLabel("dim", self)
        self.making_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.rows.addWidget(self.gauge)
        row = self.add_row()
        row.addWidget(self.hand_label)
        row.addWidget(self.making_label, 1)
        self.ready_loops = ReadyLoops(self)
        self.rows.addWidget(self.ready_loops, 1)
        self._retry_at = QDeadlineTimer()
        self._countdown = QTimer(self)
        self._countdown.setInterval(COUNT_EVERY_MS)
        self._countdown.timeout.connect(self._on_count)
        self.set_progress(None)
        self.set_hand(None)

    def set_hand(self, hand: MusicInHand | None) -> None:
        """Show how long the music lasts if nothing more is made, and how long making takes; None when it is stopped."""
        self._hand = hand or MusicInHand(0.0, 0, None)
        # Told many times a second, read in whole seconds.
        shown = (hand is None, round(self._hand.prepared_s), self._hand.n_ready, self._hand.making_s)
        if shown == self._shown_hand:
            return
        self._shown_hand = shown
        self.gauge.set_hand(self._hand)
        goes_on = hand is not None and not hand.n_ready and hand.prepared_s < 1.0
        # That one never runs out: it goes on turning.
        set_role(self.hand_label, "warning" if is_short(self._hand) and not goes_on else "dim")
        left = self._duration(hand.prepared_s) if hand else "–"
        words = self.tr("this loop goes on until then") if goes_on else self.tr("music in hand: {left}")
        self.hand_label.setText(words.format(left=left))
        making_s = self._hand.making_s
        making = "" if making_s is None else self.tr("a loop takes {making}").format(making=self._duration(making_s))
        self.making_label.setText(making)
        tip = self.tr("How long the music lasts if nothing more is made; the mark is how long making a loop takes")
        self.gauge.setToolTip(tip)
        self.hand_label.setToolTip(tip)
        said = " · ".join(filter(None, (self.hand_label.text(), making)))
        self.gauge.setAccessibleDescription(said)
        tell_value(self.gauge, self.gauge.spoken, float(round(self._hand.prepared_s)), said)
        self._show_info()

    def words(self) -> str:
        """Return what is being made or waits, and for how long there is music, in one line."""
        return " · ".join(filter(None, (self.stage_label.text(), self.header.info, self.hand_label.text())))

    def set_sounds_waiting(self, n: int) -> None:
        """Show how many sounds of the person's own wait their turn."""
        if n != self._n_waiting:
            self._n_waiting = n
            self.call_off_button.setVisible(n > 0)
            self._show_info()

    def set_progress(self, progress: Progress | None) -> None:
        """Show how far the clip is; None when none is being made."""
        if progress is None:
            self._show(0, "", "")
            return
        stage = self.tr(progress.stage)
        stage = stage[:1].upper() + stage[1:]
        words = []
        if progress.fraction is not None:
            words.append(self.tr("{percent} %").format(percent=round(100 * progress.fraction)))
        if progress.left_s is not None:
            words.append(self._left(progress.left_s))
        steps = None if progress.fraction is None else round(N_STEPS * min(max(progress.fraction, 0.0), 1.0))
        self._show(steps, stage, " · ".join(words))

    def set_waiting(self, text: str) -> None:
        """Show that the next clip is ready and waits for its turn, in the caller's words."""
        self._show(N_STEPS, text, "")

    def set_failed(self, text: str, retry_s: float | None) -> None:
        """Show why no clip came, and count down the seconds to the next try (None: no more tries)."""
        self._show(0, text, "", failed=True)
        if retry_s is not None:
            self._retry_at.setRemainingTime(round(1000 * retry_s))
            self._countdown.start()
            self._on_count()

    def _on_count(self) -> None:
        left_s = self._retry_at.remainingTime() / 1000.0
        if left_s <= 0.0:
            self._countdown.stop()
            self._show_info(self.tr("trying again"))
        else:
            self._show_info(self.tr("next try in {left}").format(left=self._duration(left_s)))

    def _show(self, steps: int | None, stage: str, info: str, *, failed: bool = False) -> None:
        self._countdown.stop()
        # A range of nothing is Qt's way to say "busy".
        maximum = 0 if steps is None else N_STEPS
        if self.bar.maximum() != maximum:
            self.bar.setRange(0, maximum)
        if steps is not None:
            self.bar.setValue(steps)
        set_role(self.stage_label, "warning" if failed else "dim")
        self.stage_label.setText(stage)
        self._show_info(info)

    def _show_info(self, info: str | None = None) -> None:
        """Show in the header how far the clip is, and how many loops are ready; None leaves the first as it is."""
        if info is not None:
            self._info = info
        if self._n_waiting:
            n = self._n_waiting
            self.header.set_info(self.tr("1 more waits") if n == 1 else self.tr("{n} more wait").format(n=n))
            return
        n = self._hand.n_ready
        ready = "" if not n else self.tr("1 ready") if n == 1 else self.tr("{n} ready").format(n=n)
        self.header.set_info(" · ".join(filter(None, (self._info, ready))))

    def _left(self, seconds: float) -> str:
        return self.tr("{left} left").format(left=self._duration(seconds))

    def _duration(self, seconds: float) -> str:
        whole = max(round(seconds), 0)
        if whole < 60:
            return self.tr("{seconds} s").format(seconds=whole)
        return self.tr("{minutes} min {seconds:02d} s").format(minutes=whole // 60, seconds=whole % 60)
