# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the settings beside the window's thread: a disk may take a quarter of a second to have them safe."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from app import paths
from app.settings import Settings, save_settings
from engine.errors import StudioError

_log = logging.getLogger(__name__)


class SettingsWriter(QObject):
    """One write at a time; of several that wait only the last is made.

    Signals
    -------
    failed(StudioError)
    """

    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "settings")
        self._latest: Settings | None = None
        self._is_finished = False
        self._is_failing = False

    def write(self, settings: Settings) -> None:
        """Write these soon."""
        if not self._is_finished:
            self._latest = settings
            self._thread.submit(self._write, settings)

    def finish(self, settings: Settings) -> None:
        """Write these last, and wait for it; a window may be closed twice."""
        self._is_finished, self._latest = True, settings
        self._thread.shutdown()
        self._write(settings)

    def _write(self, settings: Settings) -> None:
        if settings is not self._latest:
            return
        try:
            save_settings(paths.settings_file(), settings)
            self._is_failing = False
        except StudioError as error:
            # Told once: each change would fail alike until there is room again.
            if not self._is_failing:
                self._is_failing = True
                self.failed.emit(error)
        except Exception:  # noqa: BLE001 - a thread boundary: the executor would say nothing of it
            _log.exception("the settings could not be written")
