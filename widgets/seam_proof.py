# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam proof tells what the playing seam does, measured on the rendered loop, in a sentence and three figures."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.values import LoopCandidate, SeamProof
from engine.values.seams import LEAST_QUIETER_THAN, MOST_DIP_DB, MOST_STEP
from widgets.controls import percent, set_role, text_width
from widgets.figures import Figure

N_LINES = 2
UNKNOWN = "–"


class Sentence(QLabel):
    """A sentence has room for ``N_LINES`` lines, whatever it says: nothing moves as it changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        # One line stands by the figures, away from the bars.
        self.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_role(self, "dim")

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(0, N_LINES * self.fontMetrics().lineSpacing() + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hasHeightForWidth(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure shows one field of ``SeamProof``."""

    label: QLabel
    name: str
    text: str


class SeamProofView(QWidget):
    """The seam proof's view tells the proof in words, and by its dip, step and slope."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = Sentence()
        self._meaning = self.tr(
            "Measured on the loop as it is rendered, its crossfade included: how strong an onset the seam adds, "
            "against those of the music's own beats."
        )
        dip, step, slope = QLabel(), QLabel(), QLabel()
        self.figures = {
            "dip_db": _Figure(dip, self.tr("Dip of the level at the seam"), self.tr("dip {value}")),
            "step": _Figure(step, self.tr("Step of the wave at the seam"), self.tr("step {value}")),
            "slope": _Figure(slope, self.tr("Kink of the wave at the seam"), self.tr("slope {value}")),
        }
        dip_meaning = self.tr(
            "How far the level falls at the seam below both of its sides. Up to {limit} dB nobody hears it."
        )
        dip.setToolTip(dip_meaning.format(limit=f"{MOST_DIP_DB:g}"))
        step.setToolTip(
            self.tr("The largest jump of the wave at the seam, over the largest of the music around: up to 1 is usual.")
        )
        slope.setToolTip(
            self.tr(
                "The sharpest kink of the wave at the seam, over the sharpest of the music around: up to 1 is usual."
            )
        )
        row = QHBoxLayout()
        row.setSpacing(6)
        for name, figure in self.figures.items():
            set_role(figure.label, "dim")
            # Each has its part of the row, whatever it says; the one with a unit a little more.
            figure.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            widest = figure.text.format(value=_shown(88.0, " dB" if name.endswith("_db") else ""))
            figure.label.setMinimumWidth(text_width(figure.label, widest) + 2)
            row.addWidget(figure.label, 15 if name.endswith("_db") else 14)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addWidget(self.sentence)
        rows.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_proof(None, None)

    def set_proof(self, candidate: LoopCandidate | None, proof: SeamProof | None) -> None:
        """Show the proof of a candidate's seam; ``None`` while it is not measured, or while there is no loop."""
        beyond = set() if proof is None else _beyond(proof)
        for name, figure in self.figures.items():
            value = UNKNOWN if proof is None else _shown(getattr(proof, name), " dB" if name.endswith("_db") else "")
            figure.label.setText(figure.text.format(value=value))
            figure.label.setAccessibleName(f"{figure.name}: {value}")
            figure.label.setAccessibleDescription(figure.label.toolTip())
            set_role(figure.label, "warning" if name in beyond else "dim")
        # A clip played through is what it is: it need not turn.
        weak = candidate is not None and candidate.weak and not candidate.played_through
        text = self._words(candidate, proof, beyond)
        self.sentence.setText(text)
        set_role(self.sentence, "warning" if beyond or weak else "dim")
        # Whole here too, should a translation need more room than there is; and with what other words stand for.
        verdict = "" if proof is None or candidate is None else self._verdict(candidate, proof, beyond)
        lines = [text] * (proof is not None) + [verdict] * (verdict not in text) + [self._meaning]
        self.sentence.setToolTip("\n".join(lines))
        spoken = text.replace(UNKNOWN, self.tr("not measured yet"))
        self.sentence.setAccessibleName(f"{self.tr('Seam proof')}: {spoken}")
        self.sentence.setAccessibleDescription(self._meaning)

    def _words(self, candidate: LoopCandidate | None, proof: SeamProof | None, beyond: set[str]) -> str:
        if candidate is None:
            return self.tr("How well the loop closes is shown here.")
        verdict = UNKNOWN if proof is None else self._verdict(candidate, proof, beyond)
        if candidate.weak and not beyond:
            if candidate.played_through:
                return f"{self.tr('Played through.')} {verdict}"
            if proof is not None:
                return self.tr("Weak: the music does not come again here; the seam itself is quiet")
            return f"{self.tr('Weak: it may be noticed.')} {verdict}"
        return verdict

    def _verdict(self, candidate: LoopCandidate, proof: SeamProof, beyond: set[str]) -> str:
        faults = [self.tr("its level dips")] if "dip_db" in beyond else []
        faults += [self.tr("its wave jumps")] if "step" in beyond else []
        # Music in free time has onsets, and no beats.
        has_beats = candidate.tempo_bpm is not None
        if "quieter_than" in beyond:
            verdict = self._loud(has_beats).format(share=percent(1.0 - proof.quieter_than))
            return ", ".join([verdict, *faults])
        share = percent(proof.quieter_than)
        verdict = self._quiet(has_beats, of_all=share == percent(1.0)).format(share=share)
        if not faults:
            return verdict
        return self.tr("{verdict}, but {faults}").format(verdict=verdict, faults=", ".join(faults))

    def _loud(self, has_beats: bool) -> str:
        return self.tr(
            "Seam louder than {share} of its own beats" if has_beats else "Seam louder than {share} of its own notes"
        )

    def _quiet(self, has_beats: bool, *, of_all: bool) -> str:
        if of_all:
            return self.tr(
                "Seam quieter than all of its own beats" if has_beats else "Seam quieter than all of its own notes"
            )
        return self.tr(
            "Seam quieter than {share} of its own beats" if has_beats else "Seam quieter than {share} of its own notes"
        )


def _shown(value: float, unit: str) -> str:
    """Return a figure that is never wider than its place."""
    return (f"{Figure(value):.1f}" if value < 9.95 else f"{min(value, 99.0):.0f}") + unit


def _beyond(proof: SeamProof) -> set[str]:
    """Return the names of the fields that are beyond their limits, compared as shown: words and figures agree."""
    limits = {
        "dip_db": round(proof.dip_db, 1) > MOST_DIP_DB,
        "step": round(proof.step, 1) > MOST_STEP,
        "quieter_than": proof.quieter_than < LEAST_QUIETER_THAN,
    }
    return {name for name, is_beyond in limits.items() if is_beyond}
