# SPDX-License-Identifier: GPL-3.0-or-later
"""The compact form is the window in little: Mini, a bar of one line, or the small window, both without a panel.

It is the same window with the same bars, in which panels are hidden and a few of their controls stand elsewhere: keys,
dialogs, drops and notices are what they are in the full one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QDockWidget, QLayout, QMainWindow, QTabBar, QVBoxLayout, QWidget

from app.checked_text import as_text, from_text
from app.layouts import Form
from widgets.compact.buttons import CompactButtons
from widgets.compact.hidden_keys import HiddenKeys
from widgets.compact.playing_line import PlayingLine
from widgets.compact.small_panel import SmallPanel
from widgets.guide.explained import explain_by

if TYPE_CHECKING:
    from app.window_place import PlaceKeeper
    from widgets.bar.prompt_bar import PromptBar
    from widgets.bar.transport_bar import TransportBar

WIDTHS_PX: Final = {Form.SMALL: 600, Form.MINI: 880}
"""Widths of a form that was never used, pixels."""
LEAST_PX: Final = {Form.SMALL: 520, Form.MINI: 0}
"""Least widths of a form where less would hold all of its controls, but not the words that are understood, pixels."""
VOLUME_PX: Final = 120
MOST_PX: Final = 16_777_215
"""Qt's word for no greatest height."""
GAP, ON_TOP, STATUS = ";", "top", "status"
"""Separator between the parts of a form's text, and the words in it that say what is switched on."""


@dataclass(frozen=True, slots=True)
class FullParts:
    """The full parts are what the full window is made of.

    Attributes
    ----------
    top, column
        All that stands above the panels, and its layout.
    volume, duration
        Sliders of panels, which stand elsewhere meanwhile.
    """

    top: QWidget
    column: QVBoxLayout
    prompt_bar: PromptBar
    transport_bar: TransportBar
    volume: QWidget
    duration: QWidget
    centre: QWidget
    docks: Mapping[str, QDockWidget]


class CompactForm(QObject):
    """The compact form puts the window together in little, and takes it apart again.

    Signals
    -------
    changed(Form)
        The window has this form now.
    status_toggled(bool)
        The small window says what goes on, or says it no more.
    quit_requested(), back_requested()
        The window is to be closed; it is to be full again.
    """

    changed = Signal(object)
    status_toggled = Signal(bool)
    quit_requested = Signal()
    back_requested = Signal()

    def __init__(self, window: QMainWindow, parts: FullParts, place: PlaceKeeper) -> None:
        super().__init__(window)
        self._window, self._parts, self._place = window, parts, place
        self.form = Form.FULL
        self.playing: PlayingLine | None = None
        """Line of what plays, in Mini; None before it was shown."""
        self.small: SmallPanel | None = None
        """Panel below the bars of the small window; None before it was shown."""
        self._buttons: CompactButtons | None = None
        self._keys = HiddenKeys(parts.prompt_bar)
        self._loan: _Loan | None = None
        self._full_place = ""
        self._is_on_top = False

    @property
    def is_on(self) -> bool:
        """Return whether the window is in little."""
        return self.form is not Form.FULL

    @property
    def buttons(self) -> CompactButtons:
        """Return the buttons that both forms have; they are made when they are first asked for."""
        if self._buttons is None:
            self._buttons = CompactButtons(self._parts.prompt_bar)
            self._buttons.on_top_toggled.connect(self.set_on_top)
            self._buttons.back_requested.connect(self.back_requested)
            explain_by(self._buttons, "small")
        return self._buttons

    # --- going and coming ---------------------------------------------------------------------------------------------

    def enter(self, form: Form, text: str) -> None:
        """Bring the window into a form as ``text``, which ``text`` gave, has it; damaged text as it is at first."""
        if self.is_on:
            self._take_apart()
        else:
            self._full_place = self._place.text()
            self._parts.centre.hide()
            for dock in self._parts.docks.values():
                # They are hidden by that, and have no place that Qt would show tabs for.
                self._window.removeDockWidget(dock)
            self._let_tabs_focus(Qt.FocusPolicy.NoFocus)
        self.form = form
        place, *words = text.split(GAP)
        self._put_together(form, shows_status=STATUS in words or not text)
        self.set_on_top(ON_TOP in words or (form is Form.MINI and not text))
        # Before it is measured: there is something to say in it.
        self.changed.emit(form)
        self._stand(bytes(from_text(place).data()).decode("ascii", "replace"))

    def leave(self) -> None:
        """Take the form apart and bring the window back to where it stood in full; its panels are still hidden."""
        if not self.is_on:
            return
        self._take_apart()
        self.form = Form.FULL
        self.set_on_top(False)
        self._let_tabs_focus(Qt.FocusPolicy.TabFocus)
        self._window.setMinimumSize(0, 0)
        self._window.setMaximumHeight(MOST_PX)
        self._place.move(self._full_place, self._window.size())
        self.changed.emit(self.form)

    def reset(self) -> None:
        """Bring the form back to what it is at first, where it stands."""
        self.set_on_top(self.form is Form.MINI)
        if self.small is not None:
            self.small.set_shows_status(True)
        self._stand("")

    def text(self) -> str:
        """Return how the form stands, for the settings."""
        words = [ON_TOP] if self._is_on_top else []
        if self.form is Form.SMALL and self.small is not None and self.small.shows_status():
            words.append(STATUS)
        return GAP.join((as_text(QByteArray(self._place.text().encode())), *words))

    def full_place(self) -> str:
        """Return where the full window stands or stood."""
        return self._full_place if self.is_on else self._place.text()

    def set_on_top(self, on_top: bool) -> None:
        """Keep the window above all others, or no longer."""
        self.buttons.set_on_top(on_top)
        if on_top == self._is_on_top:
            return
        self._is_on_top = on_top
        window, handle = self._window, self._window.windowHandle()
        if handle is None or not window.isVisible():
            window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on_top)
            return
        # Of a window that is seen QWidget would make another: it would be gone for a moment, with its place and focus.
        handle.setFlag(Qt.WindowType.WindowStaysOnTopHint, on_top)
        window.overrideWindowFlags(handle.flags())

    # --- parts --------------------------------------------------------------------------------------------------------

    def _put_together(self, form: Form, *, shows_status: bool) -> None:
        parts = self._parts
        if form is Form.MINI:
            parts.prompt_bar.add_beside_menu(self.buttons)
            if self.playing is None:
                self.playing = PlayingLine(parts.prompt_bar)
                explain_by(self.playing, "now_playing")
                # It is no longer in its panel, which has this page.
                explain_by(parts.volume, "output")
            self._loan = _Loan(parts.volume)
            parts.prompt_bar.show_in_one_line(self.playing, parts.volume)
            parts.volume.show()
            parts.transport_bar.show_only(parts.transport_bar.pause_button, parts.transport_bar.next_button)
        else:
            if self.small is None:
                self.small = SmallPanel(parts.top)
                self.small.status_toggled.connect(self.status_toggled)
                explain_by(self.small, "small")
                explain_by(parts.duration, "generate")
                self.small.quit_requested.connect(self.quit_requested)
            self._loan = _Loan(parts.duration)
            self.small.buttons_slot.addWidget(self.buttons)
            self.small.duration_slot.addWidget(parts.duration)
            parts.duration.show()
            self.small.set_shows_status(shows_status)
            parts.column.addWidget(self.small)
            self.small.show()
            bar = parts.transport_bar
            bar.show_only(bar.previous_button, bar.pause_button, bar.next_button, bar.hold_button, bar.favourite_button)
        self.buttons.show()
        parts.prompt_bar.settings_button.hide()
        self._keys.stand_in_for((*parts.transport_bar.buttons(), parts.prompt_bar.settings_button))
        parts.top.installEventFilter(self)

    def _take_apart(self) -> None:
        parts = self._parts
        parts.top.removeEventFilter(self)
        self.buttons.hide()
        self._keys.rest()
        parts.transport_bar.show_only()
        parts.prompt_bar.settings_button.show()
        if self.form is Form.MINI:
            parts.volume.setMinimumWidth(0)
            parts.prompt_bar.show_in_two_rows()
        elif self.small is not None:
            self.small.hide()
            parts.column.removeWidget(self.small)
        if self._loan is not None:
            self._loan.give_back()
            self._loan = None

    def _let_tabs_focus(self, policy: Qt.FocusPolicy) -> None:
        # Qt keeps tabs that are empty far outside the window, where the keyboard would find them.
        for tabs in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            tabs.setFocusPolicy(policy)

    # --- the window ---------------------------------------------------------------------------------------------------

    def _stand(self, place: str) -> None:
        for one in self._parts.top.findChildren(QWidget):
            # What is new has its sizes from the style sheet, what was moved its own of now, not those from before.
            one.ensurePolished()
            one.updateGeometry()
        for layout in (*self._parts.top.findChildren(QLayout), self._parts.column):
            layout.invalidate()
        self._fit()
        width = max(WIDTHS_PX[self.form], self._window.minimumWidth())
        self._place.move(place, QSize(width, self._window.maximumHeight()))

    def _fit(self) -> None:
        """Make the window as high as what is in it, and no higher, and never narrower."""
        top, volume = self._parts.top, self._parts.volume
        if self.form is Form.MINI:
            volume.setMinimumWidth(max(VOLUME_PX, volume.minimumSizeHint().width()))
        edges = self._window.contentsMargins()
        # Of what stands above its centre Qt takes only the height into account.
        least = top.minimumSizeHint().grownBy(edges).expandedTo(QSize(LEAST_PX[self.form], 0))
        if least != QSize(self._window.minimumWidth(), self._window.maximumHeight()):
            self._window.setMinimumSize(least.width(), 0)
            self._window.setFixedHeight(least.height())

    def eventFilter(self, _top: QObject, event: QEvent) -> bool:
        """Follow what comes and goes, and the size of the text."""
        if event.type() == QEvent.Type.LayoutRequest and self.is_on:
            self._fit()
        return False


class _Loan:
    """A loan is a widget that stands elsewhere until it is given back to its place among its neighbours."""

    def __init__(self, widget: QWidget) -> None:
        home = widget.parentWidget()
        layout = None if home is None else home.layout()
        assert isinstance(layout, QBoxLayout)
        self._widget, self._layout, self._index = widget, layout, layout.indexOf(widget)

    def give_back(self) -> None:
        self._layout.insertWidget(self._index, self._widget)
        self._widget.show()
