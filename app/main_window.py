# SPDX-License-Identifier: GPL-3.0-or-later
"""The main window: where each panel stands. It wires nothing; the controller does."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QSplitter,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.arrangements import GAP_PX, DockTable
from app.checked_text import as_text, from_text
from app.window_place import PlaceKeeper
from widgets.candidates_panel import CandidatesPanel
from widgets.console_panel import ConsolePanel
from widgets.controls import describe
from widgets.generate_panel import GeneratePanel
from widgets.library_panel import LibraryPanel
from widgets.metrics_panel import MetricsPanel
from widgets.next_panel import NextPanel
from widgets.notice_bar import NoticeBar
from widgets.now_playing_panel import NowPlayingPanel
from widgets.output_panel import OutputPanel
from widgets.overlap_panel import OverlapPanel
from widgets.panel import Panel
from widgets.prompt_bar import PromptBar
from widgets.scrolling import follow_focus
from widgets.spectrogram_panel import SpectrogramPanel
from widgets.transport_bar import TransportBar
from widgets.waveform_panel import WaveformPanel

STATE_GAP = ";"
"""Between the docks' state and the pictures' in the stored text; base64 has no such letter."""
LAYOUT_VERSION = 2
"""Raise it when docks come or go: an older stored layout is then not restored."""


class MainWindow(QMainWindow):
    """Every panel in its place; docks can be dragged by their headers and come back as they were left.

    Signals
    -------
    closing
        The window is about to close; its layout is still whole.
    """

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Infiniloop Studio")
        self.setDockNestingEnabled(True)
        # Nothing glides: docks are where they are put. (Qt's animations of them are objects that come and go, too.)
        self.setAnimated(False)
        self.prompt_bar = PromptBar()
        self.notice_bar = NoticeBar()
        self.transport_bar = TransportBar()
        self.prompt_bar.share_row(self.notice_bar, self.transport_bar)
        self.generate_panel = GeneratePanel()
        self.overlap_panel = OverlapPanel()
        self.output_panel = OutputPanel()
        self.waveform_panel = WaveformPanel()
        self.spectrogram_panel = SpectrogramPanel()
        self.spectrogram_panel.link(self.waveform_panel)
        self.metrics_panel = MetricsPanel()
        self.console_panel = ConsolePanel()
        self.now_playing_panel = NowPlayingPanel()
        self.next_panel = NextPanel()
        self.candidates_panel = CandidatesPanel()
        self.library_panel = LibraryPanel()
        # As the eye goes: the left column, the pictures, the row below, the right column.
        self._panels: tuple[Panel, ...] = (
            self.generate_panel,
            self.overlap_panel,
            self.output_panel,
            self.waveform_panel,
            self.spectrogram_panel,
            self.metrics_panel,
            self.console_panel,
            self.now_playing_panel,
            self.next_panel,
            self.candidates_panel,
            self.library_panel,
        )
        self._docks: dict[str, QDockWidget] = {}
        self._table = DockTable(self, self._docks)
        self._place = PlaceKeeper(self, lambda: [dock for dock in self._docks.values() if dock.isFloating()])
        self._lay_out()
        self._add_actions()
        self._order_tabs()
        for child in self.findChildren(QWidget):
            # The style sheet brings its sizes when it is applied, and layouts remember those from before.
            child.ensurePolished()
            child.updateGeometry()
        self.reset_layout()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def _lay_out(self) -> None:
        self._top = QWidget()
        column = QVBoxLayout(self._top)
        column.setContentsMargins(0, GAP_PX, 0, 4)
        column.addWidget(self.prompt_bar)
        self.setMenuWidget(self._top)
        self.setContentsMargins(GAP_PX, 0, GAP_PX, GAP_PX)

        pictures = QSplitter(Qt.Orientation.Vertical)
        pictures.setObjectName("pictures")
        pictures.setChildrenCollapsible(False)
        pictures.setHandleWidth(GAP_PX)
        pictures.addWidget(self.waveform_panel)
        pictures.addWidget(self.spectrogram_panel)
        self._pictures = pictures
        self.setCentralWidget(pictures)

        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        panels = (
            ("generate", self.generate_panel),
            ("overlap", self.overlap_panel),
            ("output", self.output_panel),
            ("metrics", self.metrics_panel),
            ("console", self.console_panel),
            ("now_playing", self.now_playing_panel),
            ("next", self.next_panel),
            ("candidates", self.candidates_panel),
            ("library", self.library_panel),
        )
        for name, panel in panels:
            self._docks[name] = self._dock(name, panel)

    def _add_actions(self) -> None:
        """What the window does by itself, by keys and in the menu of its edges."""
        actions = (
            (self.tr("Go to the next panel"), "F6", self._on_next_panel),
            (self.tr("Go to the previous panel"), "Shift+F6", self._on_panel_before),
            (self.tr("Reset the layout"), "Ctrl+Shift+R", self.reset_layout),
            # Qt knows a standard key for this only on some desktops.
            (self.tr("Quit"), "Ctrl+Q", self.close),
        )
        for text, key, slot in actions:
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda _checked, slot=slot: slot())
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _dock(self, name: str, panel: Panel) -> QDockWidget:
        dock = QDockWidget(panel.windowTitle(), self)
        dock.setObjectName(f"{name}_dock")
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        # The panel's own header is what the dock is dragged by.
        panel.become_dock_title()
        dock.setTitleBarWidget(panel.header)
        dock.setWidget(panel)
        panel.resized.connect(lambda: self._table.dock_resized(name))
        panel.needs_changed.connect(self._table.needs_changed)
        dock.dockLocationChanged.connect(self._table.settle_heights)
        dock.topLevelChanged.connect(self._table.settle_heights)
        return dock

    def _order_tabs(self) -> None:
        """Tab goes as the eye does: the bar, then the panels."""
        bar = self.prompt_bar
        first: list[QWidget] = [bar.edit, bar.start_button, bar.save_button, bar.settings_button]
        panels = (self.notice_bar, self.transport_bar, *self._panels)
        stops = [*first, *(one for panel in panels for one in _stops(panel))]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    @Slot()
    def reset_layout(self, size: QSize | None = None) -> None:
        """Put every dock where a new window of this size, else of the size it has, has it."""
        whole = self.size() if size is None else size
        room = whole.shrunkBy(self.contentsMargins()) - QSize(0, self._top.sizeHint().height())
        self._table.arrange(room, self._pictures.minimumSizeHint())
        self._pictures.setSizes([1, 1])

    def layout_text(self) -> tuple[str, str]:
        """Geometry and dock layout, as text for the settings."""
        state = (as_text(self.saveState(LAYOUT_VERSION)), as_text(self._pictures.saveState()))
        return as_text(QByteArray(self._place.text().encode())), STATE_GAP.join(state)

    def restore_layout(self, geometry: str, state: str) -> None:
        """Put the window back as ``layout_text`` found it; text that says nothing leaves it as it is."""
        self._place.restore(bytes(from_text(geometry).data()).decode("ascii", "replace"))
        size = self.size()
        docks, _, pictures = state.partition(STATE_GAP)
        is_back = bool(docks) and self.restoreState(from_text(docks), LAYOUT_VERSION)
        self._table.settle_heights()
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        least = layout.totalMinimumSize()
        if not is_back or least.boundedTo(size) != least:
            # The layout of a larger screen, or of smaller text, may not go into this one at all.
            self.reset_layout(size)
            self.resize(size)
        if pictures:
            self._pictures.restoreState(from_text(pictures))

    def is_in_place(self) -> bool:
        """Whether the window is shown where it is to stay."""
        return self._place.is_settled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._table.window_resized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place.shown()

    def childEvent(self, event: QChildEvent) -> None:
        super().childEvent(event)
        tabs = event.child()
        if event.type() is QEvent.Type.ChildPolished and isinstance(tabs, QTabBar):
            # Qt makes it when docks come to share one place. Names are read whole, and scrolled to where need be.
            tabs.setElideMode(Qt.TextElideMode.ElideNone)
            tabs.setUsesScrollButtons(True)
            tip = self.tr("Panels that share one place: choose one with the arrow keys, or go on with F6")
            describe(tabs, self.tr("Panels in one place"), tip)

    def _on_next_panel(self) -> None:
        self._go_to_panel(1)

    def _on_panel_before(self) -> None:
        self._go_to_panel(-1)

    def _go_to_panel(self, step: int) -> None:
        """Bring the keyboard to the panel that many further on, in front of those that share its place."""
        focus = QApplication.focusWidget()
        within = [focus is not None and (one.isAncestorOf(focus) or one is focus) for one in self._panels]
        at = within.index(True) if any(within) else -1
        # Round by the prompt, which is no panel.
        places = [*self._panels, None]
        panel = places[(at + step) % len(places)]
        stop = self.prompt_bar.edit if panel is None else panel.first_stop()
        stop.window().activateWindow()
        stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        """What takes the keyboard is seen: its dock comes to the front of its tabs, its panel scrolls to it."""
        dock = next((one for one in self._docks.values() if now is not None and one.isAncestorOf(now)), None)
        if dock is not None and not dock.isFloating() and dock.visibleRegion().isEmpty():
            dock.raise_()
        follow_focus(before, now)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        self._place.closed()
        super().closeEvent(event)


def _stops(panel: QWidget) -> list[QWidget]:
    """What Tab stops at in a panel, in the order it was built."""
    header = panel.header.findChildren(QWidget) if isinstance(panel, Panel) else []
    found = [*panel.findChildren(QWidget), *header]
    # A part that hands its focus on (the field of a spin box, a plot's canvas) is no stop of its own.
    stops = [one for one in found if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None]
    return [one for one in dict.fromkeys(stops) if one.window() is panel.window()]
