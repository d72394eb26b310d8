# SPDX-License-Identifier: GPL-3.0-or-later
"""This module words what the window says of the output device: gone, replaced by another, back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.translations import sentence
from widgets.controls import Level
from widgets.output_panel import device_title

if TYPE_CHECKING:
    from engine.errors import StudioError
    from widgets.bar.notice_bar import NoticeBar

KIND = "device"
_CONTEXT = "DeviceNotices"


class DeviceNotices:
    """Device notices follow the device; one that was lost is missed until it is back or the person chooses another."""

    def __init__(self, bar: NoticeBar) -> None:
        self._bar = bar
        self._heard_on = ""
        self._missed = ""
        self._wanted: tuple[str, str] | None = None

    def lost(self, error: StudioError, wanted: tuple[str, str] | None) -> str:
        """Tell that a device is gone or was never there, and return the words."""
        if wanted != self._wanted:
            self._missed = ""
        self._missed = self._missed or self._heard_on or str(error.fields.get("device", ""))
        self._wanted = wanted
        if self._heard_on:
            told = QCoreApplication.translate(_CONTEXT, "Sound goes on silently: “{device}” is gone")
            words = told.format(device=device_title(self._heard_on))
        else:
            words = sentence(error)
        self._heard_on = ""
        self._bar.show_notice(words, Level.WARNING, KIND)
        return words

    def opened(self, device: str, wanted: tuple[str, str] | None) -> str:
        """Tell what it means that sound goes to ``device`` now ("": silent clock), and return the words, or ""."""
        if not device:
            return ""
        missed, self._heard_on = self._missed, device
        if not missed or wanted != self._wanted:
            self._missed = ""
            self._bar.clear_notice(KIND)
            return ""
        if device == missed:
            self._missed = ""
            told = QCoreApplication.translate(_CONTEXT, "“{device}” is back")
            words, level = told.format(device=device_title(device)), Level.INFO
        else:
            told = QCoreApplication.translate(_CONTEXT, "“{missed}” is gone: sound goes to “{device}” until it is back")
            words, level = told.format(missed=device_title(missed), device=device_title(device)), Level.WARNING
        self._bar.show_notice(words, level, KIND)
        return words
