# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller tells how long clips take on this machine: in the generate panel, and in a dialog of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from app.choices import generator_titles
from engine.generators.registry import default_generator
from engine.generators.standard import BARS
from engine.session.keeping_up import length_that_keeps_up
from engine.session.pace_meter import model_of
from engine.values import MachinePace
from widgets.bar.menu_button import Section
from widgets.clip_time import ClipTime

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from widgets.dialogs.statistics_dialog import StatisticsDialog


def clip_time(pace: MachinePace, settings: Settings) -> ClipTime | None:
    """Return what is expected of the clips that the settings ask for.

    None where nothing is known of their model, or where bars are set: they last as long as their tempo has it.
    """
    generator, model = settings.generator, model_of(settings.generator, settings.model)
    asked_s, play_s = settings.duration_s, min(settings.min_play_s, settings.max_play_s or settings.min_play_s)
    if settings.generator_parameters.get(generator, {}).get(BARS.name):
        return None
    length_s = length_that_keeps_up(pace, generator, model, asked_s=asked_s, play_s=play_s)
    clip_s = length_s if settings.keep_up and length_s is not None else asked_s
    expected = pace.expected(generator, model, clip_s)
    if expected is None:
        return None
    return ClipTime(
        clip_s,
        expected.making_s,
        expected.load_s,
        is_late=length_s != clip_s,
        is_shorter=clip_s != asked_s,
        is_bridged=settings.keep_up and length_s is None and generator != default_generator().name,
    )


class PaceController(QObject):
    """The pace controller has at most one statistics dialog open, which is made when it is asked for.

    Parameters
    ----------
    store
        Tells what is set, and takes whether clips are to keep up.
    """

    forget_wanted = Signal()
    bring_back_wanted = Signal()

    def __init__(self, window: MainWindow, engine: StudioEngine, store: SettingsStore) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self._pace = MachinePace()
        self._n_forgotten = 0
        self._dialog: StatisticsDialog | None = None
        action = QAction(self.tr("S&tatistics of this machine…"), self)
        action.setShortcut(QKeySequence("Ctrl+Shift+E"))
        action.triggered.connect(lambda _checked: self.show_dialog())
        window.add_to_menu(Section.VIEW, action)
        self.forget_wanted.connect(engine.pace.forget)
        self.bring_back_wanted.connect(engine.pace.bring_back)
        engine.pace.changed.connect(self._on_pace_changed)
        window.generate_panel.keep_up_changed.connect(self._on_keep_up_changed)
        store.changed.connect(self._show_clip_time)
        self._show_clip_time(store.settings)

    @Slot(object)
    def _on_pace_changed(self, pace: MachinePace) -> None:
        self._pace = pace
        self._show_clip_time(self._store.settings)
        self._show_paces()

    @Slot(object)
    def _show_clip_time(self, settings: Settings) -> None:
        self._window.generate_panel.set_clip_time(clip_time(self._pace, settings), is_kept=settings.keep_up)

    @Slot(bool)
    def _on_keep_up_changed(self, wanted: bool) -> None:
        self._store.change(keep_up=wanted)

    # --- the dialog ---------------------------------------------------------------------------------------------------

    def show_dialog(self) -> None:
        """Show how long clips take."""
        if self._dialog is None:
            from widgets.dialogs.statistics_dialog import StatisticsDialog  # seldom used, and the window starts sooner

            dialog = self._dialog = StatisticsDialog(self._window)
            dialog.forget_requested.connect(self._on_forget_requested)
            dialog.bring_back_requested.connect(self._on_bring_back_requested)
            dialog.finished.connect(self._on_closed)
            self._show_paces()
            dialog.open()
        self._dialog.raise_()

    def _show_paces(self) -> None:
        if self._dialog is not None:
            self._dialog.set_paces(self._pace.paces, generator_titles(), self._n_forgotten)

    @Slot()
    def _on_forget_requested(self) -> None:
        self._n_forgotten = len(self._pace.runs)
        self.forget_wanted.emit()

    @Slot()
    def _on_bring_back_requested(self) -> None:
        self._n_forgotten = 0
        self.bring_back_wanted.emit()

    @Slot()
    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
