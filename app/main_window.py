# SPDX-License-Identifier: GPL-3.0-or-later
"""The main window: where each panel stands. It wires nothing; the controller does."""

from __future__ import annotations

import binascii
import itertools
import zlib

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from widgets.candidates_panel import CandidatesPanel
from widgets.console_panel import ConsolePanel
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
from widgets.spectrogram_panel import SpectrogramPanel
from widgets.transport_bar import TransportBar
from widgets.waveform_panel import WaveformPanel

DEFAULT_SIZE = QSize(1440, 900)
LEFT_WIDTH_PX, RIGHT_WIDTH_PX = 256, 312
BOTTOM_HEIGHT_PX = 180
EDGE_PX = 8
KEEP_HEIGHT = ("generate", "overlap", "now_playing", "next")
"""What gains nothing by being taller; the room goes to their neighbours."""
STATE_GAP = ";"
"""Between the docks' state and the pictures' in the stored text; base64 has no such letter."""
CHECK_GAP = "."
"""Between stored bytes and their checksum; base64 has no such letter either."""
LAYOUT_VERSION = 1
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
        self.generate_panel.setMinimumWidth(LEFT_WIDTH_PX)
        self.candidates_panel.setMinimumWidth(RIGHT_WIDTH_PX)
        self._docks: dict[str, QDockWidget] = {}
        self._lay_out()
        self._order_tabs()
        self._default_state = self.saveState(LAYOUT_VERSION)

    def _lay_out(self) -> None:
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, EDGE_PX, 0, 4)
        column.addWidget(self.prompt_bar)
        self.setMenuWidget(top)
        self.setContentsMargins(EDGE_PX, 0, EDGE_PX, EDGE_PX)

        pictures = QSplitter(Qt.Orientation.Vertical)
        pictures.setObjectName("pictures")
        pictures.setChildrenCollapsible(False)
        pictures.setHandleWidth(EDGE_PX)
        pictures.addWidget(self.waveform_panel)
        pictures.addWidget(self.spectrogram_panel)
        self._pictures = pictures
        self.setCentralWidget(pictures)

        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self._dock("generate", self.generate_panel, left)
        self._dock("overlap", self.overlap_panel, left)
        self._dock("output", self.output_panel, left)
        self._dock("metrics", self.metrics_panel, bottom)
        self._dock("console", self.console_panel, bottom)
        self._dock("now_playing", self.now_playing_panel, right)
        self._dock("next", self.next_panel, right)
        self._dock("candidates", self.candidates_panel, right)
        self._dock("library", self.library_panel, right)
        self.resize(DEFAULT_SIZE.boundedTo(self.screen().availableSize()))
        docks = self._docks
        sideways, upright = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.resizeDocks([docks["generate"], docks["now_playing"]], [LEFT_WIDTH_PX, RIGHT_WIDTH_PX], sideways)
        self.resizeDocks([docks["metrics"], docks["console"]], [320, 480], sideways)
        self.resizeDocks([docks["metrics"]], [BOTTOM_HEIGHT_PX], upright)
        self.resizeDocks([docks["generate"], docks["overlap"], docks["output"]], [300, 240, 220], upright)
        right_docks = [docks[name] for name in ("now_playing", "next", "candidates", "library")]
        self.resizeDocks(right_docks, [160, 80, 280, 240], upright)

        reset = QAction(self.tr("Reset the layout"), self)
        reset.setShortcut(QKeySequence("Ctrl+Shift+R"))
        reset.triggered.connect(self.reset_layout)
        self.addAction(reset)
        leave = QAction(self.tr("Quit"), self)
        # Qt knows a standard key for this only on some desktops.
        leave.setShortcut(QKeySequence("Ctrl+Q"))
        leave.triggered.connect(self.close)
        self.addAction(leave)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _dock(self, name: str, panel: Panel, area: Qt.DockWidgetArea) -> None:
        dock = QDockWidget(panel.windowTitle(), self)
        dock.setObjectName(f"{name}_dock")
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        # The panel's own header is what the dock is dragged by.
        panel.become_dock_title()
        dock.setTitleBarWidget(panel.header)
        if name in KEEP_HEIGHT:
            panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        dock.setWidget(panel)
        self.addDockWidget(area, dock)
        self._docks[name] = dock

    def _order_tabs(self) -> None:
        """Tab goes as the eye does: the bar, the left column, the pictures, the row below, the right column."""
        bar = self.prompt_bar
        first: list[QWidget] = [bar.edit, bar.start_button, bar.save_button, bar.settings_button]
        panels = (
            self.notice_bar,
            self.transport_bar,
            self.generate_panel,
            self.overlap_panel,
            self.output_panel,
            self.waveform_panel,
            self.spectrogram_panel,
            self.console_panel,
            self.candidates_panel,
            self.library_panel,
        )
        stops = [*first, *(one for panel in panels for one in _stops(panel))]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def reset_layout(self) -> None:
        """Put every dock back where a new window has it."""
        self.restoreState(self._default_state, LAYOUT_VERSION)
        self._pictures.setSizes([1, 1])

    def layout_text(self) -> tuple[str, str]:
        """Geometry and dock layout, as text for the settings."""
        state = (_as_text(self.saveState(LAYOUT_VERSION)), _as_text(self._pictures.saveState()))
        return _as_text(self.saveGeometry()), STATE_GAP.join(state)

    def restore_layout(self, geometry: str, state: str) -> None:
        """Put the window back as ``layout_text`` found it; text that says nothing leaves it as it is."""
        if geometry:
            self.restoreGeometry(_from_text(geometry))
        docks, _, pictures = state.partition(STATE_GAP)
        if docks:
            self.restoreState(_from_text(docks), LAYOUT_VERSION)
        if pictures:
            self._pictures.restoreState(_from_text(pictures))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)


def _stops(panel: QWidget) -> list[QWidget]:
    """What Tab stops at in a panel, in the order it was built."""
    header = panel.header.findChildren(QWidget) if isinstance(panel, Panel) else []
    found = [*panel.findChildren(QWidget), *header]
    # A part that hands its focus on (the field of a spin box, a plot's canvas) is no stop of its own.
    stops = [one for one in found if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None]
    return [one for one in dict.fromkeys(stops) if one.window() is panel.window()]


def _as_text(data: QByteArray) -> str:
    """The bytes as text, with a checksum: Qt believes what it is given to restore, and dies of what was damaged."""
    content = data.data()
    return f"{zlib.crc32(content):08x}{CHECK_GAP}{data.toBase64().toStdString()}"


def _from_text(text: str) -> QByteArray:
    check, _, base64 = text.partition(CHECK_GAP)
    try:
        content = binascii.a2b_base64(base64, strict_mode=True)
    except ValueError:
        return QByteArray()
    return QByteArray(content if check == f"{zlib.crc32(content):08x}" else b"")
