# SPDX-License-Identifier: GPL-3.0-or-later
"""The layouts controller switches, keeps, renames and deletes the window's layouts, as the menu of the bar asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMessageBox

from app import layouts
from app.layout_names import name_refusal, title_of
from app.layouts import DEFAULT, FACTORY, Form, States
from widgets.bar.menu_button import LayoutChoice
from widgets.controls import describe
from widgets.dialogs.name_dialog import NameDialog

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore


class LayoutsController(QObject):
    """The layouts controller has each layout come back as the person left it, and keeps all of that in the settings.

    Parameters
    ----------
    store
        Remembers the layouts, and which of them is in use.
    """

    def __init__(self, window: MainWindow, store: SettingsStore) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._button = button = window.prompt_bar.menu_button
        button.layout_chosen.connect(self._on_chosen)
        button.save_requested.connect(self._on_save_requested)
        button.rename_requested.connect(self._on_rename_requested)
        button.delete_requested.connect(self._on_delete_requested)
        window.compact.back_requested.connect(self._on_back_requested)
        window.panel_wanted.connect(self._on_panel_wanted)
        self._show(layouts.in_use(store.settings.layout, store.settings.layouts), store.settings.layouts)

    def as_left(self, settings: Settings) -> Settings:
        """Return the settings with the window as it stands now."""
        geometry, state = self._window.layout_text()
        return replace(settings, window_geometry=geometry, window_state=state, layout=self._button.current())

    def _keep(self, current: str, states: States) -> None:
        """Note that this layout is in use from now on, and that the layouts were left like this."""
        self._show(current, states)
        self._store.remember(replace(self.as_left(self._store.settings), layouts=states))

    def _show(self, current: str, states: States) -> None:
        names = (*FACTORY, *layouts.own_names(states))
        choices = tuple(
            LayoutChoice(one, title_of(one), one not in FACTORY, layouts.form_of(one) is Form.FULL) for one in names
        )
        self._button.set_layouts(choices, current)

    # --- slots --------------------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        now = self._button.current()
        states = self._store.settings.layouts
        if name == now and layouts.form_of(name) is not Form.FULL:
            # Its key leads there and back.
            name = self._full()
        if name == now:
            self._give_keyboard(name)
            return
        states = layouts.with_state(states, now, self._window.layout_text()[1])
        if layouts.form_of(now) is Form.FULL:
            self._store.remember(replace(self._store.settings, full_layout=now))
        self._window.show_layout(FACTORY.get(name), layouts.state_of(states, name))
        self._keep(name, states)
        self._give_keyboard(name)

    def _give_keyboard(self, name: str) -> None:
        """Have a layout's panel played by keys at once."""
        layout = FACTORY.get(name)
        if layout is not None and layout.keyboard in self._window.shown_panels():
            self._window.go_to_panel(layout.keyboard)

    def _full(self) -> str:
        """Return the layout with panels that was used last."""
        return layouts.full_in_use(self._store.settings.full_layout, self._store.settings.layouts)

    @Slot()
    def _on_back_requested(self) -> None:
        self._on_chosen(self._full())

    @Slot(str)
    def _on_panel_wanted(self, name: str) -> None:
        self._on_chosen(self._full())
        self._window.go_to_panel(name)

    @Slot()
    def _on_save_requested(self) -> None:
        states = self._store.settings.layouts
        self._ask(self.tr("Save as a new layout"), "", lambda name: name_refusal(name, states), self._on_named)

    @Slot(str)
    def _on_named(self, name: str) -> None:
        """Save the layout in use as a new one, which begins like it and is used; the old one stays as it was left."""
        now, state = self._button.current(), self._window.layout_text()[1]
        states = layouts.with_state(self._store.settings.layouts, now, state)
        states = layouts.with_state(states, name, state)
        self._window.show_layout(None, state)
        self._keep(name, states)

    @Slot()
    def _on_rename_requested(self) -> None:
        now, states = self._button.current(), self._store.settings.layouts

        def refusal(name: str) -> str:
            return name_refusal(name, states, instead_of=now)

        self._ask(self.tr("Rename the layout"), now, refusal, self._on_renamed)

    @Slot(str)
    def _on_renamed(self, name: str) -> None:
        self._keep(name, layouts.renamed(self._store.settings.layouts, self._button.current(), name))

    @Slot()
    def _on_delete_requested(self) -> None:
        words = self.tr("Delete the layout “{title}”? The window goes back to “{default}”.")
        question = words.format(title=self._button.current(), default=title_of(DEFAULT.name))
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("Delete the layout"), question, buttons, self._window)
        yes, cancel = (box.button(one) for one in (QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel))
        yes.setText(self.tr("Delete"))
        cancel.setText(self.tr("Cancel"))
        describe(yes, self.tr("Delete"), self.tr("Forget this layout; the panels themselves stay"))
        describe(cancel, self.tr("Cancel"), self.tr("Leave everything as it is"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(self._on_deleted)
        box.finished.connect(box.deleteLater)
        box.open()

    @Slot()
    def _on_deleted(self) -> None:
        states = layouts.without(self._store.settings.layouts, self._button.current())
        self._window.show_layout(DEFAULT, layouts.state_of(states, DEFAULT.name))
        self._keep(DEFAULT.name, states)

    def _ask(self, title: str, name: str, refusal: Callable[[str], str], answer: Callable[[str], None]) -> None:
        dialog = NameDialog(title, self.tr("&Name of the layout:"), name, refusal, self._window)
        dialog.named.connect(answer)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
