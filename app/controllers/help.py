# SPDX-License-Identifier: GPL-3.0-or-later
"""The help controller explains what has the keyboard: in the window by a sheet in it, in a dialog by one beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app import paths
from app.focus_changes import follow_focus_until
from widgets.bar.menu_button import Section
from widgets.guide.explained import explained_of
from widgets.guide.help_sheet import INDEX, HelpSheet

if TYPE_CHECKING:
    from app.main_window import MainWindow

KEY: Final = "F1"


class HelpController(QObject):
    """The help controller makes a sheet when one is first asked for; a dialog's goes with the dialog.

    Signals
    -------
    opened
        A page is about to be shown.
    """

    opened = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        explain = QAction(self.tr("&Explain this panel"), self)
        explain.setShortcut(QKeySequence(KEY))
        explain.triggered.connect(lambda _checked: self.explain())
        index = QAction(self.tr("Panels and &keys"), self)
        index.triggered.connect(lambda _checked: self.show_page(INDEX))
        for action in (explain, index):
            window.add_to_menu(Section.HELP, action)
        follow_focus_until(window.closing, self._on_focus_changed)

    @property
    def sheet(self) -> HelpSheet | None:
        """The sheet of the window, once it was asked for."""
        return _sheet_of(self._window)

    @Slot()
    def explain(self) -> None:
        """Explain what has the keyboard; pressed in the explanation, bring the keyboard back to that."""
        focus = QApplication.focusWidget()
        host = _dialog_of(focus) or self._window
        sheet = _sheet_of(host)
        if sheet is not None and sheet.has_keyboard():
            sheet.give_back_keyboard()
            return
        page, subject = explained_of(focus) or (INDEX, self._window.prompt_bar)
        self._open(host).explain(page, subject)

    @Slot(str)
    def show_page(self, page: str) -> None:
        """Show a page that is about no panel in particular."""
        self._open(self._window).explain(page, self._window.prompt_bar)

    @Slot()
    def put_away(self) -> None:
        """Hide the window's sheet, if it is shown."""
        if self.sheet is not None:
            self.sheet.put_away()

    def _open(self, host: QWidget) -> HelpSheet:
        self.opened.emit()
        sheet = _sheet_of(host)
        if sheet is None:
            sheet = HelpSheet(host, self._folder(), is_window=host is not self._window)
        return sheet

    def _folder(self) -> Path:
        # By its translation: pages speak what the window speaks.
        return paths.RESOURCES / "help" / self.tr("en")

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        sheet = self.sheet
        if sheet is not None and sheet.isVisible():
            # A dock that came to the front of its tabs came to the front of all.
            sheet.raise_()
        dialog = _dialog_of(now)
        if dialog is not None and explained_of(now) is not None and not dialog.findChild(QShortcut, KEY):
            # While it is open the window's own key sleeps.
            key = QShortcut(QKeySequence(KEY), dialog)
            key.setObjectName(KEY)
            key.activated.connect(self.explain)


def _sheet_of(host: QWidget) -> HelpSheet | None:
    return next(iter(one for one in host.children() if isinstance(one, HelpSheet)), None)


def _dialog_of(widget: QWidget | None) -> QDialog | None:
    """Return the dialog in which a widget stands, or beside which the sheet is that it stands in."""
    window = None if widget is None else widget.window()
    if isinstance(window, HelpSheet):
        window = window.parentWidget()
    return window if isinstance(window, QDialog) else None
