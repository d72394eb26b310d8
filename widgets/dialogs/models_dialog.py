# SPDX-License-Identifier: GPL-3.0-or-later
"""The models dialog shows what generators need, what of it is here, and fetches or removes it, a row each."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidgetItem,
    QWidget,
)

from engine.values.assets import Asset, AssetKind, FetchProgress, Fit, Held
from widgets import theme
from widgets.controls import GAP_PX, ElidedLabel, describe, plain_tip, set_role, text_width, with_mnemonic
from widgets.dialogs.deed_delegate import GAP_PX as DEED_GAP_PX
from widgets.dialogs.deed_delegate import PADDING_PX, DeedDelegate
from widgets.dialogs.model_words import (
    NOTHING,
    STAGES,
    deed_words,
    licence_words,
    memory_words,
    name_words,
    note_words,
    state_words,
    tr,
)
from widgets.dialogs.reading_table import ReadingTable
from widgets.figures import size_words
from widgets.form import ROOM_AROUND_PX, note, page_column
from widgets.guide.explained import explain_by

SIZE: Final = QSize(1180, 560)
NAME, GENERATOR, TAKES, MEMORY, LICENCE, STATE, DEED = range(7)
"""Columns of the table."""
ROW_PX, CELL_PX = 14, 20
"""Pixels that a row is higher than its text, and a cell wider."""
DEEDS: Final = ("Remove…", "Set up", "Go on", "Cancel", "Get")
"""Words of the buttons, of which the widest says how wide they are."""


class ModelsDialog(QDialog):
    """The models dialog shows assets in rows, each with the one thing that can be done with it.

    Signals
    -------
    get_requested(name), cancel_requested(name), remove_requested(name), check_requested(name)
    settings_requested()
        The person wants to choose another folder, or to work offline or not.
    """

    get_requested = Signal(str)
    cancel_requested = Signal(str)
    remove_requested = Signal(str)
    check_requested = Signal(str)
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._assets: tuple[Asset, ...] = ()
        self._progress: dict[str, FetchProgress] = {}
        self._notes: dict[str, str] = {}
        self._is_offline = False
        super().__init__(parent)
        self.setObjectName("models_dialog")
        self.setWindowTitle(self.tr("Models"))
        explain_by(self, "models")
        self.machine_label = ElidedLabel("dim", self)
        self.table = ReadingTable(self)
        self._build_table()
        self.note_label = note(3, self)
        # What stands first in it stays where it is, however much there is to be said.
        self.note_label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.check_button = self._button(
            self.tr("&Check its files"), self.tr("Hold the files of the chosen model against their checksums")
        )
        self.settings_button = self._button(
            self.tr("&Folder and offline…"),
            self.tr("Choose in SETUP where models are kept, and whether to work offline"),
        )
        self.close_button = self._button(self.tr("C&lose"), self.tr("Close; what is being fetched goes on"))
        self.check_button.clicked.connect(self._on_check)
        self.settings_button.clicked.connect(self.settings_requested)
        self.close_button.clicked.connect(self.reject)
        rows = page_column(self)
        rows.setSpacing(GAP_PX)
        for one in (self.machine_label, self.table, self.note_label):
            rows.addWidget(one)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_PX)
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.settings_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        rows.addLayout(buttons)
        self._show_chosen()
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        describe(button, text.replace("&", ""), with_mnemonic(tip, text))
        return button

    def _build_table(self) -> None:
        table = self.table
        heads = self.tr("Name"), self.tr("Generator"), self.tr("Size"), self.tr("Memory"), self.tr("Licence")
        table.setColumnCount(DEED + 1)
        table.setHorizontalHeaderLabels([*heads, self.tr("State"), ""])
        describe(
            table,
            self.tr("Models, programs and packages"),
            self.tr("Up and Down go from row to row; Enter or a double click does what the row's button says"),
        )
        table.setItemDelegateForColumn(DEED, DeedDelegate(table))
        table.setMouseTracking(True)
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + ROW_PX)
        table.cellClicked.connect(self._on_clicked)
        table.cellActivated.connect(self._on_activated)
        table.currentCellChanged.connect(lambda *_: self._show_chosen())

    # --- values in ----------------------------------------------------------------------------------------------------

    def set_machine(self, memory_bytes: int, free_bytes: int, folder: str, *, is_offline: bool) -> None:
        """Show what the machine has, where weights are kept, and whether anything is fetched."""
        self._is_offline = is_offline
        words = [
            self.tr("Memory: {size}").format(size=size_words(memory_bytes)),
            self.tr("{size} free in {folder}").format(size=size_words(free_bytes), folder=folder),
        ]
        if is_offline:
            words.insert(0, self.tr("Offline: nothing is fetched"))
        set_role(self.machine_label, "warning" if is_offline else "dim")
        self.machine_label.setText(" · ".join(words))
        for row in range(len(self._assets)):
            self._show_row(row)

    def set_assets(self, assets: tuple[Asset, ...]) -> None:
        """Show these assets; the chosen row stays chosen."""
        chosen, before = self.chosen(), [one.name for one in self._assets]
        self._assets = assets
        table = self.table
        if [one.name for one in assets] != before:
            with QSignalBlocker(table):
                table.setRowCount(0)
                table.setRowCount(len(assets))
                for row in range(len(assets)):
                    self._fill_row(row)
        for row in range(len(assets)):
            self._show_row(row)
        self._fit_columns()
        names = [one.name for one in assets]
        if names:
            table.setCurrentCell(names.index(chosen) if chosen in names else 0, NAME)
        self._show_chosen()

    def set_progress(self, progress: FetchProgress) -> None:
        """Show how far an asset is."""
        self._progress[progress.name] = progress
        self._notes.pop(progress.name, None)
        self._show_named(progress.name)

    def set_done(self, name: str, note: str = "") -> None:
        """Show that nothing is done with an asset any more, and perhaps what became of it."""
        self._progress.pop(name, None)
        if note:
            self._notes[name] = note
        else:
            self._notes.pop(name, None)
        self._show_named(name)

    def choose(self, name: str) -> None:
        """Choose an asset's row."""
        names = [one.name for one in self._assets]
        if name in names:
            self.table.setCurrentCell(names.index(name), NAME)

    def chosen(self) -> str:
        """Return the name of the chosen asset, or ""."""
        row = self.table.currentRow()
        return self._assets[row].name if 0 <= row < len(self._assets) else ""

    def deed_of(self, name: str) -> str:
        """Return what the button of an asset's row says; "" where there is nothing to be done."""
        item = self.table.item([one.name for one in self._assets].index(name), DEED)
        return "" if item is None else item.text()

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _fill_row(self, row: int) -> None:
        for column in range(DEED + 1):
            self.table.setItem(row, column, QTableWidgetItem())

    def _show_named(self, name: str) -> None:
        names = [one.name for one in self._assets]
        if name in names:
            self._show_row(names.index(name))
            self._show_chosen()

    def _show_row(self, row: int) -> None:
        one = self._assets[row]
        deed, tip = deed_words(one, self._progress.get(one.name), is_offline=self._is_offline)
        texts = {
            NAME: name_words(one),
            GENERATOR: QCoreApplication.translate("choices", one.title),
            TAKES: size_words(one.size_bytes) if one.size_bytes else NOTHING,
            MEMORY: memory_words(one),
            LICENCE: licence_words(one.licence.words) if one.licence is not None else NOTHING,
            STATE: state_words(one, self._progress.get(one.name)),
            DEED: deed,
        }
        for column, text in texts.items():
            item = self.table.item(row, column)
            if item is not None and item.text() != text:
                item.setText(text)
            if item is not None:
                item.setToolTip(plain_tip(tip if column == DEED else text))
            if item is not None and column == DEED:
                # What is blank to the eye is to be said.
                item.setData(Qt.ItemDataRole.AccessibleTextRole, text or self.tr("Nothing to be done"))
        self._ink(row)

    def _ink(self, row: int) -> None:
        one = self._assets[row]
        colours = {column: theme.TEXT if column == NAME else theme.DIM for column in range(DEED)}
        if one.held is Held.HERE:
            colours[STATE] = theme.ACCENT
        if one.name in self._progress:
            colours[STATE] = theme.TEXT
        if one.fit is Fit.TOO_LARGE:
            colours[MEMORY] = theme.WARNING
        for column, colour in colours.items():
            item = self.table.item(row, column)
            if item is not None:
                item.setForeground(QColor(colour))

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(LICENCE, QHeaderView.ResizeMode.Stretch)
        for column, samples, more_px in (
            (STATE, self._states(), CELL_PX),
            (DEED, DEEDS, 2 * (PADDING_PX + DEED_GAP_PX)),
        ):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, text_width(self.table, *map(tr, samples)) + more_px)

    @staticmethod
    def _states() -> tuple[str, ...]:
        """Return the longest states, for which there is room from the start: nothing jumps."""
        ends = tr("{percent} %").format(percent=100), tr("{minutes} min left").format(minutes=99)
        return (*map(str, STAGES), " · ".join((tr("downloading"), *ends)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for row in range(len(self._assets)):
                self._ink(row)

    # --- the chosen row -----------------------------------------------------------------------------------------------

    def _show_chosen(self) -> None:
        name = self.chosen()
        one = next((each for each in self._assets if each.name == name), None)
        self.check_button.setEnabled(
            one is not None and one.kind is AssetKind.WEIGHTS and one.can_get and one.held is not Held.MISSING
        )
        self.note_label.setText("" if one is None else note_words(one, self._notes.get(one.name, "")))

    # --- slots --------------------------------------------------------------------------------------------------------

    @Slot(int, int)
    def _on_clicked(self, row: int, column: int) -> None:
        if column == DEED:
            self._do(row)

    @Slot(int, int)
    def _on_activated(self, row: int, column: int) -> None:
        # A double click on the button has pressed it already.
        if column != DEED or QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._do(row)

    def _do(self, row: int) -> None:
        one = self._assets[row] if 0 <= row < len(self._assets) else None
        if one is None or not self.deed_of(one.name):
            return
        if one.name in self._progress:
            self.cancel_requested.emit(one.name)
        elif one.held is Held.HERE:
            self.remove_requested.emit(one.name)
        else:
            self.get_requested.emit(one.name)

    @Slot()
    def _on_check(self) -> None:
        if name := self.chosen():
            self.check_requested.emit(name)
