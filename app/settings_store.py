# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings store is the one owner of the settings: it holds them, tells of changes, and has them written."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app import paths
from app.settings import Settings, save_settings
from engine.errors import StudioError

SETTLE_MS = 400
"""Milliseconds for which settings that change wait for more changes before they are written."""

_log = logging.getLogger(__name__)


class SettingsStore(QObject):
    """The settings of the running programme.

    They are written beside the window's thread: a disk may take a quarter of a second to have them safe. One write at a
    time; of several that wait only the last is made.

    Signals
    -------
    changed(Settings)
        Something was set otherwise.
    settled
        Nothing was set for ``SETTLE_MS``, and what is set is being written.
    failed(StudioError)
        The settings could not be written; told once until they can.
    """

    changed = Signal(object)
    settled = Signal()
    failed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._draft = ""
        self._thread = ThreadPoolExecutor(1, "settings")
        self._latest: Settings | None = None
        self._is_finished = self._is_failing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._on_settled)

    @property
    def settings(self) -> Settings:
        """The settings as they are set now."""
        return self._settings

    def change(self, **changes: Any) -> None:
        """Set these otherwise."""
        self.take(replace(self._settings, **changes))

    def take(self, settings: Settings) -> None:
        """Take over other settings: they are told at once and written a little later."""
        self._settings = settings
        self.changed.emit(settings)
        self._timer.start()

    def remember(self, settings: Settings) -> None:
        """Take over settings that matter at the next start, without telling of them."""
        self._settings = settings
        self._timer.start()

    def set_draft(self, prompt: str) -> None:
        """Keep a prompt that is being typed, which nothing that runs is to know yet; "" is the one that is set."""
        self._draft = prompt
        self._timer.start()

    def finish(self) -> None:
        """Write what is set, and wait for it; a window may be closed twice."""
        self._timer.stop()
        self._is_finished, self._latest = True, self._to_keep()
        self._thread.shutdown()
        self._write(self._latest)

    def _to_keep(self) -> Settings:
        return replace(self._settings, prompt=self._draft or self._settings.prompt)

    @Slot()
    def _on_settled(self) -> None:
        self.settled.emit()
        if not self._is_finished:
            self._latest = self._to_keep()
            self._thread.submit(self._write, self._latest)

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
