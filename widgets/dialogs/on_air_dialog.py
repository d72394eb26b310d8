# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of the radio has what the studio plays go out, and says where it is heard and how many listen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.values.radio import ProgrammeState, RadioState
from engine.values.radio_options import RADIO_OPTIONS, RADIO_STATION
from widgets.controls import GAP_PX, set_role
from widgets.dialogs.settings_pages.rows import Rows
from widgets.dialogs.station_choice import StationChoice
from widgets.form import PAGE_MARGIN_PX, ROOM_AROUND_PX, add_row, align_fields, button, form_of
from widgets.guide.explained import explain_by
from widgets.parameter_rows import ParameterRows, words
from widgets.qr_code import QrCode

SIZE: Final = QSize(560, 560)


class OnAirDialog(QDialog):
    """The dialog changes things at once; closing it leaves the radio as it is.

    Parameters
    ----------
    values
        As they are set, by the options' names.
    stations
        Titles of the stations there are, by their names.

    Signals
    -------
    option_changed(name, value)
    on_air_requested(is_on)
    """

    option_changed = Signal(str, object)
    on_air_requested = Signal(bool)

    def __init__(self, values: Mapping[str, Any], stations: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("On air"))
        explain_by(self, "radio")
        self._url = ""
        self.on_button = button(
            self.tr("&Go on the air"),
            self.tr("On air"),
            self.tr("Have what the studio plays go out as a stream, for all who open its address"),
            self,
        )
        self.on_button.setCheckable(True)
        self.state = self._line(self.tr("State of the radio"))
        self.programme = self._line(self.tr("What listeners hear"))
        self.address = QLineEdit(self)
        self.address.setReadOnly(True)
        self.address.setAccessibleName(self.tr("Address of the radio"))
        self.address.setPlaceholderText(self.tr("The address stands here while the radio is on the air"))
        self.code = QrCode(self)
        self.code.setAccessibleName(self.tr("The address as a QR code"))
        self.code.setToolTip(self.tr("Point a phone’s camera at it: the phone opens the radio’s page"))
        form = form_of(None)
        rows = Rows(form)
        self.station = StationChoice(stations, self)
        self.station.set_station(str(values[RADIO_STATION.name]))
        title = rows.with_letter(words(RADIO_STATION.title))
        add_row(form, f"{title}:", words(RADIO_STATION.tooltip), self.station)
        self.rows = ParameterRows()
        self.rows.add(tuple(one for one in RADIO_OPTIONS if one is not RADIO_STATION), self, rows.place)
        self.rows.show_values(values)
        self.rows.changed.connect(self._on_option_changed)
        self.station.chosen.connect(self._on_station_chosen)
        align_fields(form)
        self.copy_button = button(
            self.tr("&Copy the address"), self.tr("Copy the address"), self.tr("Copy the address of the page"), self
        )
        self.open_button = button(
            self.tr("Open the &page"), self.tr("Open the page"), self.tr("Open the page in the browser"), self
        )
        close = button(self.tr("Close"), self.tr("Close"), self.tr("Close this window; the radio stays as it is"), self)
        self.on_button.clicked.connect(self.on_air_requested)
        self.copy_button.clicked.connect(self._on_copy)
        self.open_button.clicked.connect(self._on_open)
        close.clicked.connect(self.accept)
        self._lay_out(form, close)
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))
        self.show_off()

    def _lay_out(self, form: QFormLayout, close: QPushButton) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        page.setSpacing(GAP_PX)
        # The same places off the air and on it: nothing moves.
        told = QVBoxLayout()
        told.setSpacing(GAP_PX)
        told.addWidget(self.on_button)
        told.addWidget(self.state)
        told.addWidget(self.programme)
        told.addStretch(1)
        told.addLayout(_in_a_row(self.copy_button, self.open_button, None))
        head = QHBoxLayout()
        head.setSpacing(PAGE_MARGIN_PX)
        head.addLayout(told, 1)
        head.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        page.addLayout(head)
        page.addWidget(self.address)
        page.addSpacing(GAP_PX)
        page.addLayout(form)
        page.addStretch(1)
        page.addLayout(_in_a_row(None, close))

    def _line(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        set_role(label, "dim")
        return label

    # --- what is shown ------------------------------------------------------------------------------------------------

    def show_off(self, why: str = "") -> None:
        """Show that nothing goes out, and why, where it was to."""
        self._show(is_on=False, url="", rows=())
        set_role(self.state, "warning" if why else "dim")
        self.state.setText(why or self.tr("Nothing goes out: what is played is heard here alone."))

    def show_going(self) -> None:
        """Show that the radio is about to be on the air."""
        self._show(is_on=True, url="", rows=())
        set_role(self.state, "dim")
        self.state.setText(self.tr("Going on the air…"))

    def show_on(self, url: str, rows: Sequence[str]) -> None:
        """Show where the radio is heard, and that as a QR code."""
        self._show(is_on=True, url=url, rows=rows)
        self.set_state(RadioState(url))

    def set_state(self, state: RadioState) -> None:
        """Show how many listen, and whether the reserve is heard."""
        if not self._url:
            return
        if not state.n_listeners:
            text = self.tr("On the air. No one listens yet.")
        elif state.n_listeners == 1:
            text = self.tr("On the air. One person listens.")
        else:
            text = self.tr("On the air. {n} people listen.").format(n=state.n_listeners)
        if state.is_on_reserve:
            text += " " + self.tr("Nothing comes from the studio: listeners hear loops from its reserve.")
        set_role(self.state, "warning" if state.is_on_reserve else "accent")
        self.state.setText(text)

    def set_programme(self, state: ProgrammeState | None) -> None:
        """Show what the programme has on, and how many requests wait; None is no programme."""
        state = state or ProgrammeState()
        said = []
        if state.requested:
            said.append(self.tr("A listener asked for “{prompt}”.").format(prompt=state.requested))
        elif len(state.moods) > 1:
            said.append(self.tr("The station plays “{mood}”.").format(mood=state.mood))
        if len(state.waiting) == 1:
            said.append(self.tr("One request waits."))
        elif state.waiting:
            said.append(self.tr("{n} requests wait.").format(n=len(state.waiting)))
        self.programme.setText(" ".join(said))

    def _show(self, *, is_on: bool, url: str, rows: Sequence[str]) -> None:
        self._url = url
        self.on_button.setChecked(is_on)
        self.on_button.setText(self.tr("&Go off the air") if is_on else self.tr("&Go on the air"))
        # A phone that is shown an address of this machine's own would look for it on itself.
        is_own = "//127." in url
        self.address.setText(url)
        self.address.setCursorPosition(0)
        if is_own:
            self.code.set_rows((), self.tr("Other devices reach it once “For the network” is on."))
        else:
            self.code.set_rows(rows, self.tr("On the air for the network, a code for phones stands here."))
        for one in (self.copy_button, self.open_button):
            one.setEnabled(bool(url))

    @Slot(str, object)
    def _on_option_changed(self, name: str, value: object) -> None:
        self.option_changed.emit(name, value)

    @Slot(str)
    def _on_station_chosen(self, station: str) -> None:
        self.option_changed.emit(RADIO_STATION.name, station)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._url)

    @Slot()
    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl(self._url))


def _in_a_row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return a row of widgets; None is room between them."""
    row = QHBoxLayout()
    for one in widgets:
        if one is None:
            row.addStretch(1)
        else:
            row.addWidget(one)
    return row
