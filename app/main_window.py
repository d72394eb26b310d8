# SPDX-License-Identifier: GPL-3.0-or-later
"""The main window: where each panel stands. It wires nothing; the controller does."""

from __future__ import annotations

import binascii

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QVBoxLayout, QWidget

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
from widgets.waveform_panel import WaveformPanel

DEFAULT_SIZE = QSize(1440, 900)
LEFT_WIDTH_PX, RIGHT_WIDTH_PX = 256, 296
BOTTOM_HEIGHT_PX = 180
EDGE_PX = 8
HEADER_GAP_PX = 8
"""Between a dock's border and what its panel holds; the header, which kept that distance, is the dock's title."""
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
        self.prompt_bar = PromptBar()
        self.notice_bar = NoticeBar()
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
        self._default_state = self.saveState(LAYOUT_VERSION)

    def _lay_out(self) -> None:
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(EDGE_PX, EDGE_PX, EDGE_PX, 4)
        column.setSpacing(6)
        column.addWidget(self.prompt_bar)
        column.addWidget(self.notice_bar)
        self.setMenuWidget(top)
        self.setContentsMargins(EDGE_PX, 0, EDGE_PX, EDGE_PX)

        pictures = QSplitter(Qt.Orientation.Vertical)
        pictures.setObjectName("pictures")
        pictures.setChildrenCollapsible(False)
        pictures.addWidget(self.waveform_panel)
        pictures.addWidget(self.spectrogram_panel)
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
        self.resize(DEFAULT_SIZE)
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
        leave.setShortcut(QKeySequence.StandardKey.Quit)
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
        dock.setTitleBarWidget(panel.header)
        panel.body.setContentsMargins(1, HEADER_GAP_PX, 1, 1)
        dock.setWidget(panel)
        self.addDockWidget(area, dock)
        self._docks[name] = dock

    def reset_layout(self) -> None:
        """Put every dock back where a new window has it."""
        self.restoreState(self._default_state, LAYOUT_VERSION)

    def layout_text(self) -> tuple[str, str]:
        """Geometry and dock layout, as text for the settings."""
        return _as_text(self.saveGeometry()), _as_text(self.saveState(LAYOUT_VERSION))

    def restore_layout(self, geometry: str, state: str) -> None:
        """Put the window back as ``layout_text`` found it; text that says nothing leaves it as it is."""
        if geometry:
            self.restoreGeometry(_from_text(geometry))
        if state:
            self.restoreState(_from_text(state), LAYOUT_VERSION)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)


def _as_text(data: QByteArray) -> str:
    return data.toBase64().toStdString()


def _from_text(text: str) -> QByteArray:
    try:
        return QByteArray(binascii.a2b_base64(text))
    except ValueError:
        return QByteArray()
