# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a region loops: four scores and their total, as bars, figures and words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from engine.values import LoopCandidate
from widgets.panel import Panel

BAR_STEPS = 1000


class MetricsPanel(Panel):
    """Spectral, waveform, beat and phase score of the region that plays, and the total."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Metrics"))
        grid = QGridLayout()
        grid.setContentsMargins(12, 4, 12, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        self.bars: dict[str, QProgressBar] = {}
        self.values: dict[str, QLabel] = {}
        rows = (
            (
                "spectral",
                self.tr("Spectral"),
                self.tr("How alike the sound is on both sides of the seam: timbre and harmony. 1 is the same."),
            ),
            (
                "waveform",
                self.tr("Waveform"),
                self.tr("How smoothly the wave itself runs across the seam: no step, no click. 1 is unbroken."),
            ),
            (
                "beat",
                self.tr("Beat"),
                self.tr("How well the loop's length and edges keep to the beat. 1 is exactly on the grid."),
            ),
            (
                "phase",
                self.tr("Phase"),
                self.tr("How well the phases of the strongest partials meet at the seam. 1 is in step."),
            ),
            ("total", self.tr("Total"), self.tr("All four together: the candidate's score. 1 is best.")),
        )
        for row, (name, title, meaning) in enumerate(rows):
            caption, bar, value = QLabel(title), QProgressBar(), QLabel()
            bar.setRange(0, BAR_STEPS)
            bar.setTextVisible(False)
            bar.setProperty("role", "metric")
            bar.setAccessibleName(title)
            value.setProperty("role", "value")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            # Room for the widest figure, so that nothing moves as it changes.
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("0.00") + 4)
            cells: tuple[QWidget, ...] = (caption, bar, value)
            for column, cell in enumerate(cells):
                cell.setToolTip(meaning)
                grid.addWidget(cell, row, column)
            self.bars[name], self.values[name] = bar, value
        self.body.addLayout(grid)
        self.remark = QLabel()
        self.remark.setProperty("role", "dim")
        self.remark.setWordWrap(True)
        self.remark.setContentsMargins(12, 0, 12, 8)
        self.remark.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Two lines are kept free for it from the start.
        self.remark.setMinimumHeight(2 * self.remark.fontMetrics().lineSpacing() + 8)
        self.body.addWidget(self.remark)
        self.body.addStretch(1)
        self.set_candidate(None)

    def set_candidate(self, candidate: LoopCandidate | None) -> None:
        """Show a candidate's scores, or the hint."""
        scores = {} if candidate is None else {**candidate.metrics.as_dict(), "total": candidate.score}
        for name, bar in self.bars.items():
            score = scores.get(name)
            bar.setEnabled(score is not None)
            bar.setValue(0 if score is None else round(min(max(score, 0.0), 1.0) * BAR_STEPS))
            text = "–" if score is None else f"{score:.2f}"
            self.values[name].setText(text)
            bar.setAccessibleDescription(text)
        weak = candidate is not None and candidate.weak
        self.header.set_info(
            "" if candidate is None else f"{candidate.score:.2f}" + (f" · {self.tr('weak')}" if weak else "")
        )
        if candidate is None:
            self.remark.setText(self.tr("How well the loop closes is shown here."))
        elif weak:
            self.remark.setText(self.tr("Weak: the best loop found, but its seam may be heard."))
        else:
            self.remark.setText("")
        self._set_remark_role("warning" if weak else "dim")

    def _set_remark_role(self, role: str) -> None:
        if self.remark.property("role") != role:
            self.remark.setProperty("role", role)
            # A style sheet looks at properties only when asked to.
            self.remark.style().unpolish(self.remark)
            self.remark.style().polish(self.remark)
