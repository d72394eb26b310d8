# SPDX-License-Identifier: GPL-3.0-or-later
"""The main window says where each panel stands. It wires nothing; the controller does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.centre import Centre
from app.checked_text import as_text, from_text
from app.compact_form import CompactForm, FullParts
from app.dock_table import GAP_PX, DockTable, dress_tabs
from app.layout_text import LayoutText, layout_text
from app.layouts import DEFAULT, Form, Layout
from app.panel_focus import PanelFocus
from app.window_place import PlaceKeeper
from widgets.bar.menu_button import PanelChoice, Section
from widgets.bar.notice_bar import NoticeBar
from widgets.bar.prompt_bar import PromptBar
from widgets.bar.transport_bar import TransportBar
from widgets.candidates_panel import CandidatesPanel
from widgets.console_panel import ConsolePanel
from widgets.drop_target import DropDock, DropSite
from widgets.fragments.panel import FragmentsPanel
from widgets.generate_panel import GeneratePanel
from widgets.guide.explained import explain_by
from widgets.jam.panel import JamPanel
from widgets.library_panel import LibraryPanel
from widgets.live.panel import LivePanel
from widgets.metrics_panel import MetricsPanel
from widgets.next_panel import NextPanel
from widgets.now_playing_panel import NowPlayingPanel
from widgets.output_panel import OutputPanel
from widgets.overlap_panel import OverlapPanel
from widgets.score_map.panel import ScoreMapPanel
from widgets.seam_scope.panel import SeamScopePanel
from widgets.spectrogram.panel import SpectrogramPanel
from widgets.timeline.waveform_panel import WaveformPanel
from widgets.transition.panel import TransitionPanel

if TYPE_CHECKING:
    from widgets.panel import Panel

LAYOUT_VERSION = 7
"""Version of the layouts' form, to be raised when docks come or go: older stored layouts are then not restored."""
PICTURES = ("waveform", "spectrogram")
"""Names of the panels in the middle; all others are docks around them."""


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A panel row declares a panel of the window: what layouts call it, and the key that shows it and goes to it."""

    name: str
    panel: Panel
    key: str


class MainWindow(DropSite, QMainWindow):
    """The main window has every panel in its place; docks are dragged by their headers and come back as they were left.

    Signals
    -------
    closing
        The window is about to close; its layout is still whole.
    panel_wanted(str)
        A panel is to be shown, and the window is in little: see ``compact``.
    """

    closing = Signal()
    panel_wanted = Signal(str)

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
        self.score_map_panel = ScoreMapPanel()
        self.seam_scope_panel = SeamScopePanel()
        self.transition_panel = TransitionPanel()
        self.console_panel = ConsolePanel()
        self.now_playing_panel = NowPlayingPanel()
        self.next_panel = NextPanel()
        self.candidates_panel = CandidatesPanel()
        self.library_panel = LibraryPanel()
        self.live_panel = LivePanel()
        self.fragments_panel = FragmentsPanel()
        self.jam_panel = JamPanel()
        # To add a panel: its widget above, its line here as the eye goes, its place in the layouts of app/layouts.py.
        self._rows = (
            PanelRow("generate", self.generate_panel, "Alt+1"),
            PanelRow("overlap", self.overlap_panel, "Alt+2"),
            PanelRow("output", self.output_panel, "Alt+3"),
            PanelRow("waveform", self.waveform_panel, "Alt+4"),
            PanelRow("spectrogram", self.spectrogram_panel, "Alt+5"),
            PanelRow("metrics", self.metrics_panel, "Alt+6"),
            PanelRow("score_map", self.score_map_panel, "Ctrl+Shift+M"),
            PanelRow("seam_scope", self.seam_scope_panel, "Ctrl+J"),
            PanelRow("transition", self.transition_panel, "Ctrl+Shift+J"),
            PanelRow("console", self.console_panel, "Alt+7"),
            PanelRow("now_playing", self.now_playing_panel, "Alt+8"),
            PanelRow("next", self.next_panel, "Alt+9"),
            PanelRow("candidates", self.candidates_panel, "Alt+0"),
            PanelRow("library", self.library_panel, "Ctrl+B"),
            PanelRow("live", self.live_panel, "Ctrl+U"),
            PanelRow("fragments", self.fragments_panel, "Ctrl+F"),
            PanelRow("jam", self.jam_panel, "Ctrl+Alt+J"),
        )
        self._panels = {row.name: row.panel for row in self._rows}
        self._layout: Layout | None = DEFAULT
        self._docks: dict[str, QDockWidget] = {}
        self._table = DockTable(self, self._docks)
        self._place = PlaceKeeper(self, lambda: [dock for dock in self._docks.values() if dock.isFloating()])
        self._lay_out()
        self._focus = PanelFocus(self, self.prompt_bar.edit, self._panels, self._docks, self.shown_panels)
        self._focus.follow(self.closing)
        self._add_actions()
        self._focus.order_tabs(self.prompt_bar.stops(), (self.notice_bar, self.transport_bar))
        for child in self.findChildren(QWidget):
            # The style sheet brings its sizes when it is applied, and layouts remember those from before.
            child.ensurePolished()
            child.updateGeometry()
        self.reset_layout()

    def _lay_out(self) -> None:
        self._top = QWidget()
        column = QVBoxLayout(self._top)
        column.setContentsMargins(0, GAP_PX, 0, 4)
        column.addWidget(self.prompt_bar)
        self.setMenuWidget(self._top)
        self.setContentsMargins(GAP_PX, 0, GAP_PX, GAP_PX)

        self._centre = Centre({name: self._panels[name] for name in PICTURES})
        self.pictures = self._centre.pictures
        self.setCentralWidget(self._centre)

        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for name, panel in self._panels.items():
            if name not in PICTURES:
                self._docks[name] = self._dock(name, panel)
            explain_by(self.part(name), name)
        for bar in (self.prompt_bar, self.notice_bar, self.transport_bar):
            explain_by(bar, bar.objectName())
        sliders = self.output_panel.volume, self.generate_panel.duration
        parts = FullParts(self._top, column, self.prompt_bar, self.transport_bar, *sliders, self._centre, self._docks)
        self.compact = CompactForm(self, parts, self._place)
        self.compact.quit_requested.connect(self.close)
        choices = (PanelChoice(one.name, one.panel.windowTitle(), one.key) for one in self._rows)
        self.prompt_bar.menu_button.set_panels(tuple(choices))
        self.prompt_bar.menu_button.panel_toggled.connect(self.show_panel)

    def _add_actions(self) -> None:
        """Add the actions that the window does by itself, by keys and in the menu of its edges."""
        actions = (
            (self.tr("Go to the next panel"), "F6", self._focus.go_next),
            (self.tr("Go to the previous panel"), "Shift+F6", self._focus.go_back),
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
        self.prompt_bar.menu_button.reset_requested.connect(self.reset_layout)
        for row in self._rows:
            shortcut = QShortcut(QKeySequence(row.key), self)
            shortcut.activated.connect(lambda name=row.name: self.go_to_panel(name))

    def add_to_menu(self, section: Section, action: QAction) -> None:
        """Add an action to a section of the studio's menu."""
        self.prompt_bar.menu_button.add(section, action)

    def _dock(self, name: str, panel: Panel) -> QDockWidget:
        dock = DropDock(panel.windowTitle(), self)
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
        dock.visibilityChanged.connect(panel.seen_changed)
        dock.dockLocationChanged.connect(self._table.settle_heights)
        dock.topLevelChanged.connect(self._table.settle_heights)
        return dock

    # --- layouts ------------------------------------------------------------------------------------------------------

    @Slot()
    def reset_layout(self) -> None:
        """Put every panel of the layout in use where a new window of this size has it.

        Of a layout of the person's own that is where the panels which it shows stand by default.
        """
        if self.compact.is_on:
            self.compact.reset()
        else:
            self._arrange(self._layout_of(self.shown_panels()), self.size())

    def _layout_of(self, names: Collection[str]) -> Layout:
        """Return the layout in use; of an own one that shows these panels, how they stand by default."""
        return DEFAULT.only(names) if self._layout is None else self._layout

    def _arrange(self, layout: Layout, size: QSize) -> None:
        """Put the panels of a layout where they suit a window of this size, which it then has."""
        self._centre.show_pictures(layout.pictures)
        room = size.shrunkBy(self.contentsMargins()) - QSize(0, self._top.sizeHint().height())
        self._table.arrange(layout, room, self.pictures.minimumSizeHint() if layout.pictures else QSize())
        self.pictures.setSizes([1] * len(PICTURES))
        self.resize(size)
        self._tell_shown()

    def show_layout(self, layout: Layout | None, state: str) -> None:
        """Switch to a layout as ``state``, which ``layout_text`` gave, has it; text that is damaged is as it came.

        ``layout`` is one of the studio's, or None for one of the person's own.
        """
        focus = QApplication.focusWidget()
        self.setUpdatesEnabled(False)
        self._use(layout, state, adapts=True)
        self.setUpdatesEnabled(True)
        # What floats in it may stand on a screen that is gone.
        self._place.bring_in()
        if focus is not None and self.isAncestorOf(focus):
            # A dock that changes its place loses the keyboard.
            (focus if focus.isVisible() else self.prompt_bar.menu_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _use(self, layout: Layout | None, state: str, *, adapts: bool) -> None:
        """Have the layout as ``state`` says; one in which nothing was moved may adapt to the window's size of now."""
        self._layout = layout
        if layout is not None and layout.form is not Form.FULL:
            self.compact.enter(layout.form, state)
            self.prompt_bar.menu_button.set_shown(())
            return
        self.compact.leave()
        arranged_for = self._restore_state(state, self.size())
        if adapts and arranged_for is not None and arranged_for != self.size():
            self.reset_layout()

    def layout_text(self) -> tuple[str, str]:
        """Return geometry and layout, as text for the settings; the geometry is always that of the full window."""
        geometry = as_text(QByteArray(self.compact.full_place().encode()))
        if self.compact.is_on:
            return geometry, self.compact.text()
        docks, pictures = as_text(self.saveState(LAYOUT_VERSION)), as_text(self.pictures.saveState())
        size = self.size() if self._is_as_arranged() else None
        return geometry, str(LayoutText(docks, pictures, self.shown_panels(), size))

    def _is_as_arranged(self) -> bool:
        """Return whether every panel is where the layout in use has it, in a window of some size."""
        layout = self._layout
        if layout is None or sorted(self.shown_panels()) != sorted(layout.panels):
            return False
        return self._table.stands_as(layout)

    def restore_layout(self, geometry: str, state: str, *, layout: Layout | None = DEFAULT) -> None:
        """Put the window back as ``layout_text`` found it; damaged text leaves it as it is."""
        self._place.restore(bytes(from_text(geometry).data()).decode("ascii", "replace"))
        self._use(layout, state, adapts=False)

    def _restore_state(self, state: str, size: QSize) -> QSize | None:
        """Restore a layout; return the size of the window it was arranged for, if nothing was moved by hand since."""
        text = layout_text(state)
        names = tuple(self._panels) if text.shown is None else text.shown
        # First the middle: what stands around it is given the room that is left.
        self._centre.show_pictures(names)
        is_back = bool(text.docks) and self.restoreState(from_text(text.docks), LAYOUT_VERSION)
        self._table.settle_heights()
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        least = layout.totalMinimumSize()
        if not is_back or least.boundedTo(size) != least:
            # The layout of a larger screen, or of smaller text, may not go into this one at all.
            self._arrange(self._layout_of(names), size)
        if text.pictures:
            self.pictures.restoreState(from_text(text.pictures))
        self._tell_shown()
        return text.size if is_back else None

    # --- panels -------------------------------------------------------------------------------------------------------

    def shown_panels(self) -> tuple[str, ...]:
        """Return the names of the panels that are shown, those behind others too, as the eye goes."""
        if self.compact.is_on:
            return ()
        shown = {*self._table.shown(), *self._centre.shown()}
        return tuple(name for name in self._panels if name in shown)

    @Slot(str, bool)
    def show_panel(self, name: str, shown: bool) -> None:
        """Show a panel where it stood last, or hide it; without room for it, all are put where they suit the window."""
        if self.compact.is_on:
            self.panel_wanted.emit(name)
            return
        size = self.size()
        if name in PICTURES:
            others = {*self._centre.shown()} - {name}
            self._centre.show_pictures({*others, name} if shown else others)
        else:
            self._table.set_shown(name, shown)
        # What comes may have made the window larger before it found room in it.
        self.resize(size)
        if shown and (self.size() != size or not self._table.fits(size)):
            self._arrange(DEFAULT.only(self.shown_panels()), size)
            self.resize(size)
        self._tell_shown()

    def part(self, name: str) -> QWidget:
        """Return what a panel fills, its header included: its dock, or in the middle the panel itself."""
        return self._docks.get(name, self._panels[name])

    def go_to_panel(self, name: str) -> None:
        """Bring the keyboard to a panel, in front of those that share its place; one that is hidden is shown."""
        if name not in self.shown_panels():
            self.show_panel(name, True)
        if not self.compact.is_on:
            self._focus.go_to(name)

    def _tell_shown(self) -> None:
        shown = self.shown_panels()
        self.prompt_bar.menu_button.set_shown(shown)
        self._centre.say_bare(not shown)

    def is_in_place(self) -> bool:
        """Return whether the window is shown where it is to stay."""
        return self._place.is_settled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.compact.is_on:
            self._table.window_resized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place.shown()

    def childEvent(self, event: QChildEvent) -> None:
        super().childEvent(event)
        tabs = event.child()
        if event.type() is QEvent.Type.ChildPolished and isinstance(tabs, QTabBar):
            # Qt makes it when docks come to share one place.
            dress_tabs(tabs)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        self._place.closed()
        super().closeEvent(event)
