# SPDX-License-Identifier: GPL-3.0-or-later
"""SALVA's sheet asks what is made of the loop, under which name and where, and says which files that will be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from engine.values import Kind, Parameter, ParameterValue, SaveKind, SavePlan
from engine.values.save_options import (
    SAVE_BITS,
    SAVE_FADE,
    SAVE_FORMAT,
    SAVE_KIND,
    SAVE_LENGTH,
    SAVE_NOTES,
    SAVE_OWN_END,
    SAVE_PARTS,
    SAVE_RATE,
    SAVE_TURNS,
)
from widgets.clock_spin import ClockSpin
from widgets.controls import GAP_PX, ElidedLabel, describe, set_role, with_mnemonic
from widgets.dialogs.settings_pages.rows import Rows
from widgets.figures import Figure
from widgets.form import PAGE_MARGIN_PX, ROOM_AROUND_PX, add_row, align_fields, form_of, hint
from widgets.guide.explained import explain_by
from widgets.parameter_rows import ParameterControl, ParameterRows, words
from widgets.scrolling import Scroller

FORMATS: Final = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG Vorbis"}
"""Formats that SALVA writes, by their endings."""
WIDTH_PX: Final = 760
COLUMN_GAP_PX: Final = 28
SCROLL_BAR_PX: Final = 10
MOST_FILES: Final = 3
MOST_CHARACTERS: Final = 200
"""Longest name that can be typed, characters."""

_FOLDER: Final = Parameter(
    "save_to",
    Kind.FOLDER,
    "",
    str(QT_TRANSLATE_NOOP("SaveSheet", "Folder")),
    str(QT_TRANSLATE_NOOP("SaveSheet", "Where the files go")),
    unset="The system's music folder",
)
_ENDED: Final = (SaveKind.TURNS, SaveKind.LENGTH, SaveKind.VIDEO)
_PACKED: Final = (SaveKind.GAME, SaveKind.DAW, SaveKind.VIDEO)


@dataclass(frozen=True, slots=True)
class Beside:
    """This value says what is to be saved beside a loop, and why that cannot be, "" where it can."""

    notes: bool = False
    parts: bool = False
    no_notes: str = ""
    no_parts: str = ""


@dataclass(frozen=True, slots=True)
class OutlinedFile:
    """A file that will be written: its name, seconds, and bytes, about."""

    name: str
    duration_s: float
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline says which files will be written, or why none can be."""

    files: tuple[OutlinedFile, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SaveChoice:
    """A choice is what the sheet says: where, under which name, what, and what goes with it."""

    folder: str
    name: str
    plan: SavePlan
    notes: bool
    parts: bool


class SaveSheet(QDialog):
    """The save sheet shows all on one page, and what will be written, before anything is.

    Parameters
    ----------
    name, folder
        Proposed.
    values
        What was chosen last, by the options' names.
    outline
        Tells which files a plan makes under a name.

    licence
        What forbids selling what is saved, in one line; "" where nothing does.

    Signals
    -------
    chosen(SaveChoice)
        The files are to be written.

    Attributes
    ----------
    notes_check, parts_check
        What is saved beside the loop.
    """

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        folder: str,
        values: Mapping[str, Any],
        *,
        outline: Callable[[SavePlan, str], Outline],
        beside: Beside,
        licence: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("save_sheet")
        self.setWindowTitle(self.tr("Save the loop that plays"))
        explain_by(self, "save")
        self._outline = outline
        self._rows = ParameterRows()
        page = self._page = QWidget()
        self._licence = licence
        self._fill(page, name, values)
        self._say_beside(beside)
        self._scroller = Scroller(page, self)
        self.buttons = QDialogButtonBox(self)
        self._build_buttons()
        rows = QVBoxLayout(self)
        # The page keeps room for its scroll bar; the buttons end where its fields do.
        rows.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX - SCROLL_BAR_PX, PAGE_MARGIN_PX)
        self.buttons.setContentsMargins(0, 0, SCROLL_BAR_PX, 0)
        rows.setSpacing(PAGE_MARGIN_PX)
        rows.addWidget(self._scroller)
        rows.addWidget(self.buttons)
        self._folder_control.set_value(folder)
        self._rows.changed.connect(self._on_changed)
        self.name_edit.textChanged.connect(self._on_edited)
        self.length_spin.valueChanged.connect(self._on_edited)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            # Known once the style is applied: all on one page, as far as the screen goes.
            around = 2 * PAGE_MARGIN_PX - SCROLL_BAR_PX
            width = max(WIDTH_PX, self._scroller.needed_size().width() + around)
            height = self._page.heightForWidth(width - around)
            needed = QSize(width, height + 3 * PAGE_MARGIN_PX + self.buttons.sizeHint().height())
            self.resize(needed.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))
        super().showEvent(event)

    # --- building -----------------------------------------------------------------------------------------------------

    def _fill(self, page: QWidget, name: str, values: Mapping[str, Any]) -> None:
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, SCROLL_BAR_PX, 0)
        rows.setSpacing(PAGE_MARGIN_PX)
        top, left, right = form_of(None), form_of(None), form_of(None)
        rows.addLayout(top)
        self.name_edit = QLineEdit(name, page)
        self.name_edit.setObjectName("save_name_edit")
        self.name_edit.setMaxLength(MOST_CHARACTERS)
        label = self.tr("&Name:")
        letter = label[label.index("&") + 1].lower()
        top_rows = Rows(top, letter)
        self._rows.add((SAVE_KIND,), page, top_rows.place)
        self.kind_hint = hint(" \n ", page)
        self.kind_hint.setMinimumHeight(self.kind_hint.sizeHint().height())
        top.addRow("", self.kind_hint)
        add_row(top, label, self.tr("The name of the files; a number is added where it is taken"), self.name_edit)
        self._rows.add((_FOLDER,), page, top_rows.place)
        self._folder_control = self._rows.controls[_FOLDER.name]
        columns = QHBoxLayout()
        columns.setSpacing(COLUMN_GAP_PX)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        rows.addLayout(columns)
        left_rows = Rows(left, top_rows.letters)
        self._rows.add((SAVE_TURNS,), page, left_rows.place)
        self.length_spin = ClockSpin(page)
        self.length_spin.setRange(SAVE_LENGTH.low, SAVE_LENGTH.high)
        self.length_spin.setSingleStep(SAVE_LENGTH.step)
        self.length_spin.setValue(float(values[SAVE_LENGTH.name]))
        title = left_rows.with_letter(words(SAVE_LENGTH.title))
        add_row(left, f"{title}:", words(SAVE_LENGTH.tooltip), self.length_spin)
        self._rows.add((SAVE_FADE, SAVE_OWN_END), page, left_rows.place)
        right_rows = Rows(right, left_rows.letters)
        self._rows.add((SAVE_FORMAT, SAVE_BITS, SAVE_RATE), page, right_rows.place)
        self._build_checks(page, right)
        align_fields(top, left)
        self._build_preview(page, rows)
        mine = {name: values[name] for name in self._rows.controls if name in values}
        self._rows.show_values(mine)

    def _build_checks(self, page: QWidget, form: QFormLayout) -> None:
        """Add the row that says what is saved beside the loop."""
        row = QHBoxLayout()
        row.setSpacing(2 * GAP_PX)
        self.notes_check = QCheckBox(self.tr("Notes (&MIDI)"), page)
        self.parts_check = QCheckBox(self.tr("&Parts (stems)"), page)
        row.addWidget(self.notes_check)
        row.addWidget(self.parts_check)
        row.addStretch(1)
        form.addRow(self.tr("Also save:"), row)

    def _say_beside(self, beside: Beside) -> None:
        notes_tip = self.tr("A MIDI file of the same name, with a track for each part and the drums")
        parts_tip = self.tr("A folder with a WAV file for each part, which together are the loop")
        for check, name, tip, wanted, refusal in (
            (self.notes_check, self.tr("Notes, as a MIDI file"), notes_tip, beside.notes, beside.no_notes),
            (self.parts_check, self.tr("Parts, as stems"), parts_tip, beside.parts, beside.no_parts),
        ):
            describe(check, name, with_mnemonic(refusal or tip, check.text()))
            check.setEnabled(not refusal)
            check.setChecked(wanted and not refusal)

    def _build_preview(self, page: QWidget, rows: QVBoxLayout) -> None:
        frame = QFrame(page)
        frame.setObjectName("save_preview")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GAP_PX)
        heading = QLabel(self.tr("Will be written, decoded again and proved"), frame)
        set_role(heading, "dim")
        inside.addWidget(heading)
        # Room for all from the start: nothing moves.
        self.file_labels = tuple(ElidedLabel("value", frame) for _ in range(MOST_FILES))
        for one in self.file_labels:
            inside.addWidget(one)
        # Seen before anything is written, and kept in what is.
        self.licence_label = ElidedLabel("warning", frame)
        self.licence_label.setText(self._licence)
        self.licence_label.setVisible(bool(self._licence))
        inside.addWidget(self.licence_label)
        self.trouble_label = hint(" \n ", frame)
        set_role(self.trouble_label, "warning")
        self.trouble_label.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble_label.setMinimumHeight(self.trouble_label.sizeHint().height())
        inside.addWidget(self.trouble_label)
        rows.addWidget(frame)

    def _build_buttons(self) -> None:
        box = QDialogButtonBox.StandardButton
        self.save_button = self.buttons.addButton(box.Save)
        cancel = self.buttons.addButton(box.Cancel)
        self.save_button.setText(self.tr("Save"))
        cancel.setText(self.tr("Cancel"))
        set_role(self.save_button, "primary")
        self.save_button.setDefault(True)
        describe(self.save_button, self.tr("Save"), self.tr("Write the files that are listed; the music goes on"))
        describe(cancel, self.tr("Cancel"), self.tr("Write nothing"))
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    # --- values -------------------------------------------------------------------------------------------------------

    def plan(self) -> SavePlan:
        """Return the plan that the sheet shows."""
        said = self._rows.values()
        kind, ending = SaveKind(str(said[SAVE_KIND.name])), str(said[SAVE_FORMAT.name])
        bits, rate = str(said[SAVE_BITS.name]), str(said[SAVE_RATE.name])
        own_end = kind is SaveKind.TURNS and said[SAVE_OWN_END.name] is True
        if ending == ".ogg" or (ending == ".flac" and bits == "32f"):
            bits = ""
        return SavePlan(
            kind,
            ending,
            bits,
            int(rate) if kind is SaveKind.LOOP and rate != "own" else 0,
            int(said[SAVE_TURNS.name]),
            None if own_end else float(said[SAVE_FADE.name]),
            self.length_spin.value(),
        )

    def values(self) -> dict[str, ParameterValue]:
        """Return what is to be remembered, by the options' names; what could not be chosen stays as it was."""
        out = {name: one for name, one in self._rows.values().items() if name != _FOLDER.name}
        out[SAVE_LENGTH.name] = self.length_spin.value()
        for option, check in ((SAVE_NOTES, self.notes_check), (SAVE_PARTS, self.parts_check)):
            if check.isEnabled():
                out[option.name] = check.isChecked()
        return out

    def choice(self) -> SaveChoice:
        """Return all that the sheet says."""
        name = " ".join(self.name_edit.text().replace("/", " ").split())
        folder = str(self._folder_control.value())
        return SaveChoice(folder, name, self.plan(), self.notes_check.isChecked(), self.parts_check.isChecked())

    def folder(self) -> str:
        """Return the folder that is shown."""
        return str(self._folder_control.value())

    def set_folder(self, folder: str) -> None:
        """Show another folder."""
        self._folder_control.set_value(folder)

    def control_of(self, option: Parameter) -> ParameterControl:
        """Return the control of an option."""
        return self._rows.controls[option.name]

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_changed(self, _name: str, _value: ParameterValue) -> None:
        self._show()

    def _on_edited(self) -> None:
        self._show()

    def _on_accepted(self) -> None:
        if self.save_button.isEnabled():
            self.accept()
            self.chosen.emit(self.choice())

    def _show(self) -> None:
        """Enable what matters of what is chosen, and list the files."""
        plan = self.plan()
        is_turns = plan.kind is SaveKind.TURNS
        own_end = is_turns and plan.fade_s is None
        for option, matters in (
            (SAVE_TURNS, is_turns),
            (SAVE_OWN_END, is_turns),
            (SAVE_FADE, plan.kind in _ENDED and not own_end),
            (SAVE_FORMAT, plan.kind not in _PACKED),
            (SAVE_BITS, plan.kind is SaveKind.VIDEO or (plan.kind not in _PACKED and plan.ending != ".ogg")),
            (SAVE_RATE, plan.kind is SaveKind.LOOP),
        ):
            self.control_of(option).widget.setEnabled(matters)
        self.length_spin.setEnabled(plan.kind in (SaveKind.LENGTH, SaveKind.VIDEO))
        self.kind_hint.setText(self._meaning(plan.kind))
        choice = self.choice()
        outline = self._outline(plan, choice.name) if choice.name else Outline(trouble=self.tr("Type a name."))
        for label, file in zip(self.file_labels, (*outline.files, *(None,) * MOST_FILES), strict=False):
            label.setText("" if file is None else self._line(file))
        self.trouble_label.setText(outline.trouble)
        self.save_button.setEnabled(not outline.trouble)

    def _line(self, file: OutlinedFile) -> str:
        seconds = self.length_spin.textFromValue(round(file.duration_s, 1))
        megabytes = Figure(max(file.n_bytes / 1e6, 0.1))
        size = self.tr("about {megabytes:.1f} MB").format(megabytes=megabytes)
        return f"{file.name} · {seconds} · {size}"

    def _meaning(self, kind: SaveKind) -> str:
        return {
            SaveKind.LOOP: self.tr(
                "One turn as it is heard, tagged as a loop: samplers and games repeat it without a seam."
            ),
            SaveKind.TURNS: self.tr("The intro, the loop as often as you like, then a fade or the clip's own end."),
            SaveKind.LENGTH: self.tr(
                "The intro and as many turns as last so long, to the sample, with a fade at the end."
            ),
            SaveKind.SPLIT: self.tr(
                "Three files that follow each other without a step, the loop as often as you like."
            ),
            SaveKind.GAME: self.tr(
                "Intro and loop as OGG with LOOPSTART and LOOPLENGTH, and as WAV of 16 bits with a smpl chunk."
            ),
            SaveKind.DAW: self.tr(
                "The loop as WAV of 24 bits that tells its tempo and bars; intro and outro beside it."
            ),
            SaveKind.VIDEO: self.tr("WAV that lasts exactly so long, with a fade at the end, to lay under pictures."),
        }[kind]
