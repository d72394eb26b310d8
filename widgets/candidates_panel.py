# SPDX-License-Identifier: GPL-3.0-or-later
"""The candidates panel lists the loop finder's candidates, best first; choosing one plays it, or its seam is heard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QStackedLayout, QTableView, QWidget

from engine.units import samples_to_seconds
from engine.values import Algorithm, LoopCandidate, LoopOrigin, LoopRegion
from widgets import theme
from widgets.controls import describe, percent, set_role, text_width
from widgets.dragging import DragSource
from widgets.figures import Figure
from widgets.hear_button import HearButton
from widgets.metrics_panel import score_meaning
from widgets.panel import Panel

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_PX: Final = 26
ROW_ROOM_PX: Final = 8
CELL_PADDING_PX: Final = 10
ENTER_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
HEAR_KEY: Final = Qt.Key.Key_P
_NO_PARENT: Final = QModelIndex()


class CandidatesModel(QAbstractTableModel):
    """The model of the candidates has a row for each: score, from, length, bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidates: tuple[LoopCandidate, ...] = ()
        self.sample_rate = 0
        self.algorithm = Algorithm.ADVANCED
        self.current = -1
        """Row of the candidate that plays, or -1."""
        self.heard: LoopRegion | None = None
        """Region whose seam is heard, or None."""
        self._titles = (self.tr("Score"), self.tr("From"), self.tr("Length"), self.tr("Bars"))

    def set_candidates(
        self, candidates: tuple[LoopCandidate, ...], sample_rate: int, algorithm: Algorithm = Algorithm.ADVANCED
    ) -> None:
        self.beginResetModel()
        self.candidates, self.sample_rate, self.current = candidates, sample_rate, -1
        self.algorithm = algorithm
        self.endResetModel()

    def set_current(self, index: int) -> None:
        before, self.current = self.current, index
        for row in {before, index}:
            if 0 <= row < len(self.candidates):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._titles) - 1))

    def set_heard(self, region: LoopRegion | None) -> None:
        self.heard = region
        if self.candidates:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.candidates) - 1, 0))

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.candidates)

    def columnCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole and section == 0:
            return score_meaning(self.algorithm)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | QColor | None:
        candidate = self.candidates[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(candidate, index.column(), playing=index.row() == self.current)
        if role == Qt.ItemDataRole.ForegroundRole and index.row() == self.current:
            return QColor(theme.ACCENT)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._words(candidate, playing=index.row() == self.current)
        return None

    def _text(self, candidate: LoopCandidate, column: int, *, playing: bool) -> str:
        region = candidate.region
        if column == 0:
            mark = "♪ " if region == self.heard else "▸ " if playing else "   "
            # Room for one remark: the tooltip has all.
            word = f" {self.tr('weak')}" if candidate.weak else ""
            word = f" {self.tr('through')}" if candidate.played_through else word
            word = f" {self.tr('tag')}" if candidate.origin in (LoopOrigin.TAG, LoopOrigin.MARK) else word
            word = f" {self.tr('by hand')}" if candidate.origin is LoopOrigin.HAND else word
            return f"{mark}{percent(candidate.score)}{word}"
        if column == 3:
            return "–" if candidate.bars is None else str(candidate.bars)
        n_samples = region.loop_start if column == 1 else region.n_samples
        return self.tr("{seconds:.2f} s").format(seconds=Figure(samples_to_seconds(n_samples, self.sample_rate)))

    def _words(self, candidate: LoopCandidate, *, playing: bool) -> str:
        names = (self.tr("spectral"), self.tr("waveform"), self.tr("beat"), self.tr("phase"))
        scores = candidate.metrics.as_dict().values()
        out = " · ".join(f"{name} {Figure(score):.2f}" for name, score in zip(names, scores, strict=True))
        if candidate.tempo_bpm is not None:
            tempo = f"{Figure(round(candidate.tempo_bpm, 1)):g}"
            out += "\n" + self.tr("{tempo} bpm").format(tempo=tempo)
            if candidate.bars is None:
                out += " · " + self.tr("no whole number of bars")
        if candidate.origin is LoopOrigin.TAG:
            out += "\n" + self.tr("Read from the file's own loop tags.")
        elif candidate.origin is LoopOrigin.MARK:
            out += "\n" + self.tr("A region that is marked in the file.")
        elif candidate.origin is LoopOrigin.HAND:
            out += "\n" + self.tr("Set by hand.")
        if candidate.played_through:
            out += "\n" + self.tr("Played through: nothing in the clip loops, so most of it plays, once or twice.")
        elif candidate.weak:
            out += "\n" + self.tr("Weak: the music does not come again here, which may be noticed.")
        if candidate.overlap_ms is not None:
            seconds = Figure(candidate.overlap_ms / 1000.0)
            out += "\n" + self.tr("Its seam needs a crossfade of {seconds:.1f} s.").format(seconds=seconds)
        if candidate.region == self.heard:
            out += "\n" + self.tr("Its seam is heard.")
        plays = self.tr("This one plays.") if playing else self.tr("Click or press Enter to play it.")
        return out + "\n" + plays + " " + self.tr("P: hear its seam.")


class CandidatesTable(QTableView):
    """This table chooses a row by a click or Enter, and has its seam heard by P; the arrows only move about."""

    row_chosen = Signal(int)
    hear_requested = Signal()
    end_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # Tab leaves the table: the arrows are for its rows.
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        # No figure is cut; what is left over goes to the last column.
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        self.clicked.connect(self._on_clicked)
        self._least_texts: tuple[str, ...] = ()
        self._take_row_height()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._take_row_height()

    def _take_row_height(self) -> None:
        height_px = max(ROW_PX, self.fontMetrics().height() + ROW_ROOM_PX)
        self.verticalHeader().setMinimumSectionSize(height_px)
        self.verticalHeader().setDefaultSectionSize(height_px)

    def keep_room_for(self, texts: tuple[str, ...]) -> None:
        """Never narrow a column below its text here, so that columns stand still when other rows come."""
        self._least_texts = texts

    def sizeHintForColumn(self, column: int) -> int:
        out = super().sizeHintForColumn(column)
        if column < len(self._least_texts):
            out = max(out, text_width(self, self._least_texts[column]) + 2 * CELL_PADDING_PX)
        return out

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Said outright: the last column, which stretches, would ask for a bar that nothing needs.
        fits = event.size().width() >= self.needed_width() - self.verticalScrollBar().sizeHint().width()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(policy)
        super().resizeEvent(event)

    def needed_width(self) -> int:
        """Return the least width in pixels at which no column is cut."""
        n_columns, head = self.model().columnCount(), self.horizontalHeader()
        columns = sum(max(self.sizeHintForColumn(i), head.sectionSizeHint(i)) for i in range(n_columns))
        return columns + self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.row_chosen.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS and self.currentIndex().isValid():
            self.row_chosen.emit(self.currentIndex().row())
            event.accept()
        elif event.key() == HEAR_KEY and not event.modifiers():
            if not event.isAutoRepeat():
                self.hear_requested.emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.end_requested.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class CandidatesPanel(Panel):
    """The candidates panel shows the candidates as a table, and marks the one that plays or whose seam is heard.

    Signals
    -------
    candidate_chosen(int), audition_requested(LoopCandidate), end_audition_requested()
        The user wants the candidate of this index to play, its seam to be heard, or that to end. Setters emit none.
    """

    candidate_chosen = Signal(int)
    audition_requested = Signal(object)
    end_audition_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Candidates"))
        self.model = CandidatesModel(self)
        self.table = CandidatesTable(self)
        self.table.setModel(self.model)
        seconds = self.tr("{seconds:.2f} s").format(seconds=Figure(88.88))
        remark = max(self.tr("weak"), self.tr("through"), key=len)
        self.table.keep_room_for((f"▸ 88 % {remark}", seconds, seconds))
        self.table.setAccessibleName(self.tr("Loop candidates, best first"))
        self.table.setToolTip(
            self.tr(
                "Up and Down move about, Enter or a click plays the loop, P lets its seam be heard; drag it out, or "
                "copy it, as a WAV file."
            )
        )
        self.hear_button = HearButton(self.tr("Hear"), self.header)
        set_role(self.hear_button, "inline")
        self.hear_button.hide()
        describe(
            self.hear_button,
            self.tr("Hear the seam"),
            self.tr(
                "Hear the seam of the selected loop without playing the loop: what plays goes on, quieter meanwhile. "
                "In the list: P; Escape ends it."
            ),
        )
        self.header.add_control(self.hear_button)
        self.drag_source = DragSource(self.table.viewport(), self.table)
        self._hint = QLabel(self.tr("The loops found in the clip are listed here."))
        self._hint.setProperty("role", "hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        # Without it the keyboard could not come here, nor go on from here, until there are candidates.
        self._hint.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        describe(self._hint, self._hint.text(), self.tr("AVVIA starts the music"))
        self._pages = QStackedLayout()
        self._pages.setContentsMargins(6, 0, 6, 6)
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self.table)
        self.body.addLayout(self._pages, 1)
        self.table.row_chosen.connect(self.candidate_chosen)
        for hearing in (self.table, self.hear_button):
            hearing.hear_requested.connect(self._on_hear_requested)
            hearing.end_requested.connect(self.end_audition_requested)

    def first_stop(self) -> QWidget:
        return self.table if self.model.candidates else self._hint

    def needed_size(self) -> QSize:
        margins = self._pages.contentsMargins()
        width = self.table.needed_width() + margins.left() + margins.right()
        return super().needed_size().expandedTo(QSize(width, 0))

    def set_candidates(
        self, candidates: tuple[LoopCandidate, ...], sample_rate: int, algorithm: Algorithm = Algorithm.ADVANCED
    ) -> None:
        """Show a clip's candidates, best first by ``algorithm``; none is marked yet. ``sample_rate`` is in Hz."""
        self.model.set_candidates(candidates, sample_rate, algorithm)
        self._pages.setCurrentIndex(1 if candidates else 0)
        self.hear_button.setVisible(bool(candidates))
        self._tell_found()

    def set_heard(self, region: LoopRegion | None) -> None:
        """Mark the candidate whose seam is heard, if it is one of them; None is when none is heard."""
        self.model.set_heard(region)
        self.hear_button.set_heard(region is not None and region in [one.region for one in self.model.candidates])

    def _on_hear_requested(self) -> None:
        """Ask for the seam of the selected row, else of the one that plays, else of the best."""
        candidates, row = self.model.candidates, self.table.currentIndex().row()
        if candidates:
            self.audition_requested.emit(candidates[row if row >= 0 else max(self.model.current, 0)])

    def _tell_found(self) -> None:
        """Say how many candidates there are, and in whole words what the table has one word for."""
        model = self.model
        n = len(model.candidates)
        found = "" if not n else self.tr("1 found") if n == 1 else self.tr("{n} found").format(n=n)
        plays = model.candidates[model.current] if 0 <= model.current < n else None
        through = self.tr("played through") if plays is not None and plays.played_through else ""
        self.header.set_info(" · ".join(filter(None, (through, found))))

    def set_current(self, index: int) -> None:
        """Mark the candidate that plays; -1 is none of them, as when the user's own region plays.

        Whoever moves about in the list is not called back to the one that plays before another one does.
        """
        if index == self.model.current:
            return
        self.model.set_current(index)
        self._tell_found()
        if not 0 <= index < len(self.model.candidates):
            self.table.clearSelection()
        else:
            self.table.selectRow(index)
            self.table.scrollTo(self.model.index(index, 0))
