# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics panel shows why a region loops: four metrics, the score and the seam's proof, as bars and words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from engine.values import Algorithm, LoopCandidate, SeamProof
from widgets.controls import percent
from widgets.figures import Figure
from widgets.panel import Panel
from widgets.seam_proof import SeamProofView
from widgets.spoken import SpokenValue, tell_value

BAR_STEPS = 1000


def score_meaning(algorithm: Algorithm) -> str:
    """Return in words what a score by ``algorithm`` says."""
    if algorithm is Algorithm.CLASSIC:
        return QCoreApplication.translate(
            "Score", "How alike both sides of the seam sound: Classico ranks by this alone. 100 % is the same."
        )
    return QCoreApplication.translate(
        "Score",
        "How likely it is that this is the loop you would choose: of loops scored 90 %, nine in ten are right.",
    )


class MetricBar(QProgressBar):
    """A metric's bar shows a value in [0, 1]. No progress: a screen reader tells of that by itself, again and again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, BAR_STEPS)
        self.setTextVisible(False)
        self.setProperty("role", "metric")
        self.spoken = SpokenValue(QAccessible.Role.Indicator, 0.0, 1.0)

    def show_value(self, value: float | None, words: str) -> None:
        """Show a value, and tell it in words; None while there is none."""
        shown = 0.0 if value is None else min(max(value, 0.0), 1.0)
        self.setEnabled(value is not None)
        self.setValue(round(shown * BAR_STEPS))
        self.setAccessibleDescription(words)
        tell_value(self, self.spoken, shown, words)


class MetricsPanel(Panel):
    """The metrics panel shows the playing region's four metrics, its score, and what its seam does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Metrics"))
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(12, 2, 12, 8)
        rows.setSpacing(6)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self.bars: dict[str, MetricBar] = {}
        self.values: dict[str, QLabel] = {}
        self._score_cells: tuple[QWidget, ...] = ()
        metrics = (
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
            ("score", self.tr("Score"), ""),
        )
        for row, (name, title, meaning) in enumerate(metrics):
            caption, bar, value = QLabel(title), MetricBar(), QLabel()
            bar.setAccessibleName(title)
            value.setProperty("role", "value")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            # Room for the widest figure, so that nothing moves as it changes.
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("100 %") + 4)
            cells: tuple[QWidget, ...] = (caption, bar, value)
            for column, cell in enumerate(cells):
                cell.setToolTip(meaning)
                grid.addWidget(cell, row, column)
            self.bars[name], self.values[name] = bar, value
        self._score_cells = cells
        rows.addLayout(grid)
        self.proof = SeamProofView()
        rows.addWidget(self.proof)
        rows.addStretch(1)
        self.header.keep_room_for(percent(1.0))
        self.hold(content)
        self.set_candidate(None)

    def _remarks(self, candidate: LoopCandidate) -> tuple[str, str]:
        remark = self.tr("weak") if candidate.weak else ""
        return percent(candidate.score), self.tr("played through") if candidate.played_through else remark

    def set_candidate(
        self,
        candidate: LoopCandidate | None,
        proof: SeamProof | None = None,
        algorithm: Algorithm = Algorithm.ADVANCED,
    ) -> None:
        """Show a candidate's metrics, its score by ``algorithm`` and the proof of its seam; or the hint."""
        metrics = {} if candidate is None else candidate.metrics.as_dict()
        for name, bar in self.bars.items():
            if name == "score":
                value = None if candidate is None else candidate.score
                text = "–" if value is None else percent(value)
            else:
                value = metrics.get(name)
                text = "–" if value is None else f"{Figure(value):.2f}"
            self.values[name].setText(text)
            bar.show_value(value, text)
        for cell in self._score_cells:
            cell.setToolTip(score_meaning(algorithm))
        self.header.set_info("" if candidate is None else " · ".join(filter(None, self._remarks(candidate))))
        self.proof.set_proof(candidate, proof)
