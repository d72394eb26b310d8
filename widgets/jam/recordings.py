# SPDX-License-Identifier: GPL-3.0-or-later
"""The recordings dialog lists a jam's takes, and asks for what is to become of them: heard, cut, named, shared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidgetItem,
    QWidget,
)

from engine.values import Parameter
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam_options import JAM_CLICKS, JAM_OPUS, JAM_STEMS
from engine.values.jam_recording import JamRecordingWish, JamTake
from widgets.controls import GAP_PX, describe, plain_tip, set_role, with_mnemonic
from widgets.dialogs.reading_table import ReadingTable
from widgets.form import ROOM_AROUND_PX, note, number_spin, page_column
from widgets.guide.explained import explain_by
from widgets.hear_button import HearButton
from widgets.jam.words import bars_words
from widgets.parameter_rows import words

SIZE: Final = QSize(720, 440)
MOST_BARS: Final = 99_999
NAME, LENGTH, BARS = range(3)


class RecordingsDialog(QDialog):
    """The recordings dialog shows takes, newest first; bars are counted from 0 in what it asks for, half open.

    Signals
    -------
    wish_changed(JamRecordingWish)
        Jams are to be recorded like this from now on.
    hear_requested(path, first, end), hush_requested()
    cut_requested(path, first, end), export_requested(path, first, end)
    rename_requested(path), video_requested(path), delete_requested(path)
    cancel_requested()
        The video that is made is not wanted any more.
    """

    wish_changed = Signal(object)
    hear_requested = Signal(str, int, int)
    hush_requested = Signal()
    cut_requested = Signal(str, int, int)
    export_requested = Signal(str, int, int)
    rename_requested = Signal(str)
    video_requested = Signal(str)
    delete_requested = Signal(str)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._takes: tuple[JamTake, ...] = ()
        self._is_making = False
        self.setObjectName("recordings_dialog")
        self.setWindowTitle(self.tr("Recordings of the jam"))
        explain_by(self, "jam_recordings")
        rows = page_column(self)
        rows.setSpacing(GAP_PX)
        rows.addLayout(self._wishes())
        self.table = ReadingTable(self)
        self._build_table()
        rows.addWidget(self.table, 1)
        rows.addLayout(self._part_row())
        self.note_label = note(2, self)
        rows.addWidget(self.note_label)
        rows.addLayout(self._progress_row())
        rows.addLayout(self._deeds())
        self.set_takes(())
        self.set_making(None)
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))

    def _wishes(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * GAP_PX)
        self.clicks_check = self._check(self.tr("&Click at the count-in"), JAM_CLICKS)
        self.stems_check = self._check(self.tr("&Stems of the layers"), JAM_STEMS)
        self.opus_check = self._check(self.tr("As &Opus"), JAM_OPUS)
        for one in (self.clicks_check, self.stems_check, self.opus_check):
            row.addWidget(one)
        row.addStretch(1)
        return row

    def _check(self, text: str, option: Parameter) -> QCheckBox:
        check = QCheckBox(text, self)
        describe(check, text.replace("&", ""), with_mnemonic(words(option.tooltip), text))
        check.toggled.connect(self._on_wished)
        return check

    def _build_table(self) -> None:
        table = self.table
        describe(table, self.tr("Recordings"), self.tr("Up and Down go from one recording to the next"))
        table.setColumnCount(3)
        table.setHorizontalHeaderLabels((self.tr("Name"), self.tr("Length"), self.tr("Bars")))
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        table.currentCellChanged.connect(lambda *_: self._on_chosen())

    def _part_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        self.first_spin = number_spin(1, MOST_BARS, 1, "", self, decimals=0)
        self.last_spin = number_spin(1, MOST_BARS, 1, "", self, decimals=0)
        for spin, text, name, tip in (
            (self.first_spin, self.tr("&From bar"), self.tr("First bar"), self.tr("The first bar of the part")),
            (self.last_spin, self.tr("&to bar"), self.tr("Last bar"), self.tr("The last bar of the part")),
        ):
            label = QLabel(text, self)
            label.setBuddy(spin)
            describe(spin, name, with_mnemonic(tip, text))
            row.addWidget(label)
            row.addWidget(spin)
        self.first_spin.valueChanged.connect(self._on_first)
        self.last_spin.valueChanged.connect(self._on_last)
        text = self.tr("&Listen")
        self.hear_button = HearButton(text, self)
        tip = self.tr("Hear these bars, a minute of them at most; what plays is softer meanwhile")
        describe(self.hear_button, text.replace("&", ""), with_mnemonic(tip, text))
        self.hear_button.setAutoDefault(False)
        self.hear_button.hear_requested.connect(lambda: self.hear_requested.emit(*self._part()))
        self.hear_button.end_requested.connect(self.hush_requested)
        self.cut_button = self._button(
            self.tr("C&ut"), self.tr("Write these bars as a recording of their own; this one stays as it is")
        )
        self.cut_button.clicked.connect(lambda: self.cut_requested.emit(*self._part()))
        row.addWidget(self.hear_button)
        row.addWidget(self.cut_button)
        row.addStretch(1)
        return row

    def _progress_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 100)
        describe(self.progress, self.tr("Video"), self.tr("How much of the video is made"))
        self.cancel_button = self._button(self.tr("C&ancel"), self.tr("Make the video no further"))
        self.cancel_button.clicked.connect(self.cancel_requested)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel_button)
        return row

    def _deeds(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        self.rename_button = self._button(self.tr("&Rename…"), self.tr("Give the recording another name"))
        self.export_button = self._button(
            self.tr("&Export…"), self.tr("Write these bars as FLAC, WAV, OGG or Opus, wherever you like")
        )
        self.video_button = self._button(
            self.tr("&Video…"), self.tr("Make a video of the recording, to share: its waveform moves past")
        )
        self.delete_button = self._button(self.tr("&Delete"), self.tr("Move the recording to the trash"))
        self.close_button = self._button(self.tr("Clos&e"), self.tr("Close the list of recordings"))
        self.rename_button.clicked.connect(lambda: self.rename_requested.emit(self._part()[0]))
        self.export_button.clicked.connect(lambda: self.export_requested.emit(*self._part()))
        self.video_button.clicked.connect(lambda: self.video_requested.emit(self._part()[0]))
        self.delete_button.clicked.connect(lambda: self.delete_requested.emit(self._part()[0]))
        self.close_button.clicked.connect(self.reject)
        for one in (self.rename_button, self.export_button, self.video_button, self.delete_button):
            row.addWidget(one)
        row.addStretch(1)
        row.addWidget(self.close_button)
        return row

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        describe(button, text.replace("&", ""), with_mnemonic(tip, text))
        return button

    # --- what is shown ------------------------------------------------------------------------------------------------

    def set_wish(self, wish: JamRecordingWish) -> None:
        """Show how jams are recorded."""
        for check, is_on in (
            (self.clicks_check, wish.has_clicks),
            (self.stems_check, wish.has_stems),
            (self.opus_check, wish.is_opus),
        ):
            with QSignalBlocker(check):
                check.setChecked(is_on)

    def set_takes(self, takes: Sequence[JamTake]) -> None:
        """Show these takes, of which the newest is the last one; what was chosen stays so."""
        chosen = self.chosen
        self._takes = tuple(reversed(takes))
        table = self.table
        with QSignalBlocker(table):
            table.setRowCount(len(self._takes))
            for row, take in enumerate(self._takes):
                texts = (PurePath(take.path).name, _clock(take.n_samples), bars_words(take.n_bars))
                for column, text in enumerate(texts):
                    item = QTableWidgetItem(text)
                    item.setToolTip(plain_tip(take.path))
                    table.setItem(row, column, item)
            paths = [one.path for one in self._takes]
            row = paths.index(chosen.path) if chosen is not None and chosen.path in paths else 0
            table.setCurrentCell(row if paths else -1, NAME)
        self._on_chosen()

    def set_heard(self, is_heard: bool) -> None:
        """Show whether a take is heard."""
        self.hear_button.set_heard(is_heard)

    def set_making(self, fraction: float | None) -> None:
        """Show how much of a video is made, in [0, 1]; None where none is made."""
        is_making = fraction is not None
        self.progress.setVisible(is_making)
        self.cancel_button.setVisible(is_making)
        self.progress.setValue(round(100.0 * (fraction or 0.0)))
        self._is_making = is_making
        self._show_deeds()

    def set_note(self, text: str, role: str = "dim") -> None:
        """Write a sentence."""
        set_role(self.note_label, role)
        self.note_label.setText(text)

    @property
    def chosen(self) -> JamTake | None:
        """Return the take that is chosen, if one is."""
        row = self.table.currentRow()
        return self._takes[row] if 0 <= row < len(self._takes) else None

    # --- what is done -------------------------------------------------------------------------------------------------

    def _part(self) -> tuple[str, int, int]:
        take = self.chosen
        path = "" if take is None else take.path
        return path, int(self.first_spin.value()) - 1, int(self.last_spin.value())

    def _on_chosen(self) -> None:
        n_bars = 1 if self.chosen is None else max(1, self.chosen.n_bars)
        for spin, bar in ((self.first_spin, 1), (self.last_spin, n_bars)):
            with QSignalBlocker(spin):
                spin.setMaximum(n_bars)
                spin.setValue(bar)
        self._show_deeds()

    def _show_deeds(self) -> None:
        is_there = self.chosen is not None
        for one in (self.first_spin, self.last_spin, self.hear_button, self.cut_button, self.rename_button):
            one.setEnabled(is_there)
        for one in (self.export_button, self.delete_button):
            one.setEnabled(is_there)
        self.video_button.setEnabled(is_there and not self._is_making)

    def _on_first(self, value: float) -> None:
        self.last_spin.setValue(max(self.last_spin.value(), value))

    def _on_last(self, value: float) -> None:
        self.first_spin.setValue(min(self.first_spin.value(), value))

    def _on_wished(self) -> None:
        checks = (self.clicks_check, self.stems_check, self.opus_check)
        self.wish_changed.emit(JamRecordingWish(*(check.isChecked() for check in checks)))


def _clock(n_samples: int) -> str:
    minutes, seconds = divmod(round(n_samples / STUDIO_SAMPLE_RATE), 60)
    return f"{minutes}:{seconds:02}"
