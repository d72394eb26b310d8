# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of the clip being made: what is being done, how far it is, how long it still takes."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QDeadlineTimer, QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from engine.values import Progress
from widgets.controls import ControlPanel, ElidedLabel, set_role

# To have a new stage translated, add its word here.
STAGES = (
    QT_TRANSLATE_NOOP("NextPanel", "starting"),
    QT_TRANSLATE_NOOP("NextPanel", "downloading"),
    QT_TRANSLATE_NOOP("NextPanel", "composing"),
    QT_TRANSLATE_NOOP("NextPanel", "generating"),
    QT_TRANSLATE_NOOP("NextPanel", "finishing"),
    QT_TRANSLATE_NOOP("NextPanel", "finding the loop"),
)
N_STEPS = 1000
COUNT_EVERY_MS = 500


class NextPanel(ControlPanel):
    """What comes next: making, waiting, failed, or nothing."""

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
        self.rows.addStretch(1)
        self._retry_at = QDeadlineTimer()
        self._countdown = QTimer(self)
        self._countdown.setInterval(COUNT_EVERY_MS)
        self._countdown.timeout.connect(self._on_count)
        self.set_progress(None)

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
            self.header.set_info(self.tr("trying again"))
        else:
            self.header.set_info(self.tr("next try in {left}").format(left=self._duration(left_s)))

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
        self.header.set_info(info)

    def _left(self, seconds: float) -> str:
        return self.tr("{left} left").format(left=self._duration(seconds))

    def _duration(self, seconds: float) -> str:
        whole = max(round(seconds), 0)
        if whole < 60:
            return self.tr("{seconds} s").format(seconds=whole)
        return self.tr("{minutes} min {seconds:02d} s").format(minutes=whole // 60, seconds=whole % 60)
